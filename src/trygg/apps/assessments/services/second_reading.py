"""A second reader answers the same questions alone. Until it is done neither sees what the other wrote; then each difference is
settled by a choice. Nothing is ever averaged."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import Given, keep_replaced, write_answer, writer
from trygg.apps.assessments.merging import NOTHING_YET, Content, Verdict, digest, merge
from trygg.apps.assessments.models import Answer, Assessment, Comment, SecondAnswer, SecondReading, SectionAssignment
from trygg.apps.assessments.questions import content_hash, instrument_of, said
from trygg.apps.assessments.second import own_reading, readable, to_settle
from trygg.apps.assessments.services.shared import acting_organisation, locked, locked_assessment, mark_begun, role_for
from trygg.kernel.access import Actor, Role, require
from trygg.kernel.ledger import UnitOfWork, recorded_later, service, unit_of_work
from trygg.kernel.people.mail import send_mail
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.work.tasks import close_task, notify, open_task

READING = "assessments.second_reading"  # subject type of tasks
MAX_SETTLING = 5_000
CHOICES = ("first", "second", "talk")
SILENT = (Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY, Role.VENDOR)


@service("assessments.ask_second_reader")
def ask_second_reader(
    *, actor: Actor, now: datetime, assessment: Assessment, membership: Membership, due_on: date | None = None
) -> SecondReading:
    """Ask someone to answer the same questions alone. From then on this person does not see the answers that stand, in any
    revision. ValidationError for someone who has answered here, for oneself, and for a vendor. Asked twice is asked once."""
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(assessment)
        require(actor, "assessments.ask_second_reader", assessment)
        matter = assessment.matter
        if membership.organisation_id != matter.owner_id:
            require(actor, "people.invite_guest", membership.organisation)
        before = SecondReading.objects.filter(assessment=assessment, membership=membership, withdrawn_at=None).first()
        if before is not None:
            work.nothing_happened()
            return before
        _check_reader(actor, assessment, membership, now)
        reading = SecondReading.objects.create(
            assessment=assessment, membership=membership, asked_by=writer(actor)[:200], asked_at=now, due_on=due_on
        )
        path, params = _path(reading), _params(assessment)
        open_task(
            work,
            code="assessments.second_reading",
            params=params,
            path=path,
            subject_type=READING,
            subject_id=str(reading.pk),
            organisation_id=membership.organisation_id,
            assignee_id=membership.pk,
            due_on=due_on,
            now=now,
        )
        person = membership.person
        notify(work, person_ids=[person.pk], code="assessments.second_reader_asked", params=params, path=path, now=now)
        send_mail(work, to=person.email, code="waiting", params={}, path=path, now=now)
        work.record(
            "assessments.second_reader_asked",
            assessment,
            organisation=matter.owner_id,
            of_organisation=membership.organisation_id,
        )
    return reading


def _check_reader(actor: Actor, assessment: Assessment, membership: Membership, now: datetime) -> None:
    if not membership.in_force(now):
        raise ValidationError({"who": _("This person does not work there now. Choose someone else.")})
    if membership.person_id == actor.person_id:
        raise ValidationError({"who": _("A second reader is someone else than you.")})
    if membership.role in SILENT or membership.organisation.kind == Organisation.Kind.VENDOR:
        raise ValidationError({"who": _("A second reader is an official of your own or a partner agency.")})
    revisions = Assessment.objects.filter(matter=assessment.matter, instrument_id=assessment.instrument_id)
    ids = [f"person:{membership.person_id}", str(membership.person_id)]
    wrote = Answer.objects.filter(section__assessment__in=revisions, answered_by_id__in=ids).exists()
    given = SectionAssignment.objects.filter(assessment=assessment, membership__person=membership.person_id).exists()
    if wrote or given:
        raise ValidationError(
            {"who": _("This person has answered here already, or was asked to. Choose someone else.")}
        )


@service("assessments.save_second_answers")
def save_second_answers(*, actor: Actor, now: datetime, reading: SecondReading, answers: Sequence[Given]) -> list[str]:
    """Store what the second reader writes; ids of the items that changed. Recorded when the reading is done, by its hash: a
    draft is no act."""
    with recorded_later():
        reading = _locked(reading)
        require(actor, "assessments.answer_reading", reading)
        items = {item.id for item in readable(instrument_of(reading.assessment))}
        stored = {answer.item_id: answer for answer in reading.answers.all()}
        changed = []
        for given in answers:
            if given.item_id in items and _put(reading, stored.get(given.item_id), given, now):
                changed.append(given.item_id)
    return changed


def _put(reading: SecondReading, answer: SecondAnswer | None, given: Given, now: datetime) -> bool:
    """One person writes: in two windows at once the later text stands, part by part."""
    before = Content(answer.value, answer.note) if answer else NOTHING_YET
    found = merge(stored=before, revision=answer.revision if answer else 0, sent=given.content, loaded=given.loaded)
    if found.verdict is Verdict.SAME:
        return False
    result = given.content if found.verdict is Verdict.CONFLICT else found.result
    answer = answer or SecondAnswer(reading=reading, item_id=given.item_id)
    answer.value, answer.note, answer.answered_at = result.value, result.note, now
    answer.revision += 1
    answer.save()
    return True


@service("assessments.finish_second_reading")
def finish_second_reading(*, actor: Actor, now: datetime, reading: SecondReading) -> SecondReading:
    """Say that one is done. From then on both see both answers, and nothing in the reading changes. ValidationError, naming them,
    when questions that must be answered are open."""
    with unit_of_work(actor=actor, now=now) as work:
        reading = _locked(reading)
        require(actor, "assessments.answer_reading", reading)
        found = own_reading(reading)
        left = [
            said(item.text) for section in found.instrument.sections for item in found.missing(section.id)
            if item in readable(found.instrument)
        ]  # fmt: skip
        if left:
            raise ValidationError(_("Answer these questions first: %(questions)s") % {"questions": " ".join(left)})
        reading.finished_at = now
        reading.save(update_fields=["finished_at"])
        close_task(work, code="assessments.second_reading", subject_type=READING, subject_id=str(reading.pk), now=now)
        _settle_task(work, reading, now)
        owners = Membership.objects.filter(
            organisation=reading.assessment.matter.owner, role=Role.OFFICER, guest=False
        ).values_list("person_id", flat=True)
        notify(
            work,
            person_ids=list(owners),
            code="assessments.second_reader_done",
            params=_params(reading.assessment),
            path=_differences_path(reading),
            now=now,
        )
        held = {answer.item_id: [answer.value, answer.note] for answer in reading.answers.all()}
        work.record(
            "assessments.second_reading_done",
            reading.assessment,
            organisation=reading.assessment.matter.owner_id,
            details={"content_hash": content_hash(held)},
        )
    return reading


@service("assessments.withdraw_second_reading")
def withdraw_second_reading(*, actor: Actor, now: datetime, reading: SecondReading) -> SecondReading:
    """Take the request back, or say no to it, before it is done. Nobody reads what was written until then."""
    with unit_of_work(actor=actor, now=now) as work:
        reading = _locked(reading)
        if reading.withdrawn_at is not None:
            require(actor, "assessments.see_reading", reading)
            work.nothing_happened()
            return reading
        require(actor, "assessments.withdraw_reading", reading)
        reading.withdrawn_at = now
        reading.save(update_fields=["withdrawn_at"])
        close_task(work, code="assessments.second_reading", subject_type=READING, subject_id=str(reading.pk), now=now)
        work.record(
            "assessments.second_reading_withdrawn", reading.assessment, organisation=reading.assessment.matter.owner_id
        )
    return reading


@service("assessments.settle_difference")
def settle_difference(
    *, actor: Actor, now: datetime, reading: SecondReading, item_id: str, choice: str, note: str = ""
) -> SecondAnswer:
    """Settle where the two differ: `first` stays, `second` takes its place and the first is kept beside, or `talk` leaves both and asks
    for a conversation. A note becomes a comment on the question. ValidationError without a note for a talk, or for two that agree."""
    with unit_of_work(actor=actor, now=now) as work:
        reading = _locked(reading)
        require(actor, "assessments.settle_reading", reading)
        if choice not in CHOICES:
            raise ValidationError({"choice": _("Choose which answer is to stand.")})
        note = note.strip()
        if (choice == "talk" and not note) or len(note) > MAX_SETTLING:
            raise ValidationError(
                {
                    "note": _("Write what you want to talk about, in at most %(limit)d characters.")
                    % {"limit": MAX_SETTLING}
                }
            )
        if item_id not in to_settle(reading):
            raise ValidationError(_("The two answers do not differ, or one of them was settled before."))
        section = _section(reading, item_id)
        second, _made = SecondAnswer.objects.get_or_create(
            reading=reading, item_id=item_id, defaults={"answered_at": reading.finished_at}
        )
        if choice == "second":
            require(actor, "assessments.answer_section", section)
            _take_over(actor, now, section, second, reading)
        if choice != "talk":
            second.settled, second.settled_by, second.settled_at = choice, writer(actor), now
            second.save(update_fields=["settled", "settled_by", "settled_at"])
        if note:
            _say(work, section, item_id, note, f"{choice}{reading.pk}:{digest(item_id)}", now)
        _settle_task(work, reading, now)
        work.record(
            "assessments.difference_settled",
            reading.assessment,
            organisation=reading.assessment.matter.owner_id,
            item=item_id,
            choice=choice,
        )
    return second


def _take_over(
    actor: Actor, now: datetime, section: SectionAssignment, second: SecondAnswer, reading: SecondReading
) -> None:
    """The second answer in the place of the first, which is kept among the earlier texts."""
    answer = Answer.objects.filter(section=section, item_id=second.item_id).first()
    if answer is None:
        answer = Answer(section=section, item_id=second.item_id)
    else:
        keep_replaced(actor, now, answer, choice="second")
        answer.unconfirmed = False  # it was chosen here
    answer.section = section
    write_answer(actor, now, answer, Content(second.value, second.note))
    answer.origin_note = str(reading.membership.person.shown_name)[:300]
    answer.save(update_fields=["origin_note"])
    mark_begun(section)


def _say(work: UnitOfWork, section: SectionAssignment, item_id: str, text: str, token: str, now: datetime) -> None:
    """The note, as a comment that all who see the section can read. A second talk about the same adds another."""
    count = Comment.objects.filter(section=section, token__startswith=token[:36]).count()
    Comment.objects.create(
        section=section,
        item_id=item_id,
        author_id=work.actor.person_id,
        author_name=work.actor.name,
        author_organisation=acting_organisation(work.actor, section).name,
        text=text,
        token=f"{token[:36]}.{count}"[:40],
        at=now,
    )


def _section(reading: SecondReading, item_id: str) -> SectionAssignment:
    item = instrument_of(reading.assessment).items[item_id]
    return locked(SectionAssignment.objects.get(assessment=reading.assessment, section_id=item.section))


def _settle_task(work: UnitOfWork, reading: SecondReading, now: datetime) -> None:
    """Ask the owner to settle what differs, as long as something does."""
    owner = reading.assessment.matter.owner
    subject = {"subject_type": READING, "subject_id": str(reading.pk)}
    if not to_settle(reading):
        close_task(work, code="assessments.settle_differences", **subject, now=now)
        return
    open_task(
        work,
        code="assessments.settle_differences",
        params=_params(reading.assessment),
        path=_differences_path(reading),
        **subject,
        organisation_id=owner.pk,
        role=role_for(owner),
        now=now,
    )


def _locked(reading: SecondReading) -> SecondReading:
    rows = SecondReading.objects.select_for_update(of=("self",))
    related = ("matter__owner", "matter__system", "matter__case", "pack")
    return rows.select_related("membership__person", *(f"assessment__{name}" for name in related)).get(pk=reading.pk)


def _path(reading: SecondReading) -> str:
    return reverse("assessments:reading", args=[reading.pk])


def _differences_path(reading: SecondReading) -> str:
    return reverse("assessments:differences", args=[reading.pk])


def _params(assessment: Assessment) -> dict:
    system = assessment.matter.system
    return {"title": assessment.pack.title, "system": system.name if system else ""}
