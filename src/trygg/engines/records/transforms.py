"""What a mapping may do with a source value on its way to a common field. Nothing here evaluates code.

A transform takes the value (never empty) and its argument, and returns the new value; what it cannot read it returns
as it came and says so by `remark`.
"""

import ast
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from .model import Item

Remark = Callable[[str], None]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
#: Date forms that a mapping may name; each is tried in the order that the mapping gives.
DATE_FORMS: dict[str, re.Pattern[str]] = {
    form: re.compile(pattern)
    for form, pattern in {
        "YYYY": r"(?P<y>\d{4})",
        "YYYY-MM": r"(?P<y>\d{4})-(?P<m>\d{1,2})",
        "YYYY-MM-DD": r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})" + _CLOCK,
        "DD-MM-YYYY": r"(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>\d{4})" + _CLOCK,
        "MM/DD/YYYY": r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})" + _CLOCK,
        "MM/YYYY": r"(?P<m>\d{1,2})[-/](?P<y>\d{4})",
        "Mon-YY": r"(?P<mon>[A-Za-z]{3})-(?P<yy>\d{2})",
    }.items()
}
ISO_FORMS = ("YYYY-MM-DD", "YYYY-MM", "YYYY")
_BOOLEANS = {
    **dict.fromkeys(("yes", "y", "true", "1", "ja", "j", "oui", "si", "sí", "sann", "waar"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "nej", "nee", "nein", "non", "falsk", "onwaar"), "no"),
}
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


def is_empty(value: Any) -> bool:
    """Nothing, blank text, an empty list or object."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == [] or value == {}


def as_text(value: Any) -> str:
    """A value as the text of a text field: lists joined by semicolons, objects as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "; ".join(as_text(item) for item in value)
    if isinstance(value, Item):
        return ": ".join(part for part in (value.title, value.text, value.link) if part)
    return json.dumps(value, ensure_ascii=False)


def is_url(value: str) -> bool:
    """An absolute web address (http or https, a host with a dot, no spaces)."""
    try:
        parts = urlsplit(value.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host and not re.search(r"\s", value.strip())


def strip(value: Any, _argument: Any, _remark: Remark) -> Any:
    """Text without blanks around it."""
    return value.strip() if isinstance(value, str) else value


def split(value: Any, separator: str, _remark: Remark) -> Any:
    """Text cut at a separator into a list, blanks around the parts taken off."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(separator) if part.strip()]


def read_list(value: Any, _argument: Any, remark: Remark) -> Any:
    """A list written as text: `['a', 'b']` (Python) or `["a", "b"]` (JSON), else parts between semicolons."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text.startswith("["):
        return split(value, ";", remark)
    for parse in (json.loads, ast.literal_eval):
        try:
            found = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, list) and all(isinstance(item, str | int | float) for item in found):
            return [item if isinstance(item, str) else str(item) for item in found if item != ""]
    remark("unreadable_list")
    return value


def fold(text: str) -> str:
    """A text for comparing: lower case, every run of blanks one space."""
    return " ".join(text.split()).casefold()


def choice(value: Any, known: dict[str, str], remark: Remark) -> Any:
    """The code that a known value stands for (`known` has folded keys); the codes themselves are known, too."""
    text = fold(as_text(value))
    if (code := known.get(text)) is not None:
        return code
    if text not in known.values():
        remark("unknown_choice")
    return value


def read_date(value: Any, forms: tuple[str, ...], remark: Remark) -> Any:
    """YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source; two-digit years are 1970 to 2069."""
    text = as_text(value).strip()
    for form in forms:
        if (match := DATE_FORMS[form].fullmatch(text)) and (found := _date_of(match.groupdict())):
            return found
    remark("unreadable_date")
    return value


def _date_of(parts: dict[str, str | None]) -> str | None:
    if parts.get("mon"):
        month = next((n for n, name in enumerate(_MONTHS, 1) if name == parts["mon"].lower()), 0)  # type: ignore[union-attr]
        short = int(parts["yy"] or 0)
        year = short + (1900 if short >= 70 else 2000)
    else:
        year, month = int(parts["y"] or 0), int(parts.get("m") or 1)
    day = int(parts.get("d") or 1)
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    if parts.get("d"):
        return found.isoformat()
    return f"{year:04}-{month:02}" if month and (parts.get("m") or parts.get("mon")) else f"{year:04}"


def boolean(value: Any, _argument: Any, remark: Remark) -> Any:
    """`yes` or `no`, from the words of several languages."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if (found := _BOOLEANS.get(as_text(value).strip().casefold())) is None:
        remark("unknown_boolean")
        return value
    return found


def url(value: Any, _argument: Any, remark: Remark) -> Any:
    """A web address as an item with a link; anything else stays a text and is flagged."""
    text = as_text(value)
    if is_url(text):
        return Item(link=text.strip())
    remark("not_a_url")
    return Item(text=text)


def contact(value: Any, _argument: Any, remark: Remark) -> Any:
    """An e-mail address or a web address; anything else is kept and flagged."""
    text = as_text(value).strip()
    if not (_MAIL.fullmatch(text) or is_url(text)):
        several = re.split(r"[;,\s]+", text)
        good = all(_MAIL.fullmatch(one) or is_url(one) for one in several if one)
        remark("several_values" if good else "not_a_contact")
    return value


def objects(value: Any, slots: dict[str, str], remark: Remark) -> Any:
    """Items from a list of objects (or its JSON text): `slots` says which key of the object fills which part."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.strip().startswith("[") else [value]
        except (ValueError, RecursionError):
            remark("unreadable_list")
            value = [value]
    items = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict):
            items.append(Item(text=as_text(one)))
            continue
        parts = {slot: as_text(one[key]) for slot, key in slots.items() if not is_empty(one.get(key))}
        if parts.get("link") and not is_url(parts["link"]):
            remark("not_a_url")
        items.append(Item(**parts))
    return items


#: name in a mapping -> (function, what its argument is: none | text | map | dates | slots)
TRANSFORMS: dict[str, tuple[Callable[[Any, Any, Remark], Any], str]] = {
    "strip": (strip, "none"),
    "split": (split, "text"),
    "list": (read_list, "none"),
    "choice": (choice, "map"),
    "date": (read_date, "dates"),
    "boolean": (boolean, "none"),
    "url": (url, "none"),
    "contact": (contact, "none"),
    "objects": (objects, "slots"),
}
#: Words in a mapping's `do` that are no functions: how several columns become one, and what a text holds.
MODES = ("first_of", "paragraphs", "html")
