"""An organisation comes in from an archive: in short transactions, from where it stopped, one entry in the record at the end; and back out.

Until the last transaction nobody has a role in it that is in force, so nobody meets half of it. What an archive is refused for is found
before the first row is written; what the database itself refuses later takes everything back.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import JSONField, Model
from django.utils import translation

from trygg.kernel.access import Actor, Denied
from trygg.kernel.archive import coming, fields
from trygg.kernel.archive.kernel_parts import RECORD_FILE
from trygg.kernel.archive.leaving import RECORD, REFERENCES, rows_of
from trygg.kernel.archive.models import Arrival, Arrived, SealedRecord
from trygg.kernel.archive.opening import BLOCK, Archive, Line, NoArchive
from trygg.kernel.archive.order import Table, in_order, target_of
from trygg.kernel.archive.registry import REGISTRY, Registered, registered
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import media_type_of
from trygg.kernel.ledger import recorded_later, service, unit_of_work
from trygg.kernel.ledger.faults import crash_point
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.models import Organisation

CHUNK = 100  # rows in memory at once: those of a case are large
CACHED = 50_000
PLACE, MEMBERSHIP = "people.organisation", "people.membership"
RECOMPUTED = ("assurance.status_changed",)  # what the product works out by itself is no work of people
State = Arrival.State
Progress = Callable[[str, int, int], None]


@service("archive.import_organisation")
def import_organisation(
    *, actor: Actor, now: datetime, archive: Archive, sha256: str, as_name: str = "", match_people: bool = False,
    take_packs: bool = False, progress: Progress = lambda name, done, total: None,
) -> Arrival:  # fmt: skip
    """Take in the organisation of an archive that `check_archive` found sound; goes on where an import of the same archive stopped.

    Only the host. ValidationError when something here stands against it; NoArchive when a file or row turns out otherwise: then nothing
    of it stays.
    """
    if not actor.is_system:
        raise Denied("archive.import_organisation")
    arrival = Arrival.objects.filter(sha256=sha256, state=State.COMING).first()
    if arrival is None:
        wanted = coming.plan(archive, as_name=as_name, match_people=match_people, take_packs=take_packs)
        if wanted.refused:
            raise ValidationError(wanted.refused)
        with recorded_later():
            arrival = Arrival.objects.create(
                sha256=sha256, about=archive.about, began_at=now, options={"name": wanted.name, "slug": wanted.slug}
            )
    try:
        _Coming(archive, arrival, progress).run()
        _finish(actor, now, archive, arrival)
    except (NoArchive, IntegrityError, ValidationError) as error:
        _undo(actor, now, arrival)
        if isinstance(error, IntegrityError):
            raise NoArchive(
                f"data/: two rows of the archive cannot stand beside one another ({error}), near stage {arrival.stage}, "
                f"line {arrival.line + 1}. Nothing of it was kept."
            ) from error
        raise
    arrival.refresh_from_db()
    return arrival


@service("archive.take_back_arrival")
def take_back_arrival(*, actor: Actor, now: datetime, arrival: Arrival) -> Arrival:
    """Remove an organisation that came in an archive, as long as nobody has worked in it since. One act, all or nothing."""
    if not actor.is_system:
        raise Denied("archive.take_back_arrival")
    _undo(actor, now, arrival)
    arrival.refresh_from_db()
    return arrival


class _Coming:
    """The stages of one import. Each chunk is a transaction that also says how far it has come."""

    def __init__(self, archive: Archive, arrival: Arrival, progress: Progress):
        self.archive, self.arrival, self.progress = archive, arrival, progress
        self.now = arrival.began_at
        self.tables = in_order()
        self.models = registered()
        self._keys: dict[tuple[str, str], Any] = {}
        self.host: Organisation | None = arrival.organisation
        self.total = 2 * sum(archive.about["rows"].values())
        self.done = 0

    def run(self) -> None:
        stages: list[tuple[str, Callable[[], None]]] = [("files", self._files), ("people.organisation", self._place), ("references", self._named)]
        stages += [(table.label, lambda table=table: self._rows(table)) for table in self.tables if table.label != PLACE]
        stages += [(f"{table.label}, links", lambda table=table: self._late(table)) for table in self.tables if table.late]
        stages += [("record", self._record)]
        for number, (name, stage) in enumerate(stages):
            if number < self.arrival.stage:
                continue
            self.progress(name, self.done, self.total)
            stage()
            with recorded_later():
                self._reached(stage=number + 1, line=0)

    def _reached(self, **where: Any) -> None:
        Arrival.objects.filter(pk=self.arrival.pk).update(**where)
        for name, value in where.items():
            setattr(self.arrival, name, value)

    # Keys ---------------------------------------------------------------------------------------------------------------

    def key(self, label: str, row_id: str) -> Any:
        """The key here of a row of the archive. Unknown when it has not come (yet)."""
        if label == "host":
            return self.host.pk
        if (label, row_id) not in self._keys:
            found = Arrived.objects.filter(arrival=self.arrival, label=label, row_id=row_id).values_list("key", flat=True).first()
            if found is None:
                raise fields.Unknown(label, row_id[:80])
            self._remember(label, row_id, found)
        return self._keys[label, row_id]

    def _remember(self, label: str, row_id: str, key: Any) -> None:
        if len(self._keys) >= CACHED:
            self._keys.clear()
        self._keys[label, row_id] = key

    def _fetch(self, wanted: dict[str, set[str]]) -> None:
        """Look up many at once."""
        for label, ids in wanted.items():
            missing = sorted(row_id for row_id in ids if (label, row_id) not in self._keys)
            for start in range(0, len(missing), CHUNK):
                found = Arrived.objects.filter(arrival=self.arrival, label=label, row_id__in=missing[start : start + CHUNK])
                for row_id, key in found.values_list("row_id", "key"):
                    self._remember(label, row_id, key)

    def _arrived(self, label: str, rows: list[tuple[Line, Model, bool]]) -> None:
        Arrived.objects.bulk_create(
            Arrived(
                arrival=self.arrival, label=label, row_id=line.content["id"], key=row.pk, was=line.content.get("was", ""), made=made
            )
            for line, row, made in rows
        )  # fmt: skip

    # Stages -------------------------------------------------------------------------------------------------------------

    def _files(self) -> None:
        """The files first, under their sums: a row must never name what is not there."""
        folder = Path(settings.TRYGG_FILES)
        for line in self.archive.lines("data/files.storedfile.jsonl"):
            name = f"files/{line.content['sha256']}"
            if name not in self.archive.sums:
                continue
            target = folder / line.content["stored_as"]
            if not target.exists():
                self._file(name, target, line)
        crash_point("archive.files")

    def _file(self, name: str, target: Path, line: Line) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            digest = hashlib.sha256()
            with self.archive.open(name) as reading, partial.open("wb") as writing:
                while block := reading.read(BLOCK):
                    digest.update(block)
                    writing.write(block)
                writing.flush()
                os.fsync(writing.fileno())
            partial.chmod(0o600)
            if digest.hexdigest() != line.content["sha256"]:
                raise NoArchive(f"{name}: its content is not what its sum says.")
            if media_type_of(partial, str(line.content["name"])) != line.content["media_type"]:
                raise line.wrong(f"media_type: the content of «{str(line.content['name'])[:60]}» is of another kind.")
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)

    def _place(self) -> None:
        """The organisation itself. Its parent comes with what is only named."""
        one = self.models[PLACE]
        [line] = list(self.archive.lines(one.file))
        name, slug = self.arrival.options["name"], self.arrival.options["slug"]
        with recorded_later():
            here = Organisation.objects.filter(slug=slug).first()
            row = here or Organisation()
            for each in one.fields:
                if each.name in line.content and each.name != "parent":
                    setattr(row, each.name, fields.read(each, line.content[each.name]))
            row.name, row.slug = name, slug
            row.save()
            self._arrived(PLACE, [(line, row, here is None)])
            self._reached(organisation_id=row.pk, stage=self.arrival.stage + 1, line=0)
        self.arrival.organisation = self.host = row

    def _named(self) -> None:
        """People, organisations and cases that others keep: linked when they stand here, otherwise made as names."""
        with recorded_later(), translation.override("en"):
            for line in self.archive.lines(REFERENCES):
                one = self.models[line.content["model"]]
                row = one.reference.find(line.content, self.key)
                made = row is None
                if row is None:
                    row = one.reference.make(line.content, self.key, self.host, self.now)
                    if one.label == PLACE:
                        row.slug = free_name(one, "slug", row.slug)
                    for name in one.renamed:
                        setattr(row, name, free_name(one, name, getattr(row, name)))
                    row.save(force_insert=True)
                self._arrived(one.label, [(line, row, made)])
            crash_point("archive.named")
            self._reached(stage=self.arrival.stage + 1, line=0)

    def _rows(self, table: Table) -> None:
        for first, lines in self._chunks(table.what.file):
            self._fetch(self._links(table, lines))
            with recorded_later():
                rows = [(line, *self._row(table, line)) for line in lines]
                self._write(table.what, rows)
                for name, target in table.many.items():
                    self._join(table, name, target, rows)
                self._arrived(table.label, rows)
                crash_point("archive.chunk")
                self._reached(line=first + len(lines))
            self.done += len(lines)
            self.progress(table.label, self.done, self.total)

    def _chunks(self, name: str) -> Iterator[tuple[int, list[Line]]]:
        chunk: list[Line] = []
        first = self.arrival.line
        for line in self.archive.lines(name):
            if line.number <= self.arrival.line and not chunk:
                continue
            chunk.append(line)
            if len(chunk) == CHUNK:
                yield first, chunk
                first, chunk = first + len(chunk), []
        if chunk:
            yield first, chunk

    def _links(self, table: Table, lines: list[Line]) -> dict[str, set[str]]:
        wanted: dict[str, set[str]] = {}
        for line in lines:
            for name, target in table.foreign.items():
                if line.content.get(name) is not None:
                    wanted.setdefault(target, set()).add(line.content[name])
            for name, target in table.many.items():
                wanted.setdefault(target, set()).update(line.content.get(name, ()))
        return wanted

    def _row(self, table: Table, line: Line) -> tuple[Model, bool]:
        """An unsaved row, or the one that stands here already; and whether it is to be made."""
        one = table.what
        for name in one.found_by:
            here = one.model._base_manager.filter(**{name: line.content.get(name)}).first()
            if here is not None:
                return here, False
        row = one.model()
        for each in one.fields:
            if each.name not in line.content:
                continue
            given = line.content[each.name]
            if each.name in table.late:
                setattr(row, each.attname, _meanwhile(each, given, line.number))
            elif each.is_relation:
                setattr(row, each.attname, None if given is None else self.key(target_of(each), given))
            elif each.name in one.links and given is not None:
                setattr(row, each.name, one.links[each.name].back(given, line.content, self.key))
            else:
                setattr(row, each.name, fields.read(each, given))
        for name, value in one.never.items():
            setattr(row, name, value() if callable(value) else value)
        for name in one.renamed:
            setattr(row, name, free_name(one, name, getattr(row, name)))
        if one.fit is not None:
            one.fit(row)
        if one.label == MEMBERSHIP and (row.valid_until is None or row.valid_until > self.now):
            row.valid_until = self.now  # in force once all is here
        return row, True

    def _write(self, one: Registered, rows: list[tuple[Line, Model, bool]]) -> None:
        one.model._base_manager.bulk_create([row for _line, row, made in rows if made])

    def _join(self, table: Table, name: str, target: str, rows: list[tuple[Line, Model, bool]]) -> None:
        each = next(each for each in table.what.many if each.name == name)
        through, own, other = each.remote_field.through, each.m2m_field_name(), each.m2m_reverse_field_name()
        through._base_manager.bulk_create(
            through(**{f"{own}_id": row.pk, f"{other}_id": self.key(target, row_id)})
            for line, row, _made in rows
            for row_id in line.content.get(name, ())
        )

    def _late(self, table: Table) -> None:
        """Links to what came later: columns of rows that stand already."""
        one, columns = table.what, [table.by_name[name] for name in table.late]
        quoted = connection.ops.quote_name
        sets = ", ".join(f"{quoted(each.column)} = %s" for each in columns)
        statement = f"UPDATE {quoted(one.model._meta.db_table)} SET {sets} WHERE {quoted(one.model._meta.pk.column)} = %s"  # noqa: S608  (names of our own)
        for first, lines in self._chunks(one.file):
            wanted = self._links(table, lines)
            wanted.setdefault(one.label, set()).update(line.content["id"] for line in lines)
            self._fetch(wanted)
            values = []
            for line in lines:
                given = [self._late_value(one, each, line) for each in columns]
                values.append([*given, self.key(one.label, line.content["id"])])
            with recorded_later():
                with connection.cursor() as cursor:
                    cursor.executemany(statement, values)
                crash_point("archive.late")
                self._reached(line=first + len(lines))
            self.done += len(lines)
            self.progress(table.label, self.done, self.total)

    def _late_value(self, one: Registered, each: Any, line: Line) -> Any:
        given = line.content.get(each.name)
        if each.is_relation:
            return None if given is None else self.key(target_of(each), given)
        value = one.links[each.name].back(given, line.content, self.key) if given is not None else None
        return each.get_db_prep_save(value, connection)

    def _record(self) -> None:
        """The other host's record as a file of its own, sealed: it is read and verified, never continued."""
        about = self.archive.about
        head: dict[str, Any] = next(self.archive.lines(RECORD)).content
        folder = Path(settings.TRYGG_FILES)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial, size = folder / f".{os.getpid()}-record.part", 0
        try:
            with self.archive.open(RECORD) as reading, partial.open("wb") as writing:
                while block := reading.read(BLOCK):
                    size += len(block)
                    writing.write(block)
                writing.flush()
                os.fsync(writing.fileno())
            sha256 = self.archive.sums[RECORD]
            stored_as = f"{sha256[:2]}/{sha256}"
            (folder / sha256[:2]).mkdir(exist_ok=True, mode=0o700)
            os.replace(partial, folder / stored_as)
        finally:
            partial.unlink(missing_ok=True)
        with recorded_later():
            sealed = SealedRecord.objects.create(
                organisation=self.host, key=head["key"], checkpoint=head["checkpoint"], entries=about["record"]["entries"],
                archive=self.arrival.sha256, archived_at=about["made_at"], came_at=self.now,
            )  # fmt: skip
            stored = StoredFile.objects.create(
                subject_type=RECORD_FILE, subject_id=str(sealed.pk), organisation=self.host, name=f"record-{about['made_at'][:10]}.json",
                media_type="text/plain", size=size, sha256=sha256, stored_as=stored_as, uploaded_by="Trygg", uploaded_at=self.now,
            )  # fmt: skip
            for label, row in ((RECORD_FILE, sealed), ("files.storedfile", stored)):
                Arrived.objects.create(arrival=self.arrival, label=label, row_id="~record", key=row.pk)
            self._reached(stage=self.arrival.stage + 1, line=0)


def _finish(actor: Actor, now: datetime, archive: Archive, arrival: Arrival) -> None:
    """The last transaction: people get their roles, what is worked out from the rows is, and the record says what came."""
    keys = dict(Arrived.objects.filter(arrival=arrival, label=MEMBERSHIP).values_list("row_id", "key"))
    model = registered()[MEMBERSHIP].model
    until = model._meta.get_field("valid_until")
    crash_point("archive.before_finish")
    with unit_of_work(actor=actor, now=now) as work:
        for line in archive.lines(registered()[MEMBERSHIP].file):
            given = fields.read(until, line.content.get("valid_until"))
            model._base_manager.filter(pk=keys[line.content["id"]]).update(valid_until=given)
        for _order, function in sorted(REGISTRY.afterwards, key=lambda pair: pair[0]):
            function(work, arrival.organisation, now)
        Arrival.objects.filter(pk=arrival.pk).update(state=State.HERE, ended_at=now)
        about = archive.about
        entry = work.record(
            "archive.organisation_arrived", arrival.organisation, organisation=arrival.organisation_id, archive=arrival.sha256,
            rows=sum(about["rows"].values()), entries=about["record"]["entries"], signed_size=about["record"]["size"],
            people_linked=Arrived.objects.filter(arrival=arrival, label="people.person", made=False).count(),
        )  # fmt: skip
        work.after_append(lambda: Arrival.objects.filter(pk=arrival.pk).update(entry=entry.index))


def _undo(actor: Actor, now: datetime, arrival: Arrival) -> None:
    files: set[str] = set()
    with unit_of_work(actor=actor, now=now) as work:
        arrival = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        if arrival.state == State.TAKEN_BACK:
            work.nothing_happened()
            return
        here = arrival.organisation
        if arrival.state == State.HERE:
            _refuse_when_worked_in(arrival)
        files = set(
            StoredFile.objects.filter(pk__in=Arrived.objects.filter(arrival=arrival, label="files.storedfile", made=True).values("key"))
            .values_list("stored_as", flat=True)
        )  # fmt: skip
        if here is not None:
            _delete_all(arrival, here)
        Arrived.objects.filter(arrival=arrival).delete()
        Arrival.objects.filter(pk=arrival.pk).update(state=State.TAKEN_BACK, ended_at=now, organisation=None)
        _delete_place(arrival, here)
        work.record("archive.arrival_taken_back", arrival, archive=arrival.sha256)
    for stored_as in files:
        if not StoredFile.objects.filter(stored_as=stored_as).exists():
            (Path(settings.TRYGG_FILES) / stored_as).unlink(missing_ok=True)


def _refuse_when_worked_in(arrival: Arrival) -> None:
    here = arrival.organisation
    later = Entry.objects.filter(organisation_id=here.pk, index__gt=arrival.entry).exclude(action__in=RECOMPUTED)
    if later.exists():
        first = later.order_by("index").first()
        raise ValidationError(
            f"Work has begun in {here.name} ({first.action}, entry {first.index}), so the import cannot be taken back any more."
        )
    for label, one in registered().items():
        if one.computed:
            continue
        came = Arrived.objects.filter(arrival=arrival, label=label).values("key")
        if rows_of(one, here).exclude(pk__in=came).exists():
            raise ValidationError(f"Something was added to {here.name} ({label}), so the import cannot be taken back any more.")


def _delete_all(arrival: Arrival, here: Organisation) -> None:
    """All rows that came, the last first; and what the product made by itself about them."""
    models = registered()
    for table in reversed(in_order()):
        if table.label == PLACE:
            continue
        came = set(Arrived.objects.filter(arrival=arrival, label=table.label, made=True).values_list("key", flat=True))
        if models[table.label].computed:
            came |= set(table.what.model._base_manager.filter(table.what.rows(here)).values_list("pk", flat=True))
        delete_rows(table, sorted(came))
    named = Arrived.objects.filter(arrival=arrival, label=PLACE, made=True).exclude(key=here.pk)
    delete_rows(next(t for t in in_order() if t.label == PLACE), sorted(named.values_list("key", flat=True)))


def _delete_place(arrival: Arrival, here: Organisation | None) -> None:
    if here is None:
        return
    Organisation.objects.filter(pk=here.pk).update(parent=None)
    if arrival.options.get("made", True):
        with contextlib.suppress(IndexError):
            delete_rows(next(t for t in in_order() if t.label == PLACE), [here.pk])


def delete_rows(table: Table, keys: list[int]) -> None:
    """Delete rows by key, with what joins them and what libraries or left-out tables hang on them."""
    model = table.what.model
    empty = {each.name: None for each in table.what.fields if each.is_relation and each.name in table.late}
    through = {each.remote_field.through for each in table.what.many}
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        if empty:
            model._base_manager.filter(pk__in=some).update(**empty)
        for relation in model._meta.related_objects:
            other = relation.related_model
            if other._meta.label_lower not in registered() or other in through:
                rows = other._base_manager.filter(**{f"{relation.field.name}__in": some})
                if other is not Arrival:
                    rows._raw_delete(rows.db)
        for each in table.what.many:
            rows = each.remote_field.through._base_manager.filter(**{f"{each.m2m_field_name()}__in": some})
            rows._raw_delete(rows.db)
        rows = model._base_manager.filter(pk__in=some)
        rows._raw_delete(rows.db)


def free_name(one: Registered, name: str, wanted: str) -> str:
    """`wanted`, with a number behind it when it is taken here."""
    longest = one.model._meta.get_field(name).max_length
    number, found = 1, wanted
    while one.model._base_manager.filter(**{name: found}).exists():
        number += 1
        found = f"{wanted[: longest - len(str(number)) - 1]}-{number}"
    return found


def _meanwhile(each: Any, given: Any, number: int) -> Any:
    """What stands in a column until its links can be filled in."""
    if each.is_relation or given is None:
        return None
    if isinstance(each, JSONField):
        return [] if isinstance(given, list) else {}
    return f"~{number}"
