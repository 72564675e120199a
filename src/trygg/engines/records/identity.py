"""Which records are the same: the import key, and what is ambiguous. Nothing is ever merged here."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from .model import RegisterRecord


@dataclass(frozen=True, slots=True)
class MatchKey:
    """`kind` is source_id (the register's own id) or described (publisher, name, web address). Two records of one
    source are candidates for the same system exactly when their keys are equal."""

    kind: str
    parts: tuple[str, ...]

    @property
    def digest(self) -> str:
        """32 hex digits for an indexed column."""
        joined = "\x1f".join((self.kind, *self.parts))
        return blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def normal_text(text: str) -> str:
    """For comparing: compatibility form (NFKC), lower case, blanks collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def normal_url(url: str) -> str:
    """For comparing: no scheme, `www.`, fragment, default port or final slash; host in lower case."""
    text = url.strip()
    text = re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://", "", text).split("#", 1)[0]
    host, slash, rest = text.partition("/")
    host = re.sub(r":(80|443)$", "", host.casefold()).removeprefix("www.")
    return (host + slash + rest).rstrip("/")


def match_key(record: RegisterRecord) -> MatchKey:
    """The key of a record: source and source id; without an id source, publisher, name and web address, normalised."""
    if record.source_id:
        return MatchKey("source_id", (record.source, record.source_id))
    url = normal_url(record.link("register", "website"))
    return MatchKey("described", (record.source, normal_text(record.publisher), normal_text(record.name), url))


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several rows of one file with the same key; a person says which is which."""

    key: MatchKey
    rows: tuple[int | None, ...]
    names: tuple[str, ...]


class DuplicateFinder:
    """Collects keys while rows stream past; about 300 bytes a record are kept."""

    def __init__(self) -> None:
        self._first: dict[bytes, tuple[int | None, str]] = {}
        self._repeated: dict[bytes, tuple[MatchKey, list[tuple[int | None, str]]]] = {}

    def add(self, record: RegisterRecord) -> bool:
        """Note a record; true where its key was seen before in this file."""
        key = match_key(record)
        digest = bytes.fromhex(key.digest)
        here = (record.row, record.name)
        if digest not in self._first:
            self._first[digest] = here
            return False
        self._repeated.setdefault(digest, (key, [self._first[digest]]))[1].append(here)
        return True

    def ambiguous(self) -> list[Ambiguous]:
        """All keys that stand on more than one row, in the order of the file."""
        return [
            Ambiguous(key, tuple(row for row, _ in places), tuple(name for _, name in places))
            for key, places in self._repeated.values()
        ]


def find_duplicates(records: Iterable[RegisterRecord]) -> list[Ambiguous]:
    """Keys that several of the records share."""
    finder = DuplicateFinder()
    for record in records:
        finder.add(record)
    return finder.ambiguous()
