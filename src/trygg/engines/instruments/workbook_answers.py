"""Answers as an Excel workbook: one row a question, a drop-down list where one chooses, states beside the answers.

Several choices, and each cell of a rights matrix, have a line of their own. Whoever fills it in sees words; the ids stand in
the last columns, and by them the rows are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from ..conditions import (
    NOT_APPLICABLE,
    ONE_CHOICE,
    UNKNOWN,
    FactValue,
    State,
    ValueType,
    Withheld,
    normalise,
)
from ..depth import Depth
from .answers import visibility
from .model import Instrument, Item
from .workbook import WorkbookProblem, Writer
from .workbook_answers_read import Filled, answers_from_workbook, entries_in, entries_of
from .workbook_words import Words, label_of, say

__all__ = ["Filled", "answers_from_workbook", "answers_to_workbook", "entries_in", "entries_of"]

WIDTHS = (22, 60, 16, 40, 40, 30, 16, 30, 10, 18, 24)


@dataclass(slots=True)
class _Lists:
    """The sheet behind the drop-down lists: each set of words stands in it once."""

    columns: dict[tuple[str, ...], str] = field(default_factory=dict)

    def source(self, words: tuple[str, ...], sheet: str) -> str:
        """The range of a list, for the validation of a cell."""
        letter = self.columns.setdefault(words, get_column_letter(len(self.columns) + 1))
        return f"='{sheet}'!${letter}$1:${letter}${len(words)}"


def answers_to_workbook(
    instrument: Instrument,
    answers: Mapping[str, Any],
    languages: Sequence[str] = (),
    *,
    notes: Mapping[str, str] | None = None,
    depth: Depth = Depth.FULL,
    phase: str = "",
) -> bytes:
    """The questions with these answers, in the first of `languages` (otherwise of the instrument's); the questions stand
    in the others too. Questions that are not asked at this depth, in this phase, after these answers, are marked.

    `instrument` with its entries (`expand`). Raises WorkbookRefused for texts that no cell can hold and choices that stand
    twice in an answer, each with its place.
    """
    spoken = [each for each in languages if each in instrument.languages] or list(instrument.languages)
    words = Words(spoken[0])
    writer, lists = Writer(), _Lists()
    headings = words.headings(spoken)
    sheet = writer.sheet(words.sheet("answers"), headings, [*WIDTHS[:1], *[WIDTHS[1]] * len(spoken), *WIDTHS[2:]])
    hidden = visibility(instrument, answers, depth, phase).hidden
    at = {name: number for number, name in enumerate(headings)}
    row = 0
    for section in instrument.sections:
        for item in section.items:
            members = normalise(answers.get(item.id))
            if isinstance(members, tuple) and len(set(members)) < len(members):
                twice = next(each for each in members if members.count(each) > 1)
                writer.too_long.append(WorkbookProblem("", item.id, "duplicate", {"value": twice}))
            lines = list(_lines(item, normalise(answers.get(item.id)), spoken[0]))
            for number, line in enumerate(lines):
                row += 1
                first = number == 0
                state, reason = _state(normalise(answers.get(item.id)), words) if first else (None, None)
                cells = {
                    words.heading("section"): _place(instrument, item, spoken[0]),
                    **{words.question(each, spoken): say(item.text, each) for each in spoken},
                    words.heading("kind"): words.kind(item.type),
                    words.heading("choice"): line.choice,
                    words.heading("answer"): line.answer,
                    words.heading("note"): (notes or {}).get(item.id) if first else None,
                    words.heading("state"): state,
                    words.heading("reason"): reason,
                    words.heading("asked"): words.yes if item.id not in hidden else words.no,
                    words.heading("id"): item.id,
                    words.heading("part"): line.part,
                }
                _write(writer, sheet, row, cells, at, words, item, hidden=item.id in hidden)
                if line.words:
                    source = lists.source(line.words, words.sheet("lists"))
                    sheet.data_validation(
                        row, at[words.heading("answer")], row, at[words.heading("answer")], _list(source)
                    )
                if first:
                    column = at[words.heading("state")]
                    states = lists.source(tuple(words.states.values()), words.sheet("lists"))
                    sheet.data_validation(row, column, row, column, _list(states))
    _about(writer, instrument, words)
    page = writer.book.add_worksheet(words.sheet("lists"))
    for column, many in enumerate(lists.columns):
        for number, word in enumerate(many):
            writer.put(page, number, column, word, f"the list '{word[:40]}'")
    page.hide()
    return writer.done()


def _list(source: str) -> dict[str, Any]:
    return {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}


def _about(writer: Writer, instrument: Instrument, words: Words) -> None:
    page = writer.sheet(words.sheet("about"), ["what", "value"], [20, 60])
    title = say(instrument.title, words.language)
    rows = {"instrument": instrument.id, "version": instrument.version, "language": words.language, "title": title}
    for number, (what, value) in enumerate(rows.items(), start=1):
        writer.put(page, number, 0, what, what)
        writer.put(page, number, 1, value, what)


def _write(
    writer: Writer, sheet: Any, row: int, cells: Mapping[str, Any], at: Mapping[str, int], words: Words, item: Item, *, hidden: bool
) -> None:  # fmt: skip
    filled = {words.heading(each) for each in ("answer", "note", "state", "reason")}
    for heading, value in cells.items():
        style = writer.grey if hidden else writer.open if heading in filled else None
        writer.put(sheet, row, at[heading], value, f"'{item.id}', {heading}", style)


def _place(instrument: Instrument, item: Item, language: str) -> str:
    """The sections that an item stands in, outermost first."""
    section = next(each for each in instrument.sections if each.id == item.section)
    inside = {heading.id: heading.title for heading in section.headings}
    return " / ".join(
        [say(section.title, language), *(say(inside[each], language) for each in item.headings if each in inside)]
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """`part`: id of the choice or of the cell that the line is about. `words`: what one chooses among."""

    choice: str | None
    answer: Any
    part: str | None
    words: tuple[str, ...] = ()


def _lines(item: Item, value: FactValue, language: str) -> Iterator[_Line]:
    there = None if isinstance(value, State | Withheld) else value
    words = Words(language)
    if item.matrix is not None:
        yield from _cells(item, there, language)
    elif item.type is ValueType.CHOICES:
        members = () if there is None else there if isinstance(there, tuple) else (str(there),)
        labels = {choice.id: label_of(choice, item.choices, language) for choice in item.choices}
        for choice in dict.fromkeys((*labels, *members)):
            marked = words.yes if choice in members else None
            yield _Line(labels.get(choice, choice), marked, choice, (words.yes,))
    elif item.type in ONE_CHOICE:
        labels = {choice.id: label_of(choice, item.choices, language) for choice in item.choices}
        shown = None if there is None else labels.get(str(there), str(there))
        yield _Line(None, shown, None, tuple(labels.values()))
    elif item.type is ValueType.SIGN:
        yield _Line(
            None, None if there is None else words.yes if there is True else as_written(there), None, (words.yes,)
        )
    else:
        yield _Line(None, None if there is None else as_written(there), None)


def _cells(item: Item, value: Any, language: str) -> Iterator[_Line]:
    """A line for each dimension of each cell, then whatever else stood in the answer."""
    matrix = item.matrix
    marks = list(value) if isinstance(value, tuple) else []
    for right in matrix.rights if matrix else ():
        for group in matrix.groups if matrix else ():
            for dimension in matrix.dimensions if matrix else ():
                place = f"{right.id}/{group.id}/{dimension.id}"
                labels: Mapping[str, str] = {
                    each.id: label_of(each, dimension.levels, language) for each in dimension.levels
                }
                level = next((mark for mark in marks if mark.startswith(f"{place}=")), None)
                if level is not None:
                    marks.remove(level)
                name = level.partition("=")[2] if level else ""
                about = " / ".join(say(each.label, language) for each in (right, group, dimension))
                yield _Line(about, labels.get(name, name) or None, place, tuple(labels.values()))
    for mark in marks:
        yield _Line(mark.partition("=")[0], mark.partition("=")[2] or mark, mark.partition("=")[0])


def as_written(value: Any) -> Any:
    """An answer as a cell: days and decimals as text, the rest as it is."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return ", ".join(value) if isinstance(value, tuple) else value


def _state(value: FactValue, words: Words) -> tuple[str | None, str | None]:
    if isinstance(value, Withheld):
        return words.states["withheld"], value.reason or None
    if value in (UNKNOWN, NOT_APPLICABLE):
        return words.states[value.value], None  # type: ignore[union-attr]
    return None, None
