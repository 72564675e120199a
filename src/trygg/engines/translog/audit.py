"""Checking a log entry by entry, in one pass and little memory, wherever the entries come from.

The auditor is told the checkpoints first, then every entry in the order in which it stands, then `finish()`. What each check
can prove: hashes beside entries locate an edit; indexes locate deletion and reordering; signed checkpoints prove that nothing
before them was touched even by someone who recomputed every hash; only a checkpoint kept elsewhere excludes truncation.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trygg.engines.translog.findings import Findings, Kind
from trygg.engines.translog.leaves import ERASURE, NotALeaf, commitment, read_leaf
from trygg.engines.translog.merkle import EMPTY_ROOT, leaf_hash
from trygg.engines.translog.notes import Checkpoint, NoteError, PublicKey, open_checkpoint
from trygg.engines.translog.tiles import Frontier

OWN, OUTSIDE = "kept with the record", "kept elsewhere"


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail as it stands beside an entry; without a salt it is erased, or meant to look so."""

    name: str
    salt: bytes = b""
    value: str = ""

    @property
    def gone(self) -> bool:
        return not self.salt and not self.value


@dataclass(frozen=True, slots=True)
class _Signed:
    checkpoint: Checkpoint
    source: str


class Auditor:
    """See the module. `hashes_of(first, last)` may give the leaf hashes of entries that are gone, so that the tree goes on."""

    def __init__(
        self,
        key: PublicKey | None,
        *,
        on_tile: Callable[[int, int, bytes], None] | None = None,
        hashes_of: Callable[[int, int], list[bytes]] | None = None,
    ):
        self.findings = Findings()
        self.frontier = Frontier(on_tile)
        self._key = key
        self._hashes_of = hashes_of
        self._signed: list[_Signed] = []
        self._sizes: set[int] = set()
        self._roots: dict[int, bytes] = {0: EMPTY_ROOT}
        self._next = 0
        self._gaps: list[tuple[int, int]] = []  # first, end
        self._gone: set[tuple[int, str]] = set()

    def checkpoint(self, note: str, source: str) -> Checkpoint | None:
        """Take a signed checkpoint into account. All checkpoints come before the first entry."""
        if self._key is None:
            return None
        try:
            checkpoint = open_checkpoint(note, self._key)
        except NoteError as error:
            self.findings.add(Kind.BAD_CHECKPOINT, source=source, what=str(error))
            return None
        self._signed.append(_Signed(checkpoint, source))
        self._sizes.add(checkpoint.size)
        return checkpoint

    def entry(self, index: int, leaf: bytes, details: Iterable[Detail], stored_hash: bytes | None = None) -> dict:
        """Take the entry that claims to be number `index`; returns what its leaf says ({} if it cannot be read)."""
        if index == self._next:
            self._next += 1
        else:
            self._out_of_place(index)
        hashed = leaf_hash(leaf)
        self.frontier.add(hashed)
        if self.frontier.size in self._sizes:
            self._roots[self.frontier.size] = self.frontier.root()
        if stored_hash is not None and stored_hash != hashed:
            self.findings.add(Kind.EDITED, index=index, what="its content does not match its hash")
        try:
            content = read_leaf(leaf)
        except NotALeaf as error:
            self.findings.add(Kind.UNREADABLE_ENTRY, index=index, what=str(error))
            return {}
        if content.get("index") != index:
            self.findings.add(Kind.REORDERED, index=content.get("index"), place=index)
        commitments = content.get("details")
        if commitments or details:
            self._details(index, commitments if isinstance(commitments, dict) else {}, details)
        if content.get("action") == ERASURE:
            self._erasure(index, content)
        return content

    def announced(self, size: int, source: str) -> None:
        """Say how many entries there should be, by an unsigned statement, once all have been seen."""
        if size > self._next:
            self._truncated(size, source)

    def accounted(self, index: int, name: str) -> None:
        """Say that a detail was erased by an entry that came too late to be seen here."""
        self._gone.discard((index, name))

    def still_missing(self) -> set[tuple[int, str]]:
        """Details (entry, name) that are gone and that no entry so far says were erased."""
        return set(self._gone)

    def finish(self) -> Findings:
        """The findings, once every entry has been seen."""
        findings = self.findings
        findings.entries = self.frontier.size
        findings.root = self.frontier.root()
        for first, end in self._gaps:
            count = "1 entry" if end - first == 1 else f"{end - first} entries"
            findings.add(Kind.DELETED, count=count, first=first, last=end - 1)
        self._compare_checkpoints()
        for index, name in sorted(self._gone):
            findings.add(Kind.DETAIL_MISSING, index=index, name=name)
        outside = any(signed.source == OUTSIDE for signed in self._signed)
        if not outside:
            findings.add(Kind.CANNOT_EXCLUDE_TRUNCATION)
        if findings.signed_size < findings.entries and findings.ok:
            findings.add(Kind.NOT_YET_SIGNED, first=findings.signed_size, last=findings.entries - 1)
        return findings

    def _out_of_place(self, index: int) -> None:
        if index > self._next:
            self._gaps.append((self._next, index))
            hashes = self._hashes_of(self._next, index) if self._hashes_of else []
            for hashed in hashes:
                self.frontier.add(hashed)
                if self.frontier.size in self._sizes:
                    self._roots[self.frontier.size] = self.frontier.root()
            self._next = index + 1
            return
        for number in range(len(self._gaps) - 1, -1, -1):
            first, end = self._gaps[number]
            if first <= index < end:
                self._gaps[number : number + 1] = [gap for gap in ((first, index), (index + 1, end)) if gap[0] < gap[1]]
                self.findings.add(Kind.REORDERED, index=index, place=self.frontier.size)
                return
        self.findings.add(Kind.REPEATED, index=index)

    def _details(self, index: int, commitments: dict, details: Iterable[Detail]) -> None:
        given: dict[str, Detail] = {}
        for detail in details:
            if detail.name in given:
                self.findings.add(Kind.DETAIL_UNEXPECTED, index=index, name=detail.name)
            given[detail.name] = detail
        for name, committed in commitments.items():
            opened = given.pop(name, None)
            if opened is None or opened.gone:
                self._gone.add((index, name))
            elif commitment(name, opened.salt, opened.value) != committed:
                self.findings.add(Kind.DETAIL_MISMATCH, index=index, name=name)
        for name in given:
            self.findings.add(Kind.DETAIL_UNEXPECTED, index=index, name=name)

    def _erasure(self, by: int, content: dict) -> None:
        public = content.get("public")
        public = public if isinstance(public, dict) else {}
        index, name = public.get("entry"), public.get("detail")
        if not isinstance(index, int) or not isinstance(name, str):
            return
        if (index, name) in self._gone:
            self._gone.discard((index, name))
        else:
            self.findings.add(Kind.DETAIL_NOT_ERASED, index=index, name=name, by=by)

    def _compare_checkpoints(self) -> None:
        fitting: list[_Signed] = []
        wrong: list[_Signed] = []
        for signed in sorted(self._signed, key=lambda signed: signed.checkpoint.size):
            size = signed.checkpoint.size
            if size > self._next:
                self._truncated(size, f"signed checkpoint, {signed.source}")
            elif size in self._roots:
                (fitting if self._roots[size] == signed.checkpoint.root else wrong).append(signed)
            else:  # entries before it are gone, so its root cannot be computed
                wrong.append(signed)
        self.findings.signed_size = max((signed.checkpoint.size for signed in fitting), default=0)
        forked = self._forked_sizes() | {
            # What stands here is signed beyond this size, and yet here is another signature for it: two histories.
            signed.checkpoint.size
            for signed in wrong
            if signed.checkpoint.size <= self.findings.signed_size
        }
        for size in sorted(forked):
            self.findings.add(Kind.FORKED, size=size)
        for signed in wrong:
            size = signed.checkpoint.size
            if size not in forked:
                first = self.findings.signed_size
                self.findings.add(Kind.NOT_AS_SIGNED, size=size, source=signed.source, first=first, last=size - 1)
                return  # every later checkpoint is wrong for the same reason

    def _forked_sizes(self) -> set[int]:
        """Two signatures for one size and two roots prove a fork, whatever stands here."""
        roots: dict[int, bytes] = {}
        sizes = set()
        for signed in self._signed:
            checkpoint = signed.checkpoint
            if roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
                sizes.add(checkpoint.size)
        return sizes

    def _truncated(self, size: int, source: str) -> None:
        if any(finding.kind is Kind.TRUNCATED and finding.data["expected"] >= size for finding in self.findings):
            return
        self.findings.add(Kind.TRUNCATED, expected=size, found=self._next, count=size - self._next, source=source)
