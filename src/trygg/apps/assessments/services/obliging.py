"""What a level asks of somebody, and what an answer asks of the overseer: tasks that follow the result, and saying they are done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import Whole
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.obligations import ESCALATED, OBLIGATION, RESULT_FILES, prefix_of
from trygg.apps.assessments.questions import Reading
from trygg.engines.instruments import Flag, Instrument, assess, raised_as
from trygg.kernel.access import Actor, Role, require
from trygg.kernel.files.services import store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.work.models import Task
from trygg.kernel.work.tasks import close_task, open_task
from trygg.spine.matters.models import Matter

MAX_NOTE = 5_000


@dataclass(frozen=True)
class Duty:
    """What somebody is to do. `key` names it within the instrument; `text` in the languages of the instrument."""

    key: str
    text: Mapping[str, str]
    role: str
    level: Mapping[str, str]
    due_on: date | None = None
    evidence: str = "none"
    path: str = ""


@dataclass(frozen=True)
class Holder:
    """Whose task it is. `instead`: nobody here holds the role that was named."""

    organisation_id: int
    membership_id: int | None
    role: str
    instead: bool = False


def settle_obligations(work: UnitOfWork, whole: Whole, reading: Reading, now: datetime) -> None:
    """After a lock: what the levels ask becomes tasks; what they no longer ask is closed, with the reason."""
    found = assess(reading.instrument, reading.values, reading.depth, reading.phase)
    today = timezone.localdate(now)
    duties, levels = [], []
    for score in found.scores:
        scale = reading.instrument.scale(score.scale)
        band = next((each for each in scale.bands if each.id == score.band), None)
        if band is None:
            continue
        levels.append(dict(band.title))
        duties += [
            Duty(
                key=f"{scale.id}/{each.id}",
                text=each.text,
                role=each.role,
                level=band.title,
                due_on=today + timedelta(days=each.due_days) if each.due_days is not None else None,
                evidence=str(each.evidence),
            )
            for each in band.obligations
        ]
    _settle(work, whole, reading.instrument, OBLIGATION, duties, levels[0] if levels else {}, now)


def settle_escalations(work: UnitOfWork, whole: Whole, reading: Reading, now: datetime) -> None:
    """Whenever answers count: each that is to be taken further becomes a task for the overseer, until it is answered otherwise."""
    instrument = reading.instrument
    flagged = ((item, choice) for item in instrument.items.values() for choice in _choices(item) if choice.flag)
    if not any(raised_as(item, choice.flag) is Flag.ESCALATE for item, choice in flagged):
        return
    found = assess(instrument, reading.values, reading.depth, reading.phase)
    sections = {section.section_id: section for section in whole.sections}
    duties = {
        raised.item: Duty(
            key=raised.item,
            text=instrument.items[raised.item].text,
            role="overseer",
            level={},
            path=f"{reverse('assessments:section', args=[sections[instrument.items[raised.item].section].pk])}#q-{raised.item}",
        )
        for raised in found.flags
        if raised.flag is Flag.ESCALATE
    }
    _settle(work, whole, instrument, ESCALATED, list(duties.values()), {}, now)


def _choices(item) -> list:
    levels = [level for dimension in item.matrix.dimensions for level in dimension.levels] if item.matrix else []
    return [*item.choices, *levels]


def _settle(
    work: UnitOfWork,
    whole: Whole,
    instrument: Instrument,
    code: str,
    duties: Sequence[Duty],
    level: Mapping[str, str],
    now: datetime,
) -> None:
    assessment = whole.assessment
    matter, prefix = assessment.matter, prefix_of(assessment)
    tasks = list(Task.objects.filter(code=code, subject_type=code, subject_id__startswith=prefix).order_by("pk"))
    wanted = {prefix + sha256(duty.key.encode()).hexdigest()[:16]: duty for duty in duties}
    for task in tasks:
        if task.done_at is None and task.subject_id not in wanted:
            task.params |= {"lapsed": dict(level), "revision": assessment.revision}
            task.save(update_fields=["params"])
            close_task(work, code=code, subject_type=code, subject_id=task.subject_id, now=now)
            work.record(
                f"{code}_lapsed", assessment, organisation=matter.owner_id, key=task.params["key"], revision=assessment.revision
            )
    for subject, duty in wanted.items():
        before = [task for task in tasks if task.subject_id == subject]
        if any(task.done_at is not None and task.params.get("fulfilled") for task in before):
            continue  # it was done, and holds still
        _open(work, assessment, instrument, code, subject, duty, next((t for t in before if t.done_at is None), None), now)


def _open(
    work: UnitOfWork,
    assessment: Assessment,
    instrument: Instrument,
    code: str,
    subject: str,
    duty: Duty,
    standing: Task | None,
    now: datetime,
) -> None:
    matter = assessment.matter
    holder = holder_of(matter, duty.role, now)
    where = duty.path or reverse("assessments:overview", args=[assessment.pk])
    named = next((dict(role.title) for role in instrument.roles if role.id == duty.role), {})
    task = open_task(
        work,
        code=code,
        params={
            "key": duty.key,
            "text": dict(duty.text),
            "title": assessment.pack.title,
            "system": matter.system.name if matter.system else "",
            "level": dict(duty.level),
            "role": duty.role,
            "role_title": named,
            "instead": holder.instead,
            "evidence": duty.evidence,
            "assessment": assessment.pk,
            "revision": assessment.revision,
            "where": where,
        },
        path=standing.path if standing else where,
        subject_type=code,
        subject_id=subject,
        organisation_id=standing.organisation_id if standing else holder.organisation_id,
        assignee_id=holder.membership_id,
        role="" if holder.membership_id else holder.role,
        due_on=standing.due_on if standing else duty.due_on,  # locked again at the same level: the day stays
        now=now,
    )
    if standing is None:
        task.path = reverse("assessments:obligation", args=[task.pk])
        task.save(update_fields=["path"])
        work.record(
            f"{code}_made" if code == OBLIGATION else code,
            assessment,
            organisation=matter.owner_id,
            key=duty.key,
            revision=assessment.revision,
            role=duty.role,
        )


def holder_of(matter: Matter, role: str, now: datetime) -> Holder:
    """Who holds a role in this matter. Nobody there: the accountable person; nobody there either: the owner's officers."""
    named = {"accountable": matter.accountable, "overseer": matter.overseer}
    person = named.get(role)
    if person is not None and person.in_force(now):
        return Holder(matter.owner_id, person.pk, role)
    if role == Role.VENDOR and matter.system is not None and matter.system.vendor_id and _held(matter.system.vendor, role, now):
        return Holder(matter.system.vendor_id, None, role)
    if role in set(Role) and role != Role.VENDOR and _held(matter.owner, role, now):
        return Holder(matter.owner_id, None, role)
    if matter.accountable is not None and matter.accountable.in_force(now):
        return Holder(matter.owner_id, matter.accountable_id, "accountable", instead=True)
    return Holder(matter.owner_id, None, str(Role.OFFICER), instead=role != Role.OFFICER)


def _held(organisation: Organisation, role: str, now: datetime) -> bool:
    rows = Membership.objects.filter(organisation=organisation, role=role, guest=False)
    return any(membership.in_force(now) for membership in rows)


@service("assessments.fulfil_obligation")
def fulfil_obligation(
    *, actor: Actor, now: datetime, task: Task, note: str, upload: CheckedUpload | None = None
) -> Task:
    """Say that what a level, or an answer, asked of one is done: how, and with what evidence. ValidationError without a note,
    and without a file where the level asks for evidence. Done twice it is done once."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assessments.fulfil_obligation", task)
        task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
        if task.done_at is not None:
            work.nothing_happened()
            return task
        if not note.strip() or len(note) > MAX_NOTE:
            raise ValidationError({"note": _("Write what was done, in at most %(limit)d characters.") % {"limit": MAX_NOTE}})
        if task.params.get("evidence") == "required" and upload is None:
            raise ValidationError({"file": _("Add the evidence: this level asks for it.")})
        assessment = Assessment.objects.filter(pk=task.params["assessment"]).first()
        subject = assessment or task  # a revision that was taken back leaves the task, if what it asks holds still
        if upload is not None:
            stored = store_file(
                work,
                upload=upload,
                subject_type=RESULT_FILES,
                subject_id=str(task.pk),
                organisation=task.organisation,
                now=now,
            )
            task.params |= {"file": stored.pk}
        task.params |= {"fulfilled": True, "note": note.strip()}
        task.done_at, task.done_by = now, actor.name
        task.save(update_fields=["params", "done_at", "done_by"])
        work.record(
            f"{task.code}_fulfilled",
            subject,
            organisation=task.organisation_id,
            key=task.params["key"],
            evidence=upload is not None,
            details={"note": note.strip()},
        )
    return task
