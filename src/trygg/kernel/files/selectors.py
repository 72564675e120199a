"""Reads of files."""

from collections.abc import Iterable

from trygg.kernel.access import Actor, restrict
from trygg.kernel.files.models import StoredFile


def files_of(actor: Actor, subject_type: str, subject_ids: Iterable[str]) -> dict[str, list[StoredFile]]:
    """Files by subject id, as far as the actor may see them."""
    found: dict[str, list[StoredFile]] = {}
    rows = restrict(actor, "files.view_file").filter(subject_type=subject_type, subject_id__in=[str(pk) for pk in subject_ids])
    for stored in rows:
        found.setdefault(stored.subject_id, []).append(stored)
    return found
