"""Signatures, locking, and taking up again as a new revision."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import (
    FILES,
    effective_depth,
    files_by_answer,
    load_whole,
    sections_hash,
    typed_content,
    writer,
)
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment, SignOff
from trygg.apps.assessments.questions import content_hash, instrument_of, said
from trygg.apps.assessments.services.shared import (
    State,
    locked_assessment,
    publish,
    section_hash,
    set_state,
    settle_sign_off_tasks,
)
from trygg.engines.instruments import Item, answer_problems
from trygg.kernel.access import Actor, require
from trygg.kernel.files.services import store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import service, unit_of_work
from trygg.spine.frameworks.models import PackVersion


@service("assessments.sign_off")
def sign_off(*, actor: Actor, now: datetime, assessment: Assessment) -> SignOff:
    """Sign the own organisation's sections. ValidationError, naming them, when some are not done."""
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(assessment)
        before = assessment.signoffs.filter(organisation_id=actor.organisation_id, withdrawn_at=None).first()
        require(actor, "assessments.sign_off", assessment)
        whole = load_whole(assessment)
        reading, asked = whole.reading, whole.asked
        own = [section for section in asked if section.organisation_id == actor.organisation_id]
        if before is not None and all(section.state == State.SIGNED for section in own):
            work.nothing_happened()
            return before
        undone = [
            said(reading.section(section.section_id).title)
            for section in own
            if section.state not in (State.DONE, State.SIGNED)
        ]
        if undone or not own:
            raise ValidationError(
                _("Finish these sections first: %(sections)s.") % {"sections": ", ".join(undone)}
                if own
                else _("Your organisation has no section to sign.")
            )
        if before is not None:  # a section was added after the signature: it is signed anew, with that one
            before.withdrawn_at, before.withdrawn_by = now, actor.name
            before.save(update_fields=["withdrawn_at", "withdrawn_by"])
        signed = SignOff.objects.create(
            assessment=assessment,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            person_name=actor.name,
            at=now,
            content_hash=sections_hash(assessment, own),
        )
        set_state(own, State.SIGNED)
        settle_sign_off_tasks(work, whole, now)
        work.record("assessments.signed_off", assessment, details={"content_hash": signed.content_hash})
    return signed


@service("assessments.withdraw_sign_off")
def withdraw_sign_off(*, actor: Actor, now: datetime, signoff: SignOff) -> SignOff:
    """Take a signature back, so that the sections can be changed. Only while the assessment is open."""
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(signoff.assessment)
        signoff = SignOff.objects.get(pk=signoff.pk)
        require(actor, "assessments.withdraw_sign_off", signoff)
        signoff.withdrawn_at, signoff.withdrawn_by = now, actor.name
        signoff.save(update_fields=["withdrawn_at", "withdrawn_by"])
        whole = load_whole(assessment)
        own = [section for section in whole.sections if section.organisation_id == signoff.organisation_id]
        set_state([section for section in own if section.state == State.SIGNED], State.DONE)
        settle_sign_off_tasks(work, whole, now)
        work.record("assessments.sign_off_withdrawn", assessment)
    return signoff


@service("assessments.lock_assessment")
def lock_assessment(*, actor: Actor, now: datetime, assessment: Assessment) -> Assessment:
    """Lock what all have signed, with the hash of the completed answers. ValidationError when a signature or an answer is
    missing. Locked twice is locked once."""
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(assessment)
        require(actor, "assessments.manage_assessment", assessment)
        if not assessment.is_open:
            work.nothing_happened()
            return assessment
        assessment.depth = effective_depth(assessment)
        whole = load_whole(assessment)
        asked = whole.asked
        unsigned = sorted({section.organisation.name for section in asked if section.state != State.SIGNED})
        if unsigned:
            raise ValidationError(_("These have not signed yet: %(names)s.") % {"names": ", ".join(unsigned)})
        reading = whole.saved_reading()
        open_ones = [said(item.text) for section in asked for item in reading.missing(section.section_id)]
        if open_ones:
            raise ValidationError(
                _(
                    "Other answers have opened new questions: %(questions)s Take back the signature of that section and answer them."
                )
                % {"questions": " ".join(open_ones)}
            )
        content = _locked_content(assessment, asked, reading.counting)
        assessment.state, assessment.locked_by, assessment.locked_at = Assessment.State.LOCKED, writer(actor)[:200], now
        assessment.locked_content, assessment.lock_hash = content, content_hash(content)
        assessment.save(update_fields=["depth", "state", "locked_by", "locked_at", "locked_content", "lock_hash"])
        publish(work, whole, now)
        settle_sign_off_tasks(work, whole, now)
        work.record(
            "assessments.assessment_locked",
            assessment,
            organisation=assessment.matter.owner_id,
            revision=assessment.revision,
            details={"lock_hash": assessment.lock_hash},
        )
    return assessment


def _locked_content(assessment: Assessment, sections: Sequence[SectionAssignment], counting: dict) -> dict:
    held = {
        item: answer
        for section in sections
        for item, answer in (section.saved_answers or {}).items()
        if item in counting
    }
    signatures = assessment.signoffs.filter(withdrawn_at=None).order_by("organisation_id")
    return {
        "assessment": assessment.pk,
        "revision": assessment.revision,
        "instrument": assessment.instrument_id,
        "version": assessment.pack.version,
        "pack": assessment.pack.content_hash,
        "depth": assessment.depth,
        "answers": {item: {**answer, "value": counting[item]} for item, answer in held.items()},
        "signatures": [
            {"organisation": signed.organisation_id, "at": signed.at.isoformat(), "content_hash": signed.content_hash}
            for signed in signatures
        ],
    }


@service("assessments.reopen_assessment")
def reopen_assessment(
    *, actor: Actor, now: datetime, assessment: Assessment, pack: PackVersion | None = None
) -> Assessment:
    """Take a locked assessment up again as a new revision, on the same version of the questions or on `pack`. The locked one
    is not touched; its answers stand in the new one until someone changes them, and count until then."""
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(assessment)
        require(actor, "assessments.manage_assessment", assessment)
        following = Assessment.objects.filter(previous=assessment).first()
        if following is not None:
            work.nothing_happened()
            return following
        if assessment.is_open:
            raise ValidationError(_("This assessment is open. Lock it before a new revision is made."))
        if pack is not None and (pack.kind != "instrument" or pack.pack_id != assessment.instrument_id):
            raise ValidationError(_("A new revision keeps to the same questions, or to a newer version of them."))
        made = Assessment.objects.create(
            matter=assessment.matter,
            pack=pack or assessment.pack,
            instrument_id=assessment.instrument_id,
            depth=assessment.depth,
            revision=assessment.revision + 1,
            previous=assessment,
            started_by=writer(actor)[:200],
            started_at=now,
        )
        for order, section in enumerate(instrument_of(made).sections):
            _carry_over(work, assessment, made, section, order, now)
        whole = load_whole(made)
        if made.pack_id != assessment.pack_id:
            publish(work, whole, now)
        settle_sign_off_tasks(work, whole, now)
        work.record(
            "assessments.assessment_reopened",
            made,
            organisation=made.matter.owner_id,
            revision=made.revision,
            version=made.pack.version,
        )
    return made


def _carry_over(work, old: Assessment, new: Assessment, section, order: int, now: datetime) -> None:
    """One section into the new revision: who answers it, its answers with their origin and files, and what counts of it."""
    before = old.sections.filter(section_id=section.id).first()
    person = before.membership if before and before.membership and before.membership.in_force(now) else None
    made = SectionAssignment.objects.create(
        assessment=new,
        section_id=section.id,
        order=order,
        organisation_id=before.organisation_id if before else new.matter.owner_id,
        membership=person,
    )
    items = {item.id: item for item in section.items}
    # An answer of the same kind whose choices are still there is carried over; it may have stood in another section.
    answers = [
        a for a in Answer.objects.filter(section__assessment=old).order_by("pk") if _still_fits(a, items.get(a.item_id))
    ]
    files = files_by_answer(answers)
    for answer in answers:
        held = files.get(answer.pk, ())
        answer.pk, answer._state.adding, answer.section = None, True, made
        answer.save()
        for stored in held:
            upload = CheckedUpload(stored.name, stored.media_type, stored.size, stored.sha256, stored.stored_as)
            store_file(
                work,
                upload=upload,
                subject_type=FILES,
                subject_id=str(answer.pk),
                organisation=stored.organisation,
                now=now,
            )
    if before is not None and before.saved_at is not None:
        made.saved_answers = typed_content(made)
        made.saved_hash = section_hash(made, made.saved_answers)
        made.saved_at, made.saved_by = before.saved_at, before.saved_by
        same = new.pack_id == old.pack_id
        made.state = State.DONE if same and before.state in (State.SIGNED, State.DONE) else State.BEGUN
        made.save()


def _still_fits(answer: Answer, item: Item | None) -> bool:
    return item is not None and not answer_problems(item, answer.value)
