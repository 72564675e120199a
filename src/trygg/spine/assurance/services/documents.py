"""Documents that were written before: uploaded once, attached to many claims with their pages as one act, undone as one act."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, require
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import remove_file, store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.work.tasks import close_task
from trygg.spine.assurance.documents import BACKGROUND, SOURCE, Place, good_until
from trygg.spine.assurance.evidence import add_evidence, case_of, withdraw_evidence
from trygg.spine.assurance.models import CaseDocument, Claim, Status
from trygg.spine.assurance.pagerefs import pages_words
from trygg.spine.assurance.selectors import wanted_documents
from trygg.spine.matters.models import Matter

MOST_FILES = 20


@service("assurance.add_case_documents")
def add_case_documents(*, actor: Actor, now: datetime, matter: Matter, uploads: Sequence[CheckedUpload]) -> list[CaseDocument]:
    """Keep documents of a matter. They are evidence of nothing before they are attached. The same file twice is kept once."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assurance.attach_documents", matter)
        if not uploads:
            raise ValidationError({"files": _("Choose at least one file.")})
        if len(uploads) > MOST_FILES:
            raise ValidationError({"files": _("At most %(most)d files can be taken at once.") % {"most": MOST_FILES}})
        case, found, made = case_of(matter), [], 0
        for upload in uploads:
            document = CaseDocument.objects.filter(case=case, sha256=upload.sha256, removed_at=None).first()
            if document is None:
                document = CaseDocument.objects.create(
                    case=case, title=upload.name.rpartition(".")[0].replace("_", " ")[:300] or upload.name[:300], sha256=upload.sha256,
                    added_by=_writer(actor), added_at=now,
                )  # fmt: skip
                store_file(work, upload=upload, subject_type=SOURCE, subject_id=str(document.pk), organisation=matter.owner, now=now)
                made += 1
            found.append(document)
        if not made:
            work.nothing_happened()
            return found
        work.record("assurance.documents_added", case, organisation=matter.owner_id, matter=matter.pk, count=made)
    return found


@service("assurance.attach_document")
def attach_document(
    *, actor: Actor, now: datetime, document: CaseDocument, title: str, dated_on: date, places: Sequence[Place],
    valid_until: date | None = None, system_version: str = "",
) -> CaseDocument:  # fmt: skip
    """Attach a document to all of `places`, instead of where it was attached before. All of it or nothing: ValidationError names the
    field, or the claim (`claim-<id>`), that cannot be. For a claim that asks for no older document it is good no longer than that."""
    with unit_of_work(actor=actor, now=now) as work:
        document = CaseDocument.objects.select_for_update(of=("self",)).select_related("case__matter__owner").get(pk=document.pk)
        require(actor, "assurance.attach_documents", document.case.matter)
        _check(document, title, dated_on, valid_until, places, now)
        withdraw_evidence(work, source_type=SOURCE, source_id=str(document.pk), now=now)
        document.title, document.dated_on, document.valid_until = title.strip(), dated_on, valid_until
        document.system_version, document.attached_at, document.attached_by = system_version.strip()[:80], now, _writer(actor)
        document.save(update_fields=["title", "dated_on", "valid_until", "system_version", "attached_at", "attached_by"])
        for place in places:
            _add(work, document, place, now)
        work.record(
            "assurance.document_attached", document.case, organisation=document.case.matter.owner_id, matter=document.case.matter_id,
            count=len(places), hash=document.sha256, details={"title": document.title},
        )  # fmt: skip
    return document


def _check(
    document: CaseDocument, title: str, dated_on: date, valid_until: date | None, places: Sequence[Place], now: datetime
) -> None:
    errors: dict[str, str] = {}
    if not title.strip():
        errors["title"] = _("Say what the document is called.")
    elif len(title.strip()) > 300:
        errors["title"] = _("The title is longer than 300 characters. Shorten it.")
    if dated_on > timezone.localdate(now):
        errors["dated_on"] = _("The document can't be from a day that has not come yet.")
    if valid_until is not None and valid_until < dated_on:
        errors["valid_until"] = _("It can't end before the day that it is from.")
    if not places:
        errors["__all__"] = _("Tick at least one claim that the document says something about.")
    seen = set()
    for place in places:
        name = f"claim-{place.claim.pk}"
        if place.claim.case_id != document.case_id or place.claim.pk in seen:
            errors["__all__"] = _("One of the claims is not in this case, or was named twice.")
        elif place.kind != BACKGROUND and place.kind not in dict(wanted_documents(place.claim)):
            errors[name] = _("This claim asks for no such document. Attach it as background.")
        elif place.claim.status == Status.NOT_REQUIRED:
            errors[name] = _("This claim is not required here any more.")
        seen.add(place.claim.pk)
    if errors:
        raise ValidationError(errors)


def _add(work, document: CaseDocument, place: Place, now: datetime) -> None:
    claim, condition = place.claim, place.claim.origin == Claim.Origin.CONDITION
    background = place.kind == BACKGROUND
    pages = pages_words(place.pages)
    add_evidence(
        work, case=document.case, kind=BACKGROUND if background else "condition_met" if condition else "document",
        key="" if background or condition else place.kind, title=f"{document.title[:270]}, {pages}" if pages else document.title,
        source_type=SOURCE, source_id=str(document.pk), params={"pages": place.pages}, claim=claim,
        valid_from=document.dated_on, valid_until=good_until(claim, place.kind, document.dated_on, document.valid_until),
        content_hash=document.sha256, system_version=document.system_version, now=now,
    )  # fmt: skip
    if not background:
        close_task(work, code="assurance.own_claim", subject_type="assurance.claim", subject_id=str(claim.pk), now=now)


@service("assurance.detach_document")
def detach_document(*, actor: Actor, now: datetime, document: CaseDocument) -> int:
    """Undo an attachment as one act: the document counts nowhere any more, and can be attached anew. Returns from how many claims."""
    with unit_of_work(actor=actor, now=now) as work:
        document = CaseDocument.objects.select_for_update(of=("self",)).select_related("case__matter").get(pk=document.pk)
        require(actor, "assurance.attach_documents", document.case.matter)
        count = withdraw_evidence(work, source_type=SOURCE, source_id=str(document.pk), now=now)
        if not count:
            work.nothing_happened()
            return 0
        document.attached_at = None
        document.save(update_fields=["attached_at"])
        work.record(
            "assurance.document_detached", document.case, organisation=document.case.matter.owner_id, matter=document.case.matter_id,
            count=count,
        )  # fmt: skip
    return count


@service("assurance.remove_document")
def remove_document(*, actor: Actor, now: datetime, document: CaseDocument) -> None:
    """Take away a document that is attached nowhere. ValidationError while it counts somewhere."""
    with unit_of_work(actor=actor, now=now) as work:
        document = CaseDocument.objects.select_for_update(of=("self",)).select_related("case__matter").get(pk=document.pk)
        require(actor, "assurance.attach_documents", document.case.matter)
        if document.removed_at is not None:
            work.nothing_happened()
            return
        if document.attached_at is not None:
            raise ValidationError(_("The document is attached to claims. Undo that first."))
        for stored in StoredFile.objects.filter(subject_type=SOURCE, subject_id=str(document.pk), removed_at=None):
            remove_file(work, stored=stored, now=now)
        document.removed_at = now
        document.save(update_fields=["removed_at"])
        work.record("assurance.document_removed", document.case, organisation=document.case.matter.owner_id, matter=document.case.matter_id)


def _writer(actor: Actor) -> str:
    return ", ".join(part for part in (actor.name, actor.organisation_name) if part)[:200]
