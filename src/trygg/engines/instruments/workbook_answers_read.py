"""From an Excel workbook back to answers, with everything that is wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..conditions import NOT_APPLICABLE, ONE_CHOICE, UNKNOWN, FactValue, ValueType, Withheld
from .answers import answer_problems
from .model import REPEATED, Choice, Instrument, Item
from .workbook import Cell, Sheet, WorkbookProblem, from_cell, named, read_sheets, shown, written
from .workbook_words import HEADINGS, NO, SHEETS, STATES, YES, label_of

NEEDED = ("answer", "state", "reason", "id", "part")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in. Several choices stand in the order of the choices."""

    answers: dict[str, FactValue] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def answers_from_workbook(raw: bytes, instrument: Instrument) -> tuple[Filled, list[WorkbookProblem]]:
    """(answers and notes, everything that is wrong). Nothing is taken over when something is. Never raises for any bytes.

    `instrument` with the entries that the workbook was made with. Rows may stand in any order, some may be missing; what
    stands in them is found by the headings and by the ids in them.
    """
    sheets, problems = read_sheets(raw, skip=tuple(SHEETS["lists"].values()))
    if not sheets:
        return Filled(), problems
    found = named(sheets, {what: tuple(words.values()) for what, words in SHEETS.items()}, problems)
    there = ", ".join(sheet.name for sheet in sheets)
    for what in ("answers", "about"):
        if what not in found:
            problems.append(WorkbookProblem(SHEETS[what]["en"], "", "no_sheet", {"there": there}))
    language = _about(found["about"], instrument, problems) if "about" in found else ""
    filled = _Form(instrument, language, found["answers"], problems).filled() if "answers" in found else Filled()
    return (Filled(), problems) if problems else (filled, [])


def entries_in(raw: bytes, instrument: Instrument) -> dict[str, list[tuple[str, str]]]:
    """The entries of repeated sections that a workbook has rows for, for `expand`; no more than a section may have."""
    sheets, _ = read_sheets(raw, skip=tuple(SHEETS["lists"].values()))
    heading = HEADINGS["id"]["en"]
    return entries_of(instrument, [_text(row.get(heading)).strip() for sheet in sheets for _, row in sheet.rows])


def entries_of(instrument: Instrument, ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The entries that ids of questions speak of (`goal@2`), in their order, by section; no more than it may have."""
    repeats = {item.id: section for section in instrument.sections if section.repeat for item in section.items}
    found: dict[str, list[tuple[str, str]]] = {}
    for name in dict.fromkeys(ids):
        base, _, entry = name.partition(REPEATED)
        section = repeats.get(base)
        if section is None or section.repeat is None or not entry.isalnum():
            continue
        entries = found.setdefault(section.id, [])
        if (entry, "") not in entries and len(entries) < section.repeat.maximum:
            entries.append((entry, ""))
    return found


def _about(sheet: Sheet, instrument: Instrument, problems: list[WorkbookProblem]) -> str:
    """Whether the answers are to this version of this instrument; returns the language that they are in."""
    rows = {str(row["what"].value): row["value"] for _, row in sheet.rows if {"what", "value"} <= row.keys()}
    for what, wanted in (("instrument", instrument.id), ("version", instrument.version)):
        cell = rows.get(what)
        value = written(cell.value) if cell else "nothing"
        if value != wanted:
            params = {"value": f"{what} {value}", "wanted": f"{what} {wanted}"}
            problems.append(WorkbookProblem(sheet.name, cell.place if cell else "", "other_instrument", params))
    return str(rows["language"].value) if "language" in rows else ""


@dataclass(slots=True)
class _Given:
    """What the rows of one question say."""

    cells: dict[str, Cell] = field(default_factory=dict)  # by part, "" where there are none
    note: Cell | None = None
    state: Cell | None = None
    reason: Cell | None = None


class _Form:
    def __init__(self, instrument: Instrument, language: str, sheet: Sheet, problems: list[WorkbookProblem]) -> None:
        self.instrument, self.sheet, self.problems = instrument, sheet, problems
        self.languages = tuple(dict.fromkeys((*((language,) if language else ()), *instrument.languages)))
        self.names = {word: what for what, words in HEADINGS.items() for word in words.values()}

    def wrong(self, place: str, code: str, **params: Any) -> None:
        self.problems.append(WorkbookProblem(self.sheet.name, place, code, params))

    def filled(self) -> Filled:
        there = {what for heading in self.sheet.headings if (what := self.what(heading)) is not None}
        for what in NEEDED:
            if what not in there:
                self.wrong("", "no_heading", value=HEADINGS[what]["en"])
        if not {"id", "answer"} <= there:
            return Filled()
        filled = Filled()
        for name, given in self.given().items():
            item = self.instrument.items[name]
            if given.note is not None:
                filled.notes[name] = _text(given.note)
            value = self.state(item, given) if given.state or given.reason else self.answer(item, given)
            if value is not None:
                filled.answers[name] = value
        return filled

    def what(self, heading: str) -> str | None:
        """What a column is; None for one that nothing is read from (a note of somebody's own)."""
        return self.names.get(heading.partition(" [")[0].strip().casefold())

    def given(self) -> dict[str, _Given]:
        found: dict[str, _Given] = {}
        for number, cells in self.sheet.rows:
            row = {what: cell for heading, cell in cells.items() if (what := self.what(heading)) is not None}
            if "id" not in row:
                if row.keys() & {"answer", "note", "state", "reason"}:
                    self.wrong(f"A{number}", "missing", value="id")
                continue
            name = _text(row["id"]).strip()
            item = self.instrument.items.get(name)
            if item is None:
                self.wrong(row["id"].place, "unknown_item", value=name[:80])
                continue
            given = found.setdefault(name, _Given())
            for what in ("note", "state", "reason"):
                if what in row and getattr(given, what) is None:
                    setattr(given, what, row[what])
                elif what in row:
                    self.wrong(row[what].place, "duplicate", value=f"{what} of {name}")
            by_parts = item.type is ValueType.CHOICES or item.matrix is not None
            part = _text(row["part"]).strip() if by_parts and "part" in row else ""
            if part in given.cells:
                self.wrong(row["id"].place, "duplicate", value=f"{name} {part}".strip())
            elif "answer" in row:
                given.cells[part] = row["answer"]
        return found

    # States

    def state(self, item: Item, given: _Given) -> FactValue | None:
        if given.cells and given.state:
            self.wrong(given.state.place, "state_and_answer", item=item.id)
            return None
        words = {word.casefold(): name for name, each in STATES.items() for word in (name, *each.values())}
        name = words.get(_text(given.state).strip().casefold()) if given.state else None
        if given.state and name is None:
            known = ", ".join(each["en"] for each in STATES.values())
            self.wrong(given.state.place, "unknown_state", value=_text(given.state)[:60], known=known)
            return None
        reason = _text(given.reason) if given.reason else ""
        if name == "withheld":
            if not reason.strip() and given.state:
                self.wrong(given.state.place, "no_reason", item=item.id)
            return Withheld(reason)
        if given.reason:
            self.wrong(given.reason.place, "reason_alone", item=item.id)
        return UNKNOWN if name == "unknown" else NOT_APPLICABLE if name == "not_applicable" else None

    # Answers

    def answer(self, item: Item, given: _Given) -> FactValue | None:
        if not given.cells:
            return None
        if item.matrix is not None:
            return self.marks(item, given)
        if item.type is ValueType.CHOICES:
            return self.several(item, given)
        (cell,) = given.cells.values()
        if item.type in ONE_CHOICE:
            return self.choice(item.choices, cell, item.id)
        value = self.value(item, cell)
        for problem in answer_problems(item, value):
            about = str(problem.code).replace("_", " ")
            limit = f" ({problem.params['limit']})" if "limit" in problem.params else ""
            self.wrong(cell.place, "not_an_answer", value=shown(value), item=item.id, wanted=f"{about}{limit}")
        return value

    def value(self, item: Item, cell: Cell) -> Any:
        try:
            value = from_cell(cell.value)
        except ValueError as error:
            self.wrong(cell.place, "not_json", value=shown(cell.value), detail=str(error)[:120])
            return None
        if item.type is ValueType.NUMBER and isinstance(value, str) and _NUMBER.match(value.strip()):
            text = value.strip().replace(",", ".")
            return float(text) if "." in text else int(text)
        if item.type is ValueType.SIGN:
            return True if self.yes(cell) else value
        if item.type is not ValueType.NUMBER and isinstance(value, int | float) and not isinstance(value, bool):
            return written(value)
        return value

    def yes(self, cell: Cell) -> bool | None:
        """Whether the line is marked; None for a word that is neither yes nor no."""
        if isinstance(cell.value, bool):
            return cell.value
        word = _text(cell).strip().casefold()
        if word in (*YES.values(), "x", "true"):
            return True
        return False if word in (*NO.values(), "false", "") else None

    def several(self, item: Item, given: _Given) -> FactValue | None:
        chosen = set()
        for part, cell in given.cells.items():
            marked = self.yes(cell)
            if marked is None:
                self.wrong(cell.place, "not_an_answer", value=shown(cell.value), item=item.id, wanted="yes or no")
            elif item.choice(part) is None:
                self.wrong(cell.place, "not_a_choice", value=part[:80], item=item.id)
            elif marked:
                chosen.add(part)
        return tuple(choice.id for choice in item.choices if choice.id in chosen) or None

    def marks(self, item: Item, given: _Given) -> FactValue | None:
        found = []
        dimensions = {each.id: each.levels for each in (item.matrix.dimensions if item.matrix else ())}
        known = set(item.choice_ids)
        for part, cell in given.cells.items():
            levels = dimensions.get(part.rpartition("/")[2], ())
            level = self.choice(levels, cell, item.id)
            if level is not None and f"{part}={level}" in known:
                found.append(f"{part}={level}")
            elif level is not None:
                self.wrong(cell.place, "not_a_choice", value=part[:80], item=item.id)
        order = {mark: number for number, mark in enumerate(item.choice_ids)}
        return tuple(sorted(found, key=order.__getitem__)) or None

    def choice(self, choices: Sequence[Choice], cell: Cell, item: str) -> str | None:
        """The choice that a cell names: in the workbook's language, in another, or by its id."""
        text = _text(cell)
        ways: list[Mapping[str, list[str]]] = []
        for language in self.languages:
            words: dict[str, list[str]] = {}
            for choice in choices:
                for word in dict.fromkeys((label_of(choice, choices, language), choice.label.get(language, ""))):
                    words.setdefault(word, []).append(choice.id)
            ways.append(words)
        ways.append({choice.id: [choice.id] for choice in choices})
        for loose in (False, True):
            wanted = text.strip().casefold() if loose else text
            for way in ways:
                found = {
                    one
                    for word, ids in way.items()
                    if (word.strip().casefold() if loose else word) == wanted
                    for one in ids
                }
                if len(found) > 1:
                    self.wrong(cell.place, "which_choice", value=text[:60], item=item, known=", ".join(sorted(found)))
                    return None
                if found:
                    return found.pop()
        self.wrong(cell.place, "not_a_choice", value=text[:60], item=item)
        return None


def _text(cell: Cell | None) -> str:
    """What stands in a cell, as text."""
    if cell is None:
        return ""
    try:
        value = from_cell(cell.value)
    except ValueError:
        value = cell.value
    return value if isinstance(value, str) else written(value)
