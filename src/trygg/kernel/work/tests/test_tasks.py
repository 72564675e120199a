"""Tasks and notifications: who sees them, in which words, in which heap."""

from datetime import date, timedelta

import pytest

from tests.world import NOW
from trygg.kernel.access import Role
from trygg.kernel.ledger import unit_of_work
from trygg.kernel.ledger.models import Entry
from trygg.kernel.work import registry, selectors, services, tasks
from trygg.kernel.work.models import Notification, Task

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def wordings(monkeypatch):
    monkeypatch.setattr(registry, "TASKS", kinds := {})
    monkeypatch.setattr(registry, "NOTIFICATIONS", lines := {})
    for module in (tasks, selectors):
        monkeypatch.setattr(module, "TASKS", kinds)
        monkeypatch.setattr(module, "NOTIFICATIONS", lines)
    registry.register_task("tests.answer", heading=lambda p: f"Answer {p['n']}", why=lambda p: "Because")
    registry.register_notification("tests.news", text=lambda p: f"News {p['n']}")


@pytest.fixture
def act(people):
    """`act(function, ...)`: a composed write in a unit of work of the officer."""

    def act(function, who=Role.OFFICER, **given):
        with unit_of_work(actor=people.actor(who), now=NOW) as work:
            found = function(work, now=NOW, **given)
            work.record("people.member_added", role="x")
        return found

    return act


@pytest.fixture
def task(people, act):
    def task(**given):
        call = {
            "code": "tests.answer", "params": {"n": 3}, "path": "/x/", "subject_type": "tests.thing", "subject_id": "1",
            "organisation_id": people.board.pk, **given,
        }  # fmt: skip
        return act(tasks.open_task, **call)

    return task


def headings(waiting):
    return [[one.heading for one in heap] for heap in (waiting.now, waiting.week, waiting.later)]


def test_a_task_for_a_role_waits_for_that_role_in_that_organisation(people, task):
    task(role="officer")
    assert selectors.open_count(people.actor(Role.OFFICER)) == 1
    for who in (Role.CONTRIBUTOR, "partner", "outsider"):
        assert selectors.open_count(people.actor(who)) == 0


def test_a_task_for_someone_waits_for_that_membership(people, task):
    task(assignee_id=people.memberships["partner"].pk)
    assert [who for who, actor in people.actors().items() if selectors.open_count(actor)] == ["partner"]


def test_opening_it_again_brings_it_up_to_date(people, task):
    first, again = task(role="officer"), task(role="officer", params={"n": 4}, due_on=TODAY)
    assert first.pk == again.pk
    assert headings(selectors.waiting_for(people.actor(Role.OFFICER), today=TODAY)) == [["Answer 4"], [], []]


def test_done_is_done_and_a_new_one_may_be_opened(people, act, task):
    task(role="officer")
    assert act(tasks.close_task, code="tests.answer", subject_type="tests.thing", subject_id="1") == 1
    assert act(tasks.close_task, code="tests.answer", subject_type="tests.thing", subject_id="1") == 0
    assert selectors.open_count(people.actor(Role.OFFICER)) == 0
    task(role="officer")
    assert Task.objects.count() == 2


@pytest.mark.parametrize(("days", "heap", "late"), [(-2, 0, 2), (0, 0, 0), (1, 1, 0), (7, 1, 0), (8, 2, 0), (None, 2, 0)])
def test_the_heaps_and_what_is_late(people, task, days, heap, late):
    task(role="officer", due_on=None if days is None else TODAY + timedelta(days=days))
    waiting = selectors.waiting_for(people.actor(Role.OFFICER), today=TODAY)
    heaps = [waiting.now, waiting.week, waiting.later]
    assert [len(one) for one in heaps] == [int(n == heap) for n in range(3)]
    assert heaps[heap][0].days_late == late and waiting.late == bool(late) and waiting.count == 1


def test_a_task_without_wording_is_refused(task):
    with pytest.raises(KeyError):
        task(code="tests.unknown")


def test_whoever_acts_is_not_told_of_it(people, act):
    everyone = [people.memberships[who].person_id for who in ("officer", "auditor", "auditor")]
    act(tasks.notify, person_ids=everyone, code="tests.news", params={"n": 1}, path="/x/")
    assert selectors.notifications_of(people.actor(Role.OFFICER)) == []
    assert [text for _row, text in selectors.notifications_of(people.actor(Role.AUDITOR))] == ["News 1"]


def test_marking_as_read_is_recorded_once(people, act):
    act(tasks.notify, person_ids=[people.memberships["auditor"].person_id], code="tests.news", params={"n": 1}, path="/x/")
    auditor = people.actor(Role.AUDITOR)
    assert services.mark_notifications_read(actor=auditor, now=NOW) == 1
    entries = Entry.objects.count()
    assert services.mark_notifications_read(actor=auditor, now=NOW) == 0
    assert Entry.objects.count() == entries
    assert Notification.objects.get().read_at == NOW
