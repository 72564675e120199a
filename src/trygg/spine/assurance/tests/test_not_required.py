"""Every claim that is not asked says why, from what decided it: the depth, a fact, the kind of matter, where the children are."""

import pytest
from django.utils import translation

from tests.world import NOW, SYSTEM
from trygg.kernel.ledger import unit_of_work
from trygg.packs.catalogue import builtin
from trygg.spine.assurance.models import Claim
from trygg.spine.assurance.recompute import recompute
from trygg.spine.assurance.selectors import case_view, requirement_of
from trygg.spine.assurance.wording import reason_text
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services
from trygg.spine.matters.services import FactAnswer, FactState

pytestmark = pytest.mark.full

LIGHT = {
    "touches_children": True, "setting": "leisure", "near_child_protection": False, "emotion_or_biometric": False,
    "affects_individual_decision": False, "personal_data": False, "generative": False, "child_contact": "indirect",
    "infers_emotion_from_biometrics": False, "infers_mood_from_text": False, "predicts_crime_from_profile_only": False,
    "exploits_age_weakness": False, "annex_iii": False, "generates_images_or_video": False, "generates_audio": False,
    "made_for_abuse_material": False, "shares_data_between_bodies": False, "generates_content": False, "interacts_with_people": False,
}  # fmt: skip
FULL = LIGHT | {"setting": "police"}
PLAN = {"touches_children": True, "setting": "leisure", "near_child_protection": False, "child_contact": "indirect"}
NOBODY = {"touches_children": False}


@pytest.fixture
def matter_of(people):
    publish_packs(actor=SYSTEM, now=NOW, packs=[pack for pack in builtin().packs if pack.kind in ("rules", "framework", "instrument")])

    def make(kind, facts):
        new = {} if kind == "plan" else {"new_system": {"name": "Ordstigen", "version": "1"}}
        given = {name: FactAnswer(FactState.VALUE, value) for name, value in facts.items()}
        officer = people.actor("officer")
        return services.create_matter(actor=officer, now=NOW, owner=people.board, kind=kind, title="Skolväg", **new, facts=given)

    return make


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize(("kind", "facts"), [("deployment", LIGHT), ("deployment", FULL), ("exposure", LIGHT), ("plan", PLAN)])
def test_every_claim_is_asked_or_says_what_decided(matter_of, people, kind, facts, language):
    matter = matter_of(kind, facts)
    with translation.override(language):
        view = case_view(people.actor("officer"), matter)
        answered = {"en": "Why:", "sv": "Därför:"}
        for claim in Claim.objects.filter(case__matter=matter, status="not_required").select_related("pack"):
            assert len(claim.reasons) == 1, claim.requirement_id
            reason = claim.reasons[0]
            shown = next(each for each in view.not_required if each.id == f"claim-{claim.pk}")
            said = shown.reasons[0].text
            _framework, requirement = requirement_of(claim)
            if reason["code"] == "below_depth":
                assert reason["params"] == {"depth": matter.case.depth, "asked_from": requirement.depth.value}
                assert said and said != reason["code"] and len(said) > 20
            else:
                assert reason["code"] == "does_not_apply" and reason["params"]["because"], claim.requirement_id
                assert len(said) > len({"en": "It does not apply here.", "sv": "Det gäller inte här."}[language]) + len(answered[language])
    framework = builtin().frameworks["child-rights-and-ai"]
    assert len(view.claims) + len(view.not_required) == len(framework.requirements)


def test_a_light_review_of_a_system_asks_eight_claims_and_no_more_than_before(matter_of, people):
    """The alternatives make nothing heavier: the screening alone still answers all of a light case."""
    view = case_view(people.actor("officer"), matter_of("deployment", LIGHT))
    assert len(view.claims) == 8 and {each.next.text for each in view.claims} == {"Begin the questions"}
    assert {each.next.url.partition("?")[2] for each in view.claims} == {"instrument=child-rights-screening"}


def test_where_the_framework_does_not_apply_nothing_is_asked_and_the_fact_is_named(matter_of, people):
    matter = matter_of("deployment", LIGHT)
    services.answer_facts(
        actor=people.actor("officer"), now=NOW, matter=matter, answers={"touches_children": FactAnswer(FactState.VALUE, False)}
    )
    view = case_view(people.actor("officer"), type(matter).objects.get(pk=matter.pk))
    assert not view.claims and view.not_required
    assert all("No" in each.reasons[0].text and "does not apply" in each.reasons[0].text for each in view.not_required)


def test_a_claim_that_the_newest_version_no_longer_has_says_so(matter_of):
    matter = matter_of("deployment", LIGHT)
    old = PackVersion.objects.get(pack_id="child-rights-and-ai")
    smaller = dict(old.content) | {"requirements": old.content["requirements"][1:], "version": "9.0.0"}
    PackVersion.objects.filter(pk=old.pk).update(current=False)
    PackVersion.objects.create(
        kind="framework", pack_id=old.pack_id, version="9.0.0", title=old.title, content=smaller, content_hash="f" * 64, published_at=NOW
    )
    with unit_of_work(actor=SYSTEM, now=NOW) as work:
        recompute(work, [matter.pk])
    gone = Claim.objects.get(case__matter=matter, requirement_id=old.content["requirements"][0]["id"])
    assert gone.status == "not_required" and gone.reasons == [{"code": "no_longer_asked", "params": {}}]
    with translation.override("en"):
        assert "does not ask for it any more" in reason_text(gone.reasons[0], {}, {})


def test_the_ways_to_meet_a_claim_are_named_with_the_titles_of_the_questions(matter_of):
    matter = matter_of("deployment", LIGHT)
    claim = Claim.objects.get(case__matter=matter, requirement_id="groups-examined")
    assert claim.reasons[0]["code"] == "none_of"
    for language, title in (("en", "Child-rights screening"), ("sv", "Barnrättsbedömning av AI")):
        with translation.override(language):
            assert f"«{title}»" in reason_text(claim.reasons[0], {}, {})
