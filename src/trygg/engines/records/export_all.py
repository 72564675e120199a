"""Everything out, nothing lost: JSON and flat CSV of whole records, and a source file given back as it came.

`write_json` and `load_json`, `write_csv` and `load_csv` are inverse. `write_source_json` and `write_source_csv` write
the source rows again, cell by cell and key by key, in the shape of the file they came from.
"""

import csv
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, TextIO

from . import guard
from .errors import Problem
from .limits import DEFAULT_LIMITS, Limits
from .model import FIELDS, Item, Kind, RegisterRecord
from .rows import KEY_COLUMN, Envelope
from .source import open_source

FORMAT = "trygg-records/1"
RAW_PREFIX = "raw."
_ITEM_FIELDS = tuple(spec.id for spec in FIELDS.values() if spec.kind is Kind.ITEMS)
_COLUMNS = tuple(f.name for f in fields(RegisterRecord) if f.name != "raw")


def to_dict(record: RegisterRecord) -> dict[str, Any]:
    """The record as plain JSON data; empty fields are left out."""
    found: dict[str, Any] = {}
    for f in fields(RegisterRecord):
        value = getattr(record, f.name)
        if f.name in _ITEM_FIELDS:
            value = [item.as_dict() for item in value]
        elif f.name == "warnings":
            value = [problem.as_dict() for problem in value]
        elif f.name == "html_fields":
            value = list(value)
        if value not in ("", None, [], {}):
            found[f.name] = value
    return found


def from_dict(data: dict[str, Any]) -> RegisterRecord:
    """The record that `to_dict` was given."""
    found = dict(data)
    for name in _ITEM_FIELDS:
        if name in found:
            found[name] = tuple(Item(**item) for item in found[name])
    if "warnings" in found:
        found["warnings"] = tuple(
            Problem(**{key: value for key, value in one.items() if key != "reason"}) for one in found["warnings"]
        )
    if "html_fields" in found:
        found["html_fields"] = tuple(found["html_fields"])
    return RegisterRecord(**found)


def write_json(records: Iterable[RegisterRecord], stream: TextIO) -> int:
    """Whole records as JSON, one a line inside a list; returns how many."""
    stream.write(f'{{"format": "{FORMAT}", "records": [')
    count = _write_items((to_dict(record) for record in records), stream)
    stream.write("]}\n")
    return count


def load_json(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> list[RegisterRecord]:
    """The records of a file that `write_json` wrote; raises `ReadError`."""
    source = open_source(path, list_path="records", limits=limits)
    return [from_dict(row.values) for row in source.rows()]


def write_csv(records: Collection[RegisterRecord], stream: TextIO, *, delimiter: str = ",") -> int:
    """Whole records as one flat table; returns how many. `records` is gone through twice (columns, then rows).

    First the columns of the common record, then each source column as `raw.<column>`. Cells are as `guard.to_cell`
    makes them; an empty cell means that there is nothing. Open the stream with newline="".
    """
    raw: dict[str, None] = {}
    for record in records:
        raw.update(dict.fromkeys(record.raw))
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow([*_COLUMNS, *(RAW_PREFIX + column for column in raw)])
    for record in records:
        flat = to_dict(record)
        values = flat.pop("raw", {})
        cells = [guard.to_cell(flat[name]) if name in flat else "" for name in _COLUMNS]
        cells += [guard.to_cell(values[column]) if column in values else "" for column in raw]
        writer.writerow(cells)
    return len(records)


def load_csv(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[RegisterRecord]:
    """The records of a file that `write_csv` wrote; raises `ReadError`."""
    for row in open_source(path, limits=limits).rows():
        found: dict[str, Any] = {"raw": {}}
        for column, cell in row.values.items():
            value = guard.from_cell(cell)
            if column.startswith(RAW_PREFIX):
                found["raw"][column.removeprefix(RAW_PREFIX)] = value
            else:
                found[column] = value
        yield from_dict(found)


def write_source_json(rows: Iterable[dict[str, Any]], envelope: Envelope | None, stream: TextIO) -> int:
    """The source rows as the JSON file they came from: the same objects in the same surroundings."""
    envelope = envelope or Envelope()
    if envelope.single:
        stream.write(json.dumps(next(iter(rows)), ensure_ascii=False) + "\n")
        return 1
    if not envelope.path and not envelope.keyed:
        stream.write("[")
        count = _write_items(rows, stream)
        stream.write("]\n")
        return count
    items = list(rows)
    records: Any = items
    if envelope.keyed:
        records = {row[KEY_COLUMN]: {key: row[key] for key in row if key != KEY_COLUMN} for row in items}
    whole = _put(envelope.around, envelope.path, records)
    stream.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    return len(items)


def _put(around: Any, path: tuple[str, ...], records: Any) -> Any:
    if not path:
        return records
    return {key: _put(value, path[1:], records) if key == path[0] else value for key, value in around.items()}


def write_source_csv(
    rows: Iterable[dict[str, Any]],
    columns: tuple[str, ...] | list[str],
    stream: TextIO,
    *,
    delimiter: str = ",",
    guarded: bool = True,
) -> int:
    """The source rows as a table with the file's own columns. Cells of XLSX come as text, numbers without a format.

    `guarded=False` gives the file's text exactly and must not be opened in a spreadsheet program.
    """
    shield = guard.guard if guarded else str
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow([shield(column) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([shield(_cell_text(row.get(column))) for column in columns])
        count += 1
    return count


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _write_items(items: Iterable[dict[str, Any]], stream: TextIO) -> int:
    count = 0
    for item in items:
        stream.write(("," if count else "") + "\n" + json.dumps(item, ensure_ascii=False, allow_nan=False))
        count += 1
    stream.write("\n" if count else "")
    return count
