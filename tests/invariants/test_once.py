"""A form that makes something makes it once, however often it is sent, also without script (`kernel/ledger/once.py`)."""

import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.invariants.urls import addresses
from tests.world import World, sign_in
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.tests import dossiers
from trygg.apps.committees.models import Item
from trygg.apps.fairness.tests.scene import documents, rows_csv
from trygg.apps.fairness.tests.test_audit_pages import DAY as DATA_DAY
from trygg.apps.fairness.tests.test_audit_pages import FILLED as DECLARED
from trygg.apps.fairness.tests.test_audit_pages import sent
from trygg.kernel.ledger import once
from trygg.kernel.ledger.models import Entry, Sent
from trygg.spine.assurance.models import Claim
from trygg.spine.assurance.selectors import wanted_documents
from trygg.spine.frameworks.tests.examples import own_pack
from trygg.spine.frameworks.uploads import Draft, sealed
from trygg.spine.matters.models import Matter, System
from trygg.spine.papers.tests.scene import docx
from trygg.spine.publication.tests.scene import CASE, case_file

pytestmark = [pytest.mark.django_db, pytest.mark.full]
ADDRESSES = [address for address in addresses() if getattr(address.view, "once", False)]
DAY = {"day_day": "1", "day_month": "3", "day_year": "2027", "time": "15:00"}
ENDS = {"ends_on_day": "1", "ends_on_month": "3", "ends_on_year": "2027"}
CHARTER = {"rule": "simple", "quorum_share": "1/2", "quorum_base": "eligible", "answer_days": "14"}
# What each form is filled in with, and by whom; a dict that asks the world is a function.
FORMS: dict[str, tuple[str, dict | Callable[[World], dict]]] = {
    "matters:new": ("officer", {"kind": "deployment", "title": "Platsfördelning", "system_name": "Platsvis"}),
    "matters:share": (
        "officer",
        lambda world: {"organisation": world.people.agency.pk, "level": "read", "purpose": "Samråd", "legal_basis": "Ingen uppgift om barn"} | ENDS,
    ),
    "matters:open_many": (
        "officer", lambda world: {"kind": "deployment", "accountable": world.people.memberships["officer"].pk, "system": waiting_system()},
    ),
    "matters:imports": ("officer", lambda world: {"file": SimpleUploadedFile("more.csv", b"name;vendor\nNytt;Bolaget\n")}),
    "committees:new": ("committee_secretary", {"name": "Rådet", "slug": "radet"} | CHARTER),
    "committees:fill_seat": (
        "committee_secretary", lambda world: {"membership": world.people.memberships["analyst"].pk, "stakeholder_group": "researchers"},
    ),
    "committees:plan": ("committee_secretary", DAY),
    "committees:call_item": (
        "committee_secretary", lambda world: {"matter": Matter.objects.get(key=world.arguments["matter_key"]).pk, "title": "Får den användas?"},
    ),
    "committees:add_action": (
        "committee_secretary",
        lambda world: {
            "item": Item.objects.get(pk=world.arguments["item_id"]).agenda_id, "text": "Rita om frågorna",
            "owner": world.people.memberships["officer"].pk,
        },
    ),
    "archive:ask": ("administrator", {"purpose": "Stadsarkivet", "understood": "on"}),
    "people:invite": ("administrator", {"email": "annan@lindvika.example", "role": "officer"}),
    "people:ask": ("officer", lambda world: {"organisation": world.people.agency.pk, "name": "Gun", "email": "gun@norra-vik.example"}),
    "case:document": (
        "officer", lambda world: {"title": "Bedömning", "file": SimpleUploadedFile("a.txt", b"Bedomning igen")},
    ),
    "case:documents": ("officer", lambda world: {"files": SimpleUploadedFile("old.txt", b"An older assessment")}),
    "case:contest": ("officer", {"title": "Det stämmer inte", "note": "Vi har frågat."}),
    "publication:case_file": ("officer", lambda world: {"file": SimpleUploadedFile("case.json", another_case())}),
    "publication:other_here": ("officer", {"piece": "0"}),
    "publication:other_outside": ("officer", {"piece": "0"}),
    "papers:templates": (
        "administrator",
        lambda world: {
            "organisation": world.people.board.pk, "paper": "report", "language": "sv",
            "file": SimpleUploadedFile("mall.docx", docx("{{ title }}, {{ summary }}")),
        },
    ),
    "assessments:start": ("officer", {}),
    "assessments:begin_dossier": ("vendor", {"title": "Läslyft Plus"}),
    "assessments:add_dossier_entry": ("vendor", {"name": "Talmoln"}),
    "assessments:publish_dossier": ("vendor", {"system_version": "4.1", "changes": "Mer om buller."}),
    "assessments:reuse": ("officer", lambda world: {"take": offered(world)}),
    "assessments:upgrade": ("officer", {}),
    "assessments:next_phase": ("officer", {}),
    "assessments:obligation": ("officer", {"note": "We told the parents."}),
    "assessments:add_entry": ("officer", {"name": "Betyg"}),
    "assessments:ask_reader": ("officer", lambda world: {"who": world.people.memberships["safeguarding_lead"].pk}),
    "fairness:declare": ("analyst", DECLARED),
    "fairness:repeat": ("analyst", DECLARED),
    "fairness:receive": ("analyst", lambda world: sent(documents()[1])),
    "fairness:rows": (
        "analyst",
        lambda world: {
            "file": SimpleUploadedFile("rows.csv", rows_csv()), "controller": "Barnnämnden", "basis": "task", "dpia": "BUN 2026/17",
            "delete_on_day": "7", "delete_on_month": "12", "delete_on_year": "2026",
        } | DATA_DAY,
    ),
    "fairness:use": ("analyst", {}),
    "frameworks:upload": (
        "administrator", lambda world: {"draft": sealed(Draft(own_pack("2.0.0"), "pack"), world.people.board)},
    ),
}  # fmt: skip


def another_case() -> bytes:
    return case_file(CASE | {"number": 3})


def offered(world: World) -> str:
    """The first answer that is offered to the assessment."""
    assessment = Assessment.objects.get(pk=world.arguments["assessments:reuse assessment_id"])
    return dossiers.offered(world.people.actors(world.now)["officer"], assessment).given[0].key


def waiting_system() -> str:
    return str(System.objects.get(name="Ordrätt").pk)


def counted() -> dict[str, int]:
    """How many rows each table has, without what is no thing of anybody's."""
    left_out = {"ledger.Sent", "sessions.Session", "ledger.Tile"}
    models = [model for model in apps.get_models() if model._meta.managed and model._meta.label not in left_out]
    return {model._meta.label: model._default_manager.count() for model in models if model._default_manager}


def filled(world: World, address) -> tuple[str, dict]:
    who, given = FORMS[address.name]
    return who, given(world) if callable(given) else dict(given)


def path_of(world: World, address) -> str:
    kwargs = world.kwargs(address.name, list(address.arguments))
    if address.name == "case:document":  # a claim that asks for a document
        kwargs["claim_id"] = next(claim.pk for claim in Claim.objects.order_by("pk") if wanted_documents(claim))
    return address.path(kwargs) + world.queries.get(address.name, "")


def test_each_form_that_acts_once_is_tried_here():
    assert {address.name for address in ADDRESSES} == set(FORMS), "say in FORMS how the form is filled in"


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_sent_twice_it_makes_one_and_leads_to_the_same_page(address, frozen_world, undone):
    who, given = filled(frozen_world, address)
    client = sign_in(Client(), frozen_world.people.actors(frozen_world.now)[who])
    path = path_of(frozen_world, address)
    with undone():
        page = (client.post(path, {"system": given["system"]}) if address.name == "matters:open_many" else client.get(path)).content.decode()
        token = re.search(rf'name="{once.FIELD}" value="([^"]+)"', page)
        assert token, "the form has no {% once %}"
        given |= {once.FIELD: token[1]} | defaults(page, given)
        start = counted()
        first = client.post(path, given)
        assert first.status_code == 302, "the form in FORMS is not filled in right"
        made = counted()
        assert made != start
        for value in given.values():
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
        second = client.post(path, given)
        assert (second.status_code, second["Location"]) == (302, first["Location"])
        assert counted() == made, "the second one made something, too"
        assert "sent twice" in client.get(second["Location"], follow=True).content.decode()


def defaults(page: str, given: dict) -> dict:
    """The first choice of each question that FORMS says nothing of."""
    choices = re.findall(r'<input type="(?:radio|hidden)" name="(\w+)" value="([^"]+)"', page)
    return {name: value for name, value in reversed(choices) if name not in given and name != "csrfmiddlewaretoken"}


@pytest.fixture
def officer(frozen_world) -> Client:
    return sign_in(Client(), frozen_world.people.actors(frozen_world.now)["officer"])


NEW = {"kind": "plan", "title": "Ny skolväg", once.FIELD: "a" * 32}


def matters() -> int:
    return Matter.objects.filter(title__startswith="Ny skolväg").count() - 1  # the world has one


def test_another_content_is_another_act(officer):
    """Who goes back in the browser, corrects what was typed and sends, wants the correction."""
    for title in ("Ny skolväg A", "Ny skolväg B", "Ny skolväg B"):
        officer.post("/matters/new/", NEW | {"title": title})
    assert matters() == 2


def test_what_was_refused_may_be_sent_again_with_the_same_token(officer):
    assert officer.post("/matters/new/", NEW | {"title": ""}).status_code == 422
    assert officer.post("/matters/new/", NEW).status_code == 302
    assert matters() == 1


def test_another_person_with_the_same_token_acts_for_themself(officer, frozen_world):
    other = sign_in(Client(), frozen_world.people.actors(frozen_world.now)["administrator"])
    for client in (officer, other):
        assert client.post("/matters/new/", NEW).status_code == 302
    assert matters() == 2


def test_without_a_token_nothing_is_remembered(officer):
    before = Sent.objects.count()
    officer.post("/matters/new/", {name: value for name, value in NEW.items() if name != once.FIELD} | {"title": "Ny skolväg C"})
    assert Sent.objects.count() == before


def test_after_a_session_that_ran_out_the_text_is_kept_and_sent_once(frozen_world, undone):
    """The page that keeps the text keeps the token, too."""
    client = Client()
    with undone():
        kept = client.post("/matters/new/", NEW | {"summary": "Två meningar. Som ingen vill skriva igen."})
        assert kept.status_code == 401
        page = kept.content.decode()
        assert "Som ingen vill skriva igen." in page
        again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)) | dict(
            re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', page)
        )
        assert again[once.FIELD] == NEW[once.FIELD]
        sign_in(client, frozen_world.people.actors(frozen_world.now)["officer"])
        first, second = client.post("/matters/new/", again), client.post("/matters/new/", again)
        assert (first.status_code, second["Location"], matters()) == (302, first["Location"], 1)


def test_a_first_request_that_died_before_its_reply_leads_to_what_it_made(officer, frozen_world, undone, monkeypatch):
    monkeypatch.setattr(once, "PATIENCE", 0.0)
    with undone():
        first = officer.post("/matters/new/", NEW)
        Sent.objects.update(place="")  # as it stands between commit and reply
        second = officer.post("/matters/new/", NEW)
        made = Matter.objects.filter(title="Ny skolväg").latest("pk")
        assert (first.status_code, second["Location"], matters()) == (302, f"/matters/{made.key}/", 1)


def test_what_was_sent_long_ago_is_forgotten(officer, frozen_world, undone):
    with undone():
        officer.post("/matters/new/", NEW)
        entries = Entry.objects.count()
        assert once.forget_sent(before=frozen_world.now) == 0
        assert once.forget_sent(before=frozen_world.now.replace(year=2027)) >= 1
        assert Entry.objects.count() == entries
