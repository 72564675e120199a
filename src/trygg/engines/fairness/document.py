"""The audit as plain data: what JSON holds, and what pages, papers and words are made from. Finite numbers only; None where there is none."""

import math
import platform
from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import scipy

from trygg import __version__
from trygg.engines.disclosure import rounded_rate

from .comparisons import ALPHA, EQUIVALENCE_LEVEL, FALSE_SHARE, Comparison, Pair
from .cube import Cube, Warned
from .groups import Groups
from .release import Release, told
from .spec import METRICS, Spec
from .stats import Floats, divided, wilson
from .verdicts import Against

Pooled = Mapping[int, tuple[float, float, float]]
COUNTS = ("tp", "fp", "tn", "fn")


class Telling:
    """Numbers as they may leave: hidden, rounded or exact."""

    def __init__(self, cube: Cube, groups: Groups, release: Release) -> None:
        self.cube, self.groups, self.release = cube, groups, release
        self.public = release.public
        self.may: dict[str, list[bool]] = {metric: release.metric(metric).tolist() for metric in METRICS}
        self._n: list[bool] = release.known["n"].tolist()
        gaps = [values.index(None) if None in values else -1 for values in cube.values]
        self._gap = [groups.index.get(((place, code),)) for place, code in enumerate(gaps)]

    def number(self, value: float | None) -> float | None:
        """A share or a figure; None for what is undefined."""
        if value is None or not math.isfinite(value):
            return None
        return rounded_rate(float(value)) if self.public else float(value)

    def attributes(self, group: int) -> dict[str, str | None]:
        """A group by its values; None: not recorded."""
        return {self.cube.attributes[place]: self.cube.values[place][code] for place, code in self.groups.member[group]}

    def count(self, group: int, item: str, value: int) -> int | None:
        """A count of a group, if it may be told."""
        return told(value, bool(self.release.known[item][group]), self.public)

    def selected(self, group: int, counts: Mapping[str, list[int]]) -> int | None:
        """How many met the decision that counts as the event."""
        selected = counts["tp"][group] + counts["fp"][group] + counts["unknown_selected"][group]
        return told(selected, self.may["selection_rate"][group], self.public)

    def coverage(self, attribute: int, share: float) -> float | None:
        """The share for which an attribute is recorded; where so few are without that they must not be counted, only down to 5 %."""
        gap = self._gap[attribute]
        if self.public and gap is not None and not self._n[gap]:
            return math.floor(20 * share) / 20
        return self.number(share)

    def known(self, group: int) -> bool:
        """Whether the size of a group may be told."""
        return self._n[group]

    def open(self, pair: Pair, metric: str) -> bool:
        """Whether the comparison may be told: both sides, and what is not recorded where that follows from them."""
        may = self.may[metric]
        if not may[pair.group] or not self.known(pair.group):
            return False
        if pair.against is Against.GROUP:
            return may[pair.reference]
        if len(pair.attributes) > 1:
            return may[0]
        unrecorded = self._gap[pair.attributes[0]]
        return may[0] and (unrecorded is None or may[unrecorded])

    def bounds_open(self, pair: Pair, metric: str) -> bool:
        """Whether the worst-case bounds may be told: they are made of those for whom the attribute is not recorded."""
        places = [self._gap[attribute] for attribute in pair.attributes]
        return all(place is None or self.may[metric][place] for place in places)


def reference_of(telling: Telling, pair: Pair) -> dict[str, Any]:
    """What a group is compared with, for the reader: a group by its values, or None with the kind beside it."""
    return {
        "reference": telling.attributes(pair.reference) if pair.against is Against.GROUP else None,
        "reference_kind": pair.against.value,
    }


def group_rows(
    telling: Telling,
    spec: Spec,
    effects: Mapping[str, Floats],
    pooled: Mapping[str, Pooled],
) -> list[dict[str, Any]]:
    """Every group with its counts and rates. Suppressed groups stay listed."""
    groups, tables = telling.groups, {}
    for metric in spec.metrics:
        events, size = groups.parts(metric)
        effect = effects.get(metric, np.ones(len(size)))
        lower, upper = wilson(events / effect, size / effect)
        rates = divided(events, size).tolist()
        tables[metric] = (rates, lower.tolist(), upper.tolist(), size.tolist(), telling.may[metric], effect.tolist())
    n, counts = (
        groups.n.tolist(),
        {item: groups.column(item).tolist() for item in (*COUNTS, "unknown_selected", "unknown_other")},
    )
    dropped = [one for one in groups.groupings if one.attributes in telling.release.dropped]
    skipped = {place for one in dropped for place in range(one.start, one.stop)}
    found = []
    for group in range(len(n)):
        if group in skipped:
            continue
        metrics: dict[str, Any] = {}
        for metric in METRICS:
            if metric not in tables:
                metrics[metric] = {"value": None, "low": None, "high": None, "denominator": None, "state": "unknown"}
                continue
            values, lows, highs, sizes, may, deffs = (part[group] for part in tables[metric])
            state = "suppressed" if not may else "defined" if sizes else "undefined"
            shown = state == "defined"
            metrics[metric] = {
                "value": telling.number(values) if shown else None,
                "low": telling.number(lows) if shown else None,
                "high": telling.number(highs) if shown else None,
                "denominator": None if not may else told(sizes, True, telling.public),
                "state": state,
            }
            if shown and metric in effects:
                metrics[metric]["design_effect"] = telling.number(deffs)
            if shown and group in pooled.get(metric, {}):
                middle, low, high = pooled[metric][group]
                metrics[metric]["pooled"] = {
                    "value": telling.number(middle),
                    "low": telling.number(low),
                    "high": telling.number(high),
                }
        row: dict[str, Any] = {"attributes": telling.attributes(group), "n": telling.count(group, "n", n[group])}
        row["suppressed"] = row["n"] is None
        row["counts"] = {
            item: telling.count(group, item, counts[item][group]) if spec.outcome else None for item in COUNTS
        }
        row["selected"] = telling.selected(group, counts)
        row["without_outcome"] = _without_outcome(telling, group, counts) if spec.outcome else None
        row["per_1000"] = _per_1000(telling, group, counts, n[group]) if spec.outcome else None
        row["metrics"] = metrics
        found.append(row)
    return found


def _without_outcome(telling: Telling, group: int, counts: Mapping[str, list[int]]) -> int | None:
    return telling.count(group, "unknown", counts["unknown_selected"][group] + counts["unknown_other"][group])


def _per_1000(telling: Telling, group: int, counts: Mapping[str, list[int]], n: int) -> dict[str, float | None]:
    """Errors of either kind among 1,000 children of the group whose outcome is known."""
    known = sum(counts[item][group] for item in COUNTS)
    found = {}
    for name, item, metric in (("false_positives", "fp", "fpr"), ("false_negatives", "fn", "fnr")):
        may = telling.may[metric][group] and telling.known(group) and known > 0
        found[name] = (
            (round(1000 * counts[item][group] / known, 1) if telling.public else 1000 * counts[item][group] / known)
            if may
            else None
        )
    return found


def comparison_rows(telling: Telling, comparisons: list[Comparison]) -> list[dict[str, Any]]:
    """Every comparison. Where a side is suppressed nothing is told of it, not even the verdict: it could be worked backwards."""
    found = []
    for one in comparisons:
        if one.pair.attributes in telling.release.dropped:
            continue
        may, number = telling.open(one.pair, one.metric), telling.number
        row: dict[str, Any] = {
            "metric": one.metric,
            "group": telling.attributes(one.pair.group),
            **reference_of(telling, one.pair),
        }
        row["primary"] = one.primary
        row["rate"], row["reference_rate"] = (number(one.rate), number(one.reference_rate)) if may else (None, None)
        row["difference"], row["low"], row["high"] = (
            (number(one.difference), number(one.low), number(one.high)) if may else (None,) * 3
        )
        row["level"] = one.level
        row["ratio"] = number(one.ratio) if may else None
        row["p"], row["p_adjusted"] = (number(one.p), number(one.p_adjusted)) if may else (None, None)
        row["material"] = one.delta
        row["verdict"] = one.verdict.value if may else "not_enough_data"
        row["reason"] = (one.reason or None) if may else "suppressed"
        row["equivalent"] = one.equivalent if may else None
        row["detectable_difference"] = number(one.detectable) if may else None
        row["needed_n"] = one.needed_n if may else None
        row["more_children"] = one.more_children if may else None
        row["excess"] = (number(one.excess) if not telling.public else _whole(one.excess)) if may else None
        row["bounds"] = (
            [number(bound) for bound in one.bounds]
            if may and one.bounds and telling.bounds_open(one.pair, one.metric)
            else None
        )
        found.append(row)
    return found


def _whole(value: float) -> float | None:
    return float(round(value)) if math.isfinite(value) else None


def attribute_rows(
    telling: Telling, spec: Spec, covered: list[float], absent: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Each attribute: for how many it is recorded, and whether it could be examined at all."""
    found = []
    for place, name in enumerate(telling.cube.attributes):
        values = [value for value in telling.cube.values[place] if value is not None]
        state = (
            "not_examined"
            if len(values) < 2
            else "too_few_recorded"
            if covered[place] < spec.min_coverage
            else "examined"
        )
        found.append(
            {
                "name": name,
                "coverage": telling.coverage(place, covered[place]),
                "values": values,
                "state": state,
                "reference": spec.references.get(name),
            }
        )
    found += [
        {"name": name, "coverage": 0.0, "values": [], "state": "not_examined", "reference": None} for name in absent
    ]
    return found


def method(
    cube: Cube, spec: Spec, input_hash: str | None, input_name: str, comparisons: list[Comparison], public: bool
) -> dict[str, Any]:
    """Everything needed to make the same audit again."""
    primary = sum(one.primary for one in comparisons)
    return {
        "versions": {
            "trygg": __version__, "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
            "duckdb": duckdb.__version__,
        },
        "seed": spec.seed,
        "input": input_name,
        "input_hash": input_hash,
        "cube_hash": cube.hash,
        "disclosure": "public" if public else "restricted",
        "columns": {
            "attributes": list(spec.attributes), "decision": spec.decision, "outcome": spec.outcome, "score": spec.score, "value": spec.value,
            "true_value": spec.true_value, "rank": spec.rank, "top_k": spec.top_k, "within": spec.within, "id": spec.id, "period": spec.period,
        },
        "decision": {"event": cube.decision_values[1], "other": cube.decision_values[0], "favourable": cube.favourable},
        "outcome": {"event": cube.outcome_values[1], "other": cube.outcome_values[0]} if cube.outcome_values else None,
        "material": {metric: spec.delta(metric) for metric in spec.metrics},
        "declared_primary": [f"{metric}:{attribute}" for metric, attribute in spec.primary],
        "comparisons": {"primary": primary, "exploratory": len(comparisons) - primary},
        "adjustment": {"primary": "holm", "exploratory": "benjamini-hochberg", "alpha": ALPHA, "false_discovery_rate": FALSE_SHARE},
        "intervals": {"rate": "wilson", "difference": "newcombe", "level": 0.95, "equivalence_level": EQUIVALENCE_LEVEL},
        "min_coverage": spec.min_coverage,
        "depth": spec.depth,
        "cells": len(cube.count),
    }  # fmt: skip


def warning_rows(warnings: list[Warned]) -> list[dict[str, Any]]:
    """Each warning once, as code, parameters and an English sentence."""
    from .wording import warning

    rows: list[dict[str, Any]] = []
    for one in warnings:
        row = {"code": one.code, "params": one.params, "text": warning(one.code, one.params, "en")}
        if row not in rows:
            rows.append(row)
    return rows
