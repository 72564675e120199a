"""Starting an assessment, taking it up again, and giving its sections to those who answer."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import load_whole, writer
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment
from trygg.apps.assessments.questions import instrument_of, said
from trygg.apps.assessments.services.shared import (
    State,
    close_section_task,
    locked,
    open_section_task,
    section_params,
    section_path,
    settle_sign_off_tasks,
)
from trygg.kernel.access import Actor, Denied, Role, require
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work
from trygg.kernel.people.mail import send_mail
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.work.tasks import notify
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import usable_by
from trygg.spine.frameworks.selectors import engine_pack
from trygg.spine.matters.models import Matter


@service("assessments.start_assessment")
def start_assessment(
    *, actor: Actor, now: datetime, matter: Matter, pack: PackVersion, depth: str = "light"
) -> Assessment:
    """Begin to answer an instrument for a matter; the open one is returned when there is one. Every section is the owner's at
    first. ValidationError when `pack` is no instrument, or when it was answered before: then it is taken up again."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assessments.start_assessment", matter)
        if pack.kind != "instrument":
            raise ValidationError(
                _("“%(pack)s” is not a set of questions that can be answered.") % {"pack": said(pack.title)}
            )
        if not PackVersion.objects.filter(usable_by(matter.owner), pk=pack.pk).exists():
            raise Denied("frameworks.view_pack")  # another organisation's own
        Matter.objects.select_for_update().get(pk=matter.pk)
        earlier = Assessment.objects.filter(matter=matter, instrument_id=pack.pack_id)
        running = earlier.filter(state=Assessment.State.OPEN).first()
        if running is not None:
            work.nothing_happened()
            return running
        if earlier.exists():
            raise ValidationError(
                _("These questions were answered and locked. Open that assessment and take it up again.")
            )
        return begin(work, matter, pack, depth, now)


def begin(work: UnitOfWork, matter: Matter, pack: PackVersion, depth: str, now: datetime, entries: dict | None = None) -> Assessment:
    """A new assessment with its sections, all the owner's at first. The caller has locked the matter, and knows that there is none."""
    actor = work.actor
    if not pack.current:
        raise ValidationError(
            _("Nothing new begins with these questions: they were withdrawn, or there is a newer version.")
        )
    phases = engine_pack(pack).phases
    assessment = Assessment.objects.create(
        matter=matter,
        pack=pack,
        instrument_id=pack.pack_id,
        depth=depth,
        phase=phases[0].id if phases else "",
        entries=entries or {},
        started_by=writer(actor)[:200],
        started_at=now,
    )
    sections = [
        SectionAssignment(
            assessment=assessment, section_id=section.id, order=order, organisation_id=matter.owner_id
        )
        for order, section in enumerate(instrument_of(assessment).sections)
    ]
    SectionAssignment.objects.bulk_create(sections)
    _reuse_vendor_answers(assessment, now)
    work.record(
        "assessments.assessment_started",
        assessment,
        organisation=matter.owner_id,
        instrument=pack.pack_id,
        version=pack.version,
    )
    return assessment


def _reuse_vendor_answers(assessment: Assessment, now: datetime) -> None:
    """What the vendor answered and signed for the same system in another matter of the same owner stands here to begin with."""
    matter = assessment.matter
    if matter.system_id is None:
        return
    given = (
        Answer.objects.filter(
            origin=Answer.Origin.VENDOR,
            section__state=State.SIGNED,
            section__assessment__instrument_id=assessment.instrument_id,
            section__assessment__matter__system_id=matter.system_id,
            section__assessment__matter__owner_id=matter.owner_id,
        )
        .exclude(value=None)
        .order_by("answered_at")
    )
    newest = {answer.item_id: answer for answer in given}
    items = instrument_of(assessment).items
    sections = {section.section_id: section for section in assessment.sections.all()}
    for item_id, answer in newest.items():
        if item_id not in items:
            continue
        section = sections[items[item_id].section]
        Answer.objects.create(
            section=section,
            item_id=item_id,
            value=answer.value,
            note=answer.note,
            revision=1,
            origin=Answer.Origin.REUSED,
            origin_note=answer.answered_by[:300],
            answered_by=answer.answered_by,
            answered_by_id=answer.answered_by_id,
            answered_at=answer.answered_at,
        )
        if section.state == State.TODO:
            section.state = State.BEGUN
            section.save(update_fields=["state"])


@service("assessments.assign_section")
def assign_section(
    *,
    actor: Actor,
    now: datetime,
    section: SectionAssignment,
    organisation: Organisation,
    membership: Membership | None = None,
    due_on: date | None = None,
) -> SectionAssignment:
    """Give a section to an organisation, or to one person in it, to answer. They see this section and nothing else.

    Denied unless the actor edits the matter and may ask that organisation. ValidationError for a person who is not (any more)
    in the organisation, and for another vendor than that of the system.
    """
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(section)
        require(actor, "assessments.assign_section", section)
        matter = section.assessment.matter
        if organisation.pk != matter.owner_id:
            require(actor, "people.invite_guest", organisation)
        _check_assignee(matter, organisation, membership, now)
        before = (section.organisation_id, section.membership_id, section.due_on)
        if before == (organisation.pk, membership.pk if membership else None, due_on):
            work.nothing_happened()
            return section
        close_section_task(work, section, now)
        section.organisation, section.membership, section.due_on = organisation, membership, due_on
        section.save(update_fields=["organisation", "membership", "due_on"])
        settle_sign_off_tasks(work, load_whole(section.assessment, section), now)
        if section.state != State.DONE:
            open_section_task(work, section, now)
        if membership is not None:
            path, params = section_path(section), section_params(section)
            notify(
                work,
                person_ids=[membership.person_id],
                code="assessments.section_given",
                params=params,
                path=path,
                now=now,
            )
            if membership.person_id != actor.person_id:
                send_mail(work, to=membership.person.email, code="waiting", params={}, path=path, now=now)
        work.record(
            "assessments.section_assigned",
            section.assessment,
            organisation=matter.owner_id,
            section=section.section_id,
            to_organisation=organisation.pk,
            by_name=membership is not None,
        )
    return section


def _check_assignee(matter: Matter, organisation: Organisation, membership: Membership | None, now: datetime) -> None:
    if membership is not None and (membership.organisation_id != organisation.pk or not membership.in_force(now)):
        raise ValidationError({"membership": _("This person does not work there now. Choose someone else.")})
    if membership is not None and membership.role in (Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY):
        raise ValidationError(
            {"membership": _("Auditors and members of a committee do not answer questions. Choose someone else.")}
        )
    vendor = matter.system.vendor_id if matter.system else None
    if organisation.kind == Organisation.Kind.VENDOR and vendor is not None and organisation.pk != vendor:
        raise ValidationError(
            {"organisation": _("This is not the vendor of the system. Choose the vendor of the system.")}
        )
