"""Groups rolled up from the finest cube: every crossing up to a depth, with its counts; no second look at the table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from scipy import sparse

from .cube import Cube, Ints, Warned, unique_rows
from .stats import Floats, divided

ITEMS = ("tp", "fp", "tn", "fn", "unknown_selected", "unknown_other")
MAX_GROUPS = 100_000
# Each metric as (events, denominator) over ITEMS.
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fpr": (("fp",), ("fp", "tn")),
    "fnr": (("fn",), ("tp", "fn")),
    "ppv": (("tp",), ("tp", "fp")),
    "for": (("fn",), ("fn", "tn")),
    "selection_rate": (("tp", "fp", "unknown_selected"), ITEMS),
    "base_rate": (("tp", "fn"), ("tp", "fp", "tn", "fn")),
    "accuracy": (("tp", "tn"), ("tp", "fp", "tn", "fn")),
}


@dataclass(frozen=True, slots=True)
class Grouping:
    """One crossing: which attributes, and where its groups stand among all groups."""

    attributes: tuple[int, ...]
    start: int
    stop: int


@dataclass(slots=True)
class Groups:
    """All groups: `counts` (groups x ITEMS), `member` the codes of each (attribute index, code); the first group is everybody."""

    groupings: list[Grouping]
    member: list[tuple[tuple[int, int], ...]]
    counts: Ints
    group_of_cell: dict[tuple[int, ...], Ints]
    index: dict[tuple[tuple[int, int], ...], int]
    usable: dict[str, Any] = field(default_factory=dict)  # per metric, where counts were suppressed before they came

    @property
    def n(self) -> Ints:
        """Rows (children, when each stands once) of each group."""
        return self.counts.sum(axis=1)

    def column(self, *items: str) -> Ints:
        """Sum of items, a number per group."""
        return self.counts[:, [ITEMS.index(item) for item in items]].sum(axis=1)

    def parts(self, metric: str) -> tuple[Ints, Ints]:
        """Events and denominator of a metric, per group."""
        events, denominator = PARTS[metric]
        found = self.column(*events), self.column(*denominator)
        if metric in self.usable:
            return np.where(self.usable[metric], found[0], 0), np.where(self.usable[metric], found[1], 0)
        return found

    def of(self, attributes: Sequence[int]) -> Grouping:
        """The grouping by these attributes."""
        return next(one for one in self.groupings if one.attributes == tuple(attributes))


def item_of_cell(cube: Cube) -> Ints:
    """Which of ITEMS the rows of each cell count for."""
    known = np.where(cube.outcome == 1, np.where(cube.decision == 1, 0, 3), np.where(cube.decision == 1, 1, 2))
    return np.where(cube.outcome < 0, np.where(cube.decision == 1, 4, 5), known)


def roll_up(cube: Cube, depth: int) -> tuple[Groups, list[Warned]]:
    """Every crossing of at most `depth` attributes. Crossings that would give too many groups are left out, and that is said."""
    item, width = item_of_cell(cube), len(cube.attributes)
    groupings, member, counts, group_of_cell = [], [], [], {}
    warned: list[Warned] = []
    left_out = []
    start = 0
    for size in range(min(depth, width) + 1):
        for chosen in combinations(range(width), size):
            first, inverse = unique_rows(cube.codes[:, list(chosen)])
            codes = cube.codes[first][:, list(chosen)]
            if size > 1 and start + len(codes) > MAX_GROUPS:
                left_out.append(" x ".join(cube.attributes[place] for place in chosen))
                continue
            table = np.zeros((len(codes), len(ITEMS)), np.int64)
            np.add.at(table, (inverse, item), cube.count)
            groupings.append(Grouping(chosen, start, start + len(codes)))
            member += [tuple(zip(chosen, row, strict=True)) for row in codes.tolist()]
            counts.append(table)
            group_of_cell[chosen] = inverse
            start += len(codes)
    if left_out:
        warned.append(
            Warned("crossings_left_out", {"crossings": left_out[:20], "count": len(left_out), "limit": MAX_GROUPS})
        )
    if width > depth:
        warned.append(Warned("depth", {"depth": depth, "attributes": width}))
    groups = Groups(
        groupings, member, np.concatenate(counts), group_of_cell, {one: place for place, one in enumerate(member)}
    )
    return groups, warned


def design_effects(cube: Cube, groups: Groups, metrics: Sequence[str], draws: int, seed: int) -> dict[str, Floats]:
    """How many times the variance of each rate is what independent rows would give: cluster bootstrap of children (Davison and Hinkley
    1997, ch. 3.8), as multinomial draws of the patterns of their cells. At least 1; where a rate is 0, 1 or undefined: the median of
    its metric.
    """
    units = cube.units
    if units is None:
        raise ValueError("no children stand more than once: there is no design effect")
    item, size = item_of_cell(cube), len(groups.member)
    where = [groups.group_of_cell[one.attributes][units.cell] + one.start for one in groups.groupings]
    column = np.concatenate([place * len(ITEMS) + item[units.cell] for place in where])
    row, value = np.tile(units.pattern, len(where)), np.tile(units.rows, len(where))
    table = sparse.csr_matrix((value, (row, column)), shape=(len(units.many), size * len(ITEMS)))
    random = np.random.default_rng(seed)
    total = {metric: np.zeros((3, size)) for metric in metrics}
    chance = units.many / units.many.sum()
    batch = max(1, min(draws, 4_000_000 // max(1, size * len(ITEMS)), 4_000_000 // max(1, len(chance))))
    for begin in range(0, draws, batch):
        drawn = random.multinomial(units.children, chance, size=min(batch, draws - begin))
        counts = np.asarray((table.T @ drawn.T).T).reshape(len(drawn), size, len(ITEMS))
        for metric in metrics:
            events, denominator = PARTS[metric]
            rate = divided(_items(counts, events), _items(counts, denominator))
            known = ~np.isnan(rate)
            rate = np.where(known, rate, 0)
            total[metric] += [known.sum(axis=0), rate.sum(axis=0), (rate**2).sum(axis=0)]
    found = {}
    for metric in metrics:
        many, first, second = total[metric]
        seen, n = groups.parts(metric)
        p = divided(seen, n)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = (second - first**2 / many) / (many - 1)
            effect = variance / (p * (1 - p) / n)
        sound = (many >= draws / 2) & (p > 0) & (p < 1) & (n >= 10)
        usual = float(np.median(effect[sound])) if sound.any() else float(units.rows.max())
        found[metric] = np.maximum(1.0, np.where(sound, effect, usual))
    return found


def _items(counts: Any, items: tuple[str, ...]) -> Any:
    return counts[:, :, [ITEMS.index(item) for item in items]].sum(axis=2)
