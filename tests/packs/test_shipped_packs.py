"""What is shipped: every pack is fault-free, and every dated rule is computed on both sides of each of its dates."""

from datetime import date, timedelta
from itertools import islice, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trygg.engines.assurance import (
    Outcome,
    Result,
    Status,
    Verified,
    evaluate_rule,
    framework_statuses,
    rule_dates,
    screen,
)
from trygg.engines.assurance.needs import Moment
from trygg.engines.conditions import (
    NOT_APPLICABLE,
    UNKNOWN,
    Compare,
    Op,
    Subject,
    ValueType,
    Withheld,
    dates,
    evaluate,
    names,
    walk,
)
from trygg.engines.depth import Depth
from trygg.engines.instruments import assess, visibility
from trygg.packs.catalogue import Catalogue, builtin, read_builtin, typed
from trygg.packs.check import check_packs
from trygg.packs.loader import Kind

PACKS = read_builtin()
CATALOGUE = Catalogue(PACKS)
DAY = timedelta(days=1)
RULES = [(pack, rule) for pack in CATALOGUE.rules.values() for rule in pack.rules]
DATED = [(pack, rule, day) for pack, rule in RULES for day in sorted(rule_dates(rule))]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: f"{pack.kind}/{pack.id}")
def test_a_shipped_pack_has_no_fault_and_its_own_tests_pass(pack):
    assert [str(problem) for problem in check_packs([pack], PACKS)] == []


def test_the_shipped_packs_fit_together():
    assert {problem.code for problem in check_packs(PACKS)} == set()
    assert {pack.kind for pack in PACKS} == set(Kind)
    assert builtin() is builtin()
    assert [pack.hash for pack in builtin().packs] == [pack.hash for pack in PACKS]


def test_the_catalogue_finds_packs_by_kind_and_id():
    pack = PACKS[0]
    assert CATALOGUE.get(pack.kind, pack.id) is pack
    with pytest.raises(KeyError):
        CATALOGUE.get("course", pack.id)
    with pytest.raises(KeyError):
        CATALOGUE.get(pack.kind, "gone")
    with pytest.raises(ValueError, match="same id"):
        Catalogue([pack, pack])
    assert {typed(pack).id for pack in PACKS} == {pack.id for pack in PACKS}


# ---- dates


def candidates(node, name):
    """Values of a fact that may make this condition true or false."""
    declared = CATALOGUE.facts[name]
    operands = [
        value
        for _, child, _ in walk(node)
        if isinstance(child, Compare) and child.name == name and child.op is not Op.KNOWN
        for value in (child.operand if isinstance(child.operand, tuple) else (child.operand,))
    ]
    match declared.type:
        case ValueType.BOOLEAN:
            found = [True, False]
        case ValueType.CHOICES:
            others = [choice for choice in declared.choice_ids if choice not in operands][:1]
            found = [[value] for value in [*operands, *others]]
        case ValueType.CHOICE:
            found = [*operands, *[choice for choice in declared.choice_ids if choice not in operands][:1]]
        case ValueType.NUMBER:
            found = [value + step for value in operands for step in (-1, 0, 1)] or [1]
        case ValueType.DATE:
            days = [value for value in operands if isinstance(value, date)]
            found = [day + step for day in days for step in (-DAY, timedelta(0), DAY)] or [date(2026, 1, 1)]
        case _:
            found = [*operands, "words"]
    return [*found, NOT_APPLICABLE]


def worlds(rule):
    """Facts, many of them, around everything that the rule's `when` compares."""
    needed = sorted(names(rule.when))
    later = dict.fromkeys(names(rule.met_when), False) if rule.met_when else {}
    for values in islice(product(*(candidates(rule.when, name) for name in needed)), 200_000):
        yield {**later, **dict(zip(needed, values, strict=True))}


def facts_that_hold(rule, *days):
    """Facts with which `when` is true on these days and, where possible, `met_when` is not; None when there are none."""
    holding = (facts for facts in worlds(rule) if all(evaluate(rule.when, facts, on).truth for on in days))
    first = next(holding, None)
    if first is None or rule.met_when is None or not evaluate(rule.met_when, first, days[0]).truth:
        return first
    return next((facts for facts in holding if not evaluate(rule.met_when, facts, days[0]).truth), first)


def facts_that_turn(rule, day):
    """Facts with which the rule's `when` is true on one side of the day only. None: there are none."""
    sides = (day - DAY, day)
    return next((f for f in worlds(rule) if len({evaluate(rule.when, f, on).truth for on in sides}) == 2), None)


def expected(rule, on, facts):
    """The table of docs/packs.md, written a second time and in another way, for facts that make the rule hold."""
    if rule.until and on > rule.until:
        return Result.EXPIRED
    says = rule.outcome
    if rule.from_ and on < rule.from_:
        if rule.early is None:
            return Result.NOT_YET
        says = rule.early
    met = evaluate(rule.met_when, facts, on).truth if rule.met_when else False
    sure = rule.verified is Verified.YES
    return {
        Outcome.ADVICE: Result.ADVICE,
        Outcome.DUTY: Result.DUTY_MET if met else Result.DUTY,
        Outcome.PROHIBITED: Result.PROHIBITED if sure else Result.ADVICE,
        Outcome.PRECONDITION: Result.PRECONDITION_MET
        if met
        else Result.CANNOT_TELL
        if met is None
        else Result.PRECONDITION_MISSING
        if sure
        else Result.ADVICE,
    }[says]


def test_there_are_dated_rules():
    assert DATED


@pytest.mark.parametrize(("pack", "rule", "day"), DATED, ids=[f"{p.id}-{r.id}-{d}" for p, r, d in DATED])
def test_a_dated_rule_is_right_the_day_before_and_on_the_day(pack, rule, day):
    inside = day in dates(rule.when)
    facts = facts_that_turn(rule, day) if inside else facts_that_hold(rule, day - DAY, day)
    assert facts is not None, "no facts show what the date changes"
    said = {on: evaluate_rule(rule, facts, on, pack.id) for on in (day - DAY, day, day + DAY)}
    for on, outcome in said.items():
        holds = evaluate(rule.when, facts, on).truth
        assert outcome.result is (expected(rule, on, facts) if holds else Result.DOES_NOT_APPLY), on
    before, after = said[day - DAY], said[day]
    assert (before.result, before.early, before.downgraded) != (after.result, after.early, after.downgraded)


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=[f"{p.id}-{r.id}" for p, r in RULES])
def test_a_rule_holds_for_some_facts_and_asks_when_nothing_is_known(pack, rule):
    on = rule.from_ or date(2026, 11, 22)
    assert facts_that_hold(rule, on) is not None
    nothing = evaluate_rule(rule, {}, on, pack.id)
    if nothing.applies is None:
        assert nothing.result is Result.CANNOT_TELL
        assert set(nothing.needs) <= CATALOGUE.facts.keys()
        assert nothing.needs


# ---- whatever is said


def values_of(fact):
    some = {
        ValueType.BOOLEAN: st.booleans(),
        ValueType.CHOICE: st.sampled_from(fact.choice_ids or ("-",)),
        ValueType.CHOICES: st.lists(st.sampled_from(fact.choice_ids or ("-",)), unique=True),
        ValueType.NUMBER: st.integers(-5, 10_000),
        ValueType.DATE: st.dates(date(2020, 1, 1), date(2032, 1, 1)),
        ValueType.TEXT: st.text(max_size=5),
    }[fact.type]
    return st.one_of(some, some, st.sampled_from([UNKNOWN, NOT_APPLICABLE, Withheld("r"), None, 3, "nonsense"]))


WORLDS = st.fixed_dictionaries({}, optional={name: values_of(fact) for name, fact in CATALOGUE.facts.items()})
EVERYTHING = [*CATALOGUE.rules.values(), *CATALOGUE.frameworks.values()]


@settings(deadline=None, max_examples=60)
@given(WORLDS, st.sets(st.sampled_from(sorted(CATALOGUE.facts) or ["-"])), st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_no_facts_break_a_screening_and_ignorance_never_lowers_a_depth(facts, forgotten, on):
    screening = screen(EVERYTHING, facts, on)
    less = screen(EVERYTHING, {name: UNKNOWN if name in forgotten else value for name, value in facts.items()}, on)
    assert less.depth >= screening.depth
    for line in screening.frameworks:
        assert less.framework(line.pack).depth >= line.depth
        statuses = framework_statuses(CATALOGUE.frameworks[line.pack], [], Moment(on), line, facts)
        assert {status.status for status in statuses.values()} <= {Status.MISSING, Status.NOT_REQUIRED}
    assert {need.fact for need in screening.needs} <= CATALOGUE.facts.keys()


@pytest.mark.parametrize("instrument", CATALOGUE.instruments.values(), ids=CATALOGUE.instruments.keys())
def test_an_instrument_raises_no_flag_before_anybody_has_answered(instrument):
    assert assess(instrument, {}, Depth.LIGHT).flags == ()


MOST_AT_LIGHT = 12


@pytest.mark.parametrize("instrument", CATALOGUE.instruments.values(), ids=CATALOGUE.instruments.keys())
def test_at_light_depth_no_answers_open_more_than_twelve_questions(instrument):
    """Every combination of answers to the questions that decide about others is tried; of several choices also all at once."""
    light = {item.id: item for item in instrument.items.values() if item.depth is Depth.LIGHT}
    deciders = sorted({name for item in light.values() if item.visible_when for name in names(item.visible_when, Subject.ITEM)} & light.keys())
    answers = []
    for name in deciders:
        single = list(light[name].choice_ids)
        several = light[name].type is ValueType.CHOICES
        answers.append([None, *([[each] for each in single] + [single] if several else single)])
    assert prod(map(len, answers)) < 50_000, "too many to try: split the test"
    most = max(len(visibility(instrument, dict(zip(deciders, given, strict=True)), Depth.LIGHT).visible) for given in product(*answers))
    assert 1 <= most <= MOST_AT_LIGHT
