"""Meetings: led by whoever the body says, closed for good, with attendance and actions."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.world import NOW, People
from trygg.kernel.access import Denied, may
from trygg.kernel.ledger import unit_of_work
from trygg.kernel.work.models import Task
from trygg.spine.meetings import services, steps
from trygg.spine.meetings.models import Attendance, Meeting
from trygg.spine.meetings.selectors import attendance_of
from trygg.spine.meetings.tests.bodies import BODY, MEETS, meeting_of, register_board


@pytest.fixture
def people(db):
    register_board()
    return People.make()


@pytest.fixture
def secretary(people):
    return people.actor("committee_secretary")


def test_the_body_says_who_sees_and_who_leads(people):
    meeting, _item = meeting_of(people)
    seen = {who: may(people.actor(who), "meetings.view_meeting", meeting) for who in ("officer", "committee_secretary", "outsider", "vendor")}
    led = {who: may(people.actor(who), "meetings.manage_meeting", meeting) for who in seen}
    assert seen == {"officer": True, "committee_secretary": True, "outsider": False, "vendor": False}
    assert led == {"officer": False, "committee_secretary": True, "outsider": False, "vendor": False}


def test_who_does_not_lead_is_refused(people):
    meeting, _item = meeting_of(people)
    with pytest.raises(Denied):
        services.open_meeting(actor=people.actor("officer"), now=NOW, meeting=meeting)


def test_an_unknown_body_cannot_meet(people, secretary):
    with pytest.raises(KeyError), unit_of_work(actor=secretary, now=NOW) as work:
        steps.plan_meeting(
            work, body_name="x", organisation=people.board, subject_type="no.body", subject_id="1", starts_at=MEETS, now=NOW
        )


def test_everyone_who_is_not_named_is_noted_as_absent(people, secretary):
    meeting, _item = meeting_of(people)
    there = people.memberships["officer"]
    services.note_attendance(actor=secretary, now=NOW, meeting=meeting, present=[there.pk])
    noted = attendance_of(meeting)
    assert noted[there.pk] is True
    assert sum(noted.values()) == 1
    assert len(noted) == Attendance.objects.count() > 5


def test_a_stranger_is_not_noted_as_present(people, secretary):
    meeting, _item = meeting_of(people)
    with pytest.raises(ValidationError, match="Only members"):
        services.note_attendance(actor=secretary, now=NOW, meeting=meeting, present=[people.memberships["outsider"].pk])


def test_a_closed_meeting_stands(people, secretary):
    meeting, _item = meeting_of(people)
    with pytest.raises(ValidationError, match="not been opened"):
        services.close_meeting(actor=secretary, now=NOW, meeting=meeting)
    services.open_meeting(actor=secretary, now=MEETS, meeting=meeting)
    services.close_meeting(actor=secretary, now=MEETS, meeting=meeting)
    with pytest.raises(ValidationError, match="closed"):
        services.note_attendance(actor=secretary, now=MEETS, meeting=meeting, present=[])
    with pytest.raises(ValidationError, match="closed"), unit_of_work(actor=secretary, now=MEETS) as work:
        steps.put_on_agenda(work, meeting=meeting, title="One more")


def test_items_are_numbered_in_their_order(people, secretary):
    meeting, first = meeting_of(people)
    with unit_of_work(actor=secretary, now=NOW) as work:
        second = steps.put_on_agenda(work, meeting=meeting, title="Nästa fråga")
    assert (first.number, second.number) == (1, 2)


def test_only_a_planned_meeting_is_moved(people, secretary):
    meeting, _item = meeting_of(people)
    services.move_meeting(actor=secretary, now=NOW, meeting=meeting, starts_at=MEETS, place="Granen")
    assert Meeting.objects.get(subject_type=BODY).place == "Granen"
    services.open_meeting(actor=secretary, now=MEETS, meeting=meeting)
    with pytest.raises(ValidationError, match="has begun"):
        services.move_meeting(actor=secretary, now=NOW, meeting=meeting, starts_at=NOW, place="Eken")


def test_an_action_is_a_task_until_it_is_done(people, secretary):
    _meeting, item = meeting_of(people)
    owner = people.memberships["officer"]
    action = services.add_action(actor=secretary, now=NOW, item=item, text="Ask the vendor", owner=owner, due_on=date(2026, 12, 1))
    task = Task.objects.get(assignee=owner)
    assert (task.code, task.done_at) == ("do_meeting_action", None)
    with pytest.raises(Denied):
        services.finish_action(actor=people.actor("auditor"), now=NOW, action=action)
    services.finish_action(actor=people.actor("officer"), now=MEETS, action=action)
    task.refresh_from_db()
    assert task.done_at == MEETS


def test_minutes_are_written_once_for_the_same_text(people, secretary):
    from trygg.kernel.ledger.models import Entry

    meeting, _item = meeting_of(people)
    for _time in range(2):
        services.write_minutes(actor=secretary, now=NOW, meeting=meeting, minutes="Vi enades.")
    assert Entry.objects.filter(action="meetings.minutes_written").count() == 1
