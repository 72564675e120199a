"""Writes of meetings that stand on their own. What rooms compose stands in `steps`."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Membership
from trygg.kernel.work.tasks import close_task, open_task
from trygg.spine.meetings import calendar
from trygg.spine.meetings.bodies import body_of
from trygg.spine.meetings.changes import AttendanceNoted
from trygg.spine.meetings.models import Action, AgendaItem, Attendance, Meeting

ACTION = "meetings.action"


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def _not_closed(meeting: Meeting) -> None:
    if meeting.state == Meeting.State.CLOSED:
        raise ValidationError(_("The meeting is closed. What was noted then stands."))


@service("meetings.move_meeting")
def move_meeting(*, actor: Actor, now: datetime, meeting: Meeting, starts_at: datetime, place: str = "") -> Meeting:
    """Give a planned meeting another time or place. The members get the new entry for their calendars."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "meetings.manage_meeting", meeting)
        meeting = _locked(meeting)
        if meeting.state != Meeting.State.PLANNED:
            raise ValidationError(_("The meeting has begun: its time and place stand."))
        if (meeting.starts_at, meeting.place) == (starts_at, place.strip()):
            work.nothing_happened()
            return meeting
        meeting.starts_at, meeting.place = starts_at, place.strip()
        meeting.full_clean()
        meeting.save(update_fields=["starts_at", "place"])
        calendar.invite(work, meeting, moved=calendar.times_moved(meeting) + 1, now=now)
        work.record("meetings.meeting_moved", meeting, organisation=meeting.organisation_id, starts_at=starts_at)
    return meeting


@service("meetings.note_attendance")
def note_attendance(*, actor: Actor, now: datetime, meeting: Meeting, present: Collection[int]) -> Meeting:
    """Note who is there: `present` holds membership ids, every other expected member is noted as absent."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "meetings.manage_meeting", meeting)
        meeting = _locked(meeting)
        _not_closed(meeting)
        expected = set(body_of(meeting).members(meeting).values_list("pk", flat=True))
        strangers = set(present) - expected
        if strangers:
            raise ValidationError({"present": _("Only members of the body can be noted as present.")})
        before = dict(Attendance.objects.filter(meeting=meeting).values_list("membership_id", "present"))
        wanted = {pk: pk in set(present) for pk in expected}
        if all(before.get(pk) == there for pk, there in wanted.items()):
            work.nothing_happened()
            return meeting
        Attendance.objects.bulk_create(
            [Attendance(meeting=meeting, membership_id=pk, present=there, noted_at=now) for pk, there in sorted(wanted.items())],
            update_conflicts=True, unique_fields=["meeting", "membership"], update_fields=["present", "noted_at"],
        )  # fmt: skip
        work.changed(AttendanceNoted(meeting.pk))
        work.record(
            "meetings.attendance_noted", meeting, organisation=meeting.organisation_id, present=len(set(present)), expected=len(expected),
            details={"present": sorted(present)},
        )  # fmt: skip
    return meeting


@service("meetings.open_meeting")
def open_meeting(*, actor: Actor, now: datetime, meeting: Meeting) -> Meeting:
    """Open the meeting. Who is present is noted separately; opening it twice changes nothing."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "meetings.manage_meeting", meeting)
        meeting = _locked(meeting)
        _not_closed(meeting)
        if meeting.state == Meeting.State.OPEN:
            work.nothing_happened()
            return meeting
        meeting.state, meeting.opened_at = Meeting.State.OPEN, now
        meeting.save(update_fields=["state", "opened_at"])
        work.record("meetings.meeting_opened", meeting, organisation=meeting.organisation_id)
    return meeting


@service("meetings.close_meeting")
def close_meeting(*, actor: Actor, now: datetime, meeting: Meeting) -> Meeting:
    """Close an open meeting. Attendance and agenda stand from then on."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "meetings.manage_meeting", meeting)
        meeting = _locked(meeting)
        if meeting.state == Meeting.State.CLOSED:
            work.nothing_happened()
            return meeting
        if meeting.state == Meeting.State.PLANNED:
            raise ValidationError(_("The meeting has not been opened yet."))
        meeting.state, meeting.closed_at = Meeting.State.CLOSED, now
        meeting.save(update_fields=["state", "closed_at"])
        work.record("meetings.meeting_closed", meeting, organisation=meeting.organisation_id)
    return meeting


@service("meetings.write_minutes")
def write_minutes(*, actor: Actor, now: datetime, meeting: Meeting, minutes: str) -> Meeting:
    """Save the notes of the meeting; they may be completed after it."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "meetings.manage_meeting", meeting)
        meeting = _locked(meeting)
        if meeting.minutes == minutes:
            work.nothing_happened()
            return meeting
        meeting.minutes = minutes
        meeting.save(update_fields=["minutes"])
        work.record("meetings.minutes_written", meeting, organisation=meeting.organisation_id, details={"minutes": minutes})
    return meeting


@service("meetings.add_action")
def add_action(
    *, actor: Actor, now: datetime, item: AgendaItem, text: str, owner: Membership, due_on: date | None = None
) -> Action:
    """Note what is to be done, by whom; it becomes a task of that person."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "meetings.manage_meeting", item.meeting)
        require(actor, "people.view_membership", owner)
        action = Action(item=item, text=text.strip(), owner=owner, due_on=due_on, made_at=now)
        action.full_clean()
        action.save()
        open_task(
            work, code="do_meeting_action", params={"text": action.text, "body": item.meeting.body_name},
            path=body_of(item.meeting).path(item.meeting), subject_type=ACTION, subject_id=str(action.pk),
            organisation_id=owner.organisation_id, assignee_id=owner.pk, due_on=due_on, now=now,
        )  # fmt: skip
        work.record("meetings.action_added", action, organisation=item.meeting.organisation_id, details={"text": action.text})
    return action


@service("meetings.finish_action")
def finish_action(*, actor: Actor, now: datetime, action: Action) -> Action:
    """Say that it is done."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "meetings.finish_action", action)
        if action.done_at:
            work.nothing_happened()
            return action
        action.done_at = now
        action.save(update_fields=["done_at"])
        close_task(work, code="do_meeting_action", subject_type=ACTION, subject_id=str(action.pk), now=now)
        work.record("meetings.action_finished", action, organisation=action.item.meeting.organisation_id)
    return action
