"""Canada's AIA: answer sets made by hand from its rules, with the numbers that follow from them, in both modes.

`surveys/impact.json` is made up. Risk: sector 15, profile 90, a list of 1 + 2 + 3 + 4, a follow-up 5: at most 120, so levels end at
30, 60 and 90. Mitigation: 10 + (5 + 4.5 + 5.5) in each of two phases: at most 50, so 20 take 15 % off.
"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from trygg.engines.conditions import NOT_APPLICABLE
from trygg.engines.instruments import Mode, Scorer, assess, load_instrument
from trygg.engines.instruments.surveyjs import Options, parse_json, read_survey, record

SURVEY = Path(__file__).parent / "surveys" / "impact.json"
RAW = parse_json(SURVEY.read_bytes())
READING = read_survey(RAW, Options(file="impact.json"))
INSTRUMENT = load_instrument(READING.data)
SCORERS = {mode: Scorer(INSTRUMENT, mode) for mode in Mode}
SECTOR, PROFILE, LIST, FOLLOW = "projectDetailsSector-RS", "riskProfile1", "aboutSystem3", "aboutSystem4"
D1, D2, I1, I2 = (
    "consultationDesign1",
    "consultationDesign2",
    "consultationImplementation1",
    "consultationImplementation2",
)
DESIGN, BUILT = {"projectDetailsPhase": "item1"}, {"projectDetailsPhase": "item2"}
HALF = Fraction(1, 2)


def scored(answers, mode):
    """(raw, mitigation, current, level), the same by both ways of scoring."""
    one = record(INSTRUMENT, answers)
    found = assess(one.instrument, one.answers, mode=mode)
    risk, eased = found.score("risk"), found.score("mitigation")
    fast = SCORERS[mode](one.answers)
    assert (fast.totals["risk"].points, fast.totals["mitigation"].points) == (risk.points, eased.points)
    assert (fast.conclusions["risk"].current, fast.conclusions["risk"].level) == (risk.current, risk.level)
    assert {line.item: line.points for line in risk.lines} == fast.points["risk"]
    assert (risk.out_of, eased.out_of) == (120, 50)
    return risk.points, eased.points, risk.current, risk.level


def both(answers):
    live, completed = scored(answers, Mode.LIVE), scored(answers, Mode.COMPLETED)
    assert live == completed
    return live


# ---- what scores, and how much it can


def test_the_shape_is_known_by_its_names_and_scores_what_it_should():
    assert READING.data["convention"] == "aia"
    assert {item.id for item in INSTRUMENT.items.values() if any(choice.points for choice in item.choices)} == {
        SECTOR, PROFILE, LIST, FOLLOW, D1, D2, I1, I2
    }  # fmt: skip
    assert all("points" not in choice for choice in _row("aboutSystem5-NS")["choices"])
    assert [choice["points"] for choice in _row(SECTOR)["choices"]] == [
        {"risk": points} for points in (15, 1.5, 3, 0, 0, 0)
    ]


def _row(name):
    def walk(rows):
        for row in rows:
            yield row
            yield from walk(row.get("items", ()))

    return next(row for row in walk(READING.data["sections"]) if row["id"] == name)


@pytest.mark.parametrize(
    ("name", "element", "points"),
    [
        ("own name before the panel's", {"type": "radiogroup", "name": "a-MS"}, {"mitigation": 2}),
        ("the panel's", {"type": "checkbox", "name": "a"}, {"risk": 2}),
        ("none by its own name", {"type": "dropdown", "name": "a-NS"}, None),
        ("no type that scores", {"type": "tagbox", "name": "a-RS"}, None),
        ("pictures do not score", {"type": "imagepicker", "name": "a-RS"}, None),
        ("capitals matter", {"type": "radiogroup", "name": "a-ms"}, {"risk": 2}),
    ],
)
def test_the_scale_of_a_question(name, element, points):
    panel = {"type": "panel", "name": "p-RS", "elements": [{**element, "choices": ["item1-2"]}]}
    [section] = read_survey({"pages": [{"name": "page", "elements": [panel]}]}).data["sections"]
    assert section["items"][0]["items"][0]["choices"][0].get("points") == points


def test_only_the_direct_panel_counts():
    inner = {"type": "panel", "name": "inner", "elements": [{"type": "radiogroup", "name": "q", "choices": ["a-1"]}]}
    survey = {"pages": [{"name": "p", "elements": [{"type": "panel", "name": "outer-RS", "elements": [inner]}]}]}
    question = load_instrument(read_survey(survey).data).items["q"]
    assert not any(choice.points for choice in question.choices)


def test_without_mitigation_questions_the_deduction_holds_as_in_canadas_tool():
    """0 reaches 0.8 of half of 0."""
    questions = [{"type": "radiogroup", "name": f"q{n}-RS", "choices": ["a-10", "b-0"]} for n in range(4)]
    instrument = load_instrument(read_survey({"pages": [{"name": "p", "elements": questions}]}).data)
    for mode in Mode:
        score = assess(instrument, {"q0-RS": "a-10"}, mode=mode).score("risk")
        assert (score.points, score.out_of, score.current, score.level) == (10, 40, 9, 1)


def test_the_convention_can_be_forced_and_forbidden():
    assert "scales" not in read_survey(RAW, Options(convention="trygg")).data
    assert read_survey({"elements": [{"name": "q"}]}, Options(convention="aia")).data["convention"] == "aia"


# ---- half up, and levels with inclusive bounds

EASED = {**DESIGN, D1: "item2-10", D2: ["item2-4.5", "item3-5.5"]}


@pytest.mark.parametrize(
    ("profile", "raw", "current", "level"),
    [("item2-10", 10, 9, 1), ("item3-30", 30, 26, 1), ("item4-50", 50, 43, 2), ("item5-90", 90, 77, 3)],
)
def test_fifteen_percent_off_rounds_half_up(profile, raw, current, level):
    assert both({**EASED, PROFILE: profile}) == (raw, 20, current, level)


@pytest.mark.parametrize(
    ("answers", "raw", "level"),
    [
        ({PROFILE: "item3-30"}, 30, 1),
        ({PROFILE: "item3-30", LIST: ["item1-1"]}, 31, 2),
        ({PROFILE: "item4-50", LIST: ["item1-1", "item2-2", "item3-3", "item4-4"]}, 60, 2),
        ({PROFILE: "item4-50", LIST: ["item1-1", "item2-2", "item3-3", "item4-4"], SECTOR: "item2-1.5"}, 61 + HALF, 3),
        ({PROFILE: "item5-90"}, 90, 3),
        ({PROFILE: "item5-90", LIST: ["item1-1"]}, 91, 4),
        ({SECTOR: "item1-15", PROFILE: "item4-50"}, 65, 3),
        ({}, 0, 1),
    ],
)
def test_levels_end_with_their_bound(answers, raw, level):
    assert both(answers) == (raw, 0, raw, level)


@pytest.mark.parametrize(
    ("chosen", "mitigation", "current"),
    [
        (["item1-5", "item2-4.5"], 19 + HALF, 30),  # just below 0.8 x 25
        (["item2-4.5", "item3-5.5"], 20, 26),  # at it: 25.5 -> 26
        (["item1-5", "item3-5.5"], 20 + HALF, 26),  # above
        (["item1-5", "item2-4.5", "item3-5.5"], 25, 26),
    ],
)
def test_eighty_percent_of_one_phase(chosen, mitigation, current):
    assert both({**DESIGN, PROFILE: "item3-30", D1: "item2-10", D2: chosen})[1:3] == (mitigation, current)


# ---- what is hidden


def test_a_hidden_follow_up_counts_live_only():
    answers = {LIST: ["item1-1"], FOLLOW: "item2-5", "aboutSystem5-NS": "item1-7"}
    assert scored(answers, Mode.LIVE) == (6, 0, 6, 1)
    assert scored(answers, Mode.COMPLETED) == (1, 0, 1, 1)


def test_hiding_goes_on_until_nothing_more_falls():
    answers = {
        **BUILT,
        PROFILE: "item3-30",
        D1: "item2-10",
        D2: ["item1-5", "item2-4.5", "item3-5.5"],
        I1: "item1-0",
        I2: ["item3-5.5"],
    }
    # Live: 10 + 15 + 5.5; completed: the design page is hidden, and with it what follows; the list waits for item2-10.
    assert scored(answers, Mode.LIVE) == (30, 30 + HALF, 26, 1)
    assert scored(answers, Mode.COMPLETED) == (30, 0, 30, 1)


def test_both_phases_sum_live_and_one_counts_completed():
    answers = {PROFILE: "item4-50", D1: "item2-10", D2: ["item1-5"], I1: "item2-10", I2: ["item1-5", "item2-4.5"]}
    assert scored({**DESIGN, **answers}, Mode.LIVE) == (50, 34 + HALF, 43, 2)
    assert scored({**DESIGN, **answers}, Mode.COMPLETED) == (50, 15, 50, 2)
    assert scored({**BUILT, **answers}, Mode.COMPLETED) == (50, 19 + HALF, 50, 2)
    assert scored(answers, Mode.COMPLETED) == (50, 0, 50, 2)  # no phase: neither is asked


@pytest.mark.parametrize(
    ("profile", "chosen", "shown"),
    [
        ("item2-10", ["item4-4"], True),  # contains is a part of a text
        ("item3-30", ["item4-4"], True),
        ("item4-50", ["item4-4"], False),
        ("item2-10", ["item3-3"], False),
        (None, ["item4-4"], False),
        ("xitem2y", ["item4-4"], True),  # an answer outside the choices decides, and is dropped afterwards
    ],
)
def test_conditions_of_the_shape(profile, chosen, shown):
    answers = {LIST: chosen, FOLLOW: "item2-5", **({PROFILE: profile} if profile else {})}
    raw = {"item2-10": 10, "item3-30": 30, "item4-50": 50}.get(profile, 0) + int(chosen[0][-1])
    assert scored(answers, Mode.COMPLETED)[0] == raw + (5 if shown else 0)


# ---- odd values: live reads the value itself, completed only choices


@pytest.mark.parametrize(
    ("question", "value", "live", "completed"),
    [
        (SECTOR, "item4", 0, 0),  # no hyphen
        (SECTOR, "item5-", 0, 0),  # nothing behind it
        (SECTOR, "item6-x", 0, 0),  # text behind it
        (SECTOR, "item3--3", 3, 3),  # looks negative: the last hyphen is no sign
        (SECTOR, "item2-1.5", Fraction(3, 2), Fraction(3, 2)),
        (SECTOR, "other-7", 7, 0),  # no choice
        (SECTOR, "a-b-2.25", Fraction(9, 4), 0),
        (SECTOR, "item1- 4 ", 4, 0),  # blanks are no matter to a number
        (SECTOR, "item1-1e1", 10, 0),
        (SECTOR, "item1-0x10", 16, 0),
        (SECTOR, "item1-1,5", 0, 0),
        (SECTOR, "item1-Infinity", 0, 0),
        (SECTOR, "free text", 0, 0),
        (SECTOR, "", 0, 0),
        (SECTOR, None, 0, 0),
        (SECTOR, True, 0, 0),
        (SECTOR, False, 0, 0),
        (SECTOR, 4, 4, 0),
        (SECTOR, 2.5, Fraction(5, 2), 0),
        (SECTOR, -2, -2, 0),
        (SECTOR, {"a": 1}, 0, 0),
        (SECTOR, ["item1-15"], 15, 0),  # a list is no choice of one
        (SECTOR, ["item1-15", "item2-1.5", 3], 19 + HALF, 0),
        (LIST, ["item1-1", "item4-4"], 5, 5),
        (LIST, ["item4-4", "item4-4"], 8, 8),  # twice counts twice
        (LIST, ["item4-4", "item9-9"], 13, 4),
        (LIST, ["item4-4", 2, True, None, "x"], 6, 4),
        (LIST, [], 0, 0),
        (LIST, ["item9-9"], 9, 0),
    ],
)
def test_odd_values(question, value, live, completed):
    answers = {question: value}
    assert scored(answers, Mode.LIVE)[0] == live
    assert scored(answers, Mode.COMPLETED)[0] == completed


def test_more_points_than_the_maximum_are_level_four():
    assert scored({SECTOR: 1000}, Mode.LIVE) == (1000, 0, 1000, 4)


# ---- files


def test_a_saved_file_carries_its_answers_under_data():
    saved = {
        "version": "1.0.1",
        "currentPage": 3,
        "data": {PROFILE: "item2-10", "gone": "x"},
        "translationsOnResult": {"y": "z"},
    }
    one = record(INSTRUMENT, saved)
    assert (dict(one.answers), one.unknown) == ({PROFILE: "item2-10"}, ("gone",))


def test_the_maximum_counts_what_nobody_sees():
    assert [(scale.id, SCORERS[Mode.LIVE]({}).totals[scale.id].out_of) for scale in INSTRUMENT.scales] == [
        ("risk", 120),
        ("mitigation", 50),
    ]
    assert INSTRUMENT.items[FOLLOW].visible_when is not None
    assert NOT_APPLICABLE not in record(INSTRUMENT, {}).answers.values()


def test_a_later_version_converts_as_it_is():
    """Other names, another number of questions, other panels: nothing in the code knows them."""
    text = (
        json.dumps(RAW)
        .replace("riskProfile", "somethingElse")
        .replace("item", "option")
        .replace("consultation", "hearing")
    )
    data = read_survey(json.loads(text)).data
    scorer = Scorer(load_instrument(data))
    found = scorer({"somethingElse1": "option3-30", "projectDetailsPhase": "option1", "hearingDesign1": "option2-10"})
    assert (found.totals["risk"].points, found.totals["risk"].out_of, found.totals["mitigation"].points) == (
        30,
        120,
        10,
    )
