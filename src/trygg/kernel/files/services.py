"""Writes of files: composed by rooms (`store_file`, `remove_file`), and quarantine, which stands on its own."""

from datetime import datetime

from trygg.kernel.access import Actor, require
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Organisation


def store_file(
    work, *, upload: CheckedUpload, subject_type: str, subject_id: str, organisation: Organisation, now: datetime
) -> StoredFile:
    """Refer to an upload that was read before; the caller has checked that the actor may write to the subject.

    What was put in quarantine once comes into quarantine again, under whichever name.
    """
    shut = StoredFile.objects.filter(sha256=upload.sha256).exclude(quarantined_at=None).exists()
    stored = StoredFile.objects.create(
        subject_type=subject_type, subject_id=str(subject_id), organisation=organisation, name=upload.name,
        media_type=upload.media_type, size=upload.size, sha256=upload.sha256, stored_as=upload.stored_as,
        uploaded_by=work.actor.name, uploaded_at=now, quarantined_at=now if shut else None,
    )  # fmt: skip
    work.record("files.file_stored", stored, organisation=organisation.pk, sha256=upload.sha256, size=upload.size)
    return stored


def remove_file(work, *, stored: StoredFile, now: datetime) -> None:
    """Take a file away from its subject; the row stays, so that the record can be read."""
    stored.removed_at = now
    stored.save(update_fields=["removed_at"])
    work.record("files.file_removed", stored, organisation=stored.organisation_id, sha256=stored.sha256)


@service("files.quarantine_file")
def quarantine_file(*, actor: Actor, now: datetime, stored: StoredFile, reason: str) -> None:
    """Shut a file away unseen: nobody can download it any more, wherever else it was put, and nothing shows a picture of it."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "files.quarantine_file", stored)
        if StoredFile.objects.filter(pk=stored.pk).exclude(quarantined_at=None).exists():
            work.nothing_happened()
            return
        stored.quarantined_at, stored.quarantine_reason = now, reason[:300]
        same = StoredFile.objects.filter(sha256=stored.sha256, quarantined_at=None)
        same.update(quarantined_at=now, quarantine_reason=stored.quarantine_reason)
        work.record("files.file_quarantined", stored, organisation=stored.organisation_id, details={"reason": reason})
