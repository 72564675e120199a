"""Which groups are compared with which, what is shown by it, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .cube import Cube
from .groups import Groups
from .spec import HEADLINE, Spec
from .stats import (
    Floats,
    benjamini_hochberg,
    detectable_difference,
    difference_test,
    divided,
    growth_needed,
    holm,
    missing_bounds,
    newcombe,
)
from .values import same
from .verdicts import Against, Verdict

ALPHA, FALSE_SHARE, EQUIVALENCE_LEVEL = 0.05, 0.10, 0.90


@dataclass(frozen=True, slots=True)
class Pair:
    """A group and what it is compared with; `reference` is a group where `against` says so."""

    group: int
    against: Against
    reference: int
    attributes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of one metric. Differences are shares, not percentage points. NaN where undefined."""

    metric: str
    pair: Pair
    primary: bool
    rate: float
    reference_rate: float
    difference: float
    low: float
    high: float
    level: float
    p: float
    p_adjusted: float
    ratio: float
    delta: float
    verdict: Verdict
    reason: str
    equivalent: bool
    detectable: float
    needed_n: int | None
    more_children: int | None
    excess: float
    bounds: tuple[float, float] | None


def pairs_of(cube: Cube, groups: Groups, spec: Spec) -> list[Pair]:
    """Each group against its declared reference, otherwise against everyone else with the same things recorded.

    Two groups are one comparison: the smaller against the larger. A crossing has a declared reference when each of its attributes has.
    """
    declared = {
        place: cube.values[place].index(same(spec.references[name], [v for v in cube.values[place] if v is not None]))
        for place, name in enumerate(cube.attributes)
        if name in spec.references
    }
    gap = {place: values.index(None) for place, values in enumerate(cube.values) if None in values}
    n, found = groups.n, []
    for one in groups.groupings[1:]:
        places = range(one.start, one.stop)
        recorded = [
            place for place in places if all(gap.get(attribute) != code for attribute, code in groups.member[place])
        ]
        reference = groups.index.get(
            tuple((attribute, declared[attribute]) for attribute in one.attributes if attribute in declared), -1
        )
        if len(recorded) > 1:
            if all(attribute in declared for attribute in one.attributes) and reference >= 0:
                found += [
                    Pair(place, Against.GROUP, reference, one.attributes) for place in recorded if place != reference
                ]
            elif len(recorded) == 2:
                small, large = sorted(recorded, key=lambda place: (n[place], place))
                found.append(Pair(small, Against.GROUP, large, one.attributes))
            else:
                found += [Pair(place, Against.EVERYONE_ELSE, -1, one.attributes) for place in recorded]
        if len(one.attributes) == 1 and len(recorded) < len(places) and recorded:
            unrecorded = next(place for place in places if place not in recorded)
            found.append(Pair(unrecorded, Against.RECORDED, -1, one.attributes))
    return found


def coverage(cube: Cube, groups: Groups) -> list[float]:
    """The share of rows for which each attribute is recorded."""
    found = []
    for place, values in enumerate(cube.values):
        gap = groups.index.get(((place, values.index(None)),)) if None in values else None
        found.append(1.0 if gap is None else 1 - float(groups.n[gap]) / float(groups.n[0]))
    return found


def compare_groups(cube: Cube, groups: Groups, spec: Spec, effects: dict[str, Floats]) -> list[Comparison]:
    """All comparisons of all metrics, with the verdict on each."""
    pairs = pairs_of(cube, groups, spec)
    primary = set(spec.primary) or {(metric, name) for metric in _headline(spec) for name in cube.attributes}
    sides = {metric: _sides(cube, groups, pairs, metric, effects.get(metric)) for metric in spec.metrics}
    rows = [(metric, place) for metric in spec.metrics for place in range(len(pairs))]
    declared = np.array(
        [
            len(pairs[place].attributes) == 1
            and (metric, cube.attributes[pairs[place].attributes[0]]) in primary
            and pairs[place].against is not Against.RECORDED
            for metric, place in rows
        ],
        bool,
    )
    if not rows:
        return []
    x1, n1, x2, n2, d1, d2 = (np.concatenate([sides[metric][part] for metric in spec.metrics]) for part in range(6))
    p = difference_test(x1, n1, x2, n2, d1, d2)
    adjusted = np.full(len(rows), np.nan)
    adjusted[declared], adjusted[~declared] = holm(p[declared]), benjamini_hochberg(p[~declared])
    many = max(1, int((declared & ~np.isnan(p)).sum()))
    level = np.where(declared, 1 - ALPHA / many, 1 - ALPHA)
    e1, e2 = (x1 / d1, n1 / d1), (x2 / d2, n2 / d2)
    low, high = newcombe(*e1, *e2, level)
    inner_low, inner_high = newcombe(*e1, *e2, EQUIVALENCE_LEVEL)
    rate, other = divided(x1, n1), divided(x2, n2)
    difference = rate - other
    delta = np.array([spec.delta(metric) for metric, _ in rows])
    shown = (adjusted <= np.where(declared, ALPHA, FALSE_SHARE)) & ((low > 0) | (high < 0))
    equivalent = (inner_low > -delta) & (inner_high < delta)
    pooled = (x1 + x2 + 1) / (n1 + n2 + 2)
    alpha = np.where(declared, ALPHA / many, ALPHA)
    detectable = detectable_difference(n1 / d1, n2 / d2, np.where(np.isnan(other), pooled, other), alpha)
    growth = growth_needed(n1 / d1, n2 / d2, pooled, delta, difference, alpha)
    children = np.array([groups.n[pairs[place].group] for _, place in rows], float)
    share = np.where(n1 > 0, n1 / np.maximum(children, 1), np.nan)
    total = np.concatenate([np.full(len(pairs), _usual_share(groups, metric)) for metric in spec.metrics])
    needed = np.ceil(np.maximum(n1, 1) * growth / np.where(np.isnan(share), total, share))
    bounds = _bounds(cube, groups, pairs, spec, (x1, n1, x2, n2))
    recorded = coverage(cube, groups)
    found = []
    for row, (metric, place) in enumerate(rows):
        pair = pairs[place]
        covered = min(recorded[attribute] for attribute in pair.attributes) >= spec.min_coverage
        verdict, reason = _verdict(
            difference[row],
            bool(shown[row]),
            bool(equivalent[row]),
            delta[row],
            bounds[row],
            covered or pair.against is Against.RECORDED,
        )
        undecided = (
            verdict is Verdict.NOT_ENOUGH_DATA and reason in ("too_few", "undefined") and np.isfinite(needed[row])
        )
        need = int(max(needed[row], children[row] + 1)) if undecided else None
        ratio = rate[row] / other[row] if other[row] > 0 else float("nan")
        found.append(
            Comparison(
                metric=metric, pair=pair, primary=bool(declared[row]), rate=float(rate[row]), reference_rate=float(other[row]),
                difference=float(difference[row]), low=float(low[row]), high=float(high[row]), level=float(level[row]),
                p=float(p[row]), p_adjusted=float(adjusted[row]), ratio=float(ratio), delta=float(delta[row]), verdict=verdict, reason=reason,
                equivalent=bool(equivalent[row]), detectable=float(detectable[row]), needed_n=need,
                more_children=None if need is None else need - int(children[row]), excess=float(difference[row] * n1[row]), bounds=bounds[row],
            )
        )  # fmt: skip
    return found


def _headline(spec: Spec) -> tuple[str, ...]:
    return HEADLINE if spec.outcome is not None else ("selection_rate",)


def _usual_share(groups: Groups, metric: str) -> float:
    """Of all rows, how many are in the denominator: what a group without any is expected to give."""
    return max(float(groups.parts(metric)[1][0]), 1.0) / max(float(groups.n[0]), 1.0)


def _verdict(
    difference: float, shown: bool, equivalent: bool, delta: float, bounds: tuple[float, float] | None, covered: bool
) -> tuple[Verdict, str]:
    """The verdict, and why there is none. What is not recorded can take a verdict away, never give one."""
    if not covered:
        return Verdict.NOT_ENOUGH_DATA, "coverage"
    if np.isnan(difference):
        return Verdict.NOT_ENOUGH_DATA, "undefined"
    if shown:
        verdict = Verdict.DISPARITY_SHOWN if abs(difference) >= delta else Verdict.SHOWN_BELOW_MATERIAL
    else:
        verdict = Verdict.NO_MATERIAL_DISPARITY if equivalent else Verdict.NOT_ENOUGH_DATA
    if verdict is Verdict.NOT_ENOUGH_DATA:
        return verdict, "too_few"
    if bounds is not None:
        beyond = bounds[0] >= delta or bounds[1] <= -delta
        inside = -delta < bounds[0] and bounds[1] < delta
        if not (beyond if verdict is Verdict.DISPARITY_SHOWN else inside):
            return Verdict.NOT_ENOUGH_DATA, "missing"
    return verdict, ""


Sides = tuple[Floats, Floats, Floats, Floats, Floats, Floats]


def _sides(cube: Cube, groups: Groups, pairs: Sequence[Pair], metric: str, effect: Floats | None) -> Sides:
    """Events and denominators of both sides, and their design effects."""
    events, denominator = (part.astype(float) for part in groups.parts(metric))
    x1, n1, x2, n2, d1, d2 = (np.ones(len(pairs)) for _ in range(6))
    totals = _recorded_totals(cube, groups, events, denominator)
    for place, pair in enumerate(pairs):
        x1[place], n1[place] = events[pair.group], denominator[pair.group]
        if pair.against is Against.GROUP:
            x2[place], n2[place] = events[pair.reference], denominator[pair.reference]
        else:
            all_events, everybody = totals[pair.attributes]
            own = (0.0, 0.0) if pair.against is Against.RECORDED else (x1[place], n1[place])
            # Counts that were rounded before they came need not add up.
            n2[place] = max(0.0, everybody - own[1])
            x2[place] = min(max(0.0, all_events - own[0]), n2[place])
        if effect is not None:
            d1[place] = effect[pair.group]
            d2[place] = effect[pair.reference if pair.against is Against.GROUP else 0]
    return x1, n1, x2, n2, d1, d2


def _recorded_totals(
    cube: Cube, groups: Groups, events: Floats, denominator: Floats
) -> dict[tuple[int, ...], tuple[float, float]]:
    """Per grouping: the sums over everybody but those for whom something is not recorded."""
    gap = {place: values.index(None) for place, values in enumerate(cube.values) if None in values}
    found = {}
    for one in groups.groupings:
        unrecorded = [
            place
            for place in range(one.start, one.stop)
            if gap and any(gap.get(attribute) == code for attribute, code in groups.member[place])
        ]
        totals = (events[0] - events[unrecorded].sum(), denominator[0] - denominator[unrecorded].sum())
        found[one.attributes] = (float(totals[0]), float(totals[1]))
    return found


def _bounds(
    cube: Cube, groups: Groups, pairs: Sequence[Pair], spec: Spec, sides: tuple[Floats, Floats, Floats, Floats]
) -> list[tuple[float, float] | None]:
    """Worst-case bounds of each difference where an attribute is not recorded for everybody."""
    if not any(None in values for values in cube.values):
        return [None] * (len(pairs) * len(spec.metrics))
    missing_events, missing_all = [], []
    for metric in spec.metrics:
        events, denominator = (part.astype(float) for part in groups.parts(metric))
        totals = _recorded_totals(cube, groups, events, denominator)
        missing_events += [events[0] - totals[pair.attributes][0] for pair in pairs]
        missing_all += [denominator[0] - totals[pair.attributes][1] for pair in pairs]
    unknown, everybody = np.array(missing_events), np.array(missing_all)
    low, high = missing_bounds(*sides, unknown, everybody - unknown)
    plain = [pair.against is not Against.RECORDED for _ in spec.metrics for pair in pairs]
    usable = np.array(plain) & (everybody > 0) & np.isfinite(low) & np.isfinite(high)
    return [(a, b) if use else None for a, b, use in zip(low.tolist(), high.tolist(), usable.tolist(), strict=True)]
