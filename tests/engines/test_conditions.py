"""Conditions: parsing with every error, three-valued evaluation with reasons and needs."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.conditions import (
    NOT_APPLICABLE,
    UNANSWERED,
    UNKNOWN,
    All,
    Any_,
    Compare,
    ConditionErrors,
    Ground,
    Not,
    Op,
    Subject,
    Verdict,
    Withheld,
    as_data,
    dates,
    evaluate,
    names,
    normalise,
    parse,
    value_from_data,
    value_to_data,
    walk,
)

MISSING = [UNKNOWN, UNANSWERED, Withheld("trade secret")]


def truth(condition, on=date(2026, 11, 22), **facts):
    return evaluate(parse(condition), facts, on).truth


# ---- comparisons


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ({"is": True}, True, True),
        ({"is": True}, False, False),
        ({"is": True}, 1, False),
        ({"is": 1}, True, False),
        ({"is": "SE"}, "SE", True),
        ({"is": 3}, Decimal("3.0"), True),
        ({"is": "2026-01-02"}, date(2026, 1, 2), True),
        ({"in": ["EU", "SE"]}, "SE", True),
        ({"in": ["EU", "SE"]}, "UK", False),
        ({"not_in": [2]}, 3, True),
        ({"not_in": [2]}, 2, False),
        ({"includes": "0-5"}, ["0-5", "6-8"], True),
        ({"includes": "0-5"}, ("6-8",), False),
        ({"includes": "0-5"}, "0-5", True),
        ({"includes_any": ["0-5", "9-12"]}, ["9-12"], True),
        ({"includes_any": ["0-5"]}, ["9-12"], False),
        ({"at_least": 100}, 100, True),
        ({"at_least": 100}, 99.5, False),
        ({"at_most": 100}, 100, True),
        ({"over": 100}, 100, False),
        ({"under": 100}, Decimal("99.9"), True),
        ({"at_least": "2027-12-02"}, date(2027, 12, 2), True),
        ({"under": "2027-12-02"}, "2027-12-01", True),
        ({"under": "2027-12-02"}, datetime(2027, 12, 2, 0, 1), False),
        ({"at_least": 100}, "many", None),
        ({"at_least": "2027-12-02"}, 5, None),
        ({"at_least": 1}, float("nan"), None),
        ({"at_least": 1}, True, None),
        ({"is": "x"}, {"an": "object"}, None),
    ],
)
def test_a_comparison_says_what_it_should(condition, value, expected):
    assert truth({"fact": "x", **condition}, x=value) is expected


@pytest.mark.parametrize("missing", [*MISSING, None, "", []])
@pytest.mark.parametrize("condition", [{"is": True}, {"in": ["a"]}, {"not_in": ["a"]}, {"includes": "a"}, {"over": 3}])
def test_a_missing_fact_makes_a_comparison_unknown_and_is_needed(missing, condition):
    verdict = evaluate(parse({"fact": "x", **condition}), {"x": missing})
    assert (verdict.truth, verdict.needs) == (None, ("x",))


@pytest.mark.parametrize("condition", [{"is": True}, {"in": ["a"]}, {"not_in": ["a"]}, {"over": 3}, {"known": True}])
def test_not_applicable_makes_every_comparison_false(condition):
    assert truth({"fact": "x", **condition}, x=NOT_APPLICABLE) is False


def test_known_is_never_unknown_itself():
    assert truth({"fact": "x", "known": True}, x="a") is True
    for missing in MISSING:
        assert truth({"fact": "x", "known": True}, x=missing) is False
        assert truth({"fact": "x", "known": False}, x=missing) is True


def test_a_fact_that_nobody_mentions_is_unanswered():
    verdict = evaluate(parse({"fact": "x", "is": 1}), {})
    assert verdict.because == (Ground("x", UNANSWERED),)


def test_the_stated_date_decides_and_no_other():
    condition = {"date": "on_or_after", "value": "2027-12-02"}
    assert truth(condition, on=date(2027, 12, 1)) is False
    assert truth(condition, on=date(2027, 12, 2)) is True
    assert truth({"date": "before", "value": "2027-12-02"}, on=date(2027, 12, 2)) is False
    assert evaluate(parse(condition), {}).truth is None
    assert dates(parse({"not": condition})) == {date(2027, 12, 2)}


# ---- what led to it, and what is needed


def test_one_false_settles_all_and_nothing_else_is_needed():
    verdict = evaluate(parse({"all": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}), {"b": False})
    assert verdict == Verdict(False, (Ground("b", False),), ())


def test_one_true_settles_any_and_nothing_else_is_needed():
    verdict = evaluate(parse({"any": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}), {"b": True})
    assert verdict == Verdict(True, (Ground("b", True),), ())


def test_needs_leave_out_branches_that_are_settled():
    condition = parse(
        {
            "all": [
                {"any": [{"fact": "settled", "is": True}, {"fact": "no_longer_asked", "is": True}]},
                {"any": [{"fact": "ruled_out", "is": True}, {"fact": "still_asked", "is": True}]},
            ]
        }
    )
    verdict = evaluate(condition, {"settled": True, "ruled_out": False})
    assert (verdict.truth, verdict.needs) == (None, ("still_asked",))
    assert {ground.name for ground in verdict.because} == {"settled", "ruled_out", "still_asked"}


def test_a_withheld_fact_shows_its_reason():
    verdict = evaluate(parse({"fact": "x", "is": 1}), {"x": Withheld("secret")})
    assert verdict.because == (Ground("x", Withheld("secret")),)


def test_items_are_compared_as_facts_are():
    node = parse({"item": "heard_who", "includes": "children"}, subjects=(Subject.ITEM,))
    verdict = evaluate(node, {"heard_who": ["children"]})
    assert verdict.truth is True
    assert verdict.because == (Ground("heard_who", ("children",), Subject.ITEM),)
    assert names(node, Subject.ITEM) == {"heard_who"}
    assert names(node) == frozenset()


def test_walk_knows_what_stands_under_not():
    node = parse({"not": {"all": [{"fact": "a", "is": 1}, {"not": {"fact": "b", "is": 1}}]}})
    found = {child.name: (path, positive) for path, child, positive in walk(node, "when") if isinstance(child, Compare)}
    assert found == {"a": ("when.not.all[0]", False), "b": ("when.not.all[1].not", True)}


# ---- errors


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        ("always", "when", "not_a_condition"),
        ({}, "when", "not_a_condition"),
        ({"all": [], "any": []}, "when", "not_a_condition"),
        ({"all": []}, "when.all", "wrong_type"),
        ({"any": {"fact": "x", "is": 1}}, "when.any", "wrong_type"),
        ({"always": "yes"}, "when.always", "wrong_type"),
        ({"not": {"fact": "x"}}, "when.not", "one_comparison"),
        ({"fact": "x", "is": 1, "in": [1]}, "when", "one_comparison"),
        ({"fact": "x", "equals": 1}, "when", "unknown_word"),
        ({"fact": 3, "is": 1}, "when", "wrong_type"),
        ({"fact": "x", "is": [1]}, "when.is", "wrong_type"),
        ({"fact": "x", "in": "SE"}, "when.in", "wrong_type"),
        ({"fact": "x", "over": "soon"}, "when.over", "wrong_type"),
        ({"fact": "x", "over": "2027-02-30"}, "when.over", "wrong_type"),
        ({"fact": "x", "known": "yes"}, "when.known", "wrong_type"),
        ({"item": "x", "is": 1}, "when", "wrong_subject"),
        ({"date": "after", "value": "2027-01-01"}, "when.date", "wrong_type"),
        ({"date": "before", "value": "tomorrow"}, "when.value", "not_a_date"),
        ({"all": [{"always": True}], "note": "x"}, "when", "unknown_word"),
    ],
)
def test_a_wrong_place_is_named(data, path, code):
    with pytest.raises(ConditionErrors) as caught:
        parse(data, "when")
    assert [(error.path, error.code) for error in caught.value.errors] == [(path, code)]


def test_every_wrong_place_is_named_at_once():
    with pytest.raises(ConditionErrors) as caught:
        parse({"all": [{"fact": "a"}, {"any": []}, {"fact": "b", "in": []}]}, "when")
    assert [error.path for error in caught.value.errors] == ["when.all[0]", "when.all[1].any", "when.all[2].in"]


def test_a_condition_nested_too_deep_is_refused():
    data = {"always": True}
    for _ in range(200):
        data = {"not": data}
    with pytest.raises(ConditionErrors) as caught:
        parse(data)
    assert caught.value.errors[0].code == "too_deep"


def test_a_date_condition_is_refused_where_the_day_may_not_decide():
    with pytest.raises(ConditionErrors):
        parse({"date": "before", "value": "2027-01-01"}, allow_date=False)


# ---- Kleene's laws

FACTS = ["a", "b", "c", "d"]
states = st.sampled_from([True, False, UNKNOWN, UNANSWERED, Withheld("r"), NOT_APPLICABLE])
worlds = st.dictionaries(st.sampled_from(FACTS), states)
atoms = st.builds(lambda name, value: Compare(Subject.FACT, name, Op.IS, value), st.sampled_from(FACTS), st.booleans())
trees = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any_, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=10,
)


@given(trees, trees, worlds)
def test_de_morgan(p, q, world):
    left = evaluate(Not(All((p, q))), world)
    right = evaluate(Any_((Not(p), Not(q))), world)
    assert (left.truth, set(left.needs)) == (right.truth, set(right.needs))


@given(trees, worlds)
def test_not_twice_changes_nothing(p, world):
    assert evaluate(Not(Not(p)), world) == evaluate(p, world)


@given(trees, trees, trees, worlds)
def test_all_and_any_are_commutative_associative_and_distributive(p, q, r, world):
    def holds(node):
        return evaluate(node, world).truth

    assert holds(All((p, q))) is holds(All((q, p)))
    assert holds(All((p, All((q, r))))) is holds(All((p, q, r)))
    assert holds(All((p, Any_((q, r))))) is holds(Any_((All((p, q)), All((p, r)))))


@given(trees, worlds)
def test_needs_are_there_exactly_when_it_cannot_be_told(p, world):
    verdict = evaluate(p, world)
    assert bool(verdict.needs) is (verdict.truth is None)
    assert set(verdict.needs) <= {ground.name for ground in verdict.because} <= names(p)


@given(trees, worlds, st.lists(st.sampled_from(FACTS)))
def test_learning_more_never_turns_a_verdict_round(p, world, forgotten):
    knows_less = {name: UNKNOWN if name in forgotten else value for name, value in world.items()}
    before, after = evaluate(p, knows_less).truth, evaluate(p, world).truth
    assert before is None or before is after


@given(trees, worlds, st.dictionaries(st.sampled_from(FACTS), st.booleans(), min_size=len(FACTS)))
def test_answering_what_is_needed_settles_it(p, world, answers):
    for _ in FACTS:
        needs = evaluate(p, world).needs
        world = {**world, **{name: answers[name] for name in needs}}
    assert evaluate(p, world).truth is not None


anything = st.one_of(
    states,
    st.none(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.decimals(),
    st.lists(st.text()),
    st.dictionaries(st.text(), st.integers()),
)
operands = {
    Op.IS: st.one_of(st.booleans(), st.integers(), st.text(min_size=1), st.floats(allow_nan=False)),
    Op.IN: st.lists(st.one_of(st.integers(), st.text(min_size=1)), min_size=1),
    Op.NOT_IN: st.lists(st.text(min_size=1), min_size=1),
    Op.INCLUDES: st.text(min_size=1),
    Op.INCLUDES_ANY: st.lists(st.text(min_size=1), min_size=1),
    Op.CONTAINS: st.text(min_size=1),
    Op.KNOWN: st.booleans(),
    **{
        op: st.one_of(st.integers(), st.dates().map(str), st.floats(allow_nan=False, allow_infinity=False))
        for op in (Op.AT_LEAST, Op.AT_MOST, Op.OVER, Op.UNDER)
    },
}


@given(st.data(), st.sampled_from(Op), anything)
def test_no_value_whatever_breaks_a_comparison(data, op, value):
    node = parse({"fact": "x", op.value: data.draw(operands[op])})
    assert evaluate(node, {"x": value}).truth in (True, False, None)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["fact", "is"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "fact", "item", "date", "value", "is", "in", "over"]), inner
        )
    ),
    max_leaves=8,
)


@given(json_like)
def test_no_data_whatever_breaks_the_parser(data):
    try:
        parse(data)
    except ConditionErrors as errors:
        assert errors.errors


@given(anything)
def test_values_survive_being_stored(value):
    stored = value_to_data(normalise(value))
    again = value_from_data(stored)
    assert value_to_data(again) == stored


def test_results_become_plain_data():
    verdict = evaluate(parse({"fact": "x", "is": "a"}), {"x": Withheld("law")})
    assert as_data(verdict) == {
        "truth": None,
        "because": [{"name": "x", "value": {"state": "withheld", "reason": "law"}, "subject": "fact"}],
        "needs": ["x"],
    }
