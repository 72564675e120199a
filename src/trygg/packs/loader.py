"""Reads one YAML file safely into a Pack.

The YAML is the core schema of YAML 1.2: only `true` and `false` are booleans, so `verified: yes` and the key `on` are
what they look like; days stay text. Anchors, aliases, tags and duplicate keys are refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import rfc8785
import yaml

MAX_BYTES = 5_000_000
MAX_NESTING = 60


class Kind(StrEnum):
    RULES = "rules"
    FRAMEWORK = "framework"
    INSTRUMENT = "instrument"
    MAPPING = "mapping"
    GLOSSARY = "glossary"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pack: in which file, where in it, which sort (`code`, stable), and why."""

    file: str
    path: str
    code: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path or 'the whole file'}: {self.reason}"


class PackUnreadable(Exception):
    """The file can't be read as a pack at all."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True)
class Pack:
    """What stands in one file. `hash`: SHA-256 of the data as canonical JSON (RFC 8785); the data are never changed."""

    kind: str
    id: str
    version: str
    date: str
    data: Mapping[str, Any]
    hash: str
    file: str = ""

    @property
    def title(self) -> Mapping[str, str]:
        return self.data.get("title") or {}

    @property
    def summary(self) -> Mapping[str, str]:
        return self.data.get("summary") or {}

    @property
    def requires(self) -> tuple[str, ...]:
        raw = self.data.get("requires")
        return tuple(name for name in raw if isinstance(name, str)) if isinstance(raw, list) else ()


def read_pack(source: str | Path | bytes, file: str = "") -> Pack:
    """The pack in a file (a path) or in bytes.

    The head may still be wrong (then `id` etc. are what stood there as text); `check` says what. Raises PackUnreadable
    when it is too large, no UTF-8, no YAML, or uses what is refused.
    """
    name = file or (str(source) if isinstance(source, str | Path) else "upload")
    raw = source if isinstance(source, bytes) else _read_bytes(Path(source), name)
    if len(raw) > MAX_BYTES:
        raise _unreadable(name, "too_large", f"the file is larger than {MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(name, "not_utf8", f"the file is not UTF-8 (byte {error.start})") from error
    return pack_from_data(_parse(text, name), name)


def parse_yaml(text: str, file: str = "") -> Any:
    """The data of a YAML text, without looking at what they say. Raises PackUnreadable for what is refused."""
    return _parse(text, file)


def pack_from_data(data: Any, file: str = "") -> Pack:
    """The pack of data that were read before (a stored version, an API call). Raises PackUnreadable."""
    if not isinstance(data, Mapping):
        raise _unreadable(file, "not_a_pack", "a pack is an object with kind, id, version ...")
    data = _verified_as_words(data)
    return Pack(
        kind=str(data.get("kind", "")),
        id=str(data.get("id", "")),
        version=str(data.get("version", "")),
        date=str(data.get("date", "")),
        data=data,
        hash=content_hash(data, file),
        file=file,
    )


def content_hash(data: Any, file: str = "") -> str:
    """SHA-256, in hexadecimal, of the data as canonical JSON. Raises PackUnreadable for data that JSON can't carry."""
    try:
        return hashlib.sha256(rfc8785.dumps(data)).hexdigest()
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise _unreadable(file, "not_json", f"the content can't be written as JSON: {error}") from error


_Events: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser of libyaml where PyYAML has it: the same events, many times faster."""
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})")
_FLOAT = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER_BEGINS = frozenset("-+0123456789")


def _plain(text: str) -> Any:
    """A scalar without quotes, by the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_BEGINS:
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


class _Open:
    """A list or an object that is being read. `key`: that of the value to come, None where a key comes first."""

    __slots__ = ("key", "value")

    def __init__(self, value: Any) -> None:
        self.value, self.key = value, None

    def add(self, value: Any, event: Any) -> None:
        if type(self.value) is list:
            self.value.append(value)
        elif self.key is None:
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused("key", "a key is text", event)
            if event.value in self.value:
                raise _refused("duplicate_key", f"the key '{event.value}' stands twice", event)
            self.key = event.value
        else:
            self.value[self.key] = value
            self.key = None


def _document(parser: Any) -> Any:
    """The data of the one document, built from the parser's events, without recursion."""
    root = _Open([])
    above: list[_Open] = [root]
    documents = 0
    while True:
        event = parser.get_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            _admit(event, len(above))
            above[-1].add(_plain(event.value) if event.implicit[0] else event.value, event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _admit(event, len(above))
            holder = above[-1]
            inner: Any = {} if kind is yaml.MappingStartEvent else []
            holder.add(inner, event)
            above.append(_Open(inner))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            above.pop()
        elif kind is yaml.AliasEvent:
            raise _refused("alias", "aliases (*name) are not allowed", event)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise _refused("not_yaml", "expected a single document in the stream", event)
        elif kind is yaml.StreamEndEvent:
            return root.value[0] if root.value else None


def _admit(event: Any, nesting: int) -> None:
    if event.anchor is not None:
        raise _refused("alias", "anchors (&name) are not allowed", event)
    if event.tag is not None:
        raise _refused("tag", "tags (!name) are not allowed", event)
    if nesting > MAX_NESTING:
        raise _refused("too_deep", f"nested more than {MAX_NESTING} deep", event)


class _Refused(Exception):
    def __init__(self, code: str, reason: str, line: int | None) -> None:
        self.code, self.reason, self.line = code, reason, line
        super().__init__(reason)


def _refused(code: str, reason: str, where: Any) -> _Refused:
    mark = getattr(where, "start_mark", None)
    return _Refused(code, reason, mark.line + 1 if mark else None)


def _parse(text: str, name: str) -> Any:
    parser = None
    try:
        # libyaml is less strict about tabs and about marks of byte order inside the text.
        parser = (yaml.SafeLoader if "\t" in text or "\ufeff" in text else _Events)(text)
        return _document(parser)
    except _Refused as error:
        raise _unreadable(name, error.code, error.reason, error.line) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _unreadable(name, "not_yaml", error.problem or "no YAML", mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(name, "not_yaml", str(error)) from error
    finally:
        if parser is not None:
            parser.dispose()


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(name, "no_file", f"the file can't be read: {error.strerror}") from error


def _unreadable(file: str, code: str, reason: str, line: int | None = None) -> PackUnreadable:
    return PackUnreadable(Problem(file, f"line {line}" if line else "", code, reason))


def _verified_as_words(data: Any) -> Any:
    """`verified: true` is `verified: yes`: who writes JSON or YAML 1.1 may have either."""
    if isinstance(data, Mapping):
        return {
            key: ("yes" if value else "no")
            if key == "verified" and isinstance(value, bool)
            else _verified_as_words(value)
            for key, value in data.items()
        }
    return [_verified_as_words(member) for member in data] if isinstance(data, list) else data
