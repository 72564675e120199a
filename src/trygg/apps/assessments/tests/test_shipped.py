"""The questions that come with Trygg, as they are offered and shown."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.world import NOW, SYSTEM
from trygg.apps.assessments.matrix import picture
from trygg.apps.assessments.selectors import packs_to_start
from trygg.apps.assessments.services import start_assessment
from trygg.packs.catalogue import builtin
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services
from trygg.spine.matters.services import FactAnswer, FactState

pytestmark = pytest.mark.full

SCREENING, IMPACT = "child-rights-screening", "child-rights-impact-assessment"


@pytest.fixture
def matter_of(people):
    publish_packs(actor=SYSTEM, now=NOW, packs=builtin().packs)

    def make(kind, known=True):
        new = {} if kind == "plan" else {"new_system": {"name": "Ordstigen", "version": "1"}}
        facts = {"touches_children": FactAnswer(FactState.VALUE, True)} if known else {}
        officer = people.actor("officer")
        return services.create_matter(actor=officer, now=NOW, owner=people.board, kind=kind, title="Skolväg", **new, facts=facts)

    return make


@pytest.mark.parametrize("language", ["en", "sv"])
def test_what_a_claim_asks_for_stands_first_and_each_says_what_it_is(matter_of, people, sign_in, language):
    matter = matter_of("deployment")
    client = sign_in(people.actor("officer"))
    client.cookies["django_language"] = language
    with translation.override(language):
        packs = packs_to_start(people.actor("officer"), matter)
        titles = [pack.title[language] for pack in packs]
        page = client.get(reverse("assessments:start", args=[matter.key]), headers={"accept-language": language}).content.decode()
    assert packs[0].pack_id == SCREENING and [pack.asked_for for pack in packs].count(True) == 1
    assert titles[1:] == sorted(titles[1:], key=str.casefold) and len(titles) == len(builtin().instruments)
    first = page.index(f'value="{packs[0].pk}"')
    assert "checked" in page[first : first + 200] and page.count("checked") == 1
    assert page.count("govuk-radios__hint") == len(packs)
    assert all(len(pack.summary[each]) <= 300 for pack in packs for each in ("en", "sv"))


def test_a_plan_is_not_offered_what_is_meant_for_systems_and_nothing_is_chosen_for_it(matter_of, people, sign_in):
    matter = matter_of("plan")
    offered = {pack.pack_id for pack in packs_to_start(people.actor("officer"), matter)}
    assert {IMPACT, "best-interests-assessment", "collaboration-readiness"} <= offered
    assert not {SCREENING, "bias-by-stage"} & offered
    page = sign_in(people.actor("officer")).get(reverse("assessments:start", args=[matter.key])).content.decode()
    assert "checked" not in page


def test_the_case_page_names_what_a_claim_asks_for_and_leads_to_the_rest(matter_of, people, sign_in):
    page = sign_in(people.actor("officer")).get(reverse("matters:case", args=[matter_of("deployment").key])).content.decode()
    assert "Begin “Child-rights screening”" in page and "Begin “Bias" not in page
    assert "Begin other questions" in page


def test_before_any_fact_is_known_the_screening_is_the_likely_one(matter_of, people):
    packs = packs_to_start(people.actor("officer"), matter_of("deployment", known=False))
    assert [pack.pack_id for pack in packs if pack.asked_for] == [SCREENING]


def test_what_was_begun_is_not_offered_again(matter_of, people):
    matter, officer = matter_of("deployment"), people.actor("officer")
    bias = next(pack for pack in packs_to_start(officer, matter) if pack.pack_id == "bias-by-stage")
    start_assessment(actor=officer, now=NOW, matter=matter, pack=bias, depth="full")
    assert "bias-by-stage" not in {pack.pack_id for pack in packs_to_start(officer, matter)}


def test_the_picture_follows_how_grave_it_is_not_how_many_it_concerns():
    item = builtin().instruments[IMPACT].items["harm_matrix"]
    wide = ["r31/all_affected/severity=annoyance", "r31/all_affected/reach=everyone", "r31/all_affected/reversibility=never"]
    with translation.override("en"):
        assert picture(item, wide).sentence.startswith("Nothing stands at the highest level.")
        deep = picture(item, [*wide, "r19/in_care/severity=grave", "r19/in_care/reach=one"])
    assert "for Children placed in care: Changes a life." in deep.sentence
    assert [cell.step for line in deep.lines for cell in line.cells if cell.worst] == [3, 1]
