"""What of the score's curves and of the first places may be published: tables of their own, protected like the rates."""

from typing import Any

import numpy as np

from trygg.engines.disclosure import Additive, protect

from .document import Telling
from .release import SMALL_COUNT, SMALL_GROUP
from .scores import CURVE, ScoreTables


def curves_for_public(telling: Telling, tables: ScoreTables) -> dict[int, frozenset[int]]:
    """Which parts of each group's calibration curve must be hidden: parts under ten, with one or two events or others, and what gives those away."""
    shape = (len(tables.places), CURVE, tables.bins // CURVE)
    events, others = tables.events.reshape(shape).sum(axis=2), tables.others.reshape(shape).sum(axis=2)
    return {
        group: frozenset(np.flatnonzero(parts).tolist())
        for group, parts in _hidden(telling, tables.places, events, others).items()
    }


def top_hidden(telling: Telling, rows: list[dict[str, Any]]) -> set[int]:
    """Groups whose share of the first places must be hidden."""
    places = [0, *(row["group"] for row in rows)]
    one = telling.groups.groupings[1]
    mine = [row for row in rows if one.start <= row["group"] < one.stop]
    total, pool = sum(row["in_top"] for row in mine), sum(row["pool"] for row in mine)
    events = np.array([[total], *([row["in_top"]] for row in rows)])
    others = np.array([[pool - total], *([row["pool"] - row["in_top"]] for row in rows)])
    return {group for group, parts in _hidden(telling, places, events, others).items() if parts.any() and group}


def _hidden(telling: Telling, places: list[int], events: Any, others: Any) -> dict[int, Any]:
    """Groups x parts of events and others, with their sums over parts and over groups: which parts of which group are hidden.

    The first group is everybody. Where a group itself is suppressed, all of its parts are.
    """
    events, others = (np.column_stack([table, table.sum(axis=1)]).astype(np.int64) for table in (events, others))
    n = events + others
    count, parts = n.shape
    values = np.concatenate([n.ravel(), events.ravel(), others.ravel()])
    size = count * parts

    def at(item: int, group: int, part: int) -> int:
        return item * size + group * parts + part

    few = (n > 0) & (n < SMALL_GROUP)
    known = np.array([telling.known(group) and telling.may["base_rate"][group] for group in places])
    few |= ~known[:, None]
    for table in (events, others):
        few |= (table > 0) & (table < SMALL_COUNT)
    primary = [at(item, int(group), int(part)) for item in range(3) for group, part in np.argwhere(few)]
    equations: list[tuple[int, tuple[int, ...]]] = []
    for group in range(count):
        equations += [(at(0, group, part), (at(1, group, part), at(2, group, part))) for part in range(parts)]
        equations += [
            (at(item, group, parts - 1), tuple(at(item, group, part) for part in range(parts - 1))) for item in range(3)
        ]
    by_attribute: dict[int, list[int]] = {}
    for place, group in enumerate(places[1:], start=1):
        by_attribute.setdefault(telling.groups.member[group][0][0], []).append(place)
    for children in by_attribute.values():
        equations += [
            (at(item, 0, part), tuple(at(item, child, part) for child in children))
            for item in range(3)
            for part in range(parts)
        ]
    hidden: Any = (
        np.array(protect(Additive(tuple(values.tolist()), tuple(equations)), primary))
        .reshape(3, count, parts)
        .any(axis=0)
    )
    # The sum over parts is told elsewhere, too: where it had to be hidden, so is every part.
    return {group: np.where(hidden[place, -1], True, hidden[place, :-1]) for place, group in enumerate(places)}
