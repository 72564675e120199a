"""What a fact or an answer can be: a value, or one of four ways of not having one.

Unknown is a value of its own here. It is never the same as "no", and a condition over it gives "cannot tell".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import isfinite
from typing import Any


class State(Enum):
    """A fact without a value."""

    UNKNOWN = "unknown"  # asked, and nobody knows yet
    NOT_APPLICABLE = "not_applicable"  # asked, and the question does not fit this matter
    UNANSWERED = "unanswered"  # nobody has said anything


UNKNOWN = State.UNKNOWN
NOT_APPLICABLE = State.NOT_APPLICABLE
UNANSWERED = State.UNANSWERED


@dataclass(frozen=True, slots=True)
class Withheld:
    """Somebody knows and may not or will not say. The reason is shown beside the fact."""

    reason: str


Value = bool | int | float | Decimal | str | date | tuple[str, ...]
FactValue = Value | State | Withheld


def normalise(raw: object) -> FactValue:
    """The value in the form that comparisons use.

    None, an empty text and an empty list are UNANSWERED; a datetime becomes its date; a list becomes a tuple. Anything
    that is no value at all (a mapping, an object) is UNKNOWN: it cannot be compared.
    """
    if isinstance(raw, State | Withheld):
        return raw
    if raw is None or raw == "":
        return UNANSWERED
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, bool | str | date):
        return raw
    if isinstance(raw, int | float | Decimal):
        return raw if is_number(raw) else UNKNOWN
    if isinstance(raw, list | tuple | set | frozenset):
        members = sorted(map(str, raw)) if isinstance(raw, set | frozenset) else [str(member) for member in raw]
        return tuple(members) if members else UNANSWERED
    return UNKNOWN


def is_number(value: object) -> bool:
    """True for a finite number; a boolean is none."""
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def is_missing(value: FactValue) -> bool:
    """True when a comparison over it cannot be settled: unknown, unanswered or withheld."""
    return value is UNKNOWN or value is UNANSWERED or isinstance(value, Withheld)


def value_to_data(value: FactValue) -> Any:
    """The value as JSON data; the four states become `{"state": ...}`, withheld with its `reason`."""
    if isinstance(value, State):
        return {"state": value.value}
    if isinstance(value, Withheld):
        return {"state": "withheld", "reason": value.reason}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value


def value_from_data(data: Any) -> FactValue:
    """The reverse of `value_to_data`. Raises ValueError for a mapping that names no state."""
    if isinstance(data, Mapping):
        state = data.get("state")
        if state == "withheld":
            return Withheld(str(data.get("reason", "")))
        return State(state)
    return normalise(data)


def as_data(thing: Any) -> Any:
    """Any result of these engines as JSON data: dataclasses become objects, enums their value, dates ISO text."""
    if isinstance(thing, State | Withheld):
        return value_to_data(thing)
    if isinstance(thing, Enum):
        return thing.value
    if is_dataclass(thing) and not isinstance(thing, type):
        return {field.name.rstrip("_"): as_data(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, Mapping):
        return {str(as_data(key)): as_data(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [as_data(member) for member in thing]
    if isinstance(thing, set | frozenset):
        return sorted(as_data(member) for member in thing)
    if isinstance(thing, Fraction):
        return int(thing) if thing.denominator == 1 else str(thing)
    if isinstance(thing, date | Decimal):
        return value_to_data(thing)
    return thing
