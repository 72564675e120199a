"""The acts of an export: ask, (written in the background), fetch, cancel, and what goes when its time is over."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.archive.keeping import path_of
from trygg.kernel.archive.leaving import Left
from trygg.kernel.archive.models import Export
from trygg.kernel.ledger import recorded_later, service, unit_of_work
from trygg.kernel.people.models import Organisation

KEPT = timedelta(days=7)
State = Export.State
UNDER_WAY = (State.WAITING, State.WRITING)


@service("archive.ask_for_export")
def ask_for_export(*, actor: Actor, now: datetime, organisation: Organisation, purpose: str) -> Export:
    """Ask for the archive of a whole organisation. ValidationError without a purpose, or while another is being written."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "archive.export_organisation", organisation)
        if not purpose.strip():
            raise ValidationError({"purpose": _("Write what the archive is for.")})
        Organisation.objects.select_for_update().get(pk=organisation.pk)  # two who ask at once come one after the other
        if Export.objects.filter(organisation=organisation, state__in=UNDER_WAY).exists():
            raise ValidationError(_("An archive is being written already. Wait for it, or cancel it first."))
        export = Export.objects.create(
            organisation=organisation, asked_by=actor.name[:200], asked_at=now, purpose=purpose.strip()[:300]
        )
        work.record("archive.export_asked", export, organisation=organisation.pk, details={"purpose": export.purpose})
    return export


def begin_writing(export: Export) -> bool:
    """Say that somebody writes it now; False when it was cancelled or is over. No act of its own: its end is recorded."""
    with recorded_later():
        return bool(Export.objects.filter(pk=export.pk, state__in=UNDER_WAY).update(state=State.WRITING, done=0, total=None))


@service("archive.finish_export")
def finish_export(*, actor: Actor, now: datetime, export: Export, left: Left) -> Export:
    """The archive is written. When it was cancelled meanwhile, or another worker was first, it stays as it is."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "archive.export_organisation", export.organisation)
        report = {
            "rows": left.rows, "named": left.named, "held_back": left.held_back, "outside": left.outside, "files": left.files,
            "shut": left.shut, "lost": len(left.lost), "entries": left.entries,
        }  # fmt: skip
        ready = {"state": State.READY, "finished_at": now, "expires_at": now + KEPT, "sha256": left.sha256, "size": left.size, "report": report}
        if not Export.objects.filter(pk=export.pk, state=State.WRITING).update(**ready):
            work.nothing_happened()
        else:
            work.record(
                "archive.export_written", export, organisation=export.organisation_id, archive=left.sha256, size=left.size,
                rows=sum(left.rows.values()), files=left.files, entries=left.entries,
            )  # fmt: skip
    export.refresh_from_db()
    return export


@service("archive.fail_export")
def fail_export(*, actor: Actor, now: datetime, export: Export, fault: str) -> Export:
    """The archive could not be written; `fault` is a code that is worded where it is shown."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "archive.export_organisation", export.organisation)
        if not Export.objects.filter(pk=export.pk, state=State.WRITING).update(state=State.FAILED, finished_at=now, fault=fault):
            work.nothing_happened()
        else:
            work.record("archive.export_failed", export, organisation=export.organisation_id, reason=fault)
    export.refresh_from_db()
    return export


@service("archive.cancel_export")
def cancel_export(*, actor: Actor, now: datetime, export: Export) -> Export:
    """Stop an archive that is being written, or delete one that is ready. Nothing of it stays on the disk."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "archive.manage_export", export)
        export.refresh_from_db()
        over = State.DELETED if export.fetched else State.CANCELLED
        if not Export.objects.filter(pk=export.pk, state__in=(*UNDER_WAY, State.READY)).update(state=over, expires_at=None):
            work.nothing_happened()
        else:
            work.record("archive.export_cancelled", export, organisation=export.organisation_id)
            work.after_commit(lambda: path_of(export.pk).unlink(missing_ok=True))
    export.refresh_from_db()
    return export


@service("archive.fetch_export")
def fetch_export(*, actor: Actor, now: datetime, export: Export) -> Path:
    """Where the archive lies, for the one who fetches it; each fetch is recorded. ValidationError when its time is over."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "archive.manage_export", export)
        export.refresh_from_db()
        if export.state != State.READY or export.expires_at <= now or not path_of(export.pk).is_file():
            raise ValidationError(_("This archive is not kept any more. Ask for a new one."))
        Export.objects.filter(pk=export.pk).update(fetched=export.fetched + 1)
        work.record("archive.export_fetched", export, organisation=export.organisation_id, archive=export.sha256, time=export.fetched + 1)
    return path_of(export.pk)


@service("archive.delete_expired")
def delete_expired(*, actor: Actor, now: datetime) -> int:
    """The nightly job: delete archives whose time is over; returns how many."""
    with unit_of_work(actor=actor, now=now) as work:
        if not actor.is_system:
            raise Denied("archive.delete_expired")
        over = list(Export.objects.filter(state=State.READY, expires_at__lte=now).order_by("pk"))
        if not over:
            work.nothing_happened()
        for export in over:
            Export.objects.filter(pk=export.pk).update(state=State.DELETED)
            _record_deletion(work, export)
    return len(over)


def _record_deletion(work: Any, export: Export) -> None:
    work.record("archive.exports_deleted", export, organisation=export.organisation_id, archive=export.sha256)
    work.after_commit(lambda: path_of(export.pk).unlink(missing_ok=True))
