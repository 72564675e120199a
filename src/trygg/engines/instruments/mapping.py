"""Which question of one instrument asks what another one asks (or which requirement of one framework another's).

A mapping says how what the two ask relate, and how an answer is written in the other's words. What is made of that (what is
offered, and where) is decided elsewhere: nothing is filled in here.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ..conditions import State, ValueType, Withheld, normalise
from .model import Item, Text


class Relation(StrEnum):
    """What `source` asks, compared with what `target` asks: "subset" is narrower."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"

    @property
    def whole(self) -> bool:
        """Whether an answer can be carried whole. Otherwise it is a beginning, which somebody must look at."""
        return self in (Relation.EQUAL, Relation.SUPERSET)

    @property
    def reverse(self) -> Relation:
        return {Relation.SUBSET: Relation.SUPERSET, Relation.SUPERSET: Relation.SUBSET}.get(self, self)


@dataclass(frozen=True, slots=True)
class End:
    """One of the two packs, in the version that the mapping was written against."""

    pack: str
    version: str


@dataclass(frozen=True, slots=True)
class Line:
    """One correspondence. `choices`: choice of `source` -> choice of `target`, None where it has none; a choice that stands
    not there keeps its id. `reference`: the source that it rests on."""

    source: str
    target: str
    relation: Relation
    choices: Table[str, str | None]
    note: Text | None
    reference: str
    verified: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """`derived`: it is the reverse of the one that stands in the pack."""

    id: str
    version: str
    title: Text
    source: End
    target: End
    lines: tuple[Line, ...]
    derived: bool = False

    def from_item(self, item: str) -> tuple[Line, ...]:
        """The lines that begin at this question, in their order."""
        return tuple(line for line in self.lines if line.source == item)

    def to_item(self, item: str) -> tuple[Line, ...]:
        """The lines that end at this question, in their order: the first that gives something counts."""
        return tuple(line for line in self.lines if line.target == item)


def load_mapping(data: Table[str, Any]) -> Mapping:
    """The mapping from the data of its file. Raises KeyError, ValueError or TypeError on data that the check refuses."""
    return Mapping(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        source=End(data["from"]["pack"], data["from"]["version"]),
        target=End(data["to"]["pack"], data["to"]["version"]),
        lines=tuple(
            Line(
                source=row["from"],
                target=row["to"],
                relation=Relation(row["relation"]),
                choices=dict(row.get("choices") or {}),
                note=row.get("note"),
                reference=row["source"],
                verified=row["verified"],
            )
            for row in data["map"]
        ),
    )


def reverse(mapping: Mapping) -> Mapping:
    """The mapping in the other direction. Of several choices that become one, none comes back: which one is not known."""
    lines = tuple(
        replace(
            line,
            source=line.target,
            target=line.source,
            relation=line.relation.reverse,
            choices=_inverted(line.choices),
        )
        for line in mapping.lines
    )
    return replace(mapping, source=mapping.target, target=mapping.source, lines=lines, derived=not mapping.derived)


def _inverted(choices: Table[str, str | None]) -> dict[str, str | None]:
    """Target choice -> source choice where exactly one leads there; None where several do. A choice that became another
    one, or none, does not come back from one that happens to have its id."""
    found: dict[str, str | None] = {}
    for source, target in choices.items():
        if target is not None:
            found[target] = None if target in found else source
    for source in choices:
        found.setdefault(source, None)
    return found


# How an answer is written in the other's words ------------------------------------------------------------------------

ONE = (ValueType.CHOICE, ValueType.SCALE)
LISTED = (*ONE, ValueType.CHOICES)
AS_THEY_ARE = (ValueType.NUMBER, ValueType.DATE, ValueType.TEXT, ValueType.PARTY)
NEVER = (ValueType.FILE, ValueType.SIGN, ValueType.RIGHTS_MATRIX)
"""A signature is given, a file is attached and a matrix is filled in anew: none of them is taken over."""


def fits(source: ValueType | None, target: ValueType | None, relation: Relation) -> bool:
    """Whether answers to one sort of question can be written as answers to the other.

    Words can be begun from choices, a number or a day, where somebody looks at them (subset, intersects).
    """
    if source is None or target is None or source in NEVER or target in NEVER:
        return False
    if source in LISTED and target in LISTED:
        return True
    if source in AS_THEY_ARE and source is target:
        return True
    return target is ValueType.TEXT and not relation.whole


def translated(line: Line, source: Item, target: Item, value: Any, language: str = "") -> Any:
    """The answer as `target` takes it; None when nothing can be carried: it is no answer, its choice has no counterpart,
    there are several where one is asked, or the sorts do not fit. `language`: of the labels, where choices become words."""
    value = normalise(value)
    if isinstance(value, State | Withheld) or not fits(source.type, target.type, line.relation):
        return None
    if source.type in LISTED and target.type in LISTED:
        return _chosen(line, source, target, value)
    if target.type is ValueType.TEXT and source.type is not ValueType.TEXT:
        return _in_words(source, value, language)
    return value


def _chosen(line: Line, source: Item, target: Item, value: Any) -> Any:
    members = value if isinstance(value, tuple) else (str(value),)
    counterparts = [_counterpart(line, source, target, member) for member in members]
    found = tuple(dict.fromkeys(each for each in counterparts if each is not None))
    if not found:
        return None
    if target.type is ValueType.CHOICES:
        return found
    # Of several answers none is the one: choosing is for people.
    return found[0] if len(members) == 1 else None


def _counterpart(line: Line, source: Item, target: Item, member: str) -> str | None:
    if member not in source.choice_ids:
        return None
    # Under its own id where nothing is said, unless that is the counterpart of another choice.
    own = None if member in line.choices.values() else member
    kept = line.choices.get(member, own)
    return kept if kept in target.choice_ids else None


def _in_words(source: Item, value: Any, language: str) -> str | None:
    if source.type in LISTED:
        members = value if isinstance(value, tuple) else (str(value),)
        labels = [choice.label for member in members if (choice := source.choice(member)) is not None]
        said = [label.get(language) or label.get("en") or next(iter(label.values())) for label in labels]
        return "; ".join(said) or None
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


# What a mapping leaves open --------------------------------------------------------------------------------------------


def open_choices(choices: Table[str, str | None], source: Sequence[str], target: Sequence[str]) -> list[str]:
    """Choices of `source` about which nothing is said, and that `target` has not under the same id, or has as the
    counterpart of another one."""
    taken = set(choices.values())
    return [each for each in source if each not in choices and (each not in target or each in taken)]
