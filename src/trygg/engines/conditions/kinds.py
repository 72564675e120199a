"""Types of facts and items: which comparisons fit them, and whether a value fits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from .nodes import ORDER_OPS, Op
from .parse import parse_date
from .values import State, Withheld, is_number

MAX_TEXT = 20_000
MAX_PARTY = 300


class ValueType(StrEnum):
    """Types of facts (boolean, choice, choices, number, date, text) and of items (all but boolean)."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    FILE = "file"
    SCALE = "scale"  # a choice whose choices stand in order, lowest first
    PARTY = "party"  # an organisation or a role that has a task; never a child
    SIGN = "sign"  # somebody confirms a statement: true
    RIGHTS_MATRIX = "rights_matrix"  # rights x groups of children: marks "right/group/dimension=level"


ONE_CHOICE = frozenset({ValueType.CHOICE, ValueType.SCALE})
WITH_CHOICES = ONE_CHOICE | {ValueType.CHOICES}

_EQUAL = frozenset({Op.IS, Op.IN, Op.NOT_IN, Op.KNOWN})
OPS_FOR: Mapping[ValueType, frozenset[Op]] = {
    ValueType.BOOLEAN: frozenset({Op.IS, Op.KNOWN}),
    ValueType.CHOICE: _EQUAL | {Op.CONTAINS},
    ValueType.SCALE: _EQUAL | {Op.CONTAINS},
    ValueType.CHOICES: frozenset({Op.INCLUDES, Op.INCLUDES_ANY, Op.CONTAINS, Op.KNOWN}),
    ValueType.NUMBER: _EQUAL | ORDER_OPS,
    ValueType.DATE: ORDER_OPS | {Op.IS, Op.KNOWN},
    ValueType.TEXT: _EQUAL | {Op.CONTAINS},
    ValueType.FILE: frozenset({Op.KNOWN}),
    ValueType.PARTY: _EQUAL,
    ValueType.SIGN: frozenset({Op.KNOWN}),
    ValueType.RIGHTS_MATRIX: frozenset({Op.INCLUDES, Op.INCLUDES_ANY, Op.KNOWN}),
}


class ValueCode(StrEnum):
    """What can be wrong with a value; worded at the edge, in the reader's language."""

    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_LIST = "not_a_list"
    CHOSEN_TWICE = "chosen_twice"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_DATE = "not_a_date"
    NOT_TEXT = "not_text"
    TOO_LONG = "too_long"
    NOT_A_FILE = "not_a_file"
    NOT_SIGNED = "not_signed"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class ValueProblem:
    code: ValueCode
    params: Mapping[str, Any] = field(default_factory=dict)


def value_problems(
    kind: ValueType,
    value: Any,
    choices: Collection[str] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> tuple[ValueProblem, ...]:
    """What keeps the value from being one of this kind; empty when it fits.

    The four states fit every kind (withheld needs its reason). Whether an answer is there at all is not asked here.
    """
    if isinstance(value, Withheld):
        return () if value.reason.strip() else (ValueProblem(ValueCode.NO_REASON),)
    if isinstance(value, State) or value is None or value == "":
        return ()
    match kind:
        case ValueType.BOOLEAN:
            return () if isinstance(value, bool) else (ValueProblem(ValueCode.NOT_A_BOOLEAN),)
        case ValueType.CHOICE | ValueType.SCALE:
            good = isinstance(value, str) and value in choices
            return () if good else (ValueProblem(ValueCode.NOT_A_CHOICE, {"value": str(value)}),)
        case ValueType.CHOICES:
            return _choices_problems(value, choices)
        case ValueType.NUMBER:
            return _number_problems(value, minimum, maximum)
        case ValueType.DATE:
            good = not isinstance(value, datetime) and parse_date(value) is not None
            return () if good else (ValueProblem(ValueCode.NOT_A_DATE),)
        case ValueType.FILE:
            return () if isinstance(value, str) else (ValueProblem(ValueCode.NOT_A_FILE),)
        case ValueType.TEXT:
            if not isinstance(value, str):
                return (ValueProblem(ValueCode.NOT_TEXT),)
            return () if len(value) <= MAX_TEXT else (ValueProblem(ValueCode.TOO_LONG, {"limit": MAX_TEXT}),)
        case ValueType.PARTY:
            if not isinstance(value, str):
                return (ValueProblem(ValueCode.NOT_TEXT),)
            return () if len(value) <= MAX_PARTY else (ValueProblem(ValueCode.TOO_LONG, {"limit": MAX_PARTY}),)
        case ValueType.SIGN:
            return () if value is True else (ValueProblem(ValueCode.NOT_SIGNED),)
        case ValueType.RIGHTS_MATRIX:
            return _marks_problems(value, choices)


def _choices_problems(value: Any, choices: Collection[str]) -> tuple[ValueProblem, ...]:
    if not isinstance(value, list | tuple | set | frozenset):
        return (ValueProblem(ValueCode.NOT_A_LIST),)
    members = list(value)
    wrong = [ValueProblem(ValueCode.NOT_A_CHOICE, {"value": str(m)}) for m in members if m not in choices]
    twice = sorted({str(m) for m in members if members.count(m) > 1})
    return (*wrong, *(ValueProblem(ValueCode.CHOSEN_TWICE, {"value": m}) for m in twice))


def _marks_problems(value: Any, marks: Collection[str]) -> tuple[ValueProblem, ...]:
    """As of choices; besides, a dimension of one cell has one level."""
    problems = _choices_problems(value, marks)
    if problems:
        return problems
    dimensions = [mark.partition("=")[0] for mark in value]
    twice = sorted({place for place in dimensions if dimensions.count(place) > 1})
    return tuple(ValueProblem(ValueCode.CHOSEN_TWICE, {"value": place}) for place in twice)


def _number_problems(value: Any, minimum: float | None, maximum: float | None) -> tuple[ValueProblem, ...]:
    if not is_number(value):
        return (ValueProblem(ValueCode.NOT_A_NUMBER),)
    if minimum is not None and value < minimum:
        return (ValueProblem(ValueCode.TOO_SMALL, {"limit": minimum}),)
    if maximum is not None and value > maximum:
        return (ValueProblem(ValueCode.TOO_LARGE, {"limit": maximum}),)
    return ()


def parse_day(text: object, what: str) -> date | None:
    """The day, or None when absent. Raises ValueError that names `what` when it is there and no date."""
    if text is None:
        return None
    day = parse_date(text)
    if day is None:
        raise ValueError(f"{what}: {text!r} is not a date as YYYY-MM-DD")
    return day
