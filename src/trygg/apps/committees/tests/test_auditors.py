"""An auditor reads what the own organisation and its boards have before a committee, and nothing of anybody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import add, sign_in
from trygg.apps.committees.models import Committee, Item
from trygg.apps.committees.tests.scene import MEETS
from trygg.kernel.access import Role, restrict
from trygg.kernel.people.selectors import actor_from_membership
from trygg.spine.meetings.models import Meeting

pytestmark = pytest.mark.full

SECRET = "This stays between me and the envelope."
OPENED = "What amara said is for the committee."


@pytest.fixture
def auditor(scene):
    """`auditor(organisation)`: an auditor there."""

    def of(organisation, name="Ulla Gran"):
        return actor_from_membership(add(organisation, name, Role.AUDITOR), now=MEETS)

    return of


def seen(actor) -> dict[str, int]:
    rules = (("committees.view_committee", Committee), ("committees.view_item", Item), ("meetings.view_meeting", Meeting))
    return {action: restrict(actor, action).count() for action, _model in rules}


def test_the_municipality_s_auditor_reads_what_its_board_has(scene, auditor):
    item = scene.advised()
    above = auditor(scene.people.municipality)
    assert set(seen(above).values()) == {1}
    client = sign_in(Client(), above)
    for path in (
        reverse("committees:list"), reverse("committees:committee", args=["etiska-radet"]), reverse("committees:meeting", args=[scene.meeting.pk]),
        reverse("committees:item", args=[item.pk]), reverse("committees:snapshot", args=[item.pk]),
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
    assert "May all schools use the reading tutor?" in client.get(reverse("committees:item", args=[item.pk])).content.decode()


def test_it_reads_an_item_about_its_board_in_a_committee_of_others(scene, auditor):
    item = scene.called()
    scene.committee.owners.set([scene.people.agency])
    assert restrict(auditor(scene.people.municipality), "committees.view_item").get() == item


@pytest.mark.parametrize("state", ["called", "asked", "discussed", "proposed", "counted", "advised"])
def test_another_municipality_s_auditor_sees_nothing(scene, auditor, state):
    item = getattr(scene, state)()
    outside = auditor(scene.people.stranger)
    assert set(seen(outside).values()) == {0}
    client = sign_in(Client(), outside)
    for path in (reverse("committees:item", args=[item.pk]), reverse("committees:committee", args=["etiska-radet"])):
        assert client.get(path).status_code in (403, 404)


def test_a_sister_board_s_auditor_sees_nothing(scene, auditor):
    from tests.world import BEFORE, SYSTEM
    from trygg.kernel.people.services import add_organisation

    sister = add_organisation(
        actor=SYSTEM, now=BEFORE, name="Socialnämnden", slug="lindvika-soc", kind="board", jurisdiction="SE", parent=scene.people.municipality
    )
    scene.advised()
    assert set(seen(auditor(sister)).values()) == {0}


def test_sealed_stays_sealed_for_an_auditor(scene, auditor):
    above = auditor(scene.people.municipality)
    client = sign_in(Client(), above)
    item = scene.asked()
    scene.opinion(item, "elsa", "advise_against", SECRET)
    scene.opinion(item, "amara", "support", OPENED)
    page = client.get(reverse("committees:item", args=[item.pk])).content.decode()
    assert SECRET not in page and OPENED not in page
    from trygg.apps.committees import services

    services.open_opinions(actor=scene.secretary, now=MEETS, item=item)
    for action in ("committees.view_opinions", "committees.view_votes", "committees.take_part", "committees.run_item", "committees.record_decision"):
        assert not restrict(above, action).exists(), action
    page = client.get(reverse("committees:item", args=[item.pk])).content.decode()
    assert SECRET not in page and OPENED not in page


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDITOR, Role.VENDOR)])
def test_other_roles_of_the_municipality_see_no_more_than_before(scene, role):
    scene.advised()
    actor = actor_from_membership(add(scene.people.municipality, "Ulla Gran", role), now=MEETS)
    assert set(seen(actor).values()) == {0}
