"""What a bias audit is to a claim. Only "no material disparity" supports one; that nothing was found shows nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from trygg.engines.assurance import NEEDS, Code, Evidence, Fit, Moment, Need, NeedResult, best_of
from trygg.engines.fairness import Verdict

KIND = "fairness_audit"
SOURCE = "fairness.audit"


def findings(document: Mapping[str, Any]) -> dict[str, Any]:
    """What evidence carries of an audit: each declared comparison with its verdict and size, and attributes that were not examined.
    Where nothing was declared, the headline comparisons of single attributes count."""
    rows = [row for row in document["comparisons"] if row["primary"]]
    return {
        "comparisons": [
            {"metric": row["metric"], "attributes": sorted(row["group"]), "verdict": row["verdict"], "material": row["material"],
             "more_children": row.get("more_children")}
            for row in rows
        ],
        "not_examined": [row["name"] for row in document["attributes"] if row["state"] == "not_examined"],
    }  # fmt: skip


def check_audit(need: Need, evidence: Sequence[Evidence], at: Moment) -> NeedResult:
    """A need may name `metric`, `groups` (attributes) and `delta` (the largest size that may have been called material)."""
    begun = [piece for piece in evidence if piece.valid_from <= at.on]
    latest = (
        [max(begun, key=lambda piece: piece.valid_from)] if begun else []
    )  # an older, kinder audit does not outweigh this one
    return best_of(need, [*latest, *(piece for piece in evidence if piece.valid_from > at.on)], at, _fit)


def _fit(need: Need, piece: Evidence, on: date) -> Fit:
    wanted, groups = need.params.get("metric"), need.params.get("groups") or ()
    delta = need.params.get("delta")
    absent = sorted(set(groups) & set(piece.params.get("not_examined", ())))
    rows = [
        row
        for row in piece.params.get("comparisons", ())
        if (not wanted or row["metric"] == wanted) and (not groups or set(row["attributes"]) & set(groups))
    ]
    examined = {name for row in rows for name in row["attributes"]}
    absent += sorted(set(groups) - examined - set(absent))
    if absent or not rows:
        return Fit(False, Code.NOT_EXAMINED, {"groups": absent})
    shown = [row for row in rows if row["verdict"] == Verdict.DISPARITY_SHOWN]
    if shown:
        return Fit(False, Code.DISPARITY_SHOWN, {"comparisons": len(shown)})
    unsure = [row for row in rows if row["verdict"] != Verdict.NO_MATERIAL_DISPARITY]
    if unsure:
        return Fit(False, Code.NOT_ENOUGH_DATA, {"comparisons": len(unsure)})
    if delta is not None and any(row["material"] > delta for row in rows):
        return Fit(False, Code.LIMIT_TOO_WIDE, {"delta": delta, "used": max(row["material"] for row in rows)})
    return Fit(True)


def register() -> None:
    """Called once, when the application starts."""
    NEEDS.register(KIND, check_audit)
