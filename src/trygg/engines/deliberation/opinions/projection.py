"""The opinion map: votes as points in two dimensions.

A vote that was not given counts as the mean of its statement, so the centred matrix is zero there: it stays sparse, and
its two strongest directions are found without ever filling it (Small, Bjorkegren, Erkkila, Shaw and Megill 2021, "Polis:
scaling deliberation by mapping high dimensional opinion spaces", Recerca 26(2)). Statements that were moderated out are
zero for everybody, also for those who never saw them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from .votes import Votes

Floats = NDArray[np.float64]
DENSE_CELLS = 20_000  # below this a full decomposition is as quick and exact, and any shape will do


@dataclass(frozen=True, slots=True)
class Projection:
    """`means` and `components` (statements x 2, unit length) turn one participant's votes into a point."""

    statement_ids: tuple[Any, ...]
    means: Floats
    components: Floats
    zeroed: NDArray[np.bool_]

    def point(self, statements: NDArray[np.integer[Any]], values: NDArray[np.integer[Any]]) -> Floats:
        """The point of one participant: columns and as many votes. Both may be empty: then it is the middle.

        sqrt(C / n) * sum over seen statements of (vote - mean) * component; n counts zeroed statements as seen, and the
        root takes people who have voted on few statements away from the middle.
        """
        kept = ~self.zeroed[statements]
        columns = statements[kept]
        seen = len(columns) + np.count_nonzero(self.zeroed)
        centred: Floats = values[kept] - self.means[columns]
        point: Floats = np.sqrt(len(self.means) / max(1, int(seen))) * (centred @ self.components[columns])
        return point


def statement_means(votes: Votes, zeroed: NDArray[np.bool_]) -> Floats:
    """Mean of the votes given on each statement; 0 where there are none or where it was zeroed."""
    width = votes.shape[1]
    seen = np.bincount(votes.statements, minlength=width)
    total = np.bincount(votes.statements, votes.values, minlength=width)
    return np.where(zeroed, 0.0, total / np.maximum(seen, 1))


def project(
    votes: Votes, zeroed: NDArray[np.bool_], seed: int = 0, previous: Projection | None = None
) -> tuple[Projection, Floats]:
    """The projection and the point of each participant (n x 2).

    Warm start: the components of `previous` are where the search begins, and signs follow it, so the map does not
    turn over between two runs. Without it the largest weight of each component is positive.
    """
    count, width = votes.shape
    means = statement_means(votes, zeroed)
    entries = votes.values.astype(np.float64)
    entries -= means[votes.statements]
    kept = None if not zeroed.any() else ~zeroed[votes.statements]
    if kept is not None:
        entries[~kept] = 0
    centred = csr_array((entries, votes.statements, votes.start), shape=(count, width))
    before = _carried(previous, votes.statement_ids)
    # Rows without votes have no direction: left out, they can't change the last digit of the others' either.
    given = votes.per_participant()
    components = _components(centred if given.all() else centred[np.flatnonzero(given)], seed, before)
    counted = given if kept is None else np.bincount(votes.rows()[kept], minlength=count)
    seen = counted + np.count_nonzero(zeroed)
    points = np.sqrt(width / np.maximum(1, seen))[:, None] * (centred @ components)
    return Projection(votes.statement_ids, means, components, zeroed), points


def _components(centred: csr_array, seed: int, before: Floats | None) -> Floats:
    """The two right singular vectors with the largest values (statements x 2); zeros where there is no such direction."""
    count, width = centred.shape
    found = np.zeros((width, 2))
    if not centred.nnz or not np.any(centred.data):
        return found
    if min(count, width) <= 3 or count * width <= DENSE_CELLS:
        _, sizes, right = np.linalg.svd(centred.toarray(), full_matrices=False)
    else:
        start = None if before is None else before.sum(axis=1)
        if start is None or not np.any(start):
            start = np.random.default_rng(seed).standard_normal(width)
        # The start lies on the shorter side: ARPACK works on the smaller of the two products.
        start = start if width <= count else centred @ start
        _, sizes, right = svds(centred, k=2, v0=start, tol=1e-8)
        order = np.argsort(-sizes)
        sizes, right = sizes[order], right[order]
    for number in range(min(2, len(sizes))):
        if sizes[number] > 1e-12 * max(1.0, sizes[0]):
            found[:, number] = right[number]
    for number in range(2):
        weights = found[:, number]
        guide = (
            weights @ before[:, number]
            if before is not None and np.any(before[:, number])
            else weights[np.argmax(np.abs(weights))]
        )
        if guide < 0:
            found[:, number] = -weights
    return found


def _carried(previous: Projection | None, statement_ids: tuple[Any, ...]) -> Floats | None:
    """Earlier components for these statements; 0 for statements that are new."""
    if previous is None:
        return None
    if previous.statement_ids == statement_ids:
        return previous.components
    places = {one: place for place, one in enumerate(previous.statement_ids)}
    carried = np.zeros((len(statement_ids), 2))
    for column, one in enumerate(statement_ids):
        if (place := places.get(one)) is not None:
            carried[column] = previous.components[place]
    return carried
