"""What the binned score tells, group by group: calibration, errors at each threshold, and how well it ranks."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from trygg.engines.tabular import SCORE_SCALE

from .cube import Cube
from .groups import Groups
from .stats import divided, wilson, z_of

CURVE, THRESHOLDS = 10, 19  # parts of the calibration curve; thresholds 0.05 to 0.95


@dataclass(slots=True)
class ScoreTables:
    """Per group of single attributes (and everybody): rows with and without the event, and the score's sum, by bin."""

    places: list[int]
    events: Any  # groups x bins
    others: Any
    score: Any  # sums of the score over rows whose outcome is known
    missing: list[int]
    bins: int


def score_tables(cube: Cube, groups: Groups) -> ScoreTables:
    """The cube as bins per group. Rows without a score or without an outcome are left out, and counted."""
    places: list[int] = []
    rows: list[tuple[Any, Any, Any, int]] = []
    known = (cube.score_bin >= 0) & (cube.outcome >= 0)
    score = np.array([value / SCORE_SCALE for value in cube.sums["score"]], float)
    for one in groups.groupings:
        if len(one.attributes) > 1:
            continue
        index = groups.group_of_cell[one.attributes]
        for group in range(one.stop - one.start):
            here = (index == group) & known
            event = here & (cube.outcome == 1)
            other = here & (cube.outcome == 0)
            places.append(one.start + group)
            table = [np.bincount(cube.score_bin[part], cube.count[part], cube.bins) for part in (event, other)]
            total = np.bincount(cube.score_bin[here], score[here], cube.bins)
            rows.append((table[0], table[1], total, int(cube.count[(index == group) & ~known].sum())))
    events, others, sums = (np.array([row[part] for row in rows]) for part in range(3))
    return ScoreTables(places, events, others, sums, [row[3] for row in rows], cube.bins)


def calibration(tables: ScoreTables, group: int) -> dict[str, Any]:
    """Observed against expected in ten equal parts of the score, with Wilson bands; calibration in the large (observed / expected), and
    the intercept and slope of a logistic regression of the outcome on the log odds of the score (Cox 1958, Biometrika 45)."""
    shape = (CURVE, tables.bins // CURVE)
    events, others, score = (
        table[group].reshape(shape).sum(axis=1) for table in (tables.events, tables.others, tables.score)
    )
    n = events + others
    low, high = wilson(events, n)
    curve = [
        {
            "from": part / CURVE, "to": (part + 1) / CURVE, "n": int(n[part]), "events": int(events[part]), "expected": score[part] / n[part],
            "observed": events[part] / n[part], "low": low[part], "high": high[part],
        }
        for part in range(CURVE)
        if n[part]
    ]  # fmt: skip
    expected = float(score.sum())
    intercept, slope = recalibration(tables.events[group], tables.others[group], tables.score[group])
    return {
        "curve": curve,
        "observed_over_expected": float(events.sum()) / expected if expected > 0 else None,
        "intercept": intercept,
        "slope": slope,
    }


def recalibration(events: Any, others: Any, score: Any) -> tuple[float | None, float | None]:
    """Intercept and slope by Newton's method on bins; None where a group has only one outcome, one score, or does not converge."""
    n = events + others
    used = n > 0
    if events.sum() < 2 or others.sum() < 2 or used.sum() < 2:
        return None, None
    mean = np.clip(score[used] / n[used], 1e-6, 1 - 1e-6)
    x, y, size = np.log(mean / (1 - mean)), events[used], n[used]
    a, b = 0.0, 1.0
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(a + b * x, -30, 30)))
        weight = size * fitted * (1 - fitted)
        gradient = np.array([(y - size * fitted).sum(), ((y - size * fitted) * x).sum()])
        hessian = np.array([[weight.sum(), (weight * x).sum()], [(weight * x).sum(), (weight * x * x).sum()]])
        if np.linalg.det(hessian) <= 1e-12 * max(1.0, float(hessian[0, 0] * hessian[1, 1])):
            return None, None
        step = np.linalg.solve(hessian, gradient)
        a, b = a + float(step[0]), b + float(step[1])
        if np.abs(step).max() < 1e-10:
            return (a, b) if abs(a) < 30 and abs(b) < 30 else (None, None)
    return None, None


def thresholds(tables: ScoreTables, group: int) -> list[dict[str, Any]]:
    """Rates if everybody with a score of at least t were selected: t from 0.05 to 0.95."""
    step = tables.bins // (THRESHOLDS + 1)
    found = []
    events, others = tables.events[group], tables.others[group]
    for number in range(1, THRESHOLDS + 1):
        at = number * step
        tp, fp = events[at:].sum(), others[at:].sum()
        fn, tn = events[:at].sum(), others[:at].sum()
        found.append(
            {
                "threshold": number / (THRESHOLDS + 1),
                "fpr": _number(divided(fp, fp + tn)),
                "fnr": _number(divided(fn, tp + fn)),
                "selection_rate": _number(divided(tp + fp, tp + fp + tn + fn)),
            }
        )
    return found


def auc(tables: ScoreTables, group: int, level: float = 0.95) -> dict[str, Any]:
    """The area under the ROC curve from bins, ties counted half: an interval after DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44)
    on the log-odds scale, and the bounds within which the area of the unbinned score lies."""
    events, others = tables.events[group].astype(float), tables.others[group].astype(float)
    m, n = events.sum(), others.sum()
    if not m or not n:
        return {"value": None, "low": None, "high": None, "bounds": None, "state": "undefined"}
    below = np.concatenate([[0], np.cumsum(others)[:-1]])
    above = m - np.cumsum(events)
    of_event = (below + others / 2) / n  # for a row with the event: which share of the others stands lower
    of_other = (above + events / 2) / m
    area = float((events * of_event).sum() / m)
    tied = float((events * others).sum() / (m * n))
    bounds = [max(0.0, area - tied / 2), min(1.0, area + tied / 2)]
    if m < 2 or n < 2:
        return {"value": area, "low": 0.0, "high": 1.0, "bounds": bounds, "state": "defined"}
    variance = float(
        (events * (of_event - area) ** 2).sum() / (m - 1) / m + (others * (of_other - area) ** 2).sum() / (n - 1) / n
    )
    if not 0 < area < 1 or variance <= 0:  # perfect order: by the rule of three, on the smaller side
        half = 3 / min(m, n)
        return {
            "value": area,
            "low": max(0.0, area - half),
            "high": min(1.0, area + half),
            "bounds": bounds,
            "state": "defined",
        }
    logit, half = np.log(area / (1 - area)), float(z_of(0.5 + level / 2)) * np.sqrt(variance) / (area * (1 - area))
    low, high = 1 / (1 + np.exp(-(logit - half))), 1 / (1 + np.exp(-(logit + half)))
    return {"value": area, "low": float(low), "high": float(high), "bounds": bounds, "state": "defined"}


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
