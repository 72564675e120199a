"""Conditions as data, over facts and answers that may be unknown: parse, evaluate, say why and what is still needed."""

from .evaluate import ALWAYS, Ground, Verdict, conjoin, evaluate
from .kinds import ONE_CHOICE, OPS_FOR, WITH_CHOICES, ValueCode, ValueProblem, ValueType, parse_day, value_problems
from .nodes import All, Always, Any_, Compare, DateCompare, DateOp, Node, Not, Op, Subject, dates, names, walk
from .parse import ConditionError, ConditionErrors, parse, parse_date
from .values import (
    NOT_APPLICABLE,
    UNANSWERED,
    UNKNOWN,
    FactValue,
    State,
    Value,
    Withheld,
    as_data,
    is_missing,
    normalise,
    value_from_data,
    value_to_data,
)

__all__ = [
    "ALWAYS", "NOT_APPLICABLE", "ONE_CHOICE", "OPS_FOR", "UNANSWERED", "UNKNOWN", "WITH_CHOICES", "All", "Always", "Any_", "Compare",
    "ConditionError", "ConditionErrors", "DateCompare", "DateOp", "FactValue", "Ground", "Node", "Not", "Op", "State",
    "Subject", "Value", "ValueCode", "ValueProblem", "ValueType", "Verdict", "Withheld", "as_data", "conjoin", "dates",
    "evaluate", "is_missing", "names", "normalise", "parse", "parse_date", "parse_day", "value_from_data",
    "value_problems", "value_to_data", "walk",
]  # fmt: skip
