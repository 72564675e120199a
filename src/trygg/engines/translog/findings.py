"""What a verifier found, as data; worded here so that the command line, the pages and the offline verifier say the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_PER_KIND = 50
MAX_TEXT = 300


class Kind(StrEnum):
    """Problems first; the last three are notices, which say what cannot be known rather than what is wrong."""

    EDITED = "edited"
    UNREADABLE_ENTRY = "unreadable_entry"
    DELETED = "deleted"
    REORDERED = "reordered"
    REPEATED = "repeated"
    TRUNCATED = "truncated"
    FORKED = "forked"
    NOT_AS_SIGNED = "not_as_signed"
    BAD_CHECKPOINT = "bad_checkpoint"
    DETAIL_MISSING = "detail_missing"
    DETAIL_MISMATCH = "detail_mismatch"
    DETAIL_UNEXPECTED = "detail_unexpected"
    DETAIL_NOT_ERASED = "detail_not_erased"
    TREE_DAMAGED = "tree_damaged"
    BROKEN_FILE = "broken_file"
    CANNOT_EXCLUDE_TRUNCATION = "cannot_exclude_truncation"
    NOT_YET_SIGNED = "not_yet_signed"
    MORE = "more"


NOTICES = {Kind.CANNOT_EXCLUDE_TRUNCATION, Kind.NOT_YET_SIGNED}

STATEMENTS: dict[Kind, tuple[str, str]] = {
    Kind.EDITED: (
        "Entry {index} was edited: {what}.",
        "Post {index} har ändrats: {what}.",
    ),
    Kind.UNREADABLE_ENTRY: (
        "Entry {index} was edited: its content cannot be read ({what}).",
        "Post {index} har ändrats: innehållet går inte att läsa ({what}).",
    ),
    Kind.DELETED: (
        "Deleted: {count} from the middle of the record, entries {first} to {last}.",
        "Borttaget: {count} ur registret, post {first} till {last}.",
    ),
    Kind.REORDERED: (
        "Reordered: entry {index} stands in the place of entry {place}.",
        "Omkastat: post {index} står på plats {place}.",
    ),
    Kind.REPEATED: (
        "Entry {index} stands here more than once.",
        "Post {index} förekommer mer än en gång.",
    ),
    Kind.TRUNCATED: (
        "Truncated: there were {expected} entries ({source}), here are only {found}. The last {count} are missing.",
        "Avkortat: det fanns {expected} poster ({source}), här finns bara {found}. De sista {count} saknas.",
    ),
    Kind.FORKED: (
        (
            "Forked: the same key signed two different histories of the first {size} entries. Different people were shown "
            "different records."
        ),
        (
            "Förgrenat: samma nyckel har signerat två olika versioner av de första {size} posterna. Olika personer har fått se "
            "olika register."
        ),
    ),
    Kind.NOT_AS_SIGNED: (
        (
            "The first {size} entries are not those that were signed ({source}): among entries {first} to {last} something was edited, "
            "deleted or reordered."
        ),
        (
            "De första {size} posterna är inte de som signerades ({source}): bland post {first} till {last} har något ändrats, tagits "
            "bort eller kastats om."
        ),
    ),
    Kind.BAD_CHECKPOINT: (
        "A checkpoint ({source}) is not valid under the given key: {what}.",
        "En kontrollpunkt ({source}) är inte giltig med den angivna nyckeln: {what}.",
    ),
    Kind.DETAIL_MISSING: (
        "Detail “{name}” of entry {index} is missing, and no entry says that it was erased.",
        "Uppgiften ”{name}” i post {index} saknas, och ingen post säger att den raderats.",
    ),
    Kind.DETAIL_MISMATCH: (
        "Detail “{name}” of entry {index} was edited: it does not match what the entry committed to.",
        "Uppgiften ”{name}” i post {index} har ändrats: den stämmer inte med det som posten band sig till.",
    ),
    Kind.DETAIL_UNEXPECTED: (
        "Detail “{name}” was added to entry {index}, which has no such detail.",
        "Uppgiften ”{name}” har lagts till i post {index}, som inte har någon sådan uppgift.",
    ),
    Kind.DETAIL_NOT_ERASED: (
        "Entry {by} says that detail “{name}” of entry {index} was erased, but it is still there.",
        "Post {by} säger att uppgiften ”{name}” i post {index} raderats, men den finns kvar.",
    ),
    Kind.TREE_DAMAGED: (
        "The hash tree was altered at {what}.",
        "Hashträdet har ändrats vid {what}.",
    ),
    Kind.BROKEN_FILE: (
        "The file is damaged: {what}.",
        "Filen är skadad: {what}.",
    ),
    Kind.CANNOT_EXCLUDE_TRUNCATION: (
        (
            "Cannot exclude truncation: without a checkpoint that was kept elsewhere, nobody can tell whether entries were cut off "
            "the end."
        ),
        (
            "Avkortning kan inte uteslutas: utan en kontrollpunkt som förvarats på annat håll kan ingen veta om poster klippts bort "
            "från slutet."
        ),
    ),
    Kind.NOT_YET_SIGNED: (
        "Entries {first} to {last} are not covered by a signed checkpoint yet.",
        "Post {first} till {last} omfattas ännu inte av någon signerad kontrollpunkt.",
    ),
    Kind.MORE: (
        "{count} more of the kind “{kind}”.",
        "Ytterligare {count} av slaget ”{kind}”.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `data` fills the statement; `index` among them is the entry that it is about."""

    kind: Kind
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> bool:
        return self.kind not in NOTICES

    @property
    def index(self) -> int | None:
        return self.data.get("index")

    def statement(self, language: str = "en") -> str:
        """The finding in plain words, English or Swedish ('sv')."""
        said = {name: _harmless(value) for name, value in self.data.items()}
        return STATEMENTS[self.kind][language.split("-")[0] == "sv"].format_map(said)


class Findings:
    """All findings of one verification, at most MAX_PER_KIND of each kind; the rest are counted."""

    def __init__(self) -> None:
        self.entries = 0
        self.root = b""
        self.signed_size = 0  # entries that a valid checkpoint covers
        self._found: list[Finding] = []
        self._counts: Counter[Kind] = Counter()

    def add(self, kind: Kind, **data: Any) -> None:
        self._counts[kind] += 1
        if self._counts[kind] <= MAX_PER_KIND:
            self._found.append(Finding(kind, data))

    def __iter__(self) -> Iterator[Finding]:
        yield from self._found
        for kind, count in self._counts.items():
            if count > MAX_PER_KIND:
                yield Finding(Kind.MORE, {"count": count - MAX_PER_KIND, "kind": kind.value})

    @property
    def ok(self) -> bool:
        """True when nothing is wrong; notices may stand."""
        return all(kind in NOTICES for kind in self._counts)

    def kinds(self) -> set[Kind]:
        return set(self._counts)

    def statements(self, language: str = "en") -> list[str]:
        return [finding.statement(language) for finding in self]


def _harmless(value: Any) -> str:
    """Text from a file that may be hostile, fit for a terminal: no control characters, no end of lines, not endless."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(value)[:MAX_TEXT])
    return text if len(text) < MAX_TEXT else text + "…"
