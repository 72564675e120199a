"""The bodies that meet: each room says of its own who may see and lead their meetings, and who their members are."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from trygg.kernel.access import Actor
from trygg.kernel.people.models import Membership
from trygg.spine.meetings.models import Meeting

Ids = Callable[[Actor], QuerySet]


@dataclass(frozen=True)
class Body:
    """`view` and `manage` give a queryset of subject ids as text; `members` the memberships that a meeting expects."""

    subject_type: str
    view: Ids
    manage: Ids
    members: Callable[[Meeting], QuerySet[Membership]]
    path: Callable[[Meeting], str]


BODIES: dict[str, Body] = {}


def register(
    subject_type: str, *, view: Ids, manage: Ids, members: Callable[[Meeting], QuerySet[Membership]],
    path: Callable[[Meeting], str],
) -> None:  # fmt: skip
    """Make subjects of a type bodies that can meet."""
    if subject_type in BODIES:
        raise ValueError(f"two bodies are called {subject_type}")
    BODIES[subject_type] = Body(subject_type, view, manage, members, path)


def body_of(meeting: Meeting) -> Body:
    return BODIES[meeting.subject_type]
