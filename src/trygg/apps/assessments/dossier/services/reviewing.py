"""Answering a review: each answer that the vendor changed is kept, taken anew, or taken away."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import keep_replaced, writer
from trygg.apps.assessments.dossier.models import DossierReview, Taken, Taking
from trygg.apps.assessments.dossier.reviews import Changed, review_of
from trygg.apps.assessments.dossier.services.publishing import REVIEW
from trygg.apps.assessments.dossier.services.taking import blank, put, restate, take_files_back
from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.apps.assessments.services.shared import locked_assessment
from trygg.apps.assessments.services.upgrading import ChangedMeanwhile
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work
from trygg.kernel.work.tasks import close_task

KEEP, TAKE, CLEAR = "keep", "take", "clear"


@service("assessments.answer_review")
def answer_review(
    *, actor: Actor, now: datetime, review: DossierReview, choices: Mapping[str, str], seen: str = ""
) -> DossierReview:
    """Say for each changed answer whether it is kept, taken over as the vendor says now, or cleared. `seen`: fingerprint of the page;
    ChangedMeanwhile when the vendor or somebody here changed something since. What is replaced is kept under earlier texts.

    ValidationError names a question without a choice, and one that cannot be changed because its section is signed or locked.
    """
    with unit_of_work(actor=actor, now=now) as work:
        review = DossierReview.objects.select_for_update(of=("self",)).select_related("dossier", "matter").get(pk=review.pk)
        require(actor, "assessments.answer_review", review)
        found = review_of(actor, review)
        if seen and seen != found.fingerprint:
            raise ChangedMeanwhile(_("Something changed since you looked. Nothing was written: look through it again."))
        _check(found.changed, choices)
        by_assessment: dict[int, list[Changed]] = {}
        for each in found.changed:
            by_assessment.setdefault(each.row.answer.section.assessment_id, []).append(each)
        for pk, changed in by_assessment.items():
            _settle(work, locked_assessment(Assessment(pk=pk)), changed, choices, found.newest, now)
        review.done_at, review.done_by = now, writer(actor)
        review.kept = sum(choices[each.key] == KEEP for each in found.changed)
        review.taken = sum(choices[each.key] == TAKE for each in found.changed)
        review.save(update_fields=["done_at", "done_by", "kept", "taken"])
        close_task(work, code=REVIEW, subject_type=REVIEW, subject_id=str(review.pk), now=now)
        work.record(
            "assessments.dossier_reviewed", review.matter, organisation=review.matter.owner_id, number=review.version.number,
            kept=review.kept, taken=review.taken, details={"title": review.dossier.title},
        )  # fmt: skip
    return review


def _check(changed: list[Changed], choices: Mapping[str, str]) -> None:
    problems = {}
    for each in changed:
        choice = choices.get(each.key)
        if choice not in (KEEP, TAKE, CLEAR):
            problems[f"choice-{each.key}"] = _("Say what is to stand at “%(question)s”.") % {"question": each.question}
        elif choice == TAKE and each.new is None:
            problems[f"choice-{each.key}"] = _("The vendor's new answer has no counterpart at this question. Keep the old one, or clear it.")
        elif choice != KEEP and not each.answerable:
            problems[f"choice-{each.key}"] = _(
                "This section is signed or locked, or others answer it. Keep the answer, or have the section opened first."
            )
    if problems:
        raise ValidationError(problems)


def _settle(work: UnitOfWork, assessment: Assessment, changed: list[Changed], choices: Mapping[str, str], newest, now: datetime) -> None:
    rows = SectionAssignment.objects.select_for_update(of=("self",)).filter(assessment=assessment).select_related("organisation")
    sections = {section.pk: section for section in rows.order_by("pk")}
    taking = None
    replaced = set()
    for each in changed:
        answer, choice = each.row.answer, choices[each.key]
        if choice == KEEP:
            Taken.objects.filter(pk=each.row.pk).update(outdated_by=None, kept_against=newest or each.row.version)
            continue
        keep_replaced(work.actor, now, answer, choice=choice)
        replaced.add(answer.item_id)
        if choice == TAKE:
            taking = taking or Taking.objects.create(
                assessment=assessment, taken_by=writer(work.actor), taken_at=now, undoable=False
            )
            take_files_back(work, answer, each.row.taking, now, but=each.new.files)
            put(work, taking, each.new, sections[answer.section_id], now)
        else:
            take_files_back(work, answer, each.row.taking, now)
            blank(work, answer, now)
            Taken.objects.filter(pk=each.row.pk).update(current=False)
    restate(work, assessment, sections.values(), replaced, now)
