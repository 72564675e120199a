"""The pack about buying: what a demand is worth to children stands in a question, a tender question or a clause, with its source."""

import pytest

from trygg.engines.depth import Depth
from trygg.engines.instruments import visibility
from trygg.engines.instruments.tender import has_tender, parts_of, selection
from trygg.packs.catalogue import Catalogue, read_builtin

PACKS = read_builtin()
BUYING = next(pack for pack in PACKS if pack.id == "ai-procurement")
INSTRUMENT = Catalogue(PACKS).instruments["ai-procurement"]
QUESTIONS, CLAUSES = parts_of(BUYING.data)
ALL = [*QUESTIONS, *CLAUSES]
PLACEHOLDER_WORDS = ("{buyer}", "{system}", "{reference}")
WEIGHED_ONLY = {
    "stage",
    "own_rules",
    "price_weight",
    "lawyer",
}  # about the buyer's own work: nothing to ask of a supplier


def chosen(depth=Depth.FULL, **answers):
    found = selection(BUYING.data, visibility(INSTRUMENT, answers, depth))
    return {each.thing.id for each in found.questions}, {each.thing.id for each in found.clauses}


def test_every_demand_that_can_fail_leads_to_something_for_the_supplier():
    carried = {thing.item for thing in ALL}
    demands = {name for name, item in INSTRUMENT.items.items() if any(choice.points for choice in item.choices)}
    assert demands - carried == WEIGHED_ONLY


@pytest.mark.parametrize("thing", ALL, ids=lambda thing: f"{type(thing).__name__}-{thing.id}")
def test_each_text_stands_in_both_languages_with_references_and_the_same_names_to_fill_in(thing):
    texts = [thing.question, thing.evidence] if hasattr(thing, "question") else [thing.title, thing.text]
    assert thing.support.refs and thing.support.verified in ("yes", "partly", "no")
    for text in texts:
        assert set(text) == {"en", "sv"} and text["en"] != text["sv"]
        assert [word in text["en"] for word in PLACEHOLDER_WORDS] == [word in text["sv"] for word in PLACEHOLDER_WORDS]


def test_a_clause_is_never_surer_than_its_source():
    sources = BUYING.data["sources"]
    order = ("no", "partly", "yes")
    for thing in ALL:
        support = thing.support
        assert order.index(support.verified) <= order.index(str(sources[support.source]["verified"])), thing.id


def test_procurement_law_was_not_read_and_nothing_says_that_it_was():
    assert {BUYING.data["sources"][name]["verified"] for name in ("SE-LOU", "UK-PA")} == {"no"}
    resting = [item for item in INSTRUMENT.items.values() if item.source in ("SE-LOU", "UK-PA")]
    assert resting and all(item.verified == "no" for item in resting)
    assert not [thing for thing in ALL if thing.support.source in ("SE-LOU", "UK-PA")]


def test_no_clause_can_be_taken_for_settled_law():
    assert not [clause.id for clause in CLAUSES if clause.support.verified == "yes"]


def test_what_the_system_does_decides():
    talks, staff = chosen(scope=["talks"]), chosen(scope=["staff"])
    assert {"danger", "told_ai"} <= talks[1] and not {"danger", "told_ai"} & staff[1]
    assert {"pictures_safe"} <= chosen(scope=["pictures"])[1] and "pictures_safe" not in talks[1]
    assert "no_score_alone" in chosen(scope=["scores"])[1] and "no_score_alone" not in staff[1]
    assert chosen(scope=["not_known"])[1] >= talks[1]
    assert "ai_act" not in chosen(ai_class="not_eu")[1] and "ai_act" in chosen(ai_class="settled")[1]


def test_the_lightest_purchase_still_demands_what_must_never_be_bought_away():
    questions, clauses = chosen(Depth.LIGHT, scope=["staff"])
    assert {
        "instructions_only",
        "no_training",
        "deletion",
        "defaults",
        "no_commerce",
        "stop",
        "logs",
        "changes",
    } <= clauses
    assert {"processor", "training", "deletion", "groups", "stop"} <= questions


def test_only_questionnaires_about_a_purchase_carry_any():
    assert [pack.id for pack in PACKS if pack.kind == "instrument" and has_tender(pack.data)] == ["ai-procurement"]
