"""Raw cells as categories: one reading of `1`, `1.0` and `" 1 "`, on every backend; what is no category is refused."""

import re
from collections.abc import Sequence
from decimal import Decimal

from .errors import AuditError
from .spec import MAX_VALUES, nearest

DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
FORMULA = re.compile(r"[=@]|[+-][A-Za-z(]")
# What systems write where nothing is known; they are groups until one says that they are not.
LIKE_MISSING = {
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "unknown",
    "missing",
    "okänd",
    "okänt",
    "uppgift saknas",
    "saknas",
    "-",
    "?",
}
EVENTS = (("0", "1"), ("false", "true"), ("no", "yes"), ("nej", "ja"), ("n", "y"), ("f", "t"))


def plain(raw: object, missing: frozenset[str] = frozenset()) -> str | None:
    """The category of a raw cell; None where nothing is recorded."""
    if raw is None:
        return None
    if isinstance(raw, bool):
        text = "true" if raw else "false"
    elif isinstance(raw, float | Decimal):
        number = float(raw)
        if number != number:
            return None
        text = str(int(number)) if abs(number) < 1e15 and number == int(number) else f"{number:.12g}"
    else:
        text = str(raw).strip()
    return None if not text or text in missing else text


def check_values(column: str, values: Sequence[str]) -> None:
    """No formulas. Raises AuditError with the value."""
    for value in values:
        if FORMULA.match(value) and not _is_number(value):
            raise AuditError("formula", column=column, value=value[:80])


def check_attribute(column: str, values: Sequence[str]) -> None:
    """Groups, not dates and not names. Raises AuditError with column and value."""
    check_values(column, values)
    if values and all(DATE.fullmatch(value) for value in values):
        raise AuditError("dates", column=column, value=values[0])
    if len(values) > MAX_VALUES:
        raise AuditError("many_values", column=column, count=f"{len(values):,}", value=values[0], limit=MAX_VALUES)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def in_order(values: set[str]) -> list[str]:
    """By size when all are numbers, otherwise by the alphabet of code points: the same everywhere."""
    if values and all(_is_number(value) for value in values):
        return sorted(values, key=lambda value: (float(value), value))
    return sorted(values)


def listed(values: Sequence[str], most: int = 8) -> str:
    """Values as a person reads them."""
    shown = ", ".join(repr(value[:40]) for value in values[:most])
    return shown + (f" and {len(values) - most} more" if len(values) > most else "")


def same(value: str, values: Sequence[str]) -> str | None:
    """The one of `values` that is meant, not minding case or how a number is written."""
    wanted = plain(value) or ""
    for reading in (lambda text: text, lambda text: text.casefold(), _as_number):
        for each in values:
            if reading(each) == reading(wanted):
                return each
    return None


def _as_number(text: str) -> object:
    return float(text) if _is_number(text) else text


def two(column: str, what: str, values: list[str]) -> list[str]:
    """The two kinds of a decision or an outcome, the event last where a convention names it. One of 0 and 1 is enough."""
    if len(values) > 2:
        raise AuditError("decision_values", column=column, what=what, count=f"{len(values):,}", values=listed(values))
    folded = {value.casefold(): value for value in values}
    for no, yes in EVENTS:
        if set(folded) <= {no, yes} and folded:
            return [folded.get(no, no), folded.get(yes, yes)]
    if len(values) < 2:
        raise AuditError("one_value", column=column, what=what, values=listed(values))
    return values


def conventional(values: list[str]) -> bool:
    """Whether the order of `two` says which value is the event."""
    return tuple(value.casefold() for value in values) in EVENTS


def named(value: str, values: list[str], column: str, option: str) -> str:
    """The value that an option names. Raises AuditError with the nearest when there is none."""
    found = same(value, values)
    if found is None:
        code = "favourable" if option == "--favourable" else "positive"
        raise AuditError(
            code, value=value, column=column, option=option, nearest=nearest(value, values), values=listed(values)
        )
    return found
