"""One example call of each public service of meetings, on a meeting of a body of the tests."""

from datetime import timedelta

from tests.world import NOW, People
from trygg.kernel.ledger import Example, example
from trygg.spine.meetings.services import add_action as add
from trygg.spine.meetings.services import open_meeting as begin
from trygg.spine.meetings.tests.bodies import MEETS, meeting_of, register_board

register_board()
NOT_LEADERS = ("officer", "auditor", "outsider", "vendor")


def on_meeting(people: People, meeting, records: str, **more) -> Example:
    return Example(
        call={"actor": people.actor("committee_secretary"), "now": NOW, "meeting": meeting, **more},
        denied=tuple(people.actor(who) for who in NOT_LEADERS),
        records=(f"meetings.{records}",),
    )


@example("meetings.move_meeting")
def move_meeting(people: People) -> Example:
    return on_meeting(people, meeting_of(people)[0], "meeting_moved", starts_at=MEETS + timedelta(hours=1), place="Granen")


@example("meetings.note_attendance")
def note_attendance(people: People) -> Example:
    return on_meeting(people, meeting_of(people)[0], "attendance_noted", present=[people.memberships["officer"].pk])


@example("meetings.open_meeting")
def open_meeting(people: People) -> Example:
    return on_meeting(people, meeting_of(people)[0], "meeting_opened")


@example("meetings.close_meeting")
def close_meeting(people: People) -> Example:
    meeting = meeting_of(people)[0]
    begin(actor=people.actor("committee_secretary"), now=NOW, meeting=meeting)
    return on_meeting(people, meeting, "meeting_closed")


@example("meetings.write_minutes")
def write_minutes(people: People) -> Example:
    return on_meeting(people, meeting_of(people)[0], "minutes_written", minutes="Vi enades.")


@example("meetings.add_action")
def add_action(people: People) -> Example:
    item = meeting_of(people)[1]
    return Example(
        call={"actor": people.actor("committee_secretary"), "now": NOW, "item": item, "text": "Ask the vendor",
              "owner": people.memberships["officer"]},
        denied=tuple(people.actor(who) for who in NOT_LEADERS),
        records=("meetings.action_added",),
    )  # fmt: skip


@example("meetings.finish_action")
def finish_action(people: People) -> Example:
    secretary, item = people.actor("committee_secretary"), meeting_of(people)[1]
    action = add(actor=secretary, now=NOW, item=item, text="Ask the vendor", owner=people.memberships["officer"])
    return Example(
        call={"actor": people.actor("officer"), "now": NOW, "action": action},
        denied=tuple(people.actor(who) for who in ("auditor", "outsider", "vendor")),
        records=("meetings.action_finished",),
    )
