"""A plan is asked about the plan, a system about the system, and each claim that is not asked says why."""

import pytest
from django.utils import translation

from tests.world import NOW, SYSTEM
from trygg.packs.catalogue import builtin
from trygg.spine.assurance.selectors import case_view, instruments_asked_for
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services
from trygg.spine.matters.models import FactState
from trygg.spine.matters.services import FactAnswer

pytestmark = [pytest.mark.django_db, pytest.mark.full]
QUESTIONS = {
    "en": ("What kind of matter is it?", "A plan, policy, budget or other decision", "A system that we use"),
    "sv": ("Vilket slags ärende är det?", "En plan, policy, budget eller annat beslut", "Ett system som vi använder"),
}


@pytest.fixture
def matter_of(people):
    publish_packs(actor=SYSTEM, now=NOW, packs=builtin().packs)

    def make(kind):
        facts = {"touches_children": True, "near_child_protection": False, "child_contact": "indirect", "setting": "leisure"}
        facts["shares_data_between_bodies"] = False
        new = {} if kind == "plan" else {"new_system": {"name": "Ordstigen", "version": "1"}}
        return services.create_matter(
            actor=people.actor("officer"), now=NOW, owner=people.board, kind=kind, title="Skolväg", **new,
            facts={name: FactAnswer(FactState.VALUE, value) for name, value in facts.items()},
        )  # fmt: skip

    return make


@pytest.mark.parametrize("language", QUESTIONS)
@pytest.mark.parametrize("kind", ["plan", "deployment"])
def test_claims_about_another_kind_are_not_asked_and_say_why(kind, language, matter_of, people):
    matter = matter_of(kind)
    with translation.override(language):
        view = case_view(people.actor("officer"), matter)
    question, plan, system = QUESTIONS[language]
    because = f"{question} {plan if kind == 'plan' else system}"
    other = [claim for claim in view.not_required if any(because in reason.text for reason in claim.reasons)]
    assert len(other) == (27 if kind == "plan" else 7)
    assert all(claim.reasons for claim in view.not_required)
    assert len(view.claims) == 5 if kind == "plan" else len(view.claims) >= 8, view.depth


@pytest.mark.parametrize("kind", ["plan", "deployment"])
def test_the_words_are_about_the_matter(kind, matter_of, people):
    asked = " ".join(claim.title for claim in case_view(people.actor("officer"), matter_of(kind)).claims)
    assert ("the system" in asked) is (kind != "plan")
    assert ("by the plan" in asked) is (kind == "plan")


def test_a_plan_is_not_offered_the_questions_about_a_system(matter_of, people):
    system, plan = instruments_asked_for(matter_of("deployment")), instruments_asked_for(matter_of("plan"))
    assert max(system, key=system.get) == "child-rights-screening" and "child-rights-screening" not in plan
    assert "best-interests-assessment" in plan and "bias-by-stage" not in plan


def test_an_alarm_that_nobody_can_answer_is_said(matter_of, people):
    officer = people.actor("officer")
    matter = matter_of("plan")
    view = case_view(officer, matter)
    assert {"suspicion_child_harmed", "abuse_material_found"} <= {name for name, _question in view.needed}
    assert not any("concern" in line.title for line in view.cannot_tell)
    services.answer_facts(actor=officer, now=NOW, matter=matter, answers={"suspicion_child_harmed": FactAnswer(FactState.UNKNOWN)})
    view = case_view(officer, matter)
    assert any("concern for a child" in line.title for line in view.cannot_tell)


def test_what_follows_from_the_matter_is_not_asked(matter_of, people, signed_in, clock):
    client = signed_in(people.actor("officer"))
    page = client.get(f"/matters/{matter_of('plan').key}/facts/?show=all").content.decode()
    assert "What kind of matter is it?" not in page and "Whose law applies?" not in page
    assert "Does anyone suspect that a child is being harmed?" in page
