"""Answers of one instrument offered to another one: what is offered, what is not and why, across versions too."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.conditions import UNKNOWN, Withheld, normalise
from trygg.engines.instruments import (
    Change,
    Do,
    answer_problems,
    expand,
    load_instrument,
    load_mapping,
    reverse_mapping,
)
from trygg.engines.instruments.carry import Moved, Obstacle, across, carry, inverted
from trygg.engines.instruments.mapping import Relation


def words(text: str) -> dict[str, str]:
    return {"en": text, "sv": text}


def item(item_id: str, kind: str = "text", *choices: str, **more) -> dict:
    found = {"id": item_id, "type": kind, "depth": "light", "text": words(item_id), "source": "OWN", "verified": "no", **more}
    if choices:
        found["choices"] = [{"id": each, "label": words(f"says {each}")} for each in choices]
    return found


def instrument(name: str, *items: dict, version: str = "1.0.0", **section):
    sections = [{"id": "all", "title": words("All"), "items": list(items), **section}]
    return load_instrument({"id": name, "version": version, "title": words(name), "languages": ["en", "sv"], "sections": sections})


def mapping(*lines: dict):
    rows = [{"relation": "equal", "source": "OWN", "verified": "no", **line} for line in lines]
    ends = {"from": {"pack": "one", "version": "1.0.0"}, "to": {"pack": "two", "version": "1.0.0"}}
    return load_mapping({"id": "one-to-two", "version": "1.0.0", "title": words("m"), **ends, "map": rows})


ONE = instrument(
    "one", item("why"), item("kept", "choice", "yes", "no", "partly"), item("who", "choices", "a", "b", "c"), item("many", "number"),
    item("signed", "sign"),
)  # fmt: skip
TWO = instrument(
    "two", item("purpose"), item("stored", "choice", "in_place", "missing", "partly"), item("groups", "choices", "a", "bb"),
    item("count", "number", min=0, max=10), item("agreed", "sign"),
)  # fmt: skip
LINES = mapping(
    {"from": "why", "to": "purpose", "relation": "superset"},
    {"from": "kept", "to": "stored", "choices": {"yes": "in_place", "no": None}},
    {"from": "who", "to": "groups", "choices": {"b": "bb", "c": None}},
    {"from": "many", "to": "count", "relation": "subset", "note": words("look")},
)


def offers(answers: dict, existing=(), lines=LINES, one=ONE, two=TWO) -> dict:
    return {each.target: each for each in carry(lines, one, answers, two, existing, "en") if each.obstacle is None}


def obstacles(answers: dict, existing=(), lines=LINES, one=ONE, two=TWO) -> dict:
    return {each.target: each.obstacle for each in carry(lines, one, answers, two, existing) if each.obstacle is not None}


def test_words_and_choices_in_the_words_of_the_other():
    found = offers({"why": "To read", "kept": "yes", "who": ["a", "b"], "many": 4})
    assert {name: each.value for name, each in found.items()} == {
        "purpose": "To read", "stored": "in_place", "groups": ("a", "bb"), "count": 4,
    }  # fmt: skip
    assert {name for name, each in found.items() if each.look} == {"count"}


def test_a_choice_without_counterpart_is_left_behind_and_said():
    assert obstacles({"kept": "no"}) == {"stored": Obstacle.NO_COUNTERPART}
    partly = offers({"who": ["a", "c"]})["groups"]
    assert (partly.value, partly.partly, partly.look) == (("a",), True, True)


def test_what_stands_is_not_touched():
    assert obstacles({"why": "To read"}, {"purpose"}) == {"purpose": Obstacle.ANSWERED}


def test_a_value_that_the_other_refuses_is_not_offered():
    assert obstacles({"many": 11}) == {"count": Obstacle.NO_COUNTERPART}


@pytest.mark.parametrize("value", [UNKNOWN, Withheld("secret"), None, "", []])
def test_what_is_no_answer_is_not_offered(value):
    assert carry(LINES, ONE, {"why": value}, TWO, ()) == []


def test_a_signature_is_never_carried():
    lines = mapping({"from": "signed", "to": "agreed"})
    assert obstacles({"signed": True}, lines=lines) == {"agreed": Obstacle.NO_COUNTERPART}


def test_a_line_to_what_is_not_there_is_said_with_or_without_an_answer():
    lines = mapping({"from": "gone", "to": "purpose"}, {"from": "why", "to": "away"})
    assert obstacles({}, lines=lines) == {"purpose": Obstacle.NO_SUCH_SOURCE, "away": Obstacle.NO_SUCH_TARGET}


def test_the_closest_relation_stands_first():
    lines = mapping({"from": "why", "to": "purpose", "relation": "intersects", "note": words("n")}, {"from": "other", "to": "purpose"})
    one = instrument("one", item("why"), item("other"))
    assert [each.source for each in carry(lines, one, {"why": "A", "other": "B"}, TWO, ())] == ["other", "why"]


def test_entries_of_a_repeated_section():
    section = {"repeat": {"of": words("a use"), "min": 1, "max": 5}}
    one = expand(instrument("one", item("why"), **section), {"all": (("1", "Marks"), ("2", "Plans"))})
    found = carry(mapping({"from": "why", "to": "purpose"}), one, {"why@1": "A", "why@2": "B"}, TWO, ())
    assert [(each.source, each.value) for each in found] == [("why@1", "A"), ("why@2", "B")]
    two = expand(instrument("two", item("purpose"), **section), {"all": (("1", "Marks"), ("2", "Plans"))})
    found = carry(mapping({"from": "why", "to": "purpose"}), ONE, {"why": "A"}, two, ())
    assert [each.obstacle for each in found] == [Obstacle.SEVERAL_PLACES]
    alone = expand(instrument("two", item("purpose"), **section), {"all": (("3", "Marks"),)})
    assert [each.target for each in carry(mapping({"from": "why", "to": "purpose"}), ONE, {"why": "A"}, alone, ())] == ["purpose@3"]


# Other versions -------------------------------------------------------------------------------------------------------


def change(do: Do, source: str, target: str = "", choices=None, confirm=False) -> Change:
    return Change(do, tuple(source.split()), tuple(target.split()), choices or {}, confirm)


def test_renamed_questions_and_choices_on_both_sides():
    one = instrument("one", item("saved", "choice", "ja", "no", "partly"), version="2.0.0")
    two = instrument("two", item("stock", "choice", "full", "missing", "partly"), version="1.1.0")
    moved = across(
        LINES,
        Moved([change(Do.RENAME, "kept", "saved", {"yes": "ja"})]),
        Moved([change(Do.RENAME, "stored", "stock", {"in_place": "full"})]),
    )
    found = offers({"saved": "ja"}, lines=moved, one=one, two=two)
    assert (found["stock"].value, found["stock"].look) == ("full", False)
    assert offers({"saved": "partly"}, lines=moved, one=one, two=two)["stock"].value == "partly"
    assert obstacles({"saved": "no"}, lines=moved, one=one, two=two)["stock"] is Obstacle.NO_COUNTERPART


def test_choices_that_changed_places():
    moved = across(LINES, source=Moved([change(Do.KEEP, "kept", choices={"yes": "no", "no": "yes"})]))
    assert offers({"kept": "no"}, lines=moved)["stored"].value == "in_place"
    assert obstacles({"kept": "yes"}, lines=moved)["stored"] is Obstacle.NO_COUNTERPART


def test_what_was_split_joined_reworded_or_is_to_be_confirmed_only_overlaps():
    for moved in (
        Moved([change(Do.SPLIT, "why", "first second")]), Moved([change(Do.MERGE, "why other", "first")]), Moved(reworded={"why"}),
        Moved([change(Do.KEEP, "why", confirm=True)]), Moved([change(Do.RENAME, "why", "first")], {"first"}),
    ):  # fmt: skip
        lines = [line for line in across(LINES, source=moved).lines if line.target == "purpose"]
        assert {line.relation for line in lines} == {Relation.INTERSECTS}, moved
    assert [line.source for line in across(LINES, source=Moved([change(Do.SPLIT, "why", "first second")])).lines][:2] == ["first", "second"]


def test_what_was_dropped_is_left_out_with_the_reason():
    moved = across(LINES, target=Moved([change(Do.DROP, "purpose")]))
    two = instrument("two", item("stored", "choice", "in_place"), version="2.0.0")
    assert obstacles({"why": "To read"}, lines=moved, two=two)["purpose"] is Obstacle.NO_SUCH_TARGET


def test_back_to_an_older_version():
    forth = [change(Do.RENAME, "kept", "saved", {"yes": "ja", "no": "nej", "never": "nej"}), change(Do.DROP, "x")]
    (back,) = inverted(forth)
    assert (back.source, back.target, dict(back.choices)) == (("saved",), ("kept",), {"ja": "yes"})
    assert inverted([change(Do.SPLIT, "a", "b c")])[0] == change(Do.MERGE, "b c", "a")


# Whatever is answered -------------------------------------------------------------------------------------------------

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "why": st.text(max_size=40),
        "kept": st.sampled_from(["yes", "no", "partly", "strange", UNKNOWN]),
        "who": st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True),
        "many": st.integers(-20, 20),
        "signed": st.just(True),
    },
)
EXISTING = st.sets(st.sampled_from(sorted(TWO.items)))
CHANGES = st.lists(
    st.sampled_from(
        [
            change(Do.RENAME, "stored", "stock", {"in_place": "full"}), change(Do.DROP, "purpose"), change(Do.SPLIT, "groups", "groups purpose"),
            change(Do.MERGE, "count purpose", "count"), change(Do.KEEP, "stored", choices={"missing": "in_place"}, confirm=True),
        ]
    ),
    max_size=3,
)  # fmt: skip
ALL_CHOICES = {name: set(each.choice_ids) for name, each in TWO.items.items()}


@given(ANSWERS, EXISTING, CHANGES, st.booleans())
def test_never_overwrites_never_makes_up_a_choice_and_is_the_same_again(answers, existing, changes, backwards):
    lines = across(LINES, Moved(changes), Moved(inverted(changes) if backwards else changes))
    untouched = MappingProxyType(dict(answers))
    found = carry(lines, ONE, untouched, TWO, existing)
    assert carry(lines, ONE, untouched, TWO, existing) == found
    for each in found:
        if each.obstacle is not None:
            assert each.value is None
            continue
        assert each.target not in existing
        assert answer_problems(TWO.items[each.target], each.value) == ()
        given = normalise(answers[each.source])
        members = given if isinstance(given, tuple) else (given,)
        if ALL_CHOICES[each.target] and ONE.items[each.source].choices:
            for chosen in each.value if isinstance(each.value, tuple) else (each.value,):
                # Each choice is that of a line, for something that was chosen.
                assert chosen in {each.line.choices.get(member, member) for member in members}
    # What is taken leaves nothing more to offer in its place.
    taken = {each.target for each in found if each.obstacle is None}
    assert not {each.target for each in carry(lines, ONE, untouched, TWO, {*existing, *taken}) if each.obstacle is None}


@given(ANSWERS)
def test_there_and_back_never_gives_another_answer(answers):
    first = {each.target: each.value for each in carry(LINES, ONE, answers, TWO, ()) if each.obstacle is None}
    for each in carry(reverse_mapping(LINES), TWO, first, ONE, ()):
        if each.obstacle is None:
            was, now = normalise(answers[each.target]), normalise(each.value)
            assert now == was or set(now) < set(was)
