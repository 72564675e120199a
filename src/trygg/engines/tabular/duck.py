"""The grouping query as SQL for DuckDB, and the cells that come back."""

from typing import Any

import duckdb

from .errors import TableError
from .query import (
    MAX_CELLS,
    MISSING,
    NO_NUMBER,
    SCORE_SCALE,
    SCORE_SUMS,
    VALUE_LIMIT,
    VALUE_SCALE,
    VALUE_SUMS,
    Cells,
    Query,
    Values,
)

MEMORY = "160MB"


def connect(threads: int = 0) -> duckdb.DuckDBPyConnection:
    """An empty database in memory: no extensions from the network, no spilling into a working folder that others read."""
    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads:
        config["threads"] = threads
    return duckdb.connect(":memory:", config=config)


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def number(column: str, kind: str) -> str:
    """The number of a cell: NULL when it is empty, NaN when it is text that is no number."""
    name = quoted(column)
    if kind != "text":
        return f"CAST({name} AS DOUBLE)"
    return (
        f"(CASE WHEN trim(CAST({name} AS VARCHAR)) = '' THEN NULL "
        f"WHEN {name} IS NOT NULL AND TRY_CAST({name} AS DOUBLE) IS NULL THEN 'nan'::DOUBLE ELSE TRY_CAST({name} AS DOUBLE) END)"
    )


def cube_sql(query: Query, relation: str, kinds: dict[str, str]) -> str:
    """One pass over the table. Numbers are sums of integers; see `query`."""
    columns = [f"{quoted(key)} AS k{place}" for place, key in enumerate(query.keys)]
    computed, sums = _computed(query, kinds)
    columns += [f"{text} AS {name}" for name, text in computed.items()]
    groups = [f"k{place}" for place in range(len(query.keys))] + list(computed)
    sums = {"n": "count(*)", **sums}
    selected = ", ".join([*columns, *[f"{text} AS {name}" for name, text in sums.items()]])
    by = f" GROUP BY {', '.join(groups)}" if groups else ""
    return f"SELECT {selected} FROM {relation}{by} LIMIT {MAX_CELLS + 1}"


def _computed(query: Query, kinds: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    computed: dict[str, str] = {}
    sums: dict[str, str] = {}
    if query.bin:
        v, bins = number(query.bin.column, kinds[query.bin.column]), query.bin.bins
        # isfinite stands by itself: DuckDB takes `<= 1` as true for NaN where Parquet's statistics (which leave NaN out) say so.
        # TRY_CAST: what stands behind THEN is computed for all rows.
        fits = f"isfinite({v}) AND {v} >= 0 AND {v} <= 1"
        computed["score_bin"] = (
            f"CASE WHEN {v} IS NULL THEN {MISSING} WHEN {fits} THEN least(TRY_CAST(floor({v} * {bins}::DOUBLE) AS INTEGER), {bins - 1}) "
            f"ELSE {NO_NUMBER} END"
        )
        sums["score"] = (
            f"sum(CASE WHEN {fits} THEN TRY_CAST(floor({v} * {SCORE_SCALE}::DOUBLE + 0.5) AS BIGINT) ELSE 0 END)"
        )
    if query.at_most:
        v = number(query.at_most.column, kinds[query.at_most.column])
        computed["top"] = (
            f"CASE WHEN {v} IS NULL THEN {MISSING} WHEN NOT isfinite({v}) THEN {NO_NUMBER} "
            f"WHEN {v} <= {query.at_most.limit} THEN 1 ELSE 0 END"
        )
    if query.values:
        sums |= _value_sums(query.values, kinds)
    return computed, sums


def _value_sums(one: Values, kinds: dict[str, str]) -> dict[str, str]:
    parts = [number(name, kinds[name]) for name in (one.column, one.minus) if name]
    fits = " AND ".join(f"isfinite({part}) AND abs({part}) <= {VALUE_LIMIT}" for part in parts)
    bad = " OR ".join(f"NOT (isfinite({part}) AND abs({part}) <= {VALUE_LIMIT})" for part in parts)
    fixed = [f"TRY_CAST(floor({part} * {VALUE_SCALE}::DOUBLE + 0.5) AS BIGINT)::DECIMAL(19,0)" for part in parts]
    v = f"CASE WHEN {fits} THEN {' - '.join(fixed)} END"
    wide = f"({v})::HUGEINT"
    band = round(one.band * VALUE_SCALE)
    return {
        "value_n": f"count({v})",
        "value_sum": f"coalesce(sum({wide}), 0)",
        "value_square": f"coalesce(sum({wide} * {wide}), 0)",
        "value_size": f"coalesce(sum(abs({wide})), 0)",
        "value_off": f"count(CASE WHEN abs({wide}) >= {band} THEN 1 END)",
        "value_bad": f"count(CASE WHEN {bad} THEN 1 END)",
    }


def cells_of(query: Query, rows: list[tuple[Any, ...]]) -> Cells:
    """The rows of the cube query as columns. Integers stay integers, whatever type a database gives sums."""
    if len(rows) > MAX_CELLS:
        raise TableError("cells", columns=", ".join(query.keys), limit=f"{MAX_CELLS:,}")
    columns = list(zip(*rows, strict=True)) if rows else []
    names = [f"k{place}" for place in range(len(query.keys))]
    names += ["score_bin"] if query.bin else []
    names += ["top"] if query.at_most else []
    names += ["n", *(SCORE_SUMS if query.bin else ()), *(VALUE_SUMS if query.values else ())]
    by_name = dict(zip(names, columns, strict=True)) if columns else dict.fromkeys(names, ())

    def whole(name: str) -> list[int]:
        return [int(value or 0) for value in by_name.get(name, ())]

    return Cells(
        keys={key: list(by_name[f"k{place}"]) for place, key in enumerate(query.keys)},
        count=whole("n"),
        bin=whole("score_bin"),
        at_most=whole("top"),
        sums={name: whole(name) for name in (*SCORE_SUMS, *VALUE_SUMS) if name in by_name},
    )
