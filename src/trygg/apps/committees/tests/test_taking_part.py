"""Who takes part: recusal, vendors, the deciding line, attendance; and what the votes make of it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.world import BEFORE, NOW, SYSTEM, add
from trygg.apps.committees import services
from trygg.apps.committees.models import Item, Vote
from trygg.apps.committees.selectors import item_view
from trygg.apps.committees.standing import Bar, standings
from trygg.apps.committees.tests.scene import CHARTER, MEETS
from trygg.kernel.access import Denied, Role, may
from trygg.kernel.people.services import add_member

pytestmark = pytest.mark.full

State = Item.State


def recuse(scene, item, who="bo"):
    return services.note_recusal(actor=scene.secretary, now=MEETS, item=item, seat=scene.seats[who], reason="Owns shares in the vendor.")


def test_a_recused_member_sees_neither_opinions_nor_votes(scene, page):
    item = scene.asked()
    recuse(scene, item)
    scene.opinion(item, "amara", "support", "Helps children who struggle")
    item = services.open_opinions(actor=scene.secretary, now=MEETS, item=item)
    assert not may(scene.actor("bo"), "committees.view_opinions", item)
    item = scene.counted(scene.proposed(item), elsa="no", amara="yes", ines="yes", fredrik="yes", tova="yes")
    assert not may(scene.actor("bo"), "committees.view_votes", item)
    text = page("bo").get(reverse("committees:item", args=[item.pk])).content.decode()
    assert "You are recused" in text
    assert "Helps children who struggle" not in text
    assert "t-vote--yes" not in text


def test_a_recused_member_can_neither_answer_nor_vote(scene):
    item = scene.asked()
    recuse(scene, item)
    with pytest.raises(ValidationError, match="recused"):
        scene.opinion(item, "bo")
    item = scene.proposed(services.open_opinions(actor=scene.secretary, now=MEETS, item=item))
    with pytest.raises(ValidationError, match="recused"):
        scene.vote(item, bo="yes")


def test_a_recusal_takes_out_what_was_given_and_lowers_the_base(scene):
    item = scene.proposed()
    scene.vote(item, bo="no", elsa="yes", ali="yes", amara="yes", ines="yes")
    recuse(scene, item)
    item = services.close_voting(actor=scene.secretary, now=MEETS, item=item)
    assert item.result["tally"] == {"yes": 4, "no": 0, "abstain": 0, "silent": 2}
    assert item.result["quorum"]["base"] == 6
    assert ["parents", "out"] in item.result["marks"]


def test_the_recusal_of_the_last_who_is_waited_for_opens_the_opinions(scene):
    item = scene.asked()
    for who in scene.seats:
        if who != "bo":
            scene.opinion(item, who)
    recuse(scene, item)
    item.refresh_from_db()
    assert item.state == State.DISCUSSION


def test_a_member_stands_aside_by_the_own_word(scene):
    item = scene.called()
    services.declare_interest(actor=scene.actor("bo"), now=MEETS, item=item, text="My firm sells to the vendor.", stand_aside=True)
    assert [s.seat.membership.person.display_name for s in standings(item) if s.outside] == ["Bo Ledamot"]


def test_an_interest_alone_takes_nobody_out(scene):
    item = scene.called()
    services.declare_interest(actor=scene.actor("bo"), now=MEETS, item=item, text="My child is in the trial.")
    assert not any(s.outside for s in standings(item))
    assert [i.text for i in item_view(scene.actor("elsa"), item).interests] == ["My child is in the trial."]


def seat_with(scene, bar):
    """A seat whose holder is barred for that reason."""
    people = scene.people
    match bar:
        case Bar.VENDOR:
            members, group = people.memberships["vendor"], "developers"
            return services.fill_seat(actor=SYSTEM, now=NOW, committee=scene.committee, membership=members, stakeholder_group=group)
        case Bar.ANSWERS_FOR_IT:
            member, group = people.memberships["contributor"], "safeguarding"
        case Bar.OWNER_LINE:
            member, group = people.memberships["administrator"], "policymakers"
        case Bar.DECIDING_LINE:
            member, group = people.memberships["analyst"], "researchers"
    return services.fill_seat(actor=scene.secretary, now=NOW, committee=scene.committee, membership=member, stakeholder_group=group)


@pytest.mark.parametrize("bar", list(Bar))
def test_vendors_and_the_deciding_line_give_no_opinion_and_no_vote(scene, bar):
    seat = seat_with(scene, bar)
    scene.members["barred"] = seat.membership
    item = scene.asked()
    assert {s.bar for s in standings(item)} == {None, bar}
    with pytest.raises(ValidationError) as refused:
        scene.opinion(item, "barred")
    assert "advise" in str(refused.value) or "vote" in str(refused.value)  # it says why
    item = services.open_opinions(actor=scene.secretary, now=MEETS, item=item)
    assert not may(scene.actor("barred"), "committees.view_opinions", item)
    item = scene.proposed(item)
    with pytest.raises(ValidationError):
        scene.vote(item, barred="yes")
    assert not Vote.objects.exists()


def test_a_vendor_is_barred_in_whatever_role_the_seat_is_held(scene):
    seat = services.fill_seat(
        actor=scene.secretary, now=NOW, committee=scene.committee, membership=scene.members["gustav"], stakeholder_group="policymakers"
    )
    add_member(actor=SYSTEM, now=BEFORE, organisation=scene.people.vendor, email=seat.membership.person.email, name="x", role=Role.VENDOR.value)
    assert next(s.bar for s in standings(scene.called()) if s.seat == seat) == Bar.VENDOR


def test_a_politician_of_the_deciding_body_is_barred_and_a_parent_with_a_role_there_is_not(scene):
    politician = add(scene.people.board, "Pia Politiker", Role.COMMITTEE_MEMBER, "policymakers")
    seat = services.fill_seat(actor=scene.secretary, now=NOW, committee=scene.committee, membership=politician, stakeholder_group="policymakers")
    bars = {s.seat.pk: s.bar for s in standings(scene.called())}
    assert bars[seat.pk] == Bar.DECIDING_LINE
    assert bars[scene.seats["amara"].pk] is None  # a committee member's role in the board gives no work in its line


def test_who_is_noted_as_absent_cannot_vote(scene):
    item = scene.proposed(None, "bo")
    with pytest.raises(ValidationError, match="not noted as present"):
        scene.vote(item, bo="yes")


def test_a_vote_needs_an_open_meeting_and_someone_present(scene):
    item = scene.discussed(elsa="support")
    call = {"actor": scene.secretary, "now": MEETS, "item": item, "kind": "support", "proposal": "Go on."}
    with pytest.raises(ValidationError, match="Open the meeting"):
        services.open_voting(**call)
    scene.open_meeting(*scene.seats)
    with pytest.raises(ValidationError, match="Nobody is noted as present"):
        services.open_voting(**call)


# --- what the votes make -------------------------------------------------------------------------------------------


def test_a_double_majority_needs_both(scene):
    item = scene.counted(elsa="yes", ali="yes", amara="yes", bo="yes", ines="no", fredrik="no", tova="no")
    assert (item.result["tally"]["yes"], item.result["carried"]) == (4, False)
    groups = next(r for r in item.result["reasons"] if r["code"] == "enough_groups")
    assert (groups["met"], groups["params"]["agreeing"], groups["params"]["needed"]) == (False, 2, 3)


def test_a_double_majority_is_carried_by_enough_groups(scene):
    item = scene.counted()
    assert (item.result["passed"], item.result["groups"]["children"]["agrees"]) == (True, False)
    assert item.result["decisive"] == {"seats": 0, "groups": []}


def test_without_a_child_present_there_is_no_quorum_and_the_advice_is_preliminary(scene):
    item = scene.proposed(None, "elsa", "ali")
    item = scene.counted(item, amara="yes", bo="yes", ines="yes", fredrik="yes", tova="yes")
    assert (item.result["carried"], item.result["passed"], item.result["quorum"]["met"]) == (True, False, False)
    item = scene.advised(item)
    assert item.advice.preliminary


def test_power_and_movement_are_kept_with_the_result(scene):
    item = scene.counted()
    power = {row["group"]: row for row in item.result["power"]}
    assert power["children"]["seat_share"] == pytest.approx(2 / 7)
    assert sum(row["banzhaf_share"] for row in power.values()) == pytest.approx(1)
    # Amara: support -> yes, Ines: support -> yes, Elsa: come back -> no, Ali: advise against -> no: nobody changed their mind.
    assert item.result["changed"] == []


def test_a_change_of_mind_is_told_by_group(scene):
    item = scene.discussed(bo="advise_against", elsa="support")
    item = scene.counted(scene.proposed(item), bo="yes", elsa="no", ines="yes", fredrik="yes")
    assert item.result["changed"] == [["children", "support", "no", 1], ["parents", "advise_against", "yes", 1]]


def test_a_charter_that_does_not_fit_the_seats_is_refused_before_anyone_votes(scene):
    charter = {**CHARTER, "rule": {"kind": "double", "groups_needed": 7}}
    services.set_charter(actor=scene.secretary, now=NOW, committee=scene.committee, charter=charter, answer_days=14)
    with pytest.raises(ValidationError, match="7 groups to agree, but only 5"):
        scene.proposed()


def test_the_rules_stand_while_a_vote_is_open(scene):
    scene.proposed()
    with pytest.raises(ValidationError, match="A vote is open"):
        services.set_charter(actor=scene.secretary, now=MEETS, committee=scene.committee, charter={**CHARTER, "rule": {"kind": "simple"}}, answer_days=9)


def test_one_vote_a_seat_however_often_it_is_sent(scene, page):
    item = scene.proposed()
    url = reverse("committees:vote", args=[item.pk])
    client = page("bo")
    for ballot in ("yes", "yes", "no"):
        assert client.post(url, {"ballot": ballot}).status_code == 302
    assert list(Vote.objects.values_list("seat_id", "ballot")) == [(scene.seats["bo"].pk, "no")]


def test_a_vote_after_the_closing_is_refused_and_changes_nothing(scene, page):
    item = scene.counted()
    answer = page("bo").post(reverse("committees:vote", args=[item.pk]), {"ballot": "no"})
    assert answer.status_code == 422
    assert Vote.objects.get(seat=scene.seats["bo"]).ballot == "yes"


def test_closing_twice_counts_once(scene):
    item = scene.counted()
    again = services.close_voting(actor=scene.secretary, now=MEETS, item=item)
    assert again.result == item.result


def test_a_fallen_proposal_leads_back_to_the_discussion_and_stays_in_the_record(scene):
    item = scene.counted(elsa="no", ali="no", amara="no", bo="yes")
    with pytest.raises(ValidationError, match="not carried"):
        services.give_advice(actor=scene.secretary, now=MEETS, item=item, reasons="x", kind="support")
    item = services.take_new_proposal(actor=scene.secretary, now=MEETS, item=item)
    assert (item.state, item.votes.count(), item.fallen[0]["tally"]["no"]) == (State.DISCUSSION, 0, 3)


@pytest.mark.parametrize("who", ["officer", "auditor", "outsider", "viktor", "gustav"])
def test_who_has_no_seat_takes_no_part(scene, who):
    item = scene.asked()
    with pytest.raises(Denied):
        scene.opinion(item, who)
    with pytest.raises(Denied):
        services.open_opinions(actor=scene.actor(who), now=MEETS, item=item)
