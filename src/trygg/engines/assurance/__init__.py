"""Requirements x evidence x now -> status with reasons; rules on a date; screening; what depends on what."""

from ..conditions import as_data
from . import needs
from .dependencies import Change, ChangeKind, Touched, touched
from .model import (
    ANY_OF,
    Choice,
    DepthStep,
    FactDeclaration,
    Framework,
    Group,
    MatterKind,
    Need,
    Outcome,
    Requirement,
    Rule,
    RulesPack,
    Source,
    Text,
    Verified,
    facts_for_kind,
    load_framework,
    load_rules,
    load_sources,
)
from .needs import (
    NEEDS,
    Checker,
    Code,
    Evidence,
    Fit,
    Moment,
    NeedKinds,
    NeedResult,
    NeedState,
    Reason,
    Stance,
    best_of,
    check_any,
    one_of,
)
from .rules import BLOCKING, SILENT, Result, RuleOutcome, evaluate_rule, evaluate_rules, rule_dates
from .screening import DepthReason, FactNeed, FrameworkLine, Screening, screen, screen_framework
from .status import ClaimStatus, Status, framework_statuses, needs_status, requirement_status

__all__ = [
    "ANY_OF", "BLOCKING", "NEEDS", "SILENT", "Change", "ChangeKind", "Checker", "Choice", "ClaimStatus", "Code", "DepthReason",
    "DepthStep", "Evidence", "FactDeclaration", "FactNeed", "Fit", "Framework", "FrameworkLine", "Group",
    "MatterKind", "Moment", "Need", "NeedKinds", "NeedResult", "NeedState", "Outcome", "Reason", "Requirement",
    "Result", "Rule", "RuleOutcome", "RulesPack", "Screening", "Source", "Stance", "Status", "Text", "Touched",
    "Verified", "as_data", "best_of", "check_any", "evaluate_rule", "evaluate_rules", "facts_for_kind",
    "framework_statuses", "load_framework", "load_rules", "load_sources", "needs", "needs_status", "one_of",
    "requirement_status", "rule_dates", "screen", "screen_framework", "touched",
]  # fmt: skip
