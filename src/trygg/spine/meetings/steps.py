"""Writes that rooms compose inside their own unit of work: calling a meeting, putting an item on its agenda."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from trygg.kernel.people.models import Organisation
from trygg.spine.assurance.models import Snapshot
from trygg.spine.matters.models import Matter
from trygg.spine.meetings.bodies import BODIES
from trygg.spine.meetings.models import AgendaItem, Meeting


def plan_meeting(
    work, *, body_name: str, organisation: Organisation, subject_type: str, subject_id: str, starts_at: datetime, now: datetime,
    place: str = "",
) -> Meeting:  # fmt: skip
    """Call a meeting of a registered body. The caller has asked whether the actor may."""
    if subject_type not in BODIES:
        raise KeyError(f"{subject_type} is no body that meets")
    meeting = Meeting(
        body_name=body_name, organisation=organisation, subject_type=subject_type, subject_id=str(subject_id), starts_at=starts_at,
        place=place.strip(), made_at=now,
    )  # fmt: skip
    meeting.full_clean()
    meeting.save()
    work.record("meetings.meeting_planned", meeting, organisation=organisation.pk, starts_at=starts_at)
    return meeting


def put_on_agenda(
    work, *, meeting: Meeting, title: str, matter: Matter | None = None, snapshot: Snapshot | None = None
) -> AgendaItem:
    """Add the next item. ValidationError when the meeting is closed."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.state == Meeting.State.CLOSED:
        raise ValidationError(_("The meeting is closed. Call another one for this item."))
    last = meeting.agenda.aggregate(last=Max("number"))["last"] or 0
    item = AgendaItem(meeting=meeting, number=last + 1, title=title.strip(), matter=matter, snapshot=snapshot)
    item.full_clean()
    item.save()
    public = {"number": item.number} | ({"snapshot": snapshot.content_hash} if snapshot else {})
    work.record("meetings.item_added", item, organisation=meeting.organisation_id, **public, details={"title": item.title})
    return item
