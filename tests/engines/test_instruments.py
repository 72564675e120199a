"""Instruments: what is asked, whether answers fit, progress, scores with bands, flags."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.conditions import NOT_APPLICABLE, UNANSWERED, UNKNOWN, Withheld, evaluate
from trygg.engines.depth import Depth
from trygg.engines.instruments import (
    CompletionCode,
    HiddenWhy,
    InstrumentError,
    answer_problems,
    assess,
    completion_problems,
    load_instrument,
    progress,
    visibility,
)

T = {"en": "x", "sv": "x"}


def item(name, kind="choice", **words):
    base = {"id": name, "type": kind, "depth": "light", "text": T, "source": "S", "verified": "yes"}
    if kind in ("choice", "choices", "scale"):
        base["choices"] = [{"id": each, "label": T} for each in ("yes", "no", "some")]
    return {**base, **words}


def scored(name, kind="choice", **points):
    return item(name, kind, choices=[{"id": each, "label": T, "points": {"risk": n}} for each, n in points.items()])


def instrument(*items, scales=(), **head):
    return load_instrument(
        {
            **head,
            "id": "screening",
            "version": "1.0.0",
            "title": T,
            "sections": [{"id": "one", "title": T, "items": list(items)}],
            "scales": list(scales),
        }
    )


RISK = {
    "id": "risk",
    "title": T,
    "rule": "sum",
    "bands": [
        {"id": "low", "upto": 10, "title": T},
        {"id": "middle", "upto": 20.5, "title": T},
        {"id": "high", "title": T},
    ],
}


# ---- visibility


def test_a_follow_up_is_asked_when_its_question_says_so():
    questions = instrument(item("first"), item("second", visible_when={"item": "first", "is": "yes"}))
    assert visibility(questions, {"first": "yes"}).visible == ("first", "second")
    assert visibility(questions, {"first": "no"}).hidden["second"].why is HiddenWhy.NOT_MET
    waiting = visibility(questions, {}).hidden["second"]
    assert (waiting.why, waiting.needs) == (HiddenWhy.NOT_YET, ("first",))


def test_a_hidden_answer_decides_nothing_wherever_it_stands_on_the_page():
    questions = instrument(
        item("third", visible_when={"item": "second", "is": "yes"}),
        item("second", visible_when={"item": "first", "is": "yes"}),
        item("first"),
    )
    asked = visibility(questions, {"first": "no", "second": "yes", "third": "yes"})
    assert asked.visible == ("first",)
    assert dict(asked.answers) == {"first": "no"}
    assert visibility(questions, {"first": "yes", "second": "yes"}).visible == ("third", "second", "first")


def test_a_question_that_was_ruled_out_does_not_apply_to_others():
    questions = instrument(
        item("first"),
        item("second", visible_when={"item": "first", "is": "yes"}),
        item("otherwise", visible_when={"not": {"item": "second", "is": "yes"}}),
    )
    assert visibility(questions, {"first": "no", "second": "yes"}).visible == ("first", "otherwise")
    assert visibility(questions, {"first": "yes", "second": "yes"}).visible == ("first", "second")
    assert visibility(questions, {"first": "yes"}).visible == ("first", "second")


def test_only_what_belongs_to_the_depth_is_asked():
    questions = instrument(item("a"), item("b", depth="standard"), item("c", depth="full"))
    assert [len(visibility(questions, {}, depth).visible) for depth in Depth] == [1, 2, 3]
    assert visibility(questions, {"c": "yes"}, Depth.LIGHT).answers == {}


def test_questions_in_a_circle_are_refused():
    with pytest.raises(InstrumentError, match="circle"):
        instrument(
            item("a", visible_when={"item": "b", "is": "yes"}), item("b", visible_when={"item": "a", "is": "yes"})
        )


def test_an_id_that_stands_twice_is_refused():
    with pytest.raises(InstrumentError, match="twice"):
        instrument(item("a"), item("a"))


NAMES = ["a", "b", "c", "d", "e"]
answer_values = st.sampled_from(
    ["yes", "no", "some", "other", ["yes"], 3, None, "", UNKNOWN, NOT_APPLICABLE, Withheld("r")]
)


@st.composite
def questionnaires(draw):
    items = []
    for number, name in enumerate(NAMES):
        words = {"depth": draw(st.sampled_from(["light", "standard", "full"])), "required": draw(st.booleans())}
        if number and draw(st.booleans()):
            compare = {"item": draw(st.sampled_from(NAMES[:number])), "is": draw(st.sampled_from(["yes", "no"]))}
            words["visible_when"] = draw(st.sampled_from([compare, {"not": compare}]))
        choices = [{"id": c, "label": T, "points": {"risk": n}} for n, c in enumerate(("yes", "no", "some"))]
        items.append(item(name, draw(st.sampled_from(["choice", "choices"])), choices=choices, **words))
    return instrument(*draw(st.permutations(items)), scales=[RISK])


@given(questionnaires(), st.dictionaries(st.sampled_from(NAMES), answer_values), st.sampled_from(list(Depth)))
def test_a_fixed_point_is_reached_and_dropping_hidden_answers_changes_nothing(questions, answers, depth):
    asked = visibility(questions, answers, depth)
    again = visibility(questions, asked.answers, depth)
    assert (again.visible, again.hidden, again.answers) == (asked.visible, asked.hidden, asked.answers)
    assert not again.outside
    kept = {name: value for name, value in answers.items() if name in asked.visible}
    assert assess(questions, kept, depth).scores == assess(questions, answers, depth).scores
    assert set(asked.visible) | set(asked.hidden) == set(NAMES)


@given(questionnaires(), st.dictionaries(st.sampled_from(NAMES), answer_values), st.sampled_from(list(Depth)))
def test_answers_whatever_they_are_break_nothing(questions, answers, depth):
    completion_problems(questions, answers, depth, frozenset())
    done, result = progress(questions, answers, depth), assess(questions, answers, depth)
    assert done.answered <= done.asked == len(result.visibility.visible)
    (score,) = result.scores
    assert score.minimum <= score.points <= score.maximum
    assert score.complete is (not score.open_items)


# ---- answers


@pytest.mark.parametrize(
    ("words", "value", "codes"),
    [
        (item("x"), "yes", []),
        (item("x"), "maybe", ["not_a_choice"]),
        (item("x"), ["yes"], ["not_a_choice"]),
        (item("x", "scale"), "some", []),
        (item("x", "choices"), ["yes", "no"], []),
        (item("x", "choices"), ["yes", "maybe", "never"], ["not_a_choice", "not_a_choice"]),
        (item("x", "choices"), ["yes", "yes"], ["chosen_twice"]),
        (item("x", "choices"), "yes", ["not_a_list"]),
        (item("x", "number", min=0, max=10), 10, []),
        (item("x", "number", min=0, max=10), -1, ["too_small"]),
        (item("x", "number", min=0, max=10), 10.5, ["too_large"]),
        (item("x", "number"), "10", ["not_a_number"]),
        (item("x", "number"), True, ["not_a_number"]),
        (item("x", "number"), float("inf"), ["not_a_number"]),
        (item("x", "date"), "2026-11-22", []),
        (item("x", "date"), date(2026, 11, 22), []),
        (item("x", "date"), "2026-02-30", ["not_a_date"]),
        (item("x", "date"), "20261122", ["not_a_date"]),
        (item("x", "text"), "words", []),
        (item("x", "text"), "x" * 20_001, ["too_long"]),
        (item("x", "text"), 5, ["not_text"]),
        (item("x", "file"), "file:7", []),
        (item("x", "file"), 7, ["not_a_file"]),
        (item("x"), None, []),
        (item("x"), UNKNOWN, []),
        (item("x"), NOT_APPLICABLE, []),
        (item("x"), Withheld("secret"), []),
        (item("x"), Withheld(" "), ["no_reason"]),
    ],
)
def test_an_answer_fits_its_question_or_says_why_not(words, value, codes):
    assert [problem.code for problem in answer_problems(instrument(words).items["x"], value)] == codes


def test_what_keeps_answers_from_being_complete_is_said_at_once():
    questions = instrument(
        item("missing", required=True),
        item("not_known", required=True),
        item("settled", required=True),
        item("wrong", "number"),
        item("proved", evidence="required"),
        item("hidden", required=True, visible_when={"item": "settled", "is": "yes"}),
    )
    given_answers = {
        "not_known": UNKNOWN,
        "settled": NOT_APPLICABLE,
        "wrong": "many",
        "proved": "yes",
        "hidden": "nonsense",
        "gone": "x",
    }
    found = completion_problems(questions, given_answers, evidence=frozenset())
    assert {(problem.item, problem.code) for problem in found} == {
        ("gone", CompletionCode.UNKNOWN_ITEM),
        ("missing", CompletionCode.REQUIRED),
        ("not_known", CompletionCode.REQUIRED),
        ("wrong", CompletionCode.INVALID),
        ("proved", CompletionCode.EVIDENCE_REQUIRED),
    }
    assert completion_problems(questions, {}, evidence=None)[0].code is CompletionCode.REQUIRED


def test_progress_counts_what_is_asked_and_tells_what_is_missing():
    questions = instrument(item("a", required=True), item("b", required=True), item("c"), item("d", depth="full"))
    done = progress(questions, {"a": "yes", "b": UNKNOWN, "c": Withheld("r"), "d": "yes"}, Depth.LIGHT)
    assert (done.asked, done.answered, done.unknown, done.withheld) == (3, 1, 1, 1)
    assert (done.required, done.missing, done.complete) == (2, ("b",), False)
    assert progress(questions, {}, section="elsewhere").asked == 0


# ---- scores


def test_a_score_is_the_exact_sum_of_the_answers_that_count():
    questions = instrument(
        scored("a", yes=0.1, no=5),
        scored("b", "choices", yes=0.2, no=3),
        scored("c", yes=100, no=0) | {"visible_when": {"item": "a", "is": "no"}},
        scales=[RISK],
    )
    score = assess(questions, {"a": "yes", "b": ["no", "yes"], "c": "yes"}).score("risk")
    assert score.points == Fraction(33, 10)
    assert [(part.item, part.choice) for part in score.parts] == [("b", "no"), ("b", "yes"), ("a", "yes")]
    assert score.complete is True


@pytest.mark.parametrize(
    ("points", "band"), [(0, "low"), (10, "low"), (10.0001, "middle"), (20.5, "middle"), (21, "high")]
)
def test_a_band_includes_its_upper_limit(points, band):
    questions = instrument(scored("a", yes=points, no=0), scales=[RISK])
    assert assess(questions, {"a": "yes"}).score("risk").band == band


@pytest.mark.parametrize("answer", [None, UNKNOWN, Withheld("r"), "nonsense", UNANSWERED])
def test_an_open_question_leaves_the_score_open(answer):
    questions = instrument(scored("a", yes=10, no=1), scored("b", "choices", yes=2, no=-1), scales=[RISK])
    score = assess(questions, {"a": answer, "b": ["yes"]}).score("risk")
    assert (score.complete, score.open_items) == (False, ("a",))
    assert (score.minimum, score.points, score.maximum) == (3, 2, 12)


def test_flags_are_raised_and_stops_stand_first():
    flagged = [{"id": "yes", "label": T, "flag": "escalate"}, {"id": "no", "label": T, "flag": "stop"}]
    questions = instrument(item("a", choices=flagged), item("b", choices=flagged))
    result = assess(questions, {"a": "yes", "b": "no"})
    assert [(raised.item, raised.flag.value) for raised in result.flags] == [("b", "stop"), ("a", "escalate")]


@pytest.mark.parametrize("verified", ["partly", "no"])
def test_a_stop_on_a_statement_that_is_not_verified_whole_is_taken_further_and_says_why(verified):
    flagged = [{"id": "yes", "label": T, "flag": "escalate"}, {"id": "no", "label": T, "flag": "stop"}]
    questions = instrument(item("a", choices=flagged, verified=verified), item("b", choices=flagged, verified=verified))
    result = assess(questions, {"a": "yes", "b": "no"})
    raised = [(each.item, each.flag.value, each.unverified) for each in result.flags]
    assert raised == [("a", "escalate", False), ("b", "escalate", True)] and not result.stopped
    whole = instrument(item("b", choices=flagged))
    assert assess(whole, {"b": "no"}).stopped and not assess(whole, {"b": "no"}).flags[0].unverified


def test_questions_say_for_whom_they_are_made_over_facts():
    data = {"fact": "jurisdiction", "is": "UK"}
    made = instrument(item("a"), applies_when=data)
    assert evaluate(made.applies_when, {"jurisdiction": "SE"}).truth is False
    assert evaluate(made.applies_when, {}).truth is None and evaluate(instrument(item("a")).applies_when, {}).truth is True


def test_a_hidden_answer_raises_no_flag_and_is_listed_as_not_counted():
    flagged = [{"id": "yes", "label": T, "flag": "stop"}, {"id": "no", "label": T}]
    questions = instrument(item("a"), item("b", choices=flagged, visible_when={"item": "a", "is": "yes"}))
    result = assess(questions, {"a": "no", "b": "yes"})
    assert (result.flags, list(result.not_counted)) == ((), ["b"])


def test_follow_ups_tell_which_questions_a_question_decides():
    questions = instrument(item("a"), item("b", visible_when={"item": "a", "is": "yes"}))
    assert questions.follow_ups == {"a": {"b"}}
