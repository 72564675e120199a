"""JSON from a file nobody has looked at: size, nesting, numbers and texts that JSON or a database cannot carry are refused."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any, NoReturn

from .notes import Note, SurveyErrors

MAX_BYTES = 5_000_000
MAX_NESTING = 80
_NO_NUMBER = re.compile(r'"(?:\\.|[^"\\])*"|(NaN|-?Infinity)', re.DOTALL)


def parse_json(raw: bytes | str, limit: int = MAX_BYTES) -> Any:
    """The data of a JSON text of at most `limit` bytes.

    Raises SurveyErrors that say the line and column where the text breaks off, or what it holds that is no JSON: NaN,
    Infinity, a key that stands twice, half a character, more than 80 levels.
    """
    if len(raw) > limit:
        raise too_large(len(raw), limit)
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as error:
        raise _refused("", "not_utf8", f"the file is not UTF-8 (byte {error.start})") from error
    try:
        data = json.loads(text, parse_constant=_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _refused(place, "not_json", f"no JSON: {error.msg}") from error
    except RecursionError as error:
        raise _refused("", "too_deep", f"nested more than {MAX_NESTING} deep") from error
    except _Refusal as error:
        raise _refused(_place(text) if error.code == "not_json" else "", error.code, error.reason) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _refused("", "not_json", f"no JSON that can be used: {str(error)[:200]}") from error
    _look_through(data)
    return data


def too_large(size: int, limit: int) -> SurveyErrors:
    """The refusal of a file of `size` bytes."""
    return _refused("", "too_large", f"the file has {size} bytes; at most {limit} are read")


def _place(text: str) -> str:
    """Line and column of the first NaN or Infinity outside a text."""
    for found in _NO_NUMBER.finditer(text):
        if found[1]:
            start = found.start(1)
            return f"line {text.count(chr(10), 0, start) + 1}, column {start - text.rfind(chr(10), 0, start)}"
    return ""


class _Refusal(Exception):
    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


def _constant(word: str) -> NoReturn:
    raise _Refusal("not_json", f"no JSON: {word} is no number there")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Refusal("duplicate_key", f"the key '{twice[:100]}' stands twice in one object")
    return found


def _look_through(data: Any) -> None:
    """Depth, numbers and texts, without recursion."""
    level, nesting = [data], 0
    while level:
        nesting += 1
        if nesting > MAX_NESTING:
            raise _refused("", "too_deep", f"nested more than {MAX_NESTING} deep")
        below: list[Any] = []
        for each in level:
            if type(each) is str:
                if not each.isascii():
                    _whole(each)
            elif type(each) is float:
                if not isfinite(each):
                    raise _refused("", "not_json", "a number is too large")
            elif type(each) is dict:
                below += each.keys()
                below += each.values()
            elif type(each) is list:
                below += each
        level = below


def _whole(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _refused("", "not_text", f"half a character (a lone surrogate) stands in {text[:40]!r}") from error


def _refused(path: str, code: str, reason: str) -> SurveyErrors:
    return SurveyErrors([Note(path, code, reason)])
