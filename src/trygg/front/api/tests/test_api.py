"""The API over HTTP: who gets what, what every endpoint declares."""

import json

import pytest
from django.test import Client

from tests.world import NOW
from trygg.front.api.urls import api
from trygg.spine.publication import services
from trygg.spine.publication.tests import scene

pytestmark = pytest.mark.django_db
OPERATIONS = [
    (path, method, said)
    for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method, said in methods.items()
]


def get(path, client=None, **data):
    answer = (client or Client()).get(path, data)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("path", "method", "said"), OPERATIONS)
def test_every_endpoint_declares_its_faults(path, method, said):
    assert {"200", "401", "403", "404", "422"} <= {str(code) for code in said["responses"]}


@pytest.mark.parametrize("path", [path for path, _method, said in OPERATIONS if "/register" not in path])
def test_everything_but_the_register_needs_somebody_signed_in(people, path):
    matter = scene.matter_of(people)
    assert get(path.replace("{key}", matter.key))[0] == 401


def test_only_register_endpoints_are_open():
    open_ = {
        path
        for path, _method, said in OPERATIONS
        if not said.get("security") and not path.startswith("/api/v1/matters")
    }
    assert open_ == {"/api/v1/register", "/api/v1/register/{slug}"}


def test_each_role_gets_the_matters_that_it_may_see(people, signed_in):
    scene.matter_of(people)
    for who, actor in people.actors().items():
        code, page = get("/api/v1/matters", signed_in(actor))
        sees = who not in ("vendor", "committee_member", "partner", "outsider")
        assert (code, page["count"]) == (200, int(sees)), who
        assert get("/api/v1/matters/ordstigen", signed_in(actor))[0] == (200 if sees else 404), who
        assert get("/api/v1/matters/ordstigen/claims", signed_in(actor))[0] == (200 if sees else 404), who


def test_a_matter_with_its_facts_and_claims(people, signed_in):
    scene.packs()
    scene.matter_of(people)
    client = signed_in(people.actor("officer"))
    _code, matter = get("/api/v1/matters/ordstigen", client)
    assert matter["children"]["where"] == "Tallåsskolan, Strandskolan"
    assert {"name": "setting", "state": "value", "value": "school"}.items() <= next(
        f for f in matter["facts"] if f["name"] == "setting"
    ).items()
    assert matter["counts"]["missing"] > 1
    _code, claims = get("/api/v1/matters/ordstigen/claims", client, language="sv")
    assert claims["count"] == len(claims["items"]) > 10
    first = next(claim for claim in claims["items"] if claim["requirement"] == "benefit-named")
    assert first["text"] == "Nyttan för barn är uttalad och går att följa upp"
    assert first["status"] == "missing" and first["reasons"]


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"offset": -1}, {"kind": "robot"}, {"q": "x" * 201}]
)
def test_values_that_cannot_be_read_are_said(people, signed_in, asked):
    code, fault = get("/api/v1/matters", signed_in(people.actor("officer")), **asked)
    assert code == 422 and fault["detail"][0]["loc"][-1] == next(iter(asked))


def test_the_register_for_everyone(people):
    version = scene.published(people)
    code, page = get("/api/v1/register", q="tallåsskolan")
    assert code == 200 and page["count"] == 1 and page["items"][0]["slug"] == "ordstigen"
    code, entry = get("/api/v1/register/ordstigen")
    assert code == 200 and entry["content_hash"] == version.content_hash and entry["content"]["key"] == "ordstigen"
    services.retract_entry(actor=people.actor("officer"), now=NOW, entry=version.entry, reason="wrong")
    code, entry = get("/api/v1/register/ordstigen")
    assert code == 410 and entry["content"] is None and entry["reason"]["en"]
    assert get("/api/v1/register/nothing")[0] == 404


def test_other_methods_are_refused(client):
    assert client.post("/api/v1/register").status_code == 405
    assert client.delete("/api/v1/matters/x").status_code == 405


def test_the_description_is_served_and_has_no_page_with_scripts(client):
    assert client.get("/api/v1/openapi.json").json() == json.loads(json.dumps(api.get_openapi_schema()))
    assert client.get("/api/v1/docs").status_code == 404
