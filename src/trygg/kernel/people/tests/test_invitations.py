"""An invitation is a way in for one address, once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.world import NOW, PASSWORD
from trygg.kernel.access import ANONYMOUS, Denied, Role
from trygg.kernel.people import services
from trygg.kernel.people.models import Invitation, Membership, Person
from trygg.kernel.people.tests.mail import newest_mail, path_in_mail

NEW = "ny@lindvika.example"


@pytest.fixture
def invited(people):
    """`invited()` sends an invitation to a new address and returns its token."""

    def invited(email=NEW, role="officer"):
        return services.invite(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, email=email, role=role)

    return invited


def accept(token, now=NOW, name="Nils Ny", password=PASSWORD):
    return services.accept_invitation(actor=ANONYMOUS, now=now, token=token, name=name, password=password)


def test_it_gives_the_role_it_names(people, invited):
    person = accept(invited())
    [membership] = person.memberships.all()
    assert (membership.organisation, membership.role, membership.guest) == (people.board, "officer", False)


def test_only_a_hash_of_the_token_is_kept(invited):
    token = invited()
    assert token not in str(list(Invitation.objects.values_list())) and token in newest_mail(NEW).body


def test_it_works_once(invited):
    token = invited()
    accept(token)
    with pytest.raises(Denied):
        accept(token)


def test_it_ends_after_fourteen_days(invited):
    token = invited()
    with pytest.raises(Denied):
        accept(token, now=NOW + timedelta(days=services.INVITATION_DAYS))
    assert accept(token, now=NOW + timedelta(days=services.INVITATION_DAYS) - timedelta(seconds=1))


def test_a_second_invitation_withdraws_the_first(invited):
    first, second = invited(), invited()
    with pytest.raises(Denied):
        accept(first)
    assert accept(second)


def test_a_withdrawn_one_opens_nothing(people, invited):
    token = invited()
    services.withdraw_invitation(actor=people.actor(Role.ADMINISTRATOR), now=NOW, invitation=Invitation.objects.get())
    with pytest.raises(Denied):
        accept(token)


def test_an_accepted_one_cannot_be_withdrawn_afterwards(people, invited):
    stale = None
    token = invited()
    stale = Invitation.objects.get()
    accept(token)
    services.withdraw_invitation(actor=people.actor(Role.ADMINISTRATOR), now=NOW, invitation=stale)
    assert Invitation.objects.get().withdrawn_at is None


def test_who_has_an_account_proves_it_by_its_password(people, invited):
    address = people.person("partner").email
    with pytest.raises(ValidationError):
        accept(invited(address), password="something else entirely")
    assert accept(invited(address)) == people.person("partner")
    assert Person.objects.filter(email=address).count() == 1


def test_a_weak_password_is_refused_and_the_invitation_still_works(invited):
    token = invited()
    with pytest.raises(ValidationError):
        accept(token, password="password")
    assert accept(token)


def test_it_can_be_accepted_on_the_page(client, clock, people, invited):
    invited()
    path = path_in_mail(NEW)
    assert client.get(path).status_code == 200
    assert client.post(path, {"name": "Nils Ny", "password": "short"}).status_code == 422
    answer = client.post(path, {"name": "Nils Ny", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert client.get("/home/").status_code == 200
    assert client.get(path).status_code == 410


def test_accepting_does_not_pass_by_the_second_factor(client, clock, people, invited):
    """An administrator with a second factor accepts another role: the password alone signs nobody in."""
    address = people.person("administrator").email
    invited(address, role="auditor")
    answer = client.post(path_in_mail(address), {"name": "x", "password": PASSWORD})
    assert answer["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    assert Membership.objects.filter(person__email=address, role="auditor").exists()


@pytest.mark.parametrize("path", ["/people/invitation/nonsense/", "/people/link/nonsense/", "/people/link/nonsense/code/"])
def test_a_link_that_opens_nothing_says_so(client, clock, db, path):
    assert client.get(path).status_code == 410
    assert client.post(path, {"name": "x", "password": "y", "code": "1"}).status_code == 410
