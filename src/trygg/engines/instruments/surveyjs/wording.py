"""Native conditions as SurveyJS expressions.

SurveyJS knows no third value: what is not certain is not shown, there as here. A `not` becomes "is certainly not so": of an
unanswered question nothing is certain. Only of one that other answers rule out is everything denied; so that its condition is
denied instead stands beside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

MAX_LENGTH = 8_000


class TooLong(ValueError):
    """The expression would be longer than anybody can look at."""


class Wording:
    """`name_of(item, scope)`: how a condition in that repeated section ("" outside) names the item. `value_of(item, id)`: the
    value of its choice. `shown_when`: item -> the condition under which it is asked, with those of its sections."""

    def __init__(
        self,
        name_of: Callable[[str, str], str],
        value_of: Callable[[str, Any], Any],
        shown_when: Mapping[str, Any],
    ) -> None:
        self.name_of, self.value_of, self.shown_when = name_of, value_of, shown_when

    def say(self, tree: Any, scope: str = "") -> str:
        """The expression. Raises TooLong."""
        return self._certain(tree, True, scope, frozenset())

    def _certain(self, tree: Mapping[str, Any], truth: bool, scope: str, inside: frozenset[str]) -> str:
        """That the condition is certainly true, or certainly false."""
        if "not" in tree:
            return self._certain(tree["not"], not truth, scope, inside)
        if "always" in tree:
            return "1 = 1" if tree["always"] is truth else "1 = 2"
        for word in ("all", "any"):
            if word in tree:
                joint = " and " if (word == "all") is truth else " or "
                said = joint.join(_grouped(self._certain(part, truth, scope, inside)) for part in tree[word])
                if len(said) > MAX_LENGTH:
                    raise TooLong
                return said
        return self._comparison(tree, truth, scope, inside)

    def _comparison(self, tree: Mapping[str, Any], truth: bool, scope: str, inside: frozenset[str]) -> str:
        item = tree["item"]
        op = next(word for word in tree if word != "item")
        name = "{" + self.name_of(item, scope) + "}"
        if op == "known":
            return self._known(item, name, tree["known"], truth, scope, inside)
        said = self._holds(item, name, op, tree[op])
        if truth:
            return said
        return self._or_ruled_out(f"{name} notempty and !({said})", item, scope, inside)

    def _known(self, item: str, name: str, wanted: bool, truth: bool, scope: str, inside: frozenset[str]) -> str:
        if wanted:
            return f"{name} notempty" if truth else f"{name} empty"
        if not truth:
            return self._or_ruled_out(f"{name} notempty", item, scope, inside)
        shown = self.shown_when.get(item)
        if shown is None or item in inside:
            return f"{name} empty"
        out = self._certain(shown, False, scope, inside | {item})
        return f"{name} empty and !({out})"

    def _or_ruled_out(self, said: str, item: str, scope: str, inside: frozenset[str]) -> str:
        shown = self.shown_when.get(item)
        if shown is None or item in inside:
            return said
        out = f"{_grouped(said)} or {_grouped(self._certain(shown, False, scope, inside | {item}))}"
        if len(out) > MAX_LENGTH:
            raise TooLong
        return out

    def _holds(self, item: str, name: str, op: str, operand: Any) -> str:
        several = operand if isinstance(operand, list) else [operand]
        values = [literal(self.value_of(item, each)) for each in several]
        match op:
            case "is":
                return f"{name} = {values[0]}"
            case "in":
                return f"{name} anyof [{', '.join(values)}]"
            case "not_in":
                return f"{name} notempty and !({name} anyof [{', '.join(values)}])"
            case "includes_any":
                return " or ".join(f"{name} contains {value}" for value in values)
            case "includes" | "contains":
                return f"{name} contains {values[0]}"
            case "at_least":
                return f"{name} >= {values[0]}"
            case "at_most":
                return f"{name} <= {values[0]}"
            case "over":
                return f"{name} > {values[0]}"
            case _:
                return f"{name} < {values[0]}"


def literal(value: Any) -> str:
    """A value as it stands in an expression."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def _grouped(said: str) -> str:
    return f"({said})" if " and " in said or " or " in said else said
