"""Tables in other databases, through Ibis: the same query is answered there, and only cells come back.

Ibis is loaded when a remote table is named, not before. One transaction holds the table still where the database can.
"""

import math
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from .duck import cells_of
from .errors import TableError, no_column
from .query import MAX_CELLS, MISSING, NO_NUMBER, SCORE_SCALE, VALUE_LIMIT, VALUE_SCALE, Cells, Query, Values
from .table import FIRST_ROWS, Pattern, bad_number, bad_numbers, check_query


def open_remote(url: str, table: str) -> "RemoteTable":
    """A table of PostgreSQL, `postgresql://user@host/database`. Raises TableError without Ibis, connection or table."""
    try:
        import ibis
    except ImportError:
        raise TableError("no_backend", kind="a database", package="ibis-framework[postgres]") from None
    try:
        connection = ibis.connect(url)
        names = connection.list_tables()
    except Exception as error:  # noqa: BLE001  (each driver has its own faults, and Ibis wraps none of them)
        raise TableError("connection", detail=type(error).__name__) from None
    where = url.partition("://")[0] + " database"
    if not table:
        raise TableError("tables", file=where, choices=", ".join(names[:30]))
    if table not in names:
        raise TableError("no_table", file=where, table=table, choices=", ".join(names[:30]))
    raw = getattr(connection, "con", None)
    if raw is not None and connection.name == "postgres":
        raw.rollback()
        raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    return ibis_table(connection, table)


def ibis_table(connection: Any, table: str) -> "RemoteTable":
    """A table of any connection that Ibis made (Spark, DuckDB, Trino ...). Closing the connection is the caller's."""
    return RemoteTable(connection, table)


class RemoteTable:
    """Cells of a table that stays where it is."""

    def __init__(self, connection: Any, table: str) -> None:
        import ibis

        self._ibis, self._connection = ibis, connection
        self.name, self.notes = f"{connection.name} table {table}", list[str]()
        self._table = connection.table(table)

    @property
    def columns(self) -> list[str]:
        return list(self._table.columns)

    def kind(self, column: str) -> str:
        if column not in self._table.columns:
            raise no_column(column, self.columns)
        kind = self._table[column].type()
        if kind.is_boolean():
            return "boolean"
        if kind.is_temporal():
            return "date"
        if kind.is_integer():
            return "integer"
        if kind.is_numeric():
            return "number"
        if kind.is_nested() or kind.is_binary():
            raise TableError("nested", column=column, kind=str(kind))
        return "text"

    def _rows(self, expression: Any) -> list[tuple[Any, ...]]:
        try:
            frame = self._connection.to_pyarrow(expression)
        except Exception as error:  # noqa: BLE001  (as above)
            raise TableError(
                "connection", detail=f"{type(error).__name__}: {str(error).partition(chr(10))[0][:160]}"
            ) from None
        columns = [frame.column(name).to_pylist() for name in frame.column_names]
        return list(zip(*columns, strict=True))

    def group(self, query: Query) -> Cells:
        """As in `duck.cube_sql`, word for word: one test holds the two together."""
        check_query(self, query)
        t = self._table
        keys = {f"k{place}": t[key] for place, key in enumerate(query.keys)}
        sums: dict[str, Any] = {"n": t.count()}
        if query.bin:
            v, bins = self._number(query.bin.column), query.bin.bins
            fits = self._finite(v) & (v >= 0) & (v <= 1)
            inside = self._ibis.least((v * float(bins)).floor().cast("int64"), bins - 1)
            keys["score_bin"] = self._ibis.cases((v.isnull(), MISSING), (fits, inside), else_=NO_NUMBER)
            fixed = (v * float(SCORE_SCALE) + 0.5).floor().cast("int64")
            sums["score"] = self._whole(fits.ifelse(fixed, 0).sum())
        if query.at_most:
            v = self._number(query.at_most.column)
            keys["top"] = self._ibis.cases(
                (v.isnull(), MISSING), (~self._finite(v), NO_NUMBER), (v <= query.at_most.limit, 1), else_=0
            )
        if query.values:
            sums |= self._value_sums(query.values)
        found = t.group_by(**keys).aggregate(**sums) if keys else t.aggregate(**sums)
        cells = cells_of(query, self._rows(found[[*keys, *sums]].limit(MAX_CELLS + 1)))
        if not sum(cells.count):
            raise TableError("empty", file=self.name)
        if query.numbers and bad_numbers(cells):
            raise self._first_bad(query)
        return cells

    def _number(self, column: str) -> Any:
        found = self._table[column]
        if self.kind(column) == "text":
            raise TableError("number", column=column, value="(text)", advice="Make it a column of numbers.")
        return found.cast("float64")

    def _finite(self, v: Any) -> Any:
        return ~(v.isnan() | v.isinf())

    def _whole(self, found: Any) -> Any:
        return found.cast("string")  # a sum of many digits passes through no floating point on its way here

    def _value_sums(self, one: Values) -> dict[str, Any]:
        parts = [self._number(name) for name in (one.column, one.minus) if name]
        fits, bad = self._ibis.literal(True), self._ibis.literal(False)
        fixed = []
        for part in parts:
            inside = self._finite(part) & (part.abs() <= VALUE_LIMIT)
            fits, bad = fits & inside, bad | ~inside
            fixed.append((part * float(VALUE_SCALE) + 0.5).floor().cast("int64").cast("decimal(38, 0)"))
        v = fits.ifelse(fixed[0] - fixed[1] if len(fixed) > 1 else fixed[0], None)
        band = round(one.band * VALUE_SCALE)
        return {
            "value_n": v.count(),
            "value_sum": self._whole(v.sum().fill_null(0)),
            "value_square": self._whole((v * v).sum().fill_null(0)),
            "value_size": self._whole(v.abs().sum().fill_null(0)),
            "value_off": (v.abs() >= band).sum().fill_null(0),
            "value_bad": bad.sum().fill_null(0),
        }

    def first_values(self, columns: Sequence[str]) -> dict[str, list[object]]:
        some = self._table.select(*dict.fromkeys(columns)).limit(FIRST_ROWS)
        return {column: [row[0] for row in self._rows(some.select(column).distinct())] for column in columns}

    def _first_bad(self, query: Query) -> TableError:
        for column in query.numbers:
            v = self._number(column)
            low, high = (0, 1) if query.bin and query.bin.column == column else (-VALUE_LIMIT, VALUE_LIMIT)
            found = self._rows(self._table.filter(~(self._finite(v) & (v >= low) & (v <= high))).select(v=v).limit(1))
            if found:
                value = float(found[0][0])
                return bad_number(column, "nan" if math.isnan(value) else f"{value:g}", query)
        return TableError("changed", file=self.name)

    def patterns(self, keys: Sequence[str], unit: str) -> tuple[int, list[tuple[Pattern, int]]]:
        """As in `table.DuckTable.patterns`; each cell travels as a JSON-like list of texts, since arrays differ by database."""
        self.kind(unit)
        t = self._table
        rows, named, units = self._rows(t.aggregate(r=t.count(), n=t[unit].count(), u=t[unit].nunique()))[0]
        if named == units:
            return int(rows - named), []
        t = t.filter(t[unit].notnull())
        text = [t[key].cast("string").fill_null("\x02") for key in keys]
        joined = text[0]
        for one in text[1:]:
            joined = joined + "\x1f" + one
        cells = t.group_by(id=t[unit], cell=joined).aggregate(n=t.count())
        each = cells.mutate(part=cells.cell + "\x1f" + cells.n.cast("string"))
        by_unit = each.group_by("id").aggregate(pattern=each.part.group_concat("\x1e", order_by=each.part))
        found = self._rows(by_unit.group_by("pattern").aggregate(units=by_unit.count()))
        kinds = [self.kind(key) for key in keys]
        return int(rows - named), [(_parsed(pattern, kinds), int(many)) for pattern, many in found]

    def finish(self) -> str | None:
        return None

    def close(self) -> None:
        """The connection is the caller's, or ends with the process."""

    def __enter__(self) -> "RemoteTable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _parsed(pattern: str, kinds: list[str]) -> Pattern:
    cells = []
    for cell in pattern.split("\x1e"):
        *keys, many = cell.split("\x1f")
        cells.append((tuple(_value(key, kind) for key, kind in zip(keys, kinds, strict=True)), int(many)))
    return tuple(cells)


def _value(text: str, kind: str) -> object:
    if text == "\x02":
        return None
    if kind == "boolean":
        return text.lower() in ("t", "true", "1")
    return int(text) if kind == "integer" else float(text) if kind == "number" else text
