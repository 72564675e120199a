"""Comments on questions, and evidence beside answers."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import FILES, files_by_answer, writer
from trygg.apps.assessments.models import Answer, Comment, SectionAssignment
from trygg.apps.assessments.services.shared import (
    acting_organisation,
    check_item,
    locked,
    mark_begun,
    section_params,
    section_path,
)
from trygg.kernel.access import Actor, require
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import remove_file, store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.work.tasks import notify

MAX_COMMENT = 5_000


@service("assessments.comment")
def comment(*, actor: Actor, now: datetime, section: SectionAssignment, item_id: str, text: str, token: str) -> Comment:
    """Say something about a question. All who see the section see it. The same form sent twice gives one comment."""
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(section)
        require(actor, "assessments.comment_section", section)
        check_item(section, item_id)
        before = section.comments.filter(token=token).first()
        if before is not None:
            work.nothing_happened()
            return before
        if not text.strip() or len(text) > MAX_COMMENT:
            raise ValidationError(
                {"text": _("Write a comment of at most %(limit)d characters.") % {"limit": MAX_COMMENT}}
            )
        made = Comment.objects.create(
            section=section,
            item_id=item_id,
            author_id=actor.person_id,
            author_name=actor.name,
            author_organisation=actor.organisation_name,
            text=text.strip(),
            token=token[:40],
            at=now,
        )
        heard = set(section.comments.filter(item_id=item_id).exclude(author=None).values_list("author_id", flat=True))
        if section.membership_id:
            heard.add(section.membership.person_id)
        notify(
            work,
            person_ids=heard,
            code="assessments.comment_made",
            params=section_params(section),
            now=now,
            path=f"{section_path(section)}#q-{item_id}",
        )
        work.record("assessments.comment_made", section.assessment, organisation=actor.organisation_id, item=item_id)
    return made


@service("assessments.resolve_comment")
def resolve_comment(*, actor: Actor, now: datetime, comment: Comment) -> Comment:
    """Say that a comment is dealt with. It stays to be read."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assessments.resolve_comment", comment)
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if comment.resolved_at is not None:
            work.nothing_happened()
            return comment
        comment.resolved_at, comment.resolved_by = now, actor.name
        comment.save(update_fields=["resolved_at", "resolved_by"])
        work.record("assessments.comment_resolved", comment.section.assessment, item=comment.item_id)
    return comment


@service("assessments.attach_file")
def attach_file(
    *, actor: Actor, now: datetime, section: SectionAssignment, item_id: str, upload: CheckedUpload
) -> StoredFile:
    """Put evidence beside an answer. It counts when the section is saved. The same file twice is kept once."""
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(section)
        require(actor, "assessments.answer_section", section)
        check_item(section, item_id)
        answer, _made = Answer.objects.get_or_create(
            section=section,
            item_id=item_id,
            defaults={"answered_by": writer(actor), "answered_by_id": actor.id, "answered_at": now},
        )
        same = [stored for stored in files_by_answer([answer]).get(answer.pk, ()) if stored.sha256 == upload.sha256]
        if same:
            work.nothing_happened()
            return same[0]
        stored = store_file(
            work,
            upload=upload,
            subject_type=FILES,
            subject_id=str(answer.pk),
            organisation=acting_organisation(actor, section),
            now=now,
        )
        mark_begun(section)
        work.record("assessments.file_attached", section.assessment, item=item_id)
    return stored


@service("assessments.remove_attached_file")
def remove_attached_file(*, actor: Actor, now: datetime, stored: StoredFile) -> None:
    """Take evidence away from an answer. The record of it stays. Denied for a file that belongs to something else."""
    with unit_of_work(actor=actor, now=now) as work:
        answer = Answer.objects.filter(pk=stored.subject_id).first() if stored.subject_type == FILES else None
        require(actor, "assessments.answer_item", answer or Answer())
        section = locked(answer.section)
        if stored.removed_at is not None:
            work.nothing_happened()
            return
        remove_file(work, stored=stored, now=now)
        mark_begun(section)
        work.record("assessments.file_removed", section.assessment, item=answer.item_id)
