"""Opening a register file and reading it row by row, whole or not at all.

`open_source` finds out what the file is and says it; `Source.rows` yields the rows with bounded memory. When `rows`
raises `ReadError` the file is bad and what it yielded before must be thrown away: stage first, apply afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from . import detect
from .csv_reader import CsvReader
from .errors import ReadError
from .json_reader import JsonReader
from .limits import DEFAULT_LIMITS, Limits
from .rows import Envelope, Note, Row


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What was detected. `columns` in the order of the file."""

    file: str
    format: str
    size: int
    sha256: str
    columns: tuple[str, ...]
    notes: tuple[Note, ...]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    envelope: Envelope | None = None

    def describe(self) -> list[str]:
        """The notes in English, one sentence each."""
        return [note.text for note in self.notes]


class Reader(Protocol):
    """What the readers of the formats offer to `Source`."""

    columns: tuple[str, ...]
    notes: list[Note]

    def rows(self) -> Iterator[Row]:
        """All rows; raises `ReadError`."""
        ...


@dataclass(slots=True)
class Source:
    """An opened register file."""

    info: SourceInfo
    limits: Limits
    _path: Path
    _reader: Reader
    _stamp: tuple[int, int] = field(default=(0, 0))

    def rows(self) -> Iterator[Row]:
        """Each row in order. May be called again. Raises `ReadError`; then nothing of the file may be used."""
        count = 0
        for row in self._reader.rows():
            count += 1
            if count > self.limits.rows:
                raise ReadError("too_many_rows", {"file": self.info.file, "limit": self.limits.rows})
            yield row
        if _stamp(self._path) != self._stamp:
            raise ReadError("file_changed", {"file": self.info.file})
        if not count:
            raise ReadError("no_rows", {"file": self.info.file})

    def chunks(self, size: int = 500) -> Iterator[list[Row]]:
        """The rows in lists of `size`, for staging with progress."""
        rows = self.rows()
        while chunk := list(islice(rows, size)):
            yield chunk

    def check(self) -> int:
        """Read the whole file once and count its rows; raises what `rows` would raise, before anything is used."""
        return sum(1 for _ in self.rows())


def open_source(
    path: str | Path,
    *,
    name: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    list_path: str | None = None,
    guarded: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Source:
    """Find out what the file is and open it.

    `name` is the name to show (an upload's own). The other options are a person's corrections of what was detected:
    text encoding, delimiter, sheet, row of the column names (from 1, tables), dotted path of the list (JSON).
    `guarded`: the CSV was written by Trygg, take its guard against formulas off (see `guard`). Raises `ReadError`.
    """
    path = Path(path)
    name = name or path.name
    try:
        stamp = _stamp(path)
        if not stamp[0]:
            raise ReadError("empty", {"file": name})
        form = detect.file_format(path, name)
    except OSError as error:
        raise ReadError("file_missing", {"file": name, "detail": error.strerror or str(error)}) from error
    limit = {"csv": limits.csv_bytes, "json": limits.json_bytes, "xlsx": limits.xlsx_bytes}[form]
    if stamp[0] > limit:
        raise ReadError("too_large", {"file": name, "size": stamp[0], "format": form.upper(), "limit": limit})
    details: dict[str, Any]
    reader: Reader
    if form == "xlsx":
        from .xlsx_reader import XlsxReader  # openpyxl takes 40 MB, which a CSV file has no need of

        xlsx = reader = XlsxReader(path, name, sheet=sheet, header_row=header_row, limits=limits)
        details = {"sheet": xlsx.sheet, "sheets": xlsx.sheets}
    elif form == "json":
        json_reader = reader = JsonReader(path, name, encoding=encoding, list_path=list_path, limits=limits)
        details = {"encoding": json_reader.form.label, "envelope": json_reader.envelope}
    else:
        csv_reader = reader = CsvReader(
            path, name, encoding=encoding, delimiter=delimiter, header_row=header_row, guarded=guarded, limits=limits
        )
        details = {"encoding": csv_reader.form.label, "delimiter": csv_reader.delimiter}
    notes = (Note("format", {"format": form.upper()}), *reader.notes)
    info = SourceInfo(name, form, stamp[0], detect.digest(path), reader.columns, notes, **details)
    return Source(info, limits, path, reader, stamp)


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns
