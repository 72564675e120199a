"""Packs to SurveyJS and back, edited on the way or not; random packs, answers and rubbish."""

import copy
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.surveys import aia_record, aia_survey
from trygg.engines.conditions import NOT_APPLICABLE, UNKNOWN, Withheld
from trygg.engines.instruments import Mode, Scorer, assess, load_instrument, score_many, visibility
from trygg.engines.instruments.surveyjs import Options, SurveyErrors, parse_json, read_survey, record, write_survey
from trygg.packs.check import check_packs
from trygg.packs.loader import pack_from_data, read_pack
from trygg.packs.writing import pack_text

pytestmark = pytest.mark.full

SHIPPED = sorted((Path(__file__).parents[2] / "src/trygg/packs/instrument").glob("*.yaml"))
RANDOM = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
T = {"en": "x", "sv": "y"}


def back(data):
    """The pack after a way through a SurveyJS file."""
    return read_survey(parse_json(json.dumps(write_survey(data).survey))).data


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_pack_comes_back_as_it_was(path):
    data = read_pack(path).data
    assert back(data) == data


# ---- random packs

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12).filter(
    lambda text: text.strip()
)
texts = st.fixed_dictionaries({"en": words, "sv": words}, optional={"fr": words})
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True)
points = st.one_of(st.integers(0, 20), st.sampled_from([0.5, 1.25, "1/3", "2.5"]))
values = st.one_of(words, st.integers(-5, 5), st.booleans(), st.sampled_from([0.5, 2.0, "2", "a|b"]))
numbers = st.one_of(st.integers(-100, 100), st.sampled_from([0.5, -2.25]))


@st.composite
def choices(draw, scale="risk"):
    ids = draw(
        st.lists(
            st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,6}", fullmatch=True), min_size=1, max_size=4, unique=True
        )
    )
    optional = {
        "points": st.fixed_dictionaries({scale: points}),
        "flag": st.sampled_from(["stop", "escalate"]),
        "value": values,
    }
    return [{"id": each, "label": draw(texts), **draw(st.fixed_dictionaries({}, optional=optional))} for each in ids]


def matrix():
    def row(name):
        return {"id": name, "label": T}

    levels = [{"id": "low", "label": T, "points": {"risk": 0}}, {"id": "high", "label": T, "points": {"risk": 3}}]
    return {
        "rights": [row("r1"), row("r2")],
        "groups": [row("g")],
        "dimensions": [{"id": "d", "label": T, "levels": levels}],
    }


@st.composite
def conditions(draw, items, depth=2):
    if depth and draw(st.integers(0, 3)) == 0:
        below = conditions(items, depth - 1)
        return draw(st.one_of(
            st.builds(lambda parts: {"all": parts}, st.lists(below, min_size=1, max_size=3)),
            st.builds(lambda parts: {"any": parts}, st.lists(below, min_size=1, max_size=3)),
            st.builds(lambda part: {"not": part}, below),
        ))  # fmt: skip
    if not items:
        return {"always": draw(st.booleans())}
    row = draw(st.sampled_from(items))
    if draw(st.integers(0, 3)) == 0:
        return {"item": row["id"], "known": draw(st.booleans())}
    ids = [choice["id"] for choice in row.get("choices", ())]
    match row["type"]:
        case "choice" | "scale":
            op = draw(st.sampled_from(["is", "in", "not_in", "contains"]))
            value = draw(st.sampled_from(ids))
            return {"item": row["id"], op: [value] if op in ("in", "not_in") else value}
        case "choices":
            op = draw(st.sampled_from(["includes", "includes_any", "contains"]))
            value = draw(st.sampled_from(ids))
            return {"item": row["id"], op: [value] if op == "includes_any" else value}
        case "number":
            return {
                "item": row["id"],
                draw(st.sampled_from(["at_least", "at_most", "over", "under", "is"])): draw(numbers),
            }
        case "text":
            return {"item": row["id"], draw(st.sampled_from(["is", "contains"])): draw(words)}
        case "date":
            return {"item": row["id"], draw(st.sampled_from(["at_least", "under"])): "2026-05-01"}
        case _:
            return {"item": row["id"], "known": True}


KINDS = ("choice", "choices", "scale", "number", "text", "date", "file", "party", "sign", "rights_matrix")


@st.composite
def packs(draw, kinds=KINDS):
    taken = iter(draw(st.lists(names, min_size=30, max_size=30, unique=True)))
    asked = []

    def condition(row, items):
        if draw(st.integers(0, 2)) == 0:
            row["visible_when"] = draw(conditions(items))

    def item(visible):
        row = {
            "id": next(taken),
            "type": draw(st.sampled_from(kinds)),
            "depth": draw(st.sampled_from(["light", "standard", "full"])),
        }
        optional = {
            "required": st.booleans(), "help": texts, "plain": texts, "evidence": st.sampled_from(["none", "optional", "required"]),
            "key": words, "refs": st.just([{"kind": "crc", "id": "12"}]), "phases": st.just(["design"]), "asked_of": st.just(["officer"]),
        }  # fmt: skip
        row |= {"text": draw(texts), "source": "S", "verified": draw(st.sampled_from(["yes", "partly", "no"]))}
        row |= draw(st.fixed_dictionaries({}, optional=optional))
        if row["type"] in ("choice", "choices", "scale"):
            row["choices"] = draw(choices())
        if row["type"] == "number":
            row |= draw(st.fixed_dictionaries({}, optional={"min": st.integers(-9, 0), "max": numbers}))
        if row["type"] == "rights_matrix":
            row["matrix"] = matrix()
        condition(row, visible)
        return row

    def rows(visible, depth=0):
        found = []
        for _ in range(draw(st.integers(1, 3))):
            if depth < 2 and draw(st.integers(0, 4)) == 0:
                nested = {"id": next(taken), "title": draw(texts), "items": []}
                condition(nested, list(visible))
                nested["items"] = rows(visible, depth + 1)
                found.append(nested)
            else:
                found.append(item(visible))
                visible.append(found[-1])
        return found

    sections = []
    for _ in range(draw(st.integers(1, 3))):
        section = {
            "id": next(taken),
            "title": draw(texts),
            **draw(st.fixed_dictionaries({}, optional={"intro": texts})),
        }
        condition(section, list(asked))
        if draw(st.integers(0, 3)) == 0:
            section["repeat"] = {
                "of": draw(texts),
                **draw(st.sampled_from([{}, {"min": 2}, {"max": 7}, {"min": 1, "max": 20}])),
            }
            section["items"] = rows(list(asked))
        else:
            section["items"] = rows(asked)
        sections.append(section)
    data = {
        "kind": "instrument", "id": "random", "version": "1.2.3", "date": "2026-11-22", "licence": "CC0-1.0", "title": draw(texts),
        "summary": draw(texts), "sources": {"S": {"title": "S", "checked": "2026-11-22", "verified": "yes"}},
        "phases": [{"id": "design", "title": T}], "sections": sections,
        "tests": [{"name": "t", "answers": {}, "expect": {"flags": []}}],
    }  # fmt: skip
    if "risk" in json.dumps(sections):
        data["scales"] = [{"id": "risk", "title": T, "rule": "sum", "maximum": draw(st.sampled_from(["asked", "all"]))}]
    return data


@RANDOM
@given(packs())
def test_any_pack_comes_back_as_it_was(data):
    assert json.dumps(back(data), sort_keys=True) == json.dumps(data, sort_keys=True)


@RANDOM
@given(packs())
def test_any_pack_comes_back_from_its_yaml(data):
    assert read_pack(pack_text(data).encode()).data == data


# ---- edited on the way


def _one():
    item = {
        "id": "q", "type": "choice", "depth": "full", "text": {"en": "Old", "sv": "Gammal"}, "plain": T, "evidence": "required",
        "choices": [{"id": "a", "label": T, "points": {"risk": 4}, "flag": "stop"}, {"id": "b", "label": T}], "source": "S", "verified": "yes",
    }  # fmt: skip
    tree = {"any": [{"item": "q", "is": "a"}, {"item": "q", "known": False}]}
    follow = {
        "id": "r",
        "type": "text",
        "depth": "light",
        "text": T,
        "visible_when": tree,
        "source": "S",
        "verified": "yes",
    }
    return {
        "kind": "instrument", "id": "one", "version": "1.0.0", "date": "2026-11-22", "licence": "CC0-1.0", "title": T, "summary": T,
        "sources": {"S": {"title": "S", "checked": "2026-11-22", "verified": "yes"}},
        "scales": [{"id": "risk", "title": T, "rule": "sum"}],
        "sections": [{"id": "s", "title": T, "items": [item, follow]}],
        "tests": [{"name": "t", "answers": {"q": "a"}, "expect": {"scores": {"risk": 4}}}],
    }  # fmt: skip


def edited(change):
    survey = write_survey(_one()).survey
    change(survey, *survey["pages"][0]["elements"])
    reading = read_survey(json.loads(json.dumps(survey)))
    return reading, reading.data["sections"][0]["items"]


def test_a_text_that_was_edited_wins_and_the_rest_stays():
    def change(survey, q, r):
        q["title"] = {"en": "New", "sv": "Ny"}
        q["choices"][0]["text"]["en"] = "Other words"

    [q, _] = edited(change)[1]
    assert (q["text"], q["depth"], q["evidence"]) == ({"en": "New", "sv": "Ny"}, "full", "required")
    assert q["choices"][0] == {
        "id": "a",
        "label": {"en": "Other words", "sv": "y"},
        "points": {"risk": 4},
        "flag": "stop",
    }


def test_a_condition_stays_as_its_text_stays():
    untouched = edited(lambda survey, q, r: None)[1][1]["visible_when"]
    assert untouched == _one()["sections"][0]["items"][1]["visible_when"]

    def change(survey, q, r):
        r["visibleIf"] = "{q} = 'b'"

    assert edited(change)[1][1]["visible_when"] == {"item": "q", "is": "b"}

    def remove(survey, q, r):
        del r["visibleIf"]

    assert "visible_when" not in edited(remove)[1][1]


def test_a_question_that_was_added_gets_a_source_and_one_that_was_taken_away_its_tests():
    def change(survey, q, r):
        survey["pages"][0]["elements"] = [q, {"type": "text", "name": "new"}]
        del q["choices"][0]["trygg"]

    reading, items = edited(change)
    assert [(row["id"], row["source"]) for row in items] == [("q", "S"), ("new", "survey")]
    assert "points" not in items[0]["choices"][0] and "survey" in reading.data["sources"]

    def rename(survey, q, r):
        q["name"] = "renamed"
        del r["visibleIf"]

    reading, items = edited(rename)
    assert items[0]["id"] == "renamed"
    assert reading.data["tests"][0]["answers"] == {} and "test_left_out" in {note.code for note in reading.notes}


def test_a_condition_on_a_question_that_is_gone_is_refused():
    with pytest.raises(SurveyErrors, match="there is no question 'q'"):
        edited(lambda survey, q, r: survey["pages"][0].update(elements=[r]))


# ---- random answers: AIA

SURVEY = aia_survey(risk=12, mitigation=8, free=3)
INSTRUMENT = load_instrument(read_survey(SURVEY).data)
SCORERS = {mode: Scorer(INSTRUMENT, mode) for mode in Mode}
odd = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.floats(), st.text(max_size=8), st.sampled_from(["item1-1", "item3-3", "a-2.5", "x--4"]),
    st.just(UNKNOWN), st.just(NOT_APPLICABLE), st.builds(Withheld, st.text(max_size=3)), st.dictionaries(st.text(max_size=2), st.integers()),
)  # fmt: skip
answered = st.dictionaries(
    st.sampled_from([*INSTRUMENT.items, "unheard-of"]),
    st.one_of(odd, st.lists(odd, max_size=4), st.lists(st.sampled_from(["item1-1", "item2-2", "item4-0"]), max_size=5)),
    max_size=25,
)


@RANDOM
@given(answered)
def test_both_ways_of_scoring_agree_on_anything(answers):
    for mode, scorer in SCORERS.items():
        found, fast = assess(INSTRUMENT, answers, mode=mode), scorer(answers)
        for score in found.scores:
            assert (score.points, score.out_of) == (fast.totals[score.scale].points, fast.totals[score.scale].out_of)
            assert (score.current, score.level) == (
                fast.conclusions[score.scale].current,
                fast.conclusions[score.scale].level,
            )
            assert {line.item: line.points for line in score.lines} == fast.points[score.scale]


@RANDOM
@given(answered)
def test_hiding_reaches_a_fixed_point(answers):
    first = visibility(INSTRUMENT, answers)
    again = visibility(INSTRUMENT, first.answers)
    assert again.answers == first.answers
    assert Scorer(INSTRUMENT)(first.answers).totals == SCORERS[Mode.COMPLETED](answers).totals


def _within(draw, names):
    found = {}
    for name in names:
        item = INSTRUMENT.items[name]
        if not item.choices or draw(st.booleans()):
            continue
        several = st.lists(st.sampled_from(item.choice_ids), unique=True, max_size=4)
        found[name] = draw(several if item.type == "choices" else st.sampled_from(item.choice_ids))
    return found


@RANDOM
@given(st.data())
def test_a_score_lies_between_nothing_and_its_maximum(data):
    answers = _within(data.draw, INSTRUMENT.items)
    for scorer in SCORERS.values():
        for total in scorer(answers).totals.values():
            assert 0 <= total.points <= total.out_of


@RANDOM
@given(st.data())
def test_live_is_completed_when_nothing_is_hidden(data):
    answers = visibility(INSTRUMENT, _within(data.draw, INSTRUMENT.items)).answers
    live, completed = (SCORERS[mode](answers) for mode in (Mode.LIVE, Mode.COMPLETED))
    assert (live.totals, live.conclusions, live.points) == (completed.totals, completed.conclusions, completed.points)


def test_many_are_scored_in_their_order():
    records = [record(INSTRUMENT, aia_record(SURVEY, seed, 20)).answers for seed in range(50)]
    totals = [result.totals["risk"].points for result in score_many(INSTRUMENT, records)]
    assert totals == [assess(INSTRUMENT, answers).score("risk").points for answers in records]
    assert len(set(totals)) > 5 and all(isinstance(each, Fraction) for each in totals)


@RANDOM
@given(packs(kinds=("choice", "choices", "scale", "number", "text")), st.data())
def test_scores_of_random_packs_agree(data, more):
    instrument = load_instrument(data)
    answers = {}
    for item in instrument.items.values():
        some = [odd, st.lists(odd, max_size=3)]
        if item.choice_ids:
            some += [st.sampled_from(item.choice_ids), st.lists(st.sampled_from(item.choice_ids), max_size=3)] * 3
        answers[item.id] = more.draw(st.one_of(*some))
    for mode in Mode:
        found, fast = assess(instrument, answers, mode=mode), Scorer(instrument, mode)(answers)
        for score in found.scores:
            assert (score.points, score.out_of) == (fast.totals[score.scale].points, fast.totals[score.scale].out_of)


# ---- rubbish

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=10)
)
KEYS = (
    "pages", "elements", "type", "name", "title", "choices", "value", "text", "visibleIf", "rows", "columns", "items", "rateMin", "rateMax",
    "rateValues", "templateElements", "description", "trygg", "kept", "without", "visible_when", "pack", "valueName", "html", "min",
    "minPanelCount", "locale", "default", "hasOther", "id", "tree", "languages", "tests", "sources", "choices", "matrix", "key",
)  # fmt: skip
TYPES = (
    "radiogroup",
    "checkbox",
    "matrix",
    "matrixdropdown",
    "multipletext",
    "paneldynamic",
    "matrixdynamic",
    "rating",
    "panel",
    "html",
    "text",
)
SAID = st.sampled_from([*TYPES, "{a} = 1", "{b} notempty and (", "a", "b", "a-RS", "<b>", "instrument"])
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=3))
rubbish = st.recursive(
    st.one_of(leaves, SAID),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=6)),
    max_leaves=25,
)
elements = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES), "name": st.sampled_from("abcd")},
        optional={key: rubbish for key in KEYS if key not in ("type", "name")},
    ),
    lambda inner: st.fixed_dictionaries({"type": st.just("panel"), "elements": st.lists(inner, max_size=3)}),
    max_leaves=6,
)


def survives(survey):
    try:
        reading = read_survey(survey, Options(file="x.json", date="2026-11-22"))
    except SurveyErrors as errors:
        assert errors.problems and all(one.reason for one in errors.problems)
        return
    if not reading.carried:  # what travelled beside a survey is checked by whoever reads it
        assert check_packs([pack_from_data(reading.data)]) == []
        assert read_pack(pack_text(reading.data).encode()).data == reading.data


@RANDOM
@given(rubbish)
def test_rubbish_is_refused_or_read(survey):
    survives(survey)


@settings(RANDOM, max_examples=80)
@given(st.lists(elements, max_size=4), st.dictionaries(keys, rubbish, max_size=2))
def test_rubbish_in_the_shape_of_a_survey_is_refused_or_read(rows, more):
    survives({**more, "elements": rows})


@RANDOM
@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_read(raw):
    try:
        parse_json(raw)
    except SurveyErrors as errors:
        assert errors.problems


@RANDOM
@given(st.data())
def test_a_survey_with_one_place_spoilt(data):
    survey = copy.deepcopy(write_survey(_one()).survey if data.draw(st.booleans()) else SURVEY)
    holder, key = survey, data.draw(st.sampled_from(sorted(survey)))
    while isinstance(holder[key], dict | list) and holder[key] and data.draw(st.integers(0, 5)):
        holder = holder[key]
        key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
    holder[key] = data.draw(rubbish)
    survives(json.loads(json.dumps(survey)))


@RANDOM
@given(rubbish)
def test_any_record_can_be_read(raw):
    if isinstance(raw, dict):
        one = record(INSTRUMENT, raw)
        assess(one.instrument, one.answers)
