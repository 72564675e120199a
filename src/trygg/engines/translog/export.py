"""The export file: JSON lines that hold everything a verifier needs but the key, and the verifier, which needs no database.

    {"type": "header", "format": "trygg-ledger", "version": 1, "origin": ..., "key": vkey, "size": n, "made_at": ...}
    {"type": "checkpoint", "note": C2SP text}                                     any number, before the entries
    {"type": "entry", "index": 0, "hash": hex, "leaf": the leaf's bytes as text}  or "leaf_hex" where they are no UTF-8
    {"type": "detail", "entry": 0, "name": ..., "salt": hex, "value": JSON text}  after its entry; erased: neither salt nor value
    {"type": "end", "entries": n}

The header's key is a convenience for readers. A verifier trusts only the key that it was given from elsewhere.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from trygg.engines.translog.audit import OUTSIDE, OWN, Auditor, Detail
from trygg.engines.translog.findings import Findings, Kind
from trygg.engines.translog.leaves import time_text
from trygg.engines.translog.notes import PublicKey

FORMAT, VERSION = "trygg-ledger", 1
MAX_LINE = 16 * 1024 * 1024


class BrokenLine(ValueError):
    """A line of an export that says nothing usable."""


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    index: int
    leaf: bytes
    leaf_hash: bytes
    details: Sequence[Detail] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """`made_at` is a datetime with a time zone."""

    key: PublicKey
    size: int
    made_at: Any


def write_export(file: TextIO, header: Header, notes: Iterable[str], entries: Iterable[ExportedEntry]) -> int:
    """Write the export and return the number of entries written."""
    count = 0
    for line in _lines(header, notes, entries):
        count += line["type"] == "entry"
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return count


def verify_export(path: Path | str, public_key: PublicKey | str, checkpoint: str | None = None) -> Findings:
    """Verify an export with nothing but the file and the log's key; `checkpoint` is a signed note that was kept elsewhere.

    OSError if the file cannot be opened, NoteError if `public_key` is no C2SP verifier key. Everything else is a finding.
    """
    key = PublicKey.parse(public_key) if isinstance(public_key, str) else public_key
    reading = _Reading(Auditor(key), checkpoint)
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for number, line in _bounded(file):
            try:
                reading.take(line)
            except BrokenLine as error:
                reading.auditor.findings.add(Kind.BROKEN_FILE, what=f"line {number}: {error}")
    return reading.finish()


class _Reading:
    """The state of reading one file: the details of an entry come after it, so an entry waits for its last detail."""

    def __init__(self, auditor: Auditor, outside: str | None):
        self.auditor = auditor
        self.size: int | None = None
        self.ended = False
        self._outside = outside
        self._waiting: ExportedEntry | None = None
        self._details: list[Detail] = []
        self._take: dict[str, Callable[[dict], None]] = {
            "header": self._header,
            "checkpoint": self._checkpoint,
            "entry": self._entry,
            "detail": self._detail,
            "end": self._end,
        }
        if outside is not None:
            auditor.checkpoint(outside, OUTSIDE)

    def take(self, text: str) -> None:
        try:
            line = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BrokenLine(f"no JSON ({error})") from error
        if not isinstance(line, dict) or not isinstance(line.get("type"), str) or line["type"] not in self._take:
            raise BrokenLine("neither header, checkpoint, entry, detail nor end")
        if self.ended:
            raise BrokenLine("something follows the end")
        if self.size is None and line["type"] != "header":
            raise BrokenLine("the file does not begin with a header")
        self._take[line["type"]](line)

    def finish(self) -> Findings:
        self._release()
        if self.size is None:
            self.auditor.findings.add(Kind.BROKEN_FILE, what="it has no header")
        elif not self.ended:
            self.auditor.findings.add(Kind.BROKEN_FILE, what="it stops before its end line")
        self.auditor.announced(self.size or 0, "by the file's own header")
        return self.auditor.finish()

    def _header(self, line: dict) -> None:
        if self.size is not None:
            raise BrokenLine("a second header")
        if line.get("format") != FORMAT or line.get("version") != VERSION:
            raise BrokenLine(f"not a {FORMAT} export of version {VERSION}")
        self.size = _number(line, "size")

    def _checkpoint(self, line: dict) -> None:
        if self.auditor.frontier.size or self._waiting:
            raise BrokenLine("a checkpoint after the first entry")
        self.auditor.checkpoint(_text(line, "note"), OWN)

    def _entry(self, line: dict) -> None:
        self._release()
        leaf = _hex(line, "leaf_hex") if "leaf_hex" in line else _text(line, "leaf").encode()
        self._waiting = ExportedEntry(_number(line, "index"), leaf, _hex(line, "hash"))

    def _detail(self, line: dict) -> None:
        if self._waiting is None or _number(line, "entry") != self._waiting.index:
            raise BrokenLine("a detail that does not follow its entry")
        name = _text(line, "name")
        erased = "salt" not in line and "value" not in line
        self._details.append(Detail(name) if erased else Detail(name, _hex(line, "salt"), _text(line, "value")))

    def _end(self, line: dict) -> None:
        self._release()
        self.ended = True
        if _number(line, "entries") != self.auditor.frontier.size:
            count = self.auditor.frontier.size
            raise BrokenLine(f"it says that {line['entries']} entries stand before it, but there are {count}")

    def _release(self) -> None:
        if self._waiting is not None:
            entry, self._waiting = self._waiting, None
            details, self._details = self._details, []
            self.auditor.entry(entry.index, entry.leaf, details, entry.leaf_hash)


def _lines(header: Header, notes: Iterable[str], entries: Iterable[ExportedEntry]) -> Iterator[dict]:
    yield {
        "type": "header",
        "format": FORMAT,
        "version": VERSION,
        "origin": header.key.name,
        "key": str(header.key),
        "size": header.size,
        "made_at": time_text(header.made_at),
    }
    for note in notes:
        yield {"type": "checkpoint", "note": note}
    count = 0
    for entry in entries:
        count += 1
        try:
            leaf = {"leaf": entry.leaf.decode()}
        except UnicodeDecodeError:
            leaf = {"leaf_hex": entry.leaf.hex()}
        yield {"type": "entry", "index": entry.index, "hash": entry.leaf_hash.hex(), **leaf}
        for detail in entry.details:
            secret = {} if detail.gone else {"salt": detail.salt.hex(), "value": detail.value}
            yield {"type": "detail", "entry": entry.index, "name": detail.name, **secret}
    yield {"type": "end", "entries": count}


def _bounded(file: TextIO) -> Iterator[tuple[int, str]]:
    """Numbered lines, none longer than MAX_LINE, so that a hostile file cannot fill the memory."""
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        yield number, line


def _number(line: dict, name: str) -> int:
    value = line.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 63:
        raise BrokenLine(f"«{name}» is no number of an entry")
    return value


def _text(line: dict, name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise BrokenLine(f"«{name}» is no text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BrokenLine(f"«{name}» is no UTF-8") from error
    return value


def _hex(line: dict, name: str) -> bytes:
    try:
        return bytes.fromhex(_text(line, name))
    except ValueError as error:
        raise BrokenLine(f"«{name}» is not hexadecimal") from error
