"""The organisation's entries of the record: as they were hashed, each with the proof that it stands in the signed tree.

    {"type": "header", "format": "trygg-archive-record", "version": 1, "key": vkey, "size": n, "root": hex, "checkpoint": C2SP text}
    {"type": "entry", "index": 12, "leaf": text, "proof": [hex, ...], "details": [{"name": ..., "salt": hex, "value": JSON text}]}
    {"type": "end", "entries": n}

Verifying needs the file only, and the host's key from elsewhere. What it cannot show: that entries of the organisation were left out.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from trygg.engines.translog.leaves import ERASURE, NotALeaf, commitment, read_leaf
from trygg.engines.translog.merkle import ProofError, leaf_hash, verify_inclusion
from trygg.engines.translog.notes import Checkpoint, Note, NoteError, PublicKey, open_checkpoint

FORMAT, VERSION = "trygg-archive-record", 1


@dataclass
class RecordFound:
    """What a record file says, and what is wrong with it: (line, sentence)."""

    entries: int = 0
    size: int = 0
    key: str = ""
    at_sizes: str = ""
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def lines_of(organisation_id: int) -> Iterator[dict[str, Any]]:
    """The record of one organisation, against the newest signed checkpoint. Entries that came after it are left for the next one."""
    from trygg.kernel.ledger import keys, selectors
    from trygg.kernel.ledger.models import Detail, Entry

    checkpoint = selectors.latest_checkpoint()
    header = {"type": "header", "format": FORMAT, "version": VERSION}
    if checkpoint is None:
        yield {**header, "key": "", "size": 0, "root": "", "checkpoint": ""}
        yield {"type": "end", "entries": 0}
        return
    yield {
        **header, "key": str(keys.public_key()), "size": checkpoint.size, "root": bytes(checkpoint.root).hex(), "checkpoint": checkpoint.note,
    }  # fmt: skip
    from trygg.engines.translog.merkle import inclusion_proof

    tree, count, after = selectors.tree(checkpoint.size), 0, -1
    while True:
        rows = list(
            Entry.objects.filter(organisation_id=organisation_id, index__gt=after, index__lt=checkpoint.size)
            .order_by("index").values_list("index", "leaf")[:1000]
        )  # fmt: skip
        if not rows:
            break
        details: dict[int, list[dict[str, str]]] = {}
        found = Detail.objects.filter(entry_id__in=[index for index, _leaf in rows]).order_by("entry_id", "name")
        for entry_id, name, salt, value in found.values_list("entry_id", "name", "salt", "value"):
            if bytes(salt) or value:
                details.setdefault(entry_id, []).append({"name": name, "salt": bytes(salt).hex(), "value": value})
        for index, leaf in rows:
            proof = inclusion_proof(tree.range_hash, index, checkpoint.size)
            yield {
                "type": "entry", "index": index, "leaf": bytes(leaf).decode(), "proof": [each.hex() for each in proof],
                "details": details.get(index, []),
            }  # fmt: skip
        count, after = count + len(rows), rows[-1][0]
    yield {"type": "end", "entries": count}


def verify(lines: Iterable[tuple[int, Any]], key: PublicKey | None = None) -> RecordFound:
    """Check the lines (number, content) of a record file, with `key` from elsewhere, or with its own when there is none."""
    found, root, ended, last = RecordFound(), b"", False, -1
    gone: dict[tuple[int, str], int] = {}
    erased: set[tuple[Any, Any]] = set()
    for number, line in lines:
        kind = line.get("type") if isinstance(line, dict) else None
        if number == 1:
            root = _header(line, key, found)
        elif kind == "entry" and not ended:
            last = _entry(number, line, last, root, found, gone, erased)
        elif kind == "end" and not ended:
            ended = True
            if line.get("entries") != found.entries:
                found.problems.append((number, f"it says that there are {line.get('entries')} entries, and there are {found.entries}"))
        else:
            found.problems.append((number, "it is neither an entry nor the end"))
    if not ended:
        found.problems.append((0, "it is cut off: its end is missing"))
    for (index, name), number in gone.items():
        if (index, name) not in erased:
            found.problems.append((number, f"the detail «{name}» of entry {index} is gone, and no entry says that it was erased"))
    return found


def _header(line: Any, key: PublicKey | None, found: RecordFound) -> bytes:
    try:
        if line["format"] != FORMAT or line["version"] != VERSION:
            found.problems.append((1, f"its form is {line['format']}/{line['version']}; this version reads {FORMAT}/{VERSION}"))
            return b""
        if not line["checkpoint"]:
            return b""
        found.key = line["key"]
        trusted = key or PublicKey.parse(line["key"])
        signed: Checkpoint = open_checkpoint(line["checkpoint"], trusted)
        Note.parse(line["checkpoint"])
        found.size = signed.size
        if (signed.size, signed.root.hex()) != (line["size"], line["root"]):
            found.problems.append((1, "its size and root are not those that were signed"))
        return signed.root
    except (KeyError, TypeError, AttributeError, NoteError) as error:
        found.problems.append((1, f"its checkpoint is not valid ({error})"))
        return b""


def _entry(
    number: int, line: dict[str, Any], last: int, root: bytes, found: RecordFound, gone: dict[tuple[int, str], int], erased: set[tuple[Any, Any]]
) -> int:  # fmt: skip
    found.entries += 1
    try:
        index, leaf = line["index"], line["leaf"].encode()
        proof = [bytes.fromhex(each) for each in line["proof"]]
        content = read_leaf(leaf)
        given = {each["name"]: each for each in line["details"]}
        if not isinstance(index, int) or content.get("index") != index:
            found.problems.append((number, f"it says that it is entry {index}, and its content says another number"))
            return last
        if index <= last:
            found.problems.append((number, f"entry {index} stands behind entry {last}"))
        try:
            fine = verify_inclusion(leaf_hash(leaf), index, found.size, proof, root)
        except ProofError:
            fine = False
        if not fine:
            found.problems.append((number, f"entry {index} is not what was signed: its proof does not lead to the signed root"))
        for name, committed in (content.get("details") or {}).items():
            opened = given.pop(name, None)
            if opened is None:
                gone[index, name] = number
            elif commitment(name, bytes.fromhex(opened["salt"]), opened["value"]) != committed:
                found.problems.append((number, f"the detail «{name}» of entry {index} was altered"))
        if given:
            found.problems.append((number, f"entry {index} has a detail that was never recorded: «{next(iter(given))}»"))
        if content.get("action") == ERASURE:
            public = content.get("public") or {}
            erased.add((public.get("entry"), public.get("detail")))
        return max(last, index)
    except (KeyError, TypeError, ValueError, AttributeError, NotALeaf) as error:
        found.problems.append((number, f"it is no entry of a record ({error})"))
        return last


def text_of(line: dict[str, Any]) -> bytes:
    """A line as it stands in the file."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
