"""The unit of work: recorded or refused, all or nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy

from trygg.engines.translog import leaves, merkle
from trygg.kernel.ledger import uow
from trygg.kernel.ledger.actions import UnknownAction, describe, register_action
from trygg.kernel.ledger.models import Checkpoint, Detail, Entry, Tile
from trygg.kernel.ledger.selectors import tree
from trygg.kernel.ledger.tests.conftest import ADMINISTRATOR, NOW

pytestmark = pytest.mark.django_db


def work():
    return uow.unit_of_work(actor=ADMINISTRATOR, now=NOW)


def write_something():
    return Checkpoint.objects.create(size=99, root=bytes(32), note="", at=NOW)


def test_an_act_is_recorded_with_what_it_says_in_the_open_and_what_it_keeps_aside():
    with work() as open_work:
        record = open_work.record(
            "test.thing_done", ("test.thing", 4), details={"title": "Läshjälpen"}, number=1, day=NOW.date()
        )
    entry, detail = Entry.objects.get(), Detail.objects.get()
    content = leaves.read_leaf(bytes(entry.leaf))
    assert (record.index, entry.index, entry.organisation_id, entry.subject_id) == (0, 0, 1, "4")
    assert content["public"] == entry.public == {"number": 1, "day": "2026-09-01"}
    assert content["details"] == {"title": leaves.commitment("title", bytes(detail.salt), detail.value)}
    assert detail.value == '"Läshjälpen"'
    assert "Läshjälpen".encode() not in bytes(entry.leaf)
    assert bytes(entry.leaf_hash) == merkle.leaf_hash(bytes(entry.leaf)) == tree().root()


def test_a_row_can_be_the_subject_once_it_is_saved(act):
    act()
    with work() as open_work:
        open_work.record("test.thing_done", Entry.objects.get(), number=2)
    assert Entry.objects.last().subject_type == "ledger.entry"
    with pytest.raises(ValueError, match="save it"), work() as open_work:
        open_work.record("test.thing_done", Detail(), number=2)


def test_entries_are_dense_over_many_units_of_work(act):
    act(5)
    with work() as open_work:
        for number in range(300):
            open_work.record("test.thing_done", number=number)
    assert list(Entry.objects.values_list("index", flat=True)) == list(range(305))
    assert tree().root() == merkle.root_of([bytes(h) for h in Entry.objects.values_list("leaf_hash", flat=True)])
    assert [(t.level, t.position, len(t.data) // 32) for t in Tile.objects.all()] == [
        (0, 0, 256),
        (0, 1, 49),
        (1, 0, 1),
    ]


def test_a_unit_of_work_inside_another_is_refused():
    with pytest.raises(uow.NestedUnitOfWork), work() as open_work:
        open_work.record("test.thing_done", number=1)
        with work():
            pass
    assert not Entry.objects.exists()
    assert not uow.unit_of_work_open()


def test_an_unregistered_action_is_refused():
    with pytest.raises(UnknownAction, match="register_action"), work() as open_work:
        open_work.record("test.never_heard_of")


def test_a_value_that_is_no_json_is_refused_where_it_is_recorded():
    with pytest.raises(leaves.NotJson), work() as open_work:
        open_work.record("test.thing_done", number=object())


def test_a_write_without_a_record_is_refused_and_undone():
    with pytest.raises(uow.UnrecordedWrite, match="changed something"), work():
        write_something()
    assert not Checkpoint.objects.exists()


def test_a_write_cannot_be_passed_off_as_nothing():
    with pytest.raises(uow.UnrecordedWrite), work() as open_work:
        write_something()
        open_work.nothing_happened()
    assert not Checkpoint.objects.exists()


def test_an_announced_change_without_a_record_is_refused():
    with pytest.raises(uow.UnrecordedWrite), work() as open_work:
        open_work.changed("something")
        open_work.nothing_happened()


def test_recording_nothing_must_be_said():
    with pytest.raises(uow.UnrecordedWrite, match="nothing_happened"), work():
        Entry.objects.count()
    with work() as open_work:
        Checkpoint.objects.filter(size=5).update(note="")  # no such row
        open_work.nothing_happened()
    assert not Entry.objects.exists()


def test_listeners_hear_the_changes_and_may_go_on_changing():
    heard = []

    @uow.on_change
    def recompute(open_work, changes):
        heard.append(list(changes))
        if "first" in changes:
            open_work.changed("second")
            open_work.record("test.other_done")

    with work() as open_work:
        open_work.changed("first")
        open_work.record("test.thing_done", number=1)
    assert heard == [["first"], ["second"]]
    assert list(Entry.objects.values_list("action", flat=True)) == ["test.thing_done", "test.other_done"]


def test_listeners_that_never_settle_are_stopped():
    rounds = []

    @uow.on_change
    def never_content(open_work, changes):
        rounds.append(changes)
        open_work.changed("again")

    with pytest.raises(uow.ListenersDoNotSettle), work() as open_work:
        open_work.changed("once")
        open_work.record("test.thing_done", number=1)
    assert len(rounds) == 10
    assert not Entry.objects.exists()


def test_a_failing_listener_rolls_everything_back():
    @uow.on_change
    def fail(open_work, changes):
        raise ArithmeticError

    with pytest.raises(ArithmeticError), work() as open_work:
        write_something()
        open_work.changed("first")
        open_work.record("test.thing_done", number=1, details={"a": 1})
    assert not (
        Entry.objects.exists() or Checkpoint.objects.exists() or Detail.objects.exists() or Tile.objects.exists()
    )


def test_an_exception_rolls_everything_back(act):
    act(2)
    before = tree().root()
    with pytest.raises(ArithmeticError), work() as open_work:
        open_work.record("test.thing_done", number=1)
        raise ArithmeticError
    assert (Entry.objects.count(), tree().root()) == (2, before)


def test_nothing_can_be_added_once_it_is_over():
    with work() as open_work:
        open_work.record("test.thing_done", number=1)
    with pytest.raises(uow.UnitOfWorkClosed):
        open_work.record("test.thing_done", number=2)


def test_what_comes_after_commit_waits_for_it(django_capture_on_commit_callbacks):
    done = []
    with django_capture_on_commit_callbacks() as callbacks, work() as open_work:
        open_work.record("test.thing_done", number=1)
        open_work.after_commit(lambda: done.append(1))
    assert done == []
    for callback in callbacks:
        callback()
    assert done == [1]


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_is_refused():
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), work():
        pass


def test_a_time_without_a_zone_is_refused():
    with (
        pytest.raises(ValueError, match="time zone"),
        uow.unit_of_work(actor=ADMINISTRATOR, now=NOW.replace(tzinfo=None)),
    ):
        pass


def test_one_act_costs_few_queries(act, django_assert_max_num_queries):
    act(3)
    queries = (
        5 if connection.vendor == "sqlite" else 6
    )  # two savepoints of the test among them; PostgreSQL takes its lock
    with django_assert_max_num_queries(queries), work() as open_work:
        open_work.record("test.thing_done", number=1)


def test_an_entry_is_told_in_both_languages(act):
    act()
    entry = Entry.objects.get()
    assert (describe(entry, "en"), describe(entry, "sv-se")) == ("Thing 0 done", "Sak 0 gjord")
    entry.action = "test.long_gone"
    assert describe(entry, "en") == "test.long_gone"


@pytest.mark.parametrize(
    ("name", "en", "sv"),
    [("nodot", "a", "b"), ("Test.thing", "a", "b"), ("test.new_thing", "", "b"), ("test.thing_done", "x", "y")],
)
def test_a_bad_action_is_refused(name, en, sv):
    with pytest.raises(ValueError):
        register_action(name, en, sv)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one transaction write at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_a_dense_record():
    def write(writer):
        try:
            for number in range(20):
                with work() as open_work:
                    open_work.record("test.thing_done", ("test.writer", writer), number=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, writer) for writer in range(4)]:
            done.result(timeout=60)
    assert list(Entry.objects.values_list("index", flat=True)) == list(range(80))
    assert tree().root() == merkle.root_of(
        [bytes(hashed) for hashed in Entry.objects.values_list("leaf_hash", flat=True)]
    )


def test_stored_codes_are_told_by_their_names(act):
    register_action(
        "test.thing_moved",
        "Moved to {where}",
        "Flyttade till {where}",
        values={"where": {"in_use": gettext_lazy("Save")}},
    )
    with work() as open_work:
        open_work.record("test.thing_moved", ("test.thing", 1), where="in_use")
        open_work.record("test.thing_moved", ("test.thing", 1), where="elsewhere")
    named, other = Entry.objects.order_by("pk")
    assert (describe(named, "en"), describe(named, "sv")) == ("Moved to save", "Flyttade till spara")
    assert describe(other, "sv") == "Flyttade till elsewhere"
