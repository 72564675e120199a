"""What the readers hand over: rows, notes on what was detected, what stands around the records."""

from dataclasses import dataclass
from typing import Any

from .errors import Problem, ReadError
from .limits import Limits

NOTES: dict[str, str] = {
    "format": "The file is {format}.",
    "encoding": "The text is {encoding}.",
    "delimiter": "Columns are separated by {delimiter}.",
    "mixed": "{count} lines are in another encoding than the rest (first at line {lines}); their rows are refused.",
    "sheet": "Read from the sheet {sheet!r}; other sheets: {others}.",
    "header_row": "Column names stand in row {row}; rows above it that were left out: {skipped}.",
    "unnamed_columns": "Columns without a name were called {columns}.",
    "list_path": "The list of records is {path!r} in the file.",
    "keyed": "The records are the {count} named objects in {path!r}; the names are in the column {column!r}.",
    "single": "The file is one record.",
    "no_final_newline": "The last line has no line end: make sure that the file was not cut off.",
}
#: Column that holds the name of each object where a JSON file holds named objects rather than a list.
KEY_COLUMN = "@key"


@dataclass(frozen=True, slots=True)
class Note:
    """Something found out about the file that the person should see; `text` is English."""

    code: str
    params: dict[str, Any]

    @property
    def text(self) -> str:
        """The note in English."""
        return NOTES[self.code].format(**self.params)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands around the records of a JSON file, so that it can be written again: `around` with the records put
    at `path`; `keyed` where they are named objects, `single` where the file is one object."""

    path: tuple[str, ...] = ()
    around: Any = None
    keyed: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came. `number` is the row as a spreadsheet shows it (JSON: the item, from 1). `values` leaves out
    empty cells of tables; in JSON it is the object itself. `problems` of code cannot_decode and not_storable make the
    row unusable, others are remarks."""

    number: int
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()


def name_columns(cells: list[str], name: str, limits: Limits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(column names, those made up for columns without one); refuses duplicates and too many."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > limits.columns:
        raise ReadError("too_many_columns", {"file": name, "found": len(cells), "limit": limits.columns})
    columns: list[str] = []
    made: list[str] = []
    seen: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        column = cell if cell.strip() else f"column {number}"
        if not cell.strip():
            made.append(column)
        if column in seen:
            where = {"first": seen[column], "second": number}
            raise ReadError("duplicate_column", {"file": name, "column": column, **where})
        seen[column] = number
        columns.append(column)
    return tuple(columns), tuple(made)
