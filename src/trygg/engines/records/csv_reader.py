"""CSV, streamed: any delimiter and encoding that `detect` knows."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from . import detect, guard
from .errors import Problem, ReadError, shown
from .limits import Limits
from .rows import Note, Row, name_columns


class CsvReader:
    """Reads one CSV file; the constructor finds encoding, delimiter and column names."""

    def __init__(
        self,
        path: Path,
        name: str,
        *,
        encoding: str | None,
        delimiter: str | None,
        header_row: int | None,
        guarded: bool,
        limits: Limits,
    ) -> None:
        self.path, self.name, self.limits, self.guarded = path, name, limits, guarded
        self.form = detect.text_form(path, name, encoding)
        self.notes = [Note("encoding", {"encoding": self.form.label})]
        if self.form.mixed:
            lines = ", ".join(map(str, self.form.other_lines)) or "?"
            self.notes.append(Note("mixed", {"count": self.form.other_count, "lines": lines}))
        with detect.open_text(path, self.form) as stream:
            announced = detect.sep_line(stream.read(10))
        self._sep_line = announced is not None
        self.delimiter = announced or detect.find_delimiter(path, self.form, name, delimiter)
        self.notes.append(Note("delimiter", {"delimiter": detect.DELIMITERS[self.delimiter]}))
        self._header_row = header_row
        self.columns, made = self._header()
        if made:
            self.notes.append(Note("unnamed_columns", {"columns": ", ".join(made)}))
        if not self.form.final_newline:
            self.notes.append(Note("no_final_newline", {}))

    def _header(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        for number, _line, cells in self._records():
            if self._is_header(number, cells):
                columns, made = name_columns(cells, self.name, self.limits)
                if len(columns) < 2:
                    label = detect.DELIMITERS[self.delimiter]
                    params = {"file": self.name, "delimiter": label, "column": shown("".join(columns)), "hint": ""}
                    raise ReadError("one_column", params)
                return columns, made
        if self._header_row:
            raise ReadError("no_such_header", {"file": self.name, "row": self._header_row})
        raise ReadError("empty", {"file": self.name})

    def _is_header(self, number: int, cells: list[str]) -> bool:
        return number == self._header_row if self._header_row else any(cells)

    def _records(self) -> Iterator[tuple[int, int, list[str]]]:
        """(row number, line where the record ends, cells), blank rows included."""
        number, reader = 0, None
        with detect.open_text(self.path, self.form) as stream:
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            try:
                for cells in reader:
                    number += 1
                    if number == 1 and self._sep_line:
                        continue
                    yield number, reader.line_num, cells
            except csv.Error as error:
                self._fail(str(error), number + 1, reader.line_num)
            except UnicodeDecodeError as error:
                params = {"file": self.name, "position": error.start, "encoding": self.form.label}
                raise ReadError("cannot_decode", params) from error

    def _fail(self, detail: str, row: int, line: int) -> NoReturn:
        params = {"file": self.name, "row": row, "line": line}
        if "field larger" in detail:
            raise ReadError("cell_too_long", {**params, "limit": csv.field_size_limit()})
        if "end of data" in detail:
            detail = "a quote is opened and the file ends before it is closed"
            raise ReadError("truncated", {"file": self.name, "row": row, "detail": detail})
        raise ReadError("bad_quotes", {**params, "detail": detail})

    def rows(self) -> Iterator[Row]:
        """All rows below the header. After a ragged row only further ragged rows are looked for, then all are told."""
        width, header_seen, last = len(self.columns), False, 0
        ragged: list[tuple[int, int, list[str]]] = []
        for number, line, cells in self._records():
            if not header_seen:
                header_seen = self._is_header(number, cells)
                continue
            last = number
            if not any(cells):
                continue
            if len(cells) < width or any(cells[width:]):
                ragged.append((number, line, cells))
                if len(ragged) == self.limits.errors_listed:
                    break
            elif not ragged:
                yield self._row(number, cells)
        if ragged:
            self._raise_ragged(ragged, last)

    def _row(self, number: int, cells: list[str]) -> Row:
        problems: tuple[Problem, ...] = ()
        if self.form.mixed:
            cells, problems = self._recode(number, cells)
        if self.guarded:
            cells = [guard.unguard(cell) for cell in cells]
        values = {column: cell for column, cell in zip(self.columns, cells, strict=False) if cell != ""}
        return Row(number, values, problems)

    def _recode(self, number: int, cells: list[str]) -> tuple[list[str], tuple[Problem, ...]]:
        texts, problems = [], []
        for column, cell in zip(self.columns, cells, strict=False):
            text, found = detect.recode(cell, self.form)
            texts.append(text)
            if found:
                params = {"found": found, "encoding": self.form.label}
                problems.append(Problem("cannot_decode", number, column, shown(text), params=params))
        return texts, tuple(problems)

    def _raise_ragged(self, ragged: list[tuple[int, int, list[str]]], last: int) -> NoReturn:
        errors = tuple(self._ragged_error(number, line, cells, last) for number, line, cells in ragged)
        first = errors[0]
        raise ReadError(first.code, first.params, errors)

    def _ragged_error(self, number: int, line: int, cells: list[str], last: int) -> ReadError:
        width = len(self.columns)
        if len(cells) < width and number == last and not self.form.final_newline:
            detail = f"it has {len(cells)} of {width} columns and the file ends there, without a line end"
            return ReadError("truncated", {"file": self.name, "row": number, "detail": detail})
        if len(cells) < width:
            where = f"the row ends in column {self.columns[len(cells) - 1]!r}"
            column, value = self.columns[len(cells) - 1], cells[-1]
        else:
            where = f"text stands beyond the last column {self.columns[-1]!r}"
            column, value = self.columns[-1], next(cell for cell in cells[width:] if cell)
        params = {
            "file": self.name,
            "row": number,
            "line": f" (line {line})" if line != number else "",
            "found": len(cells),
            "expected": width,
            "where": where,
            "column": column,
            "value": shown(value),
            "delimiter": detect.DELIMITERS[self.delimiter],
        }
        return ReadError("ragged", params)
