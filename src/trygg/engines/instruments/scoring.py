"""Scores, levels and flags, exact and explained. A flag is never averaged away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ..conditions import NOT_APPLICABLE, State, Withheld, evaluate, normalise
from ..depth import Depth
from .answers import Hidden, Visibility, visibility
from .foreign import aia_points
from .model import Basis, Choice, Convention, Flag, Instrument, Item, Scale, Threshold
from .points import Applied, Total, combine, combine_maxima, conclude, counts_on, item_maximum, item_range, total


class Mode(StrEnum):
    """COMPLETED: answers to hidden questions, and values outside the choices, are dropped first; every decision uses it.
    LIVE: every stored answer counts, as in tools that score while one types."""

    COMPLETED = "completed"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Part:
    """What one chosen answer added to a scale. `choice`: its id, the mark of a matrix, or what stood among no choices."""

    item: str
    choice: str
    points: Fraction


class LineState(StrEnum):
    COUNTED = "counted"
    OPEN = "open"  # asked, and nobody has answered, or nobody knows
    HIDDEN = "hidden"  # not asked
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Line:
    """One question of a scale: the points it gave, the most it could give, and why they count or not."""

    item: str
    points: Fraction
    maximum: Fraction
    state: LineState
    parts: tuple[Part, ...] = ()
    outside: tuple[str, ...] = ()  # values that stood among no choices and were dropped


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """The score on one scale.

    `points` out of `out_of`, before adjustments; `current` after them; band and level are those of `current`.
    `minimum` and `maximum`: what the points can still become, by the questions asked now, when the open ones are
    answered. An answer of "we do not know", or a withheld one, leaves its question open. While `complete` is False the
    level may still change.
    """

    scale: str
    points: Fraction
    out_of: Fraction
    current: Fraction
    band: str | None
    level: int | None
    applied: tuple[Applied, ...]
    complete: bool
    minimum: Fraction
    maximum: Fraction
    parts: tuple[Part, ...]
    open_items: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """An answer that no other answer makes up for. `unverified`: the pack says stop, but the question rests on a statement that
    nobody has verified whole, so it is only to be taken further: such a statement may warn, it never blocks."""

    item: str
    choice: str
    flag: Flag
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that the answers give. `not_counted`: items with an answer that does not count, and why."""

    visibility: Visibility
    scores: tuple[ScaleScore, ...]
    flags: tuple[RaisedFlag, ...]
    not_counted: Mapping[str, Hidden]
    mode: Mode = Mode.COMPLETED

    def score(self, scale: str) -> ScaleScore:
        """The score on that scale. Raises KeyError."""
        for score in self.scores:
            if score.scale == scale:
                return score
        raise KeyError(scale)

    @property
    def stopped(self) -> bool:
        return any(raised.flag is Flag.STOP for raised in self.flags)


def assess(
    instrument: Instrument,
    answers: Mapping[str, Any],
    depth: Depth = Depth.FULL,
    phase: str = "",
    mode: Mode = Mode.COMPLETED,
) -> Assessment:
    """Scores, levels and flags of these answers, with what led to them. Stops stand before escalations."""
    asked = visibility(instrument, answers, depth, phase)
    counting = {item.id: _counting(instrument, item, asked, answers, mode) for item in instrument.items.values()}
    lines = {scale.id: _lines(instrument, scale, asked, counting, mode) for scale in instrument.scales}
    totals = {scale.id: _total(scale, lines[scale.id]) for scale in instrument.scales}
    known = asked.answers if mode is Mode.COMPLETED else {name: normalise(value) for name, value in answers.items()}
    flags = [
        _raised(instrument.items[item], mark, choice.flag)
        for item, members in counting.items()
        for mark, choice, _ in members
        if choice is not None and choice.flag is not None
    ]
    return Assessment(
        visibility=asked,
        scores=tuple(_score(instrument, scale, lines[scale.id], totals, known) for scale in instrument.scales),
        flags=tuple(sorted(dict.fromkeys(flags), key=lambda raised: raised.flag is not Flag.STOP)),
        not_counted={name: hidden for name, hidden in asked.hidden.items() if answers.get(name) not in (None, "", [])},
        mode=mode,
    )


def raised_as(item: Item, flag: Flag) -> Flag:
    """What a flag comes to: a stop on a statement that is not verified whole is only to be taken further."""
    return Flag.ESCALATE if flag is Flag.STOP and item.verified != "yes" else flag


def _raised(item: Item, mark: str, flag: Flag) -> RaisedFlag:
    counts_as = raised_as(item, flag)
    return RaisedFlag(item.id, mark, counts_as, unverified=counts_as is not flag)


Member = tuple[str, Choice | None, Any]
"""What was chosen (id or mark), the choice where there is one, the value as it stood."""


def _counting(
    instrument: Instrument, item: Item, asked: Visibility, answers: Mapping[str, Any], mode: Mode
) -> list[Member]:
    """What of an item's answer counts, member by member."""
    if not item.choices and item.matrix is None:
        return []
    value = asked.answers.get(item.id) if mode is Mode.COMPLETED else normalise(answers.get(item.id))
    if value is None or isinstance(value, State | Withheld):
        return []
    members: tuple[Any, ...] = value if isinstance(value, tuple) else (value,)
    aia = instrument.convention is Convention.AIA
    if not aia:
        members = tuple(dict.fromkeys(members))
    if item.matrix is not None:
        return [(str(mark), choice, mark) for mark in members if (choice := _level(item, str(mark))) is not None]
    found: list[Member] = []
    # A list member loses its type when normalised; Canada's convention reads numbers and texts apart.
    raw = answers.get(item.id)
    originals = raw if isinstance(raw, list | tuple) and len(raw) == len(members) else members
    for member, original in zip(members, originals, strict=True):
        choice = item.choice(str(member)) if isinstance(member, str) else None
        if choice is not None or aia:
            found.append((str(member), choice, original))
    return found


def _level(item: Item, mark: str) -> Choice | None:
    """The level that a mark of a matrix names."""
    place, _, level = mark.partition("=")
    dimension = place.rpartition("/")[2]
    for each in item.matrix.dimensions if item.matrix else ():
        if each.id == dimension:
            return next((choice for choice in each.levels if choice.id == level), None)
    return None


def _lines(
    instrument: Instrument, scale: Scale, asked: Visibility, counting: Mapping[str, list[Member]], mode: Mode
) -> tuple[Line, ...]:
    found = []
    for item in instrument.items.values():
        if not counts_on(item, scale.id):
            continue
        members = counting[item.id]
        parts = _parts(item, scale.id, members)
        if members and (item.id not in asked.hidden or mode is Mode.LIVE):
            state = LineState.COUNTED
        elif item.id in asked.hidden:
            state = LineState.HIDDEN
        else:
            state = LineState.NOT_APPLICABLE if asked.answers.get(item.id) is NOT_APPLICABLE else LineState.OPEN
        points = total(part.points for part in parts)
        outside = asked.outside.get(item.id, ()) if mode is Mode.COMPLETED else ()
        found.append(Line(item.id, points, item_maximum(item, scale.id), state, tuple(parts), outside))
    return tuple(found)


def _parts(item: Item, scale: str, members: list[Member]) -> list[Part]:
    if item.matrix is not None:
        return _worst_cell(item, scale, members)
    parts = []
    for mark, choice, original in members:
        points = aia_points(original) if choice is None else choice.points.get(scale)
        if points is not None:
            parts.append(Part(item.id, mark, points))
    return parts


def _worst_cell(item: Item, scale: str, members: list[Member]) -> list[Part]:
    """Of a matrix only the cell with the most points counts: one child's grave harm is not averaged away. Of two levels
    on one dimension of a cell, which no answer should hold, the graver."""
    cells: dict[str, dict[str, Part]] = {}
    for mark, choice, _ in members:
        if choice is not None and scale in choice.points:
            cell, _, dimension = mark.partition("=")[0].rpartition("/")
            part, held = Part(item.id, mark, choice.points[scale]), cells.setdefault(cell, {})
            if dimension not in held or held[dimension].points < part.points:
                held[dimension] = part
    worst = max(cells.values(), key=lambda parts: total(part.points for part in parts.values()), default={})
    return list(worst.values())


def _total(scale: Scale, lines: tuple[Line, ...]) -> Total:
    given = [line.points for line in lines if line.state is LineState.COUNTED]
    among = lines
    if scale.basis is Basis.ASKED:
        among = tuple(line for line in lines if line.state in (LineState.COUNTED, LineState.OPEN))
    return Total(combine(scale.rule, given), combine_maxima(scale.rule, [line.maximum for line in among]))


def _score(
    instrument: Instrument,
    scale: Scale,
    lines: tuple[Line, ...],
    totals: Mapping[str, Total],
    known: Mapping[str, Any],
) -> ScaleScore:
    truths = {
        each.id: evaluate(each.when, known).truth is True
        for each in scale.adjustments
        if not isinstance(each.when, Threshold)
    }
    ending = conclude(scale, totals, truths)
    given = [line.points for line in lines if line.state is LineState.COUNTED]
    open_items = tuple(line.item for line in lines if line.state is LineState.OPEN)
    ranges = [item_range(instrument.items[name], scale.id) for name in open_items]
    parts = [part for line in lines if line.state is LineState.COUNTED for part in line.parts]
    return ScaleScore(
        scale=scale.id,
        points=totals[scale.id].points,
        out_of=totals[scale.id].out_of,
        current=ending.current,
        band=ending.band.id if ending.band else None,
        level=ending.level,
        applied=ending.applied,
        complete=not open_items,
        minimum=combine(scale.rule, given + [low for low, _ in ranges]),
        maximum=combine(scale.rule, given + [high for _, high in ranges]),
        parts=tuple(sorted(parts, key=lambda part: -part.points)),
        open_items=open_items,
        lines=lines,
    )
