"""Reading a register file in the background, with visible progress; and the same in-process, for the command line."""

import logging

from django.db import DatabaseError
from django.utils import timezone
from django_tasks import task

from trygg.engines.records import MappingError, ReadError
from trygg.kernel.access import Actor
from trygg.spine.matters.imports import reading, services, wording
from trygg.spine.matters.models import ImportRun

log = logging.getLogger("trygg.imports")
ACTOR = Actor.system("import")


def start(run: ImportRun) -> None:
    """Put the reading of a run into the queue. Putting it there twice does no harm: only one of the two gets anywhere."""
    read_in_background.enqueue(run.pk)


@task()
def read_in_background(run_id: int) -> None:
    """The job. A run that was discarded meanwhile is left alone."""
    run = ImportRun.objects.filter(pk=run_id, state=ImportRun.State.STAGING).exclude(mapping={}).first()
    if run is not None:
        read(run)


def read(run: ImportRun) -> ImportRun:
    """Stage the rows and finish; or say on the run why the file cannot be read. A full disk leaves the run as if unread."""
    try:
        reading.stage_rows(run)
        return services.finish_staging(actor=ACTOR, now=timezone.now(), run=run)
    except reading.ReadByAnother:
        log.info("import %s is read by another worker, or over", run.pk)
        return run
    except ReadError as error:
        return _fail(run, error.code, error.params, str(error))
    except MappingError as error:
        return _fail(run, "mapping", {}, str(error))
    except (DatabaseError, OSError) as error:
        reason = services.fault_of(error)
        if reason is None:
            raise
        log.error("import %s stopped: %s", run.pk, error)
        return _fail(run, reason, {}, str(wording.FAULTS[reason]))


def _fail(run: ImportRun, code: str, params: dict, text: str) -> ImportRun:
    return services.fail_import(actor=ACTOR, now=timezone.now(), run=run, code=code, params=params, text=text)
