"""Counting uploaded rows in the background. Nothing of a row is kept but the counts."""

import logging

from django.utils import timezone
from django_tasks import task

from trygg.apps.fairness import keeping, services
from trygg.apps.fairness.models import Audit
from trygg.apps.fairness.question import AuditError, question_of
from trygg.engines import fairness, tabular
from trygg.engines.tabular import TableError
from trygg.kernel.access import Actor

log = logging.getLogger("trygg.fairness")
ACTOR = Actor.system("fairness")
STAGES = {
    "cube": "counting",
    "groups": "comparing",
    "comparisons": "comparing",
    "disclosure": "protecting",
    "further": "protecting",
}


def start(audit: Audit) -> None:
    """Put the counting into the queue. Twice does no harm: the second finds nothing to do."""
    count_in_background.enqueue(audit.pk)


@task()
def count_in_background(audit_id: int) -> None:
    """The job."""
    audit = (
        Audit.objects.filter(pk=audit_id, state=Audit.State.WORKING)
        .select_related("rows", "matter", "previous")
        .first()
    )
    if audit is not None:
        count(audit)


def count(audit: Audit) -> Audit:
    """Work the audit out, or say on it why that cannot be. The rows are deleted either way."""
    rows = audit.rows
    act = {"actor": ACTOR, "audit": audit}
    try:
        spec = question_of(audit.question).spec()
        with tabular.open_table(keeping.path_of(rows.sha256, rows.file_name)) as table:
            cube = fairness.build_cube(table, spec)
            changed = table.finish()
        del changed
        exact = fairness.audit_cube(
            cube, spec, public=False, input_name="", progress=lambda step, _share: _stage(audit, step)
        )
        earlier = [fairness.earlier_from(other.public, f"{other.number}") for other in _published(audit)]
        public = fairness.audit_cube(cube, spec, public=True, earlier=earlier)
    except (AuditError, TableError) as error:
        return services.fail_audit(**act, now=timezone.now(), code=error.code, text=str(error))
    except OSError as error:
        log.error("audit %s stopped: %s", audit.pk, error)
        return services.fail_audit(**act, now=timezone.now(), code="unreadable", text=str(error.strerror or ""))
    return services.finish_audit(**act, now=timezone.now(), exact=exact, public=public)


def _stage(audit: Audit, step: str) -> None:
    Audit.objects.filter(pk=audit.pk, state=Audit.State.WORKING).update(stage=STAGES.get(step, ""))


def _published(audit: Audit) -> list[Audit]:
    """Earlier results of the same matter: two releases beside each other must not tell who came between."""
    return list(Audit.objects.filter(matter=audit.matter, public__isnull=False).exclude(pk=audit.pk).order_by("pk"))
