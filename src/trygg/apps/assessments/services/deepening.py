"""Answering more of the questions, or fewer: the depth of one assessment. Answers are never thrown away by it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import Whole, effective_depth, load_whole
from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.services.shared import (
    State,
    locked_assessment,
    open_section_task,
    publish,
    settle_sign_off_tasks,
)
from trygg.engines.depth import Depth
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work

MAX_REASON = 1_000


@service("assessments.change_depth")
def change_depth(*, actor: Actor, now: datetime, assessment: Assessment, depth: str, reason: str = "") -> Assessment:
    """Ask more of the questions, or fewer. What was answered stays, and counts again when it is asked again.

    ValidationError when it is not open, when a signed section would change, for a depth that is lighter than the matter's own, and for
    a lighter one without a reason. The depth that holds already changes nothing.
    """
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(assessment)
        require(actor, "assessments.manage_assessment", assessment)
        wanted, before = _checked(assessment, depth), Depth(effective_depth(assessment))
        if wanted is before:
            work.nothing_happened()
            return assessment
        if wanted < before and not reason.strip():
            raise ValidationError({"reason": _("Say why fewer questions are enough here. It stands in the record.")})
        if len(reason) > MAX_REASON:
            raise ValidationError({"reason": _("Shorten the reason to at most %(limit)d characters.") % {"limit": MAX_REASON}})
        list(SectionAssignment.objects.select_for_update().filter(assessment=assessment).order_by("pk"))
        asked = _asked(load_whole(assessment))
        assessment.depth = wanted.value
        whole = load_whole(assessment)
        changed = [section for section in whole.sections if set(asked[section.pk]) != set(_asked(whole)[section.pk])]
        _refuse_signed(whole, changed)
        assessment.save(update_fields=["depth"])
        for section in changed:
            _begin_again(work, whole, section, now)
        publish(work, whole, now)
        settle_sign_off_tasks(work, whole, now)
        work.record(
            "assessments.depth_changed",
            assessment,
            organisation=assessment.matter.owner_id,
            depth=wanted.value,
            was=before.value,
            details={"reason": reason.strip()},
        )
    return assessment


def _checked(assessment: Assessment, depth: str) -> Depth:
    if not assessment.is_open:
        raise ValidationError(_("It is locked. Take it up again as a new revision, then choose how much is asked."))
    if depth not in [each.value for each in Depth]:
        raise ValidationError({"depth": _("Choose how much is to be asked.")})
    case = getattr(assessment.matter, "case", None)
    if case is not None and Depth(depth) < Depth(case.depth):
        raise ValidationError(
            {"depth": _("The matter is reviewed at “%(depth)s”, so no fewer questions are asked.") % {"depth": case.get_depth_display()}}
        )
    return Depth(depth)


def _asked(whole: Whole) -> dict[int, list[str]]:
    return {section.pk: [item.id for item in whole.reading.visible(section.section_id)] for section in whole.sections}


def _refuse_signed(whole: Whole, changed: list[SectionAssignment]) -> None:
    signed = [section for section in changed if section.state == State.SIGNED]
    if signed:
        named = ", ".join(
            f"“{said(whole.reading.section(section.section_id).title)}” ({section.organisation.name})" for section in signed
        )
        raise ValidationError(
            _("These sections are signed, and other questions would stand in them: %(sections)s. Take the signatures back first.")
            % {"sections": named}
        )


def _begin_again(work: UnitOfWork, whole: Whole, section: SectionAssignment, now: datetime) -> None:
    """A section that was done, and in which something is asked now that nobody has answered, waits for whoever answers it."""
    if section.state != State.DONE or not whole.reading.missing(section.section_id):
        return
    section.state = State.BEGUN
    section.save(update_fields=["state"])
    if section.membership_id or section.due_on or section.organisation_id != whole.assessment.matter.owner_id:
        open_section_task(work, section, now)
