"""Scores, bands and flags, exact and explained. Hidden answers never count; a flag is never averaged away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..conditions import NOT_APPLICABLE, ValueType
from ..depth import Depth
from .answers import Hidden, Visibility, visibility
from .model import Band, Choice, Flag, Instrument, Item, Scale


@dataclass(frozen=True, slots=True)
class Part:
    """What one chosen answer added to a scale."""

    item: str
    choice: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """The score on one scale.

    `minimum` and `maximum`: what the score can still become, by the questions asked now, when the open ones are
    answered. An answer of "we do not know", or a withheld one, leaves its question open. The band is that of the score
    so far; while `complete` is False it may still change.
    """

    scale: str
    points: Fraction
    band: str | None
    complete: bool
    minimum: Fraction
    maximum: Fraction
    parts: tuple[Part, ...]
    open_items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    item: str
    choice: str
    flag: Flag


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that the answers give. `not_counted`: items with an answer that does not count, and why."""

    visibility: Visibility
    scores: tuple[ScaleScore, ...]
    flags: tuple[RaisedFlag, ...]
    not_counted: Mapping[str, Hidden]

    def score(self, scale: str) -> ScaleScore:
        """The score on that scale. Raises KeyError."""
        for score in self.scores:
            if score.scale == scale:
                return score
        raise KeyError(scale)


def assess(instrument: Instrument, answers: Mapping[str, Any], depth: Depth = Depth.FULL) -> Assessment:
    """Scores, bands and flags of these answers, with what led to them. Stops stand before escalations."""
    asked = visibility(instrument, answers, depth)
    flags = [
        RaisedFlag(item.id, choice.id, choice.flag)
        for item in _asked_items(instrument, asked)
        for choice in _chosen(item, asked)
        if choice.flag is not None
    ]
    return Assessment(
        visibility=asked,
        scores=tuple(_score(instrument, scale, asked) for scale in instrument.scales),
        flags=tuple(sorted(flags, key=lambda raised: raised.flag is not Flag.STOP)),
        not_counted={name: hidden for name, hidden in asked.hidden.items() if answers.get(name) not in (None, "", [])},
    )


def band_of(scale: Scale, points: Fraction) -> Band | None:
    """The first band whose inclusive upper bound is not passed, compared exactly; None when the scale has no band."""
    for band in scale.bands:
        if band.upto is None or points <= band.upto:
            return band
    return None


def _score(instrument: Instrument, scale: Scale, asked: Visibility) -> ScaleScore:
    if scale.rule != "sum":
        raise ValueError(f"scale {scale.id}: rule {scale.rule!r} is not known")
    parts: list[Part] = []
    open_items: list[str] = []
    lowest = highest = Fraction(0)
    for item in _asked_items(instrument, asked):
        possible = [choice.points[scale.id] for choice in item.choices if scale.id in choice.points]
        if not possible:
            continue
        chosen = _chosen(item, asked)
        parts += [Part(item.id, choice.id, choice.points[scale.id]) for choice in chosen if scale.id in choice.points]
        if not chosen and asked.answers.get(item.id) is not NOT_APPLICABLE:
            open_items.append(item.id)
            low, high = _range(item, scale.id)
            lowest, highest = lowest + low, highest + high
    points = sum((part.points for part in parts), Fraction(0))
    band = band_of(scale, points)
    return ScaleScore(
        scale=scale.id,
        points=points,
        band=band.id if band else None,
        complete=not open_items,
        minimum=points + lowest,
        maximum=points + highest,
        parts=tuple(sorted(parts, key=lambda part: -part.points)),
        open_items=tuple(open_items),
    )


def _range(item: Item, scale: str) -> tuple[Fraction, Fraction]:
    """The least and the most that an answer to the item can add to the scale."""
    points = [choice.points.get(scale, Fraction(0)) for choice in item.choices]
    if item.type is ValueType.CHOICES:
        return sum((p for p in points if p < 0), Fraction(0)), sum((p for p in points if p > 0), Fraction(0))
    return min(points), max(points)


def _asked_items(instrument: Instrument, asked: Visibility) -> list[Item]:
    return [instrument.items[name] for name in asked.visible]


def _chosen(item: Item, asked: Visibility) -> list[Choice]:
    value = asked.answers.get(item.id)
    ids = value if isinstance(value, tuple) else (value,)
    return [choice for choice in item.choices if choice.id in ids]
