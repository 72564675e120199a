"""Bias audit: a table of decisions becomes a cube, the cube becomes rates, intervals, tests and a verdict.

    from trygg.engines import fairness

    spec = fairness.Spec(attributes=("sex", "origin"), decision="flagged", outcome="harm", favourable="0")
    with fairness.open_table("decisions.parquet") as table:
        report = fairness.audit_table(table, spec, public=False)

`report` is plain data (docs/fairness-method.md says what stands in it); `findings(report, "sv")` says it in words.
What cannot be audited raises `TableError` (`AuditError` is one): a code, its parameters and a sentence.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from trygg.engines.tabular import TableError

from .errors import AuditError
from .spec import METRICS, Spec
from .verdicts import AUDIT_FORMAT, Verdict
from .wording import finding, findings, headline, warning, words

if TYPE_CHECKING:
    from trygg.engines.tabular import ibis_table, open_remote, open_table

    from .audit import audit_cube, audit_table
    from .comparisons import compare_groups, coverage
    from .cube import Cube, Units, Warned, build_cube
    from .groups import Groups, design_effects, roll_up
    from .planning import compare, plan
    from .published import audit_published, cube_table, earlier_from, read_json
    from .release import Earlier, for_public
    from .rendering import TYPST, chart_svg, html, markdown
    from .reporting import compared_text, report
    from .stats import (
        benjamini_hochberg,
        beta_binomial,
        detectable_difference,
        difference_test,
        growth_needed,
        holm,
        mantel_haenszel,
        mid_p,
        missing_bounds,
        newcombe,
        settling_factor,
        wilson,
    )

# Loaded when they are asked for: what counts (DuckDB, Arrow, SciPy) takes 150 MB, and pages only word what was found.
_HOMES = {
    **dict.fromkeys(
        (
            "ibis_table",
            "open_remote",
            "open_table",
        ),
        "trygg.engines.tabular",
    ),
    **dict.fromkeys(
        (
            "audit_cube",
            "audit_table",
        ),
        "trygg.engines.fairness.audit",
    ),
    **dict.fromkeys(
        (
            "compare_groups",
            "coverage",
        ),
        "trygg.engines.fairness.comparisons",
    ),
    **dict.fromkeys(
        (
            "Cube",
            "Units",
            "Warned",
            "build_cube",
        ),
        "trygg.engines.fairness.cube",
    ),
    **dict.fromkeys(
        (
            "Groups",
            "design_effects",
            "roll_up",
        ),
        "trygg.engines.fairness.groups",
    ),
    **dict.fromkeys(
        (
            "compare",
            "plan",
        ),
        "trygg.engines.fairness.planning",
    ),
    **dict.fromkeys(
        (
            "audit_published",
            "cube_table",
            "earlier_from",
            "read_json",
        ),
        "trygg.engines.fairness.published",
    ),
    **dict.fromkeys(
        (
            "Earlier",
            "for_public",
        ),
        "trygg.engines.fairness.release",
    ),
    **dict.fromkeys(
        (
            "TYPST",
            "chart_svg",
            "html",
            "markdown",
        ),
        "trygg.engines.fairness.rendering",
    ),
    **dict.fromkeys(
        (
            "compared_text",
            "report",
        ),
        "trygg.engines.fairness.reporting",
    ),
    **dict.fromkeys(
        (
            "benjamini_hochberg",
            "beta_binomial",
            "detectable_difference",
            "difference_test",
            "growth_needed",
            "holm",
            "mantel_haenszel",
            "mid_p",
            "missing_bounds",
            "newcombe",
            "settling_factor",
            "wilson",
        ),
        "trygg.engines.fairness.stats",
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "AUDIT_FORMAT",
    "METRICS",
    "TYPST",
    "AuditError",
    "Cube",
    "Earlier",
    "Groups",
    "Spec",
    "TableError",
    "Units",
    "Verdict",
    "Warned",
    "audit_cube",
    "audit_published",
    "audit_table",
    "benjamini_hochberg",
    "beta_binomial",
    "build_cube",
    "chart_svg",
    "compare",
    "compare_groups",
    "compared_text",
    "coverage",
    "cube_table",
    "design_effects",
    "detectable_difference",
    "difference_test",
    "earlier_from",
    "finding",
    "findings",
    "for_public",
    "growth_needed",
    "headline",
    "holm",
    "html",
    "ibis_table",
    "mantel_haenszel",
    "markdown",
    "mid_p",
    "missing_bounds",
    "newcombe",
    "open_remote",
    "open_table",
    "plan",
    "read_json",
    "report",
    "roll_up",
    "settling_factor",
    "warning",
    "wilson",
    "words",
]
