"""Answers in the words of another instrument: what is carried whole, what is a beginning, and what stays behind."""

from datetime import date

import pytest

from trygg.engines.conditions import NOT_APPLICABLE, UNKNOWN, Withheld
from trygg.engines.instruments import Relation, load_instrument, load_mapping, reverse_mapping, translated
from trygg.engines.instruments.mapping import open_choices


def item(item_id, kind, *choices):
    data = {
        "id": item_id,
        "type": kind,
        "depth": "light",
        "text": {"en": "?", "sv": "?"},
        "source": "A",
        "verified": "no",
    }
    if choices:
        data["choices"] = [{"id": each, "label": {"en": f"{each} en", "sv": f"{each} sv"}} for each in choices]
    return data


def instrument(*items):
    text = {"en": "T", "sv": "T"}
    sections = [{"id": "s", "title": text, "items": list(items)}]
    return load_instrument({"id": "i", "version": "1.0.0", "title": text, "sections": sections})


def mapping(*lines):
    return load_mapping(
        {
            "id": "a-to-b",
            "version": "1.0.0",
            "title": {"en": "T", "sv": "T"},
            "from": {"pack": "a", "version": "1.0.0"},
            "to": {"pack": "b", "version": "2.0.0"},
            "map": [{"source": "OWN", "verified": "no", "relation": "equal", **line} for line in lines],
        }
    )


def carried(value, source, target, relation="equal", language="", backwards=False, **line):
    one, other = instrument(item("x", *source)).items["x"], instrument(item("y", *target)).items["y"]
    found = mapping({"from": "x", "to": "y", "relation": relation, **line})
    if backwards:
        found, one, other = reverse_mapping(found), other, one
    return translated(found.lines[0], one, other, value, language)


YES = ("choice", "yes", "partly", "no")
PLACE = ("choice", "in_place", "partly", "missing")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("yes", "in_place"),
        ("partly", "partly"),
        *((value, None) for value in ("no", "gone", UNKNOWN, NOT_APPLICABLE, None, "", Withheld("why"))),
    ],
)
def test_a_choice_becomes_its_counterpart_or_stays_behind(value, expected):
    assert carried(value, YES, PLACE, choices={"yes": "in_place", "no": None}) == expected


def test_of_several_those_with_a_counterpart_are_carried_each_once():
    source, target = ("choices", "a", "b", "c", "d"), ("choices", "a", "x")
    choices = {"b": "x", "c": "x", "d": None}
    assert carried(["d", "c", "a", "b"], source, target, choices=choices) == ("x", "a")
    assert carried(["d"], source, target, choices=choices) is None


def test_one_becomes_the_only_one_of_several_and_several_never_become_one():
    assert carried("yes", YES, ("choices", "yes", "partly", "no")) == ("yes",)
    assert carried(["yes"], ("choices", "yes", "no"), YES) == "yes"
    assert carried(["yes", "no"], ("choices", "yes", "no"), YES) is None
    # Also when only one of the two has a counterpart: the other one was an answer too.
    assert carried(["yes", "no"], ("choices", "yes", "no"), YES, choices={"no": None}) is None


def test_words_numbers_and_days_are_carried_as_they_are():
    assert carried("Words", ("text",), ("text",)) == "Words"
    assert carried(3, ("number",), ("number",)) == 3
    assert carried(date(2026, 11, 22), ("date",), ("date",)) == date(2026, 11, 22)
    assert carried(3, ("number",), ("date",)) is None


def test_words_can_be_begun_from_choices_where_somebody_looks():
    assert carried(["yes", "no"], ("choices", "yes", "no"), ("text",), "subset", "sv") == "yes sv; no sv"
    assert carried("yes", YES, ("text",), "intersects", "fi") == "yes en"
    assert carried(date(2026, 11, 22), ("date",), ("text",), "intersects") == "2026-11-22"
    assert carried("yes", YES, ("text",), "equal") is None
    assert carried("yes", ("text",), YES, "intersects") is None


@pytest.mark.parametrize("kind", ["file", "sign"])
def test_a_signature_and_a_file_are_never_taken_over(kind):
    assert carried("thing", (kind,), (kind,)) is None
    assert carried("thing", (kind,), ("text",), "intersects") is None


def test_the_reverse_is_derived():
    there = mapping(*({"from": "x", "to": "y", "relation": each.value} for each in Relation))
    back = reverse_mapping(there)
    assert [line.relation.value for line in back.lines] == ["equal", "superset", "subset", "intersects"]
    assert (back.source.pack, back.source.version, back.target.pack, back.derived) == ("b", "2.0.0", "a", True)
    assert {(line.source, line.target) for line in back.lines} == {("y", "x")}
    assert reverse_mapping(back) == there
    assert [each.value for each in Relation if each.whole] == ["equal", "superset"]


def test_backwards_only_what_is_sure_comes_back():
    choices = {"a": "x", "b": "x", "c": "y", "d": None}
    source, target = ("choice", "a", "b", "c", "d", "same"), ("choice", "x", "y", "d", "same")
    back = {value: carried(value, source, target, choices=choices, backwards=True) for value in target[1:]}
    # x: from a or from b, nobody knows; d: another thing that happens to have the id of one that has no counterpart.
    assert back == {"x": None, "y": "c", "d": None, "same": "same"}


def test_a_choice_that_is_the_counterpart_of_another_is_not_its_own_as_well():
    assert carried("b", ("choice", "a", "b"), ("choice", "b", "c"), choices={"a": "b"}) is None
    assert open_choices({"a": "b"}, ("a", "b"), ("b", "c")) == ["b"]
    assert open_choices({"a": None}, ("a", "b", "c"), ("b",)) == ["c"]


def test_lines_are_found_from_both_ends():
    found = mapping({"from": "x", "to": "y"}, {"from": "z", "to": "y"}, {"from": "x", "to": "w"})
    assert [line.target for line in found.from_item("x")] == ["y", "w"]
    assert [line.source for line in found.to_item("y")] == ["x", "z"]
    assert found.from_item("gone") == ()
