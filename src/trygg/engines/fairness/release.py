"""What of an audit may be published: the counts of all groups as one additive table, protected as `engines/disclosure` says.

Suppressed is not dropped: the group stays listed, and still counts in tests and in its totals.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trygg.engines.disclosure import Additive, differs_by_few, protect, rounded

from .cube import Cube, Warned
from .groups import PARTS, Groups

SMALL_GROUP, SMALL_COUNT = (
    10,
    3,
)  # fewer children than this are not told of; nor a part of fewer than this, unless it is none
MAX_HIDDEN_GROUPS = 250  # the attack on more would take minutes: then the deepest crossings are not published
SUMS = {
    "n": ("positives", "negatives", "unknown"),
    "positives": ("tp", "fn"),
    "negatives": ("fp", "tn"),
    "unknown": ("unknown_selected", "unknown_other"),
}
LEAVES = ("tp", "fn", "fp", "tn", "unknown_selected", "unknown_other")
ALL_ITEMS = (*SUMS, *LEAVES)

Key = frozenset[tuple[str, str | None]]


@dataclass(slots=True)
class Earlier:
    """Counts that were published before: by group, by item; None where they were suppressed then."""

    name: str
    rounded: bool
    groups: Mapping[Key, Mapping[str, int | None]]


@dataclass(slots=True)
class Release:
    """Which counts may leave: `known[item]` per group; `public` whether they are rounded as well."""

    public: bool
    known: dict[str, Any]
    warnings: list[Warned] = field(default_factory=list)
    dropped: frozenset[tuple[int, ...]] = frozenset()  # crossings that would give too much away

    def metric(self, metric: str) -> Any:
        """Whether a rate may be told, per group: only where every count that it is made of may."""
        events, denominator = PARTS[metric]
        if metric == "base_rate":  # made of how many had the outcome, not of what was decided
            return self.known["positives"] & self.known["negatives"]
        return np.logical_and.reduce([self.known[item] for item in {*events, *denominator}])


def restricted(groups: Groups) -> Release:
    """Everything, exactly: for those who may see the rows themselves."""
    return Release(False, {item: np.ones(len(groups.member), bool) for item in ALL_ITEMS})


def for_public(cube: Cube, groups: Groups, earlier: Sequence[Earlier] = ()) -> Release:
    """What may be published. Groups under 10 and counts of 1 or 2 are hidden, what would reveal them, and what changed by few since earlier."""
    columns = item_columns(groups)
    sensitive = _sensitive(columns)
    warnings, changed = [], np.zeros(len(groups.member), bool)
    for old in earlier:
        known_before = _differing(cube, groups, columns, old, sensitive)
        changed |= known_before
        if known_before.any():
            warnings.append(Warned("differencing", {"file": old.name, "groups": int(known_before.sum())}))
    dropped: set[tuple[int, ...]] = set()
    while True:
        kept = np.ones(len(groups.member), bool)
        for one in groups.groupings:
            if one.attributes in dropped:
                kept[one.start : one.stop] = False
        hidden_groups = np.logical_or.reduce(list(sensitive.values())) & kept
        if hidden_groups.sum() <= MAX_HIDDEN_GROUPS:
            break
        deepest = max(
            (one for one in groups.groupings if one.attributes not in dropped),
            key=lambda one: (len(one.attributes), one.stop - one.start),
        )
        dropped.add(deepest.attributes)
    if dropped:
        names = [" x ".join(cube.attributes[place] for place in one) for one in sorted(dropped)]
        warnings.append(Warned("crossings_not_published", {"crossings": names[:20], "count": len(names)}))
    known = _protected(groups, columns, sensitive, kept)
    for item in ALL_ITEMS:
        known[item] &= kept
    hidden = int((~known["n"] & kept).sum())
    if hidden or any((~known[item]).any() for item in LEAVES):
        partly = int((~np.logical_and.reduce([known[item] for item in LEAVES]) & known["n"]).sum())
        warnings.append(Warned("suppressed", {"groups": hidden, "partly": partly}))
    return Release(True, known, warnings, frozenset(dropped))


def item_columns(groups: Groups) -> dict[str, Any]:
    """Every count of every group, sums included."""
    columns = {item: groups.column(item) for item in LEAVES}
    columns["positives"], columns["negatives"] = groups.column("tp", "fn"), groups.column("fp", "tn")
    columns["unknown"] = groups.column("unknown_selected", "unknown_other")
    columns["n"] = groups.n
    return columns


def _sensitive(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What must be hidden by itself. Of a group under ten nothing is told, nor of how fewer than ten with one outcome were decided."""
    small = columns["n"] < SMALL_GROUP
    found = {item: small | ((columns[item] > 0) & (columns[item] < SMALL_COUNT)) for item in ALL_ITEMS}
    for total in ("positives", "negatives", "unknown"):
        few = (columns[total] > 0) & (columns[total] < SMALL_GROUP)
        for item in SUMS[total]:
            found[item] = found[item] | few
    return found


def _differing(cube: Cube, groups: Groups, columns: Mapping[str, Any], old: Earlier, sensitive: dict[str, Any]) -> Any:
    """Mark what would tell about the few who came or went since `old`; which groups those are."""
    marked = np.zeros(len(groups.member), bool)
    for place, member in enumerate(groups.member):
        before = old.groups.get(key_of(cube, member))
        if before is None:
            continue
        for item in ALL_ITEMS:
            was = before.get(item)
            few = SMALL_GROUP if item == "n" else SMALL_COUNT
            if was is not None and differs_by_few(int(columns[item][place]), was, few, old.rounded):
                marked[place] = True
                for each in ALL_ITEMS if item == "n" else (item,):
                    sensitive[each][place] = True
    return marked


def key_of(cube: Cube, member: tuple[tuple[int, int], ...]) -> Key:
    """A group by names and values, the same in every release."""
    return frozenset((cube.attributes[attribute], cube.values[attribute][code]) for attribute, code in member)


def _protected(groups: Groups, columns: Mapping[str, Any], sensitive: Mapping[str, Any], kept: Any) -> dict[str, Any]:
    known = {item: np.ones(len(groups.member), bool) for item in ALL_ITEMS}
    used = [item for item in ALL_ITEMS if columns[item].any()]
    if not any((sensitive[item] & kept).any() for item in used):
        return known
    size = len(groups.member)
    base = {item: number * size for number, item in enumerate(used)}
    values = np.concatenate([columns[item] for item in used]).tolist()
    primary = [base[item] + int(place) for item in used for place in np.flatnonzero(sensitive[item] & kept)]
    hidden = protect(Additive(tuple(values), tuple(_equations(groups, used, base, kept))), primary)
    for item in used:
        known[item] = ~np.array(hidden[base[item] : base[item] + size])
    # An item that is nowhere is told as 0 only where its group is told at all.
    for item in ALL_ITEMS:
        if item not in used:
            known[item] = known["n"].copy()
    return known


def _equations(
    groups: Groups, used: Sequence[str], base: Mapping[str, int], kept: Any
) -> list[tuple[int, tuple[int, ...]]]:
    """Within each group by outcome and decision; between groups, each as the sum over one more attribute."""
    found = []
    for total, parts in SUMS.items():
        inside = [part for part in parts if part in used]
        if total in used:
            found += [
                (base[total] + place, tuple(base[part] + place for part in inside))
                for place in range(len(groups.member))
                if kept[place]
            ]
    by_parent: dict[tuple[int, int], list[int]] = {}
    for place, member in enumerate(groups.member):
        if kept[place]:
            for left_out in range(len(member)):
                parent = groups.index.get(member[:left_out] + member[left_out + 1 :])
                if parent is not None and kept[parent]:
                    by_parent.setdefault((parent, member[left_out][0]), []).append(place)
    for (parent, _), children in by_parent.items():
        found += [(base[item] + parent, tuple(base[item] + child for child in children)) for item in used]
    return found


def told(count: int, known: bool, public: bool) -> int | None:
    """A count as it leaves: None when it is hidden, to the nearest 5 in public."""
    return None if not known else rounded(count) if public else int(count)


def told_rows(cube: Cube, groups: Groups, release: Release, rounding: bool) -> list[dict[str, Any]]:
    """The counts of every group that may be told, as they are told."""
    columns = item_columns(groups)
    skipped = {
        place for one in groups.groupings if one.attributes in release.dropped for place in range(one.start, one.stop)
    }
    rows: list[dict[str, Any]] = []
    for group in range(len(groups.member)):
        if group not in skipped:
            attributes = {cube.attributes[place]: cube.values[place][code] for place, code in groups.member[group]}
            counts = {
                item: told(int(columns[item][group]), bool(release.known[item][group]), rounding) for item in ALL_ITEMS
            }
            rows.append({"attributes": attributes, **counts})
    return rows


def told_hash(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of what was told. The hash of the exact cube must not leave with it: hidden counts could be tried until it fits."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
