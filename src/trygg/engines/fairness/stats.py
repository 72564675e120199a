"""Intervals, tests and sizes for rates. All functions take arrays and return arrays; 0/0 is NaN, never 0.

Sources: Wilson (1927) JASA 22; Newcombe (1998) Statistics in Medicine 17, 857-872 (rate) and 873-890 (difference, method 10);
Lancaster (1961) JASA 56 (mid-p); Holm (1979) Scandinavian Journal of Statistics 6; Benjamini and Hochberg (1995) JRSS B 57; Fleiss, Levin
and Paik (2003) Statistical Methods for Rates and Proportions, ch. 4 (size and power); Kleinman (1973) JASA 68 (beta-binomial);
Kish (1965) Survey Sampling (design effect).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

Floats = np.ndarray[Any, np.dtype[np.float64]]


def z_of(probability: ArrayLike) -> Any:
    """The standard normal quantile."""
    return special.ndtri(probability)


def divided(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """A rate; NaN where the denominator is 0."""
    top, bottom = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def wilson(events: ArrayLike, n: ArrayLike, level: ArrayLike = 0.95) -> tuple[Floats, Floats]:
    """Wilson's score interval for a rate, Wilson (1927), without continuity correction; NaN where n is 0.

    `events` and `n` may be fractions (effective sizes). At 0 and n events the bound is exactly 0 or 1.
    """
    x, size = np.asarray(events, float), np.asarray(n, float)
    z2 = np.square(z_of(0.5 + np.asarray(level, float) / 2))
    p = divided(x, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (p + z2 / (2 * size)) / (1 + z2 / size)
        half = np.sqrt(z2) / (1 + z2 / size) * np.sqrt(p * (1 - p) / size + z2 / (4 * size * size))
        low = np.where(p == 0, 0.0, np.clip(middle - half, 0, 1))
        high = np.where(p == 1, 1.0, np.clip(middle + half, 0, 1))
    undefined = np.isnan(p)
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)


def newcombe(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: ArrayLike = 0.95
) -> tuple[Floats, Floats]:
    """Interval for the difference of two independent rates p1 - p2: Newcombe (1998), method 10, from two Wilson intervals."""
    p1, p2 = divided(x1, n1), divided(x2, n2)
    low1, high1 = wilson(x1, n1, level)
    low2, high2 = wilson(x2, n2, level)
    difference = p1 - p2
    low = difference - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = difference + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return np.clip(low, -1, 1), np.clip(high, -1, 1)


def difference_test(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, deff1: ArrayLike = 1.0, deff2: ArrayLike = 1.0
) -> Floats:
    """Two-sided p of equal rates: Pearson's score test, or Fisher's exact test with mid-p where an expected count is under 5.

    With design effects over 1 (children counted more than once) the score test with the variances inflated (Rao and Scott, 1981,
    first order) is taken throughout. NaN where a rate is undefined; 1 where nobody or everybody has the event.
    """
    a, m1, b, m2, d1, d2 = np.broadcast_arrays(*(np.asarray(v, float) for v in (x1, n1, x2, n2, deff1, deff2)))
    total, size = a + b, m1 + m2
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = total / size
        variance = pooled * (1 - pooled) * (d1 / m1 + d2 / m2)
        z = (a / m1 - b / m2) / np.sqrt(variance)
        smallest = np.minimum(np.minimum(m1, m2) * pooled, np.minimum(m1, m2) * (1 - pooled))
    p = special.erfc(np.abs(z) / np.sqrt(2))
    p = np.where((total == 0) | (total == size), 1.0, p)
    p = np.where((m1 > 0) & (m2 > 0), p, np.nan)
    exact = (smallest < 5) & (m1 > 0) & (m2 > 0) & (total > 0) & (total < size) & (d1 <= 1) & (d2 <= 1)
    flat = p.reshape(-1)
    for place in np.flatnonzero(exact):
        flat[place] = mid_p(*(int(v.reshape(-1)[place]) for v in (a, m1, b, m2)))
    return flat.reshape(p.shape)


def mid_p(x1: int, n1: int, x2: int, n2: int) -> float:
    """Fisher's exact test, two-sided, counting only half of the probability of what was seen (and of what is as likely)."""
    events, size = x1 + x2, n1 + n2
    if n1 > n2:  # the support is as long as the smaller group
        x1, n1, n2 = x2, n2, n1
    values = np.arange(max(0, events - n2), min(n1, events) + 1)
    log = _log_choose(n1, values) + _log_choose(n2, events - values) - _log_choose(size, events)
    chance = np.exp(log)
    seen = chance[x1 - values[0]]
    alike = np.abs(chance - seen) <= 1e-9 * seen
    return float(min(1.0, chance[(chance < seen) & ~alike].sum() + 0.5 * chance[alike].sum()))


def _log_choose(n: ArrayLike, k: ArrayLike) -> Any:
    return (
        special.gammaln(np.asarray(n, float) + 1)
        - special.gammaln(np.asarray(k, float) + 1)
        - special.gammaln(np.subtract(n, k) + 1.0)
    )


def holm(p: ArrayLike) -> Floats:
    """Holm's (1979) step-down adjusted p; holds the chance of any false finding among these. NaN stays NaN and counts not."""
    values = np.asarray(p, float)
    adjusted = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    steps = np.maximum.accumulate(values[order] * np.arange(len(order), 0, -1))
    adjusted[order] = np.minimum(steps, 1)
    return adjusted


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Benjamini and Hochberg's (1995) adjusted p; holds the expected share of false findings. NaN stays NaN and counts not."""
    values = np.asarray(p, float)
    adjusted = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    many = len(order)
    steps = values[order] * many / np.arange(1, many + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    return adjusted


def detectable_difference(
    n1: ArrayLike, n2: ArrayLike, rate: ArrayLike, alpha: ArrayLike = 0.05, power: float = 0.8
) -> Floats:
    """The smallest increase over `rate` that the two-sided score test would find with this power (Fleiss et al. 2003, ch. 4.2).

    Solved by halving; NaN where a group is empty, 1 - rate at most.
    """
    m1, m2, p, level = np.broadcast_arrays(*(np.asarray(v, float) for v in (n1, n2, rate, alpha)))
    za, zb = z_of(1 - level / 2), float(z_of(power))
    low, high = np.zeros(p.shape), np.maximum(1 - p, 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(40):
            d = (low + high) / 2
            q, pooled = p + d, (m1 * (p + d) + m2 * p) / (m1 + m2)
            need = za * np.sqrt(pooled * (1 - pooled) * (1 / m1 + 1 / m2)) + zb * np.sqrt(
                q * (1 - q) / m1 + p * (1 - p) / m2
            )
            low, high = np.where(need > d, d, low), np.where(need > d, high, d)
    return np.where((m1 > 0) & (m2 > 0), high, np.nan)


def settling_factor(
    n1: ArrayLike, n2: ArrayLike, rate: ArrayLike, delta: ArrayLike, alpha: ArrayLike = 0.05, power: float = 0.8
) -> Floats:
    """By which factor both denominators must be multiplied so that either verdict would be reached with this power.

    Two things must hold: a difference of delta would be found by the score test (Fleiss et al. 2003, ch. 4.2), and, were there none, both
    one-sided tests at 5 % would show equivalence (Schuirmann 1987; each with half of the allowed error). Standard errors shrink with the
    root of the factor.
    """
    m1, m2, p, d, level = np.broadcast_arrays(*(np.asarray(v, float) for v in (n1, n2, rate, delta, alpha)))
    m1, m2 = np.maximum(m1, 1), np.maximum(m2, 1)
    other = np.where(p + d <= 1, p + d, p - d)
    pooled = (m1 * other + m2 * p) / (m1 + m2)
    null = np.sqrt(pooled * (1 - pooled) * (1 / m1 + 1 / m2))
    apart = np.sqrt(other * (1 - other) / m1 + p * (1 - p) / m2)
    same = np.sqrt(p * (1 - p) * (1 / m1 + 1 / m2))
    za, zb = z_of(1 - level / 2), float(z_of(power))
    detect = np.square((za * null + zb * apart) / d)
    equivalent = np.square((float(z_of(0.95)) + float(z_of((1 + power) / 2))) * same / d)
    return np.maximum(detect, equivalent)


def growth_needed(
    n1: ArrayLike,
    n2: ArrayLike,
    rate: ArrayLike,
    delta: ArrayLike,
    difference: ArrayLike,
    alpha: ArrayLike = 0.05,
    power: float = 0.8,
) -> Floats:
    """By which factor both denominators must grow until an open verdict can be settled: see `settling_factor`.

    Where the sizes already suffice, the estimate lies near delta: then the factor by which the interval would part from delta, taking a
    fifth of delta as the nearest that is worth telling apart; a tenth more at least.
    """
    factor = settling_factor(n1, n2, rate, delta, alpha, power)
    m1, m2, p, d, seen, level = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (n1, n2, rate, delta, difference, alpha))
    )
    spread = np.sqrt(p * (1 - p) * (1 / np.maximum(m1, 1) + 1 / np.maximum(m2, 1)))
    near = np.maximum(np.abs(np.abs(np.nan_to_num(seen)) - d), d / 5)
    parted = np.square((z_of(1 - level / 2) + float(z_of(power))) * spread / near)
    return np.where(factor > 1, np.maximum(factor, 1.1), np.maximum(parted, 1.1))


def beta_binomial(events: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats, Floats, float]:
    """Partial pooling of many small rates towards the rate of all: empirical Bayes with a beta prior (Kleinman 1973).

    The prior's mean is the overall rate; its weight (in children) is averaged over a grid of 1 to 10^6 by marginal likelihood under a uniform
    shrinkage prior (Daniels 1999, Canadian Journal of Statistics 27), so that the interval also holds what is not known of the weight and
    of the mean (Carlin and Louis 2000, Bayes and Empirical Bayes Methods, ch. 3.5). It is that of a beta of the same mean and
    variance. Returns estimate, low, high, and the typical weight. NaN where n is 0 for all.
    """
    x, size = np.asarray(events, float), np.asarray(n, float)
    if size.sum() == 0:
        nothing = np.full(x.shape, np.nan)
        return nothing, nothing, nothing, float("nan")
    mean = (x.sum() + 0.5) / (size.sum() + 1)
    weights = np.logspace(0, 6, 31)[:, None]
    a, b = mean * weights, (1 - mean) * weights
    likelihood = (special.betaln(a + x, b + size - x) - special.betaln(a, b)).sum(axis=1)
    usual = float(np.median(size[size > 0]))
    likelihood += (np.log(weights) - 2 * np.log(weights + usual))[:, 0]
    share = np.exp(likelihood - likelihood.max())[:, None]
    share /= share.sum()
    each = (a + x) / (weights + size)
    middle = (share * each).sum(axis=0)
    # The posterior mean leans on the overall rate: that rate's own variance counts by the square of how much.
    lean, spread = weights / (weights + size), mean * (1 - mean) * (1 / size.sum() + 1 / len(x) / (weights + 1))
    variance = (share * (each * (1 - each) / (weights + size + 1) + (each - middle) ** 2 + lean**2 * spread)).sum(
        axis=0
    )
    concentration = np.maximum(middle * (1 - middle) / np.maximum(variance, 1e-300) - 1, 1e-3)
    a1, b1, tail = middle * concentration, (1 - middle) * concentration, (1 - level) / 2
    typical = float(np.exp((share * np.log(weights)).sum()))
    return middle, special.betaincinv(a1, b1, tail), special.betaincinv(a1, b1, 1 - tail), typical


def mantel_haenszel(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: float = 0.95
) -> tuple[float, float, float]:
    """The common difference of rates over strata (Mantel and Haenszel 1959, for differences Greenland and Robins 1985) with Sato's (1989)
    variance. Strata where a group is absent carry nothing. NaN where no stratum has both."""
    a, m1, b, m2 = (np.asarray(v, float) for v in (x1, n1, x2, n2))
    both = (m1 > 0) & (m2 > 0)
    a, m1, b, m2 = a[both], m1[both], b[both], m2[both]
    if not len(a):
        return (float("nan"),) * 3
    size = m1 + m2
    weight = m1 * m2 / size
    common = float(((a * m2 - b * m1) / size).sum() / weight.sum())
    p = (m1**2 * b - m2**2 * a + m1 * m2 * (m2 - m1) / 2) / size**2
    q = (a * (m2 - b) + b * (m1 - a)) / (2 * size)
    variance = max(0.0, (common * p.sum() + q.sum()) / weight.sum() ** 2)
    half = float(z_of(0.5 + level / 2)) * float(np.sqrt(variance))
    return common, max(-1.0, common - half), min(1.0, common + half)


def missing_bounds(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, events: ArrayLike, others: ArrayLike
) -> tuple[Floats, Floats]:
    """How far p1 - p2 could lie when `events` and `others` of unknown group belong to either (worst case, Manski 1989).

    The largest: every unknown event in group 1, every other in group 2; the smallest the other way round.
    """
    a, m1, b, m2, e, o = (np.asarray(v, float) for v in (x1, n1, x2, n2, events, others))
    return divided(a, m1 + o) - divided(b + e, m2 + e), divided(a + e, m1 + e) - divided(b, m2 + o)
