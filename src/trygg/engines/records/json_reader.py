"""JSON: a list of objects, an object that holds one, named objects, or a single record."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import detect
from .errors import Problem, ReadError, shown
from .limits import Limits
from .rows import KEY_COLUMN, Envelope, Note, Row

_HOLDERS = ("records", "data", "items", "results", "rows", "entries", "systems", "algorithms", "value")
_NAMES = ("name", "title", "tool_name", "use_case_name", "naam", "namn", "titel")


class JsonReader:
    """Reads one JSON file whole; the constructor finds the list of records."""

    def __init__(self, path: Path, name: str, *, encoding: str | None, list_path: str | None, limits: Limits) -> None:
        self.name = name
        self.form = detect.text_form(path, name, encoding)
        self.notes = [Note("encoding", {"encoding": self.form.label})]
        if self.form.mixed:
            line = (self.form.other_lines or ("?",))[0]
            raise ReadError("cannot_decode", {"file": f"{name}, line {line}", "position": "?", "encoding": "UTF-8"})
        with detect.open_text(path, self.form) as stream:
            text = stream.read()
        data = self._parse(text)
        del text
        if _depth(data) > limits.json_depth:
            raise ReadError("json_too_deep", {"file": name})
        self._items, self.envelope = self._find(data, list_path)
        if not self._items:
            raise ReadError("empty", {"file": name})
        columns: dict[str, None] = {}
        for number, item in enumerate(self._items, start=1):
            if not isinstance(item, dict):
                raise ReadError("json_not_object", {"file": name, "row": number, "value": shown(item)})
            columns.update(dict.fromkeys(item))
        if len(columns) > limits.columns:
            raise ReadError("too_many_columns", {"file": name, "found": len(columns), "limit": limits.columns})
        self.columns = tuple(columns)

    def _parse(self, text: str) -> Any:
        def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            found = dict(pairs)
            if len(found) != len(pairs):
                keys = [key for key, _ in pairs]
                twice = next(key for key in keys if keys.count(key) > 1)
                raise ReadError("json_duplicate_key", {"file": self.name, "key": twice})
            return found

        def refuse(constant: str) -> Any:
            raise ReadError("json_number", {"file": self.name, "value": constant})

        def number(digits: str) -> float:
            value = float(digits)
            return refuse(shown(digits)) if value in (float("inf"), float("-inf")) else value

        try:
            return json.loads(text, object_pairs_hook=unique, parse_constant=refuse, parse_float=number)
        except json.JSONDecodeError as error:
            advice = "Mend that place, or export the file again."
            if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string"):
                advice = "The file seems cut off. Download or save it again."
            elif error.msg == "Extra data":
                advice = "One object a line (JSON Lines) must be put in a list: [ … , … ]."
            place = {"line": error.lineno, "column": error.colno, "detail": error.msg, "advice": advice}
            raise ReadError("bad_json", {"file": self.name, **place}) from error
        except RecursionError as error:
            raise ReadError("json_too_deep", {"file": self.name}) from error
        except ValueError as error:
            raise ReadError("json_number", {"file": self.name, "value": shown(error)}) from error

    def _find(self, data: Any, list_path: str | None) -> tuple[list[Any], Envelope]:
        if list_path:
            path = tuple(list_path.split("."))
            return self._take(data, path)
        if isinstance(data, list):
            return data, Envelope()
        if not isinstance(data, dict):
            raise ReadError("json_no_list", {"file": self.name})
        lists = _lists(data)
        for path in lists:
            if len(path) == 1 and path[0] in _HOLDERS:
                return self._take(data, path)
        if any(isinstance(data.get(key), str) for key in _NAMES):
            self.notes.append(Note("single", {}))
            return [data], Envelope(single=True)
        if len(lists) == 1:
            return self._take(data, lists[0])
        if lists:
            choices = ", ".join(".".join(path) for path in lists)
            raise ReadError("json_choose_list", {"file": self.name, "choices": choices})
        for path, value in ((("properties",), data.get("properties")), ((), data)):
            if _keyed(value):
                return self._take(data, path)
        raise ReadError("json_no_list", {"file": self.name})

    def _take(self, data: Any, path: tuple[str, ...]) -> tuple[list[Any], Envelope]:
        found = data
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        dotted = ".".join(path)
        if isinstance(found, list):
            self.notes.append(Note("list_path", {"path": dotted}))
            return found, Envelope(path, _without(data, path))
        if _keyed(found):
            params = {"count": len(found), "path": dotted, "column": KEY_COLUMN}
            self.notes.append(Note("keyed", params))
            items = [{KEY_COLUMN: key, **item} for key, item in found.items()]
            return items, Envelope(path, _without(data, path), keyed=True)
        raise ReadError("json_no_list", {"file": self.name})

    def rows(self) -> Iterator[Row]:
        """The objects, as they are."""
        for number, item in enumerate(self._items, start=1):
            problems = tuple(
                Problem("not_storable", number, column, ascii(shown(value)))
                for column, value in item.items()
                if not storable(column) or not storable(value)
            )
            yield Row(number, item, problems)


def _keyed(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) > 1
        and all(isinstance(item, dict) and KEY_COLUMN not in item for item in value.values())
    )


def _lists(data: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Paths of the non-empty lists of objects, at most three objects deep."""
    found = []
    for key, value in data.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            found.append((*path, key))
        elif isinstance(value, dict) and len(path) < 2:
            found.extend(_lists(value, (*path, key)))
    return found


def _without(data: Any, path: tuple[str, ...]) -> Any:
    """What stands around the records: the same object with null in their place (it keeps the order of keys)."""
    if not path:
        return None
    return {key: _without(value, path[1:]) if key == path[0] else value for key, value in data.items()}


def _depth(data: Any) -> int:
    deepest, stack = 0, [(data, 1)]
    while stack:
        value, level = stack.pop()
        deepest = max(deepest, level)
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        stack.extend((child, level + 1) for child in children if isinstance(child, dict | list))
    return deepest


def storable(value: Any) -> bool:
    """False for texts (also inside lists and objects) with NUL or half a surrogate pair, which databases refuse."""
    if isinstance(value, str):
        if "\x00" in value:
            return False
        return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return all(storable(key) and storable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(storable, value))
    return True
