"""How meetings travel with the organisation that keeps their record."""

from trygg.kernel.archive.fields import Subject
from trygg.kernel.archive.registry import register
from trygg.spine.meetings.models import Action, AgendaItem, Attendance, Meeting


def register_archive() -> None:
    register(Meeting, owner="organisation", key=("organisation", "body_name", "starts_at"), links={"subject_id": Subject("subject_type")})
    register(AgendaItem, owner="meeting__organisation", key=("meeting", "number"))
    register(Attendance, owner="meeting__organisation", key=("meeting", "membership"))
    register(Action, owner="item__meeting__organisation", key=("item", "made_at"))
