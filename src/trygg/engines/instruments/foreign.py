"""Answers as other programs write them: which choice a value means, and the points that Canada's AIA reads from a value.

Canada's Algorithmic Impact Assessment keeps the points of a choice in its value, behind the last hyphen: "item3-2" is worth
2. Rules as read from canada-ca/aia-eia-js (MIT), described in our own words in docs/instruments.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .model import Choice, Instrument, Item

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?\Z")
_PREFIXED = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)\Z")
_JS_SPACE = " \t\n\r\v\f\u00a0\ufeff\u2028\u2029"
_LONGEST = 400
_EXPONENT = 308


@lru_cache(maxsize=65_536)
def hyphen_points(value: str) -> Fraction:
    """The points in a value of Canada's AIA: what stands after its last hyphen, read as JavaScript reads a number.

    0 without a hyphen, for an empty rest, and for what is no finite number. Never negative: a hyphen is no sign here.
    """
    _, hyphen, rest = value.rpartition("-")
    if not hyphen:
        return Fraction(0)
    return js_number(rest)


def js_number(text: str) -> Fraction:
    """`Number(text)` of JavaScript, exactly; 0 for what is no number there or not finite."""
    text = text.strip(_JS_SPACE)
    if not text or len(text) > _LONGEST:
        return Fraction(0)
    if _PREFIXED.match(text):
        return Fraction(int(text, 0))
    decimal = _DECIMAL.match(text)
    if decimal is None or abs(int(decimal[1] or 0)) > _EXPONENT:
        return Fraction(0)
    return Fraction(text[:-1] if text.endswith(".") else text.replace(".e", "e").replace(".E", "E"))


def aia_points(value: Any) -> Fraction:
    """Points of an answer of Canada's AIA: of a text as `hyphen_points`, a number itself, a list the sum over its members
    (twice counts twice); anything else 0."""
    if isinstance(value, str):
        return hyphen_points(value)
    if isinstance(value, list | tuple):
        return sum((aia_points(each) for each in value if not isinstance(each, list | tuple)), Fraction(0))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Fraction(str(value)) if abs(value) < float("inf") else Fraction(0)
    return Fraction(0)


def foreign_value(choice: Choice) -> Any:
    """What another program writes for this choice."""
    return choice.id if choice.value is None else choice.value


def same_value(left: Any, right: Any) -> bool:
    """Whether two values mean the same choice: 2, 2.0 and "2" do; true and 1 do not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if type(left) is type(right):
        return bool(left == right)
    pair = (left, right)
    if all(isinstance(each, str | int | float) for each in pair):
        first, second = (_number_in(each) for each in pair)
        return first is not None and first == second
    return False


def _number_in(value: str | int | float) -> Fraction | None:
    text = str(value).strip(_JS_SPACE)
    decimal = _DECIMAL.match(text) if len(text) <= _LONGEST else None
    return js_number(text) if decimal and abs(int(decimal[1] or 0)) <= _EXPONENT else None


def choice_for(item: Item, value: Any) -> Choice | None:
    """The choice that a value of another program means; None when it means none."""
    return next((choice for choice in item.choices if same_value(foreign_value(choice), value)), None)


def from_foreign(instrument: Instrument, answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(answers by item id with ids of choices, names that the instrument does not know).

    Values that mean no choice are left as they are: scoring says what they are worth.
    """
    known: dict[str, Any] = {}
    unknown: list[str] = []
    by_key = instrument.keys
    for name, value in answers.items():
        items = by_key.get(name) or ((name,) if name in instrument.items else ())
        if not items:
            unknown.append(name)
        for item_id in items:
            known[item_id] = _own(instrument.items[item_id], value)
    return known, unknown


def _own(item: Item, value: Any) -> Any:
    if not item.choices:
        return value
    if isinstance(value, list | tuple):
        return [_own_member(item, each) for each in value]
    return _own_member(item, value)


def _own_member(item: Item, value: Any) -> Any:
    if isinstance(value, str) and item.choice(value) is not None and item.choice(value).value is None:  # type: ignore[union-attr]
        return value
    choice = choice_for(item, value) if isinstance(value, str | int | float | bool) else None
    return value if choice is None else choice.id


def to_foreign(instrument: Instrument, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `from_foreign`: answers under the names and with the values of the other program."""
    found: dict[str, Any] = {}
    for item_id, value in answers.items():
        item = instrument.items.get(item_id)
        if item is None:
            continue
        found[item.key or item.id] = _foreign(item, value)
    return found


def _foreign(item: Item, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_foreign(item, each) for each in value]
    choice = item.choice(value) if isinstance(value, str) else None
    return value if choice is None else foreign_value(choice)
