"""Reads of meetings."""

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Membership
from trygg.spine.meetings.bodies import body_of
from trygg.spine.meetings.models import Action, Attendance, Meeting


def as_ids(rows: QuerySet) -> QuerySet:
    """Keys of rows as text, as meetings store the subject they belong to."""
    return rows.annotate(key_text=Cast("pk", CharField())).values("key_text")


def meetings_of(actor: Actor, subject_type: str, subject_ids: list) -> QuerySet[Meeting]:
    """Meetings of these bodies that the actor may see, latest first."""
    rows = restrict(actor, "meetings.view_meeting").filter(subject_type=subject_type, subject_id__in=[str(pk) for pk in subject_ids])
    return rows.prefetch_related("agenda").order_by("-starts_at", "-pk")


def attendance_of(meeting: Meeting) -> dict[int, bool]:
    """Membership id -> present, for those that were noted."""
    return dict(Attendance.objects.filter(meeting=meeting).values_list("membership_id", "present"))


def expected_at(meeting: Meeting) -> list[Membership]:
    """The members whom the meeting expects."""
    return list(body_of(meeting).members(meeting).select_related("person", "organisation"))


def actions_of(meeting: Meeting) -> QuerySet[Action]:
    return Action.objects.filter(item__meeting=meeting).select_related("owner__person", "item").order_by("item__number", "pk")
