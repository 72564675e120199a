"""Verifying the record in the database, and exporting it so that others can verify it without us."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max

from trygg.engines.translog.audit import OUTSIDE, OWN, Auditor
from trygg.engines.translog.export import Header, write_export
from trygg.engines.translog.findings import Findings, Kind
from trygg.engines.translog.leaves import ERASURE
from trygg.engines.translog.merkle import HASH_SIZE
from trygg.engines.translog.notes import PublicKey
from trygg.engines.translog.tiles import WIDTH, split, tile_path
from trygg.kernel.ledger import keys, selectors
from trygg.kernel.ledger.models import Checkpoint, Entry, Tile

EXPORT_TRIES = 5


class ExportDisturbed(RuntimeError):
    """Details were erased again and again while the record was being exported."""


def verify_database(checkpoint: str | None = None, key: PublicKey | None = None) -> Findings:
    """Everything that is wrong with the record: rows against leaves, leaves against the tree, the tree against checkpoints.

    `checkpoint` is a signed note that was kept elsewhere. `key` defaults to this installation's own. LedgerKeyMissing if a
    signature must be checked and there is no key. Others may write meanwhile: what comes later is left to the next time.
    """
    stored = list(Checkpoint.objects.order_by("size"))
    if key is None and (stored or checkpoint):
        key = keys.public_key()
    return _DatabaseAudit(key).run(stored, checkpoint)


def export(path: Path | str, *, now: datetime) -> int:
    """Write the whole record to `path` and return the number of entries. The file appears complete or not at all."""
    path = Path(path)
    key = keys.public_key()
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        for _ in range(EXPORT_TRIES):
            notes = list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
            end = max(_last() + 1, selectors.tree_size())
            with open(draft, "w", encoding="utf-8", newline="\n") as file:
                count = write_export(file, Header(key, end, now), notes, selectors.stored_entries(end))
                file.flush()
                os.fsync(file.fileno())
            # A detail erased while we were reading would look like tampering, its erasure standing after the end.
            if not Entry.objects.filter(index__gte=end, action=ERASURE).exists():
                draft.replace(path)
                return count
    finally:
        draft.unlink(missing_ok=True)
    raise ExportDisturbed("details were being erased during the export: try again")


class _DatabaseAudit:
    def __init__(self, key: PublicKey | None):
        self.auditor = Auditor(key, on_tile=self._tile, hashes_of=self._tree_hashes)
        self.findings = self.auditor.findings

    def run(self, stored: list[Checkpoint], outside: str | None) -> Findings:
        # In this order, so that what others append meanwhile can only look newer, never missing.
        last = _last()
        size = selectors.tree_size()
        end = self._end(last, size)
        if outside is not None:
            self.auditor.checkpoint(outside, OUTSIDE)
        for checkpoint in stored:
            self._checkpoint(checkpoint)
        entry = self.auditor.entry
        for rows, details in selectors.chunks(end):
            for row in rows:
                index = row[0]
                content = entry(index, bytes(row[1]), details.get(index, ()), bytes(row[2]))
                if content:
                    self._columns(row, content)
        for (level, position), data in self.auditor.frontier.partial().items():
            self._tile(level, position, data)
        self.auditor.announced(size, "by the hash tree")
        if self.auditor.still_missing():
            for later in Entry.objects.filter(index__gte=end, action=ERASURE):
                self.auditor.accounted(later.public.get("entry"), later.public.get("detail"))
        return self.auditor.finish()

    def _end(self, last: int, size: int) -> int:
        beyond = Entry.objects.filter(index__gte=size, index__lte=last).count()
        if beyond:
            self.findings.add(Kind.TREE_DAMAGED, what=f"its end: {beyond} rows up to entry {last} are not in it")
        return last + 1 if beyond and beyond == last + 1 - size else size

    def _checkpoint(self, stored: Checkpoint) -> None:
        read = self.auditor.checkpoint(stored.note, OWN)
        if read is not None and (read.size, read.root) != (stored.size, bytes(stored.root)):
            self.findings.add(
                Kind.BAD_CHECKPOINT, source=OWN, what=f"the row of size {stored.size} does not match its note"
            )

    def _columns(self, row: tuple, content: dict[str, Any]) -> None:
        index, _, _, action, actor_kind, actor_id, organisation_id, at, subject_type, subject_id = row
        try:
            actor, subject = content["actor"], content["subject"]
            same = (
                content["action"] == action
                and actor["kind"] == actor_kind
                and actor["id"] == actor_id
                and content["organisation"] == organisation_id
                and subject["type"] == subject_type
                and subject["id"] == subject_id
                and datetime.fromisoformat(content["at"]) == at
            )
        except (KeyError, TypeError, ValueError):
            same = False
        if not same and not self._told(index):
            self.findings.add(Kind.EDITED, index=index, what="its columns do not say what its content says")

    def _tile(self, level: int, position: int, computed: bytes) -> None:
        found = _tile_data(level, position)[: len(computed)]
        if found == computed:
            return
        path = tile_path(level, position, len(computed) // HASH_SIZE)
        if len(found) != len(computed):
            self.findings.add(Kind.TREE_DAMAGED, what=f"{path}, which is missing or too short")
        elif level:
            if self.findings.ok:  # otherwise it differs because something below it does
                self.findings.add(Kind.TREE_DAMAGED, what=path)
        else:
            for offset, (there, here) in enumerate(zip(split(found), split(computed), strict=True)):
                index = position * WIDTH + offset
                if there != here and not self._told(index):
                    self.findings.add(Kind.EDITED, index=index, what="its content does not match the hash tree")

    def _tree_hashes(self, first: int, end: int) -> list[bytes]:
        """Leaf hashes that the tree still holds of entries that are gone."""
        hashes: list[bytes] = []
        for position in range(first // WIDTH, (end - 1) // WIDTH + 1):
            held = split(_tile_data(0, position))
            if not held:
                break
            hashes += held[max(first - position * WIDTH, 0) : end - position * WIDTH]
        return hashes

    def _told(self, index: int) -> bool:
        return any(index in (finding.data.get("index"), finding.data.get("place")) for finding in self.findings)


def _last() -> int:
    last = Entry.objects.aggregate(last=Max("index"))["last"]
    return -1 if last is None else last


def _tile_data(level: int, position: int) -> bytes:
    return b"".join(
        bytes(data) for data in Tile.objects.filter(level=level, position=position).values_list("data", flat=True)
    )
