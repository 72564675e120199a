"""As whom one acts, and what an administrator needs first."""

from datetime import timedelta

import pytest

from tests.world import BEFORE, NOW, PASSWORD, SYSTEM
from trygg.kernel.access import ANONYMOUS, Denied, Role
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people import services
from trygg.kernel.people.models import Person
from trygg.kernel.people.selectors import actor_for, actor_from_membership


def also(people, who: str, role: Role):
    person = people.person(who)
    return services.add_member(
        actor=SYSTEM, now=BEFORE, organisation=people.board, email=person.email, name="", role=role.value
    )


def test_someone_with_two_roles_chooses(client, clock, people, signed_in):
    second = also(people, "officer", Role.AUDITOR)
    client = signed_in(people.actor(Role.OFFICER))
    assert client.get("/people/act-as/").content.count(b'type="radio"') + client.get("/people/act-as/").content.count(b"<button") >= 2
    assert client.post("/people/act-as/", {"membership": second.pk})["Location"] == "/home/"
    assert client.session["membership_id"] == second.pk


@pytest.mark.parametrize("chosen", ["", "nonsense", "999999"])
def test_nobody_acts_in_a_role_that_is_not_theirs(clock, people, signed_in, chosen):
    client = signed_in(people.actor(Role.OFFICER))
    assert client.post("/people/act-as/", {"membership": chosen}).status_code == 422
    assert client.post("/people/act-as/", {"membership": people.memberships["auditor"].pk}).status_code == 422
    assert "membership_id" not in client.session or client.session["membership_id"] == people.memberships["officer"].pk


def test_the_first_role_in_force_counts_when_the_chosen_one_has_ended(people):
    person, first = people.person("officer"), people.memberships["officer"]
    second = also(people, "officer", Role.AUDITOR)
    assert actor_for(person, membership_id=second.pk, now=NOW).role == Role.AUDITOR
    services.end_membership(actor=people.actor(Role.ADMINISTRATOR), now=NOW, membership=second)
    assert actor_for(person, membership_id=second.pk, now=NOW).membership_id == first.pk


def test_a_role_begins_and_ends_on_its_moment(people):
    person, membership = people.person("officer"), people.memberships["officer"]
    services.end_membership(actor=people.actor(Role.ADMINISTRATOR), now=NOW, membership=membership)
    assert actor_for(person, membership_id=None, now=NOW - timedelta(seconds=1)).role == Role.OFFICER
    assert actor_for(person, membership_id=None, now=NOW) == ANONYMOUS
    assert actor_for(person, membership_id=None, now=BEFORE - timedelta(seconds=1)) == ANONYMOUS


def test_ending_a_role_twice_keeps_the_first_end(people):
    membership = people.memberships["officer"]
    services.end_membership(actor=people.actor(Role.ADMINISTRATOR), now=NOW, membership=membership)
    entries = Entry.objects.count()
    services.end_membership(actor=people.actor(Role.ADMINISTRATOR), now=NOW + timedelta(days=1), membership=membership)
    membership.refresh_from_db()
    assert (membership.valid_until, Entry.objects.count()) == (NOW, entries)


def test_someone_who_is_not_active_is_nobody(people):
    person = people.person("officer")
    person.is_active = False
    assert actor_for(person, membership_id=None, now=NOW) == ANONYMOUS


def test_an_administrator_sets_up_a_second_factor_before_anything_else(clock, people, signed_in):
    client = signed_in(people.actor(Role.ADMINISTRATOR))
    assert client.get("/people/").status_code == 200
    people.person("administrator").authenticator_set.all().delete()
    answer = client.get("/people/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")


def test_other_roles_need_none(clock, people, signed_in):
    assert signed_in(people.actor(Role.OFFICER)).get("/home/").status_code == 200


def test_signing_in_asks_an_administrator_for_the_second_factor(client, clock, people):
    given = {"login": people.person("administrator").email, "password": PASSWORD}
    assert client.post("/accounts/login/", given)["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/home/").status_code == 302


def test_nobody_signs_up_alone(client, clock, db):
    client.post("/accounts/signup/", {"email": "x@y.example", "password1": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert not Person.objects.filter(email="x@y.example").exists()


def test_an_administrator_rules_the_own_organisation_only(people):
    """The municipality's administrator also rules its boards; a board's does not rule the municipality, nor another."""
    from tests.world import add

    above = actor_from_membership(add(people.municipality, "Ulla Hane", Role.ADMINISTRATOR), now=NOW)
    services.end_membership(actor=above, now=NOW, membership=people.memberships["analyst"])
    with pytest.raises(Denied):
        services.end_membership(actor=people.actor(Role.ADMINISTRATOR), now=NOW, membership=people.memberships["partner"])


def test_a_youth_member_is_shown_without_a_name(people):
    membership = services.add_member(
        actor=SYSTEM, now=BEFORE, organisation=people.board, email="alva@ung.example", name="Alva Svensson", role="committee_member",
        stakeholder_group="children", youth=True,
    )  # fmt: skip
    assert actor_from_membership(membership, now=NOW).name == "Youth member"
