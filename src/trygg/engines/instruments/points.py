"""Exact arithmetic of scales: what a question can give, how questions become a scale, adjustments, bands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from ..conditions import ONE_CHOICE
from .model import Band, Item, Measure, Rounding, Rule, Scale, Threshold

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Total:
    """Points on a scale before any adjustment, and the scale's maximum."""

    points: Fraction
    out_of: Fraction


@dataclass(frozen=True, slots=True)
class Applied:
    """One adjustment: whether it held, and what it did. `reached` and `needed` are points where a threshold decides."""

    adjustment: str
    held: bool
    before: Fraction
    after: Fraction
    reached: Fraction | None = None
    needed: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """`current`: points after the adjustments. `level`: number of the band, from 1; None where the scale has no bands."""

    current: Fraction
    band: Band | None
    level: int | None
    applied: tuple[Applied, ...]


def counts_on(item: Item, scale: str) -> bool:
    """Whether the question can give points on the scale, be it none."""
    if item.matrix is not None:
        return any(scale in level.points for dimension in item.matrix.dimensions for level in dimension.levels)
    return any(scale in choice.points for choice in item.choices)


def item_range(item: Item, scale: str) -> tuple[Fraction, Fraction]:
    """The least and the most that an answer to the item can give on the scale."""
    if item.matrix is not None:
        # A cell may be half filled in: a dimension that takes points away need not be there.
        levels = [[level.points.get(scale, ZERO) for level in each.levels] for each in item.matrix.dimensions]
        low, high = [min(each) for each in levels], [max(each) for each in levels]
        most = sum((p for p in high if p > 0), ZERO) or max(high)
        return sum((p for p in low if p < 0), ZERO) or min(low), most
    points = [choice.points.get(scale, ZERO) for choice in item.choices]
    if item.type in ONE_CHOICE:
        return min(points, default=ZERO), max(points, default=ZERO)
    return sum((p for p in points if p < 0), ZERO), sum((p for p in points if p > 0), ZERO)


def item_maximum(item: Item, scale: str) -> Fraction:
    """The most that the item adds to the maximum of the scale: of one choice the highest, of several all; never below 0."""
    return max(ZERO, item_range(item, scale)[1])


def combine(rule: Rule, points: Sequence[Fraction]) -> Fraction:
    """Points of the questions that count, as points of the scale; 0 when there are none."""
    if not points:
        return ZERO
    match rule:
        case Rule.SUM:
            return sum(points, ZERO)
        case Rule.MAX:
            return max(points)
        case Rule.MEAN:
            return sum(points, ZERO) / len(points)
        case Rule.ANY:
            return ONE if any(each > 0 for each in points) else ZERO


def combine_maxima(rule: Rule, maxima: Sequence[Fraction]) -> Fraction:
    """The scale's maximum. Of a mean: the largest maximum of one question, which no set of answers passes."""
    return combine(Rule.MAX if rule is Rule.MEAN else rule, maxima)


def rounded(number: Fraction, how: Rounding) -> Fraction:
    """The number rounded to a whole one, as said; exactly."""
    match how:
        case Rounding.NONE:
            return number
        case Rounding.HALF_UP:
            return Fraction(floor(number + HALF))
        case Rounding.HALF_EVEN:
            return Fraction(round(number))
        case Rounding.UP:
            return Fraction(ceil(number))
        case Rounding.DOWN:
            return Fraction(floor(number))


def needed(threshold: Threshold, totals: Mapping[str, Total]) -> Fraction:
    """The points that reach the threshold."""
    share = totals[threshold.scale].out_of * threshold.times if threshold.share else threshold.times
    return threshold.at_least * share


def conclude(scale: Scale, totals: Mapping[str, Total], truths: Mapping[str, bool]) -> Conclusion:
    """From points to the level: adjustments in order, rounding, band.

    `totals`: of every scale. `truths`: for each adjustment whose `when` is a condition over answers, whether it holds.
    """
    current = totals[scale.id].points
    applied = []
    for adjustment in scale.adjustments:
        reached = limit = None
        if isinstance(adjustment.when, Threshold):
            reached, limit = totals[adjustment.when.scale].points, needed(adjustment.when, totals)
            held = reached >= limit
        else:
            held = truths[adjustment.id]
        before = current
        if held:
            current = rounded(current * adjustment.multiply + adjustment.add, adjustment.rounding)
        applied.append(Applied(adjustment.id, held, before, current, reached, limit))
    current = rounded(current, scale.rounding)
    band = band_of(scale, current, totals[scale.id].out_of)
    return Conclusion(current, band, scale.bands.index(band) + 1 if band else None, tuple(applied))


def band_of(scale: Scale, points: Fraction, out_of: Fraction = ZERO) -> Band | None:
    """The first band whose upper bound is not passed, compared exactly; None when the scale has no band.

    On a scale measured in shares the bound is that share of `out_of`.
    """
    for band in scale.bands:
        if band.upto is None:
            return band
        bound = band_bound(scale, band, out_of)
        if bound is not None and (points <= bound if band.inclusive else points < bound):
            return band
    return None


def band_bound(scale: Scale, band: Band, out_of: Fraction) -> Fraction | None:
    """The upper bound of a band in points; None for the last."""
    if band.upto is None:
        return None
    return band.upto * out_of if scale.measure is Measure.SHARE else band.upto


def total(points: Iterable[Fraction]) -> Fraction:
    """The sum, exactly."""
    return sum(points, ZERO)
