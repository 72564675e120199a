"""What a group thinks of each statement, what sets it apart, and what all groups share.

Counts come first and everything follows from them. With a votes for a side among s votes (passes count in s):

- probability (a + 1) / (s + 2): Laplace's rule of succession, so nobody's single vote is a certainty;
- one proportion against a half: z = 2 sqrt(s + 1) ((a + 1) / (s + 1) - 1/2);
- two proportions, group against all others, 1 added to each of the four counts, pooled variance;
- group-informed consensus: the product over groups of the probabilities of agreeing. It falls with the number of groups,
  so its k-th root and the smallest of the groups stand beside it.

Definitions after Polis' mathematics (github.com/compdemocracy/polis, math/src/polismath), as read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .projection import Floats
from .votes import AGREE, DISAGREE, Votes

NINETY = 1.2816  # one-sided 90 % quantile of the normal distribution
MOST = 5  # statements in a list

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sides:
    """For each group (rows) and statement (columns): counts, probabilities, ratios to the others, and z values."""

    agrees: Counts
    disagrees: Counts
    seen: Counts
    agree: Floats  # probability
    disagree: Floats
    agree_z: Floats  # against a half
    disagree_z: Floats
    agree_ratio: Floats  # probability divided by that of all other groups
    disagree_ratio: Floats
    agree_ratio_z: Floats  # against all other groups
    disagree_ratio_z: Floats


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that sets a group apart. `agrees`: on which side. `best_agree`: the one with most certain agreement."""

    statement: int
    agrees: bool
    votes: int
    seen: int
    probability: float
    z: float
    ratio: float
    ratio_z: float
    best_agree: bool = False

    @property
    def score(self) -> float:
        return self.ratio * self.ratio_z * self.probability * self.z


@dataclass(frozen=True, slots=True)
class Shared:
    """A statement on which most of everybody stand on one side."""

    statement: int
    votes: int
    seen: int
    probability: float
    z: float


def count(votes: Votes, labels: NDArray[np.integer[Any]], groups: int) -> tuple[Counts, Counts, Counts]:
    """(agrees, disagrees, seen), each groups x statements. `labels`: the group of each participant, -1 for none."""
    width = votes.shape[1]
    # Three bins a cell, and a last row of cells for those without a group: one pass over the votes, whatever is asked.
    row = np.where(np.asarray(labels) < 0, groups, labels).astype(np.int32) * np.int32(3 * width)
    bins = np.repeat(row, votes.per_participant())
    bins += votes.statements * np.int32(3)
    bins += votes.values + np.int8(1)
    table = (
        np.bincount(bins, minlength=3 * width * (groups + 1)).reshape(groups + 1, width, 3)[:groups].astype(np.int64)
    )
    return table[:, :, 1 + AGREE], table[:, :, 1 + DISAGREE], table.sum(axis=2)


def sides(agrees: Counts, disagrees: Counts, seen: Counts) -> Sides:
    """Everything that follows from the counts."""
    others_seen = seen.sum(axis=0) - seen
    agree, disagree = (agrees + 1) / (seen + 2), (disagrees + 1) / (seen + 2)
    others_agree, others_disagree = agrees.sum(axis=0) - agrees, disagrees.sum(axis=0) - disagrees
    return Sides(
        agrees,
        disagrees,
        seen,
        agree,
        disagree,
        one_proportion(agrees, seen),
        one_proportion(disagrees, seen),
        agree / ((others_agree + 1) / (others_seen + 2)),
        disagree / ((others_disagree + 1) / (others_seen + 2)),
        two_proportions(agrees, others_agree, seen, others_seen),
        two_proportions(disagrees, others_disagree, seen, others_seen),
    )


def one_proportion(part: Counts, whole: Counts) -> Floats:
    """z of part / whole against a half, 1 added to both."""
    return 2 * np.sqrt(whole + 1) * ((part + 1) / (whole + 1) - 0.5)


def two_proportions(part: Counts, others: Counts, whole: Counts, others_whole: Counts) -> Floats:
    """z of the difference of two proportions, 1 added to all four counts; 0 where everybody is on the same side."""
    first, second = (part + 1) / (whole + 1), (others + 1) / (others_whole + 1)
    pooled = (part + others + 2) / (whole + others_whole + 2)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / (whole + 1) + 1 / (others_whole + 1)))
    return np.where(spread > 0, (first - second) / np.where(spread > 0, spread, 1), 0.0)


def telling(table: Sides, group: int, allowed: NDArray[np.bool_]) -> tuple[Representative, ...]:
    """Every statement on which the group differs from the others and from a half, both at 90 % one-sided, highest score first."""
    side = np.where(table.agree_ratio_z[group] > table.disagree_ratio_z[group], True, False)
    z = np.where(side, table.agree_z[group], table.disagree_z[group])
    ratio_z = np.where(side, table.agree_ratio_z[group], table.disagree_ratio_z[group])
    enough = np.flatnonzero(allowed & (z > NINETY) & (ratio_z > NINETY))
    return tuple(sorted((_one(table, group, j, bool(side[j])) for j in enough.tolist()), key=lambda one: -one.score))


def representative(table: Sides, group: int, allowed: NDArray[np.bool_]) -> tuple[Representative, ...]:
    """At most five statements that stand for the group, those that it agrees with first; none when there is no statement.

    The one with the most certain agreement, then the telling ones. Where none is telling: the most certain agreement alone,
    or else the statement with the largest difference to the others.
    """
    best = _best_agreed(table, group, allowed)
    chosen = [] if best is None else [best]
    chosen += [one for one in telling(table, group, allowed) if best is None or one.statement != best.statement]
    if not chosen and allowed.any():
        largest = np.where(allowed, np.maximum(table.agree_ratio_z[group], table.disagree_ratio_z[group]), -np.inf)
        column = int(np.argmax(largest))
        chosen = [
            _one(table, group, column, bool(table.agree_ratio_z[group, column] > table.disagree_ratio_z[group, column]))
        ]
    return tuple(sorted(chosen[:MOST], key=lambda one: not one.agrees))


def _best_agreed(table: Sides, group: int, allowed: NDArray[np.bool_]) -> Representative | None:
    agree, z, ratio = table.agree[group], table.agree_z[group], table.agree_ratio[group]
    fit = np.flatnonzero(allowed & (table.seen[group] > 0) & ((z > NINETY) | ((ratio > 1) & (agree > 0.5))))
    if not len(fit):
        return None
    apart = fit[ratio[fit] > 1]  # more than the others do; among these what sets the group apart decides
    rank = ratio * table.agree_ratio_z[group] * agree * z if len(apart) else agree * z
    among = apart if len(apart) else fit
    column = among[np.argmax(rank[among])]
    return replace(_one(table, group, int(column), True), best_agree=True)


def _one(table: Sides, group: int, column: int, agrees: bool) -> Representative:
    at = (group, column)
    if agrees:
        numbers = table.agrees[at], table.agree[at], table.agree_z[at], table.agree_ratio[at], table.agree_ratio_z[at]
    else:
        numbers = (
            table.disagrees[at],
            table.disagree[at],
            table.disagree_z[at],
            table.disagree_ratio[at],
            table.disagree_ratio_z[at],
        )
    part, probability, z, ratio, ratio_z = numbers
    return Representative(
        column, agrees, int(part), int(table.seen[at]), float(probability), float(z), float(ratio), float(ratio_z)
    )


def group_informed_consensus(table: Sides) -> tuple[Floats, Floats, Floats]:
    """(gac, gac^(1/k), the smallest of the groups) for each statement."""
    gac = np.prod(table.agree, axis=0)
    return gac, gac ** (1 / len(table.agree)), np.min(table.agree, axis=0)


def consensus(
    agrees: Counts, disagrees: Counts, seen: Counts, allowed: NDArray[np.bool_]
) -> tuple[tuple[Shared, ...], tuple[Shared, ...]]:
    """Statements that most agree with, and that most disagree with, whatever their group: at most five each, surest first."""

    def side(part: Counts) -> tuple[Shared, ...]:
        probability, z = (part + 1) / (seen + 2), one_proportion(part, seen)
        found = np.flatnonzero(allowed & (probability > 0.5) & (z > NINETY))
        order = found[np.argsort(-(probability * z)[found], kind="stable")][:MOST]
        return tuple(Shared(int(j), int(part[j]), int(seen[j]), float(probability[j]), float(z[j])) for j in order)

    return side(agrees), side(disagrees)


def priorities(
    agrees: Counts, disagrees: Counts, seen: Counts, means: Floats, components: Floats, meta: NDArray[np.bool_]
) -> Floats:
    """How much each statement should be shown next: high for new ones, for agreed ones, and for those at the edge of the map.

    Extremity: where somebody would stand who disagreed with this statement alone. Meta statements have 7 squared.
    """
    extremity = np.sqrt(len(means)) * np.abs(-1 - means) * np.linalg.norm(components, axis=1)
    passing = (seen - agrees - disagrees + 1) / (seen + 2)
    importance = (1 - passing) * (extremity + 1) * (agrees + 1) / (seen + 2)
    return np.where(meta, 49.0, (importance * (1 + 8 * 2 ** (-seen / 5))) ** 2)
