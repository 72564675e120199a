"""Writing an archive in the background, with visible progress; it can be cancelled, and begun again when a worker died."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks import task

from trygg.kernel.access import Actor
from trygg.kernel.archive.keeping import path_of
from trygg.kernel.archive.leaving import write_archive
from trygg.kernel.archive.models import Export
from trygg.kernel.archive.services import exporting
from trygg.kernel.ledger.checkpoints import LedgerInconsistent, make_checkpoint
from trygg.kernel.ledger.faults import disk_fault
from trygg.kernel.ledger.keys import LedgerKeyMissing

log = logging.getLogger("trygg.archive")
ACTOR = Actor.system("archive")
EVERY = 1.0  # seconds between two notes of how far it is


class Cancelled(Exception):
    """The export was cancelled while it was written."""


def start(export: Export) -> None:
    """Put the writing into the queue. Twice does no harm: each writes its own file, and the first that is whole counts."""
    write_in_background.enqueue(export.pk)


@task()
def write_in_background(export_id: int) -> None:
    """The job. An export that was cancelled meanwhile is left alone."""
    export = Export.objects.select_related("organisation").filter(pk=export_id, state__in=exporting.UNDER_WAY).first()
    if export is not None:
        write(export)


def write(export: Export) -> Export:
    """Write the archive and finish; or say on the export why it cannot be written."""
    if not exporting.begin_writing(export):
        return export
    sign_first()
    path = path_of(export.pk)
    try:
        with notes_of(export) as note:
            left = write_archive(export.organisation, path, now=timezone.now(), progress=note)
        done = exporting.finish_export(actor=ACTOR, now=timezone.now(), export=export, left=left)
    except Cancelled:
        log.info("archive %s was cancelled", export.pk)
        export.refresh_from_db()
        return export
    except LedgerKeyMissing:
        return exporting.fail_export(actor=ACTOR, now=timezone.now(), export=export, fault="no_key")
    except (DatabaseError, OSError) as error:
        fault = disk_fault(error)
        if fault is None:
            exporting.fail_export(actor=ACTOR, now=timezone.now(), export=export, fault="other")
            raise
        log.error("archive %s stopped: %s", export.pk, error)
        return exporting.fail_export(actor=ACTOR, now=timezone.now(), export=export, fault=fault)
    if done.state != Export.State.READY:  # cancelled in the last moment
        path.unlink(missing_ok=True)
    return done


def sign_first() -> None:
    """A fresh checkpoint, so that the newest entries come along; without one the last signed ones do."""
    try:
        make_checkpoint(now=timezone.now())
    except (LedgerKeyMissing, LedgerInconsistent) as error:
        log.warning("the record is not signed anew: %s", error)


@contextmanager
def notes_of(export: Export) -> Iterator[Callable[[int, int], None]]:
    """Says how far it is, beside the moment that is read; raises Cancelled once the export is no longer to be written."""
    beside: Any = connection if connection.in_atomic_block else connection.copy()
    table = connection.ops.quote_name(Export._meta.db_table)
    last = 0.0

    def note(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < EVERY:
            return
        last = now
        with beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET done = %s, total = %s WHERE id = %s AND state = %s",  # noqa: S608  (a name of ours)
                [done, total or None, export.pk, Export.State.WRITING.value],
            )
            if cursor.rowcount == 0:
                raise Cancelled

    try:
        yield note
    finally:
        if beside is not connection:
            beside.close()
