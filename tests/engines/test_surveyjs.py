"""SurveyJS surveys as packs: what is read, changed, left out and refused."""

import json
import time

import pytest

from trygg.engines.conditions import evaluate, parse
from trygg.engines.conditions.nodes import Subject
from trygg.engines.instruments import load_instrument, visibility
from trygg.engines.instruments.surveyjs import Options, SurveyErrors, parse_json, read_survey, record
from trygg.packs.check import check_packs
from trygg.packs.loader import pack_from_data, read_pack
from trygg.packs.writing import pack_text


def read(*elements, **survey):
    reading = read_survey({"elements": list(elements), **survey}, Options(file="my survey.json", date="2026-11-22"))
    assert check_packs([pack_from_data(reading.data)]) == []
    return reading


def rows(reading, flat=True):
    def walk(items):
        for row in items:
            if "items" not in row or not flat:
                yield row
            if "items" in row:
                yield from walk(row["items"])

    return {row["id"]: row for section in reading.data["sections"] for row in walk(section["items"])}


def only(element, **survey):
    [row] = rows(read(element, **survey)).values()
    return row


def codes(reading):
    return {note.code for note in reading.notes}


def refused(survey, **options):
    with pytest.raises(SurveyErrors) as caught:
        read_survey(survey, Options(**options))
    return [(one.path, one.code) for one in caught.value.problems]


# ---- types


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ({"type": "radiogroup", "choices": ["a"]}, "choice"),
        ({"type": "dropdown", "choices": ["a"]}, "choice"),
        ({"type": "imagepicker", "choices": ["a"]}, "choice"),
        ({"type": "buttongroup", "choices": ["a"]}, "choice"),
        ({"type": "checkbox", "choices": ["a"]}, "choices"),
        ({"type": "tagbox", "choices": ["a"]}, "choices"),
        ({"type": "imagepicker", "choices": ["a"], "multiSelect": True}, "choices"),
        ({"type": "ranking", "choices": ["a"]}, "choices"),
        ({"type": "boolean"}, "choice"),
        ({"type": "rating"}, "scale"),
        ({"type": "rating", "rateMin": 0, "rateMax": 1000}, "number"),
        ({"type": "text"}, "text"),
        ({}, "text"),
        ({"type": "text", "inputType": "number"}, "number"),
        ({"type": "text", "inputType": "date"}, "date"),
        ({"type": "text", "inputType": "email"}, "text"),
        ({"type": "comment"}, "text"),
        ({"type": "file"}, "file"),
        ({"type": "signaturepad"}, "sign"),
        ({"type": "dropdown", "choicesByUrl": {"url": "https://example.org"}}, "text"),
    ],
)
def test_types(element, kind):
    assert only({"name": "q", **element})["type"] == kind


def test_a_question_as_it_stands_in_the_pack():
    element = {
        "type": "radiogroup",
        "name": "q",
        "title": "Which?",
        "description": "Why.",
        "isRequired": True,
        "choices": ["a", {"value": 2}],
    }
    assert only(element) == {
        "id": "q", "type": "choice", "depth": "light", "required": True, "text": {"en": "Which?"}, "help": {"en": "Why."},
        "choices": [{"id": "a", "label": {"en": "a"}}, {"id": "2", "label": {"en": "2"}, "value": 2}],
        "source": "survey", "verified": "no",
    }  # fmt: skip


def test_yes_and_no_are_choices_with_the_values_of_the_survey():
    row = only({"type": "boolean", "name": "q", "labelTrue": "Certainly"})
    assert row["choices"] == [
        {"id": "yes", "label": {"en": "Certainly"}, "value": True},
        {"id": "no", "label": {"en": "No"}, "value": False},
    ]
    instrument = load_instrument(read({"type": "boolean", "name": "q"}).data)
    assert [record(instrument, {"q": value}).answers["q"] for value in (True, False)] == ["yes", "no"]


def test_a_rating_is_a_scale_in_order():
    row = only(
        {"type": "rating", "name": "q", "rateMin": 0, "rateMax": 4, "rateStep": 2, "minRateDescription": "never"}
    )
    assert [(choice["id"], choice["value"], choice["label"]["en"]) for choice in row["choices"]] == [
        ("0", 0, "0 (never)"), ("2", 2, "2"), ("4", 4, "4"),
    ]  # fmt: skip


def test_tables_become_one_question_for_each_row():
    reading = read(
        {
            "type": "matrix",
            "name": "m",
            "columns": ["low", "high"],
            "rows": [{"value": "a", "text": "Age"}, "b"],
            "isAllRowRequired": True,
        },
        {
            "type": "matrixdropdown",
            "name": "d",
            "choices": [1, 2],
            "rows": ["r"],
            "columns": [{"name": "c"}, {"name": "t", "cellType": "text"}],
        },
        {
            "type": "multipletext",
            "name": "t",
            "items": [{"name": "one", "title": "First"}, {"name": "two", "inputType": "number"}],
        },
        {"name": "q", "visibleIf": "{m.a} = 'high' and {d.r.c} = 2 and {t.two} > 3"},
    )
    found = rows(reading)
    assert {name: row.get("key") for name, row in found.items()} == {
        "m-a": "m.a", "m-b": "m.b", "d-r-c": "d.r.c", "d-r-t": "d.r.t", "t-one": "t.one", "t-two": "t.two", "q": None,
    }  # fmt: skip
    assert found["m-a"]["text"] == {"en": "Age"} and found["m-a"]["required"]
    instrument = load_instrument(reading.data)
    one = record(instrument, {"m": {"a": "high", "c": 1}, "d": {"r": {"c": 2, "t": "x"}}, "t": {"two": 4}})
    assert one.answers == {"m-a": "high", "d-r-c": "2", "d-r-t": "x", "t-two": 4}
    assert one.unknown == ("m.c",)
    assert "q" in visibility(instrument, one.answers).visible


def test_repeated_panels_become_repeated_sections():
    reading = read(
        {"name": "before"},
        {
            "type": "paneldynamic", "name": "uses", "title": "Uses", "templateTitle": "Use", "minPanelCount": 2, "maxPanelCount": 9,
            "templateElements": [
                {"type": "boolean", "name": "risky"},
                {"name": "before", "title": "Same name, another question", "visibleIf": "{panel.risky} = true"},
            ],
        },
        {"type": "matrixdynamic", "name": "rows", "columns": [{"name": "who", "cellType": "text"}]},
    )  # fmt: skip
    assert [section["id"] for section in reading.data["sections"]] == ["page1", "uses", "rows"]
    assert reading.data["sections"][1]["repeat"] == {"of": {"en": "Use"}, "min": 2, "max": 9}
    assert {row["id"]: row.get("key") for row in reading.data["sections"][1]["items"]} == {
        "uses-risky": "uses[].risky", "uses-before": "uses[].before",
    }  # fmt: skip
    one = record(
        load_instrument(reading.data),
        {"uses": [{"risky": False}, {"risky": True, "before": "x"}], "rows": [{"who": "y"}]},
    )
    assert one.answers["uses-before@2"] == "x" and one.answers["rows-who@1"] == "y"
    shown = visibility(one.instrument, one.answers).visible
    assert "uses-before@2" in shown and "uses-before@1" not in shown


def test_panels_are_sections_in_sections_and_texts_their_introduction():
    survey = {
        "pages": [
            {
                "name": "p",
                "title": "Page",
                "description": "First.",
                "elements": [
                    {"name": "one"},
                    {
                        "type": "panel",
                        "name": "in",
                        "title": "Panel",
                        "elements": [{"type": "panel", "elements": [{"name": "two"}]}],
                    },
                    {"type": "html", "name": "h", "html": "<p>Read &amp; <b>think</b></p><script>x()</script>"},
                    {"name": "three"},
                ],
            },
            {"name": "empty", "elements": [{"type": "html", "html": "x"}]},
        ]
    }
    reading = read_survey(survey)
    [section] = reading.data["sections"]
    assert section["intro"] == {"en": "First.\nRead & think"}
    assert [row["id"] for row in section["items"]][0::2] == ["one", "three"]
    inner = section["items"][1]
    assert (inner["id"], inner["title"]) == ("in", {"en": "Panel"})
    assert inner["items"][0]["title"] == {"en": "Panel"} and inner["items"][0]["items"][0]["id"] == "two"
    assert check_packs([pack_from_data(reading.data)]) == []
    assert {"changed", "left_out", "markup"} <= codes(reading)


def test_texts_as_canada_writes_them():
    """A property `help` with markup, a name in other capitals, values with zeros before them."""
    reading = read(
        {
            "type": "dropdown", "name": "riskProfile5", "choices": [{"value": "008"}, {"value": "item1-3"}],
            "help": {"default": "A <strong>black box</strong>.<br/><br/>See <a href=\"https://example.org\">this</a>.", "fr": "Une"},
        },
        {"type": "comment", "name": "riskprofile6", "visibleIf": "{riskprofile5} = \"item1-3\""},
    )  # fmt: skip
    found = rows(reading)
    assert found["riskProfile5"]["help"]["en"] == "A black box.\nSee this."
    assert found["riskprofile6"]["visible_when"] == {"item": "riskProfile5", "is": "item1-3"}
    assert [choice["id"] for choice in found["riskProfile5"]["choices"]] == ["008", "item1-3"]
    assert read_pack(pack_text(reading.data).encode()).data == reading.data


def test_other_none_and_comments():
    reading = read(
        {
            "type": "checkbox",
            "name": "q",
            "choices": ["a"],
            "showOtherItem": True,
            "hasNone": True,
            "otherText": "Something else",
        },
        {"type": "radiogroup", "name": "r", "choices": ["a"], "hasComment": True, "valueName": "shared"},
    )
    found = rows(reading)
    assert [choice["id"] for choice in found["q"]["choices"]] == ["a", "none", "other"]
    assert found["q-Comment"]["visible_when"] == {"item": "q", "includes": "other"}
    assert found["q-Comment"]["text"] == {"en": "Something else"}
    assert (found["r"]["key"], found["r-Comment"]["key"]) == ("shared", "shared-Comment")


def test_questions_that_share_a_value_are_asked_together():
    reading = read(
        {"type": "radiogroup", "name": "a", "valueName": "v", "choices": ["x", "y"]},
        {"type": "radiogroup", "name": "b", "valueName": "v", "choices": ["x", "y"]},
        {"name": "q", "visibleIf": "{v} = 'x'"},
        {"name": "r", "visibleIf": "{v} empty"},
    )
    found = rows(reading)
    assert found["q"]["visible_when"] == {"any": [{"item": "a", "is": "x"}, {"item": "b", "is": "x"}]}
    assert found["r"]["visible_when"] == {
        "all": [{"not": {"item": "a", "known": True}}, {"not": {"item": "b", "known": True}}]
    }


# ---- ids


def test_ids_come_from_names_never_from_places():
    elements = [{"name": "fits-RS_1"}, {"name": "åäö frågan?"}, {"name": "1st"}, {"name": "x" * 80}]
    first, second = read(*elements), read(*reversed(elements))
    ids = {row.get("key", name): name for name, row in rows(first).items()}
    assert ids == {row.get("key", name): name for name, row in rows(second).items()}
    assert ids["fits-RS_1"] == "fits-RS_1"
    assert ids["åäö frågan?"].startswith("aao-fragan-") and ids["1st"].startswith("q-1st-")
    assert first.data["id"] == "my-survey"


def test_values_that_are_no_ids_stay_as_values():
    row = only(
        {"type": "radiogroup", "name": "q", "choices": ["very good", "ok", 1.5, True, "a|Named", {"text": "no value"}]}
    )
    assert [(choice["id"][:9], choice.get("value")) for choice in row["choices"]] == [
        ("very-good", "very good"), ("ok", None), ("1.5", 1.5), ("true", True), ("a", None),
    ]  # fmt: skip


# ---- languages


def test_languages_in_which_the_survey_is_whole():
    reading = read(
        {"type": "radiogroup", "name": "q", "title": {"default": "Which?", "sv": "Vilken?", "de": "Welche?"},
         "choices": [{"value": "a", "text": {"default": "Yes", "sv": "Ja"}}, {"value": "b", "text": "No"}, "3"]},
        locale="en",
        title={"en": "Title", "sv": "Titel"},
    )  # fmt: skip
    assert reading.data["languages"] == ["en", "sv"]
    row = rows(reading)["q"]
    assert row["text"] == {"en": "Which?", "sv": "Vilken?", "de": "Welche?"}
    assert [choice["label"] for choice in row["choices"]] == [
        {"en": "Yes", "sv": "Ja"},
        {"en": "No", "sv": "No"},
        {"en": "3", "sv": "3"},
    ]
    missing = [(note.path, note.code) for note in reading.notes if note.code == "not_translated"]
    assert missing == [("elements[0].choices[1]", "not_translated")]
    assert "language_partial" in codes(reading)


def test_the_default_is_that_of_the_survey():
    assert read({"name": "q", "title": {"default": "Fråga", "en": "Question"}}, locale="sv").data["languages"] == [
        "sv",
        "en",
    ]
    assert read({"name": "q", "title": "Fråga"}, locale="sv").data["sections"][0]["items"][0]["text"] == {"sv": "Fråga"}


# ---- conditions

QUESTIONS = (
    {"type": "radiogroup", "name": "one", "choices": ["item1", "item2-0", "very good"]},
    {"type": "checkbox", "name": "many", "choices": ["a", "b", "c c"]},
    {"type": "text", "name": "words"},
    {"type": "text", "inputType": "number", "name": "number"},
    {"type": "text", "inputType": "date", "name": "day"},
    {"type": "rating", "name": "stars"},
    {"type": "boolean", "name": "sure"},
)


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ("{one} = 'item1'", [{"one": "item1"}], [{}, {"one": "item2-0"}]),
        ('{one} == "ITEM1 "', [{"one": "item1"}], [{}]),
        ("{one} <> 'item1'", [{}, {"one": "item2-0"}], [{"one": "item1"}]),
        ("{one} contains 'item2'", [{"one": "item2-0"}], [{"one": "item1"}, {}]),
        ('{one} contains ["item2"]', [{"one": "item2-0"}], [{"one": "item1"}, {}]),
        ("{one} contains 'y g'", [{"one": "very good"}], [{"one": "item1"}]),
        ("{one} notcontains 'item2'", [{}, {"one": "item1"}], [{"one": "item2-0"}]),
        ("{one} anyof ['item1', 'very good']", [{"one": "very good"}], [{}, {"one": "item2-0"}]),
        ("{one} empty", [{}], [{"one": "item1"}]),
        ("{one} notempty", [{"one": "item1"}], [{}]),
        ("{one} = ''", [{}], [{"one": "item1"}]),
        ("{many} contains 'a'", [{"many": ["a", "b"]}], [{}, {"many": ["b"]}]),
        ("{many} contains ['a', 'c c']", [{"many": ["c c", "a"]}], [{"many": ["a"]}]),
        ("{many} anyof ['a', 'b']", [{"many": ["b"]}], [{}, {"many": ["c c"]}]),
        ("{many} allof ['a', 'b']", [{"many": ["b", "a"]}], [{}, {"many": ["a"]}]),
        ("{many} noneof ['a', 'b']", [{}, {"many": ["c c"]}], [{"many": ["a"]}]),
        ("{many} = ['a']", [{"many": ["a"]}], [{}, {"many": ["a", "b"]}]),
        ("{words} = 'x'", [{"words": "x"}], [{"words": "y"}, {}]),
        ("{words} *= 'x'", [{"words": "axb"}], [{"words": "y"}, {}]),
        ("{number} > 3 and {number} <= 5", [{"number": 4}, {"number": 5}], [{"number": 3}, {}]),
        ("!({number} > 3)", [{"number": 3}, {}], [{"number": 4}]),
        ("3 < {number}", [{"number": 4}], [{"number": 3}]),
        ("{number} = '2.5'", [{"number": 2.5}], [{"number": 2}]),
        ("{day} >= '2026-01-01'", [{"day": "2026-01-01"}], [{"day": "2025-12-31"}, {}]),
        ("{stars} >= 4", [{"stars": 4}, {"stars": 5}], [{"stars": 3}, {}]),
        ("{sure} = true", [{"sure": True}], [{"sure": False}, {}]),
        ("{sure}", [{"sure": True}], [{"sure": False}, {}]),
        ("!{sure}", [{"sure": False}, {}], [{"sure": True}]),
        ("{one} = 'item1' or {words} = 'x' and {sure} = true", [{"one": "item1"}, {"words": "x", "sure": True}], [{"words": "x"}]),
        ("({one} = 'item1' || {words} = 'x') && {sure} = true", [{"one": "item1", "sure": True}], [{"one": "item1"}]),
        ("not ({one} = 'item1' and {sure} = true)", [{}, {"one": "item1"}], [{"one": "item1", "sure": True}]),
        ("{ONE} = 'item1'", [{"one": "item1"}], [{}]),
        ("1 = 1", [{}], []),
    ],
)  # fmt: skip
def test_conditions_mean_what_they_mean_in_surveyjs(condition, holds, fails):
    reading = read(*QUESTIONS, {"name": "q", "visibleIf": condition})
    instrument = load_instrument(reading.data)
    for answers, wanted in [(each, True) for each in holds] + [(each, False) for each in fails]:
        assert ("q" in visibility(instrument, record(instrument, answers).answers).visible) is wanted, answers


def test_and_binds_tighter_than_or():
    row = rows(
        read(*QUESTIONS, {"name": "q", "visibleIf": "{one} = 'item1' or {many} contains 'a' and {words} = 'x'"})
    )["q"]
    assert row["visible_when"] == {
        "any": [
            {"item": "one", "is": "item1"},
            {"all": [{"item": "many", "contains": "a"}, {"item": "words", "is": "x"}]},
        ]
    }


def test_what_is_hidden_counts_as_empty_for_others():
    reading = read(
        {"type": "boolean", "name": "a"},
        {"type": "boolean", "name": "b", "visibleIf": "{a} = true"},
        {"name": "c", "visibleIf": "{b} <> true"},
        {"name": "d", "visibleIf": "{b} empty"},
        {"name": "e", "visibleIf": "{b} notempty"},
    )
    instrument = load_instrument(reading.data)
    hidden = visibility(instrument, record(instrument, {"a": False, "b": True}).answers)
    assert hidden.visible == ("a", "c", "d")
    assert visibility(instrument, record(instrument, {"a": True, "b": True}).answers).visible == ("a", "b", "e")


def test_conditions_of_pages_and_panels_stand_on_their_sections():
    survey = {
        "pages": [
            {"name": "p", "elements": [{"type": "boolean", "name": "a"}]},
            {
                "name": "r",
                "visibleIf": "{a} = true",
                "elements": [
                    {"type": "panel", "name": "in", "visibleIf": "{a} notempty", "elements": [{"name": "b"}]},
                    {
                        "type": "paneldynamic",
                        "name": "many",
                        "visibleIf": "{b} = 'x'",
                        "templateElements": [{"name": "c"}],
                    },
                    {"name": "never", "visible": False},
                ],
            },
        ]
    }
    sections = {section["id"]: section for section in read_survey(survey).data["sections"]}
    assert sections["r"]["visible_when"] == {"item": "a", "is": "yes"}
    assert sections["r"]["items"][0]["visible_when"] == {"item": "a", "known": True}
    assert sections["r"]["items"][1]["visible_when"] == {"always": False}
    assert sections["many"]["visible_when"] == {"all": [{"item": "a", "is": "yes"}, {"item": "b", "is": "x"}]}


def test_a_missing_answer_is_never_unknown_to_a_translated_condition():
    """Every `not` stands over something that is known to be so or not."""
    row = rows(read(*QUESTIONS, {"name": "q", "visibleIf": "!({one} <> 'item1' or !({number} > 3))"}))["q"]
    node = parse(row["visible_when"], subjects=(Subject.ITEM,), allow_date=False)
    assert evaluate(node, {"one": "item1", "number": 4}).truth is True
    assert evaluate(node, {"one": "item1"}).truth is not True


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("{gone} = 1", "unknown_question"),
        ("{one} =", "condition"),
        ("{one} = 'a", "condition"),
        ("{one", "condition"),
        ("iif({one}, 1, 2) = 1", "condition"),
        ("{one} = {many}", "condition"),
        ("{number} + 1 > 2", "condition"),
        ("({one} = 'a'", "condition"),
        ("{one} > 'a'", "condition"),
        ("{words}", "condition"),
        ("!{one} = 'item1'", "condition"),
        ("{day} > 'soon'", "condition"),
        ("(" * 500 + "{one} = 'a'" + ")" * 500, "condition"),
        ("[" * 10_000, "condition"),
        ("not " * 10_000, "condition"),
        ("{one} = 'a' or " * 3_000, "condition"),
        (7, "condition"),
    ],
)
def test_conditions_that_cannot_be_said_are_refused(condition, code):
    survey = {"elements": [*QUESTIONS, {"name": "q", "visibleIf": condition}]}
    assert refused(survey) == [("elements[7].visibleIf", code)]


# ---- everything wrong, at once


def test_everything_that_is_wrong_is_listed_at_once():
    survey = {
        "pages": [
            {
                "name": "p",
                "elements": [
                    {"type": "hologram", "name": "a"},
                    {"type": "radiogroup", "name": "b", "choices": ["x", "x"]},
                    {"name": "b"},
                    {"title": "no name"},
                    {"name": "c", "visibleIf": "{gone} = 1"},
                    {"name": "d", "visibleIf": "{e} empty"},
                    {"name": "e", "visibleIf": "{d} empty"},
                    {"type": "expression", "name": "f", "expression": "1"},
                    {"name": "g", "visibleIf": "{f} = 1"},
                    "no object",
                ],
            },
            7,
        ]
    }
    assert set(refused(survey)) == {
        ("pages[0].elements[0].type", "unknown_type"),
        ("pages[0].elements[1].choices[1]", "duplicate_choice"),
        ("pages[0].elements[2]", "duplicate_name"),
        ("pages[0].elements[3]", "no_name"),
        ("pages[0].elements[4].visibleIf", "unknown_question"),
        ("pages[0].elements[5]", "circle"),
        ("pages[0].elements[8].visibleIf", "depends_on_left_out"),
        ("pages[0].elements[9]", "wrong_type"),
        ("pages[1]", "wrong_type"),
    }


@pytest.mark.parametrize(
    "survey", [None, [], 1, "x", {}, {"pages": {}}, {"pages": []}, {"elements": 1}, {"pages": [{"elements": [{}]}]}]
)
def test_what_is_no_survey_is_refused(survey):
    assert refused(survey)


def test_rules_that_are_not_read_are_said():
    reading = read(
        {
            "name": "a",
            "enableIf": "x",
            "requiredIf": "y",
            "setValueIf": "z",
            "defaultValue": 1,
            "width": "10px",
            "validators": [],
        },
        triggers=[{"type": "complete"}],
        calculatedValues=[{"name": "v"}],
        showTitle=False,
    )
    assert {note.path for note in reading.notes if note.code == "rule_left_out"} == {
        "elements[0].enableIf", "elements[0].requiredIf", "elements[0].setValueIf", "elements[0].defaultValue",
        "elements[0].validators", "triggers", "calculatedValues",
    }  # fmt: skip
    assert [note.reason for note in reading.notes if note.code == "left_out"] == [
        "left out: width",
        "left out: showTitle",
    ]


def test_panels_nested_without_end_are_refused():
    panel = {"name": "q"}
    for number in range(30):
        panel = {"type": "panel", "name": f"p{number}", "elements": [panel]}
    assert [code for _, code in refused({"elements": [panel]})] == ["too_deep"]


# ---- the file itself


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ('{\n "a": }', "not_json", "line 2, column 7"),
        ("", "not_json", "line 1, column 1"),
        ('{"NaN": 1,\n "a": NaN}', "not_json", "line 2, column 7"),
        ('{"a": -Infinity}', "not_json", "line 1, column 7"),
        ('{"a": 1e999}', "not_json", ""),
        ('{"a": 1, "a": 2}', "duplicate_key", ""),
        ("[" * 90 + "]" * 90, "too_deep", ""),
        ("[" * 100_000, "too_deep", ""),
        ('{"a": "\\ud800"}', "not_text", ""),
        ("9" * 5000, "not_json", ""),
        (b"\xff\xfe", "not_utf8", ""),
    ],
)
def test_json_that_is_refused(text, code, path):
    with pytest.raises(SurveyErrors) as caught:
        parse_json(text)
    assert [(one.code, one.path) for one in caught.value.problems] == [(code, path)]


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_parsed():
    raw = b" " * 50_000_000
    start = time.perf_counter()
    with pytest.raises(SurveyErrors, match="50000000 bytes; at most 5000000"):
        parse_json(raw)
    assert time.perf_counter() - start < 0.5


def test_a_mark_of_byte_order_is_no_matter():
    assert parse_json(b"\xef\xbb\xbf" + json.dumps({"å": 1}).encode()) == {"å": 1}
