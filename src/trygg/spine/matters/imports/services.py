"""The acts of an import: begin, choose columns, end of reading, choose a match, apply, undo, discard.

Reading itself (`reading.stage_rows`) is no act: it fills the staging table in many short transactions, between `begin_import` and
`finish_staging`. Each act is conditional on the state of the run, so that a double submit acts once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from trygg.engines.records import MappingError, build_mapping
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.ledger.faults import crash_point, disk_fault
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.imports import keeping, matching
from trygg.spine.matters.imports.keeping import KeptFile
from trygg.spine.matters.models import ImportRow, ImportRun, System

CHUNK = 500
State, Outcome = ImportRun.State, ImportRow.Outcome
COPIED = ("extra", "raw")  # what of a staged row goes into a new system unread
fault_of = disk_fault  # codes of `wording.FAULTS`
# All that an import writes into a system, and that an undo puts back.
FIELDS = ("name", "vendor_name", "summary", "source", "source_id", "match_key", "record", "extra", "raw")
NEW, SKIP = "new", "skip"


class RegisterChanged(Exception):
    """Systems that the import is about were changed after the file was read. Nothing was applied."""


def counts_of(run: ImportRun) -> dict[str, int]:
    """Rows by outcome, zeroes included."""
    found = dict(run.rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    return {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}


@service("matters.begin_import")
def begin_import(
    *, actor: Actor, now: datetime, organisation: Organisation, kept: KeptFile, detected: dict[str, Any],
    mapping: dict[str, Any] | None = None,
) -> ImportRun:  # fmt: skip
    """Begin to import a file that is in our keeping. Without a mapping the run waits for `choose_mapping`."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.import_systems", organisation)
        run = ImportRun.objects.create(
            organisation=organisation, file_name=kept.name, file_hash=kept.sha256, stored_as=kept.sha256, detected=detected,
            mapping=_checked(mapping) if mapping else {}, state=State.STAGING, started_by=actor.name[:120], started_at=now,
        )  # fmt: skip
        work.record("matters.import_begun", run, organisation=organisation.pk, file=kept.sha256, details={"file": kept.name})
    return run


def _checked(mapping: dict[str, Any]) -> dict[str, Any]:
    try:
        return build_mapping(mapping, mapping.get("id", "mapping")).data
    except MappingError as error:
        raise ValidationError(str(error)) from error


@service("matters.choose_mapping")
def choose_mapping(*, actor: Actor, now: datetime, run: ImportRun, mapping: dict[str, Any], detected: dict[str, Any] | None = None) -> ImportRun:
    """Say which column fills which field (and, with `detected`, how the file is to be read). What was staged is staged anew."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", run)
        again = ImportRun.objects.filter(pk=run.pk, state__in=(State.READY, State.FAILED))
        waiting = ImportRun.objects.filter(pk=run.pk, state=State.STAGING, mapping={})
        fresh = {
            "mapping": _checked(mapping), "state": State.STAGING, "rows_read": 0, "rows_total": None, "finished_at": None,
            "stage_note": "", "report": {}, "detected": detected or run.detected,
        }  # fmt: skip
        if not (waiting.update(**fresh) or again.update(**fresh)):
            raise ValidationError(_("The columns can no longer be changed: the import is being read, or is over."))
        _drop_rows(run)
        run.refresh_from_db()
        work.record("matters.import_mapped", run, organisation=run.organisation_id, mapping=run.mapping["id"])
    return run


def _drop_rows(run: ImportRun) -> None:
    ImportRow.objects.filter(run=run)._raw_delete(using=run._state.db or "default")  # nothing refers to a staged row


@service("matters.finish_staging")
def finish_staging(*, actor: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """All rows are staged: list the duplicates, count, and wait for a person. Does nothing when another worker was first."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", run)
        crash_point("import.stage.before_finish")
        mine = ImportRun.objects.filter(pk=run.pk, state=State.STAGING)
        if not mine.update(state=State.READY, finished_at=now, stage_note=""):
            work.nothing_happened()
        else:
            matching.list_duplicates(run)
            counts = counts_of(run)
            ImportRun.objects.filter(pk=run.pk).update(report={"counts": counts})
            work.record("matters.import_staged", run, organisation=run.organisation_id, rows=sum(counts.values()), **counts)
    run.refresh_from_db()
    return run


@service("matters.fail_import")
def fail_import(*, actor: Actor, now: datetime, run: ImportRun, code: str, params: dict[str, Any], text: str) -> ImportRun:
    """The file could not be read: say why (worded where it is shown), and keep nothing that was staged."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", run)
        _drop_rows(run)
        failed = {
            "state": State.FAILED, "finished_at": now, "rows_read": 0, "stage_note": text[:300],
            "report": {"failure": {"code": code, "params": params, "text": text}},
        }  # fmt: skip
        if ImportRun.objects.filter(pk=run.pk, state=State.STAGING).update(**failed):
            work.record("matters.import_failed", run, organisation=run.organisation_id, reason=code)
        else:
            raise ValidationError(_("The import is no longer being read."))
    run.refresh_from_db()
    return run


@service("matters.choose_match")
def choose_match(*, actor: Actor, now: datetime, row: ImportRow, choice: str) -> ImportRow:
    """A person says what an ambiguous row is: the key of an existing system, `new`, or `skip`."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", row.run)
        row = ImportRow.objects.select_related("run").select_for_update(of=("self",)).get(pk=row.pk)
        if row.run.state != State.READY or "systems" not in (row.candidates or {}):
            raise ValidationError(_("There is nothing to choose about this row any more."))
        row.problems = [problem for problem in row.problems if problem["code"] != "skipped"]
        row.system, row.before = None, None
        if choice == NEW:
            row.outcome = Outcome.CREATE
        elif choice == SKIP:
            row.outcome = Outcome.REJECTED
            row.problems.append({"code": "skipped", "column": None, "value": None, "field": None, "params": {}})
        else:
            matching.point_at(row, _chosen_system(row, choice))
        row.save(update_fields=["outcome", "problems", "system", "before"])
        work.record(
            "matters.import_match_chosen", row.run, organisation=row.run.organisation_id, row=row.number,
            choice=choice if choice in (NEW, SKIP) else "existing", system=row.system_id,
        )  # fmt: skip
    return row


def _chosen_system(row: ImportRow, choice: str) -> System:
    system = System.objects.filter(pk=choice, owner_id=row.run.organisation_id).first() if choice.isdigit() else None
    if system is None or system.pk not in row.candidates["systems"]:
        raise ValidationError({"choice": _("Choose one of the systems that are listed.")})
    other = row.run.rows.filter(system=system).exclude(pk=row.pk).values_list("number", flat=True).first()
    if other is not None:
        taken = _("Row %(row)s is already said to be «%(system)s». One system cannot be two rows.")
        raise ValidationError({"choice": taken % {"row": other, "system": system}})
    return system


@service("matters.refresh_import")
def refresh_import(*, actor: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Compare the staged rows with the register as it is now, since it changed after they were read. Choices are made again."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", run)
        if not ImportRun.objects.filter(pk=run.pk, state=State.READY).update(finished_at=now):
            raise ValidationError(_("The import is not waiting to be applied."))
        for rows in _chunks(run.rows.exclude(outcome=Outcome.REJECTED, candidates={})):
            for row in rows:
                if row.name:  # a row that was skipped by choice comes up again
                    row.outcome = Outcome.CREATE
                    row.problems = [problem for problem in row.problems if problem["code"] != "skipped"]
            matching.match(run.organisation_id, rows)
            ImportRow.objects.bulk_update(rows, ["outcome", "system", "before", "candidates", "problems"], batch_size=CHUNK)
        matching.list_duplicates(run)
        counts = counts_of(run)
        ImportRun.objects.filter(pk=run.pk).update(report={"counts": counts})
        work.record("matters.import_compared", run, organisation=run.organisation_id, **counts)
    run.refresh_from_db()
    return run


def _chunks(rows, size: int = CHUNK) -> Iterator[list[ImportRow]]:
    """The rows by number, in lists; each list is read when the one before is done with."""
    last = 0
    while found := list(rows.filter(number__gt=last).order_by("number")[:size]):
        yield found
        last = found[-1].number


@service("matters.apply_import")
def apply_import(*, actor: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Write the new and the changed systems, all or none. Rows that wait for a choice are left out and stay listed.

    Applying twice applies once. RegisterChanged when a system that it is about was changed since the file was read.
    """
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", run)
        if not ImportRun.objects.filter(pk=run.pk, state=State.READY).update(state=State.APPLIED, finished_at=now):
            run.refresh_from_db()
            if run.state != State.APPLIED:
                raise ValidationError(_("The import is not waiting to be applied."))
            work.nothing_happened()
            return run
        crash_point("import.apply.begun")
        counts = counts_of(run)
        for rows in _chunks(run.rows.filter(outcome=Outcome.UPDATE)):
            _update_systems(run, rows, now)
        crash_point("import.apply.half")
        for rows in _chunks(run.rows.filter(outcome=Outcome.CREATE).defer(*COPIED)):
            _create_systems(run, rows, now)
        ImportRun.objects.filter(pk=run.pk).update(report={"counts": counts, "applied_at": now.astimezone(UTC).isoformat()})
        work.record(
            "matters.import_applied", run, organisation=run.organisation_id, file=run.file_hash, created=counts["create"],
            updated=counts["update"], left_out=counts["ambiguous"], details={"file": run.file_name},
        )  # fmt: skip
        crash_point("import.apply.before_commit")
        work.after_commit(lambda: crash_point("import.apply.after_commit"))
        work.after_commit(lambda: keeping.forget(run.stored_as))
    run.refresh_from_db()
    return run


def _update_systems(run: ImportRun, rows: list[ImportRow], now: datetime) -> None:
    systems = System.objects.select_for_update().in_bulk([row.system_id for row in rows])
    for row in rows:
        system = systems.get(row.system_id)
        if system is None or row.before.get("seen") != system.updated_at.isoformat():
            raise RegisterChanged
        row.before = {**{name: getattr(system, name) for name in FIELDS}, "updated_at": system.updated_at.isoformat()}
        matching.fill(system, row)
        system.updated_at = now
    _write(systems.values())
    ImportRow.objects.bulk_update(rows, ["before"], batch_size=CHUNK)


def _write(systems) -> None:
    # An upsert by key: one statement a chunk, where bulk_update writes a CASE for each field and row.
    System.objects.bulk_create(
        list(systems), update_conflicts=True, unique_fields=["id"], update_fields=[*FIELDS, "updated_at"], batch_size=CHUNK
    )


def _create_systems(run: ImportRun, rows: list[ImportRow], now: datetime) -> None:
    own = System.objects.filter(owner_id=run.organisation_id)
    taken = set(own.filter(source_id__in={row.source_id for row in rows if row.source_id}).values_list("source", "source_id"))
    keys = set(own.filter(match_key__in={row.match_key for row in rows}, source_id="").values_list("match_key", flat=True))
    systems = []
    for row in rows:
        row.raw, row.extra = {}, {}  # copied by the database, see COPIED
        system = matching.new_system(row, owner_id=run.organisation_id, now=now)
        key = (system.source, system.source_id)
        asked = "systems" in (row.candidates or {})
        if not asked and ((system.source_id and key in taken) or row.match_key in keys):
            raise RegisterChanged
        if key in taken:
            system.source_id = ""  # a person said that it is another one; the id stays in its record
        elif system.source_id:
            taken.add(key)
        systems.append(system)
    _insert(systems, [row.pk for row in rows])


def _insert(systems: list[System], row_ids: list[int]) -> None:
    """Write new systems, and say of each staged row which it became. What is large goes from table to table inside the database:
    others wait while this runs, and taking it through Python took twice as long."""
    quoted = connection.ops.quote_name
    fields = [field for field in System._meta.concrete_fields if not field.primary_key and field.name not in ("record", *COPIED)]
    large = ("record", *COPIED)
    columns = ", ".join(quoted(name) for name in (*(field.column for field in fields), *large))
    given = ", ".join(["%s"] * len(fields) + [f"staged.{quoted(name)}" for name in large])
    insert = (
        f"INSERT INTO {quoted(System._meta.db_table)} ({columns}) SELECT {given} FROM {quoted(ImportRow._meta.db_table)} staged "  # noqa: S608
        "WHERE staged.id = %s RETURNING id"
    )
    with connection.cursor() as cursor:
        for system, row_id in zip(systems, row_ids, strict=True):
            values = [field.get_db_prep_save(getattr(system, field.attname), connection) for field in fields]
            cursor.execute(insert, [*values, row_id])
            system.pk = cursor.fetchone()[0]
    _point_at([(system.pk, row_id) for system, row_id in zip(systems, row_ids, strict=True)])


def _point_at(pairs: list[tuple[int, int]]) -> None:
    """Say of staged rows (second) which system (first) they became. Not bulk_update: its CASE for each row took a third of the time for
    which others wait."""
    table, system, key = (connection.ops.quote_name(name) for name in (ImportRow._meta.db_table, "system_id", "id"))
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {system} = %s WHERE {key} = %s", pairs)  # noqa: S608  (names of our own)


@service("matters.undo_import")
def undo_import(*, actor: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Take an applied import back, as one act: delete what it created and nothing uses, restore what it changed.

    What was edited or put to use since is left as it is, and listed in the report. Undoing twice undoes once.
    """
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", run)
        if not ImportRun.objects.filter(pk=run.pk, state=State.APPLIED).update(state=State.UNDONE, finished_at=now):
            run.refresh_from_db()
            if run.state != State.UNDONE:
                raise ValidationError(_("The import was not applied, so there is nothing to undo."))
            work.nothing_happened()
            return run
        report = ImportRun.objects.values_list("report", flat=True).get(pk=run.pk)
        applied_at = report["applied_at"]
        kept: list[dict[str, Any]] = []
        restored = sum(_restore(rows, applied_at, kept) for rows in _chunks(run.rows.filter(outcome=Outcome.UPDATE)))
        crash_point("import.undo.half")
        deleted = sum(_delete(rows, applied_at, kept) for rows in _chunks(run.rows.filter(outcome=Outcome.CREATE)))
        report["undo"] = {"deleted": deleted, "restored": restored, "kept": kept}
        ImportRun.objects.filter(pk=run.pk).update(report=report)
        work.record(
            "matters.import_undone", run, organisation=run.organisation_id, deleted=deleted, restored=restored, kept=len(kept)
        )
    run.refresh_from_db()
    return run


def _restore(rows: list[ImportRow], applied_at: str, kept: list[dict[str, Any]]) -> int:
    systems = System.objects.select_for_update().in_bulk([row.system_id for row in rows if row.system_id])
    restored = []
    for row in rows:
        system = systems.get(row.system_id)
        if system is None or system.updated_at.isoformat() != applied_at:
            kept.append(_left(row, system, "edited" if system else "gone"))
            continue
        for name in FIELDS:
            setattr(system, name, row.before[name])
        system.updated_at = datetime.fromisoformat(row.before["updated_at"])
        restored.append(system)
    _write(restored)
    return len(restored)


def _delete(rows: list[ImportRow], applied_at: str, kept: list[dict[str, Any]]) -> int:
    systems = System.objects.select_for_update().only("updated_at").in_bulk([row.system_id for row in rows if row.system_id])
    used = _used(systems)
    doomed = []
    for row in rows:
        system = systems.get(row.system_id)
        if system is None:
            continue  # someone deleted it already, which is what undoing asks for
        if system.pk in used:
            kept.append(_left(row, system, "used"))
        elif system.updated_at.isoformat() != applied_at:
            kept.append(_left(row, system, "edited"))
        else:
            doomed.append(system.pk)
    System.objects.filter(pk__in=doomed).only("pk").delete()
    return len(doomed)


def _used(systems) -> set[int]:
    """Keys of the systems that something refers to: matters, components, whatever rooms hang on them. Staged rows do not count."""
    found: set[int] = set()
    for relation in System._meta.related_objects:
        if relation.related_model is ImportRow:
            continue
        name = relation.field.name
        found.update(relation.related_model._default_manager.filter(**{f"{name}__in": list(systems)}).values_list(name, flat=True))
    return found


def _left(row: ImportRow, system: System | None, why: str) -> dict[str, Any]:
    return {"row": row.number, "name": row.name, "system": system.pk if system else None, "why": why}


@service("matters.discard_import")
def discard_import(*, actor: Actor, now: datetime, run: ImportRun) -> ImportRun:
    """Throw away what was staged; nothing of it came into the register. Discarding twice discards once."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.manage_import", run)
        open_states = (State.STAGING, State.READY, State.FAILED)
        if not ImportRun.objects.filter(pk=run.pk, state__in=open_states).update(state=State.DISCARDED, finished_at=now):
            run.refresh_from_db()
            if run.state != State.DISCARDED:
                raise ValidationError(_("The import was applied. Undo it instead."))
            work.nothing_happened()
            return run
        _drop_rows(run)
        work.record("matters.import_discarded", run, organisation=run.organisation_id)
        work.after_commit(lambda: keeping.forget(run.stored_as))
    run.refresh_from_db()
    return run
