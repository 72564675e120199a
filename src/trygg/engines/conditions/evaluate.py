"""Three-valued evaluation: Kleene's strong logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .nodes import All, Always, Any_, Compare, DateCompare, DateOp, Node, Not, Op, Subject
from .parse import parse_date
from .values import NOT_APPLICABLE, UNANSWERED, FactValue, is_missing, is_number, normalise


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact, answer or the stated date that led to a verdict."""

    name: str
    value: FactValue
    subject: Subject = Subject.FACT


@dataclass(frozen=True, slots=True)
class Verdict:
    """`truth` is None for "cannot tell". `because`: what led to it. `needs`: names that would settle it, if any."""

    truth: bool | None
    because: tuple[Ground, ...] = ()
    needs: tuple[str, ...] = ()


ALWAYS = Verdict(True)


def evaluate(node: Node, values: Mapping[str, Any], on: date | None = None) -> Verdict:
    """What the condition says about these facts (or answers) on the stated date.

    A name that is not in `values` is unanswered. A value that cannot be compared (text where a number belongs) settles
    nothing. Never raises for any values; a date condition without a stated date cannot be told.
    """
    match node:
        case Always(truth):
            return Verdict(truth)
        case DateCompare(op, day):
            if on is None:
                return Verdict(None)
            truth = on >= day if op is DateOp.ON_OR_AFTER else on < day
            return Verdict(truth, (Ground("date", on, Subject.DATE),))
        case Compare():
            return _compare(node, normalise(values.get(node.name, UNANSWERED)))
        case Not(child):
            inner = evaluate(child, values, on)
            return Verdict(None if inner.truth is None else not inner.truth, inner.because, inner.needs)
        case All(children):
            return _combine([evaluate(child, values, on) for child in children], settles=False)
        case Any_(children):
            return _combine([evaluate(child, values, on) for child in children], settles=True)


def conjoin(verdicts: Iterable[Verdict]) -> Verdict:
    """`all` over verdicts that are already there. No verdicts: true."""
    return _combine(list(verdicts), settles=False)


def _combine(verdicts: list[Verdict], *, settles: bool) -> Verdict:
    """One false child settles `all`, one true child settles `any`; only then is nothing else needed."""
    deciding = [verdict for verdict in verdicts if verdict.truth is settles]
    if deciding:
        return Verdict(settles, _grounds(deciding))
    open_ = [verdict for verdict in verdicts if verdict.truth is None]
    if open_:
        return Verdict(None, _grounds(verdicts), tuple(dict.fromkeys(n for verdict in open_ for n in verdict.needs)))
    return Verdict(not settles, _grounds(verdicts))


def _grounds(verdicts: Iterable[Verdict]) -> tuple[Ground, ...]:
    return tuple({(g.subject, g.name): g for verdict in verdicts for g in verdict.because}.values())


def _compare(node: Compare, value: FactValue) -> Verdict:
    ground = (Ground(node.name, value, node.subject),)
    if value is NOT_APPLICABLE:
        return Verdict(False, ground)
    if node.op is Op.KNOWN:
        return Verdict(is_missing(value) is not node.operand, ground)
    truth = None if is_missing(value) else _holds(node.op, value, node.operand)
    return Verdict(truth, ground, (node.name,) if truth is None else ())


def _holds(op: Op, value: Any, operand: Any) -> bool | None:
    """None when the value cannot be compared with the operand at all."""
    match op:
        case Op.IS:
            return _same(value, operand)
        case Op.IN:
            return any(_same(value, member) for member in operand)
        case Op.NOT_IN:
            return not any(_same(value, member) for member in operand)
        case Op.INCLUDES:
            return _includes(value, operand)
        case Op.INCLUDES_ANY:
            return any(_includes(value, member) for member in operand)
        case Op.CONTAINS:
            return _includes(value, operand) if isinstance(value, tuple) else str(operand) in str(value)
        case Op.AT_LEAST:
            return _negate(_below(value, operand))
        case Op.AT_MOST:
            return _negate(_below(operand, value))
        case Op.OVER:
            return _below(operand, value)
        case _:
            return _below(value, operand)


def _same(value: Any, operand: Any) -> bool:
    """Equality without Python's 1 == True; a date equals its ISO text."""
    if isinstance(value, bool) or isinstance(operand, bool):
        return value is operand
    if isinstance(value, date) or isinstance(operand, date):
        return parse_date(value) == parse_date(operand) is not None
    return bool(value == operand)


def _includes(value: Any, member: Any) -> bool:
    members = value if isinstance(value, tuple) else (value,)
    return any(_same(each, member) or str(each) == str(member) for each in members)


def _below(left: Any, right: Any) -> bool | None:
    """left < right; None when the two are not both numbers or both dates."""
    if isinstance(left, date) or isinstance(right, date):
        first, second = parse_date(left), parse_date(right)
        return None if first is None or second is None else first < second
    if is_number(left) and is_number(right):
        return bool(left < right)
    return None


def _negate(truth: bool | None) -> bool | None:
    return None if truth is None else not truth
