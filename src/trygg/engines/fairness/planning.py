"""Before an audit: how many children it takes. After two: what changed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from .comparisons import ALPHA
from .errors import AuditError
from .spec import METRICS
from .stats import detectable_difference, settling_factor

SCALE = 1_000_000.0  # sizes large enough that nothing is rounded up to one
SIZES = (10, 30, 100, 300, 1000, 3000, 10000)


def plan(
    *, rate: float, material: float, share: float = 0.5, comparisons: int = 1, counted: float = 1.0, power: float = 0.8
) -> dict[str, Any]:
    """How many children a future audit needs, in the group and in all, to settle one comparison (`stats.growth_needed`).

    rate: what is expected in the reference (of the metric); share: the group's part of all children; counted: which part of the children
    is in the metric's denominator (for missed cases: those with the outcome); comparisons: how many are declared (Bonferroni).
    Raises AuditError for numbers outside of their range.
    """
    for name, value in (("rate", rate), ("material", material), ("share", share), ("power", power)):
        if not 0 < value < 1:
            raise AuditError("number", option=f"--{name}", what="a number above 0 and below 1", value=f"{value:g}")
    if not 0 < counted <= 1:
        raise AuditError("number", option="--counted", what="a number above 0 and at most 1", value=f"{counted:g}")
    if comparisons < 1:
        raise AuditError("number", option="--comparisons", what="a whole number of at least 1", value=comparisons)
    alpha = ALPHA / comparisons
    factor = float(settling_factor(SCALE * share, SCALE * (1 - share), rate, material, alpha, power))
    in_group = float(np.ceil(SCALE * share * factor))
    everybody = float(np.ceil(in_group / share / counted))
    table = []
    for n in SIZES:
        other = n / share * (1 - share)
        found = detectable_difference(n, other, rate, alpha, power)
        table.append(
            {
                "counted_in_group": n,
                "children_in_group": int(np.ceil(n / counted)),
                "detectable_difference": float(found),
            }
        )
    return {
        "format": "trygg-plan/1",
        "rate": rate, "material": material, "share": share, "comparisons": comparisons, "counted": counted, "power": power, "alpha": alpha,
        "counted_in_group": int(in_group),
        "children_in_group": int(np.ceil(in_group / counted)),
        "children": int(everybody),
        "sizes": table,
    }  # fmt: skip


Key = tuple[str, frozenset[tuple[str, str | None]], str]


def compare(old: Mapping[str, Any], new: Mapping[str, Any], names: tuple[str, str] = ("OLD", "NEW")) -> dict[str, Any]:
    """What changed between two audits of the same question: each comparison in both, its change with an interval, and its verdicts.

    The interval joins the two intervals (MOVER: Zou and Donner 2008, Statistics in Medicine 27), which takes the two audits as made on
    different children; where they overlap it is wider than need be. Raises AuditError when favourable decision or event differ.
    """
    for what, part in (("the favourable decision", "favourable"), ("the event", "event")):
        before, after = old["method"]["decision"][part], new["method"]["decision"][part]
        if before != after:
            raise AuditError("not_comparable", old=names[0], new=names[1], what=what, before=before, after=after)
    earlier = {_key(row): row for row in old["comparisons"]}
    rows, gone = [], set(earlier)
    for row in new["comparisons"]:
        before = earlier.get(_key(row))
        gone.discard(_key(row))
        rows.append(_change(before, row))
    rows += [_change(earlier[key], None) for key in earlier if key in gone]
    notes = [
        {"what": what, "before": old["method"][what], "after": new["method"][what]}
        for what in ("material", "disclosure", "versions", "outcome")
        if old["method"][what] != new["method"][what]
    ]
    turned = [row for row in rows if row["before"] and row["after"] and row["before"] != row["after"]]
    return {
        "format": "trygg-comparison/1",
        "rows": [old["rows"], new["rows"]],
        "changes": rows,
        "verdicts_changed": len(turned),
        "differences_in_method": notes,
        "cube_hashes": [old["method"]["cube_hash"], new["method"]["cube_hash"]],
    }


def _key(row: Mapping[str, Any]) -> Key:
    reference = "|".join(f"{name}={value}" for name, value in sorted((row["reference"] or {}).items(), key=str))
    return row["metric"], frozenset(row["group"].items()), row["reference_kind"] + reference


def _change(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> dict[str, Any]:
    row = new or old or {}
    found: dict[str, Any] = {name: row[name] for name in ("metric", "group", "reference", "reference_kind", "primary")}
    found |= {"before": old["verdict"] if old else None, "after": new["verdict"] if new else None}
    found |= {
        "difference_before": old["difference"] if old else None,
        "difference_after": new["difference"] if new else None,
    }
    found |= dict.fromkeys(("change", "low", "high"))
    if old and new and old["difference"] is not None and new["difference"] is not None:
        a, b = new, old
        change = a["difference"] - b["difference"]
        low = change - float(np.hypot(a["difference"] - a["low"], b["high"] - b["difference"]))
        high = change + float(np.hypot(a["high"] - a["difference"], b["difference"] - b["low"]))
        found |= {"change": change, "low": low, "high": high}
    return found


def sorted_changes(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What should be read first: verdicts that changed, declared comparisons, the larger change."""
    return sorted(
        rows,
        key=lambda row: (
            row["before"] == row["after"],
            not row["primary"],
            -abs(row["change"] or 0),
            METRICS.index(row["metric"]),
        ),
    )
