"""Tables of decisions: open, look at the columns, group. DuckDB embedded; other databases through Ibis.

    with open_table(path) as table:
        cells = table.group(Query(keys=("school", "decision")))

Parquet, CSV, Arrow, DuckDB and SQLite are read here; `open_remote` reads PostgreSQL (and whatever else Ibis speaks) there, so that
rows never leave their database. What is wrong with a table is a `TableError`: a code, its parameters and one sentence.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import TableError, no_column

if TYPE_CHECKING:
    from .files import open_table
    from .query import MISSING, NO_NUMBER, SCORE_SCALE, VALUE_SCALE, AtMost, Bin, Cells, Query, Values
    from .remote import ibis_table, open_remote
    from .table import Table

# Loaded when they are asked for: DuckDB and Arrow take 100 MB, and a web server that counts nothing needs neither.
_HOMES = {
    "open_table": "files",
    **dict.fromkeys(
        ("MISSING", "NO_NUMBER", "SCORE_SCALE", "VALUE_SCALE", "AtMost", "Bin", "Cells", "Query", "Values"), "query"
    ),
    "ibis_table": "remote",
    "open_remote": "remote",
    "Table": "table",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "MISSING",
    "NO_NUMBER",
    "SCORE_SCALE",
    "VALUE_SCALE",
    "AtMost",
    "Bin",
    "Cells",
    "Query",
    "Table",
    "TableError",
    "Values",
    "ibis_table",
    "no_column",
    "open_remote",
    "open_table",
]
