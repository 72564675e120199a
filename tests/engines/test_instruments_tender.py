"""What a buyer asks and writes into the contract: it follows the questions that are asked and what was answered, and never guesses."""

import pytest

from tests.engines.questionnaires import item, pack, t
from trygg.engines.depth import Depth
from trygg.engines.instruments import load_instrument, visibility
from trygg.engines.instruments.surveyjs import Options, read_survey, write_survey
from trygg.engines.instruments.tender import filled, has_tender, parts_of, placeholders_in, selection
from trygg.engines.instruments.workbook_packs import pack_from_workbook, pack_to_workbook
from trygg.packs.catalogue import read_builtin
from trygg.packs.check import check_packs
from trygg.packs.loader import pack_from_data

SUPPORT = {"refs": [{"kind": "gdpr", "id": "28"}], "source": "S", "verified": "no"}


def asked(name, **more):
    return {"id": name, "weight": "must", "question": t("Which?"), "evidence": t("A list."), **SUPPORT, **more}


def clause(name, **more):
    return {"id": name, "title": t("Deletion"), "text": t("{buyer} decides."), **SUPPORT, **more}


def made(*items):
    return pack(*items)


def problems(data):
    return [(each.path, each.code) for each in check_packs([pack_from_data(data, "made.yaml")])]


def chosen(data, answers=None, depth=Depth.FULL):
    found = selection(data, visibility(load_instrument(data), answers or {}, depth))
    names = [each.thing.id for each in found.questions], [each.thing.id for each in found.clauses]
    return *names, (found.deeper, found.ruled_out, found.waiting)


KIND = item("kind", choices=[{"id": each, "label": t(each)} for each in ("talks", "staff")])
TALKS = {"item": "kind", "is": "talks"}


def buying():
    return made(
        {**KIND, "tender": [asked("always")]},
        {**item("deep", "text", depth="full"), "clauses": [clause("deep_one")]},
        {**item("follow", "text", visible_when=TALKS), "tender": [asked("follows", weight="should")]},
        {**item("terms", "text"), "clauses": [clause("plain"), clause("talk", when=TALKS)]},
    )  # fmt: skip


def test_what_hangs_on_a_question_comes_with_it():
    data = buying()
    assert problems(data) == []
    assert has_tender(data)
    assert chosen(data, {"kind": "talks"}) == (["always", "follows"], ["deep_one", "plain", "talk"], (0, 0, 0))


def test_what_answers_rule_out_and_what_lies_deeper_is_left_out_and_counted():
    assert chosen(buying(), {"kind": "staff"}, Depth.LIGHT) == (["always"], ["plain"], (1, 2, 0))


def test_not_knowing_leaves_nothing_out_and_says_which_answer_is_missing():
    data = buying()
    assert chosen(data) == (["always"], ["deep_one", "plain", "talk"], (0, 0, 1))
    found = selection(data, visibility(load_instrument(data), {}, Depth.FULL))
    assert [each.open_items for each in found.clauses] == [(), (), ("kind",)]
    unknown = selection(data, visibility(load_instrument(data), {"kind": {"state": "unknown"}}, Depth.FULL))
    assert "talk" in [each.thing.id for each in unknown.clauses]


def test_an_instrument_without_any_has_none():
    data = made(KIND)
    assert not has_tender(data)
    assert parts_of(data) == ((), ())
    assert chosen(data) == ([], [], (0, 0, 0))


def test_placeholders_are_filled_and_nothing_else_is_touched():
    text = "{buyer} stops {system}, [amount] stays"
    assert placeholders_in(text) == ["buyer", "system"]
    assert (
        filled(text, {"buyer": "{system} & <b>", "system": "Läslus"}) == "{system} & <b> stops Läslus, [amount] stays"
    )
    with pytest.raises(KeyError, match="buyer"):
        filled(text, {"system": "Läslus"})


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        (made({**KIND, "tender": [asked("a"), asked("a")]}), "sections[0].items[0].tender[1].id", "duplicate"),
        (made({**KIND, "tender": [asked("a", source="GONE")]}), "sections[0].items[0].tender[0].source", "unknown_source"),
        (made({**KIND, "tender": [asked("a", weight="may")]}), "sections[0].items[0].tender[0].weight", "not_allowed"),
        (made({**KIND, "tender": [asked("a", colour=1)]}), "sections[0].items[0].tender[0].colour", "unknown_word"),
        (made({**KIND, "clauses": [clause("a", when={"item": "gone", "is": "x"})]}), "sections[0].items[0].clauses[0].when", "unknown_item"),
        (made({**KIND, "clauses": [clause("a", when={"fact": "kind", "is": "x"})]}), "sections[0].items[0].clauses[0].when", "condition_wrong_subject"),
        (made({**KIND, "clauses": [clause("a", text=t("{owner} decides"))]}), "sections[0].items[0].clauses[0].text.en", "unknown_placeholder"),
        (made({**KIND, "clauses": [{k: v for k, v in clause("a").items() if k != "verified"}]}), "sections[0].items[0].clauses[0].verified", "missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(data, path, code):
    assert (path, code) in problems(data)


def test_a_repeated_section_carries_none():
    data = made({**KIND, "clauses": [clause("a")]})
    data["sections"][0]["repeat"] = {"of": t("Use")}
    assert ("sections[0].items[0].clauses", "no_meaning") in problems(data)


def test_the_same_id_may_stand_once_as_question_and_once_as_clause():
    assert problems(made({**KIND, "tender": [asked("stop")], "clauses": [clause("stop")]})) == []


@pytest.mark.parametrize("data", [buying(), *[each.data for each in read_builtin() if each.id == "ai-procurement"]])
def test_a_workbook_and_a_survey_carry_all_of_it(data):
    again, wrong = pack_from_workbook(pack_to_workbook(data))
    assert wrong == []
    assert again == data
    back = read_survey(write_survey(data).survey, Options(file="made.json")).data
    assert parts_of(back) == parts_of(data)
