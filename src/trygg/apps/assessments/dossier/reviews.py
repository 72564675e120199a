"""What a vendor changed, beside what one matter took over from it: each answer with the old and the new, for people to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import ngettext

from trygg.apps.assessments.dossier.models import DossierReview, DossierVersion, Taken
from trygg.apps.assessments.dossier.offers import Given, version_offer
from trygg.apps.assessments.dossier.outdated import stands
from trygg.apps.assessments.dossier.selectors import instrument_for, newest_of
from trygg.apps.assessments.questions import content_hash, instrument_of, said
from trygg.kernel.access import Actor, restrict
from trygg.spine.frameworks.answer_words import answer_words


@dataclass(frozen=True)
class Changed:
    """One answer that was taken over, and what the vendor says now. `new`: what would stand here (None: the vendor has no such answer
    any more, or it has no counterpart here). `answerable`: the actor may change it now."""

    row: Taken
    question: str
    old_words: str
    old_note: str
    new_words: str
    new_note: str
    new: Given | None
    answerable: bool

    @property
    def key(self) -> str:
        return str(self.row.pk)

    @cached_property
    def own(self) -> bool:
        """Whether somebody here has written another answer since."""
        return not stands(self.row)

    @property
    def own_words(self) -> str:
        item = instrument_of(self.row.answer.section.assessment).items.get(self.row.answer.item_id)
        return answer_words(item, self.row.answer.value) if item else str(self.row.answer.value or "")


@dataclass(frozen=True)
class Review:
    """A review as its page shows it."""

    review: DossierReview
    newest: DossierVersion | None
    changed: Sequence[Changed]

    @cached_property
    def fingerprint(self) -> str:
        newest = self.newest.pk if self.newest else None
        return content_hash([newest, [[each.key, each.row.answer.revision, each.new.value if each.new else None] for each in self.changed]])


def review_of(actor: Actor, review: DossierReview) -> Review:
    """What the vendor changed of what this matter took over, as far as the actor may read it."""
    versions = list(review.dossier.versions.select_related("pack", "dossier__vendor"))
    newest = newest_of(versions)
    rows = (
        Taken.objects.filter(version__dossier=review.dossier, current=True, answer__section__assessment__matter=review.matter_id)
        .exclude(outdated_by=None)
        .filter(answer__section__assessment__next=None)  # the newest revision of each assessment
        .select_related("taking", "version__pack", "version__dossier", "answer__section__assessment__pack", "answer__section__organisation")
        .select_related("answer__section__assessment__matter__owner", "answer__section__assessment__matter__system")
        .order_by("answer__section__assessment", "answer__section__order", "pk")
    )
    answers = [row.answer_id for row in rows]
    readable = set(restrict(actor, "assessments.view_answer").filter(pk__in=answers).values_list("pk", flat=True))
    writable = set(restrict(actor, "assessments.answer_item").filter(pk__in=answers).values_list("pk", flat=True))
    return Review(
        review, newest, [_changed(row, newest, row.answer_id in writable) for row in rows if row.answer_id in readable]
    )


def _changed(row: Taken, newest: DossierVersion | None, answerable: bool) -> Changed:
    assessment = row.answer.section.assessment
    here = instrument_of(assessment).items.get(row.answer.item_id)
    old_words, old_note = said_by(row.version, row.source_item)
    new_words, new_note = said_by(newest, row.source_item) if newest else ("", "")
    return Changed(
        row=row,
        question=said(here.text) if here else row.answer.item_id,
        old_words=old_words,
        old_note=old_note,
        new_words=new_words,
        new_note=new_note,
        new=version_offer(newest, assessment, row.source_item, row.answer.item_id) if newest else None,
        answerable=answerable,
    )


def said_by(version: DossierVersion, item_id: str) -> tuple[str, str]:
    """(answer in words, note) of a version."""
    held, item = version.answers.get(item_id), instrument_for(version).items.get(item_id)
    if held is None or item is None:
        return "", ""
    words, count = answer_words(item, held["value"]), len(held["files"])
    if not words and count:
        words = ngettext("One file", "%(n)s files", count) % {"n": count}
    return words, held["note"]
