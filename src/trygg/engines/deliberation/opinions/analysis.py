"""One analysis of a conversation from its votes, and where a single newcomer would stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .chance import Chance, by_chance
from .grouping import Groups, find_groups, keep_ids
from .projection import Floats, Projection, project
from .statistics import (
    Representative,
    Shared,
    Sides,
    consensus,
    count,
    group_informed_consensus,
    priorities,
    representative,
    sides,
)
from .votes import Moderation, Votes

LIBRARIES = ("numpy", "scipy", "scikit-learn")


class Plain(StrEnum):
    """Why there are counts only and no opinion groups."""

    FEW = "few_participants"  # fewer in the conversation than groups can be told from chance
    BLURRED = "no_clear_groups"  # the groups stand no further apart than chance makes them
    SAME = "all_alike"  # fewer than three different opinions


@dataclass(frozen=True, slots=True)
class Options:
    """`likely`: groups that chance makes as clear at least so often are not shown. `enough`: votes that bring one in."""

    seed: int = 0
    starts: int = 10
    fewest: int = 30
    likely: float = 0.05
    enough: int = 7


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the votes say. Without groups (`plain` says why) `group_of` is empty and everything by group too.

    `total` has one row: everybody. `by_group` has a row for each id of `group_ids`. Columns are `votes.statement_ids`.
    `allowed` is False for statements that were moderated out or are about the conversation itself.
    """

    votes: Votes
    allowed: NDArray[np.bool_]
    projection: Projection
    points: Floats  # participants x 2
    inside: NDArray[np.bool_]  # who is in the conversation
    plain: Plain | None
    group_ids: tuple[int, ...]
    group_of: Mapping[Any, int]
    groups: Groups | None
    chance: Chance | None
    total: Sides
    by_group: Sides | None
    representative: Mapping[int, tuple[Representative, ...]]
    gac: Floats
    gac_root: Floats
    gac_least: Floats
    agreed: tuple[Shared, ...]
    disagreed: tuple[Shared, ...]
    priorities: Floats
    method: Mapping[str, Any] = field(default_factory=dict)

    @property
    def k(self) -> int:
        """How many groups; 0 when there are counts only."""
        return len(self.group_ids)

    def fold_in(
        self, statements: NDArray[np.integer[Any]], values: NDArray[np.integer[Any]]
    ) -> tuple[Floats, int | None]:
        """Where somebody with these votes (columns and values) stands, and the nearest group; None when there are no groups."""
        point = self.projection.point(statements, values)
        if self.groups is None or not self.group_ids:
            return point, None
        away = self.groups.base_centres - point
        nearest = int(np.argmin(np.einsum("ij,ij->i", away, away)))
        return point, self.group_ids[self.groups.base_labels[nearest]]


def analyse(
    votes: Votes, moderation: Moderation | None = None, options: Options | None = None, previous: Analysis | None = None
) -> Analysis:
    """The analysis of these votes. The same votes, options and previous analysis give the same result.

    `previous` is where this run begins: the map keeps its direction, groups keep their ids, who was in stays in, and
    another number of groups must win four runs in a row.
    """
    moderation, options = moderation or Moderation(), options or Options()
    zeroed = moderation.mask(votes)
    width = votes.shape[1]
    projection, points = project(votes, zeroed, options.seed, None if previous is None else previous.projection)
    inside = _inside(votes, options.enough, previous)
    plain, found, chance = _grouped(votes, zeroed, points, inside, options, previous)
    everybody = sides(*count(votes, np.zeros(votes.shape[0], np.int64), 1))
    group_of: dict[Any, int] = {}
    group_ids: tuple[int, ...] = ()
    by_group: Sides | None = None
    representatives: dict[int, tuple[Representative, ...]] = {}
    shared = everybody
    if found is not None and plain is None:
        members = tuple(votes.participant_ids[place] for place in np.flatnonzero(inside).tolist())
        ids = keep_ids(found, members, {} if previous is None else dict(previous.group_of))
        group_ids = tuple(ids.tolist())
        group_of = dict(zip(members, ids[found.labels].tolist(), strict=True))
        labels = np.full(votes.shape[0], -1, np.int64)
        labels[inside] = found.labels
        by_group = shared = sides(*count(votes, labels, found.k))
        representatives = {group_ids[row]: representative(by_group, row, ~zeroed) for row in range(found.k)}
    gac, root, least = group_informed_consensus(shared)
    agrees, disagrees, seen = everybody.agrees[0], everybody.disagrees[0], everybody.seen[0]
    agreed, disagreed = consensus(agrees, disagrees, seen, ~zeroed)
    meta = np.array([one in moderation.meta for one in votes.statement_ids], bool)
    return Analysis(
        votes=votes,
        allowed=~zeroed,
        projection=projection,
        points=points,
        inside=inside,
        plain=plain,
        group_ids=group_ids,
        group_of=group_of,
        groups=found,
        chance=chance,
        total=everybody,
        by_group=by_group,
        representative=representatives,
        gac=gac,
        gac_root=root,
        gac_least=least,
        agreed=agreed,
        disagreed=disagreed,
        priorities=priorities(agrees, disagrees, seen, projection.means, projection.components, meta),
        method={
            "input": votes.content_hash(),
            "moderated": sorted(str(one) for one in moderation.zeroed),
            "participants": votes.shape[0],
            "statements": width,
            "votes": len(votes),
            "in_conversation": int(inside.sum()),
            "seed": options.seed,
            "starts": options.starts,
            "fewest": options.fewest,
            "silhouette": None if found is None else round(found.silhouette, 9),
            "silhouette_p": None if found is None or chance is None else chance.p_value(found.silhouette),
            "warm": previous is not None,
            "versions": {name: version(name) for name in LIBRARIES},
        },
    )


def _inside(votes: Votes, enough: int, previous: Analysis | None) -> NDArray[np.bool_]:
    """Who has voted often enough, and who was in before: it is never left again. At least the 15 busiest, if there are any."""
    given = votes.per_participant()
    inside = given >= min(enough, max(1, votes.shape[1]))
    if previous is not None:
        before = {one for one, was in zip(previous.votes.participant_ids, previous.inside.tolist(), strict=True) if was}
        inside |= np.array([one in before for one in votes.participant_ids], bool)
    if inside.sum() < 15:
        busiest = np.argsort(-given, kind="stable")[:15]
        inside[busiest[given[busiest] > 0]] = True
    return inside


def _grouped(
    votes: Votes,
    zeroed: NDArray[np.bool_],
    points: Floats,
    inside: NDArray[np.bool_],
    options: Options,
    previous: Analysis | None,
) -> tuple[Plain | None, Groups | None, Chance | None]:
    """Groups, or why there are none. Chance is asked again when the conversation has doubled since."""
    before = None if previous is None else previous.chance
    if inside.sum() < options.fewest:
        return Plain.FEW, None, before
    found = find_groups(
        points[inside], seed=options.seed, starts=options.starts, previous=None if previous is None else previous.groups
    )
    if found is None:
        return Plain.SAME, None, before
    fresh = before is None or inside.sum() >= 2 * before.participants
    chance = by_chance(votes, zeroed, inside, options.seed) if fresh or before is None else before
    return (Plain.BLURRED if chance.p_value(found.silhouette) > options.likely else None), found, chance
