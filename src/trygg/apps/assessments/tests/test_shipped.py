"""The questions that come with Trygg, as they are offered and shown."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from tests.world import NOW, SYSTEM
from trygg.apps.assessments.offering import ASKED, ELSEWHERE, grouped, offers
from trygg.apps.assessments.services import start_assessment
from trygg.kernel.people.models import Organisation
from trygg.packs.catalogue import builtin
from trygg.spine.assurance.selectors import case_view
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services
from trygg.spine.matters.services import FactAnswer, FactState

pytestmark = pytest.mark.full

ASKING = ("rules", "framework", "instrument")
SCREENING, IMPACT = "child-rights-screening", "child-rights-impact-assessment"


@pytest.fixture
def matter_of(people):
    publish_packs(actor=SYSTEM, now=NOW, packs=[pack for pack in builtin().packs if pack.kind in ASKING])

    def make(kind, known=True, jurisdiction="SE"):
        Organisation.objects.filter(pk=people.board.pk).update(jurisdiction=jurisdiction)
        people.board.refresh_from_db()
        new = {} if kind == "plan" else {"new_system": {"name": "Ordstigen", "version": "1"}}
        given = known if isinstance(known, dict) else {"touches_children": True} if known else {}
        facts = {name: FactAnswer(FactState.VALUE, value) for name, value in given.items()}
        officer = people.actor("officer")
        return services.create_matter(actor=officer, now=NOW, owner=people.board, kind=kind, title="Skolväg", **new, facts=facts)

    return make


KNOWN = {
    "touches_children": True, "setting": "school", "near_child_protection": False, "emotion_or_biometric": False,
    "affects_individual_decision": False, "personal_data": False, "generative": False, "child_contact": "indirect",
    "infers_emotion_from_biometrics": False, "infers_mood_from_text": False, "predicts_crime_from_profile_only": False,
    "exploits_age_weakness": False, "annex_iii": False, "generates_images_or_video": False, "generates_audio": False,
    "made_for_abuse_material": False, "shares_data_between_bodies": False,
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "sv"])
def test_what_claims_lead_to_stands_first_then_what_fits_by_purpose_and_the_rest_is_closed(matter_of, people, sign_in, language):
    matter = matter_of("deployment")
    client = sign_in(people.actor("officer"))
    client.cookies["django_language"] = language
    with translation.override(language):
        found = offers(people.actor("officer"), matter)
        groups = [(str(heading), [offer.pack.pack_id for offer in each]) for heading, each in grouped(found)]
        page = client.get(reverse("assessments:start", args=[matter.key]), headers={"accept-language": language}).content.decode()
        asked, elsewhere = str(ASKED), str(ELSEWHERE)
    assert groups[0][0] == asked and groups[0][1][0] == SCREENING
    assert groups[-1][0] == elsewhere and {"ico-childrens-code", "schools-england"} <= set(groups[-1][1])
    assert len(groups) == len({heading for heading, _packs in groups}) and sum(len(packs) for _heading, packs in groups) == len(found)
    assert len(found) == len(builtin().instruments)
    first = page.index(f'value="{found[0].pack.pk}"')
    assert "checked" in page[first : first + 200] and page.count("checked") == 1
    closed = page.index("t-offers__elsewhere")
    reason = {"en": "Made for: United Kingdom. Here: Sweden.", "sv": "Gjort för: Storbritannien. Här: Sverige."}[language]
    assert "open" not in page[closed : closed + 40] and reason in page[closed:] and reason not in page[:closed]
    assert page.count("govuk-radios__hint") == len(found)


@pytest.mark.parametrize(
    ("jurisdiction", "setting", "elsewhere"),
    [
        ("SE", "school", {"ico-childrens-code", "schools-england"}),
        ("EU", "school", {"ico-childrens-code", "schools-england", "best-interests-assessment"}),
        ("UK", "school", {"eu-ai-act-deployer", "gdpr-dpia", "best-interests-assessment"}),
        ("UK", "leisure", {"eu-ai-act-deployer", "gdpr-dpia", "best-interests-assessment", "schools-england"}),
        ("UK", None, {"eu-ai-act-deployer", "gdpr-dpia", "best-interests-assessment"}),
    ],
)
def test_where_the_children_are_decides_what_questions_are_made_for_and_not_knowing_rules_nothing_out(
    matter_of, people, jurisdiction, setting, elsewhere
):
    known = KNOWN | {"setting": setting}
    matter = matter_of("deployment", known={name: value for name, value in known.items() if value is not None}, jurisdiction=jurisdiction)
    found = {offer.pack.pack_id: offer for offer in offers(people.actor("officer"), matter)}
    placed = {"ico-childrens-code", "schools-england", "eu-ai-act-deployer", "gdpr-dpia", "best-interests-assessment"}
    assert {name for name, offer in found.items() if offer.elsewhere} & (placed | {SCREENING, IMPACT, "bias-by-stage"}) == elsewhere
    for name in elsewhere:
        assert found[name].elsewhere.startswith("Made for: ") and "Here: " in found[name].elsewhere
        assert not found[name].asked_for


def test_what_is_made_for_elsewhere_can_be_begun_all_the_same(matter_of, people, sign_in):
    matter = matter_of("deployment")
    code = PackVersion.objects.get(pack_id="ico-childrens-code", current=True)
    client = sign_in(people.actor("officer"))
    path = reverse("assessments:start", args=[matter.key])
    shown = client.get(f"{path}?instrument=ico-childrens-code").content.decode()
    closed = shown.index("t-offers__elsewhere")
    assert "open" in shown[closed : closed + 40]  # what was asked for by its address is seen
    once = re.search(r'name="once" value="([^"]+)"', shown)
    sent = client.post(path, {"pack": code.pk} | ({"once": once[1]} if once else {}))
    assert sent.status_code == 302 and matter.assessments.get().instrument_id == "ico-childrens-code"


def test_a_plan_is_not_offered_what_is_meant_for_systems_among_what_fits(matter_of, people, sign_in):
    matter = matter_of("plan")
    found = {offer.pack.pack_id: offer for offer in offers(people.actor("officer"), matter)}
    assert not any(found[name].elsewhere for name in (IMPACT, "best-interests-assessment", "collaboration-readiness"))
    assert found[SCREENING].elsewhere.startswith("Made for: ") and found[SCREENING].elsewhere.endswith("Here: A plan or decision.")
    assert found["bias-by-stage"].elsewhere and not found[SCREENING].asked_for


def test_at_light_depth_only_the_screening_is_asked_for(matter_of, people):
    found = offers(people.actor("officer"), matter_of("deployment", known=KNOWN))
    assert [offer.pack.pack_id for offer in found if offer.asked_for] == [SCREENING]


def test_deeper_the_claims_lead_to_the_impact_assessment_and_to_the_data_protection_one_where_it_is_law(matter_of, people):
    officer = people.actor("officer")
    deep = KNOWN | {"personal_data": True}
    asked = {
        place: [offer.pack.pack_id for offer in offers(officer, matter_of("deployment", known=deep, jurisdiction=place)) if offer.asked_for]
        for place in ("SE", "UK")
    }
    assert asked["SE"][0] == asked["UK"][0] == SCREENING
    assert {IMPACT, "gdpr-dpia", "best-interests-assessment", "bias-by-stage"} <= set(asked["SE"])
    assert IMPACT in asked["UK"] and not {"gdpr-dpia", "best-interests-assessment"} & set(asked["UK"])


def test_the_next_step_of_a_claim_leads_to_the_right_questions_and_to_those_that_are_begun(matter_of, people):
    officer = people.actor("officer")
    matter = matter_of("deployment", known=KNOWN | {"personal_data": True})

    def step(requirement):
        view = case_view(officer, type(matter).objects.select_related("case").get(pk=matter.pk))
        claim = matter.case.claims.get(requirement_id=requirement)
        return next(each.next.url for each in view.claims if each.id == f"claim-{claim.pk}")

    assert step("dpia-sees-children").endswith("?instrument=gdpr-dpia")
    assert step("children-heard").endswith(f"?instrument={IMPACT}")
    assert step("danger-acted-on").endswith(f"?instrument={SCREENING}")
    screening = PackVersion.objects.get(pack_id=SCREENING, current=True)
    made = start_assessment(actor=officer, now=NOW, matter=matter, pack=screening, depth="standard")
    assert step("children-heard") == reverse("assessments:overview", args=[made.pk])
    assert step("dpia-sees-children") == reverse("assessments:overview", args=[made.pk])


def test_the_case_page_names_one_thing_to_begin_with_and_leads_to_the_rest(matter_of, people, sign_in):
    page = sign_in(people.actor("officer")).get(reverse("matters:case", args=[matter_of("deployment").key])).content.decode()
    assert "Begin “Child-rights screening”" in page and "Begin “Bias" not in page
    assert "Begin other questions" in page


def test_before_any_fact_is_known_the_screening_is_the_likely_one(matter_of, people):
    found = offers(people.actor("officer"), matter_of("deployment", known=False))
    assert found[0].pack.pack_id == SCREENING and found[0].asked_for


def test_what_was_begun_is_not_offered_again(matter_of, people):
    matter, officer = matter_of("deployment"), people.actor("officer")
    bias = next(offer.pack for offer in offers(officer, matter) if offer.pack.pack_id == "bias-by-stage")
    start_assessment(actor=officer, now=NOW, matter=matter, pack=bias, depth="full")
    assert "bias-by-stage" not in {offer.pack.pack_id for offer in offers(officer, matter)}
