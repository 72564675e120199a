"""An audit from a table, or from a cube: one pass over the rows, then everything else from the cells."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from trygg.engines.disclosure import rounded
from trygg.engines.tabular import Table

from . import further, scores
from .comparisons import Comparison, Pair, compare_groups, coverage, pairs_of
from .cube import Cube, Warned, build_cube
from .document import Telling, attribute_rows, comparison_rows, group_rows, method, reference_of, warning_rows
from .groups import Groups, design_effects, roll_up
from .release import Earlier, Release, for_public, restricted, told_hash, told_rows
from .scored_release import curves_for_public
from .spec import HEADLINE, Spec
from .stats import Floats
from .verdicts import AUDIT_FORMAT

Progress = Callable[[str, float], None]
PERIOD_SIZE = 50  # in public, a period's difference only where this many stand on either side


def _silent(step: str, share: float) -> None:
    """No progress is shown."""


def audit_table(
    table: Table,
    spec: Spec,
    *,
    public: bool = True,
    earlier: Sequence[Earlier] = (),
    absent: tuple[str, ...] = (),
    progress: Progress = _silent,
) -> dict[str, Any]:
    """The audit of a table, as plain data (docs/fairness-method.md). `public` hides what could tell about single children.

    Raises TableError or AuditError, in words, for what cannot be audited; also when the file changed while it was read.
    """
    progress("cube", 0.0)
    cube = build_cube(table, spec)
    return audit_cube(
        cube,
        spec,
        public=public,
        earlier=earlier,
        absent=absent,
        input_name=table.name,
        finish=table.finish,
        progress=progress,
    )


def audit_cube(
    cube: Cube,
    spec: Spec,
    *,
    public: bool = True,
    earlier: Sequence[Earlier] = (),
    absent: tuple[str, ...] = (),
    input_name: str = "",
    finish: Callable[[], str | None] = lambda: None,
    progress: Progress = _silent,
) -> dict[str, Any]:
    """The audit of a cube; what it costs depends on the cells, not on the rows behind them."""
    progress("groups", 0.5)
    groups, warned = roll_up(cube, spec.depth)
    effects = design_effects(cube, groups, spec.metrics, spec.draws, spec.seed) if cube.units else {}
    progress("disclosure", 0.6)
    release = for_public(cube, groups, earlier) if public else restricted(groups)
    telling = Telling(cube, groups, release)
    progress("comparisons", 0.7)
    pairs = pairs_of(cube, groups, spec)
    document, comparisons = rate_tables(telling, spec, effects, absent)
    progress("further", 0.8)
    document["values"] = _values(telling, pairs) if spec.value else []
    document["top_k"] = _top_k(telling) if spec.rank else []
    document["within"] = _within(telling, pairs, spec) if spec.within else []
    document["periods"] = _periods(telling, pairs, spec) if spec.period else []
    if spec.score and spec.outcome:
        document |= _scores(telling)
    input_hash = finish()
    covered = coverage(cube, groups)
    warnings = [*cube.warnings, *warned, *_warnings(telling, spec, covered), *release.warnings]
    document["warnings"] = warning_rows([*warnings, *(Warned("not_examined", {"column": name}) for name in absent)])
    document["method"] = method(cube, spec, input_hash, input_name, comparisons, public)
    if public:
        document["method"]["cube_hash"] = told_hash(told_rows(cube, groups, release, rounding=True))
    progress("done", 1.0)
    return document


def rate_tables(
    telling: Telling, spec: Spec, effects: dict[str, Floats], absent: tuple[str, ...] = ()
) -> tuple[dict[str, Any], list[Comparison]]:
    """What rates tell: attributes, groups, comparisons and gaps; the other tables empty."""
    cube, groups = telling.cube, telling.groups
    comparisons = compare_groups(cube, groups, spec, effects)
    pooled = {metric: further.pooled(cube, groups, metric, effects.get(metric)) for metric in spec.metrics}
    empty: dict[str, Any] = {
        name: [] for name in ("calibration", "thresholds", "auc", "values", "top_k", "within", "periods")
    }
    document = {
        "format": AUDIT_FORMAT,
        "rows": rounded(cube.rows) if telling.public else cube.rows,
        "attributes": attribute_rows(telling, spec, coverage(cube, groups), absent),
        "groups": group_rows(telling, spec, effects, pooled),
        "comparisons": comparison_rows(telling, comparisons),
        "gaps": _gaps(telling, spec, effects),
        **empty,
    }
    return document, comparisons


def _warnings(telling: Telling, spec: Spec, covered: list[float]) -> list[Warned]:
    """What a reader must know before the figures."""
    cube, groups, found = telling.cube, telling.groups, []
    if spec.outcome is None:
        found.append(Warned("no_outcome"))
    else:
        unknown = groups.column("unknown_selected", "unknown_other")
        if unknown[0] and telling.release.known["unknown"][0]:
            share = float(unknown[0]) / cube.rows
            found.append(Warned("without_outcome", {"column": spec.outcome, "share": round(share, 3)}))
            found += _uneven(cube, groups, unknown)
        found.append(Warned("outcome_may_be_biased", {"column": spec.outcome}))
    if not spec.primary:
        found.append(Warned("primary_default", {"metrics": list(HEADLINE if spec.outcome else ("selection_rate",))}))
    if not spec.material:
        found.append(Warned("material_default"))
    for place, (name, values) in enumerate(zip(cube.attributes, cube.values, strict=True)):
        share, told = covered[place], telling.coverage(place, covered[place])
        if sum(value is not None for value in values) < 2:
            found.append(Warned("not_examined", {"column": name}))
        elif share < spec.min_coverage:
            found.append(Warned("coverage", {"column": name, "share": told, "least": spec.min_coverage}))
        elif share < 1:
            found.append(Warned("not_recorded", {"column": name, "share": told}))
    return found


def _uneven(cube: Cube, groups: Groups, unknown: Any) -> list[Warned]:
    """Attributes along which outcomes are missing unevenly: by more than five points between groups of thirty or more."""
    found = []
    for one in groups.groupings:
        if len(one.attributes) == 1:
            n = groups.n[one.start : one.stop]
            share = (unknown[one.start : one.stop] / np.maximum(n, 1))[n >= 30]
            if len(share) > 1 and share.max() - share.min() > 0.05:
                found.append(Warned("outcome_uneven", {"column": cube.attributes[one.attributes[0]]}))
    return found


# Tables beside the rates ----------------------------------------------------------------------------------------------


def _gaps(telling: Telling, spec: Spec, effects: dict[str, Floats]) -> list[dict[str, Any]]:
    """Of what may be published only: a gap is made of the two outermost groups."""
    metrics = HEADLINE if spec.outcome else ("selection_rate",)
    rows = further.gaps(telling.cube, telling.groups, spec, effects, metrics)
    if telling.public:
        rows = [row for row in rows if _all_told(telling, row["attributes"], row["metric"])]
    return [
        {name: telling.number(value) if isinstance(value, float) else value for name, value in row.items()}
        for row in rows
    ]


def _all_told(telling: Telling, names: list[str], metric: str) -> bool:
    one = telling.groups.of([telling.cube.attributes.index(name) for name in names])
    return all(telling.may[metric][one.start : one.stop])


def _pair(telling: Telling, pair: Pair) -> dict[str, Any]:
    return {"group": telling.attributes(pair.group), **reference_of(telling, pair)}


def _values(telling: Telling, pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Means of grades or amounts, or of signed errors, by group and against the reference."""
    moments = further.value_moments(telling.cube, telling.groups)
    against = {pair.group: pair for pair in pairs if len(pair.attributes) == 1}
    found = []
    for group, (n, mean, variance, size, off) in moments.items():
        row: dict[str, Any] = {"attributes": telling.attributes(group)}
        may = telling.known(group) and (not telling.public or n >= 10)
        low, high = further.mean_interval(n, mean, variance)
        few = telling.public and (0 < off < 3 or 0 < n - off < 3)
        row["n"] = (rounded(n) if telling.public else n) if may else None
        for name, value in (
            ("mean", mean),
            ("low", low),
            ("high", high),
            ("mean_size", size),
            ("share_off", None if few else off / n),
        ):
            row[name] = telling.number(value) if may else None
        row["state"] = "defined" if may else "suppressed"
        row["difference"] = _mean_difference(telling, moments, against.get(group)) if may else None
        found.append(row)
    return found


def _mean_difference(
    telling: Telling, moments: dict[int, tuple[int, float, float, float, int]], pair: Pair | None
) -> dict[str, Any] | None:
    if pair is None:
        return None
    own = moments[pair.group][:3]
    if pair.reference >= 0:
        if pair.reference not in moments or not telling.known(pair.reference):
            return None
        other = moments[pair.reference][:3]
    else:
        unrecorded = [
            place for place in moments if len(telling.groups.member[place]) == 1 and telling.groups.member[place][0][0] == pair.attributes[0]
            and None in telling.attributes(place).values()
        ]  # fmt: skip
        other = moments[0][:3]
        for place in {*unrecorded, *([pair.group] if pair.against.value == "everyone_else" else [])}:
            other = further.rest_of(other, moments[place][:3])
        if not other[0]:
            return None
    difference, low, high = further.welch(own, other)
    return {
        **reference_of(telling, pair),
        "value": telling.number(difference),
        "low": telling.number(low),
        "high": telling.number(high),
    }


def _top_k(telling: Telling) -> list[dict[str, Any]]:
    rows = further.top_share(telling.cube, telling.groups)
    hidden: set[int] = set()
    if telling.public:
        from .scored_release import top_hidden

        hidden = top_hidden(telling, rows)
    found = []
    for row in rows:
        group, may = row.pop("group"), row["in_top"] is not None
        may = may and group not in hidden and telling.known(group)
        shown = {
            name: None
            if not may
            else (rounded(value) if telling.public else value)
            if isinstance(value, int)
            else telling.number(value)
            for name, value in row.items()
        }
        found.append({"attributes": telling.attributes(group), **shown, "state": "defined" if may else "suppressed"})
    return found


def _within(telling: Telling, pairs: Sequence[Pair], spec: Spec) -> list[dict[str, Any]]:
    metrics = (*HEADLINE, "selection_rate") if spec.outcome else ("selection_rate",)
    found = []
    for row in further.within_strata(telling.cube, telling.groups, pairs, metrics):
        pair = row.pop("pair")
        may = telling.open(pair, row["metric"])
        shown = {name: (telling.number(row[name]) if may else None) for name in ("crude", "difference", "low", "high")}
        found.append(
            {
                "metric": row["metric"],
                **_pair(telling, pair),
                **shown,
                "strata": row["strata"],
                "strata_with_both": row["strata_with_both"],
            }
        )
    return found


def _periods(telling: Telling, pairs: Sequence[Pair], spec: Spec) -> list[dict[str, Any]]:
    """By period; in public to whole points, without counts, and only between fifty and more on either side."""
    metrics = HEADLINE if spec.outcome else ("selection_rate",)
    found = []
    for row in further.over_periods(telling.cube, telling.groups, pairs, metrics):
        pair = row.pop("pair")
        may = telling.open(pair, row["metric"])
        periods = []
        for one in row["periods"]:
            enough = may and (not telling.public or min(one["n"], one["reference_n"]) >= PERIOD_SIZE)
            shown = {name: telling.number(one[name]) if enough else None for name in ("difference", "low", "high")}
            if telling.public:
                shown = {name: None if value is None else round(value, 2) for name, value in shown.items()}
            else:
                shown |= {"n": one["n"], "reference_n": one["reference_n"]}
            periods.append({"period": one["period"], **shown})
        change = {name: telling.number(row[name]) if may else None for name in ("change_q", "change_p")}
        found.append({"metric": row["metric"], **_pair(telling, pair), "periods": periods, **change})
    return found


def _scores(telling: Telling) -> dict[str, Any]:
    tables = scores.score_tables(telling.cube, telling.groups)
    hidden = curves_for_public(telling, tables) if telling.public else {}
    calibration, sweep, auc = [], [], []
    for place, group in enumerate(tables.places):
        attributes, shut = telling.attributes(group), hidden.get(group, frozenset())
        curves = scores.calibration(tables, place)
        whole = telling.known(group) and not shut
        for part in curves["curve"]:
            if round(part["from"] * scores.CURVE) in shut or not telling.known(group):
                part |= dict.fromkeys(("n", "events", "expected", "observed", "low", "high"))
            else:
                part |= {name: telling.number(float(part[name])) for name in ("expected", "observed", "low", "high")}
                part |= {name: rounded(part[name]) if telling.public else part[name] for name in ("n", "events")}
        shown = {
            name: telling.number(curves[name]) if whole else None
            for name in ("observed_over_expected", "intercept", "slope")
        }
        missing = tables.missing[place] if not telling.public else None
        calibration.append(
            {
                "attributes": attributes,
                "curve": curves["curve"] if telling.known(group) else [],
                **shown,
                "without_score": missing,
            }
        )
        rows = scores.thresholds(tables, place) if whole else []
        if telling.public:  # at the edges of the published parts: nothing that those counts do not tell
            rows = rows[1::2]
        sweep.append(
            {
                "attributes": attributes,
                "thresholds": [{name: telling.number(value) for name, value in row.items()} for row in rows],
            }
        )
        area = scores.auc(tables, place)
        if not whole:
            area = {"value": None, "low": None, "high": None, "bounds": None, "state": "suppressed"}
        bounds = [telling.number(bound) for bound in area["bounds"]] if area["bounds"] else None
        auc.append(
            {
                "attributes": attributes,
                **{name: telling.number(area[name]) for name in ("value", "low", "high")},
                "bounds": bounds,
                "state": area["state"],
            }
        )
    return {"calibration": calibration, "thresholds": sweep, "auc": auc}


__all__ = ["Progress", "Release", "audit_cube", "audit_table"]
