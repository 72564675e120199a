"""Sealed means sealed: first opinions and votes, through selectors and pages."""

import pytest
from django.urls import reverse

from trygg.apps.committees import services
from trygg.apps.committees.models import Item, SealedOpinion
from trygg.apps.committees.selectors import item_view
from trygg.kernel.access import may
from trygg.kernel.ledger.models import Detail, Entry
from trygg.kernel.work.models import Task

pytestmark = pytest.mark.full

SECRET = "My child was filmed without asking"
EVERYONE = ("elsa", "bo", "committee_secretary", "officer", "administrator", "auditor", "contributor")


def given(scene):
    item = scene.asked()
    scene.opinion(item, "amara", "advise_against", SECRET)
    item.refresh_from_db()
    return item


def test_nobody_sees_an_opinion_before_all_are_opened(scene, page):
    item = given(scene)
    for who in EVERYONE:
        view = item_view(scene.actor(who), item)
        assert (view.sees_opinions, view.opinions) == (False, []), who
        answer = page(who).get(reverse("committees:item", args=[item.pk]))
        assert answer.status_code == 200, who
        assert SECRET not in answer.content.decode(), who


def test_the_table_sees_how_many_have_answered_and_nobody_sees_who(scene, page):
    text = page("bo").get(reverse("committees:item", args=[given(scene).pk])).content.decode()
    assert "1 of 7 have answered" in text
    assert "Amara" not in text


def test_who_is_not_at_the_table_does_not_even_see_the_count(scene, page):
    item = given(scene)
    assert item_view(scene.officer, item).answered == 0
    assert "1 of 7" not in page("officer").get(reverse("committees:item", args=[item.pk])).content.decode()


def test_the_giver_sees_the_own_answer(scene, page):
    assert SECRET in page("amara").get(reverse("committees:item", args=[given(scene).pk])).content.decode()


def test_the_ledger_does_not_tell_who_has_answered(scene):
    before = Entry.objects.count()
    item = given(scene)
    entries = list(Entry.objects.filter(index__gte=before).values_list("action", "actor_id"))
    assert scene.actor("amara").id not in [actor for _action, actor in entries]
    assert not Detail.objects.filter(value__contains=SECRET).exists()
    assert item.opinions_hash == ""


def test_the_last_answer_opens_all_and_records_them_once_by_hash(scene):
    item = scene.asked()
    for who in scene.seats:
        scene.opinion(item, who)
    item.refresh_from_db()
    assert item.state == Item.State.DISCUSSION
    [entry] = Entry.objects.filter(action="committees.opinions_opened")
    assert entry.public == {"count": 7, "hash": item.opinions_hash}
    assert entry.actor_kind == "system"  # nobody is named as the last
    assert len(item_view(scene.actor("bo"), item).opinions) == 7


def test_who_is_absent_is_not_waited_for(scene):
    item = scene.asked()
    for who in scene.seats:
        if who != "bo":
            scene.opinion(item, who)
    item.refresh_from_db()
    assert item.state == Item.State.OPINIONS
    scene.open_meeting("bo")
    item.refresh_from_db()
    assert item.state == Item.State.DISCUSSION


def test_the_secretary_opens_them_before_all_have_answered(scene):
    item = services.open_opinions(actor=scene.secretary, now=scene.meeting.starts_at, item=given(scene))
    assert item.state == Item.State.DISCUSSION
    assert [one.reason for one in item_view(scene.actor("bo"), item).opinions] == [SECRET]


def test_opened_opinions_stay_around_the_table(scene, page):
    item = services.open_opinions(actor=scene.secretary, now=scene.meeting.starts_at, item=given(scene))
    for who in ("bo", "committee_secretary"):
        assert SECRET in page(who).get(reverse("committees:item", args=[item.pk])).content.decode(), who
    for who in ("officer", "administrator", "auditor", "contributor"):
        assert SECRET not in page(who).get(reverse("committees:item", args=[item.pk])).content.decode(), who


def test_an_opinion_can_be_changed_until_it_is_opened_and_is_still_one(scene):
    item = given(scene)
    scene.opinion(item, "amara", "support")
    assert list(SealedOpinion.objects.values_list("opinion", flat=True)) == ["support"]


def test_votes_are_counted_only_by_number_before_the_vote_closes(scene, page):
    item = scene.proposed()
    before = Entry.objects.count()
    scene.vote(item, amara="no", bo="yes")
    assert Entry.objects.count() == before
    for who in EVERYONE:
        view = item_view(scene.actor(who), item)
        assert not view.sees_result, who
        assert not may(scene.actor(who), "committees.view_votes", item), who
    text = page("elsa").get(reverse("committees:item", args=[item.pk])).content.decode()
    assert "2 of 7 have voted" in text
    assert "t-vote--no" not in text


def test_a_closed_vote_is_seen_around_the_table_and_by_others_when_the_advice_is_given(scene):
    item = scene.counted()
    seen = {who: item_view(scene.actor(who), item).sees_result for who in ("bo", "committee_secretary", "officer", "auditor")}
    assert seen == {"bo": True, "committee_secretary": True, "officer": False, "auditor": False}
    item = scene.advised(item)
    assert all(item_view(scene.actor(who), item).sees_result for who in seen)


def test_the_paper_shows_no_votes_before_the_advice(scene, page):
    from trygg.apps.committees.papers import content

    item = scene.counted()
    def told(of) -> dict[str, str]:
        sections = content(of, "en", now=scene.meeting.starts_at)["sections"]
        return {section["name"]: str(list(section["content"])) for section in sections}

    before, after = told(item), told(scene.advised(item))
    assert "vote" not in str(before)
    assert "5 vote" in after["advice"]
    assert "'Against'" in after["advice"]


def test_closing_records_the_votes_once_by_a_hash_that_only_the_seal_opens(scene):
    from trygg.apps.committees.results import sealed_hash

    item = scene.counted()
    [entry] = Entry.objects.filter(action="committees.voting_closed")
    votes = dict(item.votes.values_list("seat_id", "ballot"))
    assert entry.public["hash"] == item.votes_hash == sealed_hash(item, "votes", votes)
    assert entry.public["yes"] == 5
    item.seal = "0" * 64
    assert sealed_hash(item, "votes", votes) != entry.public["hash"]


@pytest.mark.parametrize("code", ["committees.give_opinion", "committees.cast_vote"])
def test_a_members_task_is_done_with_the_answer(scene, code):
    item = scene.asked() if code == "committees.give_opinion" else scene.proposed()
    mine = Task.objects.filter(code=code, assignee=scene.members["bo"])
    assert mine.get().done_at is None
    if code == "committees.give_opinion":
        scene.opinion(item, "bo")
    else:
        scene.vote(item, bo="yes")
    assert mine.get().done_at is not None
