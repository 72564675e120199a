"""A pack as YAML text that `loader` reads to the same data."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from .loader import MAX_BYTES, PackUnreadable, Problem, parse_yaml

_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Plain(_Dumper):
    """Without anchors, which packs may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def pack_text(data: Mapping[str, Any]) -> str:
    """The pack as YAML, keys in their order."""
    return yaml.dump(dict(data), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)


def write_pack(data: Mapping[str, Any], target: Path) -> None:
    """Writes the pack to a file, whole or not at all. Raises PackUnreadable when reading it would not give the same data
    back, and OSError."""
    text = pack_text(data)
    raw = text.encode()
    if len(raw) > MAX_BYTES:
        reason = f"the pack would have {len(raw)} bytes; at most {MAX_BYTES} are read"
        raise PackUnreadable(Problem(target.name, "", "too_large", reason))
    if parse_yaml(text, target.name) != data:
        reason = "the content can't be written as YAML without loss"
        raise PackUnreadable(Problem(target.name, "", "not_yaml", reason))
    write_whole(target, raw)


def write_whole(target: Path, raw: bytes) -> None:
    """Writes a file, whole or not at all. Raises OSError."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("xb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, target)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
