"""Rules on a date, and screening: what applies, how deep, and what is still needed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.assurance import (
    MatterKind,
    Result,
    as_data,
    evaluate_rule,
    facts_for_kind,
    load_framework,
    load_rules,
    rule_dates,
    screen,
)
from trygg.engines.conditions import NOT_APPLICABLE, UNANSWERED, UNKNOWN, Withheld
from trygg.engines.depth import Depth

T = {"en": "x", "sv": "x"}
START, END = date(2027, 12, 2), date(2030, 8, 2)
DAY = timedelta(days=1)


def rules_pack(*rules, facts=()):
    base = {"title": T, "statement": T, "next": T, "source": "S", "verified": "yes", "outcome": "advice"}
    rows = [
        {"id": f"R{number}", "when": {"fact": "a", "is": True}, **base, **rule} for number, rule in enumerate(rules, 1)
    ]
    source = {"S": {"title": "Act", "checked": "2026-11-22", "verified": "yes"}}
    return load_rules(
        {"id": "law", "version": "1.0.0", "title": T, "facts": list(facts), "rules": rows, "sources": source}
    )


def outcome(on=date(2026, 11, 22), rule=None, **facts):
    return evaluate_rule(rules_pack(rule or {}).rules[0], facts, on, "law")


def framework(**words):
    requirement = {
        "group": "g",
        "claim": T,
        "plain": T,
        "child": T,
        "about": "harm",
        "depth": "light",
        "answered_by": "officer",
        "needs": [{"id": "n", "kind": "decision"}],
        "source": "S",
        "verified": "yes",
        "next": T,
    }
    raw = {
        "id": "frame",
        "version": "1.0.0",
        "title": T,
        "applies_when": {"fact": "children", "is": True},
        "depth": [
            {"level": "full", "when": {"fact": "grave", "is": True}},
            {"level": "standard", "when": {"fact": "data", "is": True}},
        ],
        "groups": [{"id": "g", "title": T}],
        "requirements": [{"id": "one", **requirement}],
        **words,
    }
    raw["requirements"] = [{**requirement, **each} for each in raw["requirements"]]
    return load_framework(raw)


# ---- one rule


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ({"outcome": "prohibited"}, {"a": True}, "prohibited"),
        ({"outcome": "prohibited"}, {"a": False}, "does_not_apply"),
        ({"outcome": "prohibited"}, {}, "cannot_tell"),
        ({"outcome": "advice"}, {"a": True}, "advice"),
        ({"outcome": "duty"}, {"a": True}, "duty"),
        ({"outcome": "duty", "met_when": {"fact": "b", "is": True}}, {"a": True, "b": True}, "duty_met"),
        ({"outcome": "duty", "met_when": {"fact": "b", "is": True}}, {"a": True, "b": False}, "duty"),
        ({"outcome": "duty", "met_when": {"fact": "b", "is": True}}, {"a": True}, "duty"),
        ({"outcome": "precondition"}, {"a": True}, "precondition_missing"),
        (
            {"outcome": "precondition", "met_when": {"fact": "b", "is": True}},
            {"a": True, "b": True},
            "precondition_met",
        ),
        (
            {"outcome": "precondition", "met_when": {"fact": "b", "is": True}},
            {"a": True, "b": False},
            "precondition_missing",
        ),
        ({"outcome": "precondition", "met_when": {"fact": "b", "is": True}}, {"a": True}, "cannot_tell"),
        ({"outcome": "precondition", "met_when": {"fact": "b", "is": True}}, {"a": False}, "does_not_apply"),
    ],
)
def test_a_rule_says_what_the_table_says(rule, facts, expected):
    assert outcome(rule=rule, **facts).result == expected


def test_a_duty_that_is_not_known_to_be_met_asks_for_the_fact():
    said = outcome(rule={"outcome": "duty", "met_when": {"fact": "b", "is": True}}, a=True)
    assert (said.applies, said.needs) == (True, ("b",))
    assert {ground.name for ground in said.because} == {"a", "b"}


@pytest.mark.parametrize("verified", ["partly", "no"])
@pytest.mark.parametrize(("kind", "would_be"), [("prohibited", "prohibited"), ("precondition", "precondition_missing")])
def test_what_is_not_verified_never_blocks_and_says_so(verified, kind, would_be):
    said = outcome(rule={"outcome": kind, "verified": verified}, a=True)
    assert (said.result, said.downgraded, said.verified) == (Result.ADVICE, Result(would_be), verified)


def test_a_duty_is_not_downgraded():
    said = outcome(rule={"outcome": "duty", "verified": "no"}, a=True)
    assert (said.result, said.downgraded) == (Result.DUTY, None)


def test_a_rule_begins_on_its_first_day_and_ends_after_its_last():
    rule = {"outcome": "prohibited", "from": str(START), "until": str(END)}
    said = [outcome(rule=rule, on=on, a=True).result.value for on in (START - DAY, START, END, END + DAY)]
    assert said == ["not_yet", "prohibited", "prohibited", "expired"]


def test_a_rule_may_say_something_else_early():
    rule = {"outcome": "precondition", "from": str(START), "early": "advice"}
    before, after = outcome(rule=rule, on=START - DAY, a=True), outcome(rule=rule, on=START, a=True)
    assert (before.result, before.early, before.from_) == (Result.ADVICE, True, START)
    assert (after.result, after.early) == (Result.PRECONDITION_MISSING, False)


def test_a_rule_whose_facts_are_missing_is_not_yet_before_and_expired_after():
    rule = {"from": str(START), "until": str(END)}
    before, after = outcome(rule=rule, on=START - DAY), outcome(rule=rule, on=END + DAY)
    assert (before.result, before.needs) == (Result.NOT_YET, ("a",))
    assert (after.result, after.needs) == (Result.EXPIRED, ())


def test_a_rule_that_is_ruled_out_does_not_apply_whatever_the_day():
    rule = {"from": str(START), "until": str(END)}
    for on in (START - DAY, START, END + DAY):
        assert outcome(rule=rule, on=on, a=False).result is Result.DOES_NOT_APPLY


facts_values = st.sampled_from([True, False, UNKNOWN, UNANSWERED, NOT_APPLICABLE, Withheld("r"), 3, "x", ["x"], None])
days = st.dates(date(2024, 1, 1), date(2032, 1, 1))
rules_data = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["prohibited", "precondition", "duty", "advice"]),
        "verified": st.sampled_from(["yes", "partly", "no"]),
        "when": st.sampled_from(
            [{"fact": "a", "is": True}, {"not": {"fact": "b", "is": "x"}}, {"fact": "c", "over": 2}]
        ),
    },
    optional={
        "met_when": st.just({"fact": "b", "is": True}),
        "from": st.just(str(START)),
        "until": st.just(str(END)),
        "depth": st.sampled_from(["light", "standard", "full"]),
    },
)
worlds = st.dictionaries(st.sampled_from(["a", "b", "c", "children", "grave", "data"]), facts_values)


@given(rules_data, worlds, days)
def test_a_rule_never_blocks_by_ignorance_and_never_changes_between_its_dates(data, facts, on):
    rule = rules_pack(data).rules[0]
    said = evaluate_rule(rule, facts, on)
    if said.result in (Result.PROHIBITED, Result.PRECONDITION_MISSING):
        assert said.applies is True
        assert said.verified == "yes"
    if on + DAY not in rule_dates(rule):
        assert evaluate_rule(rule, facts, on + DAY) == said


# ---- screening


def test_a_framework_applies_does_not_or_cannot_be_told():
    assert screen([framework()], {"children": True}, START).framework("frame").applies is True
    assert screen([framework()], {"children": False}, START).framework("frame").applies is False
    line = screen([framework()], {"children": Withheld("law")}, START).framework("frame")
    assert (line.applies, line.needs) == (None, ("children",))


@pytest.mark.parametrize(
    ("facts", "depth"),
    [
        ({"grave": False, "data": False}, Depth.LIGHT),
        ({"grave": False, "data": True}, Depth.STANDARD),
        ({"grave": True, "data": False}, Depth.FULL),
        ({"grave": False, "data": UNKNOWN}, Depth.STANDARD),
        ({"grave": UNKNOWN, "data": False}, Depth.FULL),
        ({"grave": NOT_APPLICABLE, "data": NOT_APPLICABLE}, Depth.LIGHT),
        ({}, Depth.FULL),
    ],
)
def test_the_deepest_step_that_may_hold_counts(facts, depth):
    assert screen([framework()], {"children": True, **facts}, START).framework("frame").depth is depth


def test_a_depth_says_which_step_gave_it_and_what_would_settle_it():
    screening = screen([framework()], {"children": True, "data": True}, START)
    (reason,) = screening.framework("frame").depth_because
    assert (reason.level, reason.truth, reason.needs) == (Depth.FULL, None, ("grave",))
    assert [(need.fact, need.wanted_by) for need in screening.needs] == [("grave", ("frame",))]


def test_a_rule_raises_the_depth_and_is_named():
    rules = rules_pack({"depth": "full"})
    screening = screen([rules, framework()], {"a": True, "children": True, "grave": False, "data": False}, START)
    (reason,) = screening.framework("frame").depth_because
    assert (screening.depth, reason.rule, reason.pack) == (Depth.FULL, "R1", "law")


def test_a_rule_that_is_not_in_force_raises_nothing():
    rules = rules_pack({"depth": "full", "from": str(START)})
    facts = {"a": True, "children": True, "grave": False, "data": False}
    assert screen([rules, framework()], facts, START - DAY).depth is Depth.LIGHT
    assert screen([rules, framework()], facts, START).depth is Depth.FULL


def test_a_framework_that_does_not_apply_does_not_deepen_the_case():
    assert screen([framework()], {"children": False}, START).depth is Depth.LIGHT


def test_outcomes_are_sorted_into_what_a_page_shows():
    rules = rules_pack(
        {"outcome": "prohibited"},
        {"outcome": "precondition"},
        {"outcome": "duty"},
        {"outcome": "duty", "from": str(START)},
        {"outcome": "duty", "when": {"fact": "b", "is": True}},
    )
    screening = screen([rules], {"a": True}, START - DAY)
    assert [said.rule for said in screening.prohibitions] == ["R1"]
    assert [said.rule for said in screening.preconditions] == ["R2"]
    assert [said.rule for said in screening.duties] == ["R3"]
    assert [said.rule for said in screening.upcoming] == ["R4"]
    assert [(need.fact, need.wanted_by) for need in screening.needs] == [("b", ("law/R5",))]
    assert screening.next_change == START


def test_a_requirement_that_may_apply_asks_for_its_facts_unless_its_framework_is_out():
    frame = framework(requirements=[{"id": "one", "applies_when": {"fact": "camera", "is": True}}])
    known = {"grave": False, "data": False}
    wanted = screen([frame], {"children": True, **known}, START).needs
    assert [(need.fact, need.wanted_by) for need in wanted] == [("camera", ("frame/one",))]
    assert screen([frame], {"children": False, **known}, START).needs == ()


def test_facts_that_are_not_asked_of_this_kind_of_matter_do_not_apply():
    fact = {"id": "a", "type": "boolean", "question": T, "help": T, "applies": ["deployment"]}
    pack = rules_pack({}, facts=[fact])
    declared = {each.id: each for each in pack.facts}
    plan = facts_for_kind({"a": True, "b": 1}, declared, MatterKind.PLAN)
    assert plan == {"a": NOT_APPLICABLE, "b": 1}
    assert facts_for_kind({"a": True}, declared, MatterKind.DEPLOYMENT) == {"a": True}


def test_a_screening_becomes_plain_data():
    data = as_data(screen([rules_pack({"from": str(START)}), framework()], {"a": Withheld("law")}, START))
    assert data["on"] == "2027-12-02"
    assert data["outcomes"][0]["from"] == "2027-12-02"
    assert data["outcomes"][0]["because"][0]["value"] == {"state": "withheld", "reason": "law"}


@given(
    worlds,
    st.sets(st.sampled_from(["a", "b", "c", "children", "grave", "data"])),
    days,
    st.lists(rules_data, max_size=3),
)
def test_depth_is_never_lowered_by_ignorance(facts, forgotten, on, rules):
    packs = [rules_pack(*rules), framework()]
    knows_less = {name: UNKNOWN if name in forgotten else value for name, value in facts.items()}
    more, less = screen(packs, facts, on), screen(packs, knows_less, on)
    assert less.depth >= more.depth
    assert less.framework("frame").depth >= more.framework("frame").depth


@given(worlds, days, st.lists(rules_data, max_size=3))
def test_nothing_changes_before_the_next_change(facts, on, rules):
    packs = [rules_pack(*rules), framework()]
    screening = screen(packs, facts, on)
    last = screening.next_change - DAY if screening.next_change else on + timedelta(days=900)
    later = screen(packs, facts, last)
    assert (later.outcomes, later.frameworks, later.depth) == (
        screening.outcomes,
        screening.frameworks,
        screening.depth,
    )
