"""Advice, dissent, and the answer of the body that decides; conditions become claims."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from trygg.apps.committees import services
from trygg.apps.committees.models import Item
from trygg.apps.committees.selectors import answer_line, public_advices
from trygg.apps.committees.tests.scene import MEETS
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Entry
from trygg.kernel.work.models import Task
from trygg.spine.assurance.models import Claim, Evidence

pytestmark = pytest.mark.full

State = Item.State
DAY = timezone.localdate(MEETS)


def decide(scene, item, **more):
    call = {"answer": "follows", "reasons": "The board follows.", "decided_on": DAY, "minute_reference": "§ 112",
            "taken": [c.pk for c in item.conditions.all()]}  # fmt: skip
    return services.record_decision(actor=scene.officer, now=MEETS, item=item, **call | more)


def test_a_dissent_stands_in_the_members_own_words_and_names_nobody(scene):
    item = scene.counted()
    dissent = services.write_dissent(actor=scene.actor("elsa"), now=MEETS, item=item, text="Nobody asked us.")
    for who in ("ali", "bo"):
        services.join_dissent(actor=scene.actor(who), now=MEETS, dissent=dissent)
    scene.advised(item)
    [advice] = public_advices(scene.officer, scene.matter, today=DAY)
    assert advice.dissents == [("Nobody asked us.", "1 youth member, supported by 1 youth member and 1 member for parents")]


def test_after_the_advice_no_dissent_is_added(scene):
    item = scene.advised()
    with pytest.raises(ValidationError, match="Advice given"):
        services.write_dissent(actor=scene.actor("elsa"), now=MEETS, item=item, text="Too late")


def test_what_was_voted_on_is_what_is_advised(scene):
    item = scene.counted()
    with pytest.raises(ValidationError, match="another proposal"):
        services.give_advice(actor=scene.secretary, now=MEETS, item=item, reasons="x", kind="support")
    advice = scene.advised(item).advice
    assert (advice.kind, advice.snapshot_hash) == ("support_with_conditions", item.snapshot.content_hash)
    assert (advice.charter, advice.charter_version) == (scene.committee.charter, 1)


def test_the_accountable_person_is_asked_to_answer_by_the_agreed_day(scene):
    scene.advised()
    task = Task.objects.get(code="committees.answer_advice")
    assert (task.assignee, task.due_on) == (scene.matter.accountable, DAY + timedelta(days=14))


def test_silence_after_the_agreed_day_is_shown_as_such(scene):
    scene.advised()
    due = DAY + timedelta(days=14)
    [on_the_day] = public_advices(scene.officer, scene.matter, today=due)
    [after] = public_advices(scene.officer, scene.matter, today=due + timedelta(days=1))
    assert (on_the_day.unanswered, after.unanswered) == (False, True)
    assert "No answer yet" in answer_line(after)


def test_conditions_that_are_taken_on_become_claims(scene):
    item = scene.advised()
    decision = decide(scene, item)
    claims = Claim.objects.filter(origin="condition").order_by("order")
    assert [claim.requirement_id for claim in claims] == [f"decision-{decision.pk}-condition-{n}" for n in (1, 2)]
    assert [claim.status for claim in claims] == ["missing", "missing"]
    assert claims[1].text == {"sv": "Läraren ser varje rättning innan barnet ser den."}
    evidence = Evidence.objects.get(kind="decision")
    assert (evidence.title, evidence.content_hash) == ("Barn- och utbildningsnämnden, § 112", decision.content_hash)
    item.refresh_from_db()
    assert item.state == State.ANSWERED
    assert Task.objects.get(code="committees.answer_advice").done_at is not None


def test_in_part_leaves_conditions_out_and_says_so(scene):
    item = scene.advised()
    first = item.conditions.first()
    decide(scene, item, answer="partly", taken=[first.pk], reasons="The second one costs too much.")
    [advice] = public_advices(scene.officer, scene.matter, today=DAY)
    assert [condition.taken_on for condition in advice.conditions] == [True, False]
    assert Claim.objects.filter(origin="condition").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"taken": []}, "taken"),
        ({"answer": "not"}, "taken"),
        ({"answer": "perhaps"}, "answer"),
        ({"reasons": " "}, "reasons"),
        ({"minute_reference": ""}, "minute_reference"),
        ({"decided_on": DAY + timedelta(days=1)}, "decided_on"),
        ({"decided_on": DAY - timedelta(days=1)}, "decided_on"),
        ({"taken": [10_000]}, "taken"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_at_its_field(scene, wrong, field):
    item = scene.advised()
    with pytest.raises(ValidationError) as refused:
        decide(scene, item, **wrong)
    assert list(refused.value.error_dict) == [field]
    assert not Claim.objects.filter(origin="condition").exists()


def test_an_advice_is_answered_once(scene):
    item = scene.advised()
    decide(scene, item)
    with pytest.raises(ValidationError):
        decide(scene, item, answer="not", taken=[])


@pytest.mark.parametrize("who", ["bo", "committee_secretary", "auditor", "outsider", "partner", "viktor"])
def test_only_those_who_answer_for_the_matter_record_the_decision(scene, who):
    item = scene.advised()
    with pytest.raises(Denied):
        services.record_decision(
            actor=scene.actor(who), now=MEETS, item=item, answer="not", reasons="x", decided_on=DAY, minute_reference="§ 1"
        )


def test_the_case_page_shows_advice_answer_and_dissent(scene, page):
    item = scene.counted()
    services.write_dissent(actor=scene.actor("elsa"), now=MEETS, item=item, text="Nobody asked us.")
    decide(scene, scene.advised(item))
    text = page("officer").get(reverse("matters:case", args=[scene.matter.key])).content.decode()
    for words in ("Support with conditions", "follows the advice", "Nobody asked us.", "1 youth member"):
        assert words in text, words


def test_every_step_is_in_the_ledger(scene):
    decide(scene, scene.advised())
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {
        "meetings.meeting_planned", "meetings.item_added", "assurance.snapshot_made", "committees.item_called", "committees.opinions_asked",
        "committees.opinions_opened", "meetings.attendance_noted", "committees.voting_opened", "committees.voting_closed",
        "committees.advice_given", "committees.decision_recorded", "assurance.condition_added",
    } <= actions  # fmt: skip


def test_the_snapshot_does_not_follow_the_living_case(scene, page):
    from trygg.spine.matters.services import edit_matter

    item = scene.called()
    edit_matter(actor=scene.officer, now=MEETS, matter=scene.matter, changes={"summary": "Something quite different."})
    text = page("bo").get(reverse("committees:snapshot", args=[item.pk])).content.decode()
    assert "A reading tutor with AI." in text
    assert "quite different" not in text
    assert page("bo").get(reverse("matters:case", args=[scene.matter.key])).status_code == 404


def test_the_public_page_tells_advice_dissent_and_answer_by_group_in_both_languages(scene):
    from trygg.spine.publication import sections

    item = scene.counted()
    services.write_dissent(actor=scene.actor("elsa"), now=MEETS, item=item, text="Nobody asked us.")
    found, gaps = sections.built(scene.matter, MEETS)
    assert found == []
    assert "Ingen kommitté har gett råd." in [gap["sv"] for gap in gaps]
    item = scene.advised(item)
    decide(scene, item, answer="partly", taken=[item.conditions.first().pk])
    advice, decision = sections.built(scene.matter, MEETS)[0]
    assert advice["lede"] == {"en": "Support with 2 conditions", "sv": "Stöd med 2 villkor"}
    assert advice["child"]["en"] == "A group of children and grown-ups has talked about this. They said yes, if some things get better."
    assert advice["seats"][0] == {"group": {"en": "Children and young people", "sv": "Barn och unga"}, "places": 2, "votes": ["no", "no"]}
    assert advice["quotes"] == [{"text": {"und": "Nobody asked us."}, "by": {"en": "1 youth member", "sv": "1 ungdomsledamot"}}]
    assert (decision["lede"]["sv"], decision["items"][0]["note"]["sv"]) == ("Följer rådet delvis", "antogs inte")
    text = str((advice, decision))
    assert not [name for name in ("Elsa", "Amara", "Bo Ledamot", "come_back") if name in text]


def test_the_public_page_says_that_there_is_no_answer(scene):
    from trygg.spine.publication import sections

    scene.advised()
    decision = sections.built(scene.matter, MEETS + timedelta(days=15))[0][1]
    assert decision["lede"] == {
        "en": "No answer yet. It was due on 13\xa0December\xa02026.",
        "sv": "Inget svar än. Det skulle ha kommit senast 13\xa0december\xa02026.",
    }
