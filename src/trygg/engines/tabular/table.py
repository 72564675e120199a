"""A table that can be grouped, and what is checked before and after."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import duckdb

from .duck import cells_of, cube_sql, number, quoted
from .errors import TableError, no_column
from .query import NO_NUMBER, VALUE_LIMIT, Cells, Query

FIRST_ROWS = 20_000
Pattern = tuple[tuple[tuple[object, ...], int], ...]  # the cells of one unit: (raw keys, rows in that cell)


class Table(Protocol):
    """What a backend answers. `name` holds no path and no password; `notes` are codes of what a reader should be told."""

    name: str
    notes: list[str]

    @property
    def columns(self) -> list[str]: ...

    def kind(self, column: str) -> str:
        """text, integer, number, boolean or date. Raises TableError for an unknown or a nested column."""
        ...

    def group(self, query: Query) -> Cells: ...

    def first_values(self, columns: Sequence[str]) -> dict[str, list[object]]:
        """The distinct values of each column among some rows: a look before grouping."""
        ...

    def patterns(self, keys: Sequence[str], unit: str) -> tuple[int, list[tuple[Pattern, int]]]:
        """Rows without a unit, and how many units (children) show each pattern of cells; no patterns where no unit repeats."""
        ...

    def finish(self) -> str | None:
        """SHA-256 of the input when it is a file. Raises TableError when it changed since it was opened."""
        ...

    def __enter__(self) -> "Table": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def check_query(table: Table, query: Query) -> None:
    """Every column there, and of one plain kind."""
    for column in query.columns:
        table.kind(column)
    for column in query.numbers:
        if table.kind(column) in ("boolean", "date"):
            raise TableError("number", column=column, value=f"({table.kind(column)})", advice="Choose another column.")


class Stamp:
    """A file as it stood when it was opened, and its hash, made beside the first query."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._before = self._state()
        self._pool = ThreadPoolExecutor(1)
        self._hash: Future[str] = self._pool.submit(_sha256, path)

    def _state(self) -> list[tuple[int, int, int] | None]:
        # A write-ahead log beside the file holds rows, too.
        return [
            _stat(self.path),
            _stat(self.path.with_name(self.path.name + "-wal")),
            _stat(self.path.with_name(self.path.name + ".wal")),
        ]

    def check(self) -> str:
        """The hash. Raises TableError when size, time or file are others than before."""
        try:
            digest = self._hash.result()
        except OSError:
            digest = ""
        self._pool.shutdown(wait=False)
        if self._state() != self._before or not digest:
            raise TableError("changed", file=self.path.name)
        return digest


def _stat(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


DATES = ("DATE", "TIME")
NESTED = ("STRUCT", "MAP", "UNION", "BLOB", "BIT", "VARIANT", "GEOMETRY")


def kind_of_sql(kind: str) -> str:
    """The kind of a DuckDB type; nested for what is no plain value."""
    if kind.endswith("]") or kind.startswith(NESTED):
        return "nested"
    if kind.startswith(DATES) or kind == "INTERVAL":
        return "date"
    if "INT" in kind:
        return "integer"
    if kind.startswith(("DOUBLE", "FLOAT", "DECIMAL", "REAL")):
        return "number"
    return "boolean" if kind == "BOOLEAN" else "text"


class DuckTable:
    """A table that DuckDB reads itself: `relation` is what stands after FROM."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, relation: str, is_text: bool = False) -> None:
        self.name, self.notes = path.name, list[str]()
        self._connection, self._relation, self._is_text = connection, relation, is_text
        self._temporary = tempfile.mkdtemp(prefix="trygg-")
        self._stamp = Stamp(path)
        self._kinds: dict[str, str] = {}
        try:
            connection.execute(f"SET temp_directory = '{self._temporary}'")
            self._kinds = {row[0]: kind_of_sql(row[1]) for row in self._run(f"DESCRIBE SELECT * FROM {relation}")}
        except BaseException:
            self.close()
            raise

    @property
    def columns(self) -> list[str]:
        return list(self._kinds)

    def kind(self, column: str) -> str:
        if column not in self._kinds:
            raise no_column(column, self.columns)
        if self._kinds[column] == "nested":
            raise TableError("nested", column=column, kind="lists, records or bytes")
        return self._kinds[column]

    def _run(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql).fetchall()
        except (duckdb.Error, OSError) as error:
            raise self._worded(str(error)) from None

    def _worded(self, text: str) -> TableError:
        """DuckDB's message as ours; it may quote a row, which must not be shown, so only numbers are taken from it."""
        if self._stamp._state() != self._stamp._before:
            return TableError("changed", file=self.name)
        if not self._is_text:
            detail = (
                "it is not whole"
                if "magic" in text or "footer" in text or "ZSTD" in text.upper()
                else text.partition("\n")[0][:160]
            )
            return TableError("damaged", file=self.name, detail=detail)
        found = re.search(r"Line: (\d+)", text)
        line = found[1] if found else "?"
        if "unicode" in text.lower() or "utf-8" in text.lower():
            return TableError("encoding", file=self.name, line=line)
        if "Maximum line size" in text:
            return TableError("too_long", file=self.name, line=line)
        counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
        detail = (
            f"{counts[2]} values where the header has {counts[1]} columns" if counts else "the quotes do not add up"
        )
        return TableError("ragged", file=self.name, line=line, detail=detail)

    def _source(self, columns: list[str]) -> str:
        return self._relation

    def group(self, query: Query) -> Cells:
        """The cells of the query. Raises TableError for what the table cannot give, with column and value."""
        check_query(self, query)
        kinds = {column: self.kind(column) for column in query.columns}
        cells = cells_of(query, self._run(cube_sql(query, self._source(query.columns), kinds)))
        if not sum(cells.count):
            raise TableError("empty", file=self.name)
        if query.numbers and bad_numbers(cells):
            raise self._first_bad(query, kinds)
        return cells

    def first_values(self, columns: Sequence[str]) -> dict[str, list[object]]:
        for column in columns:
            self.kind(column)
        names = ", ".join(map(quoted, dict.fromkeys(columns)))
        lists = ", ".join(f"list(DISTINCT {quoted(column)})" for column in columns)
        found = self._run(f"SELECT {lists} FROM (SELECT {names} FROM {self._source(list(columns))} LIMIT {FIRST_ROWS})")
        return {column: list(values or []) for column, values in zip(columns, found[0], strict=True)}

    def _first_bad(self, query: Query, kinds: dict[str, str]) -> TableError:
        """Which column, and the smallest of its values that is no number."""
        for column in query.numbers:
            v = number(column, kinds[column])
            low, high = (0, 1) if query.bin and query.bin.column == column else (-VALUE_LIMIT, VALUE_LIMIT)
            text = f"min(CAST({quoted(column)} AS VARCHAR))"
            found = self._run(
                f"SELECT {text} FROM {self._source([column])} WHERE NOT (isfinite({v}) AND {v} >= {low} AND {v} <= {high})"
            )
            if found and found[0][0] is not None:
                return bad_number(column, str(found[0][0]), query)
        return TableError("changed", file=self.name)

    def patterns(self, keys: Sequence[str], unit: str) -> tuple[int, list[tuple[Pattern, int]]]:
        self.kind(unit)
        columns, source = ", ".join(f"{quoted(key)} AS k{n}" for n, key in enumerate(keys)), self._source([*keys, unit])
        id_ = quoted(unit)
        if self.kind(unit) == "text":
            id_ = f"nullif(trim(CAST({id_} AS VARCHAR)), '')"
        rows, named, units = self._run(f"SELECT count(*), count({id_}), count(DISTINCT {id_}) FROM {source}")[0]
        if named == units:
            return rows - named, []
        names = ", ".join(f"k{n}" for n in range(len(keys)))
        packed = ", ".join(f"k{n} := k{n}" for n in range(len(keys)))
        # The same children in the same cells are one pattern: resampling children is then resampling patterns by their numbers.
        found = self._run(
            f"WITH cells AS (SELECT {id_} AS id, {columns}, count(*) AS n FROM {self._source([*keys, unit])} WHERE {id_} IS NOT NULL GROUP BY ALL), "
            f"units AS (SELECT id, list(struct_pack({packed}, n := n) ORDER BY ({names}, n)) AS pattern FROM cells GROUP BY id) "
            "SELECT pattern, count(*) FROM units GROUP BY pattern"
        )
        return rows - named, [(_pattern(pattern, len(keys)), int(number_of)) for pattern, number_of in found]

    def finish(self) -> str | None:
        return self._stamp.check()

    def close(self) -> None:
        self._connection.close()
        self._stamp._pool.shutdown(wait=False)
        shutil.rmtree(self._temporary, ignore_errors=True)

    def __enter__(self) -> "DuckTable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _pattern(cells: list[dict[str, Any]], keys: int) -> Pattern:
    return tuple((tuple(cell[f"k{place}"] for place in range(keys)), int(cell["n"])) for cell in cells)


def bad_numbers(cells: Cells) -> bool:
    """Whether a column of numbers held something else."""
    return NO_NUMBER in cells.bin or NO_NUMBER in cells.at_most or any(cells.sums.get("value_bad", ()))


def bad_number(column: str, value: str, query: Query) -> TableError:
    """The refusal of a value that cannot be computed with: text, a formula, NaN, an infinity, or out of range."""
    text = value.strip()
    try:
        found = float(text)
    except ValueError:
        advice = (
            "Write the point of decimals as a point."
            if re.fullmatch(r"-?\d+,\d+", text)
            else "Mend the value, or leave it empty."
        )
        if text.startswith(("=", "@")):
            advice = "It looks like a formula: save the values instead of the formulas."
        return TableError("number", column=column, value=text[:80], advice=advice)
    if found != found or found in (float("inf"), float("-inf")):
        return TableError("not_finite", column=column, value=text)
    if query.bin and query.bin.column == column:
        advice = (
            f" For a score from 0 to {10 if found <= 10 else 100}, divide by {10 if found <= 10 else 100} first."
            if 1 < found <= 100
            else ""
        )
        return TableError(
            "range", column=column, value=text, what="a score is a probability and", low=0, high=1, advice=advice
        )
    return TableError(
        "range", column=column, value=text, what="a value", low=f"{-VALUE_LIMIT:,}", high=f"{VALUE_LIMIT:,}", advice=""
    )
