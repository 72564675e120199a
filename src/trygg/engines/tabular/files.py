"""Opening a file as a table: by its first bytes, not by its name alone."""

import csv
from pathlib import Path
from typing import Any

import duckdb

from .duck import connect, literal, quoted
from .errors import TableError
from .table import DuckTable, Table

TEXT = {".csv", ".tsv", ".txt", ".tab"}
HINTS = {
    ".xlsx": "save the sheet as CSV",
    ".xls": "save the sheet as CSV",
    ".ods": "save the sheet as CSV",
    ".json": "save it as CSV or Parquet",
    ".gz": "unpack it first",
    ".zip": "unpack it first",
    ".zst": "unpack it first",
}


def open_table(path: Path | str, table: str = "", threads: int = 0) -> Table:
    """A file as a table; `table` names one where the file holds several. Raises TableError, in words."""
    path = Path(path)
    if any(sign in str(path) for sign in "*?["):
        raise TableError("wildcard", file=path.name)
    if not path.exists():
        raise TableError("missing", file=path.name)
    if not path.is_file():
        raise TableError("no_file", file=path.name)
    with path.open("rb") as stream:
        head = stream.read(16)
    if not head:
        raise TableError("empty", file=path.name)
    if head.startswith(b"PAR1"):
        return DuckTable(path, connect(threads), f"read_parquet({literal(str(path))})")
    if head[8:12] == b"DUCK":
        return _duckdb_file(path, table, threads)
    if head.startswith(b"SQLite format 3"):
        from .sqlite import SqliteTable  # Arrow takes 80 MB: only where it is read

        return SqliteTable(path, table, threads)
    if head.startswith(b"ARROW1") or path.suffix.lower() in (".arrow", ".arrows", ".feather", ".ipc"):
        return _arrow(path, head, threads)
    if path.suffix.lower() in TEXT:
        return _text(path, threads)
    if path.suffix.lower() in (".parquet", ".duckdb", ".sqlite", ".sqlite3", ".db"):
        raise TableError("damaged", file=path.name, detail="it does not begin as such a file does")
    raise TableError("format", file=path.name, hint=HINTS.get(path.suffix.lower(), "save it as one of these"))


def chosen(path: Path, tables: list[str], table: str) -> str:
    """The table meant, in a file of tables."""
    if not tables:
        raise TableError("no_tables", file=path.name)
    if table and table not in tables:
        raise TableError("no_table", file=path.name, table=table, choices=", ".join(tables))
    if not table and len(tables) > 1:
        raise TableError("tables", file=path.name, choices=", ".join(tables))
    return table or tables[0]


def _duckdb_file(path: Path, table: str, threads: int) -> Table:
    connection = connect(threads)
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS source (READ_ONLY)")
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'source' AND table_schema = 'main' ORDER BY 1"
        ).fetchall()
        return DuckTable(path, connection, f"source.main.{quoted(chosen(path, [row[0] for row in names], table))}")
    except duckdb.Error as error:
        connection.close()
        if "lock" in str(error).lower():
            raise TableError("busy", file=path.name) from None
        raise TableError("damaged", file=path.name, detail="DuckDB cannot open it") from None
    except TableError:
        connection.close()
        raise


class _Arrow(DuckTable):
    """DuckDB reads Arrow data from memory maps; the data set must live as long as the connection."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, data: Any) -> None:
        self._data = data
        connection.register("source", data)
        super().__init__(path, connection, "source")


def _arrow(path: Path, head: bytes, threads: int) -> Table:
    import pyarrow as pa
    import pyarrow.dataset
    import pyarrow.ipc

    try:
        if head.startswith(b"ARROW1"):
            data: Any = pyarrow.dataset.dataset(str(path), format="ipc")
            data.count_rows()  # a file without its end is refused here
        else:
            with pa.memory_map(str(path)) as source:
                data = pa.ipc.open_stream(source).read_all()
    except (pa.ArrowInvalid, OSError):
        raise TableError("damaged", file=path.name, detail="it is not a whole Arrow file") from None
    return _Arrow(path, connect(threads), data)


def _text(path: Path, threads: int) -> Table:
    """CSV: every cell as text, so that nothing is guessed from the first rows; numbers are read where numbers are asked for."""
    try:
        # utf-8-sig: spreadsheets put a mark in front.
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            delimiter = _delimiter(first)
            stream.seek(0)
            header = next(csv.reader(stream, delimiter=delimiter, strict=True), [])
    except UnicodeDecodeError:
        raise TableError("encoding", file=path.name, line=1) from None
    except csv.Error:
        raise TableError("header", file=path.name, detail="the quotes of the first line do not add up") from None
    if "\0" in first:
        raise TableError("damaged", file=path.name, detail="it is not text")
    names = [name.strip() for name in header]
    if not all(names):
        raise TableError(
            "header",
            file=path.name,
            detail=f"column {names.index('') + 1} has no name" if names else "the first line is empty",
        )
    folded = [name.casefold() for name in names]
    double = next((name for n, name in enumerate(names) if name.casefold() in folded[:n]), None)
    if double is not None:
        raise TableError("header", file=path.name, detail=f"the column {double!r} stands twice")
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    relation = (
        f"read_csv({literal(str(path))}, auto_detect=false, header=true, delim={literal(delimiter)}, quote='\"', escape='\"', "
        f"nullstr='', columns={{{columns}}})"
    )
    table = DuckTable(path, connect(threads), relation, is_text=True)
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        if stream.read(1) not in (b"\n", b"\r"):
            table.notes.append("no_line_end")
    return table


def _delimiter(line: str) -> str:
    """The sign that parts the header most often, outside quotes."""
    outside = "".join(line.split('"')[::2])
    return max(",;\t|", key=outside.count)
