"""A reversible guard against formulas in CSV.

A spreadsheet program runs a cell that begins with = + - @ (or their full-width forms), or with a control character
before them (OWASP, "CSV Injection"). An apostrophe before the cell stops that. So that nothing is lost, the apostrophe
is put only before texts that need it, and before texts that already look guarded (apostrophes and then such a sign):
taking exactly one apostrophe off those gives every text back. `'s-Hertogenbosch` is not touched.

The flat CSV of everything also marks values that are no text: `json:` and the JSON of the value; a text that itself
begins with `json:`, and the empty text (an empty cell means "not there"), get the apostrophe too.
"""

import json
import re
from typing import Any

_SIGNS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NEEDS = re.compile(f"'*[{_SIGNS}]")
_GUARDED = re.compile(f"'+[{_SIGNS}]")
_CELL_NEEDS = re.compile(f"'*(?:[{_SIGNS}]|json:|\\Z)")
_CELL_GUARDED = re.compile(f"'+(?:[{_SIGNS}]|json:|\\Z)")


def guard(text: str) -> str:
    """The text safe as a CSV cell. `unguard(guard(text)) == text` for every text."""
    return "'" + text if _NEEDS.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def to_cell(value: Any) -> str:
    """Any JSON value as a safe cell. `from_cell(to_cell(value)) == value`; use an empty cell for "not there"."""
    if isinstance(value, str):
        return "'" + value if _CELL_NEEDS.match(value) else value
    return "json:" + json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_cell(cell: str) -> Any:
    """The value that `to_cell` was given."""
    if _CELL_GUARDED.match(cell):
        return cell[1:]
    return json.loads(cell.removeprefix("json:")) if cell.startswith("json:") else cell
