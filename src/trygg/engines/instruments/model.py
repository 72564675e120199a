"""Typed form of an instrument: sections, items, choices, scales. `load` makes it from data that `packs.check` has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from ..conditions import Always, Node, Subject, ValueType, names
from ..depth import Depth

Text = Mapping[str, str]  # language -> words
EVERYBODY = Always(True)
REPEATED = "@"  # stands between the id of a repeated item and the id of the entry that it is about


class InstrumentError(ValueError):
    """The instrument can't be used: an id stands twice, or questions decide about each other in a circle."""


class Flag(StrEnum):
    """One answer that no score may average away."""

    STOP = "stop"
    ESCALATE = "escalate"


class EvidenceRule(StrEnum):
    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Rule(StrEnum):
    """How the points of questions become those of a scale."""

    SUM = "sum"
    MAX = "max"
    MEAN = "mean"  # over the questions that were answered
    ANY = "any"  # 1 as soon as one question has points, otherwise 0


class Basis(StrEnum):
    """Which questions the maximum of a scale is taken over."""

    ASKED = "asked"
    ALL = "all"


class Measure(StrEnum):
    """What the bounds of bands are compared with."""

    POINTS = "points"
    SHARE = "share"  # points divided by the maximum


class Rounding(StrEnum):
    """To a whole number; HALF_UP takes 8.5 to 9 and -8.5 to -8."""

    NONE = "none"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


class Convention(StrEnum):
    """What an answer that stands among no choices is worth."""

    TRYGG = "trygg"  # nothing, and it decides nothing
    AIA = "aia"  # Canada's Algorithmic Impact Assessment: the number after its last hyphen; see `foreign`


@dataclass(frozen=True, slots=True)
class Choice:
    """`value`: what other programs write for this choice, where that is not its id."""

    id: str
    label: Text
    points: Mapping[str, Fraction]
    flag: Flag | None = None
    value: str | int | float | bool | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a level asks of somebody: becomes a task when the assessment is locked at that level."""

    id: str
    text: Text
    role: str
    due_days: int | None = None
    evidence: EvidenceRule = EvidenceRule.NONE


@dataclass(frozen=True, slots=True)
class Band:
    """`upto` belongs to the band when `inclusive`; the last band has none."""

    id: str
    title: Text
    upto: Fraction | None = None
    inclusive: bool = True
    obligations: tuple[Obligation, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """Holds when the points of `scale` reach `at_least` (x `times` x its maximum, when `share`). Points before any adjustment."""

    scale: str
    at_least: Fraction
    share: bool = False
    times: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """When it holds: points x multiply + add, then rounded. `when`: points of a scale, or a condition over answers."""

    id: str
    when: Threshold | Node
    multiply: Fraction
    add: Fraction
    rounding: Rounding
    reason: Text


@dataclass(frozen=True, slots=True)
class Scale:
    id: str
    title: Text
    rule: Rule
    bands: tuple[Band, ...]
    basis: Basis = Basis.ASKED
    measure: Measure = Measure.POINTS
    rounding: Rounding = Rounding.NONE
    adjustments: tuple[Adjustment, ...] = ()

    def band(self, band_id: str | None) -> Band | None:
        """That band; None when there is none of that id."""
        return next((band for band in self.bands if band.id == band_id), None)


@dataclass(frozen=True, slots=True)
class Row:
    """A right, a group of children."""

    id: str
    label: Text
    refs: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is said about a right of a group: severity, reach, reversibility ... `levels` stand in order, lowest first."""

    id: str
    label: Text
    levels: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rights x groups of children x dimensions. An answer is a list of marks `right/group/dimension=level`."""

    rights: tuple[Row, ...]
    groups: tuple[Row, ...]
    dimensions: tuple[Dimension, ...]

    def marks(self) -> tuple[str, ...]:
        """Every mark that there can be, in order."""
        return tuple(
            f"{right.id}/{group.id}/{dimension.id}={level.id}"
            for right in self.rights
            for group in self.groups
            for dimension in self.dimensions
            for level in dimension.levels
        )


@dataclass(frozen=True)
class Item:
    """`key`: its name in other programs. `phases`: in which it is asked; none named: in all. `headings`: ids of the nested
    sections that it stands in, outermost first. `repeat`: id of the repeated section; `entry`: which of its entries."""

    id: str
    section: str
    type: ValueType
    depth: Depth
    required: bool
    text: Text
    help: Text | None
    plain: Text | None
    choices: tuple[Choice, ...]
    visible_when: Node | None
    evidence: EvidenceRule
    asked_of: tuple[str, ...]
    refs: tuple[Mapping[str, str], ...]
    source: str
    verified: str
    minimum: float | None = None
    maximum: float | None = None
    matrix: Matrix | None = None
    phases: tuple[str, ...] = ()
    key: str = ""
    headings: tuple[str, ...] = ()
    repeat: str = ""
    entry: str = ""

    @cached_property
    def choice_ids(self) -> tuple[str, ...]:
        """What an answer may hold: ids of choices, or the marks of a matrix."""
        return self.matrix.marks() if self.matrix else tuple(choice.id for choice in self.choices)

    @cached_property
    def _by_id(self) -> Mapping[str, Choice]:
        return {choice.id: choice for choice in self.choices}

    def choice(self, choice_id: str) -> Choice | None:
        return self._by_id.get(choice_id)

    @property
    def base_id(self) -> str:
        """Its id in the pack, without the entry."""
        return self.id.partition(REPEATED)[0]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A section that is answered once for each of something: each intended use, each group of children."""

    of: Text  # what one entry is called
    minimum: int = 1
    maximum: int = 20


@dataclass(frozen=True, slots=True)
class Heading:
    """A section inside a section."""

    id: str
    title: Text
    intro: Text | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A page. `items` are all that stand in it, also in nested sections, in reading order."""

    id: str
    title: Text
    intro: Text | None
    items: tuple[Item, ...]
    headings: tuple[Heading, ...] = ()
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A phase or a role."""

    id: str
    title: Text


@dataclass(frozen=True)
class Instrument:
    """`languages`: every text is whole in each of them, the first is that of reference."""

    id: str
    version: str
    title: Text
    sections: tuple[Section, ...]
    scales: tuple[Scale, ...] = ()
    languages: tuple[str, ...] = ("en", "sv")
    phases: tuple[Named, ...] = ()
    roles: tuple[Named, ...] = ()
    convention: Convention = Convention.TRYGG
    applies_when: Node = EVERYBODY  # over facts: for whom the questions are made
    entries: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # section -> (entry, its name)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item by id, in the order in which they stand."""
        return {item.id: item for section in self.sections for item in section.items}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Ids of items, each after those that decide whether it is asked. Raises InstrumentError on a circle."""
        waits_for = {
            item.id: sorted(names(item.visible_when, Subject.ITEM) & self.items.keys()) if item.visible_when else []
            for item in self.items.values()
        }
        try:
            return tuple(TopologicalSorter(waits_for).static_order())
        except CycleError as error:
            raise InstrumentError(
                "questions decide about each other in a circle: " + " -> ".join(error.args[1])
            ) from error

    @cached_property
    def follow_ups(self) -> Mapping[str, frozenset[str]]:
        """Item -> the items whose being asked it decides directly."""
        found: dict[str, set[str]] = {}
        for item in self.items.values():
            for decider in names(item.visible_when, Subject.ITEM) if item.visible_when else ():
                found.setdefault(decider, set()).add(item.id)
        return {decider: frozenset(items) for decider, items in found.items()}

    @cached_property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """Name in other programs -> ids of the items that it answers; an item without one goes by its id."""
        found: dict[str, tuple[str, ...]] = {}
        for item in self.items.values():
            name = item.key or item.id
            found[name] = (*found.get(name, ()), item.id)
        return found

    def scale(self, scale_id: str) -> Scale:
        """That scale. Raises KeyError."""
        for scale in self.scales:
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)

    @property
    def headline(self) -> Scale | None:
        """The scale whose level is the result: the first that has bands."""
        return next((scale for scale in self.scales if scale.bands), None)
