"""Moving an assessment to a newer version of its questions, taking that back, and the next phase."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.carrying import Plan, plan_for
from trygg.apps.assessments.content import FILES, load_whole, writer
from trygg.apps.assessments.models import Answer, AnswerVersion, Assessment, SectionAssignment
from trygg.apps.assessments.questions import content_hash, said
from trygg.apps.assessments.services.continuing import begun_with, continue_as
from trygg.apps.assessments.services.shared import (
    SOURCE,
    State,
    close_section_task,
    locked_assessment,
    open_section_task,
    publish,
    section_params,
    section_path,
    settle_sign_off_tasks,
)
from trygg.engines.instruments import Named
from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import remove_file
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work
from trygg.kernel.people.models import PurposeLink
from trygg.kernel.work.models import Notification
from trygg.kernel.work.tasks import notify
from trygg.spine.assurance.evidence import withdraw_evidence
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import usable_by
from trygg.spine.frameworks.selectors import engine_pack


class ChangedMeanwhile(ValidationError):
    """What was shown before is not what stands there now."""


@service("assessments.upgrade_assessment")
def upgrade_assessment(
    *, actor: Actor, now: datetime, assessment: Assessment, pack: PackVersion, seen: str = ""
) -> Assessment:
    """Go on with a newer version of the questions, as a new revision. An open assessment is continued there and not touched
    again; a locked one stays locked. Done twice it is done once.

    `seen`: fingerprint of the plan that was shown; ChangedMeanwhile when answers or the version differ from it. ValidationError
    when two texts wait for a choice, and for a pack that is not the newest of these questions.
    """
    with unit_of_work(actor=actor, now=now) as work:
        old = locked_assessment(assessment)
        require(actor, "assessments.manage_assessment", old)
        following = Assessment.objects.filter(previous=old).first()
        if following is not None:
            work.nothing_happened()
            return following
        _check_pack(old, pack)
        _hold(old)
        _check_settled(old)
        plan = plan_for(load_whole(old), pack)
        if seen and seen != plan.fingerprint:
            raise ChangedMeanwhile(_("Somebody changed something since you looked. Nothing is lost: look through it again."))
        supersede(old, plan, actor, now)
        whole = continue_as(work, plan, Assessment.Because.UPGRADED, now)
        _hand_over(work, plan, whole.assessment, now)
        publish(work, whole, now)
        settle_sign_off_tasks(work, load_whole(old), now)
        settle_sign_off_tasks(work, whole, now)
        made = whole.assessment
        work.record(
            "assessments.assessment_upgraded",
            made,
            organisation=made.matter.owner_id,
            revision=made.revision,
            version=made.pack.version,
            was=old.pack.version,
            dropped=sum(move.target is None for move in plan.moves),
            details={"left": old.lock_hash, "plan": plan.fingerprint},
        )
    return made


def _hold(assessment: Assessment) -> None:
    """Lock the rows of the sections: who is saving an answer comes before, or finds it closed."""
    list(SectionAssignment.objects.select_for_update().filter(assessment=assessment).order_by("pk"))


def _check_pack(old: Assessment, pack: PackVersion) -> None:
    fits = pack.kind == "instrument" and pack.pack_id == old.instrument_id and pack.pk != old.pack_id and pack.current
    if not fits or not PackVersion.objects.filter(usable_by(old.matter.owner), pk=pack.pk).exists():
        raise ValidationError(_("This is not the newest version of these questions. Nothing was moved."))


def _check_settled(old: Assessment) -> None:
    """A text that waits for a choice has no place in the new revision: it is chosen first."""
    if not old.is_open:
        return
    waiting = AnswerVersion.objects.filter(answer__section__assessment=old, settled_at=None)
    sections = set(waiting.values_list("answer__section__section_id", flat=True))
    if sections:
        named = [said(each.title) for each in engine_pack(old.pack).sections if each.id in sections]
        raise ValidationError(
            _("Two people wrote different texts in %(sections)s. Choose which is to stand first, so that neither is lost.")
            % {"sections": ", ".join(named)}
        )


def supersede(old: Assessment, plan: Plan, actor: Actor, now: datetime) -> None:
    """Close an open one for good, with the hash of what stood in it. A locked one is not touched."""
    if not old.is_open:
        return
    held = {name: content for section in plan.old.contents.values() for name, content in section.items()}
    old.locked_content = {
        "assessment": old.pk,
        "revision": old.revision,
        "instrument": old.instrument_id,
        "version": old.pack.version,
        "pack": old.pack.content_hash,
        "depth": old.depth,
        "phase": old.phase,
        "entries": old.entries,
        "answers": held,
        "saved": {section.section_id: section.saved_hash for section in plan.old.sections},
        "sections": {section.section_id: section.state for section in plan.old.sections},
    }
    old.lock_hash = content_hash(old.locked_content)
    old.state, old.locked_by, old.locked_at = Assessment.State.SUPERSEDED, writer(actor)[:200], now
    old.save(update_fields=["locked_content", "lock_hash", "state", "locked_by", "locked_at"])


def _hand_over(work: UnitOfWork, plan: Plan, made: Assessment, now: datetime) -> None:
    """Tasks, links and notices of the old sections lead to the new ones; who must look again is told."""
    old = {section.section_id: section for section in plan.old.sections}
    for section in plan.old.sections:
        close_section_task(work, section, now)
    owner = made.matter.owner_id
    for section in made.sections.select_related("organisation", "membership__person", "assessment__matter__system"):
        section.assessment = made
        before = old.get(section.section_id)
        if before is not None:
            lead_to(before, section)
        if section.state == State.DONE:
            continue
        if section.membership_id or section.due_on or section.organisation_id != owner:
            open_section_task(work, section, now)
        if section.membership_id:
            notify(
                work,
                person_ids=[section.membership.person_id],
                code="assessments.section_moved",
                params=section_params(section),
                path=section_path(section),
                now=now,
            )


def lead_to(one: SectionAssignment, other: SectionAssignment) -> None:
    """Links of guests, and notices, that led to one section lead to the other."""
    before, after = section_path(one), section_path(other)
    PurposeLink.objects.filter(path=before).update(path=after)
    Notification.objects.filter(path=before).update(path=after)


def may_be_undone(made: Assessment) -> bool:
    """Whether a move to a newer version can be taken back: nobody has changed anything since."""
    if made.because != Assessment.Because.UPGRADED or made.previous_id is None or not made.is_open:
        return False
    return (made.carried or {}).get("begun_with") == begun_with(load_whole(made))


@service("assessments.undo_upgrade")
def undo_upgrade(*, actor: Actor, now: datetime, assessment: Assessment) -> Assessment:
    """Take a move to a newer version back, as long as nobody has changed anything in the new revision: it goes, and the one
    before is as it was. Returns that one. ValidationError when somebody has."""
    with unit_of_work(actor=actor, now=now) as work:
        made = locked_assessment(assessment)
        require(actor, "assessments.manage_assessment", made)
        if made.because != Assessment.Because.UPGRADED or made.previous_id is None:
            raise Denied("assessments.manage_assessment")
        _hold(made)
        whole = load_whole(made)
        if not may_be_undone(made):
            raise ValidationError(_("Somebody has changed something in the new revision. It can't be taken back any more."))
        old = locked_assessment(made.previous)
        old_sections = {section.section_id: section for section in old.sections.all()}
        for section in whole.sections:
            close_section_task(work, section, now)
            if section.section_id in old_sections:
                lead_to(section, old_sections[section.section_id])
        copies = [str(answer.pk) for answer in Answer.objects.filter(section__assessment=made)]
        for stored in StoredFile.objects.filter(subject_type=FILES, subject_id__in=copies, removed_at=None):
            remove_file(work, stored=stored, now=now)
        withdraw_evidence(work, source_type=SOURCE, source_id=str(made.pk), now=now)
        made.state = Assessment.State.SUPERSEDED  # for the tasks that wait for its signatures
        settle_sign_off_tasks(work, whole, now)
        revision, version = made.revision, made.pack.version
        Assessment.objects.get(pk=made.pk).delete()
        if old.state == Assessment.State.SUPERSEDED:
            _open_again(work, old, now)
        else:
            publish(work, load_whole(old), now)
        work.record(
            "assessments.upgrade_undone",
            old,
            organisation=old.matter.owner_id,
            revision=revision,
            version=version,
        )
    return old


def _open_again(work: UnitOfWork, old: Assessment, now: datetime) -> None:
    old.state, old.locked_by, old.locked_at, old.locked_content, old.lock_hash = Assessment.State.OPEN, "", None, None, ""
    old.save(update_fields=["state", "locked_by", "locked_at", "locked_content", "lock_hash"])
    whole = load_whole(old)
    publish(work, whole, now)
    for section in whole.sections:
        given = section.membership_id or section.due_on or section.organisation_id != old.matter.owner_id
        if given and section.state in (State.TODO, State.BEGUN):
            open_section_task(work, section, now)
    settle_sign_off_tasks(work, whole, now)


def next_phase_of(assessment: Assessment) -> Named | None:
    """The phase that comes after the assessment's, as its version of the questions says."""
    phases = list(engine_pack(assessment.pack).phases)
    place = next((place for place, each in enumerate(phases) if each.id == assessment.phase), None)
    return phases[place + 1] if place is not None and place + 1 < len(phases) else None


@service("assessments.begin_next_phase")
def begin_next_phase(*, actor: Actor, now: datetime, assessment: Assessment) -> Assessment:
    """Begin the next phase of a locked assessment, as a new revision: answers to questions that are asked in both stand there
    to be looked at again. ValidationError when it is open, or when there is no further phase."""
    with unit_of_work(actor=actor, now=now) as work:
        old = locked_assessment(assessment)
        require(actor, "assessments.manage_assessment", old)
        following = Assessment.objects.filter(previous=old).first()
        if following is not None:
            work.nothing_happened()
            return following
        phase = next_phase_of(old)
        if phase is None:
            raise ValidationError(_("There is no phase after this one."))
        if old.is_open:
            raise ValidationError(_("Lock this phase first. What it came to then stays as it is."))
        plan = plan_for(load_whole(old), phase=phase.id)
        whole = continue_as(work, plan, Assessment.Because.PHASE, now)
        _hand_over(work, plan, whole.assessment, now)
        publish(work, whole, now)
        settle_sign_off_tasks(work, whole, now)
        made = whole.assessment
        work.record(
            "assessments.phase_begun",
            made,
            organisation=made.matter.owner_id,
            revision=made.revision,
            phase=phase.id,
        )
    return made
