"""What the services of assessments share: locked rows, evidence for the case, tasks. They take the open unit of work first."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import Whole, open_versions, typed_content
from trygg.apps.assessments.dossier.outdated import evidence_content, outdated_items
from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.apps.assessments.questions import content_hash, instrument_of, said
from trygg.apps.assessments.services.obliging import settle_escalations
from trygg.kernel.access import Actor, Role
from trygg.kernel.ledger import UnitOfWork
from trygg.kernel.people.models import Organisation
from trygg.kernel.work.models import Task
from trygg.kernel.work.tasks import close_task, open_task
from trygg.spine.assurance.evidence import add_evidence, case_of, withdraw_evidence
from trygg.spine.assurance.models import Evidence

SOURCE = "assessments.assessment"  # source type of the evidence that an assessment gives
SECTION = "assessments.section"  # subject type of tasks
State = SectionAssignment.State


def locked(section: SectionAssignment) -> SectionAssignment:
    """The section's row, locked: two who save at once come one after the other."""
    rows = SectionAssignment.objects.select_for_update(of=("self",))
    related = ("matter__case", "matter__system", "matter__owner", "pack")
    return rows.select_related("organisation", *(f"assessment__{name}" for name in related)).get(pk=section.pk)


def locked_assessment(assessment: Assessment) -> Assessment:
    rows = Assessment.objects.select_for_update(of=("self",))
    return rows.select_related("matter__case", "matter__system", "matter__owner", "pack").get(pk=assessment.pk)


def items_of(section: SectionAssignment) -> list[str]:
    found = next((s for s in instrument_of(section.assessment).sections if s.id == section.section_id), None)
    return [item.id for item in found.items] if found else []


def check_item(section: SectionAssignment, item_id: str) -> None:
    if item_id not in items_of(section):
        raise ValidationError(_("There is no such question in this section."))


def acting_organisation(actor: Actor, section: SectionAssignment) -> Organisation:
    if actor.organisation_id is None:
        return section.organisation
    return Organisation.objects.get(pk=actor.organisation_id)


def left(whole: Whole, section: SectionAssignment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(questions without an answer of one's own or evidence, all questions that are asked) of a section."""
    asked = tuple(item.id for item in whole.reading.visible(section.section_id))
    open_ones = {item.id for item in whole.reading.missing(section.section_id)} | set(whole.unconfirmed(section))
    return tuple(item_id for item_id in asked if item_id in open_ones), asked


def mark_begun(section: SectionAssignment, content: Mapping | None = None) -> None:
    """A section whose typed content is not what was saved is not done (any more)."""
    if section.state not in (State.TODO, State.DONE):
        return
    content = typed_content(section) if content is None else content
    if section.state == State.TODO or section_hash(section, content) != section.saved_hash or open_versions(section):
        section.state = State.BEGUN
        section.save(update_fields=["state"])


def section_hash(section: SectionAssignment, content: Mapping) -> str:
    """The hash by which a section is recorded."""
    return content_hash({"section": section.section_id, "answers": content})


def set_state(sections: Sequence[SectionAssignment], state: str) -> None:
    for section in sections:
        section.state = state
    SectionAssignment.objects.filter(pk__in=[section.pk for section in sections]).update(state=state)


def publish(work: UnitOfWork, whole: Whole, now: datetime) -> None:
    """Make the completed answers the evidence of the case: it is worked out again before the commit."""
    assessment = whole.assessment
    reading = whole.saved_reading()
    settle_escalations(work, whole, reading, now)
    counting = reading.counting
    # As old as the section that was gone through longest ago: one fresh page does not make the others fresh.
    saved = [section.saved_at for section in whole.sections if section.saved_at is not None]
    valid_from = timezone.localdate(min(saved, default=now))
    params, digest = evidence_content(counting, outdated_items([assessment.pk]).get(assessment.pk, ()))
    present = Evidence.objects.filter(source_type=SOURCE, source_id=str(assessment.pk), withdrawn_at=None).first()
    if present is not None and present.content_hash == digest and present.valid_from == valid_from:
        return
    if assessment.previous_id is not None:
        withdraw_evidence(work, source_type=SOURCE, source_id=str(assessment.previous_id), now=now)
    if not counting:
        withdraw_evidence(work, source_type=SOURCE, source_id=str(assessment.pk), now=now)
        return
    matter = assessment.matter
    add_evidence(
        work,
        case=matter.case if hasattr(matter, "case") else case_of(matter),
        kind="answers",
        key=assessment.instrument_id,
        title=said(assessment.pack.title),
        source_type=SOURCE,
        source_id=str(assessment.pk),
        params=params,
        valid_from=valid_from,
        content_hash=digest,
        system_version=matter.system_version,
        now=now,
    )


def section_path(section: SectionAssignment) -> str:
    return reverse("assessments:section", args=[section.pk])


def section_params(section: SectionAssignment) -> dict:
    """What tasks and notifications may say: the system's name and titles, as vendors may see them."""
    assessment = section.assessment
    found = next((s for s in instrument_of(assessment).sections if s.id == section.section_id), None)
    system = assessment.matter.system
    return {
        "title": assessment.pack.title,
        "section": dict(found.title) if found else {},
        "system": system.name if system else "",
    }


def role_for(organisation: Organisation) -> str:
    """Whose task it is when nobody in particular was asked."""
    return str(Role.VENDOR if organisation.kind == Organisation.Kind.VENDOR else Role.OFFICER)


def open_section_task(work, section: SectionAssignment, now: datetime) -> None:
    open_task(
        work,
        code="assessments.answer_section",
        params=section_params(section),
        path=section_path(section),
        subject_type=SECTION,
        subject_id=str(section.pk),
        organisation_id=section.organisation_id,
        assignee_id=section.membership_id,
        role="" if section.membership_id else role_for(section.organisation),
        due_on=section.due_on,
        now=now,
    )


def close_section_task(work, section: SectionAssignment, now: datetime) -> None:
    close_task(work, code="assessments.answer_section", subject_type=SECTION, subject_id=str(section.pk), now=now)


def settle_sign_off_tasks(work: UnitOfWork, whole: Whole, now: datetime) -> None:
    """Ask each organisation to sign when its sections are done, and the owner to lock when all have signed."""
    assessment, asked = whole.assessment, whole.asked
    wanted: dict[tuple[str, int], tuple[int | None, str]] = {}
    if assessment.is_open:
        wanted = _signatures_wanted(asked)
        if asked and all(section.state == State.SIGNED for section in asked):
            owner = assessment.matter.owner
            wanted["assessments.lock_assessment", owner.pk] = (None, role_for(owner))
    subject = {"subject_type": SOURCE, "subject_id": str(assessment.pk)}
    standing = set(Task.objects.filter(**subject, done_at=None).values_list("code", "organisation_id"))
    for code, organisation_id in standing - wanted.keys():
        close_task(work, code=code, **subject, now=now, organisation_id=organisation_id)
    system = assessment.matter.system
    params = {"title": assessment.pack.title, "system": system.name if system else ""}
    path = reverse("assessments:overview", args=[assessment.pk])
    for (code, organisation_id), (person, role) in wanted.items():
        open_task(
            work,
            code=code,
            params=params,
            path=path,
            **subject,
            organisation_id=organisation_id,
            assignee_id=person,
            role=role,
            now=now,
        )


def _signatures_wanted(asked: Sequence[SectionAssignment]) -> dict[tuple[str, int], tuple[int | None, str]]:
    """Organisations whose sections are all done and not all signed: (who by name, role) by (code, organisation)."""
    by_organisation: dict[int, list[SectionAssignment]] = {}
    for section in asked:
        by_organisation.setdefault(section.organisation_id, []).append(section)
    found: dict[tuple[str, int], tuple[int | None, str]] = {}
    for pk, sections in by_organisation.items():
        states = {section.state for section in sections}
        if State.DONE in states and states <= {State.DONE, State.SIGNED}:
            people = {section.membership_id for section in sections}
            person = people.pop() if len(people) == 1 else None
            found["assessments.sign_off", pk] = (person, "" if person else role_for(sections[0].organisation))
    return found
