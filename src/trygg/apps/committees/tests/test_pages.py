"""Pages: the walk from a call to the answer, who may open what, bad input with the text kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from trygg.apps.committees import services
from trygg.apps.committees.models import Advice, Committee, Condition, Decision, Dissent, Interest, Item
from trygg.apps.committees.tests.scene import GROUPS, MEETS
from trygg.spine.meetings.models import Action, Meeting

pytestmark = pytest.mark.full


def url(name, *args):
    return reverse(f"committees:{name}", args=args)


def day(value, name):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def conditions(*texts):
    data = {"conditions-TOTAL_FORMS": 3, "conditions-INITIAL_FORMS": 3, "conditions-MIN_NUM_FORMS": 0, "conditions-MAX_NUM_FORMS": 1000}
    return data | {f"conditions-{n}-text": text for n, text in enumerate(texts)}


def ways():
    return {"ways-TOTAL_FORMS": 3, "ways-INITIAL_FORMS": 3, "ways-MIN_NUM_FORMS": 0, "ways-MAX_NUM_FORMS": 3, "ways-0-name": "Now"}


def test_the_walk_from_a_call_to_the_answer(scene, page):
    secretary, officer = page("committee_secretary"), page("officer")
    when = MEETS + timedelta(hours=2)
    answer = secretary.post(url("plan", "etiska-radet"), {**day(when, "day"), "time": "15:00", "place": "Rum Granen"})
    meeting = Meeting.objects.latest("pk")
    assert answer.url == url("meeting", meeting.pk)
    secretary.post(url("call_item", meeting.pk), {"matter": scene.matter.pk, "title": "May it be used?"})
    item = Item.objects.latest("pk")
    secretary.post(url("ask_opinions", item.pk))
    for who in GROUPS:
        assert page(who).post(url("opinion", item.pk), {"opinion": "support", "reason": "Helps"}).status_code == 302
    assert "side by side" in page("bo").get(url("item", item.pk)).content.decode()
    secretary.post(url("open_meeting", meeting.pk))
    secretary.post(url("attendance", meeting.pk), {"present": [scene.members[who].pk for who in GROUPS]})
    secretary.post(url("notes", item.pk), {"notes": "For: it helps. Against: nobody knows the gap."})
    proposal = {"kind": "support_with_conditions", "proposal": "Go on in two schools."}
    secretary.post(url("propose", item.pk), proposal | conditions("Measure the gap.", "", "Teachers see each correction."))
    for who in GROUPS:
        page(who).post(url("vote", item.pk), {"ballot": "no" if who == "elsa" else "yes"})
    secretary.post(url("close_voting", item.pk))
    page("elsa").post(url("dissent", item.pk), {"text": "Nobody asked us."})
    dissent = item.dissents.get()
    page("ali").post(url("join_dissent", dissent.pk))
    secretary.post(url("advise", item.pk), {"reasons": "It helps."} | ways())
    assert Advice.objects.get(item=item).kind == "support_with_conditions"
    text = officer.get(url("item", item.pk)).content.decode()
    assert "support with 2 conditions" in text
    assert "Answer the advice" in text
    taken = [c.pk for c in item.conditions.all()]
    decision = {"answer": "follows", "taken": taken, "reasons": "We follow.", "minute_reference": "§ 9", **day(MEETS, "decided_on")}
    assert officer.post(url("decision", item.pk), decision).status_code == 302
    assert Decision.objects.get().advice.item == item
    text = page("bo").get(url("item", item.pk)).content.decode()
    for words in ("We follow.", "Is a claim of the case", "Nobody asked us.", "1 youth member, supported by 1 youth member"):
        assert words in text, words


STATES = ("called", "asked", "discussed", "proposed", "counted", "advised")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_each_state_has_a_page_for_each_who_may_see_it(scene, page, state, language):
    item = getattr(scene, state)()
    for who in ("elsa", "bo", "committee_secretary", "officer", "administrator", "contributor", "auditor", "safeguarding_lead"):
        answer = page(who).get(url("item", item.pk), headers={"accept-language": language})
        assert answer.status_code == 200, who
        text = answer.content.decode()
        assert text.count("<h1") == 1
        assert text.count('class="govuk-button"') <= 1 + text.count("govuk-button--secondary"), f"{who} has more than one filled button"
    for who in ("outsider", "partner", "viktor", "analyst", "data_steward", "gustav"):
        assert page(who).get(url("item", item.pk)).status_code == 404, who


def test_other_pages_open_for_whom_they_are_for(scene, page):
    item = scene.advised()
    allowed = {
        url("list"): {"bo", "committee_secretary", "officer", "auditor", "outsider", "viktor"},
        url("committee", "etiska-radet"): {"bo", "committee_secretary", "officer", "auditor"},
        url("meeting", scene.meeting.pk): {"bo", "committee_secretary", "officer", "auditor"},
        url("charter", "etiska-radet"): {"committee_secretary"},
        url("fill_seat", "etiska-radet"): {"committee_secretary"},
        url("plan", "etiska-radet"): {"committee_secretary"},
        url("attendance", scene.meeting.pk): {"committee_secretary"},
        url("minutes", scene.meeting.pk): {"committee_secretary"},
        url("propose", item.pk): {"committee_secretary"},
        url("interest", item.pk): {"bo"},
        url("decision", item.pk): {"officer"},
    }
    for address, who_may in allowed.items():
        for who in ("bo", "committee_secretary", "officer", "auditor", "outsider", "viktor"):
            status = page(who).get(address).status_code
            assert (status == 200) == (who in who_may), f"{who} {address}: {status}"


@pytest.mark.parametrize("name", ["ask_opinions", "open_opinions", "close_voting", "new_proposal", "opinion", "vote", "dissent"])
def test_deeds_are_done_only_by_those_they_are_for(scene, page, name):
    item = scene.called()
    for who in ("officer", "auditor", "outsider", "viktor"):
        assert page(who).post(url(name, item.pk), {}).status_code == 404, who
    assert page("bo").get(url(name, item.pk)).status_code == 405


def test_an_empty_opinion_is_asked_for_again_with_what_was_written(scene, page):
    item = scene.asked()
    answer = page("bo").post(url("opinion", item.pk), {"reason": "Half a sentence that shall not be lost"})
    assert answer.status_code == 422
    assert "Half a sentence that shall not be lost" in answer.content.decode()


def test_a_text_that_comes_too_late_is_kept_on_the_page(scene, page):
    item = scene.counted()
    client = page("elsa")
    scene.advised(item)
    answer = client.post(url("dissent", item.pk), {"text": "Nobody asked those who have been through it"})
    assert answer.status_code == 422
    assert "Nobody asked those who have been through it" in answer.content.decode()


def test_a_proposal_without_its_conditions_is_refused_with_the_text_kept(scene, page):
    item = scene.discussed()
    scene.open_meeting()
    sent = {"kind": "support_with_conditions", "proposal": "A proposal that shall not be lost"} | conditions("", "", "")
    answer = page("committee_secretary").post(url("propose", item.pk), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "needs at least one condition" in text
    assert "A proposal that shall not be lost" in text


def test_a_decision_with_a_day_that_does_not_exist_is_refused_with_the_text_kept(scene, page):
    item = scene.advised()
    sent = {"answer": "not", "reasons": "Reasons that shall not be lost", "minute_reference": "§ 1",
            "decided_on_day": 31, "decided_on_month": 2, "decided_on_year": 2026}  # fmt: skip
    answer = page("officer").post(url("decision", item.pk), sent)
    assert answer.status_code == 422
    assert "Reasons that shall not be lost" in answer.content.decode()


def test_a_deed_too_early_is_refused_on_the_page_of_the_item(scene, page):
    item = scene.proposed()
    answer = page("committee_secretary").post(url("close_voting", item.pk))
    assert answer.status_code == 422
    assert "Nobody has voted yet" in answer.content.decode()


def test_a_committee_is_set_up_and_shows_who_is_missing(scene, page):
    form = {"name": "Barnens råd", "slug": "barnens-rad", "rule": "double", "groups_needed": 2, "share": "2/3", "quorum_share": "1/2",
            "more_than": "on", "quorum_base": "eligible", "presence": ["children"], "answer_days": 10}  # fmt: skip
    client = page("committee_secretary")
    assert client.post(url("new"), form).status_code == 302
    made = Committee.objects.get(slug="barnens-rad")
    assert made.charter["rule"]["groups_needed"] == 2
    assert client.post(url("new"), form).status_code == 422  # the short name is taken
    text = client.get(url("committee", "etiska-radet")).content.decode()
    assert "2 groups are missing at the table" in text
    assert text.count(">nobody<") == 2


def test_a_charter_in_words_and_with_its_power(scene, page):
    text = page("bo").get(url("committee", "etiska-radet")).content.decode()
    for words in ("Double majority: at least 3 groups", "At least one from children and young people is present.", "Banzhaf", "29\xa0%"):
        assert words in text, words


def test_youth_members_have_no_name(scene, page):
    item = scene.discussed(elsa="support")
    scene.open_meeting()
    for address in (url("item", item.pk), url("committee", "etiska-radet"), url("meeting", scene.meeting.pk)):
        text = page("bo").get(address).content.decode()
        assert "Elsa" not in text
        assert "Youth member" in text


def test_agreed_actions_wait_for_their_owner(scene, page):
    item = scene.called()
    client = page("committee_secretary")
    sent = {"item": item.agenda_id, "text": "Ask the vendor for test data", "owner": scene.people.memberships["officer"].pk}
    assert client.post(url("add_action", scene.meeting.pk), sent).status_code == 302
    action = Action.objects.get()
    assert "Ask the vendor for test data" in page("officer").get(reverse("home")).content.decode()
    page("officer").post(url("finish_action", action.pk))
    action.refresh_from_db()
    assert action.done_at is not None


def grow(item):
    """More of everything that hangs on an item: dissents that others stand behind, interests, recusals, conditions with owners."""
    seats = list(item.committee.seats.order_by("pk"))
    for number, seat in enumerate(seats):
        dissent, _made = Dissent.objects.get_or_create(item=item, seat=seat, defaults={"text": "No.", "written_at": MEETS})
        dissent.joined.set(seats[:number])
        Interest.objects.get_or_create(item=item, seat=seat, defaults={"text": "None.", "declared_at": MEETS})
        Condition.objects.create(item=item, number=100 + number, text={"en": "More"}, owner=seat.membership)


@pytest.mark.parametrize("who", ["bo", "committee_secretary", "officer"])
def test_the_queries_of_an_item_do_not_grow_with_the_committee(scene, who, page):
    item = scene.advised()
    client = page(who)
    client.get(url("item", item.pk))
    with CaptureQueriesContext(connection) as few:
        client.get(url("item", item.pk))
    grow(item)
    with CaptureQueriesContext(connection) as many:
        client.get(url("item", item.pk))
    # One query more for those who stand behind a dissent, when there is a dissent at all.
    assert len(few) <= 26 and len(many) <= len(few) + 1, (len(few), len(many))


def test_the_queries_of_the_case_page_do_not_grow_with_what_hangs_on_it(scene, page):
    from trygg.spine.assurance.models import Claim, Evidence

    item = scene.advised()
    grow(item)
    case = scene.matter.case
    client, address = page("officer"), reverse("matters:case", args=[scene.matter.key])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    Evidence.objects.bulk_create(
        Evidence(case=case, kind="document", key=f"k{n}", title="x", valid_from=MEETS.date(), added_by="x", added_at=MEETS) for n in range(50)
    )
    Claim.objects.bulk_create(
        Claim(case=case, requirement_id=f"r{n}", order=1000 + n, status="missing", reasons=[], text={"en": "More"}, changed_at=MEETS) for n in range(50)
    )
    Condition.objects.bulk_create(Condition(item=item, number=200 + n, text={"en": "More"}) for n in range(50))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 25, (len(few), len(many))  # one for each room that has something to say


def test_the_words_are_whole_in_swedish(scene, page):
    item = scene.advised()
    with translation.override("sv"):
        text = page("officer").get(url("item", item.pk), headers={"accept-language": "sv"}).content.decode()
    for words in ("Vems röst räknades", "Villkor", "stöd med 2 villkor", "Svara på rådet", "underlaget är fryst"):
        assert words in text, words


def test_recused_and_barred_are_named_to_the_table_only(scene, page):
    item = scene.asked()
    services.note_recusal(actor=scene.secretary, now=MEETS, item=item, seat=scene.seats["bo"], reason="Owns shares.")
    assert "is recused" in page("amara").get(url("item", item.pk)).content.decode()
    assert "Bo Ledamot" not in page("officer").get(url("item", item.pk)).content.decode()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_two_youth_members_are_told_apart_without_names(scene, page, language):
    """Where somebody chooses among people: a number each, the same everywhere, and nothing of a name."""
    secretary, administrator = page("committee_secretary"), page("administrator")
    numbers = [scene.members[who].person.pk for who in ("elsa", "ali")]
    word = {"en": "Youth member", "sv": "Ungdomsledamot"}[language]
    paths = {url("fill_seat", "etiska-radet"): administrator, url("attendance", scene.meeting.pk): secretary, url("committee", "etiska-radet"): secretary}
    for path, client in paths.items():
        client.cookies["django_language"] = language
        text = client.get(path).content.decode()
        for number in numbers:
            assert f"{word} {number}" in text, path
        assert "Elsa" not in text and "Ali Ung" not in text
