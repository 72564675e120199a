"""Answers as SurveyJS keeps them: tables as objects, repeated panels as lists; and the files that Canada's AIA saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..foreign import from_foreign
from ..model import REPEATED, Instrument
from ..repeats import expand

_MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Record:
    """`instrument`: with the entries that these answers speak of. `unknown`: names that it does not know."""

    instrument: Instrument
    answers: Mapping[str, Any]
    unknown: tuple[str, ...]


def answers_in(raw: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers of a record: they may stand under `data`, as in the files that Canada's AIA saves, beside the page one was
    on and translations of free texts. `known`: names of questions; one may be called `data`."""
    inner = raw.get("data")
    return inner if isinstance(inner, Mapping) and "data" not in known else raw


def record(instrument: Instrument, raw: Mapping[str, Any]) -> Record:
    """One set of answers by item. `instrument` as loaded: repeated sections get the entries that the answers have."""
    keys = instrument.keys
    flat: dict[str, Any] = {}
    entries: dict[str, list[tuple[str, str]]] = {}
    unknown: list[str] = []
    for name, value in answers_in(raw, keys).items():
        if name in keys or name in instrument.items:
            flat[name] = value
        elif isinstance(value, Mapping):
            _table(name, value, keys, flat, unknown)
        elif isinstance(value, list) and any(key.startswith(f"{name}[].") for key in keys):
            _entries(instrument, name, value, entries, flat, unknown)
        elif REPEATED in name and name.partition(REPEATED)[0] in instrument.items:
            item, _, entry = name.partition(REPEATED)
            section = instrument.items[item].section
            rows = entries.setdefault(section, [])
            if entry and (entry, "") not in rows and len(rows) < _MOST_ENTRIES:
                rows.append((entry, ""))
            flat[name] = value
        else:
            unknown.append(name)
    whole = expand(instrument, entries)
    known, others = from_foreign(whole, {name: value for name, value in flat.items() if REPEATED not in name})
    again, more = from_foreign(whole, {name: value for name, value in flat.items() if REPEATED in name})
    known |= again
    for name, value in known.items():
        item_ = whole.items.get(name)
        if item_ is not None and item_.type == "sign" and isinstance(value, str) and value:
            known[name] = True
    return Record(whole, known, (*unknown, *others, *more))


def _table(
    name: str, value: Mapping[str, Any], keys: Mapping[str, Any], flat: dict[str, Any], unknown: list[str]
) -> None:
    for row, cell in value.items():
        key = f"{name}.{row}"
        if key in keys:
            flat[key] = cell
        elif isinstance(cell, Mapping):
            for column, inner in cell.items():
                if f"{key}.{column}" in keys:
                    flat[f"{key}.{column}"] = inner
                else:
                    unknown.append(f"{key}.{column}")
        else:
            unknown.append(key)


def _entries(
    instrument: Instrument, name: str, value: list[Any], entries: dict[str, list[tuple[str, str]]], flat: dict[str, Any],
    unknown: list[str],
) -> None:  # fmt: skip
    for number, entry in enumerate(value[:_MOST_ENTRIES], start=1):
        for inner, answer in entry.items() if isinstance(entry, Mapping) else ():
            items = instrument.keys.get(f"{name}[].{inner}", ())
            if not items:
                unknown.append(f"{name}[{number - 1}].{inner}")
            for item in items:
                rows = entries.setdefault(instrument.items[item].section, [])
                if (str(number), "") not in rows:
                    rows += [(str(each), "") for each in range(len(rows) + 1, number + 1)]
                flat[f"{item}{REPEATED}{number}"] = answer
