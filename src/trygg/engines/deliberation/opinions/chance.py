"""How far groups stand apart by chance alone: k-means finds "groups" in any cloud of points.

Votes are shuffled among those who saw the statement. Each statement keeps its agreement, each participant the statements
that he or she saw; what goes is that the same people agree on several. Silhouettes of such clouds were 0.33 to 0.48,
higher the fewer people and statements (simulated, November 2026), so no constant bar would do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .grouping import find_groups
from .projection import project
from .votes import Votes

SHUFFLES = 19  # beaten by none of 19: p = 1 / 20
PEOPLE = 500  # more of them would only make chance look smaller, and take longer
STARTS = 3


@dataclass(frozen=True, slots=True)
class Chance:
    """Silhouettes of the shuffled votes, and how many people were in the conversation then."""

    silhouettes: tuple[float, ...]
    participants: int

    def p_value(self, silhouette: float) -> float:
        """Share of the clouds, this one among them, that stand at least as far apart (Phipson and Smyth 2010)."""
        return (1 + sum(one >= silhouette for one in self.silhouettes)) / (1 + len(self.silhouettes))


def by_chance(votes: Votes, zeroed: NDArray[np.bool_], inside: NDArray[np.bool_], seed: int) -> Chance:
    """Silhouettes of groups in shuffled votes of at most 500 of those inside; 0 where no groups are found."""
    random = np.random.default_rng(seed)
    people = np.flatnonzero(inside)
    if len(people) > PEOPLE:
        people = np.sort(random.choice(people, PEOPLE, replace=False))
    chosen = _of(votes, people)
    order = np.argsort(chosen.statements, kind="stable")
    found = []
    for _ in range(SHUFFLES):
        shuffled = np.empty_like(chosen.values)
        shuffled[order] = chosen.values[np.lexsort((random.random(len(chosen)), chosen.statements))]
        _, points = project(replace(chosen, values=shuffled), zeroed, seed)
        groups = find_groups(points, seed=seed, starts=STARTS)
        found.append(0.0 if groups is None else groups.silhouette)
    return Chance(tuple(found), int(inside.sum()))


def _of(votes: Votes, people: NDArray[np.integer[Any]]) -> Votes:
    """The votes of these rows alone."""
    counts = votes.per_participant()[people]
    start = np.zeros(len(people) + 1, np.int64)
    np.cumsum(counts, out=start[1:])
    places = np.repeat(votes.start[people] - start[:-1], counts) + np.arange(start[-1])
    ids = tuple(votes.participant_ids[place] for place in people.tolist())
    return Votes(ids, votes.statement_ids, start, votes.statements[places], votes.values[places])
