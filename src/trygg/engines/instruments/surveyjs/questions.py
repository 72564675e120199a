"""Questions of a survey as items of a pack: types, choices, what they are called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..foreign import same_value
from . import aia, carry
from .conditions import Asked, storable
from .ids import CHOICE, ITEM, hashed, named
from .notes import Report
from .texts import Texts

Row = dict[str, Any]
SINGLE = ("radiogroup", "dropdown", "imagepicker", "buttongroup")
SEVERAL = ("checkbox", "tagbox")
MATRICES = ("matrix", "matrixdropdown", "multipletext")
REPEATED = ("paneldynamic", "matrixdynamic")
PANELS = ("panel", "flowpanel")
LEFT_OUT: Mapping[str, str] = {
    "expression": "it is worked out by a formula, and formulas are not read",
    "image": "a picture is no question",
    "empty": "it asks nothing",
    "linkvalue": "it asks nothing",
    "slider": "a slider has no counterpart",
}
SIMPLE = ("boolean", "rating", "text", "comment", "file", "signaturepad", "ranking")
TYPES = frozenset((*SINGLE, *SEVERAL, *MATRICES, *REPEATED, *PANELS, *LEFT_OUT, *SIMPLE, "html"))
RULES = frozenset(
    {
        "enableIf", "requiredIf", "resetValueIf", "setValueIf", "setValueExpression", "defaultValueExpression", "choicesVisibleIf",
        "choicesEnableIf", "columnsVisibleIf", "rowsVisibleIf", "choicesByUrl", "choicesFromQuestion", "choicesFromQuestionMode",
        "validators", "triggers", "calculatedValues", "minValueExpression", "maxValueExpression", "defaultValue",
        "templateVisibleIf", "validatorsExpression",
    }
)  # fmt: skip
_READ = frozenset(
    {
        "type", "name", "title", "description", "help", "isRequired", "visibleIf", "visible", "valueName", "trygg", "choices", "hasOther",
        "showOtherItem", "otherText", "hasNone", "showNoneItem", "noneText", "showRefuseItem", "refuseText", "showDontKnowItem",
        "dontKnowText", "hasComment", "showCommentArea", "commentText", "labelTrue", "labelFalse", "valueTrue", "valueFalse",
        "rateMin", "rateMax", "rateStep", "rateCount", "rateValues", "minRateDescription", "maxRateDescription", "inputType",
        "min", "max", "rows", "columns", "items", "cellType", "isAllRowRequired", "eachRowRequired", "templateElements",
        "templateTitle", "panelCount", "minPanelCount", "maxPanelCount", "rowCount", "minRowCount", "maxRowCount", "elements",
        "questions", "html",
    }
)  # fmt: skip
_MOST_STEPS = 200
_KEY = 200


class Questions:
    """Makes items. `asked`: name in the survey -> the questions that a condition may mean by it, by scope: "" or the name
    of a repeated section."""

    def __init__(self, texts: Texts, report: Report, convention_aia: bool) -> None:
        self.texts, self.report, self.aia = texts, report, convention_aia
        self.asked: dict[tuple[str, str], list[Asked]] = {}
        self.left_out: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.names: set[str] = set()  # of every question of the survey, before any is read
        self.origins: dict[int, Row] = {}  # object of the survey, by identity -> what was read from it
        self.plain: set[str] = set()  # of those that were read
        self.ids: set[str] = set()

    # Names ------------------------------------------------------------------------------------------------------------

    def name_of(self, element: Mapping[str, Any], path: str, scope: str = "") -> str | None:
        """The name of a question; None, and a problem, when there is none. One that stands twice is a problem too, and gets
        another name, so that whatever else is wrong with the question is found as well."""
        raw = element.get("name")
        name = str(raw) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else ""
        if not name.strip():
            self.report.problem(path, "no_name", "the question has no name")
            return None
        if len(name) > _KEY - len(scope) - 10:
            self.report.problem(path, "name_too_long", f"the name has {len(name)} characters")
            return None
        full = f"{scope}[].{name}" if scope else name
        if full in self.paths:
            self.report.problem(path, "duplicate_name", f"the name '{name}' stands at {self.paths[full]} too")
            name = f"{name} ({path})"
            full = f"{scope}[].{name}" if scope else name
        self.paths[full] = path
        return name

    def id_for(self, name: str, key: str, kept: str = "") -> str:
        """The id of an item: the name where it fits and is free, otherwise made from the key. `kept`: one it had before.

        A name that is put together (a row of a table, a comment) gives way to a question that is called so.
        """
        if ITEM.match(kept) and kept not in self.ids:
            self.ids.add(kept)
            return kept
        found = named(name, ITEM)
        if found in self.ids or (found in self.names and name not in self.plain):
            found = hashed(key)
        while found in self.ids:
            found = hashed(f"{key} {found}")
        self.ids.add(found)
        return found

    def remember(self, names: Iterable[str], row: Row, scope: str = "") -> None:
        """Conditions may mean this item by these names."""
        choices = [(c["id"], c.get("value", c["id"])) for c in row.get("choices", ())]
        for name in dict.fromkeys(names):
            self.asked.setdefault((scope, name), []).append(Asked(row["id"], row["type"], choices))

    # One question -----------------------------------------------------------------------------------------------------

    def items(self, element: Mapping[str, Any], path: str, parent: Any, scope: str = "") -> Iterator[Row]:
        """The item of a question that is no matrix, and that of its comment, if it asks for one."""
        name = self.name_of(element, path, scope)
        if name is None:
            return
        value_name = element.get("valueName")
        value_name = value_name if isinstance(value_name, str) and value_name and len(value_name) <= _KEY - 20 else name
        key = f"{scope}[].{value_name}" if scope else value_name
        if not scope:
            self.plain.add(name)
        row = self.item(element, path, f"{scope}-{name}" if scope else name, key, parent)
        if row is None:
            self.left_out[name] = self.left_out[value_name] = "it is left out"
            return
        self.remember((value_name, name), row, scope)
        yield row
        yield from self._comments(element, row, path, (name, value_name), scope)

    def item(
        self,
        element: Mapping[str, Any],
        path: str,
        name: str,
        key: str,
        parent: Any,
        of: Mapping[str, str] | None = None,
    ) -> Row | None:
        """One item. `of`: what stands before its text, where it is one of several of a matrix."""
        kind = self.type_of(element)
        row: Row = {"id": ""}
        if not self._typed(row, element, kind, path, parent):
            return None
        own = element.get("title")
        text = self.texts.read(own, f"{path}.title", str(element.get("name", name)))
        if of:
            text = {language: f"{of[language]}: {text[language]}" for language in self.texts.languages}
        row["id"] = self.id_for(name, key, carry.kept_id(element))
        if key != row["id"]:
            row["key"] = key
        row = {"id": row.pop("id"), **({"key": row.pop("key")} if "key" in row else {}), **row}
        row["depth"] = "light"
        if element.get("isRequired") is True:
            row["required"] = True
        row["text"] = text
        said = [word for word in ("description", "help") if self.texts.said(element.get(word))]
        if said:  # `help` is a property that Canada's AIA adds
            read = [self.texts.read(element[word], f"{path}.{word}") for word in said]
            row["help"] = {each: "\n".join(text[each] for text in read) for each in set.intersection(*map(set, read))}
        if "choices" in row:
            row["choices"] = row.pop("choices")
        row |= {"source": "survey", "verified": "no"}
        carry.overlay(row, element)
        self.unread(element, path)
        return row

    def type_of(self, element: Mapping[str, Any]) -> str:
        kind = element.get("type", "text")
        return kind if isinstance(kind, str) else "?"

    def _typed(self, row: Row, element: Mapping[str, Any], kind: str, path: str, parent: Any) -> bool:
        """Type and choices. False when the question is left out, which was said then."""
        if kind in (*SINGLE, *SEVERAL, "ranking"):
            return self._chosen(row, element, kind, path, parent)
        if kind == "boolean":
            row["type"] = "choice"
            yes, no = element.get("valueTrue", True), element.get("valueFalse", False)
            row["choices"] = [
                self._choice("yes", yes, element.get("labelTrue"), self.texts.word("yes"), f"{path}.labelTrue"),
                self._choice("no", no, element.get("labelFalse"), self.texts.word("no"), f"{path}.labelFalse"),
            ]
        elif kind == "rating":
            self._rating(row, element, path)
        elif kind == "text":
            self._text(row, element, path)
        elif kind in ("comment", "html"):
            row["type"] = "text"
        elif kind == "file":
            row["type"] = "file"
        elif kind == "signaturepad":
            row["type"] = "sign"
            self.report.note(path, "changed", "a drawn signature becomes a statement that somebody confirms")
        else:
            return False
        return True

    def _text(self, row: Row, element: Mapping[str, Any], path: str) -> None:
        sort = element.get("inputType", "text")
        row["type"] = {"number": "number", "range": "number", "date": "date"}.get(str(sort), "text")
        if row["type"] == "text" and sort not in ("text", None):
            self.report.note(path, "changed", f"a text of the sort '{sort}' becomes a plain text")
        for word in ("min", "max"):
            if word not in element:
                continue
            bound = element[word]
            if (
                row["type"] == "number"
                and isinstance(bound, int | float)
                and not isinstance(bound, bool)
                and storable(bound)
            ):
                row[word] = bound
            else:
                self.report.note(f"{path}.{word}", "left_out", f"the bound {bound!r} is left out")

    def _rating(self, row: Row, element: Mapping[str, Any], path: str) -> None:
        raw = element.get("rateValues")
        if isinstance(raw, list) and raw:
            choices = self.choices(raw, f"{path}.rateValues", "")
            if choices:
                row |= {"type": "scale", "choices": choices}
                return
        least, step = element.get("rateMin", 1), element.get("rateStep", 1)
        count = element.get("rateCount")
        most = element.get(
            "rateMax", least + count - 1 if _whole(least) and _whole(count) and "rateMin" not in element else 5
        )
        if not (_whole(least) and _whole(most) and _whole(step)) or step < 1 or least > most:
            self.report.note(
                path, "changed", "the steps of the rating are no whole numbers that rise: it becomes 1 to 5"
            )
            least, most, step = 1, 5, 1
        if (most - least) // step >= _MOST_STEPS or not (storable(least) and storable(most)):
            self.report.note(path, "changed", f"a rating of more than {_MOST_STEPS} steps becomes a number")
            row |= {"type": "number", **{word: n for word, n in (("min", least), ("max", most)) if storable(n)}}
            return
        values = list(range(least, most + 1, step))
        row["type"] = "scale"
        row["choices"] = [
            {"id": _rate_id(n), "label": dict.fromkeys(self.texts.languages, str(n)), "value": n} for n in values
        ]
        for place, word in ((0, "minRateDescription"), (-1, "maxRateDescription")):
            if self.texts.said(element.get(word)):
                said = self.texts.read(element[word], f"{path}.{word}")
                choice = row["choices"][place]
                choice["label"] = {each: f"{choice['label'][each]} ({said[each]})" for each in self.texts.languages}

    # Choices ----------------------------------------------------------------------------------------------------------

    def _chosen(self, row: Row, element: Mapping[str, Any], kind: str, path: str, parent: Any) -> bool:
        scale = aia.scale_of(element, parent) if self.aia else ""
        raw = element.get("choices")
        choices = self.choices(raw if isinstance(raw, list) else [], f"{path}.choices", scale)
        choices += self._added(element, path, scale, {choice["id"] for choice in choices})
        if kind == "ranking":
            self.report.note(path, "changed", "the order of a ranking is left out: it becomes a choice of several")
        if not choices:
            self.report.note(path, "changed", f"a {kind} without choices of its own becomes a plain text")
            row["type"] = "text"
            return True
        row |= {
            "type": "choice" if kind in SINGLE and not element.get("multiSelect") else "choices",
            "choices": choices,
        }
        return True

    def choices(self, raw: list[Any], path: str, scale: str) -> list[Row]:
        """Choices, scalars or objects with `value` and `text`; with points on the scale where there is one."""
        found: list[Row] = []
        seen: dict[str, Any] = {}
        for number, each in enumerate(raw):
            place = f"{path}[{number}]"
            value, text = _value_and_text(each)
            if not isinstance(value, str | int | float) or value == "":
                self.report.note(
                    place, "left_out", "the choice has no value that is a text, a number or true/false: left out"
                )
                continue
            if isinstance(value, int | float) and not isinstance(value, bool) and not storable(value):
                value = str(value)
            simple = written(value)
            choice_id = named(simple, CHOICE)
            twin = next(
                (other for other, known in seen.items() if other == choice_id or same_value(known, value)), None
            )
            if twin is not None:
                if not self.aia:
                    self.report.problem(
                        place, "duplicate_choice", f"the value {value!r} stands twice among the choices"
                    )
                    continue
                self.report.note(place, "duplicate_choice", f"the value {value!r} stands twice: answers mean the first")
                choice_id = hashed(f"{simple} {json.dumps(text, sort_keys=True, default=str)} {len(found)}")
            seen[choice_id] = value
            choice = self._choice(choice_id, value, text, simple, place)
            if scale:
                choice["points"] = {scale: aia.points_of(value)}
            carry.overlay(choice, each, choice=True)
            if isinstance(each, Mapping):
                for word in sorted(each.keys() & {"visibleIf", "enableIf"}):
                    self.report.note(
                        f"{place}.{word}", "rule_left_out", f"'{word}' of a choice is left out: it is always offered"
                    )
            found.append(choice)
            self.origins[id(each)] = choice
        return found

    def _choice(self, choice_id: str, value: Any, text: Any, fallback: Mapping[str, str] | str, path: str) -> Row:
        choice: Row = {"id": choice_id, "label": self.texts.read(text, path, fallback)}
        if type(value) is not str or value != choice_id:
            choice["value"] = value if isinstance(value, str | int | float) else str(value)
        return choice

    def _added(self, element: Mapping[str, Any], path: str, scale: str, taken: set[str]) -> list[Row]:
        """Choices that SurveyJS adds: other, none, and those that refuse."""
        found = []
        for words, value, text in (
            (("showNoneItem", "hasNone"), "none", "noneText"),
            (("showRefuseItem",), "refused", "refuseText"),
            (("showDontKnowItem",), "dontknow", "dontKnowText"),
            (("showOtherItem", "hasOther"), "other", "otherText"),
        ):
            if any(element.get(word) is True for word in words) and value not in taken:
                label = self.texts.read(element.get(text), f"{path}.{text}", self.texts.word(value))
                found.append({"id": value, "label": label, **({"points": {scale: 0}} if scale else {})})
        return found

    def _comments(
        self, element: Mapping[str, Any], row: Row, path: str, names: tuple[str, str], scope: str
    ) -> Iterator[Row]:
        """The text that goes with 'other', or with the whole answer. SurveyJS keeps it under the name and `-Comment`."""
        other = any(element.get(word) is True for word in ("showOtherItem", "hasOther")) and "choices" in row
        whole = any(element.get(word) is True for word in ("showCommentArea", "hasComment"))
        if not other and not whole:
            return
        full = [f"{name}-Comment" for name in names]
        if full[0] in self.names:
            self.report.note(path, "left_out", f"the comment is left out: '{full[0]}' is the name of another question")
            return
        key = f"{scope}[].{full[1]}" if scope else full[1]
        words = self.texts.word("comment" if whole else "other")
        label = self.texts.read(element.get("commentText" if whole else "otherText"), f"{path}.commentText", words)
        comment: Row = {"id": self.id_for(f"{scope}-{full[0]}" if scope else full[0], key)}
        if key != comment["id"]:
            comment["key"] = key
        comment |= {"type": "text", "depth": "light", "text": label}
        if not whole:
            test = "includes" if row["type"] == "choices" else "is"
            comment["visible_when"] = {"item": row["id"], test: "other"}
        comment |= {"source": "survey", "verified": "no"}
        self.remember(full[::-1], comment, scope)
        yield comment

    # What is not read -------------------------------------------------------------------------------------------------

    def unread(self, element: Mapping[str, Any], path: str, read: frozenset[str] = _READ) -> None:
        """Says which properties are left out: rules one by one, what only concerns looks in one note."""
        rest = [str(word) for word in element if word not in read]
        for word in rest:
            if word in RULES:
                self.report.note(f"{path}.{word}" if path else word, "rule_left_out", f"'{word}' is left out")
        looks = [word for word in rest if word not in RULES]
        if looks:
            self.report.note(path, "left_out", f"left out: {', '.join(looks)[:500]}")


def _value_and_text(each: Any) -> tuple[Any, Any]:
    if isinstance(each, Mapping):
        return each.get("value"), each.get("text")
    if isinstance(each, str) and "|" in each:
        value, _, text = each.partition("|")
        return value, text
    return each, None


def written(value: str | int | float | bool) -> str:
    """The value as SurveyJS writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rate_id(number: int) -> str:
    return named(str(number), CHOICE)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
