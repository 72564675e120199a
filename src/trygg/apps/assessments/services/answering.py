"""Answers. What is typed is stored at once; it counts, and is recorded, when its section is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import (
    Given,
    Kept,
    Whole,
    keep_replaced,
    load_whole,
    open_versions,
    put_answers,
    write_answer,
    writer,
)
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Answer, AnswerVersion, SectionAssignment
from trygg.apps.assessments.services.shared import (
    State,
    close_section_task,
    items_of,
    left,
    locked,
    mark_begun,
    publish,
    section_hash,
    settle_sign_off_tasks,
)
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import recorded_later, service, unit_of_work


@dataclass(frozen=True)
class Saved:
    """What a save gave. `missing`: ids of questions without an answer or evidence; `new`: questions that the answers opened."""

    section: SectionAssignment
    kept: Kept
    missing: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return self.section.state == State.DONE


@service("assessments.autosave_answers")
def autosave_answers(*, actor: Actor, now: datetime, section: SectionAssignment, answers: Sequence[Given]) -> Saved:
    """Store what is typed, so that it is never lost. It counts when the section is saved, and is recorded then by its hash:
    a draft is no act, so this writes outside the ledger, in a transaction of its own."""
    with recorded_later():
        section = locked(section)
        require(actor, "assessments.answer_section", section)
        kept = put_answers(actor, now, section, answers, items_of(section))
        whole = load_whole(section.assessment, section)
        mark_begun(section, whole.contents[section.pk])
        return Saved(section, kept, *left(whole, section))


@service("assessments.save_section")
def save_section(*, actor: Actor, now: datetime, section: SectionAssignment, answers: Sequence[Given]) -> Saved:
    """Save a section: what stands in it counts from now, and the case is worked out again. It is done when nothing is missing
    and no two texts wait for a choice. The same thing sent twice is saved and recorded once."""
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(section)
        require(actor, "assessments.answer_section", section)
        kept = put_answers(actor, now, section, answers, items_of(section))
        whole = load_whole(section.assessment, section)
        missing, asked = left(whole, section)
        if not _save(work, whole, section, now, done=not missing and not open_versions(section), wrote=kept.wrote):
            work.nothing_happened()
        return Saved(section, kept, missing, asked)


def _save(work, whole: Whole, section: SectionAssignment, now: datetime, *, done: bool, wrote: bool) -> bool:
    """Make what is typed count. False when it counted already, the same day, and nothing was written (an answer to a question that
    is no longer asked is kept, and changes nothing that counts)."""
    content = whole.contents[section.pk]
    digest = section_hash(section, content)
    state = State.DONE if done else State.BEGUN
    same_day = section.saved_at is not None and timezone.localdate(section.saved_at) == timezone.localdate(now)
    if section.saved_hash == digest and section.state == state and same_day and not wrote:
        return False
    section.saved_answers, section.saved_hash, section.saved_at = content, digest, now
    section.saved_by, section.state = writer(work.actor)[:200], state
    section.save(update_fields=["saved_answers", "saved_hash", "saved_at", "saved_by", "state"])
    publish(work, whole, now)
    if state == State.DONE:
        close_section_task(work, section, now)
    settle_sign_off_tasks(work, whole, now)
    work.record(
        "assessments.section_saved",
        section.assessment,
        organisation=section.assessment.matter.owner_id,
        section=section.section_id,
        state=str(state),
        details={"content_hash": digest},
    )
    return True


@service("assessments.settle_version")
def settle_version(
    *, actor: Actor, now: datetime, version: AnswerVersion, choice: str, content: Content | None = None
) -> Answer:
    """Choose between two texts that were written at once: `stored` stays, `kept` takes its place, or `joined` content does.
    The text that gives way is kept. A version that was settled before is left as it is."""
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(version.answer.section)
        require(actor, "assessments.settle_version", version)
        version = AnswerVersion.objects.select_related("answer").get(pk=version.pk)
        answer = version.answer
        answer.section = section
        if version.settled_at is not None:
            work.nothing_happened()
            return answer
        if choice not in ("stored", "kept", "joined") or (choice == "joined" and content is None):
            raise ValidationError({"choice": _("Choose which text is to stand.")})
        if choice != "stored":
            keep_replaced(actor, now, answer, choice=choice)
            write_answer(actor, now, answer, content if choice == "joined" else Content(version.value, version.note))
        version.settled_at, version.settled_by, version.choice = now, writer(actor), choice
        version.save(update_fields=["settled_at", "settled_by", "choice"])
        mark_begun(section)
        work.record(
            "assessments.answers_chosen",
            section.assessment,
            organisation=section.assessment.matter.owner_id,
            item=answer.item_id,
            choice=choice,
        )
    return answer
