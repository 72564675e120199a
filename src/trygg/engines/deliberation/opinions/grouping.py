"""Opinion groups: participants who stand near each other on the map.

First at most 100 base clusters, then k-means over their centres weighted by size, for each k from 2 to 5; the k with the
highest mean silhouette (Rousseeuw 1987, J. Comput. Appl. Math. 20) is taken. Several seeded starts, since one start alone
finds poor groups; one thread, since sums in another order are other sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .projection import Floats

BASE_CLUSTERS = 100
LARGEST_K = 5
PATIENCE = 4  # a new k must win so many runs in a row before it replaces the old one

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """`labels`: the group of each point. `centres`: k x 2. `candidate`, `wins`: a k that is winning but not yet taken."""

    k: int
    labels: Labels
    centres: Floats
    base_centres: Floats
    base_labels: Labels  # the group of each base cluster
    silhouette: float
    silhouettes: tuple[tuple[int, float], ...]  # for each k that was tried
    candidate: int
    wins: int


def find_groups(points: Floats, *, seed: int, starts: int, previous: Groups | None = None) -> Groups | None:
    """Groups of these points, or None where fewer than three stand apart from each other."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return _find_groups(points, seed, starts, previous)


def _find_groups(points: Floats, seed: int, starts: int, previous: Groups | None) -> Groups | None:
    from sklearn.metrics import silhouette_score

    centres, base = _base_clusters(points, seed, None if previous is None else previous.base_centres)
    if len(centres) < 3:
        return None
    sizes = np.bincount(base, minlength=len(centres)).astype(float)
    tried: dict[int, tuple[float, Labels, Floats]] = {}
    for k in range(2, min(LARGEST_K, 2 + len(centres) // 12, len(centres) - 1) + 1):
        warm = previous.centres if previous is not None and previous.k == k else None
        labels, middles = _k_means(centres, k, seed, starts, warm, sizes)
        if len(np.unique(labels)) == k:
            tried[k] = (float(silhouette_score(centres, labels)), labels, middles)
    if not tried:
        return None
    best = max(tried, key=lambda k: (tried[k][0], -k))
    k, candidate, wins = _smoothed(best, previous)
    if k not in tried:
        k, candidate, wins = best, best, 0
    silhouette, labels, middles = tried[k]
    return Groups(
        k,
        labels[base],
        middles,
        centres,
        labels,
        silhouette,
        tuple((number, tried[number][0]) for number in tried),
        candidate,
        wins,
    )


def _smoothed(best: int, previous: Groups | None) -> tuple[int, int, int]:
    """(k, candidate, wins): the old k stays until another one has won PATIENCE runs in a row."""
    if previous is None or best == previous.k:
        return best, best, 0
    wins = previous.wins + 1 if best == previous.candidate else 1
    return (best, best, 0) if wins >= PATIENCE else (previous.k, best, wins)


def _base_clusters(points: Floats, seed: int, warm: Floats | None) -> tuple[Floats, Labels]:
    """Centres and the cluster of each point; where there are at most 100 different points, each is its own."""
    different, labels = np.unique(points, axis=0, return_inverse=True)
    labels = labels.reshape(-1)
    if len(different) <= BASE_CLUSTERS:
        return different, labels
    warm = warm if warm is not None and len(warm) == BASE_CLUSTERS else None
    labels, centres = _k_means(points, BASE_CLUSTERS, seed, 1, warm, None, iterations=20 if warm is None else 5)
    kept, labels = np.unique(labels, return_inverse=True)
    return centres[kept], labels.reshape(-1)


def _k_means(
    points: Floats, k: int, seed: int, starts: int, warm: Floats | None, weights: Floats | None, iterations: int = 100
) -> tuple[Labels, Floats]:
    """The best of a warm start, if there is one, and of `starts` seeded ones by k-means++; a warm base run has no others."""
    from sklearn.cluster import KMeans

    runs: list[Any] = []
    if warm is not None:
        runs.append(KMeans(k, init=warm, n_init=1, max_iter=iterations))
    if warm is None or weights is not None:
        runs.append(KMeans(k, n_init=starts, random_state=seed, max_iter=iterations))
    fitted = [run.fit(points, sample_weight=weights) for run in runs]
    best = min(fitted, key=lambda run: run.inertia_)
    return best.labels_.astype(np.int64), best.cluster_centers_


def keep_ids(groups: Groups, members: tuple[Any, ...], earlier: dict[Any, int]) -> NDArray[np.int64]:
    """Id of each group: the one that most of its members had before; a group that is new gets a number never used.

    Without an earlier run groups are numbered by size, the largest is 0; equal sizes by their place on the map.
    """
    from scipy.optimize import linear_sum_assignment

    sizes = np.bincount(groups.labels, minlength=groups.k)
    by_size = np.lexsort((groups.centres[:, 1], groups.centres[:, 0], -sizes))
    ids = np.empty(groups.k, np.int64)
    if not earlier:
        ids[by_size] = np.arange(groups.k)
        return ids
    known = sorted(set(earlier.values()))
    column = {one: place for place, one in enumerate(known)}
    shared = np.zeros((groups.k, len(known)))
    for label, member in zip(groups.labels.tolist(), members, strict=True):
        if member in earlier:
            shared[label, column[earlier[member]]] += 1
    matched = dict(zip(*(side.tolist() for side in linear_sum_assignment(-shared)), strict=True))
    fresh = max(known) + 1
    for label in by_size.tolist():
        place = matched.get(label)
        if place is not None and shared[label, place] > 0:
            ids[label] = known[place]
        else:
            ids[label], fresh = fresh, fresh + 1
    return ids
