"""Excel workbooks, in and out, as cells: what both packs and answers are written with and read by.

A text is written as text, whatever it begins with, so nothing ever is a formula; what Excel cannot hold as it is stands as
`json:` and its JSON. Reading checks the packed file for attacks first (as register files), then lists everything that is
wrong with sheet, cell and reason.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import xlsxwriter
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.cell.text import Text
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

from ..records.errors import ReadError
from ..records.limits import MIB, Limits
from ..records.xlsx_reader import check_package

LIMITS = Limits(
    xlsx_bytes=16 * MIB,
    xlsx_unpacked_bytes=64 * MIB,
    xlsx_shared_strings_bytes=32 * MIB,
    xlsx_other_part_bytes=8 * MIB,
    xlsx_ratio_from_bytes=4 * MIB,
)
MAX_CELLS = 400_000
MAX_TEXT = 32_767
"""Characters that Excel keeps in one cell, counted as it counts them: in units of UTF-16."""
LISTED = 200

MESSAGES: Mapping[str, str] = {
    "too_large": "the file is larger than {limit} bytes",
    "old_excel": "this is an old Excel file (.xls) or has a password; save it as .xlsx without a password",
    "not_xlsx": "this is no Excel workbook, whatever its name says; save it as .xlsx",
    "xlsx_damaged": "the workbook is damaged or cut off ({detail}); save it again",
    "xlsx_bomb": "the file unpacks to far more than its size ({detail}), as an attack on a server does; it was not opened",
    "xlsx_entities": "the file declares a document type or entities, which no workbook needs; it was not opened",
    "too_many_cells": "there are more than {limit} cells",
    "merged": "the cells {value} are merged; unmerge them, and write in each what belongs there",
    "formula": "a formula stands here; write what it gives",
    "cell_error": "the cell holds the error {value}",
    "no_sheet": "the sheet is missing; there are: {there}",
    "sheet_unknown": "nothing is read from this sheet; its name is none of: {known}",
    "sheet_twice": "two sheets have this name",
    "no_heading": "the column '{value}' is missing",
    "heading_unknown": "'{value}' is the heading of no column here; there are: {known}",
    "heading_twice": "two columns are called '{value}'",
    "outside": "{value} stands in a column without a heading",
    "too_long": "{place} has {value} characters, a cell of Excel holds at most 32767",
    "half_sign": "{place} holds half a character, which no file can carry",
    "lost": "this pack holds something that a workbook cannot carry without loss",
    "not_json": "{value} is not JSON: {detail}",
    "wrong_type": "{value} is not {wanted}",
    "missing": "'{value}' is missing",
    "duplicate": "'{value}' stands twice",
    "unknown_section": "there is no section '{value}' on the sheet Sections",
    "empty_section": "no question stands in the section '{value}'",
    "circle": "the section '{value}' stands inside itself",
    "nested_repeat": "only a section at the top can repeat; '{value}' stands inside another",
    "unknown_row": "there is no '{value}' on the sheet {sheet}",
    "unknown_item": "there is no question '{value}'",
    "other_instrument": "these are answers to {value}; expected are answers to {wanted}",
    "not_a_choice": "'{value}' is no choice of '{item}'",
    "which_choice": "'{value}' is what several choices of '{item}' are called; write the id: {known}",
    "not_an_answer": "{value} is no answer to '{item}': {wanted}",
    "unknown_state": "'{value}' is no state; there are: {known}",
    "state_and_answer": "'{item}' has both an answer and a state; leave one away",
    "no_reason": "'{item}' is withheld: the reason is missing",
    "reason_alone": "a reason stands here, and '{item}' is not withheld",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkbookProblem:
    """One thing that is wrong: in which sheet and cell ("" where it is about more), which sort (`code`, stable), why."""

    sheet: str
    cell: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""

    @property
    def reason(self) -> str:
        """In English, for whoever has no wording of their own for the code."""
        return self.detail or MESSAGES[self.code].format_map(self.params)

    def __str__(self) -> str:
        return f"{': '.join(part for part in (self.sheet, self.cell, self.reason) if part)}"


class WorkbookRefused(ValueError):
    """What was to be written has no place in a workbook; `problems` name what, and why."""

    def __init__(self, problems: Sequence[WorkbookProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems[:20])))


# Values as cells ------------------------------------------------------------------------------------------------------

_SIXTEEN = ".16G"  # digits that the writer gives a number
_TWICE = re.compile("_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
"""Two escapes of Excel with one underscore between them, of which xlsxwriter (3.2) guards the first only."""


def as_cell(value: Any) -> str | int | float | bool:
    """Any JSON value as what a cell can hold. `from_cell(as_cell(value)) == value`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if value and not value.startswith("json:") and not _TWICE.search(value) else _json(value)
    if isinstance(value, int | float):
        exact = abs(value) < 10**15 and float(format(value, _SIXTEEN)) == value
        return value if exact else _json(value)
    return _json(value)


def from_cell(value: Any) -> Any:
    """The value that `as_cell` was given. Raises ValueError for what begins with `json:` and is no JSON."""
    if isinstance(value, str) and value.startswith("json:"):
        return json.loads(value.removeprefix("json:"), parse_constant=no_constant)
    return value


def _json(value: Any) -> str:
    return "json:" + as_json(value)


def as_json(value: Any) -> str:
    """JSON that a cell can hold."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.replace("_x", "\\u005fx") if _TWICE.search(text) else text


def no_constant(name: str) -> Any:
    """For `json.loads`: NaN and Infinity are no JSON. Raises ValueError."""
    raise ValueError(f"{name} is no JSON")


def written(value: Any) -> str:
    """A number as a person writes it, anything else as text."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value)


def units(text: str) -> int:
    """How long Excel finds a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# Writing --------------------------------------------------------------------------------------------------------------


class Writer:
    """A workbook being written. `too_long` gathers what no cell can hold; `done` raises WorkbookRefused for it."""

    def __init__(self) -> None:
        self._stream = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        }
        self.book = xlsxwriter.Workbook(self._stream, options)
        self.book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # the same content gives the same file
        plain = {"valign": "top", "text_wrap": True, "num_format": "@"}
        # The mark of a quoted text: so that editing the cell in Excel does not make a formula of it either.
        self.text = self.book.add_format({**plain, "quote_prefix": True})
        self.grey = self.book.add_format({**plain, "quote_prefix": True, "font_color": "#6b6b6b", "italic": True})
        self.value = self.book.add_format({"valign": "top"})
        self.open = self.book.add_format({**plain, "bg_color": "#fff9e5", "border": 1, "border_color": "#c8c8c8"})
        self.heading = self.book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self.too_long: list[WorkbookProblem] = []

    def sheet(self, name: str, headings: Sequence[str], widths: Sequence[int] = ()) -> Any:
        """A sheet with these headings, which stay in sight."""
        sheet = self.book.add_worksheet(name)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self.heading)
            sheet.set_column(column, column, widths[column] if column < len(widths) else 24)
        sheet.freeze_panes(1, 0)
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Any, place: str, style: Any = None) -> None:
        """A value as it is; None leaves the cell empty. `place` names it where it is too long."""
        cell = None if value is None else as_cell(value)
        if cell is None:
            if style is not None:
                sheet.write_blank(row, column, None, style)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, style or self.value)
        elif isinstance(cell, str):
            where = f"{get_column_letter(column + 1)}{row + 1}"
            if units(cell) > MAX_TEXT:
                params = {"place": place, "value": units(cell)}
                self.too_long.append(WorkbookProblem(sheet.get_name(), where, "too_long", params))
            elif any("\ud800" <= sign <= "\udfff" for sign in cell):
                self.too_long.append(WorkbookProblem(sheet.get_name(), where, "half_sign", {"place": place}))
            else:
                sheet.write_string(row, column, cell, style or self.text)
        else:
            sheet.write_number(row, column, cell, style or self.value)

    def done(self) -> bytes:
        """The file. Raises WorkbookRefused when something was too long: everything that was."""
        self.book.close()
        if self.too_long:
            raise WorkbookRefused(self.too_long)
        return self._stream.getvalue()


# Reading --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """`value`: text, number, boolean, or a day as YYYY-MM-DD."""

    value: Any
    place: str
    day: bool = False


@dataclass(slots=True)
class Sheet:
    """`rows`: (number, cells by heading) below the headings, those with something in them."""

    name: str
    headings: dict[str, str] = field(default_factory=dict)  # heading -> its cell
    head: int = 0  # the row of the headings: the first with something in it
    rows: list[tuple[int, dict[str, Cell]]] = field(default_factory=list)


_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, EOFError, KeyError, IndexError, ValueError, TypeError, AttributeError,
    NotImplementedError, OverflowError, OSError, RecursionError,
)  # fmt: skip
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read_sheets(raw: bytes, skip: Sequence[str] = ()) -> tuple[list[Sheet], list[WorkbookProblem]]:
    """The sheets of a workbook but those to `skip`, and what is wrong with the file or with cells whatever they mean."""
    if len(raw) > LIMITS.xlsx_bytes:
        return [], [WorkbookProblem("", "", "too_large", {"limit": LIMITS.xlsx_bytes})]
    if not raw.startswith(b"PK"):
        return [], [WorkbookProblem("", "", "old_excel" if raw.startswith(b"\xd0\xcf\x11\xe0") else "not_xlsx")]
    problems: list[WorkbookProblem] = []
    try:
        check_package(BytesIO(raw), "the workbook", LIMITS)
        if _tags(raw) > 4 * MAX_CELLS:
            return [], [WorkbookProblem("", "", "too_many_cells", {"limit": MAX_CELLS})]
        with closing(openpyxl.load_workbook(BytesIO(raw), read_only=True, keep_links=False)) as book:
            return _sheets(book, skip, problems), problems[:LISTED]
    except ReadError as error:
        return [], [WorkbookProblem("", "", error.code, error.params, "" if error.code in MESSAGES else str(error))]
    except DefusedXmlException:
        return [], [WorkbookProblem("", "", "xlsx_entities")]
    except (*_BROKEN, openpyxl.utils.exceptions.InvalidFileException) as error:
        detail = f"{type(error).__name__} {str(error)[:200]}"
        return [], [WorkbookProblem("", "", "xlsx_damaged", {"detail": detail})]


def _tags(raw: bytes) -> int:
    """How many tags the file has: a row is held whole, and what a parser makes of a tag is far larger than the tag."""
    with zipfile.ZipFile(BytesIO(raw)) as package:
        return sum(package.read(entry).count(b"<") for entry in package.infolist())


def _sheets(book: Any, skip: Sequence[str], problems: list[WorkbookProblem]) -> list[Sheet]:
    strings = _strings(book._archive)
    found: list[Sheet] = []
    names: set[str] = set()
    left = MAX_CELLS
    for page in book.worksheets:
        if page.title in skip:
            continue
        with page._get_source() as source:
            parser = WorkSheetParser(
                source,
                strings,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            sheet = Sheet(page.title.strip())
            if sheet.name.casefold() in names:
                problems.append(WorkbookProblem(sheet.name, "", "sheet_twice"))
            names.add(sheet.name.casefold())
            columns: dict[int, str] = {}
            for number, cells in parser.parse():
                left -= len(cells)
                if left < 0:
                    problems.append(WorkbookProblem(sheet.name, "", "too_many_cells", {"limit": MAX_CELLS}))
                    return found
                _row(sheet, columns, number, cells, problems)
            for merged in parser.merged_cells.mergeCell if parser.merged_cells else ():
                problems.append(
                    WorkbookProblem(sheet.name, str(merged.ref).partition(":")[0], "merged", {"value": merged.ref})
                )
            found.append(sheet)
    return found


def _row(
    sheet: Sheet,
    columns: dict[int, str],
    number: int,
    cells: Sequence[Mapping[str, Any]],
    problems: list[WorkbookProblem],
) -> None:
    row: dict[str, Cell] = {}
    for raw in cells:
        place = f"{get_column_letter(raw['column'])}{raw['row']}" if raw["column"] <= 16_384 else f"row {raw['row']}"
        cell = _cell(raw, place)
        if cell is None:
            continue
        if raw["data_type"] in ("f", "e"):
            code = "formula" if raw["data_type"] == "f" else "cell_error"
            problems.append(WorkbookProblem(sheet.name, place, code, {"value": str(raw["value"])[:60]}))
            continue
        sheet.head = sheet.head or number
        if number == sheet.head:
            name = written(cell.value).strip()
            if name in sheet.headings:
                problems.append(WorkbookProblem(sheet.name, place, "heading_twice", {"value": name}))
            columns[raw["column"]] = name
            sheet.headings.setdefault(name, place)
        elif raw["column"] not in columns:
            problems.append(WorkbookProblem(sheet.name, place, "outside", {"value": shown(cell.value)}))
        else:
            row[columns[raw["column"]]] = cell
    if row:
        sheet.rows.append((number, row))


def _cell(raw: Mapping[str, Any], place: str) -> Cell | None:
    value = raw["value"]
    if raw["data_type"] == "inlineStr" or value is None or value == "":
        return None
    if isinstance(value, datetime | date | time | timedelta):
        if isinstance(value, datetime) and value.time() == time():
            value = value.date()
        return Cell(str(value), place, type(value) is date)
    if isinstance(value, str) and not isinstance(value, _Plain):  # an inline text; shared ones were read before
        value = _unescaped(value)
    return Cell(str(value) if isinstance(value, str) else value, place)


class _Plain(str):
    """A text whose escapes are undone."""


def _unescaped(text: str) -> str:
    """`_x000D_` is a carriage return, `_x005F_` an underscore that begins no escape (ECMA-376, ST_Xstring)."""
    found = _ESCAPED.sub(lambda each: chr(int(each[1], 16)), text)
    if found != text and any("\ud800" <= sign <= "\udfff" for sign in found):
        return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return found


def _strings(archive: zipfile.ZipFile) -> list[str]:
    """The shared texts, exactly. openpyxl's own reader takes every `x005F_` out of them, also where it is written."""
    types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
    found: list[str] = []
    for override in re.findall(r"<[^>]*sharedStrings\+xml[^>]*>", types):
        part = re.search(r'PartName\s*=\s*"/?([^"]+)"', override)
        if part is None or part[1] not in archive.namelist():
            continue
        with archive.open(part[1]) as source:
            for _, node in iterparse(source):
                if node.tag.rpartition("}")[2] == "si":
                    text = Text.from_tree(node).content
                    found.append(_Plain(_unescaped(text)))
                    node.clear()
    return found


def shown(value: Any) -> str:
    """A value short enough for a message."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def named(
    sheets: Sequence[Sheet], names: Mapping[str, Sequence[str]], problems: list[WorkbookProblem]
) -> dict[str, Sheet]:
    """Sheets by what they are. `names`: what it is -> names that it may have. Others must be empty."""
    by_name = {name.casefold(): key for key, many in names.items() for name in many}
    found: dict[str, Sheet] = {}
    for sheet in sheets:
        key = by_name.get(sheet.name.casefold())
        if key is not None:
            found.setdefault(key, sheet)
        elif sheet.headings:
            known = ", ".join(many[0] for many in names.values())
            problems.append(WorkbookProblem(sheet.name, "", "sheet_unknown", {"known": known}))
    return found


def columns_of(languages: Sequence[str], word: str) -> Iterator[tuple[str, str]]:
    """(language, heading) of a text: one column for each language."""
    for language in languages:
        yield language, f"{word} [{language}]"
