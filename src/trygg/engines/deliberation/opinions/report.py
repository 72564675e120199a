"""An analysis as data that any program can read: finite numbers, ids as text, the same bytes for the same analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .analysis import Analysis
from .statistics import Representative, Shared, Sides

DIGITS = 9


def as_data(analysis: Analysis, texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """`k` (0: counts only, `plain` says why), `groups` {participant: group}, `sizes`, `statements` with counts,
    probabilities and z values of everybody and of each group, `representative` {group: [...]}, `consensus`, `method`."""
    texts = texts or {}
    ids = [str(one) for one in analysis.votes.statement_ids]
    return {
        "k": analysis.k,
        "plain": analysis.plain,
        "groups": {str(one): group for one, group in analysis.group_of.items()},
        "sizes": {str(one): list(analysis.group_of.values()).count(one) for one in sorted(analysis.group_ids)},
        "statements": [_statement(analysis, column, one, texts.get(one)) for column, one in enumerate(ids)],
        "representative": {
            str(group): [_representative(one, ids) for one in analysis.representative[group]]
            for group in sorted(analysis.representative)
        },
        "consensus": {
            "agree": [_shared(one, ids) for one in analysis.agreed],
            "disagree": [_shared(one, ids) for one in analysis.disagreed],
        },
        "method": dict(analysis.method),
    }


def _statement(analysis: Analysis, column: int, one: str, text: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one}
    if text is not None:
        found["text"] = text
    found["counted"] = bool(analysis.allowed[column])
    found["everybody"] = _sides(analysis.total, 0, column)
    if analysis.by_group is not None:
        found["groups"] = {
            str(analysis.group_ids[row]): _sides(analysis.by_group, row, column)
            for row in np.argsort(analysis.group_ids).tolist()
        }
        found["gac"] = _number(analysis.gac[column])
        found["gac_root"] = _number(analysis.gac_root[column])
        found["gac_least"] = _number(analysis.gac_least[column])
    found["priority"] = _number(analysis.priorities[column])
    return found


def _sides(table: Sides, row: int, column: int) -> dict[str, Any]:
    at = (row, column)
    agrees, disagrees, seen = int(table.agrees[at]), int(table.disagrees[at]), int(table.seen[at])
    return {
        "agree": agrees,
        "disagree": disagrees,
        "pass": seen - agrees - disagrees,
        "seen": seen,
        "p_agree": _number(table.agree[at]),
        "p_disagree": _number(table.disagree[at]),
        "z_agree": _number(table.agree_z[at]),
        "z_disagree": _number(table.disagree_z[at]),
        "z_agree_against_others": _number(table.agree_ratio_z[at]),
        "z_disagree_against_others": _number(table.disagree_ratio_z[at]),
    }


def _representative(one: Representative, ids: list[str]) -> dict[str, Any]:
    return {
        "statement": ids[one.statement],
        "side": "agree" if one.agrees else "disagree",
        "votes": one.votes,
        "seen": one.seen,
        "p": _number(one.probability),
        "z": _number(one.z),
        "ratio": _number(one.ratio),
        "z_against_others": _number(one.ratio_z),
        "score": _number(one.score),
        "best_agree": one.best_agree,
    }


def _shared(one: Shared, ids: list[str]) -> dict[str, Any]:
    return {
        "statement": ids[one.statement],
        "votes": one.votes,
        "seen": one.seen,
        "p": _number(one.probability),
        "z": _number(one.z),
    }


def _number(one: float) -> float:
    """Rounded, so that the last digit of a sum on another machine is no difference; -0.0 is 0.0."""
    return round(float(one), DIGITS) + 0.0
