"""Every URL, for every role preset, a partner agency's member, an outsider, a guest and nobody: it answers what its guard says."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.invariants.urls import Address, addresses
from tests.world import NOW, World, sign_in
from trygg.kernel.access import ANONYMOUS, Actor, restrict
from trygg.kernel.access.pages import THIRD_PARTY, Guard, guard_of
from trygg.kernel.people.models import Membership
from trygg.kernel.people.selectors import actor_from_membership

ADDRESSES = list(addresses())
OURS = [address for address in ADDRESSES if guard_of(address.view) is not None and guard_of(address.view) not in THIRD_PARTY.values()]
THEIRS = [address for address in ADDRESSES if guard_of(address.view) in THIRD_PARTY.values() and not address.name.startswith("api-1:")]
# The API's own guard is inside ninja: who may what, by endpoint: (rule, argument, field), None for whoever signed in, "" for everyone.
API = {
    "api-1:list_matters": None,
    "api-1:get_matter": ("matters.view_matter", "key", "key"),
    "api-1:list_claims": ("matters.view_matter", "key", "key"),
    "api-1:get_paper": ("matters.view_matter", "key", "key"),
    "api-1:list_register": "",
    "api-1:get_entry": "",
}
# Pages that a guard alone does not decide about, and the reason.
NOT_IN_THIS_INSTALLATION = {"ui:components"}  # only in debug

EMPTY = {"csrfmiddlewaretoken": "x"}  # a form in which nothing was filled in

pytestmark = [pytest.mark.django_db, pytest.mark.full]


@dataclass(frozen=True)
class Visitor:
    who: str
    actor: Actor
    client: Client


@pytest.fixture(scope="module")
def visitors(frozen_world: World) -> list[Visitor]:
    """Everyone who knocks, each signed in in the role named."""
    at = frozen_world.now
    actors = frozen_world.people.actors(at)
    guest = Membership.objects.get(guest=True)
    actors["guest"] = actor_from_membership(guest, now=at)
    found = [Visitor(who, actor, sign_in(Client(), actor)) for who, actor in actors.items()]
    return [*found, Visitor("nobody", ANONYMOUS, Client())]


def to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and urlsplit(answer["Location"]).path == reverse("account_login")


def refused(answer: HttpResponse) -> bool:
    return answer.status_code in (401, 403, 404) or to_sign_in(answer)


def test_every_url_has_a_guard():
    bare = [f"{address.name} ({address.route})" for address in ADDRESSES if guard_of(address.view) is None]
    assert bare == [], "decorate the view with @page(...)"


@pytest.mark.parametrize("address", OURS, ids=str)
def test_it_answers_what_its_guard_says(address: Address, frozen_world, visitors, undone):
    guard = guard_of(address.view)
    kwargs = frozen_world.kwargs(address.name, list(address.arguments))
    path = address.path(kwargs) + frozen_world.queries.get(address.name, "")
    admitted = [visitor.who for visitor in visitors if guard.admits(visitor.actor, kwargs)]
    assert admitted, "nobody may open it: either the guard shuts everyone out, or the world names the wrong row"
    for visitor in visitors:
        for method in ("GET", "POST"):
            if method == "POST" and visitor.who in admitted[2:]:
                continue  # what an empty form gives does not differ by who is admitted
            with undone():
                answer = visitor.client.get(path) if method == "GET" else visitor.client.post(path, EMPTY)
            told = f"{visitor.who} {method} {path}: {answer.status_code} {answer.get('Location', '')}"
            if not guard.public and not visitor.actor.signed_in:
                assert to_sign_in(answer) if method == "GET" else refused(answer), told
            elif method not in guard.methods:
                assert answer.status_code == 405 or (not visitor.actor.signed_in and refused(answer)), told
            elif address.name in NOT_IN_THIS_INSTALLATION:
                assert answer.status_code == 404, told
            elif visitor.who in admitted:
                assert not to_sign_in(answer), told
                # An empty form is bad input, or an act that the state of things does not allow (409, 403): never a fault.
                assert answer.status_code in ((200, 302, 422) if method == "GET" else (200, 204, 302, 400, 403, 409, 422)), told
            else:
                assert refused(answer), told


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address.name.startswith("api-1:") and address not in OURS], ids=str)
def test_the_api_answers_what_the_rules_say(address: Address, frozen_world, visitors):
    assert address.name in API, "say in this test who may call the new endpoint"
    kwargs = frozen_world.kwargs(address.name, list(address.arguments))
    rule = API[address.name]
    for visitor in visitors:
        answer = visitor.client.get(address.path(kwargs))
        if rule == "":
            right = 200
        elif not visitor.actor.signed_in:
            right = 401
        elif rule is None:
            right = 200
        else:
            action, argument, field = rule
            right = 200 if restrict(visitor.actor, action).filter(**{field: kwargs[argument]}).exists() else 404
        assert answer.status_code == right, f"{visitor.who}: {answer.status_code}"
        assert visitor.client.post(address.path(kwargs)).status_code in (401, 403, 405)


@pytest.mark.parametrize("address", THEIRS, ids=str)
def test_pages_of_libraries_do_not_break(address: Address, frozen_world, visitors, undone):
    path = address.path(frozen_world.kwargs(address.name, list(address.arguments)))
    for visitor in visitors:
        if visitor.who in ("officer", "administrator", "guest", "nobody"):
            for method in ("get", "post"):
                with undone():
                    assert getattr(visitor.client, method)(path).status_code < 500, f"{visitor.who} {method} {path}"


def test_a_guard_that_names_a_rule_names_one_that_exists():
    from trygg.kernel.access.rules import RULES

    assert {guard_of(a.view).action for a in OURS} - {None} - RULES.keys() == set()


def test_the_world_is_what_the_guards_tell_apart(frozen_world):
    """Were everyone admitted everywhere, the comparison above would show nothing."""
    guard = Guard(action="matters.view_matter", by="matter_key", field="key")
    kwargs = frozen_world.kwargs("matters:case", ["matter_key"])
    seen = {who for who, actor in frozen_world.people.actors(NOW).items() if guard.admits(actor, kwargs)}
    assert seen == {
        "administrator", "officer", "contributor", "committee_secretary", "safeguarding_lead", "data_steward", "analyst", "auditor", "partner",
    }  # fmt: skip
