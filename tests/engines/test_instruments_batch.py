"""Instruments at random: the quick scorer gives what the explained way gives, live is completed when nothing is hidden."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.questionnaires import answered, bands, instrument, item, packs, scale, scored
from trygg.engines.conditions import NOT_APPLICABLE
from trygg.engines.depth import Depth
from trygg.engines.instruments import (
    Mode,
    Scorer,
    answer_problems,
    assess,
    expand,
    load_instrument,
    score_many,
    visibility,
)

ROUNDS = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def same(questions, answers, mode, depth=Depth.FULL, phase=""):
    quick, slow = Scorer(questions, mode, depth, phase)(answers), assess(questions, answers, depth, phase, mode)
    for score in slow.scores:
        total, ending = quick.totals[score.scale], quick.conclusions[score.scale]
        assert (total.points, total.out_of) == (score.points, score.out_of)
        assert (ending.current, ending.level, ending.applied) == (score.current, score.level, score.applied)
        assert (ending.band.id if ending.band else None) == score.band
        assert dict(quick.points[score.scale]) == {line.item: line.points for line in score.lines}
    return slow


@ROUNDS
@given(packs(), st.data())
def test_the_quick_scorer_gives_what_the_explained_way_gives(data, draw):
    questions = expand(load_instrument(data), {"s1": [("a", ""), ("b", "Second")]})
    answers = draw.draw(answered(questions))
    depth, phase = draw.draw(st.sampled_from(list(Depth))), draw.draw(st.sampled_from(["", "design", "use"]))
    for mode in Mode:
        same(questions, answers, mode, depth, phase)


@ROUNDS
@given(packs(), st.data())
def test_hidden_answers_count_nowhere_and_without_them_live_is_completed(data, draw):
    questions = expand(load_instrument(data), {})
    answers = draw.draw(answered(questions))
    asked = visibility(questions, answers)
    again = visibility(questions, asked.answers)
    assert (again.visible, again.answers) == (asked.visible, asked.answers)
    assert not again.outside
    completed, pruned = assess(questions, answers), assess(questions, asked.answers)
    live = assess(questions, asked.answers, mode=Mode.LIVE)
    plain = [
        [(s.points, s.out_of, s.current, s.level, s.applied) for s in each.scores] for each in (completed, pruned, live)
    ]
    assert plain[0] == plain[1] == plain[2]
    assert completed.flags == pruned.flags == live.flags


@ROUNDS
@given(packs(), st.data())
def test_no_score_of_answers_that_fit_lies_above_the_maximum(data, draw):
    questions = expand(load_instrument(data), {})
    answers = draw.draw(answered(questions, odd=False))
    assert not [name for name, value in answers.items() if answer_problems(questions.items[name], value)]
    for score in assess(questions, answers).scores:
        assert score.points <= score.out_of
        for line in score.lines:
            assert line.points <= line.maximum
            assert line.points == sum(part.points for part in line.parts)


def test_adjustments_of_two_scales_may_share_an_id():
    row = {"id": "same", "multiply": 2, "reason": {"en": "r", "sv": "r"}}
    scales = [
        scale("risk", adjustments=[{**row, "when": {"item": "a", "is": "yes"}}]),
        scale("care", adjustments=[{**row, "when": {"item": "a", "is": "no"}}]),
    ]
    choices = [{"id": c, "label": {"en": c, "sv": c}, "points": {"risk": 1, "care": 1}} for c in ("yes", "no")]
    found = same(instrument(item("a", choices=choices), scales=scales), {"a": "yes"}, Mode.COMPLETED)
    assert [score.current for score in found.scores] == [2, 1]


@pytest.mark.parametrize("value", ["2026-01-01", date(2026, 1, 1)])
def test_a_day_decides_as_a_date_and_as_text(value):
    follow = scored("b", yes=3, no=0) | {"visible_when": {"item": "a", "is": "2026-01-01"}}
    questions = instrument(item("a", "date"), follow, scales=[scale(bands=bands(1))])
    assert same(questions, {"a": value, "b": "yes"}, Mode.COMPLETED).score("risk").points == 3


def test_what_does_not_apply_leaves_the_maximum():
    questions = instrument(scored("a", yes=3, no=0), scored("b", "choices", yes=2, no=1), scales=[scale()])
    found = same(questions, {"a": NOT_APPLICABLE, "b": NOT_APPLICABLE}, Mode.COMPLETED).score("risk")
    assert (found.points, found.out_of, found.complete) == (0, 0, True)


def test_many_are_scored_in_their_order():
    questions = instrument(scored("a", yes=3, no=0), scales=[scale()])
    found = [
        result.totals["risk"].points for result in score_many(questions, [{"a": "yes"}, {}, {"a": "no"}, {"a": "yes"}])
    ]
    assert found == [3, 0, 0, 3]
