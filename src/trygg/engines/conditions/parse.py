"""From data to nodes. Every wrong place is reported at once, with its path."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .nodes import LIST_OPS, ORDER_OPS, All, Always, Any_, Compare, DateCompare, DateOp, Node, Not, Op, Operand, Subject
from .values import is_number

MAX_DEPTH = 30
_WORDS = ("all", "any", "not", "always", "fact", "item", "date")


@dataclass(frozen=True, slots=True)
class ConditionError:
    """One wrong place in a condition. `code` is stable; `reason` is for the author of the pack, in English."""

    path: str
    code: str
    reason: str


class ConditionErrors(ValueError):
    """Everything that is wrong with one condition."""

    def __init__(self, errors: Collection[ConditionError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.path or 'condition'}: {error.reason}" for error in self.errors))


def parse(
    data: Any, path: str = "", *, subjects: Collection[Subject] = (Subject.FACT,), allow_date: bool = True
) -> Node:
    """The condition as nodes.

    `subjects` says whether it may speak of facts, of items or of both; `allow_date` whether the stated date may decide.
    Raises ConditionErrors with every wrong place; their paths begin with `path`.
    """
    parser = _Parser(frozenset(subjects), allow_date)
    node = parser.node(data, path, 0)
    if parser.errors:
        raise ConditionErrors(parser.errors)
    return node


def parse_date(text: object) -> date | None:
    """The day of an ISO text `YYYY-MM-DD` (or of a date), otherwise None."""
    if isinstance(text, date):
        return text
    if isinstance(text, str) and len(text) == 10:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return None


class _Parser:
    def __init__(self, subjects: frozenset[Subject], allow_date: bool) -> None:
        self.subjects = subjects
        self.allow_date = allow_date
        self.errors: list[ConditionError] = []

    def fail(self, path: str, code: str, reason: str) -> Always:
        self.errors.append(ConditionError(path, code, reason))
        return Always(True)

    def node(self, data: Any, path: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            return self.fail(path, "too_deep", f"the condition is nested more than {MAX_DEPTH} deep")
        if not isinstance(data, Mapping):
            return self.fail(
                path, "not_a_condition", f"a condition is an object such as {{fact: x, is: true}}, not {data!r}"
            )
        words = [word for word in _WORDS if word in data]
        if len(words) != 1:
            return self.fail(
                path,
                "not_a_condition",
                f"a condition has exactly one of {', '.join(_WORDS)}; here: {sorted(map(str, data))}",
            )
        word = words[0]
        if word in ("fact", "item"):
            return self.compare(data, Subject(word), path)
        if word == "date":
            return self.date(data, path)
        for extra in sorted(str(key) for key in data if key != word):
            self.fail(path, "unknown_word", f"'{extra}' does not belong beside '{word}'")
        below = f"{path}.{word}" if path else word
        if word == "not":
            return Not(self.node(data["not"], below, depth + 1))
        if word == "always":
            if not isinstance(data["always"], bool):
                return self.fail(below, "wrong_type", "'always' is true or false")
            return Always(data["always"])
        children = data[word]
        if not isinstance(children, list | tuple) or not children:
            return self.fail(below, "wrong_type", f"'{word}' holds a list of at least one condition")
        nodes = tuple(self.node(child, f"{below}[{index}]", depth + 1) for index, child in enumerate(children))
        return All(nodes) if word == "all" else Any_(nodes)

    def compare(self, data: Mapping[str, Any], subject: Subject, path: str) -> Node:
        if subject not in self.subjects:
            allowed = " or ".join(f"'{s}'" for s in sorted(self.subjects))
            return self.fail(path, "wrong_subject", f"this condition speaks of {allowed}, not of '{subject}'")
        name = data[subject]
        if not isinstance(name, str) or not name:
            return self.fail(path, "wrong_type", f"'{subject}' is an id in text")
        words = [key for key in data if key != subject]
        known = [word for word in words if word in set(Op)]
        for extra in sorted(str(word) for word in words if word not in known):
            self.fail(path, "unknown_word", f"'{extra}' is no comparison; there are {', '.join(Op)}")
        if len(known) != 1:
            if len(known) > 1 or not words:
                self.fail(path, "one_comparison", f"a comparison needs exactly one of {', '.join(Op)}")
            return Always(True)
        op = Op(known[0])
        operand = self.operand(op, data[op], f"{path}.{op}" if path else str(op))
        return Always(True) if operand is None else Compare(subject, name, op, operand)

    def operand(self, op: Op, raw: Any, path: str) -> Operand | None:
        if op in LIST_OPS:
            if not isinstance(raw, list | tuple) or not raw or not all(_is_scalar(member) for member in raw):
                self.fail(path, "wrong_type", f"'{op}' needs a list of at least one value")
                return None
            return tuple(raw)
        if op is Op.KNOWN:
            if not isinstance(raw, bool):
                self.fail(path, "wrong_type", "'known' is true or false")
                return None
            return raw
        if op in ORDER_OPS:
            day = parse_date(raw)
            if day is not None:
                return day
            if not is_number(raw):
                self.fail(path, "wrong_type", f"'{op}' compares numbers, or dates as YYYY-MM-DD; here: {raw!r}")
                return None
            return raw
        if not _is_scalar(raw):
            self.fail(path, "wrong_type", f"'{op}' compares with one value, not {raw!r}")
            return None
        return raw.isoformat() if isinstance(raw, date) else raw

    def date(self, data: Mapping[str, Any], path: str) -> Node:
        if not self.allow_date:
            return self.fail(path, "date_not_allowed", "what is asked may not depend on the day")
        for extra in sorted(str(key) for key in data if key not in ("date", "value")):
            self.fail(path, "unknown_word", f"'{extra}' does not belong beside 'date'")
        op, day = data["date"], parse_date(data.get("value"))
        if op not in tuple(DateOp):
            self.fail(f"{path}.date" if path else "date", "wrong_type", f"'date' is one of {', '.join(DateOp)}")
        if day is None:
            self.fail(f"{path}.value" if path else "value", "not_a_date", "'value' is a date as YYYY-MM-DD")
        if op not in tuple(DateOp) or day is None:
            return Always(True)
        return DateCompare(DateOp(op), day)


def _is_scalar(raw: object) -> bool:
    return isinstance(raw, bool | int | float | Decimal | str | date) and raw != ""
