"""A pack as a SurveyJS survey. Reading it again gives the same pack; see `carry` for how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..foreign import same_value
from ..load import LANGUAGES, item_rows, load_instrument
from . import carry
from .notes import Note, Report
from .reader import Options, Reading, read_survey
from .wording import TooLong, Wording

Row = dict[str, Any]
_TYPES: Mapping[str, Row] = {
    "choice": {"type": "radiogroup"},
    "choices": {"type": "checkbox"},
    "scale": {"type": "rating"},
    "number": {"type": "text", "inputType": "number"},
    "date": {"type": "text", "inputType": "date"},
    "text": {"type": "comment"},
    "party": {"type": "text"},
    "file": {"type": "file"},
    "sign": {"type": "signaturepad"},
    "rights_matrix": {"type": "checkbox"},
}
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Writing:
    """`survey`: JSON data. `notes`: what other programs will not see, or see in another way."""

    survey: dict[str, Any]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Made:
    """An object of the survey, and what of the pack it was made from."""

    element: Row
    native: Mapping[str, Any]
    choice: bool = False
    condition: Row | None = field(default=None)


def write_survey(data: Mapping[str, Any]) -> Writing:
    """The pack (data that `packs.check` has passed) as a survey. Raises what `load_instrument` raises for other data."""
    load_instrument(data)
    return _Writer(data).write()


class _Writer:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.languages = tuple(data.get("languages") or LANGUAGES)
        self.report = Report()
        self.made: list[_Made] = []
        self.items: dict[str, Mapping[str, Any]] = {}
        self.scopes: dict[str, str] = {}  # item -> repeated section
        shown: dict[str, Any] = {}
        for section in data["sections"]:
            for _, row, above in item_rows(section, ""):
                self.items[row["id"]] = row
                self.scopes[row["id"]] = section["id"] if section.get("repeat") else ""
                holders = [section, *(holder for _, holder in above), row]
                conditions = [holder["visible_when"] for holder in holders if "visible_when" in holder]
                if conditions:
                    shown[row["id"]] = conditions[0] if len(conditions) == 1 else {"all": conditions}
        self.values = {name: _values(row) for name, row in self.items.items()}
        self.names = self._names()
        self.wording = Wording(self._name_in, self._value_of, shown)

    def write(self) -> Writing:
        survey: Row = {"title": self._text(self.data["title"]), "description": self._text(self.data["summary"])}
        if self.languages[0] != "en":
            survey["locale"] = self.languages[0]
        # Answers to what is hidden decide nothing, as here.
        survey["clearInvisibleValues"] = "onHidden"
        survey["pages"] = [self._page(section) for section in self.data["sections"]]
        reading = self._read_again(survey)
        for made in self.made:
            # Nothing is put beside what says all of it.
            read = reading.origins.get(id(made.element), {})
            trygg = carry.carried(made.element, made.native, read, made.choice)
            if made.condition is not None:
                trygg["visible_when"] = made.condition
            if trygg:
                made.element["trygg"] = trygg
        survey["trygg"] = carry.head_beside(survey, self.data, reading.data)
        return Writing(survey, tuple(self.report.notes))

    def _read_again(self, survey: Row) -> Reading:
        """What a reader makes of the standard properties alone, conditions aside."""
        survey["trygg"] = {
            "pack": {"languages": list(self.languages), "convention": self.data.get("convention", "trygg")}
        }
        conditions = [
            (made.element, made.element.pop("visibleIf")) for made in self.made if "visibleIf" in made.element
        ]
        reading = read_survey(survey, Options())
        for element, condition in conditions:
            element["visibleIf"] = condition
        return reading

    # Names ------------------------------------------------------------------------------------------------------------

    def _names(self) -> dict[str, Row]:
        """`name`, and `valueName` where several questions share an answer."""
        wished = {name: self._wish(name, row) for name, row in self.items.items()}
        places = {name: (self.scopes[name], wish) for name, wish in wished.items()}
        counted = Counter(places.values())
        ids = {(self.scopes[name], name) for name in self.items}
        found: dict[str, Row] = {}
        for name, wish in wished.items():
            free = counted[places[name]] == 1 and (wish == name or (self.scopes[name], wish) not in ids)
            if free:
                found[name] = {"name": wish}
            else:
                found[name] = (
                    {"name": name} if wish == name or len(wish) > _LONGEST_NAME else {"name": name, "valueName": wish}
                )
        return found

    def _wish(self, name: str, row: Mapping[str, Any]) -> str:
        key = str(row.get("key", name))
        inside = f"{self.scopes[name]}[]."
        if self.scopes[name] and key.startswith(inside) and len(key) > len(inside):
            key = key[len(inside) :]
        return key if key.strip() and len(key) <= _LONGEST_NAME and not set(key) & set("{}") else name

    def _name_in(self, item: str, scope: str) -> str:
        names = self.names[item]
        name = str(names.get("valueName", names["name"]))
        return f"panel.{name}" if scope and self.scopes.get(item) == scope else name

    def _value_of(self, item: str, operand: Any) -> Any:
        return self.values[item].get(operand, operand) if isinstance(operand, str) else operand

    # Pages and questions ----------------------------------------------------------------------------------------------

    def _text(self, text: Mapping[str, str]) -> Any:
        return text[self.languages[0]] if set(text) == {self.languages[0]} else dict(text)

    def _page(self, section: Mapping[str, Any]) -> Row:
        page: Row = {"name": section["id"]}
        if not section.get("repeat"):
            self._holder(page, section, "")
            return page
        taken = {names["name"] for names in self.names.values()} | {row["id"] for row in self.data["sections"]} - {
            section["id"]
        }
        name = section["id"]
        while name in taken:
            name += "-section"
        repeat = section["repeat"]
        dynamic: Row = {"type": "paneldynamic", "name": name}
        self._holder(dynamic, section, section["id"], "templateElements")
        dynamic |= {
            "templateTitle": self._text(repeat["of"]),
            "minPanelCount": repeat.get("min", 1),
            "maxPanelCount": repeat.get("max", 20),
        }
        page["elements"] = [dynamic]
        return page

    def _holder(self, holder: Row, section: Mapping[str, Any], scope: str, word: str = "elements") -> None:
        holder["title"] = self._text(section["title"])
        if "intro" in section:
            holder["description"] = self._text(section["intro"])
        condition = self._condition(holder, section, scope if word == "elements" else "")
        holder[word] = [
            self._panel(row, scope) if "items" in row else self._question(row, scope) for row in section["items"]
        ]
        self.made.append(_Made(holder, section, condition=condition))

    def _panel(self, section: Mapping[str, Any], scope: str) -> Row:
        panel: Row = {"type": "panel", "name": section["id"]}
        self._holder(panel, section, scope)
        return panel

    def _condition(self, element: Row, native: Mapping[str, Any], scope: str) -> Row | None:
        if "visible_when" not in native:
            return None
        tree = native["visible_when"]
        try:
            said = self.wording.say(tree, scope)
        except TooLong:
            said = "1 = 1"
            self.report.note(
                str(native["id"]), "condition", "the condition is too long to be said in SurveyJS: always shown there"
            )
        element["visibleIf"] = said
        return carry.condition_beside(said, tree)

    def _question(self, row: Mapping[str, Any], scope: str) -> Row:
        kind = row["type"]
        element: Row = {**_TYPES[kind], **self.names[row["id"]], "title": self._text(row["text"])}
        if "help" in row:
            element["description"] = self._text(row["help"])
        if row.get("required"):
            element["isRequired"] = True
        for word in ("min", "max"):
            if word in row:
                element[word] = row[word]
        if kind == "rights_matrix":
            element["choices"] = list(self._marks(row["matrix"]))
            self.report.note(
                row["id"], "changed", "a matrix of rights is shown as a list of everything that can be marked in it"
            )
        elif kind in ("choice", "choices", "scale"):
            element["rateValues" if kind == "scale" else "choices"] = [
                self._choice(row, each) for each in row["choices"]
            ]
        if kind == "sign":
            self.report.note(row["id"], "changed", "a statement to be confirmed is shown as a place to sign")
        if row.get("evidence", "none") == "required":
            self.report.note(row["id"], "not_seen", "other programs do not ask for the evidence that is required")
        condition = self._condition(element, row, scope)
        self.made.append(_Made(element, row, condition=condition))
        return element

    def _choice(self, row: Mapping[str, Any], choice: Mapping[str, Any]) -> Row:
        found = {"value": self.values[row["id"]][choice["id"]], "text": self._text(choice["label"])}
        self.made.append(_Made(found, choice, choice=True))
        return found

    def _marks(self, matrix: Mapping[str, Any]) -> Iterator[Row]:
        for right in matrix["rights"]:
            for group in matrix["groups"]:
                for dimension in matrix["dimensions"]:
                    for level in dimension["levels"]:
                        parts = (right["label"], group["label"], dimension["label"], level["label"])
                        text = {each: " – ".join(part[each] for part in parts) for each in self.languages}
                        yield {
                            "value": f"{right['id']}/{group['id']}/{dimension['id']}={level['id']}",
                            "text": self._text(text),
                        }


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Choice -> what stands for it in answers. The ids themselves where two choices would mean the same."""
    values = [(choice["id"], choice.get("value", choice["id"])) for choice in row.get("choices", ())]
    for number, (_, value) in enumerate(values):
        if value == "" or any(same_value(value, other) for _, other in values[:number]):
            return {name: name for name, _ in values}
    return dict(values)
