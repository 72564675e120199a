"""From SurveyJS's conditions to native ones.

SurveyJS knows true and false: an empty question equals nothing and contains nothing, so `<>` and `notcontains` hold of it.
Native conditions know a third value, not known. The two agree when a `not` never stands over something that may be unknown:
it is driven down to the comparisons, and there says "is not so, or is not known". A condition that is not known hides its
question, as one that is false does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from ..foreign import js_number, same_value
from .expressions import Constant, Expression, ExpressionError, Join, Negation, Test, parse_expression
from .notes import Report

Tree = dict[str, Any]
_ORDER: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "under": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
    "over": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b,
}
_CHOICES = ("choice", "scale", "choices")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as conditions see it. `choices`: (id, value in the survey) in order."""

    id: str
    type: str
    choices: Sequence[tuple[str, Any]] = field(default=())


class CannotSay(ValueError):
    """The comparison has no native form."""


class Translator:
    """Translates conditions. `find` gives the questions that a name means; it says itself why there are none (None)."""

    def __init__(self, find: Callable[[str, str, str], Sequence[Asked] | None], aia: bool, report: Report) -> None:
        self.find, self.aia, self.report = find, aia, report

    def read(self, text: Any, path: str, scope: str = "") -> Tree | None:
        """The native condition; None when there is none, or when it can't be translated, which is a problem then."""
        if text is None or text == "":
            return None
        if not isinstance(text, str):
            self.report.problem(path, "condition", "a condition is a text such as {question} = 'value'")
            return None
        try:
            expression, remarks = parse_expression(text)
            for remark in remarks:
                self.report.note(path, "condition_read_as", remark)
            return self._tree(expression, True, path, scope)
        except ExpressionError as error:
            self.report.problem(
                path, "condition", f"the condition can't be read at character {error.position}: {error.reason}"
            )
            return None

    def _tree(self, node: Expression, positive: bool, path: str, scope: str) -> Tree:
        if isinstance(node, Constant):
            return {"always": node.truth is positive}
        if isinstance(node, Negation):
            return self._tree(node.part, not positive, path, scope)
        if isinstance(node, Join):
            parts = (self._tree(part, positive, path, scope) for part in node.parts)
            return every(parts) if node.every is positive else some(parts)
        asked = self.find(node.name, path, scope)
        if not asked:
            return {"always": True}
        try:
            found = [self._test(each, node, positive, path) for each in asked]
        except CannotSay as error:
            raise ExpressionError(str(error), node.position) from error
        # Several questions may share one name: it is empty where all of them are.
        return some(found) if positive is not _asks_empty(node) else every(found)

    def _test(self, item: Asked, test: Test, positive: bool, path: str) -> Tree:
        if _asks_empty(test):
            return unknown(item.id) if positive else known(item.id)
        if test.op == "truthy":
            if not _yes_no(item):
                raise CannotSay(f"say what '{test.name}' is compared with: only a yes/no question stands alone")
            test = Test(test.name, "equal", True, test.position)
        held = self._held(item, test, path)
        if positive:
            return held
        if "always" in held:
            return {"always": not held["always"]}
        return some([{"not": held}, unknown(item.id)])

    def _held(self, item: Asked, test: Test, path: str) -> Tree:
        """Where the comparison certainly holds."""
        if test.op == "equal":
            return self._equal(item, test.value, path)
        if test.op in _ORDER:
            return self._order(item, test.op, test.value)
        if test.op == "contains":
            return self._contains(item, test.value, path)
        values = test.value if isinstance(test.value, list) else [test.value]
        if test.op == "allof":
            return every(self._contains(item, value, path) for value in values)
        if not isinstance(test.value, list):
            return self._part_of(item, test.value, path)
        if item.type == "choices":
            return some(self._contains(item, value, path) for value in values)
        return one_of(item, [self._equal(item, value, path) for value in values])

    # Comparisons ------------------------------------------------------------------------------------------------------

    def _equal(self, item: Asked, value: Any, path: str) -> Tree:
        if item.type == "choices":
            if not isinstance(value, list):
                said = f"an answer of '{item.id}' is a list, and equals no single value: this part never holds (use contains)"
                self.report.note(path, "no_such_value", said)
                return {"always": False}
            wanted = value
            others = [name for name, _ in item.choices if name not in {self._choice(item, each) for each in wanted}]
            parts = [self._contains(item, each, path) for each in wanted]
            return every([*parts, *({"not": {"item": item.id, "includes": other}} for other in others)])
        if isinstance(value, list):
            return self._never(item, value, path)
        if item.type in _CHOICES:
            choice = self._choice(item, value)
            if choice is None:
                return (
                    {"item": item.id, "is": str(value)} if self.aia and value != "" else self._never(item, value, path)
                )
            return {"item": item.id, "is": choice}
        if item.type == "number":
            number = _number(value)
            return self._never(item, value, path) if number is None else {"item": item.id, "is": _plain(number)}
        if item.type == "date":
            return {"item": item.id, "is": _day(value)}
        if item.type == "sign" and isinstance(value, bool):
            return known(item.id) if value else unknown(item.id)
        if item.type in ("text", "party"):
            if value is None or value == "":
                raise CannotSay("a text is compared with nothing: use empty")
            self._capitals(_js(value), path)
            return {"item": item.id, "is": _js(value)}
        raise CannotSay(f"a question of type '{item.type}' is only asked whether it is empty")

    def _order(self, item: Asked, op: str, value: Any) -> Tree:
        if item.type == "date":
            return {"item": item.id, op: _day(value)}
        number = _number(value)
        if number is None or item.type not in ("number", "choice", "scale"):
            raise CannotSay(f"'{item.id}' can't be compared by size with {value!r}")
        if item.type == "number":
            return {"item": item.id, op: _plain(number)}
        sizes = [(name, _number(each)) for name, each in item.choices]
        if any(size is None for _, size in sizes):
            raise CannotSay(f"the choices of '{item.id}' are no numbers: they can't be compared by size")
        return is_one_of(item.id, [name for name, size in sizes if size is not None and _ORDER[op](size, number)])

    def _contains(self, item: Asked, value: Any, path: str) -> Tree:
        """A list holds it; a text, or the value of a single choice, has it as a part."""
        if item.type == "choices":
            if isinstance(value, list):
                return every(self._contains(item, each, path) for each in value)
            choice = self._choice(item, value)
            if choice is None and not self.aia:
                return self._never(item, value, path)
            text = _js(value) if choice is None else choice
            return {"item": item.id, "contains": text} if text else {"always": False}
        text = ",".join(map(_js, value)) if isinstance(value, list) else _js(value)
        if not text:
            return {"always": False}
        if item.type in ("choice", "scale"):
            return self._part(item, text, path)
        if item.type == "text":
            self._capitals(text, path)
            return {"item": item.id, "contains": text}
        raise CannotSay(f"a question of type '{item.type}' contains nothing")

    def _part(self, item: Asked, text: str, path: str) -> Tree:
        """Part of the value of the one choice, which may have another id here."""
        right = [name for name, value in item.choices if text.lower() in _js(value).lower()]
        as_ids = [name for name, _ in item.choices if text in name]
        if right == as_ids and (right or self.aia):
            return {"item": item.id, "contains": text}
        if not self.aia:
            return is_one_of(item.id, right) if right else self._never(item, text, path)
        wrong = [name for name in as_ids if name not in right]
        found: Tree = {"item": item.id, "contains": text}
        if wrong:
            found = every([found, {"not": is_one_of(item.id, wrong)}])
        more = [name for name in right if name not in as_ids]
        return some([found, is_one_of(item.id, more)]) if more else found

    def _part_of(self, item: Asked, value: Any, path: str) -> Tree:
        """`anyof` with one value: a list holds it; a single choice is a part of it."""
        if item.type == "choices":
            return self._contains(item, value, path)
        if item.type not in ("choice", "scale"):
            raise CannotSay("'anyof' needs a list")
        folded = _js(value).lower()
        return is_one_of(item.id, [name for name, each in item.choices if _js(each).lower() in folded])

    def _capitals(self, text: str, path: str) -> None:
        if text.lower() != text.upper():
            self.report.note(
                path, "capitals", "SurveyJS does not tell capitals from small letters in texts; here they matter"
            )

    def _choice(self, item: Asked, value: Any) -> str | None:
        """The id of the choice that SurveyJS holds to be equal: capitals and blanks at the ends don't matter to it."""
        if isinstance(value, list):
            return None
        for name, each in item.choices:
            if same_value(each, value):
                return name
        folded = _js(value).strip().lower()
        return next((name for name, each in item.choices if _js(each).strip().lower() == folded), None)

    def _never(self, item: Asked, value: Any, path: str) -> Tree:
        self.report.note(
            path, "no_such_value", f"'{item.id}' has no value {value!r}: this part of the condition never holds"
        )
        return {"always": False}


def known(item: str) -> Tree:
    return {"item": item, "known": True}


def unknown(item: str) -> Tree:
    """Has no answer, or is not asked: `known: false` would not hold of what is not asked."""
    return {"not": known(item)}


def every(parts: Iterable[Tree]) -> Tree:
    """All of them, without what is always so."""
    return _join("all", parts, True)


def some(parts: Iterable[Tree]) -> Tree:
    """Any of them, without what is never so."""
    return _join("any", parts, False)


def _join(word: str, parts: Iterable[Tree], neutral: bool) -> Tree:
    found: list[Tree] = []
    for part in parts:
        if part == {"always": not neutral}:
            return part
        if part != {"always": neutral}:
            found += part.get(word, [part])
    if not found:
        return {"always": neutral}
    return found[0] if len(found) == 1 else {word: found}


def is_one_of(item: str, ids: Sequence[str]) -> Tree:
    if not ids:
        return {"always": False}
    return {"item": item, "is": ids[0]} if len(ids) == 1 else {"item": item, "in": list(ids)}


def one_of(item: Asked, equals: Iterable[Tree]) -> Tree:
    """Several `is` of one question as one `in`, where its type has that."""
    parts = [part for part in equals if part != {"always": False}]
    if len(parts) > 1 and item.type != "date" and all("is" in part for part in parts):
        return {"item": item.id, "in": [part["is"] for part in parts]}
    return some(parts)


def _asks_empty(test: Test) -> bool:
    return test.op == "empty" or (test.op == "equal" and (test.value is None or test.value in ("", [])))


def _yes_no(item: Asked) -> bool:
    return item.type == "choice" and any(value is True for _, value in item.choices)


def _number(value: Any) -> Fraction | None:
    if isinstance(value, bool | list) or value is None:
        return None
    text = str(value)
    number = js_number(text)
    return number if same_value(_as_float(number), text) else None


def _as_float(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


def _plain(number: Fraction) -> int | float:
    plain = _as_float(number)
    if not storable(plain):
        raise CannotSay(f"the number {plain} has more than 15 digits")
    return plain


def storable(number: int | float) -> bool:
    """Whether a pack can hold it as a number: at most 15 digits, no exponent."""
    whole, _, rest = str(number).lstrip("-").partition(".")
    return len(whole) <= 15 and len(rest) <= 15 and (whole + rest).isdigit()


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except (TypeError, ValueError):
        raise CannotSay(f"{value!r} is no day as YYYY-MM-DD") from None


def _js(value: Any) -> str:
    """The value as SurveyJS writes it into a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
