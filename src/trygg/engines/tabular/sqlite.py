"""SQLite files: read by Python's own SQLite within one transaction, grouped by DuckDB as they stream by.

(DuckDB's SQLite reader is an extension that it fetches from the network; an agency's machine may have none.)
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from .duck import connect, quoted
from .errors import TableError, no_column
from .table import DuckTable, Stamp

BATCH = 50_000
TYPES = {"integer": pa.int64(), "number": pa.float64(), "text": pa.string()}


class SqliteTable(DuckTable):
    """SQLite gives each cell a type of its own: a column that mixes them is refused."""

    def __init__(self, path: Path, table: str, threads: int = 0) -> None:
        from .files import chosen

        self.name, self.notes = path.name, list[str]()
        self._connection, self._is_text, self._relation, self._temporary = connect(threads), False, "source", ""
        self._stamp = Stamp(path)
        self._kinds = {}
        try:
            self._file = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
            # DuckDB asks for the rows from a thread of its own, one at a time.
            self._file.execute("BEGIN")  # what others write from here on is not seen
            names = self._file.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
            self._table = chosen(path, [row[0] for row in names], table)
            self._names = [row[1] for row in self._file.execute(f"PRAGMA table_info({quoted(self._table)})")]
        except sqlite3.Error:
            self.close()
            raise TableError("damaged", file=path.name, detail="SQLite cannot open it") from None
        except TableError:
            self.close()
            raise

    @property
    def columns(self) -> list[str]:
        return self._names

    def kind(self, column: str) -> str:
        if column not in self._names:
            raise no_column(column, self._names)
        if column not in self._kinds:
            self._kinds[column] = self._look(column)
        return self._kinds[column]

    def _look(self, column: str) -> str:
        name = quoted(column)
        try:
            found = {
                kind: (count, value)
                for kind, count, value in self._file.execute(
                    f"SELECT typeof({name}), count(*), min({name}) FROM {quoted(self._table)} WHERE {name} IS NOT NULL GROUP BY 1"
                )
            }
        except sqlite3.Error:
            raise TableError("damaged", file=self.name, detail="SQLite cannot read it") from None
        if "blob" in found:
            raise TableError("nested", column=column, kind="bytes")
        numbers = {kind for kind in found if kind in ("integer", "real")}
        if numbers and "text" in found:
            fewer = min(found, key=lambda kind: found[kind][0])
            other = "numbers" if fewer == "text" else "text"
            raise TableError(
                "mixed",
                column=column,
                found="text" if fewer == "text" else "numbers",
                other=other,
                value=found[fewer][1],
            )
        return "number" if "real" in numbers else "integer" if numbers else "text"

    def _source(self, columns: list[str]) -> str:
        names = list(dict.fromkeys(columns))
        schema = pa.schema([(name, TYPES[self.kind(name)]) for name in names])
        rows = self._file.execute(f"SELECT {', '.join(map(quoted, names))} FROM {quoted(self._table)}")
        self._connection.register("source", pa.RecordBatchReader.from_batches(schema, _batches(rows, schema)))
        return "source"

    def patterns(self, keys: Any, unit: str) -> Any:
        columns = list(dict.fromkeys([*keys, unit]))
        self._source(columns)
        # Read twice there, and a stream passes once: the few columns are copied.
        self._connection.execute("CREATE OR REPLACE TEMP TABLE copied AS SELECT * FROM source")
        self._source = lambda columns: "copied"  # type: ignore[method-assign]
        try:
            return super().patterns(keys, unit)
        finally:
            del self._source

    def close(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()
        super().close()


def _batches(rows: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while found := rows.fetchmany(BATCH):
        yield pa.record_batch(
            [pa.array(column, kind) for column, kind in zip(zip(*found, strict=True), schema.types, strict=True)],
            schema=schema,
        )
