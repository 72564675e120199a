"""Nested sections, repeats, phases, the rights matrix, parties and signatures."""

import pytest

from tests.engines.questionnaires import instrument, item, scale, scored, t
from trygg.engines.conditions import NOT_APPLICABLE
from trygg.engines.instruments import (
    CompletionCode,
    HiddenWhy,
    LineState,
    answer_problems,
    assess,
    completion_problems,
    entry_item,
    expand,
    load_instrument,
    visibility,
)


def section(name, *items, **words):
    return {"id": name, "title": t(name), "items": list(items), **words}


YES = {"item": "first", "is": "yes"}


# Nested sections


def nested():
    inner = section(
        "inner", item("deep", visible_when={"item": "mid", "is": "yes"}), visible_when={"item": "mid", "known": True}
    )
    outer = section("outer", item("mid"), inner, item("after"), intro=t("Read this"), visible_when=YES)
    return instrument(
        sections=[section("page", item("first"), outer), section("next", item("other"), visible_when=YES)]
    )


def test_a_page_holds_everything_below_it_in_reading_order():
    questions = nested()
    assert list(questions.items) == ["first", "mid", "deep", "after", "other"]
    assert [heading.id for heading in questions.sections[0].headings] == ["outer", "inner"]
    assert questions.items["deep"].headings == ("outer", "inner")
    assert questions.sections[0].headings[0].intro == t("Read this")
    assert {one.section for one in questions.sections[0].items} == {"page"}


@pytest.mark.parametrize(
    ("answers", "visible"),
    [
        ({}, ["first"]),
        ({"first": "no", "mid": "yes", "deep": "yes"}, ["first"]),
        ({"first": "yes"}, ["first", "mid", "after", "other"]),
        ({"first": "yes", "mid": "no"}, ["first", "mid", "after", "other"]),
        ({"first": "yes", "mid": "yes"}, ["first", "mid", "deep", "after", "other"]),
    ],
)
def test_the_condition_of_a_section_is_one_of_everything_in_it(answers, visible):
    assert list(visibility(nested(), answers).visible) == visible


def test_why_a_question_of_a_hidden_section_is_not_asked():
    hidden = visibility(nested(), {"first": "no"}).hidden
    assert (hidden["after"].why, hidden["after"].because[0].name) == (HiddenWhy.NOT_MET, "first")
    assert visibility(nested(), {}).hidden["after"].needs == ("first",)


# Repeats


def repeated(**words):
    use = section(
        "use",
        scored("risky", yes=3, no=0),
        section(
            "more", item("why", "text", visible_when={"all": [{"item": "risky", "is": "yes"}, YES]}), intro=t("More")
        ),
        repeat={"of": t("Use"), **words},
    )
    return instrument(sections=[section("page", item("first")), use], scales=[scale()])


def test_a_condition_inside_an_entry_speaks_of_that_entry():
    questions = expand(repeated(), {"use": [("a", ""), ("b", "Timetable")]})
    assert list(questions.items) == ["first", "risky@a", "why@a", "risky@b", "why@b"]
    answers = {"first": "yes", "risky@a": "yes", "risky@b": "no"}
    assert visibility(questions, answers).visible == ("first", "risky@a", "why@a", "risky@b")
    assert visibility(questions, {**answers, "first": "no"}).visible == ("first", "risky@a", "risky@b")
    assert assess(questions, {"risky@a": "yes", "risky@b": "yes"}).score("risk").points == 6
    assert (questions.items["why@b"].base_id, questions.items["why@b"].entry, entry_item("why", "b")) == (
        "why",
        "b",
        "why@b",
    )


def test_each_entry_has_a_heading_with_its_number_and_name():
    page = expand(repeated(), {"use": [("a", ""), ("b", "Timetable")]}).sections[1]
    assert [(heading.id, heading.title["sv"]) for heading in page.headings] == [
        ("use@a", "Use 1"), ("more@a", "more"), ("use@b", "Use 2: Timetable"), ("more@b", "more"),
    ]  # fmt: skip
    assert page.items[1].headings == ("use@a", "more@a")
    assert page.headings[1].intro == t("More")


@pytest.mark.parametrize(("words", "entries"), [({}, ["1"]), ({"min": 3}, ["1", "2", "3"])])
def test_without_entries_there_are_as_many_as_it_needs_at_least(words, entries):
    questions = expand(repeated(**words), {})
    assert [entry for entry, _ in questions.entries["use"]] == entries
    assert list(questions.items)[1::2] == [f"risky@{entry}" for entry in entries]


def test_the_least_and_the_most_are_said():
    repeat = repeated(min=2, max=4).sections[1].repeat
    assert (repeat.minimum, repeat.maximum, repeat.of["en"]) == (2, 4, "Use")
    plain = repeated().sections[1].repeat
    assert (plain.minimum, plain.maximum) == (1, 20)


def test_an_instrument_without_repeats_is_not_touched():
    questions = nested()
    assert expand(questions, {"page": [("a", "")]}) is questions


def test_a_condition_on_the_repeated_section_itself():
    use = section("use", item("risky"), repeat={"of": t("Use")}, visible_when=YES)
    questions = expand(instrument(sections=[section("page", item("first")), use]), {"use": [("a", ""), ("b", "")]})
    assert visibility(questions, {"first": "yes"}).visible == ("first", "risky@a", "risky@b")
    assert visibility(questions, {"first": "no"}).visible == ("first",)


# Phases


def test_one_question_stands_in_the_phases_that_it_names():
    phases = [{"id": each, "title": t(each)} for each in ("design", "use")]
    rows = [
        scored("both", yes=1, no=0),
        scored("plan", yes=2, no=0) | {"phases": ["design"]},
        scored("run", yes=4, no=0) | {"phases": ["use"]},
    ]
    follow = item("after", visible_when={"item": "plan", "known": False})
    questions = instrument(*rows, follow, phases=phases, scales=[scale()])
    answers = {"both": "yes", "plan": "yes", "run": "yes"}
    assert [assess(questions, answers, phase=each).score("risk").points for each in ("design", "use", "")] == [3, 5, 7]
    assert [assess(questions, answers, phase=each).score("risk").out_of for each in ("design", "use", "")] == [3, 5, 7]
    assert visibility(questions, answers, phase="use").hidden["plan"].why is HiddenWhy.PHASE
    # A question of another phase was not ruled out: it is unanswered, and others may say so.
    assert "after" in visibility(questions, answers, phase="use").visible
    assert [phase.id for phase in questions.phases] == ["design", "use"]


# Rights matrix


def level(name, points=None, flag=None):
    found = {"id": name, "label": t(name)}
    return found | ({"points": {"risk": points}} if points is not None else {}) | ({"flag": flag} if flag else {})


def matrix(**words):
    rows = {
        "rights": [
            {"id": "art12", "label": t("heard"), "refs": [{"kind": "crc", "id": "12"}]},
            {"id": "art16", "label": t("privacy")},
        ],
        "groups": [{"id": "small", "label": t("small")}, {"id": "teens", "label": t("teens")}],
        "dimensions": [
            {"id": "severity", "label": t("severity"), "levels": [level("low", 0), level("high", 3, "stop")]},
            {"id": "reach", "label": t("reach"), "levels": [level("few", 1), level("all", 2)]},
        ],
    }
    return item("rights", "rights_matrix", matrix={**rows, **words})


def matrix_result(*marks, one=None):
    questions = instrument(one or matrix(), scales=[scale()])
    return assess(questions, {"rights": list(marks)})


def test_an_answer_to_a_matrix_is_marks_of_cells():
    one = instrument(matrix()).items["rights"]
    assert len(one.choice_ids) == 2 * 2 * 4
    assert one.choice_ids[0] == "art12/small/severity=low"
    assert one.matrix.rights[0].refs == ({"kind": "crc", "id": "12"},)
    assert answer_problems(one, ["art12/small/severity=low", "art12/small/reach=all"]) == ()
    assert [p.code for p in answer_problems(one, ["art12/small/severity=low", "art12/small/severity=high"])] == [
        "chosen_twice"
    ]
    assert [p.code for p in answer_problems(one, ["art12/small/severity"])] == ["not_a_choice"]


def test_only_the_worst_cell_counts():
    found = matrix_result(
        "art12/small/severity=low",
        "art12/small/reach=all",
        "art16/teens/severity=high",
        "art16/teens/reach=few",
        "art12/teens/reach=all",
    ).score("risk")
    assert (found.points, found.out_of) == (4, 5)
    assert {part.choice for part in found.parts} == {"art16/teens/severity=high", "art16/teens/reach=few"}


def test_a_flag_in_any_cell_is_raised_also_where_the_cell_does_not_count():
    found = matrix_result("art12/small/severity=high", "art16/teens/severity=high", "art16/teens/reach=all")
    assert [(flag.choice, flag.flag.value) for flag in found.flags] == [
        ("art12/small/severity=high", "stop"), ("art16/teens/severity=high", "stop"),
    ]  # fmt: skip
    assert found.score("risk").points == 5


def test_a_cell_that_says_two_things_counts_the_graver_and_never_passes_the_maximum():
    found = matrix_result(
        "art12/small/severity=low", "art12/small/severity=high", "art12/small/reach=few", "art12/small/reach=all"
    )
    assert (found.score("risk").points, found.score("risk").out_of) == (5, 5)


def test_a_cell_half_filled_in_never_passes_the_maximum():
    dimensions = [
        {"id": "severity", "label": t("s"), "levels": [level("low", 0), level("high", 3)]},
        {"id": "safeguards", "label": t("g"), "levels": [level("weak", -1), level("strong", -2)]},
    ]
    one = matrix(dimensions=dimensions)
    found = matrix_result("art12/small/severity=high", one=one).score("risk")
    assert (found.points, found.out_of) == (3, 3)
    open_ = matrix_result(one=one).score("risk")
    assert (open_.minimum, open_.maximum, open_.open_items) == (-2, 3, ("rights",))


def test_marks_outside_the_matrix_are_dropped_and_said():
    found = matrix_result("art99/small/severity=high", "art12/small/reach=few")
    assert found.score("risk").points == 1
    assert found.visibility.outside == {"rights": ("art99/small/severity=high",)}


# Parties and signatures


def test_a_party_is_named_in_words():
    one = instrument(item("who", "party")).items["who"]
    assert answer_problems(one, "The school board") == ()
    assert [problem.code for problem in answer_problems(one, "x" * 301)] == ["too_long"]
    assert [problem.code for problem in answer_problems(one, 7)] == ["not_text"]


@pytest.mark.parametrize(
    ("value", "codes"), [(True, []), (False, ["not_signed"]), ("yes", ["not_signed"]), (None, []), (NOT_APPLICABLE, [])]
)
def test_a_signature_is_there_or_it_is_not(value, codes):
    assert [problem.code for problem in answer_problems(instrument(item("ok", "sign")).items["ok"], value)] == codes


def test_what_must_be_signed_is_not_complete_without():
    questions = instrument(item("ok", "sign", required=True))
    assert [problem.code for problem in completion_problems(questions, {})] == [CompletionCode.REQUIRED]
    assert [problem.code for problem in completion_problems(questions, {"ok": False})] == [CompletionCode.INVALID]
    assert completion_problems(questions, {"ok": True}) == []


def test_the_data_of_a_level_carry_what_it_obliges_to():
    rows = [{"id": "tell", "text": t("Tell parents"), "role": "officer", "due_days": 14, "evidence": "required"}]
    levels = [{"id": "low", "title": t("low"), "upto": 1}, {"id": "high", "title": t("high"), "obligations": rows}]
    questions = instrument(scored("a", yes=2, no=0), scales=[scale(bands=levels)])
    found = assess(questions, {"a": "yes"}).score("risk")
    (duty,) = questions.scale("risk").band(found.band).obligations
    assert (duty.id, duty.role, duty.due_days, duty.evidence.value) == ("tell", "officer", 14, "required")
    assert found.lines[0].state is LineState.COUNTED
    with pytest.raises(KeyError):
        questions.scale("gone")


def test_a_pack_says_its_languages_and_english_and_swedish_otherwise():
    assert nested().languages == ("en", "sv")
    words = {"fi": "x"}
    data = {"id": "a", "version": "1.0.0", "title": words, "languages": ["fi"], "sections": [
        {"id": "s", "title": words, "items": [{**item("a", "text"), "text": words}]}
    ]}  # fmt: skip
    assert load_instrument(data).languages == ("fi",)
