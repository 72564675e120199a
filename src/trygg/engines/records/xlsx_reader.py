"""XLSX, streamed through openpyxl after the packed file was checked for attacks."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from io import SEEK_END
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .errors import Problem, ReadError, shown
from .limits import Limits
from .rows import Note, Row, name_columns

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    expat.ExpatError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OSError,
)
_HEADER_SEARCH = 20
_TYPES = "[Content_Types].xml"
_EXCEL_ROWS = 1_048_576


class XlsxReader:
    """Reads one sheet of a workbook; the constructor checks the packed file, chooses the sheet, finds the header."""

    def __init__(self, path: Path, name: str, *, sheet: str | None, header_row: int | None, limits: Limits) -> None:
        self.path, self.name, self.limits = path, name, limits
        self.notes: list[Note] = []
        check_package(path, name, limits)
        with self._open() as book:
            visible = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
            self.sheets = tuple(one.title for one in book.worksheets)
            if sheet is not None and sheet not in self.sheets:
                choices = ", ".join(self.sheets)
                raise ReadError("no_such_sheet", {"file": name, "sheet": sheet, "choices": choices})
            candidates = [sheet] if sheet is not None else [one.title for one in visible]
        for candidate in candidates:
            self.sheet = candidate
            head = list(islice(self._cells(), header_row or _HEADER_SEARCH))
            if any(cells for _, cells in head):
                break
        else:
            raise ReadError("empty", {"file": name})
        if len(self.sheets) > 1:
            others = ", ".join(one for one in self.sheets if one != self.sheet)
            self.notes.append(Note("sheet", {"sheet": self.sheet, "others": others}))
        self.header_row = header_row or _header_row(head)
        header = next((cells for number, cells in head if number == self.header_row), None)
        if not header:
            raise ReadError("no_such_header", {"file": name, "row": self.header_row})
        self._start = min(header)
        names = [text_of(header.get(index)) for index in range(self._start, max(header) + 1)]
        self.columns, made = name_columns(names, name, limits)
        if len(self.columns) < 2:
            params = {"file": name, "delimiter": "the cells of the sheet", "column": self.columns[0], "hint": ""}
            raise ReadError("one_column", params)
        if self.header_row > 1:
            self.notes.append(Note("header_row", {"row": self.header_row, "skipped": self.header_row - 1}))
        if made:
            self.notes.append(Note("unnamed_columns", {"columns": ", ".join(made)}))

    @contextmanager
    def _open(self) -> Iterator[openpyxl.Workbook]:
        with self.path.open("rb") as stream:  # given a path, openpyxl goes by its suffix; a kept upload has none
            try:
                book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            except DefusedXmlException as error:
                raise ReadError("xlsx_entities", {"file": self.name, "part": "a part"}) from error
            except (*_BROKEN, openpyxl.utils.exceptions.InvalidFileException) as error:
                raise ReadError("xlsx_damaged", {"file": self.name, "detail": shown(error)}) from error
            with closing(book):
                yield book

    def _cells(self) -> Iterator[tuple[int, dict[int, Any]]]:
        """(row number, {column index: cell with a value}) for each row of the sheet, empty rows with an empty dict."""
        with self._open() as book:
            page = book[self.sheet]
            page.reset_dimensions()
            try:
                for number, cells in enumerate(page.iter_rows(), start=1):
                    if number > _EXCEL_ROWS:
                        raise ReadError("too_many_rows", {"file": self.name, "limit": self.limits.rows})
                    yield number, {i: cell for i, cell in enumerate(cells) if cell.value not in (None, "")}
            except DefusedXmlException as error:
                raise ReadError("xlsx_entities", {"file": self.name, "part": self.sheet}) from error
            except _BROKEN as error:
                detail = f"sheet {self.sheet!r}: {shown(error)}"
                raise ReadError("xlsx_damaged", {"file": self.name, "detail": detail}) from error

    def rows(self) -> Iterator[Row]:
        """All rows below the header; cells beyond the last named column make the file unusable."""
        width = len(self.columns)
        for number, cells in self._cells():
            if number <= self.header_row or not cells:
                continue
            values: dict[str, Any] = {}
            problems: list[Problem] = []
            for index, cell in cells.items():
                place = index - self._start
                if not 0 <= place < width:
                    self._raise_outside(number, cell.coordinate, cell.value)
                column = self.columns[place]
                values[column] = plain(cell.value)
                if cell.data_type in ("f", "e"):
                    code = "formula" if cell.data_type == "f" else "cell_error"
                    problems.append(Problem(code, number, column, shown(values[column])))
            yield Row(number, values, tuple(problems))

    def _raise_outside(self, number: int, coordinate: str, value: Any) -> None:
        params = {
            "file": self.name,
            "row": number,
            "line": f" (cell {coordinate})",
            "found": "more",
            "expected": len(self.columns),
            "where": "a cell stands outside the named columns",
            "column": coordinate,
            "value": shown(plain(value)),
            "delimiter": "note or sum",
        }
        raise ReadError("ragged", params)


def _header_row(head: list[tuple[int, dict[int, Any]]]) -> int:
    """The first row with at least half as many filled cells as the fullest of the first rows."""
    fullest = max(len(cells) for _, cells in head)
    return next(number for number, cells in head if len(cells) * 2 >= fullest)


def plain(value: Any) -> Any:
    """A cell's value as JSON has it; dates as YYYY-MM-DD HH:MM:SS, formulas as their text."""
    if isinstance(value, datetime | date | time | timedelta):
        return str(value)
    if isinstance(value, str | int | float | bool):
        return value
    return str(getattr(value, "text", None) or value)


def text_of(cell: Any) -> str:
    """The text of a header cell, as it is."""
    return "" if cell is None else str(plain(cell.value))


def check_package(path: Path | BinaryIO, name: str, limits: Limits) -> None:
    """Refuse a packed file that would unpack to too much, overlaps itself, or whose XML declares entities.

    Only the directory is read, then of each XML part what stands before its root element. `zipfile` never gives more
    bytes of an entry than the directory states, so the sums hold.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            size = path.stat().st_size if isinstance(path, Path) else path.seek(0, SEEK_END)
            _check_sizes(entries, size, name, limits)
            if _TYPES not in package.namelist():
                raise ReadError("not_xlsx", {"file": name, "detail": f"no {_TYPES} in it"})
            _check_prolog(package, package.getinfo(_TYPES), name)
            _check_parts_held_whole(package, name, limits)
            for entry in entries:
                if entry.flag_bits & 1:
                    raise ReadError("old_excel", {"file": name})
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    _check_prolog(package, entry, name)
    except zipfile.BadZipFile as error:
        raise ReadError("xlsx_damaged", {"file": name, "detail": shown(error)}) from error
    except (zlib.error, ParseError, EOFError, NotImplementedError, OSError) as error:
        raise ReadError("xlsx_damaged", {"file": name, "detail": shown(error)}) from error


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, name: str, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    detail = ""
    if len(entries) > limits.xlsx_entries:
        detail = f"{len(entries)} parts, at most {limits.xlsx_entries}"
    elif packed > size:
        detail = "its parts overlap"
    elif unpacked > limits.xlsx_unpacked_bytes:
        detail = f"{unpacked} bytes, at most {limits.xlsx_unpacked_bytes}"
    else:
        for entry in entries:
            ratio = entry.file_size / max(entry.compress_size, 1)
            if entry.file_size > limits.xlsx_ratio_from_bytes and ratio > limits.xlsx_ratio:
                detail = f"{entry.filename} unpacks to {ratio:.0f} times its size, at most {limits.xlsx_ratio}"
                break
    if detail:
        raise ReadError("xlsx_bomb", {"file": name, "detail": detail})


def _check_parts_held_whole(package: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Only sheets are streamed; shared texts, styles and the rest are held in memory. What a part is, its declared
    type says, not its name."""
    types: dict[str, set[str]] = {}
    for element in fromstring(package.read(_TYPES)):
        part = element.get("PartName", "").lstrip("/")
        types.setdefault(part, set()).add(element.get("ContentType", "").rpartition(".")[2])
    for entry in package.infolist():
        kinds = types.get(entry.filename, set())
        if kinds == {"worksheet+xml"} or not (kinds or entry.filename.endswith((".xml", ".rels"))):
            continue
        shared = kinds == {"sharedStrings+xml"}
        limit = limits.xlsx_shared_strings_bytes if shared else limits.xlsx_other_part_bytes
        if entry.file_size > limit:
            what = "of shared texts" if shared else f"in {entry.filename}"
            raise ReadError("xlsx_bomb", {"file": name, "detail": f"{entry.file_size} bytes {what}, at most {limit}"})


class _RootReached(Exception):
    """The prolog is over."""


def _check_prolog(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    def refuse(*_: Any) -> None:
        raise ReadError("xlsx_entities", {"file": name, "part": entry.filename})

    def stop(*_: Any) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = stop
    with package.open(entry) as stream:
        try:
            while block := stream.read(4096):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except _RootReached:
            return
        except expat.ExpatError as error:
            detail = f"{entry.filename}: {error}"
            raise ReadError("xlsx_damaged", {"file": name, "detail": detail}) from error
