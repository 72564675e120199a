"""What would change the result: single answers, and the shortest way to a lower level."""

from itertools import chain, combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.questionnaires import answered, bands, instrument, item, packs, scale, scored, t
from trygg.engines.instruments import Kind, assess, expand, load_instrument, what_if


def deduction(at_least, of="care", name="deduction", **words):
    return {"id": name, "when": {"scale": of, "at_least": at_least}, "reason": t("why"), **(words or {"multiply": 0.5})}


def measures(at_least, *items, upto=(5,), **words):
    levels = scale("risk", bands=bands(*upto), adjustments=[deduction(at_least, **words)])
    return instrument(scored("risk", yes=10, no=0), *items, scales=[levels, scale("care")])


CARE = tuple(scored(name, on="care", yes=points, no=0) for name, points in (("a", 1), ("b", 4), ("c", 2), ("d", 3)))
OPEN = {"risk": "yes", "a": "no", "b": "no", "c": "no", "d": "no"}


def test_one_missing_mitigation_that_is_enough_is_a_step():
    found = what_if(measures(4, *CARE), OPEN)
    assert (found.scale, found.level, found.current) == ("risk", 2, 10)
    step = found.steps[0]
    assert (step.item, step.kind, step.answer, step.gain) == ("b", Kind.MITIGATION, "yes", 4)
    assert (step.level, step.current) == (1, 5)
    assert [each.item for each in found.way] == ["b"]
    assert (found.way_level, found.way_current) == (1, 5)


def test_the_way_takes_as_few_mitigations_as_there_can_be():
    found = what_if(measures(7, *CARE), OPEN)
    assert [step.kind for step in found.steps] == [Kind.OTHER]  # none alone but another system
    assert [(step.item, step.gain) for step in found.way] == [("b", 4), ("d", 3)]
    assert [step.item for step in what_if(measures(10, *CARE), OPEN).way] == ["b", "d", "c", "a"]


def test_there_may_be_no_way():
    found = what_if(measures(11, *CARE), OPEN)
    assert (found.way, found.way_level) == ((), None)
    assert what_if(instrument(*CARE, scales=[scale("care")]), OPEN).level is None
    assert what_if(instrument(item("x")), {}).steps == ()


def test_what_is_done_already_is_no_step():
    found = what_if(measures(7, *CARE), {**OPEN, "b": "yes"})
    assert [step.item for step in found.steps if step.kind is Kind.MITIGATION] == ["d"]
    assert [step.item for step in found.way] == ["d"]


def test_a_step_back_says_which_level_it_would_lead_to():
    found = what_if(measures(4, *CARE), {**OPEN, "b": "yes"})
    assert (found.level, found.way) == (1, ())
    assert [(step.item, step.answer, step.level, step.gain) for step in found.steps] == [("b", "no", 2, -4)]


def test_of_several_choices_as_many_are_taken_as_are_needed():
    many = scored("many", "choices", on="care", p=1, q=3, r=2, s=-1)
    assert [(step.item, step.answer, step.gain) for step in what_if(measures(5, many), {"risk": "yes"}).way] == [
        ("many", ("q", "r"), 5)
    ]
    (step,) = what_if(measures(6, many), {"risk": "yes", "many": ["s", "p"]}).way
    assert (set(step.answer), step.gain) == ({"p", "q", "r"}, 6)
    (step,) = what_if(measures(4, many, scored("one", on="care", yes=1, no=0)), {"risk": "yes", "many": ["p"]}).way
    assert (step.answer, step.gain) == (("p", "q"), 3)


def test_a_mitigation_on_a_scale_that_does_not_help_is_left_out():
    rows = [deduction(2), deduction(50, of="paper", name="never")]
    paper = scored("z", on="paper", yes=9, no=0)
    levels = scale("risk", bands=bands(5), adjustments=rows)
    questions = instrument(scored("risk", yes=10, no=0), CARE[2], paper, scales=[levels, scale("care"), scale("paper")])
    assert [step.item for step in what_if(questions, {"risk": "yes"}).way] == ["c"]


def test_a_surcharge_on_the_scale_itself_makes_its_questions_no_mitigations():
    levels = scale("risk", bands=bands(10), adjustments=[deduction(10, of="risk", add=1)])
    found = what_if(instrument(scored("risk", yes=10, no=0), scales=[levels]), {"risk": "yes"})
    assert [(step.item, step.kind, step.level) for step in found.steps] == [("risk", Kind.OTHER, 1)]
    assert found.way == ()


FLAGGED = [
    {"id": "yes", "label": t("y"), "flag": "stop"},
    {"id": "no", "label": t("n")},
    {"id": "other", "label": t("o"), "flag": "stop"},
]


def test_a_stop_is_lifted_by_another_answer_and_by_none_that_stops_too():
    found = what_if(instrument(item("f", choices=FLAGGED)), {"f": "yes"})
    assert [(step.item, step.kind, step.answer, step.lifts) for step in found.steps] == [("f", Kind.FLAG, "no", ("f",))]


def test_lifting_one_stop_by_opening_another_is_no_help():
    follow = item("g", choices=[{"id": "x", "label": t("x"), "flag": "stop"}], visible_when={"item": "f", "is": "no"})
    assert what_if(instrument(item("f", choices=FLAGGED), follow), {"f": "yes", "g": "x"}).steps == ()


def test_what_lifts_a_stop_stands_before_what_lowers_the_level():
    flagged = item("f", choices=FLAGGED)
    assert [step.kind for step in what_if(measures(4, *CARE, flagged), {**OPEN, "f": "yes"}).steps] == [
        Kind.FLAG, Kind.MITIGATION, Kind.OTHER,
    ]  # fmt: skip


def test_questions_of_another_phase_are_no_way():
    phases = [{"id": "design", "title": t("d")}, {"id": "use", "title": t("u")}]
    levels = scale("risk", bands=bands(5), adjustments=[deduction(4)])
    questions = instrument(
        scored("risk", yes=10, no=0), CARE[1] | {"phases": ["use"]}, scales=[levels, scale("care")], phases=phases
    )
    assert what_if(questions, {"risk": "yes"}, phase="design").way == ()
    assert [step.item for step in what_if(questions, {"risk": "yes"}, phase="use").way] == ["b"]


def subsets(names):
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(1, 20))
def test_no_set_of_mitigations_is_smaller_than_the_way(points, at_least):
    items = [scored(f"m{n}", on="care", yes=each, no=0) for n, each in enumerate(points)]
    questions, answers = measures(at_least, *items), {"risk": "yes"}
    enough = [
        names
        for names in subsets([one["id"] for one in items])
        if assess(questions, answers | dict.fromkeys(names, "yes")).score("risk").level == 1
    ]
    way = what_if(questions, answers).way
    assert len(way) == (len(enough[0]) if enough else 0)


@pytest.mark.parametrize(
    "answers", [{"many": "p"}, {"many": ["gone", "p"]}, {"many": 3}, {"many": {}}, {"risk": ["yes"]}]
)
def test_odd_answers_break_nothing(answers):
    what_if(measures(5, scored("many", "choices", on="care", p=1, q=3, r=2)), {"risk": "yes", **answers})


def test_a_question_that_decides_about_a_flagged_one_lifts_its_stop_too():
    levels = scale("risk", bands=bands(1))
    first = scored("a", yes=2, no=2)
    flagged = item("f", choices=FLAGGED, visible_when={"item": "a", "is": "yes"})
    found = what_if(instrument(first, flagged, scales=[levels]), {"a": "yes", "f": "yes"})
    assert [(step.item, step.answer, step.lifts) for step in found.steps] == [("f", "no", ("f",)), ("a", "no", ("f",))]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(packs(), st.data())
def test_a_step_says_what_the_answer_would_really_lead_to(data, draw):
    questions = expand(load_instrument(data), {})
    answers = draw.draw(answered(questions))
    found, now = what_if(questions, answers), assess(questions, answers)
    scores = {score.scale: score for score in now.scores}
    if found.scale is not None:
        assert (found.level, found.current) == (scores[found.scale].level, scores[found.scale].current)
    for step in found.steps:
        then = assess(questions, {**answers, step.item: step.answer})
        if found.scale is not None:
            assert (step.level, step.current) == (then.score(found.scale).level, then.score(found.scale).current)
        before, after = ({raised.item for raised in each.flags if raised.flag.value == "stop"} for each in (now, then))
        assert set(step.lifts) == (before - after if after <= before else set())
        assert step.lifts or step.level != found.level
    if found.way:
        then = assess(questions, answers | {step.item: step.answer for step in found.way}).score(found.scale)
        assert (found.way_level, found.way_current) == (then.level, then.current)
        assert then.level < found.level
