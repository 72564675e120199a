"""Answers of one version, carried to another: nothing is lost, and what became of each is said."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.questionnaires import answered, instrument, item, packs, t
from trygg.engines.conditions import NOT_APPLICABLE, UNANSWERED, UNKNOWN, Withheld, normalise
from trygg.engines.instruments import Change, Do, Fate, Why, expand, load_instrument, migrate, migration_map


def change(do, source, target=(), confirm=False, **choices):
    names = [(each,) if isinstance(each, str) else tuple(each) for each in (source, target)]
    return Change(Do(do), *names, choices, confirm)


def fates(found):
    return [(each.source, each.target, each.fate.value, each.why and each.why.value) for each in found.carried]


def test_what_no_change_names_is_kept_under_its_id():
    found = migrate(
        instrument(item("a"), item("b", "text")), instrument(item("b", "text"), item("a")), {"a": "yes", "b": "words"}
    )
    assert found.answers == {"a": "yes", "b": "words"}
    assert fates(found) == [("a", "a", "kept", None), ("b", "b", "kept", None)]
    assert (found.added, found.removed, found.reworded, found.dropped, found.to_confirm) == ((), (), (), (), ())


def test_a_question_gets_another_id_and_its_choices_other_names():
    new = instrument(item("b", choices=[{"id": "ja", "label": t("ja")}, {"id": "no", "label": t("no")}]))
    rename = change("rename", "a", "b", yes="ja")
    for value, carried in [("yes", "ja"), ("no", "no")]:
        found = migrate(instrument(item("a")), new, {"a": value}, [rename])
        assert found.answers == {"b": carried}
        assert fates(found) == [("a", "b", "moved", None)]
    found = migrate(instrument(item("a")), new, {"a": "some"}, [rename])
    assert (found.answers, fates(found)) == ({}, [("a", None, "dropped", "does_not_fit")])
    assert found.dropped[0].old_value == "some"
    assert (found.added, found.removed) == ((), ("a",))


def test_choices_of_a_kept_question_are_renamed_member_by_member():
    new = instrument(item("a", "choices", choices=[{"id": each, "label": t(each)} for each in ("ja", "no")]))
    found = migrate(
        instrument(item("a", "choices")), new, {"a": ["yes", "some", "no"]}, [change("keep", "a", yes="ja", some="ja")]
    )
    assert found.answers == {"a": ["ja", "no"]}
    assert fates(found) == [("a", "a", "moved", None)]


def test_one_question_becomes_several_and_somebody_looks_at_each():
    found = migrate(
        instrument(item("a")),
        instrument(item("b"), item("c"), item("d", "number")),
        {"a": "yes"},
        [change("split", "a", ("b", "c", "d"))],
    )
    assert found.answers == {"b": "yes", "c": "yes"}
    assert found.to_confirm == ("b", "c")
    assert fates(found)[2] == ("a", None, "dropped", "does_not_fit")


@pytest.mark.parametrize(
    ("answers", "carried", "second"),
    [
        ({"a": "yes", "b": "yes"}, "yes", ("b", "c", "confirm", None)),
        ({"a": "yes", "b": "no"}, "yes", ("b", None, "dropped", "two_answers")),
        ({"a": UNKNOWN, "b": "no"}, UNKNOWN, ("b", None, "dropped", "two_answers")),
    ],
)
def test_several_questions_become_one_and_a_second_answer_is_kept_readable(answers, carried, second):
    found = migrate(
        instrument(item("a"), item("b")), instrument(item("c")), answers, [change("merge", ("a", "b"), "c")]
    )
    assert found.answers == {"c": carried}
    assert fates(found) == [("a", "c", "confirm", None), second]


@pytest.mark.parametrize("empty", [None, "", [], UNANSWERED])
def test_what_is_empty_takes_no_place_and_is_not_dropped(empty):
    merge = change("merge", ("a", "b"), "c")
    found = migrate(instrument(item("a"), item("b")), instrument(item("c")), {"a": empty, "b": "no"}, [merge])
    assert (found.answers, found.dropped) == ({"c": "no"}, ())
    assert migrate(instrument(item("a")), instrument(item("c")), {"a": empty}).carried == ()


def test_dropped_answers_are_kept_readable_with_the_reason():
    old, new = instrument(item("a"), item("b"), item("c")), instrument(item("b", "number"), item("c"))
    found = migrate(old, new, {"a": "yes", "b": "yes", "c": "no", "from_before": "x"}, [change("drop", "c")])
    assert [(each.source, each.old_value, each.why) for each in found.dropped] == [
        ("a", "yes", Why.GONE), ("b", "yes", Why.DOES_NOT_FIT), ("c", "no", Why.SAID), ("from_before", "x", Why.GONE),
    ]  # fmt: skip
    assert found.answers == {}


def test_of_several_choices_those_that_there_still_are_stay_and_somebody_looks():
    old, new = instrument(item("a", "choices")), instrument(item("a", "choices", choices=[{"id": "no", "label": t("no")}]))
    found = migrate(old, new, {"a": ["yes", "no"]})
    assert found.answers == {"a": ["no"]}
    assert fates(found) == [("a", "a", "confirm", "does_not_fit")]
    assert found.carried[0].old_value == ["yes", "no"]
    assert fates(migrate(old, new, {"a": ["yes"]})) == [("a", None, "dropped", "does_not_fit")]


def test_the_map_may_ask_for_a_look_at_what_it_keeps():
    found = migrate(instrument(item("a")), instrument(item("a")), {"a": "yes"}, [change("keep", "a", confirm=True)])
    assert (found.to_confirm, found.carried[0].fate) == (("a",), Fate.CONFIRM)


@pytest.mark.parametrize("state", [UNKNOWN, NOT_APPLICABLE, Withheld("secret")])
def test_states_are_carried_as_they_are(state):
    found = migrate(
        instrument(item("a")), instrument(item("b", "number")), {"a": state}, [change("rename", "a", "b", yes="ja")]
    )
    assert found.answers == {"b": state}


def test_two_questions_may_change_places():
    swap = [change("rename", "a", "b"), change("rename", "b", "a")]
    questions = instrument(item("a"), item("b"))
    assert migrate(questions, questions, {"a": "yes", "b": "no"}, swap).answers == {"b": "yes", "a": "no"}


def test_entries_of_a_repeated_section_are_carried_each():
    def use(*items):
        return instrument(sections=[{"id": "use", "title": t("Use"), "items": list(items), "repeat": {"of": t("Use")}}])

    entries = {"use": [("a", ""), ("b", "")]}
    old, new = (expand(each, entries) for each in (use(item("goal"), item("left")), use(item("aim"), item("left"))))
    found = migrate(
        old,
        new,
        {"goal@a": "yes", "goal@b": "no", "left@b": "some", "goal@gone": "yes"},
        [change("rename", "goal", "aim")],
    )
    assert found.answers == {"aim@a": "yes", "aim@b": "no", "left@b": "some"}
    assert [(each.source, each.why) for each in found.dropped] == [("goal@gone", Why.GONE)]
    assert (found.added, found.removed) == ((), ("goal@a", "goal@b"))


@pytest.mark.parametrize(
    ("words", "reworded"),
    [
        ({}, ()),
        ({"source": "other", "asked_of": ["vendor"], "depth": "full"}, ()),
        ({"text": t("Other words")}, ("a",)),
        ({"plain": t("Plain")}, ("a",)),
        ({"required": True}, ("a",)),
        ({"choices": [{"id": each, "label": t(each), "points": {"r": 1}} for each in ("yes", "no", "some")]}, ()),
        ({"choices": [{"id": each, "label": t("new " + each)} for each in ("yes", "no", "some")]}, ("a",)),
        ({"visible_when": {"item": "b", "is": "yes"}}, ("a",)),
    ],
)
def test_questions_that_read_otherwise_are_named(words, reworded):
    assert migrate(instrument(item("a"), item("b")), instrument(item("a", **words), item("b")), {}).reworded == reworded


def test_a_matrix_with_another_right_reads_otherwise():
    def matrix(right, points):
        rows = {"rights": [{"id": "r", "label": t(right)}], "groups": [{"id": "g", "label": t("g")}]}
        levels = [{"id": each, "label": t(each), "points": {"risk": points}} for each in ("low", "high")]
        return instrument(
            item("a", "rights_matrix", matrix={**rows, "dimensions": [{"id": "d", "label": t("d"), "levels": levels}]})
        )

    assert migrate(matrix("heard", 1), matrix("privacy", 1), {}).reworded == ("a",)
    assert migrate(matrix("heard", 1), matrix("heard", 2), {}).reworded == ()


def test_the_map_of_a_pack_is_that_of_its_version():
    rows = [
        {"do": "rename", "from": "a", "to": "b", "choices": {"yes": "ja"}},
        {"do": "merge", "from": ["c", "d"], "to": "e", "confirm": True},
    ]
    data = {"migrations": [{"from": "0.9.0", "changes": []}, {"from": "1.0.0", "changes": rows}]}
    assert migration_map(data, "1.0.0") == (
        change("rename", "a", "b", yes="ja"),
        change("merge", ("c", "d"), "e", confirm=True),
    )
    assert migration_map(data, "0.9.0") == migration_map(data, "2.0.0") == migration_map({}, "1.0.0") == ()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(packs(), packs(), st.data())
def test_every_answer_is_carried_or_kept_readable(one, other, draw):
    old, new = (expand(load_instrument(each), {}) for each in (one, other))
    answers = draw.draw(answered(old))
    names = sorted({name.partition("@")[0] for name in (*old.items, *new.items)})
    changes = [
        change(
            draw.draw(st.sampled_from(list(Do))),
            name,
            draw.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2)),
        )
        for name in draw.draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    ]
    found = migrate(old, new, answers, changes)
    real = {name for name, value in answers.items() if normalise(value) is not UNANSWERED}
    assert {each.source for each in found.carried} == real
    assert found.answers == {each.target: each.value for each in found.carried if each.target is not None}
    for each in found.carried:
        assert each.old_value == answers[each.source]
        assert (each.target is None) == (each.fate is Fate.DROPPED) == (each.why is not None)
    assert migrate(old, old, answers).dropped == tuple(
        each for each in migrate(old, old, answers).carried if each.why is Why.DOES_NOT_FIT
    )
