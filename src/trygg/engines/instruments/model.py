"""Typed form of an instrument: sections, items, choices, scales. Made from data that `packs.check` has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ..conditions import Node, Subject, ValueType, names, parse
from ..depth import Depth

Text = Mapping[str, str]  # language -> words


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


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: Text
    points: Mapping[str, Fraction]
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """`upto` is inclusive; the last band has none."""

    id: str
    title: Text
    upto: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    id: str
    title: Text
    rule: str  # sum
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Item:
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

    @property
    def choice_ids(self) -> tuple[str, ...]:
        return tuple(choice.id for choice in self.choices)

    def choice(self, choice_id: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.id == choice_id), None)


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    intro: Text | None
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Instrument:
    id: str
    version: str
    title: Text
    sections: tuple[Section, ...]
    scales: tuple[Scale, ...] = ()

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


def load_instrument(data: Mapping[str, Any]) -> Instrument:
    """The instrument from the data of its file.

    Raises InstrumentError, KeyError, ValueError or ConditionErrors on data that the check would have refused.
    """
    instrument = Instrument(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        sections=tuple(_section(raw, f"sections[{index}]") for index, raw in enumerate(data["sections"])),
        scales=tuple(_scale(raw) for raw in data.get("scales") or ()),
    )
    if len(instrument.items) != sum(len(section.items) for section in instrument.sections):
        raise InstrumentError("an item's id stands twice")
    _ = instrument.order
    return instrument


def exact(number: Any) -> Fraction:
    """Points as they are written: 0.1 is one tenth. Raises ValueError for what is no number."""
    return Fraction(str(number))


def _scale(raw: Mapping[str, Any]) -> Scale:
    bands = tuple(
        Band(band["id"], band["title"], exact(band["upto"]) if "upto" in band else None) for band in raw["bands"]
    )
    return Scale(raw["id"], raw["title"], raw["rule"], bands)


def _section(raw: Mapping[str, Any], path: str) -> Section:
    items = tuple(_item(item, raw["id"], f"{path}.items[{index}]") for index, item in enumerate(raw["items"]))
    return Section(raw["id"], raw["title"], raw.get("intro"), items)


def _item(raw: Mapping[str, Any], section: str, path: str) -> Item:
    condition = raw.get("visible_when")
    return Item(
        id=raw["id"],
        section=section,
        type=ValueType(raw["type"]),
        depth=Depth(raw["depth"]),
        required=raw.get("required", False),
        text=raw["text"],
        help=raw.get("help"),
        plain=raw.get("plain"),
        choices=tuple(_choice(choice) for choice in raw.get("choices") or ()),
        visible_when=None
        if condition is None
        else parse(condition, f"{path}.visible_when", subjects=(Subject.ITEM,), allow_date=False),
        evidence=EvidenceRule(raw.get("evidence", "none")),
        asked_of=tuple(raw.get("asked_of") or ()),
        refs=tuple(raw.get("refs") or ()),
        source=raw["source"],
        verified=raw["verified"],
        minimum=raw.get("min"),
        maximum=raw.get("max"),
    )


def _choice(raw: Mapping[str, Any]) -> Choice:
    points = {scale: exact(number) for scale, number in (raw.get("points") or {}).items()}
    return Choice(raw["id"], raw["label"], points, Flag(raw["flag"]) if "flag" in raw else None)
