"""Signatures, locking, and taking up again as a new revision."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.carrying import plan_for
from trygg.apps.assessments.content import effective_depth, load_whole, sections_hash, writer
from trygg.apps.assessments.models import Assessment, SecondReading, SectionAssignment, SignOff
from trygg.apps.assessments.questions import content_hash, said
from trygg.apps.assessments.services.continuing import continue_as
from trygg.apps.assessments.services.obliging import settle_obligations
from trygg.apps.assessments.services.shared import (
    State,
    locked_assessment,
    publish,
    set_state,
    settle_sign_off_tasks,
)
from trygg.kernel.access import Actor, require
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
        alone = SecondReading.objects.filter(assessment=assessment, finished_at=None, withdrawn_at=None)
        names = [row.membership.person.shown_name for row in alone.select_related("membership__person")]
        if names:
            raise ValidationError(
                _("A second reader is not done: %(names)s. Wait, or take the request back.") % {"names": ", ".join(names)}
            )
        reading = whole.saved_reading()
        open_ones = [said(item.text) for section in asked for item in reading.missing(section.section_id)]
        items = whole.reading.instrument.items
        open_ones += [said(items[item_id].text) for section in asked for item_id in whole.unconfirmed(section)]
        open_ones = list(dict.fromkeys(open_ones))
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
        settle_obligations(work, whole, reading, now)
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
        **({"phase": assessment.phase} if assessment.phase else {}),
        **({"entries": assessment.entries} if assessment.entries else {}),
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
        if assessment.state == Assessment.State.SUPERSEDED:
            raise ValidationError(_("This one was continued in a newer one."))
        whole = continue_as(work, plan_for(load_whole(assessment), pack), Assessment.Because.REOPENED, now)
        made = whole.assessment
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
