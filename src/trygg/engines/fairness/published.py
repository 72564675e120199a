"""The cube that travels: counts of all groups after disclosure control, and nothing else. It can be audited again without the rows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from trygg.engines.tabular import Table

from .audit import rate_tables
from .cube import FORMAT, Cube, Warned, build_cube
from .document import Telling, method, warning_rows
from .errors import AuditError
from .groups import ITEMS, Grouping, Groups, roll_up
from .release import ALL_ITEMS, Earlier, Release, for_public, told, told_hash, told_rows
from .spec import METRICS, Spec
from .verdicts import AUDIT_FORMAT


def cube_table(table: Table, spec: Spec, *, rounding: bool = True, earlier: Sequence[Earlier] = ()) -> dict[str, Any]:
    """The cube of a table as plain data, suppressed; with `rounding` also to the nearest 5. Scores, grades and ids stay behind.

    Raises TableError or AuditError, in words, for what cannot be counted.
    """
    cube = build_cube(
        table, replace(spec, score=None, value=None, true_value=None, rank=None, top_k=None, within=None, period=None)
    )
    groups, warned = roll_up(cube, spec.depth)
    release = for_public(cube, groups, earlier)
    rows = told_rows(cube, groups, release, rounding)
    return {
        "format": FORMAT,
        "rounded": rounding,
        "rows": told(cube.rows, True, rounding),
        "attributes": [
            {"name": name, "values": list(values)} for name, values in zip(cube.attributes, cube.values, strict=True)
        ],
        "decision": {"event": cube.decision_values[1], "other": cube.decision_values[0], "favourable": cube.favourable},
        "outcome": {"event": cube.outcome_values[1], "other": cube.outcome_values[0]} if cube.outcome_values else None,
        "columns": {"decision": spec.decision, "outcome": spec.outcome},
        "depth": spec.depth,
        "groups": rows,
        "warnings": warning_rows([*cube.warnings, *warned, *release.warnings]),
        "method": {"cube_hash": told_hash(rows), "input_hash": table.finish(), "repeated": cube.units is not None},
    }


def read_json(text: bytes, name: str) -> dict[str, Any]:
    """A cube or an audit. Raises AuditError when it is neither, or of another version."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise AuditError("cube_format", file=name, detail="it is not JSON") from None
    if (
        not isinstance(found, dict)
        or not isinstance(found.get("format"), str)
        or not found["format"].startswith("trygg-")
    ):
        raise AuditError("cube_format", file=name, detail="it does not say that it is one")
    if found["format"] not in (FORMAT, AUDIT_FORMAT):
        raise AuditError("cube_older", file=name, found=found["format"], known=f"{FORMAT}, {AUDIT_FORMAT}")
    if not isinstance(found.get("groups"), list) or not all(
        isinstance(row, dict) and isinstance(row.get("attributes"), dict) for row in found["groups"]
    ):
        raise AuditError("cube_format", file=name, detail="it has no list of groups")
    return found


def earlier_from(document: Mapping[str, Any], name: str) -> Earlier:
    """What an earlier cube or audit told, for the check of differences."""
    groups = {}
    for row in document["groups"]:
        counts = row if document["format"] == FORMAT else {"n": row.get("n"), **(row.get("counts") or {})}
        groups[frozenset(row["attributes"].items())] = {item: _count(counts.get(item), name) for item in ALL_ITEMS}
    is_rounded = (
        bool(document.get("rounded")) if document["format"] == FORMAT else document["method"]["disclosure"] == "public"
    )
    return Earlier(name, is_rounded, groups)


def _count(value: object, name: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53):
        return value
    raise AuditError("cube_format", file=name, detail=f"{value!r} is no count")


def audit_published(
    document: Mapping[str, Any], name: str, make: Callable[[Mapping[str, Any]], Spec]
) -> dict[str, Any]:
    """The audit of a cube that travelled. `make` gives the Spec for the columns that the cube names.

    Suppressed groups are not compared; comparisons with everyone else still count them in.
    """
    if document["format"] != FORMAT:
        raise AuditError("cube_format", file=name, detail="it is an audit already")
    try:
        spec = make(document)
        attributes = tuple(one["name"] for one in document["attributes"])
        values = tuple(tuple(one["values"]) for one in document["attributes"])
        decision, outcome = document["decision"], document["outcome"]
        pairs = (
            (str(decision["other"]), str(decision["event"])),
            (str(outcome["other"]), str(outcome["event"])) if outcome else None,
        )
        favourable = str(decision["favourable"])
        cube_hash = str(document["method"]["cube_hash"])
    except (KeyError, TypeError):
        raise AuditError("cube_format", file=name, detail="a part is missing") from None
    groups, known = _groups(document, attributes, values, name)
    none = np.zeros(0, np.int64)
    cube = Cube(
        attributes=attributes, values=values, codes=np.zeros((0, len(attributes)), np.int64), outcome=none, decision=none, score_bin=none, top=none,
        within=none, period=none, count=none, sums={}, strata=(), periods=(), decision_values=pairs[0], outcome_values=pairs[1],
        favourable=favourable, bins=spec.bins, rows=int(groups.n[0]), without_decision=0, warnings=(),
    )  # fmt: skip
    cube.__dict__["hash"] = cube_hash
    release = Release(bool(document.get("rounded")), known)
    groups.usable = {metric: release.metric(metric) for metric in METRICS}
    telling = Telling(cube, groups, release)
    made, comparisons = rate_tables(telling, spec, {})
    hidden = int((~known["n"]).sum())
    warnings = [Warned("rounded_source")] if telling.public else []
    warnings += [Warned("cube_gaps", {"groups": hidden})] if hidden else []
    made["warnings"] = warning_rows(warnings) + [
        row for row in document.get("warnings", ()) if row.get("code") not in ("suppressed",)
    ]
    made["method"] = method(cube, spec, document["method"].get("input_hash"), name, comparisons, telling.public)
    return made


def _groups(
    document: Mapping[str, Any], attributes: tuple[str, ...], values: tuple[tuple[str | None, ...], ...], name: str
) -> tuple[Groups, Any]:
    """The groups of a travelled cube in the order of groupings, and which counts it tells."""
    rows = []
    for row in document["groups"]:
        try:
            member = tuple(
                sorted(
                    (attributes.index(key), values[attributes.index(key)].index(value))
                    for key, value in row["attributes"].items()
                )
            )
        except ValueError:
            raise AuditError(
                "cube_format", file=name, detail=f"it has a group of unknown values, {row['attributes']}"
            ) from None
        rows.append((member, {item: _count(row.get(item), name) for item in ALL_ITEMS}))
    rows.sort(key=lambda row: (len(row[0]), [attribute for attribute, _ in row[0]], row[0]))
    if not rows or rows[0][0] or len({member for member, _ in rows}) < len(rows):
        raise AuditError("cube_format", file=name, detail="it lacks the group of everybody, or has a group twice")
    groupings: list[Grouping] = []
    for place, (member, _) in enumerate(rows):
        chosen = tuple(attribute for attribute, _ in member)
        if groupings and groupings[-1].attributes == chosen:
            groupings[-1] = Grouping(chosen, groupings[-1].start, place + 1)
        else:
            groupings.append(Grouping(chosen, place, place + 1))
    counts = np.array([_items(counts) for _, counts in rows], np.int64)
    known = {item: np.array([counts[item] is not None for _, counts in rows]) for item in ALL_ITEMS}
    members = [member for member, _ in rows]
    return Groups(groupings, members, counts, {}, {member: place for place, member in enumerate(members)}), known


def _items(told_counts: Mapping[str, int | None]) -> list[int]:
    """Counts by item. Where only a sum was told, one part stands for it: sums stay right, and what needs the parts is not usable."""
    found = {item: told_counts[item] or 0 for item in ITEMS}
    for total, part, other in (
        ("positives", "tp", "fn"),
        ("negatives", "fp", "tn"),
        ("unknown", "unknown_selected", "unknown_other"),
    ):
        if None in (told_counts[part], told_counts[other]):
            found[part], found[other] = 0, told_counts[total] or 0
    if None in (told_counts["positives"], told_counts["negatives"], told_counts["unknown"]):
        found["unknown_other"] += max(0, (told_counts["n"] or 0) - sum(found.values()))
    return [found[item] for item in ITEMS]
