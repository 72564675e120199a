"""Which mapping fits a file: one that comes with Trygg, or a proposal from the column names."""

import copy
from dataclasses import dataclass

from .mapping import SHIPPED, Mapping, build_mapping, find_columns, shipped_mapping


@dataclass(frozen=True, slots=True)
class Guess:
    """A proposed mapping. `sure` where all columns that tell a standard are there; else a person must go through it.
    `unmapped` columns go to extra; without a column for the name `mapping` is None and the person must choose one."""

    mapping: Mapping | None
    sure: bool
    mapped: tuple[str, ...]
    unmapped: tuple[str, ...]


def guess_mapping(columns: tuple[str, ...] | list[str]) -> Guess:
    """The shipped mapping whose telling columns are all there (the one that uses most columns), or a proposal."""
    best: tuple[int, Mapping] | None = None
    for name in SHIPPED:
        mapping = shipped_mapping(name)
        found = find_columns(mapping, columns)
        recognised = mapping.recognise and all(column in found for column in mapping.recognise)
        if recognised and (best is None or len(found) > best[0]):
            best = (len(found), mapping)
    if best is not None:
        return _guess(best[1], columns, sure=True)
    proposal = propose_mapping(columns)
    if proposal is None:
        return Guess(None, False, (), tuple(columns))
    return _guess(proposal, columns, sure=False)


def propose_mapping(columns: tuple[str, ...] | list[str]) -> Mapping | None:
    """The generic mapping cut down to the columns of the file, each used once; None without a column for the name."""
    generic = shipped_mapping("generic")
    found = find_columns(generic, [column.replace("_", " ") for column in columns] + list(columns))
    by_plain = {column.replace("_", " "): column for column in columns}
    data = copy.deepcopy(generic.data)
    taken: set[str] = set()
    fields = {}
    for field, parts in data["fields"].items():
        one = parts[0] if isinstance(parts, list) else parts
        names = [one["from"]] if isinstance(one["from"], str) else one["from"]
        headers = [by_plain.get(found[name], found[name]) for name in names if name in found]
        header = next((header for header in headers if header not in taken), None)
        if header is not None:
            taken.add(header)
            one["from"] = header
            fields[field] = parts
    if "name" not in fields:
        return None
    data["fields"] = fields
    data["key"] = [[by_plain.get(found[key[0]], found[key[0]])] for key in generic.key if key[0] in found]
    return build_mapping(data, "proposal")


def _guess(mapping: Mapping, columns: tuple[str, ...] | list[str], *, sure: bool) -> Guess:
    found = find_columns(mapping, columns)
    used = {column for parts in mapping.fields.values() for part in parts for column in part.columns}
    mapped = {found[column] for column in used if column in found}
    return Guess(
        mapping,
        sure,
        tuple(column for column in columns if column in mapped),
        tuple(column for column in columns if column not in mapped),
    )
