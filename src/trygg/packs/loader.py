"""Reads one YAML file safely into a Pack.

The YAML is the core schema of YAML 1.2: only `true` and `false` are booleans, so `verified: yes` and the key `on` are
what they look like; days stay text. Anchors, aliases, tags and duplicate keys are refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import rfc8785
import yaml

MAX_BYTES = 5_000_000
MAX_NESTING = 60


class Kind(StrEnum):
    RULES = "rules"
    FRAMEWORK = "framework"
    INSTRUMENT = "instrument"


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


class _Loader(yaml.SafeLoader):
    """SafeLoader with the scalars of YAML 1.2's core schema and without what a pack has no use for."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.nesting = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise _refused("alias", "aliases (*name) are not allowed", self.peek_event())
        event = self.peek_event()
        if getattr(event, "anchor", None) is not None:
            raise _refused("alias", "anchors (&name) are not allowed", event)
        if getattr(event, "tag", None) is not None:
            raise _refused("tag", "tags (!name) are not allowed", event)
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise _refused("too_deep", f"nested more than {MAX_NESTING} deep", event)
        try:
            return super().compose_node(parent, index)
        finally:
            self.nesting -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _refused("key", "a key is text", key_node)
            key = key_node.value
            if key in found:
                raise _refused("duplicate_key", f"the key '{key}' stands twice", key_node)
            found[key] = self.construct_object(value_node, deep=deep)
        return found


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,14})$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]{1,15}\.[0-9]{1,15}$"), list("-+0123456789")
)


class _Refused(Exception):
    def __init__(self, code: str, reason: str, line: int | None) -> None:
        self.code, self.reason, self.line = code, reason, line
        super().__init__(reason)


def _refused(code: str, reason: str, where: Any) -> _Refused:
    mark = getattr(where, "start_mark", None)
    return _Refused(code, reason, mark.line + 1 if mark else None)


def _parse(text: str, name: str) -> Any:
    loader = None
    try:
        loader = _Loader(text)
        return loader.get_single_data()
    except _Refused as error:
        raise _unreadable(name, error.code, error.reason, error.line) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _unreadable(name, "not_yaml", error.problem or "no YAML", mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(name, "not_yaml", str(error)) from error
    finally:
        if loader is not None:
            loader.dispose()


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
