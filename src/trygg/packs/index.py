"""Which facts and items there are, read from packs as they stand, faulty ones too: what checks look things up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trygg.engines.conditions import ValueType
from trygg.engines.instruments import item_rows

from .loader import Kind, Pack


@dataclass(frozen=True, slots=True)
class Declared:
    """A fact or item as declared: type and ids of its choices."""

    id: str
    type: ValueType | None
    choices: tuple[str, ...]
    pack: str
    path: str
    minimum: float | None = None
    maximum: float | None = None
    repeat: str = ""  # the repeated section that an item stands in


MAX_MARKS = 20_000
"""Most marks that one rights matrix may have: rights x groups x levels of all dimensions."""


@dataclass(slots=True)
class Index:
    """Everything declared in a set of packs. The first declaration of a name counts."""

    packs: dict[str, Pack] = field(default_factory=dict)
    facts: dict[str, Declared] = field(default_factory=dict)
    items: dict[str, dict[str, Declared]] = field(default_factory=dict)  # by instrument

    @classmethod
    def of(cls, packs: Iterable[Pack]) -> Index:
        index = cls()
        for pack in packs:
            index.packs.setdefault(pack.id, pack)
            if pack.kind == Kind.RULES:
                for declared in facts_in(pack):
                    index.facts.setdefault(declared.id, declared)
            if pack.kind == Kind.INSTRUMENT:
                index.items.setdefault(pack.id, {declared.id: declared for declared in reversed(items_in(pack))})
        return index


def rows(data: Any, key: str, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a list, with their paths; whatever is no object is passed over (the schema says so)."""
    raw = data.get(key) if isinstance(data, Mapping) else None
    for index, row in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(row, Mapping):
            yield f"{path}.{key}[{index}]" if path else f"{key}[{index}]", row


def facts_in(pack: Pack) -> list[Declared]:
    return [_declared(row, pack.id, path) for path, row in rows(pack.data, "facts")]


def items_in(pack: Pack) -> list[Declared]:
    return [
        _declared(row, pack.id, path, str(section.get("id")) if section.get("repeat") else "")
        for above, section in rows(pack.data, "sections")
        for path, row, _ in item_rows(section, above)
    ]


def _declared(row: Mapping[str, Any], pack: str, path: str, repeat: str = "") -> Declared:
    kind = row.get("type")
    known = ValueType(kind) if isinstance(kind, str) and kind in set(ValueType) else None
    choices = tuple(str(choice.get("id")) for _, choice in rows(row, "choices")) or _marks(row.get("matrix"))
    limits = {name: value for name in ("min", "max") if isinstance(value := row.get(name), int | float)}
    return Declared(str(row.get("id")), known, choices, pack, path, limits.get("min"), limits.get("max"), repeat)


def mark_count(matrix: Any) -> int:
    """How many marks a matrix has, without making them."""
    levels = sum(len(list(rows(dimension, "levels"))) for _, dimension in rows(matrix, "dimensions"))
    return len(list(rows(matrix, "rights"))) * len(list(rows(matrix, "groups"))) * levels


def _marks(matrix: Any) -> tuple[str, ...]:
    """What an answer to a matrix may hold, as `Matrix.marks` says; nothing of one that is too large."""
    if mark_count(matrix) > MAX_MARKS:
        return ()
    return tuple(
        f"{right.get('id')}/{group.get('id')}/{dimension.get('id')}={level.get('id')}"
        for _, right in rows(matrix, "rights")
        for _, group in rows(matrix, "groups")
        for _, dimension in rows(matrix, "dimensions")
        for _, level in rows(dimension, "levels")
    )
