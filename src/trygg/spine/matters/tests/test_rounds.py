"""Which facts are asked first: never more than twelve, and never without an alarm that may be relevant."""

import itertools

import pytest

from trygg.engines.assurance import MatterKind
from trygg.engines.conditions import NOT_APPLICABLE, UNKNOWN
from trygg.packs.catalogue import builtin
from trygg.spine.matters.rounds import ALARMS, FROM_MATTER, MOST, first_round, relevant_alarms

FACTS = [fact for pack in builtin().rules.values() for fact in pack.facts]


def asked(facts, kind=MatterKind.DEPLOYMENT, needed=None):
    declared = [fact for fact in FACTS if kind in fact.applies]
    return [fact.id for fact in first_round(declared, {fact.id for fact in FACTS} - set(facts) if needed is None else needed, facts)]


@pytest.mark.parametrize("kind", list(MatterKind))
def test_the_first_round_asks_of_alarms_and_has_at_most_twelve_questions(kind):
    first = asked({}, kind)
    assert len(first) <= MOST
    assert first[-2:] == ["suspicion_child_harmed", "abuse_material_found"]
    assert not FROM_MATTER & set(first)


def test_alarms_are_left_out_only_where_they_cannot_be_relevant():
    none = {"touches_children": False, "generative": False, "generates_images_or_video": False}
    assert relevant_alarms(none) == set()
    assert relevant_alarms({**none, "touches_children": UNKNOWN}) == {"suspicion_child_harmed", "abuse_material_found"}
    assert relevant_alarms({**none, "generates_images_or_video": UNKNOWN}) == {"abuse_material_found"}


@pytest.mark.parametrize(("suspicion", "follows"), [(True, True), (UNKNOWN, True), (False, False), (NOT_APPLICABLE, False)])
def test_whether_it_was_reported_is_asked_first_of_all_once_there_is_a_suspicion(suspicion, follows):
    round_ = asked({"touches_children": True, "suspicion_child_harmed": suspicion})
    assert (round_[0] == "concern_reported_by_human") is follows
    assert ("concern_reported_by_human" in round_) is follows
    assert len(round_) <= MOST


def test_every_state_of_the_deciding_facts_keeps_to_twelve():
    values = (True, False, UNKNOWN, NOT_APPLICABLE, None)
    for children, suspicion, generative in itertools.product(values, repeat=3):
        given = {"touches_children": children, "suspicion_child_harmed": suspicion, "generative": generative}
        facts = {name: value for name, value in given.items() if value is not None}
        round_ = asked(facts)
        assert len(round_) <= MOST and len(set(round_)) == len(round_)
        assert {name for name in relevant_alarms(facts) if name not in facts} <= set(round_)


def test_nothing_else_is_needed_and_the_alarms_are_still_asked():
    assert set(ALARMS) & set(asked({"touches_children": True}, needed=set())) == {"suspicion_child_harmed", "abuse_material_found"}
