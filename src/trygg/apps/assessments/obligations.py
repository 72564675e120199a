"""What follows from a result: the tasks of a matter's instrument, by what they are about, and as pages show them."""

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from trygg.apps.assessments.models import Assessment
from trygg.kernel.access import NOTHING, Actor, restrict, rule
from trygg.kernel.files.models import StoredFile
from trygg.kernel.work.models import Task

OBLIGATION = "assessments.obligation"  # code and subject type of the tasks
ESCALATED = "assessments.escalated"
CODES = (OBLIGATION, ESCALATED)
RESULT_FILES = "assessments.obligation"  # subject type of files: the task


def prefix_of(assessment: Assessment) -> str:
    """How the subject ids begin of everything that follows from one instrument in one matter, whatever the revision."""
    return f"{assessment.matter_id}-{sha256(assessment.instrument_id.encode()).hexdigest()[:12]}-"


@rule("assessments.view_obligation", Task)
def view_obligation(actor: Actor) -> Q:
    """Whose task it is."""
    condition = restrict(actor, "work.view_task").filter(code__in=CODES)
    return Q(pk__in=condition.values("pk")) if actor.is_system or actor.signed_in else NOTHING


@rule("assessments.fulfil_obligation", Task)
def fulfil_obligation(actor: Actor) -> Q:
    """Whose task it is. Guests do not: the organisation has not vouched for them."""
    return NOTHING if actor.guest else view_obligation(actor)


@dataclass(frozen=True)
class Following:
    """A task that followed from a result, as the overview shows it."""

    task: Task
    file: StoredFile | None
    who: str
    mine: bool

    @property
    def state(self) -> str:
        """open, done, or lapsed."""
        if self.task.done_at is None:
            return "open"
        return "done" if self.task.params.get("fulfilled") else "lapsed"


def following_from(actor: Actor, assessment: Assessment) -> list[Following]:
    """Everything that followed from this instrument in the matter; for those who see all of the assessment."""
    rows = Task.objects.filter(subject_type__in=CODES, subject_id__startswith=prefix_of(assessment))
    tasks = list(rows.select_related("organisation", "assignee__person").order_by("done_at", "due_on", "pk"))
    files = StoredFile.objects.filter(
        subject_type=RESULT_FILES, subject_id__in=[str(task.pk) for task in tasks], removed_at=None, quarantined_at=None
    )
    by_task = {stored.subject_id: stored for stored in files}
    mine = set(restrict(actor, "assessments.view_obligation").filter(pk__in=[t.pk for t in tasks]).values_list("pk", flat=True))
    return [Following(task, by_task.get(str(task.pk)), _who(task), task.pk in mine) for task in tasks]


def _who(task: Task) -> str:
    return task.assignee.person.shown_name if task.assignee else task.organisation.name


def files_seen(actor: Actor) -> QuerySet:
    """Ids, as text, of the tasks whose evidence the actor may download: the own, and those of assessments seen whole."""
    own = restrict(actor, "assessments.view_obligation")
    seen = Q(pk__in=own.values("pk"))
    whole = restrict(actor, "assessments.view_whole").values_list("pk", flat=True)
    tasks = Task.objects.filter(code__in=CODES)
    if not actor.is_system:
        tasks = tasks.filter(seen | Q(params__assessment__in=list(whole)))
    return tasks.annotate(text_id=Cast("pk", CharField())).values("text_id")
