"""What else a cube tells: gaps beside chance, partial pooling, grades, top k, comparisons within strata, and over time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import special

from trygg.engines.tabular import VALUE_SCALE

from .comparisons import Pair
from .cube import Cube, Ints
from .groups import ITEMS, PARTS, Grouping, Groups, item_of_cell
from .spec import Spec
from .stats import Floats, beta_binomial, divided, mantel_haenszel, newcombe, wilson
from .verdicts import Against

GAP_DRAWS = 500
POOLED_FROM = 3  # groups


def recorded_groups(cube: Cube, groups: Groups, one: Grouping) -> list[int]:
    """The groups of a grouping for which everything is recorded."""
    return [
        place
        for place in range(one.start, one.stop)
        if all(cube.values[attribute][code] is not None for attribute, code in groups.member[place])
    ]


def gaps(
    cube: Cube, groups: Groups, spec: Spec, effects: dict[str, Floats], metrics: Sequence[str]
) -> list[dict[str, Any]]:
    """Largest minus smallest rate, beside what chance alone makes of it: group labels permuted, as multivariate hypergeometric draws.

    For single attributes and the deepest crossing. With many small groups the gap is large without any disparity; never read it alone.
    """
    random = np.random.default_rng(spec.seed)
    deepest = max(len(one.attributes) for one in groups.groupings)
    found = []
    for one in groups.groupings[1:]:
        if len(one.attributes) not in (1, deepest):
            continue
        places = recorded_groups(cube, groups, one)
        for metric in metrics:
            events, n = (part[places] for part in groups.parts(metric))
            if (
                metric in effects
            ):  # children who stand several times carry less: as many independent rows as they are worth
                effect = effects[metric][places]
                events, n = np.round(events / effect).astype(np.int64), np.round(n / effect).astype(np.int64)
                events = np.minimum(events, n)
            used = n > 0
            if used.sum() < 2:
                continue
            rate = events[used] / n[used]
            observed = float(rate.max() - rate.min())
            drawn = _permuted(random, n[used], int(events[used].sum())) / n[used]
            null = np.sort(drawn.max(axis=1) - drawn.min(axis=1))
            found.append(
                {
                    "metric": metric,
                    "attributes": [cube.attributes[place] for place in one.attributes],
                    "groups": int(used.sum()),
                    "observed": observed,
                    "null_median": float(np.quantile(null, 0.5)),
                    "null_high": float(np.quantile(null, 0.95)),
                    "p": float((1 + (null >= observed - 1e-12).sum()) / (1 + len(null))),
                }
            )
    return found


def _permuted(random: np.random.Generator, n: Ints, events: int) -> Any:
    """Events per group when labels mean nothing. Beyond a thousand million rows with replacement: the same to nine digits."""
    if n.sum() < 1_000_000_000:
        return random.multivariate_hypergeometric(n, events, size=GAP_DRAWS, method="marginals")
    return np.minimum(random.multinomial(events, n / n.sum(), size=GAP_DRAWS), n)


def pooled(cube: Cube, groups: Groups, metric: str, effect: Floats | None) -> dict[int, tuple[float, float, float]]:
    """Partially pooled rates of every group that stands in a crossing, or among three or more: group -> estimate, low, high."""
    found: dict[int, tuple[float, float, float]] = {}
    events, n = (part.astype(float) for part in groups.parts(metric))
    if effect is not None:
        events, n = events / effect, n / effect
    for one in groups.groupings[1:]:
        places = recorded_groups(cube, groups, one)
        if len(places) < POOLED_FROM:
            continue
        middle, low, high, _ = beta_binomial(events[places], n[places])
        found |= {
            place: (float(middle[k]), float(low[k]), float(high[k])) for k, place in enumerate(places) if n[place] > 0
        }
    return found


# Grades and amounts ---------------------------------------------------------------------------------------------------


def value_moments(cube: Cube, groups: Groups) -> dict[int, tuple[int, float, float, float, int]]:
    """Per group: n, mean, variance, mean size, how many are off by the band or more. Sums are exact integers until the last step."""
    found = {}
    for one in groups.groupings:
        if len(one.attributes) > 1:
            continue
        index = groups.group_of_cell[one.attributes]
        for group in range(one.stop - one.start):
            here = np.flatnonzero(index == group)
            n, total, square, size, off = (
                sum(int(cube.sums[name][cell]) for cell in here)
                for name in ("value_n", "value_sum", "value_square", "value_size", "value_off")
            )
            if n:
                variance = (n * square - total * total) / (n * (n - 1)) / VALUE_SCALE**2 if n > 1 else float("nan")
                found[one.start + group] = (n, total / n / VALUE_SCALE, variance, size / n / VALUE_SCALE, off)
    return found


def mean_interval(n: int, mean: float, variance: float, level: float = 0.95) -> tuple[float, float]:
    """Student's t interval of a mean; NaN for one value."""
    if n < 2:
        return float("nan"), float("nan")
    half = float(special.stdtrit(n - 1, 0.5 + level / 2)) * (variance / n) ** 0.5
    return mean - half, mean + half


def welch(
    one: tuple[int, float, float], other: tuple[int, float, float], level: float = 0.95
) -> tuple[float, float, float]:
    """The difference of two means with Welch's (1947, Biometrika 34) interval; NaN bounds where a group has one value."""
    (n1, m1, v1), (n2, m2, v2) = one, other
    difference = m1 - m2
    if n1 < 2 or n2 < 2:
        return difference, float("nan"), float("nan")
    a, b = v1 / n1, v2 / n2
    if a + b == 0:
        return difference, difference, difference
    freedom = (a + b) ** 2 / (a**2 / (n1 - 1) + b**2 / (n2 - 1))
    half = float(special.stdtrit(freedom, 0.5 + level / 2)) * (a + b) ** 0.5
    return difference, difference - half, difference + half


def rest_of(whole: tuple[int, float, float], part: tuple[int, float, float]) -> tuple[int, float, float]:
    """Moments of everybody but the group, from both."""
    (n, mean, variance), (n1, mean1, variance1) = whole, part
    left = n - n1
    if left < 1:
        return 0, float("nan"), float("nan")
    other = (n * mean - n1 * mean1) / left
    if left < 2 or n < 2:
        return left, other, float("nan")
    square = (n - 1) * variance + n * mean**2
    square1 = ((n1 - 1) * variance1 if n1 > 1 else 0.0) + n1 * mean1**2
    return left, other, max(0.0, (square - square1 - left * other**2) / (left - 1))


# Places -------------------------------------------------------------------------------------------------------------


def top_share(cube: Cube, groups: Groups) -> list[dict[str, Any]]:
    """Each group's share of the first k places against its share of all who could have had one; and the rate within each group."""
    on_top = np.where(cube.top == 1, cube.count, 0)
    pool = np.where(cube.top >= 0, cube.count, 0)
    total, everybody = int(on_top.sum()), int(pool.sum())
    found = []
    for one in groups.groupings:
        if len(one.attributes) != 1:
            continue
        index = groups.group_of_cell[one.attributes]
        top, n = (np.bincount(index, part, one.stop - one.start) for part in (on_top, pool))
        low, high = wilson(top, n)
        lower, upper = newcombe(top, n, total - top, everybody - n)
        for group in range(one.stop - one.start):
            found.append(
                {
                    "group": one.start + group, "in_top": int(top[group]), "pool": int(n[group]),
                    "share_of_top": float(divided(top[group], total)), "share_of_pool": float(divided(n[group], everybody)),
                    "rate": float(divided(top[group], n[group])), "low": float(low[group]), "high": float(high[group]),
                    "difference": float(divided(top[group], n[group]) - divided(total - top[group], everybody - n[group])),
                    "difference_low": float(lower[group]), "difference_high": float(upper[group]),
                }
            )  # fmt: skip
    return found


# Strata and periods ---------------------------------------------------------------------------------------------------


def by_part(
    cube: Cube, groups: Groups, pair: Pair, metric: str, part: Ints, parts: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Events and denominators of both sides of a comparison, per stratum or period."""
    one = groups.of(pair.attributes)
    index = groups.group_of_cell[pair.attributes] + one.start
    item, recorded = item_of_cell(cube), np.isin(index, recorded_groups(cube, groups, one))
    mine = index == pair.group
    theirs = index == pair.reference if pair.against is Against.GROUP else recorded & ~mine
    events, denominator = (np.isin(item, [ITEMS.index(name) for name in names]) for names in PARTS[metric])

    def count(side: Any, which: Any) -> Floats:
        here = side & which & (part >= 0)
        return np.bincount(part[here], cube.count[here], parts).astype(float)

    return count(mine, events), count(mine, denominator), count(theirs, events), count(theirs, denominator)


def within_strata(cube: Cube, groups: Groups, pairs: Sequence[Pair], metrics: Sequence[str]) -> list[dict[str, Any]]:
    """The difference among like: within each stratum, averaged after Mantel and Haenszel; beside it the crude one."""
    found = []
    for metric in metrics:
        for pair in pairs:
            if len(pair.attributes) != 1 or pair.against is Against.RECORDED:
                continue
            x1, n1, x2, n2 = by_part(cube, groups, pair, metric, cube.within, len(cube.strata))
            difference, low, high = mantel_haenszel(x1, n1, x2, n2)
            crude = float(divided(x1.sum(), n1.sum()) - divided(x2.sum(), n2.sum()))
            found.append(
                {
                    "metric": metric, "pair": pair, "crude": crude, "difference": difference, "low": low, "high": high,
                    "strata": int(((n1 + n2) > 0).sum()), "strata_with_both": int(((n1 > 0) & (n2 > 0)).sum()),
                }
            )  # fmt: skip
    return found


def over_periods(cube: Cube, groups: Groups, pairs: Sequence[Pair], metrics: Sequence[str]) -> list[dict[str, Any]]:
    """Each difference period by period, and whether they differ more than chance would have them (Cochran's 1954 Q, inverse variance)."""
    found = []
    for metric in metrics:
        for pair in pairs:
            if len(pair.attributes) != 1 or pair.against is Against.RECORDED:
                continue
            x1, n1, x2, n2 = by_part(cube, groups, pair, metric, cube.period, len(cube.periods))
            low, high = newcombe(x1, n1, x2, n2)
            difference = divided(x1, n1) - divided(x2, n2)
            with np.errstate(divide="ignore", invalid="ignore"):
                smooth1, smooth2 = (x1 + 0.5) / (n1 + 1), (x2 + 0.5) / (n2 + 1)
                weight = 1 / (smooth1 * (1 - smooth1) / n1 + smooth2 * (1 - smooth2) / n2)
            used = ~np.isnan(difference)
            q = p = float("nan")
            if used.sum() > 1:
                mean = (weight[used] * difference[used]).sum() / weight[used].sum()
                q = float((weight[used] * (difference[used] - mean) ** 2).sum())
                p = float(special.chdtrc(int(used.sum()) - 1, q))
            rows = [
                {
                    "period": period, "n": int(n1[place]), "reference_n": int(n2[place]), "difference": float(difference[place]),
                    "low": float(low[place]), "high": float(high[place]),
                }
                for place, period in enumerate(cube.periods)
            ]  # fmt: skip
            found.append({"metric": metric, "pair": pair, "periods": rows, "change_q": q, "change_p": p})
    return found
