"""An organisation into a ZIP: rows in the order of their ties, files, record, sums. Streamed; of one moment; the same bytes again."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Model, Q, QuerySet

from trygg import __version__
from trygg.kernel.archive import fields, record
from trygg.kernel.archive.describing import readme
from trygg.kernel.archive.order import Table, in_order, target_of
from trygg.kernel.archive.registry import Registered, registered
from trygg.kernel.archive.staging import Ids
from trygg.kernel.files.models import StoredFile
from trygg.kernel.people.models import Organisation

FORMAT, VERSION = "trygg-archive", 1
CHUNK = 100  # rows in memory at once: those of a case are large
BLOCK = 1024 * 1024
OLD = (1980, 1, 1, 0, 0, 0)  # the same for every member, so that the same content gives the same bytes
ABOUT, SUMS, REFERENCES, RECORD = "about.json", "SHA256SUMS", "references.jsonl", "record/entries.jsonl"
LONGEST = 240
Progress = Callable[[int, int], None]  # rows done, rows in all; may raise to stop


@dataclass
class Left:
    """What an archive holds, and what it does not."""

    rows: dict[str, int] = field(default_factory=dict)
    held_back: dict[str, int] = field(default_factory=dict)
    outside: dict[str, int] = field(default_factory=dict)  # rows about something that another organisation keeps
    named: dict[str, int] = field(default_factory=dict)
    files: int = 0
    shut: int = 0  # files in quarantine or removed: named, not held
    lost: list[str] = field(default_factory=list)  # files that are not on the disk any more
    entries: int = 0
    record_size: int = 0
    sha256: str = ""
    size: int = 0


def rows_of(one: Registered, organisation: Organisation) -> QuerySet:
    """The rows of a table that are the organisation's and travel, oldest first."""
    manager = one.model._base_manager
    rows = manager.filter(pk__in=manager.filter(one.rows(organisation)).values("pk"))
    for held in one.held_back:
        rows = rows.exclude(pk__in=manager.filter(held.rows).values("pk"))
    return rows.order_by("pk")


def held_back(one: Registered, organisation: Organisation) -> int:
    """How many rows are the organisation's and stay behind."""
    if not one.held_back:
        return 0
    any_of = Q()
    for held in one.held_back:
        any_of |= held.rows
    manager = one.model._base_manager
    return manager.filter(pk__in=manager.filter(one.rows(organisation)).values("pk")).filter(any_of).distinct().count()


def write_archive(organisation: Organisation, path: Path, *, now: datetime, progress: Progress = lambda done, total: None) -> Left:
    """Write the archive of `organisation` to `path`: whole or not at all. What others write meanwhile is not in it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as stream:
            with one_moment(), Ids(path.parent) as ids:
                left = _Writer(organisation, ids, stream, now, progress).write()
            stream.flush()
            os.fsync(stream.fileno())
            left.size = stream.tell()
            stream.seek(0)
            left.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return left


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it stands at one moment, without hindering those who write."""
    if connection.in_atomic_block:  # the caller holds the moment
        yield
        return
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


class _Writer:
    def __init__(self, organisation: Organisation, ids: Ids, stream: IO[bytes], now: datetime, progress: Progress):
        self.organisation, self.ids, self.now, self.progress = organisation, ids, now, progress
        self.zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.left = Left()
        self.tables = in_order()
        self.models = registered()
        self.sums: dict[str, str] = {}
        self.total = self.done = 0

    def write(self) -> Left:
        for table in self.tables:
            self._number(table)
        self.total = sum(self.left.rows.values())
        for table in self.tables:
            self._table(table)
        self._files()
        self._named()
        self._record()
        self._about()
        self._member("README.txt", iter([readme(self.organisation, self.now).encode()]))
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sums.items()))
        self._member(SUMS, iter([sums.encode()]))
        self.zip.close()
        return self.left

    # Ids ----------------------------------------------------------------------------------------------------------------

    def _number(self, table: Table) -> None:
        """Give each row its id; a row that hangs on something which does not travel gets none and stays behind."""
        one, count, outside = table.what, 0, 0
        needed = [each for each in one.fields if each.is_relation and not each.null and target_of(each) in self.models]
        subjects = [(name, link) for name, link in one.links.items() if getattr(link, "needed", False)]
        for row in rows_of(one, self.organisation).iterator(chunk_size=CHUNK):
            if any(self._id(target_of(each), getattr(row, each.attname)) is None for each in needed) or any(
                fields.is_gone(link.out(getattr(row, name), row, self._id)) for name, link in subjects
            ):
                outside += 1
                continue
            self.ids.add(one.label, row.pk, self._wanted(one, row))
            count += 1
        self.left.rows[one.label] = count
        if outside:
            self.left.outside[one.label] = outside
        held = held_back(one, self.organisation)
        if held:
            self.left.held_back[one.label] = held
        self.progress(0, 0)

    def _wanted(self, one: Registered, row: Model) -> str:
        if callable(one.key):
            return shortened(one.key(row))
        return shortened("/".join(self._part(one, row, name) for name in one.key))

    def _part(self, one: Registered, row: Model, name: str | Callable[[Model], str]) -> str:
        if callable(name):
            return escaped(name(row))
        each = one.model._meta.get_field(name)
        if each.is_relation:
            key = getattr(row, each.attname)
            return "" if key is None else self._id(target_of(each), key) or "-"
        return escaped(str(fields.write(each, getattr(row, name))))

    def _id(self, label: str, key: Any) -> str | None:
        """The id of a row; one of another organisation is named when it can be."""
        if key is None:
            return None
        found = self.ids.id_of(label, key)
        if found is None and (one := self.models.get(label)) is not None and one.reference is not None:
            row = one.model._base_manager.filter(pk=key).first()
            return None if row is None else self._name(one, row)
        return found

    def _name(self, one: Registered, row: Model) -> str:
        reference = one.reference
        content: dict[str, Any] = {}
        own = reference.values(row)
        for name in reference.fields:
            each = one.model._meta.get_field(name)
            if name in own:
                content[name] = own[name]
            elif each.is_relation:
                content[name] = self._id(target_of(each), getattr(row, each.attname))
            else:
                content[name] = fields.write(each, getattr(row, name))
        row_id = self.ids.add(one.label, row.pk, shortened(reference.id(row)) if reference.id else self._wanted(one, row))
        self.ids.name(one.label, row_id, content)
        self.left.named[one.label] = self.left.named.get(one.label, 0) + 1
        return row_id

    # Members ------------------------------------------------------------------------------------------------------------

    def _member(self, name: str, chunks: Iterable[bytes], *, packed: bool = True) -> None:
        info = zipfile.ZipInfo(name, OLD)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest = hashlib.sha256()
        with self.zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
        self.sums[name] = digest.hexdigest()

    def _table(self, table: Table) -> None:
        self._member(table.what.file, self._lines(table))

    def _lines(self, table: Table) -> Iterator[bytes]:
        one = table.what
        many = {each.name: each for each in one.many}
        rows = rows_of(one, self.organisation).iterator(chunk_size=CHUNK)
        for chunk in _in_chunks(rows):
            joined = {name: self._joined(each, [row.pk for row in chunk]) for name, each in many.items()}
            lines = []
            for row in chunk:
                row_id = self.ids.id_of(one.label, row.pk)
                if row_id is None:
                    continue
                line = {"id": row_id, "was": str(row.pk)}
                for each in one.fields:
                    line[each.name] = self._value(one, each, row)
                for name in many:
                    line[name] = sorted(joined[name].get(row.pk, ()))
                lines.append(_line(line))
            self.done += len(lines)
            self.progress(self.done, self.total)
            yield b"".join(lines)

    def _value(self, one: Registered, each: models.Field, row: Model) -> Any:
        if each.is_relation:
            key = getattr(row, each.attname)
            return None if key is None else self._id(target_of(each), key)
        value = getattr(row, each.name)
        link = one.links.get(each.name)
        if link is not None and value is not None:
            return link.out(value, row, self._id)
        return fields.write(each, value)

    def _joined(self, each: Any, keys: list[Any]) -> dict[Any, list[str]]:
        found: dict[Any, list[str]] = {}
        through = each.remote_field.through
        source, target = each.m2m_field_name(), each.m2m_reverse_field_name()
        rows = through._base_manager.filter(**{f"{source}__in": keys}).values_list(f"{source}_id", f"{target}_id")
        for own, other in rows:
            row_id = self._id(target_of(each), other)
            if row_id is not None:
                found.setdefault(own, []).append(row_id)
        return found

    def _files(self) -> None:
        """The content of each file that may be opened, once, under its hash."""
        own = StoredFile.objects.filter(organisation=self.organisation)
        live = own.filter(quarantined_at=None, removed_at=None)
        self.left.shut = own.exclude(pk__in=live.values("pk")).count()
        for sha256, stored_as in sorted(set(live.values_list("sha256", "stored_as"))):
            source = Path(settings.TRYGG_FILES) / stored_as
            if not source.is_file():
                self.left.lost.append(sha256)
                continue
            self._member(f"files/{sha256}", _blocks(source), packed=False)
            self.left.files += 1

    def _named(self) -> None:
        lines = (_line({"model": label, "id": row_id, **content}) for label, row_id, content in self.ids.named())
        self._member(REFERENCES, lines)

    def _record(self) -> None:
        def lines() -> Iterator[bytes]:
            for line in record.lines_of(self.organisation.pk):
                if line["type"] == "header":
                    self.left.record_size = line["size"]
                self.left.entries += line["type"] == "entry"
                yield record.text_of(line)

        self._member(RECORD, lines())

    def _about(self) -> None:
        left = self.left
        about = {
            "format": FORMAT, "version": VERSION, "trygg": __version__, "made_at": self.now.astimezone(UTC).isoformat(),
            "organisation": {
                "id": self.ids.id_of("people.organisation", self.organisation.pk), "name": self.organisation.name,
                "slug": self.organisation.slug, "was": str(self.organisation.pk),
            },
            "rows": left.rows, "named": left.named, "held_back": left.held_back, "outside": left.outside,
            "files": left.files, "files_shut": left.shut, "files_lost": left.lost,
            "record": {"entries": left.entries, "size": left.record_size},
        }  # fmt: skip
        self._member(ABOUT, iter([json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"]))


def shortened(text: str) -> str:
    """An id of bearable length: what is cut off is told apart by a hash."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 17]}#{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def escaped(text: str) -> str:
    """A part of an id: the signs that join and number ids are written otherwise, and so is what would break a line."""
    plain = text.replace("%", "%25").replace("/", "%2F").replace("~", "%7E").replace("#", "%23")
    return "".join(letter if letter.isprintable() else f"%{ord(letter):02X}" for letter in plain)


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def _in_chunks(rows: Iterable[Model]) -> Iterator[list[Model]]:
    chunk: list[Model] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
