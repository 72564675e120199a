"""Bias audit: a table of decisions becomes a cube, the cube becomes rates, intervals, tests and a verdict.

    from trygg.engines import fairness

    spec = fairness.Spec(attributes=("sex", "origin"), decision="flagged", outcome="harm", favourable="0")
    with fairness.open_table("decisions.parquet") as table:
        report = fairness.audit_table(table, spec, public=False)

`report` is plain data (docs/fairness-method.md says what stands in it); `findings(report, "sv")` says it in words.
What cannot be audited raises `TableError` (`AuditError` is one): a code, its parameters and a sentence.
"""

from trygg.engines.tabular import TableError, ibis_table, open_remote, open_table

from .audit import audit_cube, audit_table
from .comparisons import Verdict, compare_groups, coverage
from .cube import Cube, Units, Warned, build_cube
from .document import FORMAT as AUDIT_FORMAT
from .errors import AuditError
from .groups import Groups, design_effects, roll_up
from .planning import compare, plan
from .published import audit_published, cube_table, earlier_from, read_json
from .release import Earlier, for_public
from .rendering import TYPST, chart_svg, html, markdown
from .report import compared_text, report
from .spec import METRICS, Spec
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
from .wording import finding, findings, headline, warning, words

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
