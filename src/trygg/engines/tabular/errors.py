"""What can be wrong with a table: a stable code with parameters, and one English sentence that names column and value."""

from difflib import get_close_matches
from typing import Any

MESSAGES: dict[str, str] = {
    "missing": "{file}: there is no such file.",
    "no_file": "{file} is not a file. Give one file, such as decisions.parquet.",
    "format": "{file} cannot be read: a table is Parquet, CSV, Arrow, DuckDB or SQLite ({hint}).",
    "wildcard": "{file}: a file name with * ? or [ would stand for several files. Rename the file.",
    "empty": "{file} has no rows. Check that the right file was chosen and that it was saved.",
    "damaged": "{file} is damaged or cut off, or is not what its name says: {detail}.",
    "encoding": "{file}, line {line}: the text is not UTF-8. Save the file as CSV UTF-8.",
    "ragged": "{file}, line {line}: {detail}. The file may be cut off, or a quote is missing. Save it again.",
    "header": "{file}: {detail}. The first line must name each column once.",
    "too_long": "{file}, line {line}: a value is longer than can be read. Often a quote was opened and never closed.",
    "changed": "{file} changed while it was being read, so nothing was computed. Start again when nobody writes to it.",
    "tables": "{file} holds several tables: {choices}. Say which one with --table.",
    "no_table": "{file} has no table {table!r}. There are: {choices}.",
    "no_tables": "{file} holds no table.",
    "column": "There is no column {column!r}{nearest}. The columns are: {choices}.",
    "mixed": "Column {column!r} holds {found} beside {other}, such as {value!r}. A column must hold one kind of value.",
    "nested": "Column {column!r} holds lists or records ({kind}). Each cell must be one value.",
    "number": "Column {column!r} must hold numbers, but has the value {value!r}. {advice}",
    "not_finite": "Column {column!r} has the value {value!r}, which is no number that can be computed with. Leave it empty instead.",
    "range": "Column {column!r} has the value {value!r}; {what} must lie between {low} and {high}.{advice}",
    "busy": "{file} is locked by another program. Close it there, or make a copy.",
    "no_backend": "Reading {kind} needs the package {package}, which is not installed here.",
    "connection": "The database could not be read: {detail}.",
    "cells": "The columns {columns} cross into more than {limit} combinations. Use fewer columns, or columns with fewer values.",
}


class TableError(Exception):
    """A table that cannot be used as it is. `code` and `params` for a user interface, `str()` is the English sentence."""

    messages = MESSAGES

    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(self.messages[code].format(**params))


def no_column(name: str, columns: list[str]) -> TableError:
    """The refusal of an unknown column, with the nearest name that there is."""
    folded = {column.casefold(): column for column in columns}
    near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
    nearest = f" (did you mean {folded[near[0]]!r}?)" if near else ""
    listed = ", ".join(columns[:30]) + (f" and {len(columns) - 30} more" if len(columns) > 30 else "")
    return TableError("column", column=name, nearest=nearest, choices=listed)
