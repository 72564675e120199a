"""The outcome cube: attributes x outcome x decision, and what else was asked for. Everything after it costs the same for any table.

One pass over the table groups by the raw values; what they mean is worked out on the few combinations, in Python, so that each
backend gives the identical cube, byte for byte.
"""

import hashlib
import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from trygg.engines.tabular import SCORE_SCALE, VALUE_SCALE, AtMost, Bin, Cells, Query, Table, TableError, Values
from trygg.engines.tabular.table import Pattern

from .errors import AuditError
from .spec import Spec, nearest
from .values import (
    DATE,
    LIKE_MISSING,
    check_attribute,
    check_values,
    conventional,
    in_order,
    listed,
    named,
    plain,
    same,
    two,
)

FORMAT = "trygg-cube/1"
UNKNOWN = -1
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a reader must know, as a code with parameters; `wording` says it."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Units:
    """Patterns of children (or whatever --id names): `cells[p]` pairs a cell of the cube with rows, `many[p]` children show it."""

    many: Ints
    pattern: Ints  # one entry per (pattern, cell)
    cell: Ints
    rows: Ints
    children: int
    largest: int


@dataclass(frozen=True)
class Cube:
    """Cells in canonical order. Codes index the values of their dimension; the last code of an attribute with gaps is None.

    outcome and decision: 1 the event, 0 not, -1 not recorded. score_bin, top: -1 missing. Sums are Python integers in object arrays
    where 64 bits could be too few.
    """

    attributes: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    codes: Ints  # cells x attributes
    outcome: Ints
    decision: Ints
    score_bin: Ints
    top: Ints
    within: Ints
    period: Ints
    count: Ints
    sums: dict[str, Any]
    strata: tuple[str | None, ...]
    periods: tuple[str | None, ...]
    decision_values: tuple[str, str]  # not the event, the event
    outcome_values: tuple[str, str] | None
    favourable: str
    bins: int
    rows: int
    without_decision: int
    warnings: tuple[Warned, ...]
    units: Units | None = None

    @property
    def event_is_favourable(self) -> bool:
        """Whether the decision that counts as the event is the one that is good for the child."""
        return self.favourable == self.decision_values[1]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the cells in canonical JSON: equal for the same table on every backend."""
        columns = [
            self.codes.tolist(),
            self.outcome,
            self.decision,
            self.score_bin,
            self.top,
            self.within,
            self.period,
            self.count,
        ]
        content = {
            "format": FORMAT,
            "attributes": [self.attributes, self.values],
            "decision": [self.decision_values, self.favourable],
            "outcome": self.outcome_values,
            "other": [self.strata, self.periods, self.bins, self.without_decision],
            "cells": [column if isinstance(column, list) else column.tolist() for column in columns],
            "sums": {name: [str(value) for value in sums] for name, sums in sorted(self.sums.items())},
        }
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def build_cube(table: Table, spec: Spec) -> Cube:
    """The cube of a table. Raises AuditError or TableError, with column and value, for what cannot be audited."""
    for column in spec.attributes:
        if table.kind(column) == "date":
            raise AuditError("dates", column=column, value=_example(table, column))
    query = query_of(spec)
    for column in query.columns:
        table.kind(column)
    _few_values(table, spec)
    cells = table.group(query)
    return _Reading(table, spec, query, cells).cube()


def query_of(spec: Spec) -> Query:
    """The grouping that an audit needs."""
    keys = [*spec.attributes, spec.decision]
    keys += [column for column in (spec.outcome, spec.within, spec.period) if column is not None]
    return Query(
        keys=tuple(keys),
        bin=Bin(spec.score, spec.bins) if spec.score else None,
        at_most=AtMost(spec.rank, spec.top_k) if spec.rank and spec.top_k else None,
        values=Values(spec.value, spec.true_value, spec.band) if spec.value else None,
    )


def _example(table: Table, column: str) -> str:
    values = table.group(Query((column,))).keys[column]
    return next((str(value) for value in values if value is not None), "")


def _few_values(table: Table, spec: Spec) -> None:
    """Refuse a column of names before it is crossed with all others; the first rows are enough to see most of them."""
    columns = [*spec.attributes, spec.decision, *([spec.outcome] if spec.outcome else [])]
    for column, values in table.first_values(columns).items():
        found = in_order({text for value in values if (text := plain(value)) is not None})
        if column in spec.attributes:
            check_values(column, found)
            if len(found) > 1 and all(DATE.fullmatch(value) for value in found):
                raise AuditError("dates", column=column, value=found[0])
        if (column not in spec.attributes and len(found) > 50) or len(found) > 1000:
            everything = in_order(
                {text for value in table.group(Query((column,))).keys[column] if (text := plain(value)) is not None}
            )
            if column in spec.attributes:
                check_attribute(column, everything)
            else:
                two(column, "decision" if column == spec.decision else "outcome", everything)


class _Reading:
    """Raw cells on their way to a cube."""

    def __init__(self, table: Table, spec: Spec, query: Query, cells: Cells) -> None:
        self.table, self.spec, self.query, self.cells = table, spec, query, cells
        self.missing = frozenset(spec.missing)
        self.warnings: list[Warned] = [Warned(note) for note in table.notes]
        self.codes_of: dict[str, dict[object, int]] = {}

    def cube(self) -> Cube:
        spec, cells = self.spec, self.cells
        values = tuple(self._attribute(column) for column in spec.attributes)
        decision = self._decision()
        outcome = self._outcome(decision)
        favourable = named(spec.favourable, decision, spec.decision, "--favourable")
        decision = self._event(decision, spec.decision, spec.positive, "--positive", favourable)
        if outcome is not None and spec.outcome is not None:
            outcome = self._outcome_event(outcome, decision)
        self._code(spec.decision, decision)
        strata = self._other(spec.within)
        periods = self._other(spec.period, months=True)
        if spec.outcome is not None and outcome is not None:
            self._code(spec.outcome, outcome)
        for column, value in spec.references.items():
            self._reference(column, value, values[spec.attributes.index(column)])
        keys = self._keys(cells)
        count = np.asarray(cells.count, np.int64)
        kept = keys[:, len(spec.attributes) + 1] != UNKNOWN
        without = int(count[~kept].sum())
        if without:
            self.warnings.append(Warned("without_decision", {"column": spec.decision, "rows": without}))
        if not kept.any():
            raise AuditError("no_decision", column=spec.decision)
        order, group = unique_rows(keys[kept])
        sums = {
            name: _added(np.array(cells.sums[name], dtype=object)[kept], group, len(order))
            for name in cells.sums
            if name != "value_bad"
        }
        merged = keys[kept][order]
        total = np.zeros(len(order), np.int64)
        np.add.at(total, group, count[kept])
        width = len(spec.attributes)
        units = self._units(merged, total, spec.id) if spec.id else None
        if spec.id is None:
            self.warnings.append(Warned("no_id"))
        return Cube(
            attributes=spec.attributes, values=values, codes=merged[:, :width], outcome=merged[:, width], decision=merged[:, width + 1],
            score_bin=merged[:, width + 2], top=merged[:, width + 3], within=merged[:, width + 4], period=merged[:, width + 5],
            count=total, sums=sums, strata=strata, periods=periods, decision_values=(decision[0], decision[1]),
            outcome_values=(outcome[0], outcome[1]) if outcome else None, favourable=favourable, bins=spec.bins,
            rows=int(total.sum()), without_decision=without, warnings=tuple(self.warnings), units=units,
        )  # fmt: skip

    # Values of each column

    def _plain(self, column: str) -> list[str]:
        return in_order(
            {text for raw in set(self.cells.keys[column]) if (text := plain(raw, self.missing)) is not None}
        )

    def _attribute(self, column: str) -> tuple[str | None, ...]:
        found = self._plain(column)
        check_attribute(column, found)
        for value in found:
            if value.casefold() in LIKE_MISSING:
                self.warnings.append(Warned("like_missing", {"column": column, "value": value}))
        folded: dict[str, str] = {}
        for value in found:
            other = folded.setdefault(value.casefold(), value)
            if other != value:
                self.warnings.append(Warned("same_but_case", {"column": column, "first": other, "second": value}))
        gaps = any(plain(raw, self.missing) is None for raw in set(self.cells.keys[column]))
        values: tuple[str | None, ...] = (*found, *((None,) if gaps else ()))
        self.codes_of[column] = {value: code for code, value in enumerate(values)}
        return values

    def _decision(self) -> list[str]:
        found = self._plain(self.spec.decision)
        check_values(self.spec.decision, found)
        if not found:
            raise AuditError("no_decision", column=self.spec.decision)
        decision = two(self.spec.decision, "decision", found)
        if not self.spec.favourable:
            raise AuditError("favourable_missing", column=self.spec.decision, values=listed(decision))
        return decision

    def _outcome(self, decision: list[str]) -> list[str] | None:
        column = self.spec.outcome
        if column is None:
            return None
        found = self._plain(column)
        check_values(column, found)
        if not found:
            raise AuditError("all_missing", column=column)
        if len(found) == 1 and same(found[0], decision):
            return decision
        return two(column, "outcome", found)

    def _event(self, values: list[str], column: str, wanted: str | None, option: str, favourable: str) -> list[str]:
        """The two values, the event last: as told, by convention (0 and 1), otherwise what is not favourable."""
        if wanted is not None:
            event = named(wanted, values, column, option)
        elif conventional(values):
            event = values[1]
        else:
            event = next(value for value in values if value != favourable)
        return [next(value for value in values if value != event), event]

    def _outcome_event(self, values: list[str], decision: list[str]) -> list[str]:
        column = self.spec.outcome or ""
        if self.spec.outcome_positive is None and not conventional(values):
            if {value.casefold() for value in values} != {value.casefold() for value in decision}:
                raise AuditError("positive_missing", column=column, option="--outcome-positive", values=listed(values))
            return [same(decision[0], values) or "", same(decision[1], values) or ""]
        return self._event(values, column, self.spec.outcome_positive, "--outcome-positive", "")

    def _other(self, column: str | None, months: bool = False) -> tuple[str | None, ...]:
        """Values of a stratum or a period; dates become months."""
        if column is None:
            return ()
        found = self._plain(column)
        check_values(column, found)
        if months and found and all(DATE.fullmatch(value) and value[4:5] == "-" for value in found):
            by_month = in_order({value[:7] for value in found})
            codes: dict[object, int] = {value: by_month.index(value[:7]) for value in found}
            found = by_month
        else:
            codes = {value: code for code, value in enumerate(found)}
        limit = 1000
        if len(found) > limit:
            raise AuditError("many_values", column=column, count=f"{len(found):,}", value=found[0], limit=limit)
        self.codes_of[column] = {**codes, None: len(found)}
        gaps = any(plain(raw, self.missing) is None for raw in set(self.cells.keys[column]))
        return (*found, *((None,) if gaps else ()))

    def _code(self, column: str, values: list[str]) -> None:
        self.codes_of[column] = {values[0]: 0, values[1]: 1, None: UNKNOWN}

    def _reference(self, column: str, value: str, values: tuple[str | None, ...]) -> None:
        recorded = [each for each in values if each is not None]
        if same(value, recorded) is None:
            raise AuditError(
                "reference_value",
                column=column,
                value=value,
                nearest=nearest(value, recorded),
                choices=listed(recorded, 20),
            )

    # Codes of each cell

    def _column(self, column: str | None, raw: list[object]) -> Ints:
        if column is None:
            return np.full(len(raw), UNKNOWN, np.int64)
        codes = self.codes_of[column]
        by_raw = {(type(value), value): codes[plain(value, self.missing)] for value in set(raw)}
        return np.fromiter((by_raw[type(value), value] for value in raw), np.int64, len(raw))

    def _keys(self, cells: Cells) -> Ints:
        """One row a cell: attributes, outcome, decision, score bin, top, within, period."""
        spec, size = self.spec, len(cells.count)
        none = np.full(size, UNKNOWN, np.int64)
        columns = [self._column(column, cells.keys[column]) for column in spec.attributes]
        columns += [
            self._column(column, cells.keys.get(column or "", [None] * size))
            for column in (spec.outcome, spec.decision)
        ]
        columns += [np.asarray(numbers, np.int64) if numbers else none for numbers in (cells.bin, cells.at_most)]
        columns += [
            self._column(column, cells.keys.get(column or "", [None] * size)) for column in (spec.within, spec.period)
        ]
        return np.column_stack(columns)

    def _units(self, merged: Ints, total: Ints, unit: str) -> Units | None:
        """Patterns of children over the cells. Children without an id count as one row each, and that is said."""
        spec = self.spec
        plain_query = Query(self.query.keys)
        without, patterns = self.table.patterns(self.query.keys, unit)
        if without:
            self.warnings.append(Warned("without_id", {"column": unit, "rows": without}))
        if not patterns:
            return None
        width = len(spec.attributes)
        flat = [(number, keys, rows) for number, (pattern, _) in enumerate(patterns) for keys, rows in pattern]
        raw = Cells(
            {key: [keys[place] for _, keys, _ in flat] for place, key in enumerate(plain_query.keys)},
            [rows for *_, rows in flat],
        )
        codes = self._keys(raw)
        kept = codes[:, width + 1] != UNKNOWN
        # Scores and ranks are left out of patterns: cells are looked up by attributes, outcome, decision, stratum and period.
        plain_columns = [*range(width + 2), width + 4, width + 5]
        cell = _lookup(merged[:, plain_columns], codes[:, plain_columns][kept])
        rows = [rows for (*_, rows), keep in zip(flat, kept.tolist(), strict=True) if keep]
        numbers = [number for (number, *_), keep in zip(flat, kept.tolist(), strict=True) if keep]
        first, group = unique_rows(merged[:, plain_columns])
        alone = np.bincount(group, total, len(first)).astype(np.int64)
        for one, many, part in zip(cell.tolist(), rows, numbers, strict=True):
            alone[group[one]] -= many * patterns[part][1]
        single = {int(first[place]): int(left) for place, left in enumerate(alone) if left > 0}
        return self._canonical(patterns, list(zip(numbers, cell.tolist(), rows, strict=True)), single, unit)

    def _canonical(
        self, patterns: list[tuple[Pattern, int]], parts: list[tuple[int, int, int]], single: dict[int, int], unit: str
    ) -> Units | None:
        """Patterns in an order of their own: a database gives groups in any, and draws must not hang on it.

        `single`: rows without an id by cell, each a child of its own. None when no child with a decision stands there twice.
        """
        cells_of: dict[int, dict[int, int]] = {}
        for number, cell, rows in parts:
            mine = cells_of.setdefault(number, {})
            mine[cell] = mine.get(cell, 0) + rows
        many: dict[tuple[tuple[int, int], ...], int] = {}
        for number, mine in cells_of.items():
            key = tuple(sorted(mine.items()))
            many[key] = many.get(key, 0) + patterns[number][1]
        if all(sum(rows for _, rows in key) < 2 for key in many):
            return None
        named, total = sum(many.values()), sum(times * sum(rows for _, rows in key) for key, times in many.items())
        self.warnings.append(Warned("repeated", {"column": unit, "children": named, "rows": total}))
        for cell, rows in single.items():
            many[((cell, 1),)] = many.get(((cell, 1),), 0) + rows
        order = sorted(many)
        flat = [(place, cell, rows) for place, key in enumerate(order) for cell, rows in key]
        pattern, cell_of, rows_of = (np.array([part[k] for part in flat], np.int64) for k in range(3))
        children = np.array([many[key] for key in order], np.int64)
        largest = max(sum(rows for _, rows in key) for key in order)
        return Units(children, pattern, cell_of, rows_of, int(children.sum()), largest)


def unique_rows(codes: Ints) -> tuple[Ints, Ints]:
    """Where each distinct row first stands, rows in order, and which of them each row is.

    By one number a row, where 64 bits hold it: sorting numbers is far quicker than sorting rows.
    """
    widths = [int(column.max(initial=0)) + 2 for column in codes.T]
    if math.prod(widths) < 2**62:
        key: Any = np.zeros(len(codes), np.int64)
        for column, width in zip(codes.T, widths, strict=True):
            key = key * width + (column + 1)
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    else:
        _, first, inverse = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.reshape(-1).astype(np.int64)


def _added(numbers: Any, group: Ints, size: int) -> Any:
    total = np.zeros(size, dtype=object)
    np.add.at(total, group, numbers)
    return total


def _lookup(cells: Ints, wanted: Ints) -> Ints:
    """For each wanted row the first cell with the same codes."""
    first, inverse = unique_rows(np.concatenate([cells, wanted]))
    return first[inverse[len(cells) :]]


__all__ = [
    "FORMAT",
    "SCORE_SCALE",
    "UNKNOWN",
    "VALUE_SCALE",
    "Cube",
    "TableError",
    "Units",
    "Warned",
    "build_cube",
    "query_of",
    "unique_rows",
]
