"""Who may download a file: who may see what it belongs to, unless it is quarantined."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from trygg.kernel.access import NOTHING, Actor, Role, rule
from trygg.kernel.files.models import StoredFile

SUBJECTS: dict[str, Callable[[Actor], QuerySet]] = {}


def register_subject(subject_type: str, rows: Callable[[Actor], QuerySet]) -> None:
    """Say which subjects of a type an actor may see: `rows(actor)` gives a queryset of their ids as text."""
    if subject_type in SUBJECTS:
        raise ValueError(f"two rules for files of {subject_type}")
    SUBJECTS[subject_type] = rows


@rule("files.view_file", StoredFile)
def view_file(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    seen = NOTHING
    for subject_type, rows in SUBJECTS.items():
        seen |= Q(subject_type=subject_type, subject_id__in=rows(actor))
    return seen & Q(quarantined_at=None, removed_at=None)


@rule("files.quarantine_file", StoredFile)
def quarantine_file(actor: Actor) -> Q:
    """The safeguarding lead and the administrator of the owning organisation, without opening it."""
    if actor.is_system:
        return Q()
    if not actor.has_role(Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR):
        return NOTHING
    return Q(organisation_id=actor.organisation_id, removed_at=None)
