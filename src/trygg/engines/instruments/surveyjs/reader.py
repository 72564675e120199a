"""A SurveyJS survey as the data of a pack, with what was kept, changed and left out.

Source of the format: SurveyJS's documentation of its JSON schema, read 2026-11-22; docs/instruments-surveyjs.md says what is
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from . import aia, carry
from .conditions import Asked, Translator, Tree, every
from .ids import PACK, SECTION, hashed, pack_id
from .notes import Note, Report, SurveyErrors
from .questions import LEFT_OUT, PANELS, REPEATED, TYPES, Questions, Row
from .tables import Tables
from .texts import Texts

MAX_PANELS = 15
_SURVEY = frozenset({"title", "description", "locale", "pages", "elements", "questions", "trygg"})
_HOLDER = frozenset({"type", "name", "title", "description", "visibleIf", "visible", "elements", "questions", "trygg"})


@dataclass(frozen=True, slots=True)
class Options:
    """What a pack must say and a survey does not. `convention`: aia, trygg, or auto: as the names of questions tell."""

    id: str = ""
    version: str = ""
    date: str = "1970-01-01"
    licence: str = "not stated"
    convention: str = "auto"
    file: str = "survey.json"


@dataclass(frozen=True, slots=True)
class Reading:
    """`data`: the pack. `origins`: for each object of the survey, by identity, what it became. `carried`: parts of the pack
    travelled beside the survey (see `carry`); nobody has looked at them, so `packs.check` must."""

    data: dict[str, Any]
    notes: tuple[Note, ...]
    origins: Mapping[int, Row] = field(default_factory=dict)
    carried: bool = False


def read_survey(survey: Any, options: Options | None = None) -> Reading:
    """The survey as a pack. Raises SurveyErrors with everything that is wrong with it; never anything else for JSON data."""
    try:
        return _Reader(survey, options or Options()).read()
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        if isinstance(error, SurveyErrors) or not carry.stands_in(survey):
            raise
        reason = f"what stands under 'trygg' is not what was written there: {error}"[:300]
        raise SurveyErrors([Note("", "not_as_written", reason)]) from error


Conditions = tuple[tuple[Any, str], ...]  # text, path
Pending = tuple[
    Row, Conditions, str, Mapping[str, Any]
]  # what it is of, conditions, scope, the object it was read from


class _Reader:
    def __init__(self, survey: Any, options: Options) -> None:
        self.report = Report()
        if not isinstance(survey, Mapping):
            raise SurveyErrors([Note("", "not_a_survey", "a survey is an object with pages")])
        self.survey, self.options = survey, options
        self.pack = carry.pack_of(survey)
        self.texts = Texts(survey, self.report, carry.languages_of(self.pack))
        self.aia = self._convention() == "aia"
        self.questions = Questions(self.texts, self.report, self.aia)
        self.tables = Tables(self.questions)
        self.pending: list[Pending] = []
        self.sections: list[Row] = []
        self.section_ids: set[str] = set()
        self.origins = self.questions.origins

    def _convention(self) -> str:
        """As the options say, or the pack that the survey was made from, or the names of the questions."""
        if self.options.convention != "auto":
            return self.options.convention
        if self.pack is not None:
            return str(self.pack.get("convention", "trygg"))
        return "aia" if aia.looks_like_aia(self.survey) else "trygg"

    def read(self) -> Reading:
        pages = list(self._pages())
        self.questions.names = set(_names(self.survey))
        for path, page in pages:
            self._page(page, path)
        if not self.sections and not self.report.problems:
            self.report.problem("", "no_questions", "the survey has no question that can be asked")
        self.questions.unread(self.survey, "", _SURVEY | {"clearInvisibleValues"} if self.pack else _SURVEY)
        for word in ("calculatedValues",):
            for each in _objects(self.survey.get(word)):
                self.questions.left_out[str(each.get("name"))] = "calculated values are left out"
        translator = Translator(self._find, self.aia, self.report)
        for row, conditions, scope, source in self.pending:
            self._condition(translator, row, conditions, scope, source)
        self._circles()
        self.report.settle()
        data = self._data()
        return Reading(data, tuple(dict.fromkeys(self.report.notes)), self.origins, carry.stands_in(self.survey))

    # Pages, panels ----------------------------------------------------------------------------------------------------

    def _pages(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        pages = self.survey.get("pages")
        if isinstance(pages, list):
            for number, page in enumerate(pages):
                path = f"pages[{number}]"
                if isinstance(page, Mapping):
                    yield path, page
                else:
                    self.report.problem(path, "wrong_type", "a page is an object")
        elif pages is not None:
            self.report.problem("pages", "wrong_type", "'pages' is a list")
        word = next((word for word in ("elements", "questions") if word in self.survey), None)
        if word is not None:
            yield "", {"name": "page1", word: self.survey[word], "title": self.survey.get("title")}
        elif pages is None:
            self.report.problem("", "not_a_survey", "a survey has 'pages' or 'elements'")

    def _page(self, page: Mapping[str, Any], path: str) -> None:
        title = self.texts.read(page.get("title"), f"{path}.title", _name(page) or self._title())
        section: Row = {"id": "", "title": title}
        conditions = self._conditions(page, path, ())
        before = len(self.sections)
        self._fill(section, page, path, conditions, 0, "")
        if section["items"]:
            self._place(section, page, self.section_ids)
            self.sections.insert(before, self._tidy(section))
            self.pending.append((section, conditions, "", page))
            self.origins[id(page)] = section
        elif len(self.sections) == before and not self.report.problems:
            self.report.note(path, "left_out", "the page has no question: left out with its texts")
        elif section.get("intro") and len(self.sections) > before:
            self.sections[before].setdefault("intro", section["intro"])
        self.questions.unread(page, path, _HOLDER)

    def _title(self) -> dict[str, str]:
        return self.texts.read(self.survey.get("title"), "title", _name(self.survey) or self.options.file, quiet=True)

    def _fill(
        self, section: Row, holder: Mapping[str, Any], path: str, conditions: Conditions, depth: int, scope: str
    ) -> None:
        """Intro and items of a page or a panel. Repeated panels become sections of their own, behind the page."""
        if self.texts.said(holder.get("description")):
            section["intro"] = self.texts.read(holder["description"], f"{path}.description")
        section["items"] = []
        word = next((word for word in ("elements", "questions", "templateElements") if word in holder), "elements")
        elements = holder.get(word, [])
        if not isinstance(elements, list):
            self.report.problem(f"{path}.{word}" if path else word, "wrong_type", f"'{word}' is a list")
            return
        for number, element in enumerate(elements):
            place = f"{path}.{word}[{number}]" if path else f"{word}[{number}]"
            if isinstance(element, Mapping):
                self._element(section, element, place, holder, conditions, depth, scope)
            else:
                self.report.problem(place, "wrong_type", "a question is an object")

    def _element(
        self, section: Row, element: Mapping[str, Any], path: str, holder: Mapping[str, Any], above: Conditions, depth: int,
        scope: str,
    ) -> None:  # fmt: skip
        kind = self.questions.type_of(element)
        if kind not in TYPES:
            self.questions.name_of(element, path, scope)
            self.report.problem(
                f"{path}.type", "unknown_type", f"'{element.get('type')}' is no type of question that is known here"
            )
        elif kind == "html":
            self._intro(section, element, path)
        elif kind in LEFT_OUT:
            self.questions.left_out[_name(element)] = LEFT_OUT[kind]
            self.report.note(path, "left_out", f"'{_name(element)}' ({kind}) is left out: {LEFT_OUT[kind]}")
        elif kind in PANELS:
            self._panel(section, element, path, above, depth, scope)
        elif kind in REPEATED:
            self._repeated(element, path, above, depth, scope)
        else:
            own = self._conditions(element, path, ())
            if kind in self.tables.types:
                rows = list(self.tables.read(element, path, scope))
            else:
                rows = list(self.questions.items(element, path, _name(holder), scope))
            for row in rows:
                if "items" in row:
                    self._place(row, element, self.section_ids)
                section["items"].append(row)
                if "visible_when" not in row:
                    self.pending.append((row, own, scope, element))
            if rows:
                self.origins[id(element)] = rows[0]

    def _intro(self, section: Row, element: Mapping[str, Any], path: str) -> None:
        name = _name(element)
        if name:
            self.questions.left_out[name] = "it is a text, no question"
        if not self.texts.said(element.get("html")):
            return
        said = self.texts.read(element["html"], f"{path}.html", quiet=True)
        old = section.get("intro") or {}
        section["intro"] = {each: "\n".join(filter(None, (old.get(each), said[each]))) for each in self.texts.languages}
        conditional = " It is always shown." if "visibleIf" in element else ""
        self.report.note(
            path, "changed", f"the text '{name}' stands at the beginning of its section, without markup.{conditional}"
        )

    def _panel(
        self, section: Row, panel: Mapping[str, Any], path: str, above: Conditions, depth: int, scope: str
    ) -> None:
        if depth >= MAX_PANELS:
            self.report.problem(path, "too_deep", f"panels stand more than {MAX_PANELS} deep in one another")
            return
        inner: Row = {"id": "", "title": self.texts.read(panel.get("title"), f"{path}.title", section["title"])}
        conditions = self._conditions(panel, path, ())
        self._fill(inner, panel, path, (*above, *conditions), depth + 1, scope)
        self.questions.unread(panel, path, _HOLDER)
        if inner["items"]:
            self._place(inner, panel, self.section_ids)
            section["items"].append(self._tidy(inner))
            self.pending.append((inner, conditions, scope, panel))
            self.origins[id(panel)] = inner
        elif inner.get("intro"):
            old = section.get("intro") or {}
            section["intro"] = {
                each: "\n".join(filter(None, (old.get(each), inner["intro"][each]))) for each in self.texts.languages
            }
            self.report.note(
                path, "changed", "the panel has no question: its text stands at the beginning of the section"
            )

    def _repeated(self, element: Mapping[str, Any], path: str, above: Conditions, depth: int, scope: str) -> None:
        if scope:
            self.questions.left_out[_name(element)] = "it is repeated inside what is repeated"
            self.report.note(
                path, "left_out", f"'{_name(element)}' is left out: it is repeated inside what is repeated"
            )
            return
        name = self.questions.name_of(element, path)
        if name is None:
            return
        self.questions.left_out[name] = "what is repeated is asked once for each entry"
        of = self.texts.read(element.get("templateTitle"), f"{path}.templateTitle", self.texts.word("entry"))
        title = self.texts.read(element.get("title"), f"{path}.title", name)
        section: Row = {"id": "", "title": title, "repeat": _repeat(element, of)}
        conditions = (*above, *self._conditions(element, path, ()))
        holder = element
        if element.get("type") == "matrixdynamic":
            holder = {**element, "templateElements": self.tables.columns(element, path)}
        self._fill(section, holder, path, conditions, depth, name)
        self.questions.unread(element, path)
        if not section["items"]:
            self.report.note(path, "left_out", "nothing is asked of an entry: left out")
            return
        self._place(section, element, self.section_ids)
        self.sections.append(self._tidy(section))
        self.pending.append((section, conditions, "", element))
        self.origins[id(element)] = section
        if element.get("trygg") is None:
            self.report.note(
                path, "changed", f"'{name}' becomes a section of its own behind its page, answered once for each entry"
            )

    def _place(self, section: Row, holder: Mapping[str, Any], taken: set[str]) -> None:
        """Its id: the name where it fits and is free; otherwise made from the name and the questions inside."""
        name = _name(holder)
        inside = " ".join(row["id"] for row in section["items"])
        found = name if SECTION.match(name) and name not in taken else hashed(f"{name or 'section'} {inside}")
        while found in taken:
            found = hashed(f"{found} {inside}")
        section["id"] = found
        carry.overlay(section, holder)
        taken.add(section["id"])

    def _tidy(self, section: Row) -> Row:
        order = ("id", "title", "intro", "visible_when", "repeat", "items")
        tidy = {word: section[word] for word in order if word in section}
        section.clear()
        section.update(tidy)
        return section

    # Conditions -------------------------------------------------------------------------------------------------------

    def _conditions(self, element: Mapping[str, Any], path: str, above: Conditions) -> Conditions:
        if element.get("visibleIf") not in (None, ""):
            return (*above, (element["visibleIf"], f"{path}.visibleIf"))
        if element.get("visible") is False:
            self.report.note(
                f"{path}.visible", "never_asked", "it is never shown (visible: false): kept, and never asked"
            )
            return (*above, (False, path))
        return above

    def _condition(
        self, translator: Translator, row: Row, conditions: Conditions, scope: str, source: Mapping[str, Any]
    ) -> None:
        parts: list[Tree] = []
        kept = carry.condition_of(source)
        if kept is not None and _items_of(kept) <= self.questions.ids:
            parts.append(kept)
        else:
            kept = None
        for text, path in conditions:
            if kept is not None and text == source.get("visibleIf"):
                continue
            tree = {"always": False} if text is False else translator.read(text, path, scope)
            if tree is not None:
                parts.append(tree)
        condition = parts[0] if len(parts) == 1 else every(parts)
        if kept is not None or condition != {"always": True}:
            row["visible_when"] = condition
            if "items" in row:
                row["items"] = row.pop("items")  # last, as it is read

    def _find(self, name: str, path: str, scope: str) -> Sequence[Asked] | None:
        """The questions that a name in a condition means."""
        asked = self.questions.asked
        first, _, rest = name.partition(".")
        if scope and first.lower() in ("panel", "row") and rest:
            found = _look_up(asked, scope, rest)
            if found is None:
                self.report.problem(path, "unknown_question", f"there is no question '{rest}' in '{scope}'")
            return found
        found = _look_up(asked, "", name)
        if found is not None:
            return found
        why = self.questions.left_out.get(name) or self.questions.left_out.get(name.partition("[")[0].partition(".")[0])
        if why:
            self.report.problem(path, "depends_on_left_out", f"it depends on '{name}', and {why}")
        else:
            self.report.problem(path, "unknown_question", f"there is no question '{name}'")
        return None

    def _circles(self) -> None:
        """Questions that decide about each other."""
        waits: dict[str, set[str]] = {}
        place: dict[str, str] = {}

        def below(row: Row, above: set[str]) -> None:
            needed = above | _items_of(row.get("visible_when"))
            for each in row.get("items", ()):
                below(each, needed)
            if "items" not in row:
                waits[row["id"]] = needed
                place[row["id"]] = str(row.get("key", row["id"]))

        for section in self.sections:
            below(section, set())
        try:
            TopologicalSorter({name: needed & waits.keys() for name, needed in waits.items()}).prepare()
        except CycleError as error:
            circle = [place[name] for name in error.args[1]]
            where = self.questions.paths.get(circle[0], "")
            self.report.problem(
                where, "circle", f"questions decide about each other in a circle: {' -> '.join(circle)}"
            )

    # The pack ---------------------------------------------------------------------------------------------------------

    def _data(self) -> dict[str, Any]:
        title = self._title()
        summary = self.texts.read(self.survey.get("description"), "description", title)
        options = self.options
        data: dict[str, Any] = {
            "kind": "instrument",
            "id": options.id if PACK.match(options.id) else pack_id(options.file.rpartition(".")[0] or options.file),
            "version": options.version or "1.0.0",
            "date": options.date,
            "licence": options.licence,
            "languages": list(self.texts.languages),
            "purpose": "aia" if self.aia else "other",
            "convention": "aia" if self.aia else "trygg",
            "title": title,
            "summary": summary,
            "sources": {"survey": {"title": options.file, "checked": options.date, "verified": "no"}},
            **({"scales": aia.scales(self.texts)} if self.aia else {}),
            "sections": self.sections,
        }
        self.origins[id(self.survey)] = data
        if self.pack is None:
            data["tests"] = [carry.first_test(data)]
            return data
        return carry.restored(self.survey, data, options, self.report)


def _look_up(asked: Mapping[tuple[str, str], list[Asked]], scope: str, name: str) -> list[Asked] | None:
    found = asked.get((scope, name))
    if found is None:
        folded = name.lower()
        found = next(
            (each for (where, other), each in asked.items() if where == scope and other.lower() == folded), None
        )
    return found


def _items_of(tree: Any) -> set[str]:
    if isinstance(tree, Mapping):
        own = {tree["item"]} if isinstance(tree.get("item"), str) else set()
        return own.union(*map(_items_of, tree.values()))
    if isinstance(tree, list):
        return set().union(*map(_items_of, tree))
    return set()


def _names(data: Any) -> Iterator[str]:
    """Names of all questions that stand outside what is repeated."""
    for word in ("pages", "elements", "questions"):
        for each in _objects(data.get(word)):
            if isinstance(each.get("name"), str):
                yield each["name"]
            if each.get("type") not in REPEATED:
                yield from _names(each)


def _objects(raw: Any) -> list[Mapping[str, Any]]:
    return [each for each in raw if isinstance(each, Mapping)] if isinstance(raw, list) else []


def _name(element: Mapping[str, Any]) -> str:
    raw = element.get("name")
    return raw.strip() if isinstance(raw, str) else ""


def _repeat(element: Mapping[str, Any], of: Mapping[str, str]) -> Row:
    """How often: between 1 and 50 times."""
    found: Row = {"of": dict(of)}
    word = "Panel" if element.get("type") == "paneldynamic" else "Row"
    least, most = element.get(f"min{word}Count"), element.get(f"max{word}Count")
    if isinstance(least, int) and not isinstance(least, bool) and 1 < least <= 50:
        found["min"] = least
    if isinstance(most, int) and not isinstance(most, bool) and found.get("min", 1) <= most <= 50:
        found["max"] = max(most, 1)
    elif found.get("min", 1) > 20:
        found["max"] = 50
    return found
