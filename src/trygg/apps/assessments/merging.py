"""Two people at once: what was loaded, what stands there now, what is sent. Pure values in, a verdict out.

Each input carries a mark of what was loaded: "revision.value digest.note digest". Value and note are merged apart, as
diff3 does: who did not touch a part changes nothing in it, and only a part that both changed, differently, is a conflict.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

MARK = re.compile(r"(\d{1,9})\.([0-9a-f]{12})\.([0-9a-f]{12})")


@dataclass(frozen=True)
class Content:
    """What an item holds: its value as JSON data (None when there is none) and its note."""

    value: Any = None
    note: str = ""


NOTHING_YET = Content()


class Verdict(StrEnum):
    SAME = "same"  # nothing to do
    TAKE = "take"  # store `result`
    CONFLICT = "conflict"  # keep both


@dataclass(frozen=True)
class Merge:
    """`stale`: the page was loaded before the stored value came."""

    verdict: Verdict
    result: Content
    stale: bool


def digest(part: Any) -> str:
    return sha256(json.dumps(part, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[
        :12
    ]


def mark(content: Content, revision: int) -> str:
    """What a page carries beside an input."""
    return f"{revision}.{digest(content.value)}.{digest(content.note)}"


def merge(*, stored: Content, revision: int, sent: Content, loaded: str) -> Merge:
    """What becomes of `sent`. A missing or broken mark counts as loaded when there was nothing."""
    found = MARK.fullmatch(loaded or "")
    was_revision, was_value, was_note = (
        (int(found[1]), found[2], found[3]) if found else (0, digest(NOTHING_YET.value), digest(NOTHING_YET.note))
    )
    stale = was_revision != revision
    if sent == stored:
        return Merge(Verdict.SAME, stored, stale)
    if not stale:
        return Merge(Verdict.TAKE, sent, False)
    value, value_clash = _part(stored.value, sent.value, was_value)
    note, note_clash = _part(stored.note, sent.note, was_note)
    if value_clash or note_clash:
        return Merge(Verdict.CONFLICT, stored, True)
    result = Content(value, note)
    return Merge(Verdict.SAME if result == stored else Verdict.TAKE, result, True)


def _part(stored: Any, sent: Any, was: str) -> tuple[Any, bool]:
    """The part to keep, and whether both changed it."""
    if stored == sent or digest(sent) == was:
        return stored, False
    if digest(stored) == was:
        return sent, False
    return stored, True
