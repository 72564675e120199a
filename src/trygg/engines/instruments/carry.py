"""Answers given to one instrument, offered to another one through a mapping. Nothing is filled in here: an offer is shown, and
somebody takes it or leaves it. What stands already is never touched, and a choice that nobody made is never made up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ..conditions import State, Withheld, normalise
from .answers import answer_problems
from .mapping import Line, Mapping, Relation, translated
from .migrate import Change, Do
from .model import Instrument, Item


class Obstacle(StrEnum):
    """Why a line of a mapping gives nothing here."""

    NO_SUCH_SOURCE = "no_such_source"  # the question that it begins at is not in this version
    NO_SUCH_TARGET = "no_such_target"  # ... that it ends at
    SEVERAL_PLACES = "several_places"  # the question is asked about several things, and which one is not known
    NO_COUNTERPART = "no_counterpart"  # the answer cannot be written in the other's words
    ANSWERED = "answered"  # there is an answer already


@dataclass(frozen=True, slots=True)
class Offer:
    """What one answer gives to one question; with an `obstacle` it gives nothing. `partly`: some of what was chosen has no
    counterpart. `source` and `target` name entries of repeated sections, too."""

    source: str
    target: str
    line: Line
    value: Any = None
    partly: bool = False
    obstacle: Obstacle | None = None

    @property
    def look(self) -> bool:
        """Whether somebody must look at it before it counts: the questions are not the same, or something was left out."""
        return self.partly or not self.line.relation.whole


BEST_FIRST = (Relation.EQUAL, Relation.SUPERSET, Relation.SUBSET, Relation.INTERSECTS)


def carry(
    mapping: Mapping,
    source_instrument: Instrument,
    answers: Table[str, Any],
    target_instrument: Instrument,
    existing: Collection[str],
    language: str = "",
) -> list[Offer]:
    """What answers to `source_instrument` give to the blanks of `target_instrument`, in the order of its questions, the closest
    relation first; and each line that gives nothing, with the reason. A question without an answer gives neither.

    `existing`: questions of the target where something stands. `language`: of labels, where choices become words.
    """
    sources, targets = _by_base(source_instrument), _by_base(target_instrument)
    found: list[Offer] = []
    for line in mapping.lines:
        places = targets.get(line.target, ())
        if line.source not in sources:
            found.append(Offer(line.source, line.target, line, obstacle=Obstacle.NO_SUCH_SOURCE))
        elif not places:
            found.append(Offer(line.source, line.target, line, obstacle=Obstacle.NO_SUCH_TARGET))
        else:
            for item in sources[line.source]:
                value = normalise(answers.get(item.id))
                if not isinstance(value, State | Withheld):
                    found.append(_offer(line, item, value, places, existing, language))
    order = {name: place for place, name in enumerate(target_instrument.items)}
    return sorted(found, key=lambda each: (order.get(each.target, len(order)), each.partly, BEST_FIRST.index(each.line.relation)))


def _offer(
    line: Line, source: Item, value: Any, places: Sequence[Item], existing: Collection[str], language: str
) -> Offer:
    if len(places) > 1:
        return Offer(source.id, line.target, line, obstacle=Obstacle.SEVERAL_PLACES)
    target = places[0]
    if target.id in existing:
        return Offer(source.id, target.id, line, obstacle=Obstacle.ANSWERED)
    said = translated(line, source, target, value, language)
    if said is None or answer_problems(target, said):
        return Offer(source.id, target.id, line, obstacle=Obstacle.NO_COUNTERPART)
    members = value if isinstance(value, tuple) else (value,)
    partly = len(members) > 1 and any(translated(line, source, target, each, language) is None for each in members)
    return Offer(source.id, target.id, line, said, partly)


def _by_base(instrument: Instrument) -> dict[str, tuple[Item, ...]]:
    found: dict[str, tuple[Item, ...]] = {}
    for item in instrument.items.values():
        found[item.base_id] = (*found.get(item.base_id, ()), item)
    return found


# A mapping that was written for other versions ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the questions of one side since the mapping was written. `reworded`: ids, as they are now, of questions that
    read otherwise than they did."""

    changes: Sequence[Change] = ()
    reworded: Collection[str] = ()


STAYED = Moved()


def across(mapping: Mapping, source: Moved = STAYED, target: Moved = STAYED) -> Mapping:
    """The mapping as it holds between other versions: its questions and choices under their present ids. What was joined, split,
    reworded, or is to be looked at after the move, only overlaps from then on. A line to a question that is gone stays under its
    old id, and `carry` says so."""
    lines: list[Line] = []
    for line in mapping.lines:
        for moved in _source_side(line, source):
            lines += _target_side(moved, target)
    return replace(mapping, lines=tuple(lines))


def _source_side(line: Line, moved: Moved) -> list[Line]:
    change = next((each for each in moved.changes if line.source in each.source), None)
    if change is None:
        return [_overlaps(line) if line.source in moved.reworded else line]
    if change.do is Do.DROP:
        return [line]
    names = (line.source,) if change.do is Do.KEEP else change.target
    choices = {was: counterpart for was, counterpart in line.choices.items() if was not in change.choices}
    choices |= {now: line.choices.get(was, was) for was, now in change.choices.items()}
    loose = _loose(change) or any(name in moved.reworded for name in names)
    changed = replace(line, choices=choices)
    return [replace(_overlaps(changed) if loose else changed, source=name) for name in names]


def _target_side(line: Line, moved: Moved) -> list[Line]:
    change = next((each for each in moved.changes if line.target in each.source), None)
    if change is None:
        return [_overlaps(line) if line.target in moved.reworded else line]
    if change.do is Do.DROP:
        return [line]
    names = (line.target,) if change.do is Do.KEEP else change.target
    choices = {was: None if now is None else change.choices.get(now, now) for was, now in line.choices.items()}
    for was, now in change.choices.items():
        choices.setdefault(was, now)
    loose = _loose(change) or any(name in moved.reworded for name in names)
    changed = replace(line, choices=choices)
    return [replace(_overlaps(changed) if loose else changed, target=name) for name in names]


def _loose(change: Change) -> bool:
    return change.confirm or change.do in (Do.SPLIT, Do.MERGE)


def _overlaps(line: Line) -> Line:
    """Somebody has to look: of the relation that was written down only this much is sure."""
    return replace(line, relation=Relation.INTERSECTS) if line.relation.whole else line


def inverted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes the other way round: from the newer version to the older one. What was dropped has no way back."""
    opposite = {Do.SPLIT: Do.MERGE, Do.MERGE: Do.SPLIT}
    return tuple(
        Change(opposite.get(each.do, each.do), each.target or each.source, each.source, _one_to_one(each.choices), each.confirm)
        for each in changes
        if each.do is not Do.DROP
    )


def _one_to_one(choices: Table[str, str]) -> dict[str, str]:
    new = list(choices.values())
    return {now: was for was, now in choices.items() if new.count(now) == 1}
