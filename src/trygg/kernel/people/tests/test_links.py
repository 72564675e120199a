"""A one-purpose link: a partner answers without a password, and comes no further than what was asked."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.world import NOW
from trygg.kernel.access import ANONYMOUS, Denied, Role, restrict
from trygg.kernel.people import services
from trygg.kernel.people.models import Membership, Outbox
from trygg.kernel.people.selectors import actor_from_membership
from trygg.kernel.people.tests.mail import code_in_mail, path_in_mail

GUEST = "gun@norra-vik.example"


@pytest.fixture
def link(people):
    """`link()` makes a link for a guest of the partner agency and returns its token."""

    def link(email=GUEST, organisation=None, role="contributor"):
        return services.make_purpose_link(
            actor=people.actor(Role.OFFICER), now=NOW, organisation=organisation or people.agency, email=email, name="Gun Gäst",
            role=role, path="/home/",
        )  # fmt: skip

    return link


def send(token, now=NOW):
    services.send_link_code(actor=ANONYMOUS, now=now, token=token)


def use(token, code, now=NOW):
    return services.use_link_code(actor=ANONYMOUS, now=now, token=token, code=code)


def test_link_and_code_let_in_once(link):
    token = link()
    send(token)
    code = code_in_mail(GUEST)
    assert use(token, code).membership.person.email == GUEST
    with pytest.raises(Denied):
        use(token, code)


def test_five_wrong_codes_and_the_right_one_works_no_more(link):
    token = link()
    send(token)
    right = code_in_mail(GUEST)
    wrong = "0000 0000" if right != "0000 0000" else "1111 1111"
    assert [use(token, wrong) for _ in range(services.CODE_TRIES)] == [None] * services.CODE_TRIES
    with pytest.raises(Denied):
        use(token, right)


def test_a_new_code_comes_once_a_minute_at_most(link):
    """Each code gives five tries: without a pause between codes there would be no limit at all."""
    token = link()
    send(token)
    first = code_in_mail(GUEST)
    with pytest.raises(ValidationError):
        send(token, now=NOW + timedelta(seconds=59))
    send(token, now=NOW + timedelta(seconds=60))
    assert use(token, first, now=NOW + timedelta(minutes=2)) is None
    assert use(token, code_in_mail(GUEST), now=NOW + timedelta(minutes=2)) is not None


def test_a_code_works_for_a_day(link):
    token = link()
    send(token)
    with pytest.raises(Denied):
        use(token, code_in_mail(GUEST), now=NOW + timedelta(hours=24))


def test_a_link_works_for_thirty_days_and_as_long_as_its_membership(link):
    token = link()
    assert services.open_link(token, now=NOW + timedelta(days=services.LINK_DAYS)) is None
    assert services.open_link(token, now=NOW) is not None
    Membership.objects.filter(person__email=GUEST).update(valid_until=NOW)
    assert services.open_link(token, now=NOW) is None


@pytest.mark.parametrize("role", ["administrator", "officer", "auditor", "nonsense"])
def test_it_never_makes_more_than_a_contributor_or_a_vendor(link, role):
    with pytest.raises(ValidationError):
        link(role=role)


def test_opening_the_link_alone_sends_nothing(client, clock, link):
    link()
    path = path_in_mail(GUEST)
    before = Outbox.objects.count()
    assert client.get(path).status_code == 200
    assert Outbox.objects.count() == before
    assert client.post(path)["Location"] == path + "code/"
    assert Outbox.objects.count() == before + 1


@pytest.fixture
def enter(client, clock, link):
    """`enter(email, ...)`: the test client as someone who came by link and code."""

    def enter(email=GUEST, **given):
        link(email, **given)
        path = path_in_mail(email)
        client.post(path)
        answer = client.post(path + "code/", {"code": code_in_mail(email)})
        assert answer["Location"] == "/home/"
        return client

    return enter


def test_a_wrong_code_on_the_page_is_said_so(client, clock, link):
    link()
    path = path_in_mail(GUEST)
    client.post(path)
    assert client.post(path + "code/", {"code": "12"}).status_code == 422
    for _ in range(services.CODE_TRIES):
        client.post(path + "code/", {"code": "12"})
    assert "tried too often" in client.post(path + "code/", {"code": code_in_mail(GUEST)}).content.decode()


def test_a_guest_sees_nothing_of_the_organisation(people, enter):
    """An officer of one authority asks someone "at the police" for a part: that makes nobody a colleague of the police."""
    assert enter().get("/home/").status_code == 200
    actor = actor_from_membership(Membership.objects.get(person__email=GUEST), now=NOW)
    assert actor.guest
    assert set(restrict(actor, "people.view_membership")) == {Membership.objects.get(person__email=GUEST)}
    assert set(restrict(actor, "people.view_organisation")) == {people.agency}


def test_a_session_from_a_link_is_held_to_its_membership(people, enter):
    """Someone who is an administrator elsewhere comes by a link: link and code are no second factor."""
    guest = enter(people.person("administrator").email)
    own = people.memberships["administrator"]
    assert guest.post("/people/act-as/", {"membership": own.pk}).status_code == 422
    assert guest.get("/people/").status_code == 403
    Membership.objects.filter(organisation=people.agency, person=own.person).update(valid_until=NOW)
    assert guest.get("/home/").status_code == 302  # and not: falls back to the administrator


def test_a_guest_who_is_invited_becomes_a_colleague(people, link):
    link()
    token = services.invite(
        actor=services_administrator(people), now=NOW, organisation=people.agency, email=GUEST, role="contributor"
    )
    membership = Membership.objects.get(person__email=GUEST)
    membership.person.set_password("river lamp seldom orange")
    membership.person.save()
    services.accept_invitation(actor=ANONYMOUS, now=NOW, token=token, name="Gun", password="river lamp seldom orange")
    assert list(Membership.objects.filter(person__email=GUEST, valid_until=None).values_list("guest", flat=True)) == [False]


def services_administrator(people):
    from tests.world import add

    return actor_from_membership(add(people.agency, "Rut Rask", Role.ADMINISTRATOR), now=NOW)
