"""What the services of assessments share: locked rows, evidence for the case, tasks. They take the open unit of work first."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import open_versions, saved_reading, typed_content, typed_reading
from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.apps.assessments.questions import content_hash, instrument_of, said
from trygg.kernel.access import Actor, Role
from trygg.kernel.people.models import Organisation
from trygg.kernel.work.tasks import close_task, open_task
from trygg.spine.assurance.models import Evidence
from trygg.spine.assurance.evidence import add_evidence, case_of, withdraw_evidence

SOURCE = "assessments.assessment"  # source type of the evidence that an assessment gives
SECTION = "assessments.section"  # subject type of tasks
State = SectionAssignment.State


def locked(section: SectionAssignment) -> SectionAssignment:
    """The section's row, locked: two who save at once come one after the other."""
    rows = SectionAssignment.objects.select_for_update(of=("self",))
    return rows.select_related("assessment__matter", "assessment__pack", "organisation").get(pk=section.pk)


def locked_assessment(assessment: Assessment) -> Assessment:
    rows = Assessment.objects.select_for_update(of=("self",))
    return rows.select_related("matter", "pack").get(pk=assessment.pk)


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


def left(reading, section: SectionAssignment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(questions without an answer or evidence, all questions that are asked) of a section."""
    missing = tuple(item.id for item in reading.missing(section.section_id))
    return missing, tuple(item.id for item in reading.visible(section.section_id))


def mark_begun(section: SectionAssignment) -> None:
    """A section whose typed content is not what was saved is not done (any more)."""
    digest = content_hash({"section": section.section_id, "answers": typed_content(section)})
    waits = open_versions(section)
    if section.state == State.TODO or (section.state == State.DONE and (digest != section.saved_hash or waits)):
        section.state = State.BEGUN
        section.save(update_fields=["state"])


def set_state(sections: Sequence[SectionAssignment], state: str) -> None:
    SectionAssignment.objects.filter(pk__in=[section.pk for section in sections]).update(state=state)


def asked_sections(assessment: Assessment) -> tuple:
    """(reading of what is typed, the sections that ask anything at this depth)."""
    sections = list(assessment.sections.select_related("organisation"))
    reading = typed_reading(assessment, sections)
    return reading, [section for section in sections if reading.asks_anything(section.section_id)]


def publish(work, assessment: Assessment, now: datetime) -> None:
    """Make the completed answers the evidence of the case: it is worked out again before the commit."""
    sections = [section for section in assessment.sections.all() if section.saved_at is not None]
    counting = saved_reading(assessment, sections).counting
    # As old as the section that was gone through longest ago: one fresh page does not make the others fresh.
    valid_from = timezone.localdate(min((section.saved_at for section in sections), default=now))
    digest = content_hash(counting)
    present = Evidence.objects.filter(source_type=SOURCE, source_id=str(assessment.pk), withdrawn_at=None).first()
    if present is not None and present.content_hash == digest and present.valid_from == valid_from:
        return
    if assessment.previous_id is not None:
        withdraw_evidence(work, source_type=SOURCE, source_id=str(assessment.previous_id), now=now)
    if not counting:
        withdraw_evidence(work, source_type=SOURCE, source_id=str(assessment.pk), now=now)
    else:
        add_evidence(
            work, case=case_of(assessment.matter), kind="answers", key=assessment.instrument_id, title=said(assessment.pack.title)[:300],
            source_type=SOURCE, source_id=str(assessment.pk), params={"answers": counting}, valid_from=valid_from, content_hash=digest,
            system_version=assessment.matter.system_version, now=now,
        )  # fmt: skip


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
        work, code="assessments.answer_section", params=section_params(section), path=section_path(section), subject_type=SECTION,
        subject_id=str(section.pk), organisation_id=section.organisation_id, assignee_id=section.membership_id,
        role="" if section.membership_id else role_for(section.organisation), due_on=section.due_on, now=now,
    )  # fmt: skip


def close_section_task(work, section: SectionAssignment, now: datetime) -> None:
    close_task(work, code="assessments.answer_section", subject_type=SECTION, subject_id=str(section.pk), now=now)


def settle_sign_off_tasks(work, assessment: Assessment, now: datetime) -> None:
    """Ask each organisation to sign when its sections are done, and the owner to lock when all have signed."""
    _reading, asked = asked_sections(assessment)
    path = reverse("assessments:overview", args=[assessment.pk])
    system = assessment.matter.system
    common = {
        "params": {"title": assessment.pack.title, "system": system.name if system else ""}, "path": path,
        "subject_type": SOURCE, "subject_id": str(assessment.pk), "now": now,
    }  # fmt: skip
    waiting = assessment.is_open and bool(asked)
    by_organisation: dict[int, list[SectionAssignment]] = {}
    for section in asked:
        by_organisation.setdefault(section.organisation_id, []).append(section)
    ready = {
        pk: sections for pk, sections in by_organisation.items()
        if waiting and {s.state for s in sections} <= {State.DONE, State.SIGNED} and any(s.state == State.DONE for s in sections)
    }  # fmt: skip
    given_once = {section.organisation_id for section in assessment.sections.all()}
    for pk in given_once - ready.keys():
        close_task(
            work,
            code="assessments.sign_off",
            subject_type=SOURCE,
            subject_id=str(assessment.pk),
            now=now,
            organisation_id=pk,
        )
    for pk, sections in ready.items():
        person = sections[0].membership_id if len({s.membership_id for s in sections}) == 1 else None
        role = "" if person else role_for(sections[0].organisation)
        open_task(work, code="assessments.sign_off", organisation_id=pk, assignee_id=person, role=role, **common)
    if waiting and all(section.state == State.SIGNED for section in asked):
        owner = assessment.matter.owner
        open_task(work, code="assessments.lock_assessment", organisation_id=owner.pk, role=role_for(owner), **common)
    else:
        close_task(
            work, code="assessments.lock_assessment", subject_type=SOURCE, subject_id=str(assessment.pk), now=now
        )
