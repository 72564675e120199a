"""The typed form of a condition tree, and the one way to walk it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Subject(StrEnum):
    """What a comparison is about."""

    FACT = "fact"
    ITEM = "item"
    DATE = "date"


class Op(StrEnum):
    """How a fact or answer is compared."""

    IS = "is"
    IN = "in"
    NOT_IN = "not_in"
    INCLUDES = "includes"
    INCLUDES_ANY = "includes_any"
    CONTAINS = "contains"  # a list holds it; a text or choice has it as a part
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    OVER = "over"
    UNDER = "under"
    KNOWN = "known"


LIST_OPS = frozenset({Op.IN, Op.NOT_IN, Op.INCLUDES_ANY})
ORDER_OPS = frozenset({Op.AT_LEAST, Op.AT_MOST, Op.OVER, Op.UNDER})


class DateOp(StrEnum):
    ON_OR_AFTER = "on_or_after"
    BEFORE = "before"


Scalar = bool | int | float | Decimal | str
Operand = Scalar | date | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class All:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    child: Node


@dataclass(frozen=True, slots=True)
class Always:
    truth: bool


@dataclass(frozen=True, slots=True)
class Compare:
    subject: Subject  # FACT or ITEM
    name: str
    op: Op
    operand: Operand


@dataclass(frozen=True, slots=True)
class DateCompare:
    op: DateOp
    value: date


Node = All | Any_ | Not | Always | Compare | DateCompare


def walk(node: Node, path: str = "", positive: bool = True) -> Iterator[tuple[str, Node, bool]]:
    """Every node with its path in the data and whether it stands under an even number of `not`s."""
    yield path, node, positive
    match node:
        case All(children) | Any_(children):
            word = "all" if isinstance(node, All) else "any"
            for index, child in enumerate(children):
                yield from walk(child, _join(path, f"{word}[{index}]"), positive)
        case Not(child):
            yield from walk(child, _join(path, "not"), not positive)


def names(node: Node, subject: Subject = Subject.FACT) -> frozenset[str]:
    """The facts (or items) that the condition reads."""
    return frozenset(n.name for _, n, _ in walk(node) if isinstance(n, Compare) and n.subject is subject)


def dates(node: Node) -> frozenset[date]:
    """The days on which the condition may change although no fact does."""
    return frozenset(n.value for _, n, _ in walk(node) if isinstance(n, DateCompare))


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step
