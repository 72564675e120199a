"""Intervals, tests and sizes: against published values, against Fairlearn's field, and by exact sums; no simulation where a sum will do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from trygg.engines import fairness
from trygg.engines.fairness.stats import divided


def binomial(n, p):
    return reference.binom.pmf(np.arange(n + 1), n, p)


# Against published values


def test_wilson_gives_newcombes_published_intervals():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    for events, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = fairness.wilson(events, n)
        assert found[0] == pytest.approx(low, abs=5e-5) and found[1] == pytest.approx(high, abs=5e-5)


def test_newcombe_gives_the_published_intervals_of_differences():
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
    cases = (
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 20, 0.6791, 1.0),
        (0, 10, 0, 20, -0.1611, 0.2775),
    )
    for a, m, b, n, low, high in cases:
        found = fairness.newcombe(a, m, b, n)
        assert found[0] == pytest.approx(low, abs=5e-5) and found[1] == pytest.approx(high, abs=5e-5)


def test_the_tests_agree_with_scipy():
    for table in (((30, 70), (45, 55)), ((300, 700), (350, 650)), ((7, 43), (20, 30))):
        (a, b), (c, d) = table
        expected = reference.chi2_contingency(table, correction=False)[1]
        assert fairness.difference_test(a, a + b, c, c + d) == pytest.approx(expected, rel=1e-9)
    for a, m, c, n in ((1, 12, 7, 11), (0, 5, 3, 40), (3, 9, 1, 200)):
        fisher = reference.fisher_exact(((a, m - a), (c, n - c)))[1]
        seen = reference.hypergeom.pmf(a, m + n, a + c, m)
        assert fairness.mid_p(a, m, c, n) == pytest.approx(fisher - seen / 2, abs=1e-9)


def test_holm_and_benjamini_hochberg_by_hand():
    p = [0.01, 0.04, 0.03, np.nan, 0.005]
    assert fairness.holm(p)[[0, 1, 2, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.02]) and np.isnan(fairness.holm(p)[3])
    assert fairness.benjamini_hochberg(p)[[0, 1, 2, 4]] == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert fairness.benjamini_hochberg(p[:3] + p[4:]) == pytest.approx(
        reference.false_discovery_control([0.01, 0.04, 0.03, 0.005])
    )


@pytest.mark.parametrize("n", [30, 100, 300])
def test_the_detectable_difference_is_found_four_times_of_five(n):
    # By exact sums, against 2,000 others at a rate of 0.1.
    gap = float(fairness.detectable_difference(n, 2000, 0.1))
    x, y = np.arange(n + 1), np.arange(2001)
    likely = binomial(2000, 0.1) > 1e-9
    found = fairness.difference_test(x[:, None], n, y[likely], 2000) <= 0.05
    weight = binomial(n, 0.1 + gap)[:, None] * binomial(2000, 0.1)[likely]
    assert weight[found].sum() == pytest.approx(0.8, abs=0.06)
    assert fairness.detectable_difference(n, 2000, 0.1, 0.05 / 60) > 1.3 * gap


def test_mantel_haenszel_takes_away_what_the_strata_explain():
    # Within each school both groups are flagged alike; over all they are not (Simpson's paradox).
    found = fairness.mantel_haenszel([80, 10], [100, 100], [800, 1], [1000, 10])
    assert found[0] == pytest.approx(0, abs=1e-12) and found[1] < 0 < found[2]
    assert 90 / 200 - 801 / 1010 < -0.3
    assert (
        fairness.mantel_haenszel([5, 0], [10, 0], [5, 0], [10, 9])[0] == 0
    )  # a stratum with one group only says nothing


def test_bounds_hold_every_way_of_filling_in_what_is_missing():
    a, m, b, n, events, others = 3, 10, 4, 20, 2, 3
    every = [
        (a + e) / (m + e + o) - (b + events - e) / (n + events - e + others - o)
        for e in range(events + 1)
        for o in range(others + 1)
    ]
    low, high = fairness.missing_bounds(a, m, b, n, events, others)
    assert low == pytest.approx(min(every)) and high == pytest.approx(max(every))


# By exact sums over the binomial


@pytest.mark.parametrize("p", [0.03, 0.1, 0.3])
@pytest.mark.parametrize("n", [10, 30, 100])
def test_intervals_cover_what_they_say(n, p):
    events = np.arange(n + 1)
    low, high = fairness.wilson(events, n)
    assert binomial(n, p)[(low <= p) & (p <= high)].sum() >= 0.92
    # The difference against 2,000 others at the same rate: true difference 0.
    others = np.arange(2001)
    weight = binomial(2000, p)
    likely = weight > 1e-12
    lower, upper = fairness.newcombe(events[:, None], n, others[likely], 2000)
    covered = ((lower <= 0) & (upper >= 0)) * binomial(n, p)[:, None] * weight[likely]
    assert covered.sum() >= 0.92


@pytest.mark.parametrize("p", [0.05, 0.2])
def test_the_test_of_no_difference_holds_its_level(p):
    x, y = np.meshgrid(np.arange(31), np.arange(81), indexing="ij")
    found = fairness.difference_test(x, 30, y, 80)
    weight = binomial(30, p)[:, None] * binomial(80, p)
    assert weight[found <= 0.05].sum() <= 0.065  # mid-p and the score test are close to 5 %, not always below it


@pytest.mark.parametrize(("rate", "delta"), [(0.1, 0.05), (0.3, 0.08), (0.8, 0.1)])
def test_the_needed_size_gives_the_promised_power(rate, delta):
    factor = float(fairness.settling_factor(1000, 1000, rate, delta))
    n = int(np.ceil(1000 * factor))
    x = np.arange(n + 1)
    other = rate + delta if rate + delta <= 1 else rate - delta

    def chance(p1, decide):
        w1, w2 = binomial(n, p1), binomial(n, rate)
        i, j = np.flatnonzero(w1 > 1e-9), np.flatnonzero(w2 > 1e-9)
        return (w1[i][:, None] * w2[j])[decide(x[i][:, None], x[j])].sum()

    assert chance(other, lambda a, b: fairness.difference_test(a, n, b, n) <= 0.05) >= 0.79
    # (The level of equivalence is 90 % on each side of zero.)
    assert (
        chance(
            rate,
            lambda a, b: (
                np.maximum(-fairness.newcombe(a, n, b, n, 0.9)[0], fairness.newcombe(a, n, b, n, 0.9)[1]) < delta
            ),
        )
        >= 0.79
    )


# What always holds


counts = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_intervals_hold_the_estimate_and_stay_in_range(one, other):
    (a, m), (b, n) = one, other
    low, high = fairness.wilson(a, m)
    if m == 0:
        assert np.isnan([low, high, divided(a, m)]).all()  # 0/0 is undefined, never 0
        assert np.isnan(fairness.difference_test(a, m, b, n))
        return
    assert 0 <= low <= a / m <= high <= 1 and high > low
    if n:
        lower, upper = fairness.newcombe(a, m, b, n)
        assert -1 <= lower <= a / m - b / n + 1e-12 and a / m - b / n - 1e-12 <= upper <= 1
        swapped = fairness.newcombe(b, n, a, m)
        assert swapped[0] == pytest.approx(-upper) and swapped[1] == pytest.approx(-lower)
        p = fairness.difference_test(a, m, b, n)
        assert 0 <= p <= 1 and p == pytest.approx(fairness.difference_test(b, n, a, m), rel=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_keep_their_order_and_only_grow(p):
    for adjust in (fairness.holm, fairness.benjamini_hochberg):
        adjusted = adjust(p)
        assert (adjusted >= np.array(p) - 1e-15).all() and (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-15).all()


@settings(deadline=None)
@given(st.lists(counts, min_size=3, max_size=30))
def test_pooled_rates_lie_between_the_group_and_all(groups):
    events, n = (np.array(part, float) for part in zip(*groups, strict=True))
    middle, low, high, _ = fairness.beta_binomial(events, n)
    if n.sum() == 0:
        assert np.isnan(middle).all()
        return
    mean = (events.sum() + 0.5) / (n.sum() + 1)
    raw = np.where(n > 0, events / np.maximum(n, 1), mean)
    assert (middle >= np.minimum(raw, mean) - 1e-9).all() and (middle <= np.maximum(raw, mean) + 1e-9).all()
    assert ((low <= middle) & (middle <= high)).all()


def test_pooling_errs_less_than_raw_rates_in_small_groups():
    random = np.random.default_rng(11)
    n = random.integers(8, 40, 60)
    raw, pooled, inside = [], [], []
    for _ in range(60):
        truth = random.beta(12, 88, 60)
        events = random.binomial(n, truth)
        middle, low, high, _ = fairness.beta_binomial(events, n)
        raw.append(((events / n - truth) ** 2).mean())
        pooled.append(((middle - truth) ** 2).mean())
        inside.append(((low <= truth) & (truth <= high)).mean())
    assert np.sqrt(np.mean(pooled)) < 0.8 * np.sqrt(np.mean(raw))
    assert np.mean(inside) > 0.92
