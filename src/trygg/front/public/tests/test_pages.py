"""The public pages over HTTP: what everyone reads, what nobody reads, how many queries it takes, and no cookies."""

import csv
import io
import json
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import NOW
from trygg.engines.records.guard import unguard
from trygg.front.public.urls import urlpatterns
from trygg.spine.publication import sections, services
from trygg.spine.publication.content import content_hash
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.tests import scene

pytestmark = [pytest.mark.django_db, pytest.mark.full]
READINGS = ("parent", "child", "details", "all")


def get(path: str, client: Client | None = None, **data):
    return (client or Client()).get(path, data)


def text_of(answer) -> str:
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def retract(version, people, **more):
    return services.retract_entry(
        actor=people.actor("officer"), now=NOW, entry=version.entry, **{"reason": "wrong", **more}
    )


@pytest.fixture
def published(people):
    return scene.published(people)


@pytest.fixture
def with_case(people):
    """Published with the packs that Trygg ships: claims, and words for ages and settings."""
    scene.packs()
    return scene.published(people)


def test_the_address_itself_leads_to_the_register_or_home(people, signed_in):
    assert get("/").url == "/register/"
    assert signed_in(people.actor("officer")).get("/").url == "/home/"


def test_one_finds_by_school_whatever_the_case_of_the_letters(people, published):
    scene.published(people, scene.matter_of(people, "Schemahjälpen", children_where="Ekskolan"))
    answer = text_of(get("/register/", q="TALLÅSSKOLAN"))
    assert "Word Path" in answer and "Schemahjälpen" not in answer
    assert "Nothing about" in text_of(get("/register/", q="Tallåsskolan Ekskolan"))


@pytest.mark.parametrize(
    "asked", [{"kind": "plan"}, {"stage": "retired"}, {"owner": "thornbury"}, {"age": "16-17"}, {"setting": "police"}]
)
def test_filters_leave_out_what_does_not_fit_and_ignore_what_does_not_exist(people, with_case, asked):
    known = {"kind", "stage"} & set(asked)
    assert ("Word Path" in text_of(get("/register/", **asked))) is not bool(known)


@pytest.mark.parametrize(
    "asked",
    [{"kind": "deployment"}, {"stage": "idea"}, {"owner": "lindvika-bun"}, {"age": "6-8"}, {"setting": "school"}],
)
def test_filters_keep_what_fits(people, with_case, asked):
    assert "Word Path" in text_of(get("/register/", **asked))


@pytest.mark.parametrize(
    "asked",
    [{"q": "\0"}, {"q": "%"}, {"q": "_" * 5000}, {"page": "-1"}, {"page": "x"}, {"kind": "<script>"}, {"age": "|"}],
)
def test_a_strange_search_never_fails(people, published, asked):
    assert get("/register/", **asked).status_code == 200


def test_what_is_searched_for_is_shown_and_not_run(people, published):
    assert "<script>alert" not in text_of(get("/register/", q="<script>alert(1)</script>"))


def test_the_page_says_what_is_missing(people, with_case):
    answer = text_of(get("/register/ordstigen/"))
    assert "things are missing" in answer and "What is not settled?" in answer
    assert "We have not written this down yet." in answer  # nobody wrote what happens with the data


def test_the_child_page_says_what_is_not_ready(people, with_case):
    answer = text_of(get("/register/ordstigen/", reading="child"))
    assert "Not yet. Grown-ups must still fix some things." in answer
    assert "Du läser högt." in answer and 'lang="sv"' in answer


def test_in_swedish(people, published):
    answer = text_of(Client(headers={"accept-language": "sv"}).get("/register/ordstigen/"))
    assert (
        '<html lang="sv"' in answer
        and "Ordstigen hjälper barn att öva läsning" in answer
        and "Läraren bestämmer alltid" in answer
    )


def test_advice_decision_and_dissent_are_shown(people):
    def advice(matter, now):
        return {
            "heading": {"en": "What the ethics committee advised"}, "lede": {"en": "Support with conditions"}, "date": "2026-11-20",
            "items": [{"text": {"und": "Bara efter skoltid"}, "due_on": "2027-01-15"}], "child": {"en": "The committee said yes, if it gets better."},
            "quotes": [{"text": {"und": "Barnen blev inte tillfrågade."}, "by": {"en": "Member for parents"}}],
            "seats": [{"group": {"en": "Parents"}, "places": 2, "votes": ["yes", "no"]}],
        }  # fmt: skip

    sections.register("test.advice", 10, advice)
    try:
        scene.published(people)
    finally:
        del sections.SECTIONS["test.advice"]
    for reading in ("parent", "details"):
        answer = text_of(get("/register/ordstigen/", reading=reading))
        assert all(
            words in answer
            for words in (
                "Support with conditions",
                "Bara efter skoltid",
                "Barnen blev inte tillfrågade.",
                "Member for parents",
            )
        )
    assert "The committee said yes" in text_of(get("/register/ordstigen/", reading="child"))


def test_html_from_outside_is_cleaned_on_every_reading(people):
    dirty = "<p>Övar <b>läsning</b><script>alert(1)</script><img src=x onerror=alert(2)></p>"
    texts = {"sv": {"summary": dirty, "child_summary": dirty, "data": dirty}}
    scene.published(people, scene.matter_of(people, children_told=dirty, children_where=dirty), texts=texts)
    for path in ("/register/", *(f"/register/ordstigen/?reading={reading}" for reading in READINGS)):
        answer = text_of(get(path))
        assert "alert(" not in answer and "onerror" not in answer, path
    assert "<b>läsning</b>" in text_of(get("/register/ordstigen/"))


def everywhere(version) -> list[str]:
    number = version.number
    return [
        "/register/", "/register.json", "/register.csv", "/register/ordstigen/", "/register/ordstigen.json",
        f"/register/ordstigen/v/{number}/", f"/register/ordstigen/v/{number}.json", "/api/v1/register", "/api/v1/register/ordstigen",
    ]  # fmt: skip


@pytest.mark.parametrize("step", ["drafted", "asked", "approved"])
def test_nothing_of_a_draft_leaks(people, step):
    version = getattr(scene, step)(people)
    for path in everywhere(version):
        answer = get(path)
        assert "läsning" not in text_of(answer) and "Ordstigen" not in text_of(answer), path
    assert get("/register/ordstigen/").status_code == 404


@pytest.mark.parametrize("step", ["drafted", "asked", "approved"])
def test_nothing_of_the_next_draft_leaks_beside_what_is_published(people, published, step):
    version = getattr(scene, step)(people, published.entry.matter, texts={"sv": {"summary": "Ett hemligt utkast."}})
    assert version.number == 2
    for path in everywhere(version):
        assert "hemligt" not in text_of(get(path)), path
    assert get("/register/ordstigen/v/2/").status_code == 404
    assert get("/register/ordstigen/v/1/").status_code == 200


def test_a_permanent_link_stays_when_a_newer_version_comes(people, published):
    scene.published(
        people, published.entry.matter, texts={"en": {"summary": "A newer text."}, "sv": {"summary": "En nyare text."}}
    )
    first, now = text_of(get("/register/ordstigen/v/1/")), text_of(get("/register/ordstigen/"))
    assert "as it was published on" in first and "A newer text." not in first and "The teacher always decides." in first
    assert "A newer text." in now


def test_a_retracted_page_says_so_when_and_why_and_shows_nothing_else(people, published):
    retract(published, people)
    for path in ("/register/ordstigen/", "/register/ordstigen/v/1/"):
        answer = get(path)
        assert answer.status_code == 410
        body = text_of(answer)
        assert (
            "This page was retracted" in body
            and "Something on the page was wrong." in body
            and "22\u00a0November\u00a02026" in body
        )
        assert "läsning" not in body and "Word Path" not in body
    data = json.loads(text_of(get("/register/ordstigen.json")))
    assert data["state"] == "retracted" and data["reason"]["sv"] and "content" not in data
    assert "Word Path" not in text_of(get("/register/"))


def test_json_gives_the_whole_content_whose_hash_can_be_worked_out_again(people, published):
    data = json.loads(text_of(get("/register/ordstigen.json")))
    assert data["content"] == EntryVersion.objects.get().content
    assert content_hash(data["content"]) == data["content_hash"] == published.content_hash
    assert data["permanent_url"].endswith("/register/ordstigen/v/1/")


def test_the_list_as_json_and_csv_says_the_same(people, with_case):
    scene.published(people, scene.matter_of(people, "=cmd()", children_where='Ek"skolan, \n Tall;skolan'))
    entries = json.loads(text_of(get("/register.json")))["entries"]
    table = text_of(get("/register.csv"))
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert [row["slug"] for row in rows] == [entry["slug"] for entry in entries]
    assert '"=cmd' not in table and ",=cmd" not in table
    for row, entry in zip(rows, entries, strict=True):
        assert unguard(row["title_und"]) == entry["title"].get("und", "")
        assert unguard(row["title_sv"]) == entry["title"].get("sv", "")
        assert unguard(row["where"]) == entry["where"]
        assert row["ages"].split(";") == entry["ages"]
        assert int(row["missing"]) == entry["counts"].get("missing", 0)
        assert row["url"] == entry["url"]


def test_the_data_follows_the_search(people, published):
    scene.published(people, scene.matter_of(people, "Schemahjälpen", children_where="Ekskolan"))
    assert len(json.loads(text_of(get("/register.json", q="Ekskolan")))["entries"]) == 1
    assert len(text_of(get("/register.csv", q="Ekskolan")).strip().splitlines()) == 2


def test_pages_point_to_their_data(people, published):
    assert '<link rel="alternate" type="application/json" href="/register/ordstigen.json">' in text_of(
        get("/register/ordstigen/")
    )
    answer = text_of(get("/register/", q="ord"))
    assert 'href="/register.json?q=ord"' in answer and 'href="/register.csv?q=ord"' in answer


def public_paths() -> list[str]:
    given = {"slug": "ordstigen", "number": 1, "role": "officer"}
    paths = []
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        paths.append(reverse(f"public:{pattern.name}", kwargs={name: given[name] for name in names}))
    return paths


def test_no_cookie_is_set_for_readers(people, published):
    for path in [*public_paths(), *(f"/register/ordstigen/?reading={reading}" for reading in READINGS)]:
        client = Client()
        answer = client.get(path)
        text_of(answer)
        assert not answer.cookies and not client.cookies, path
    client = Client()
    client.post("/language/", {"language": "sv", "next": "/register/"})
    assert set(client.cookies) == {"django_language"}


class Page(HTMLParser):
    """What a test asks of a page: headings, ids in order, inline styles and scripts, names of text inputs by form action."""

    def __init__(self, text: str):
        super().__init__()
        self.h1, self.inline, self.inputs, self.ids, self.leave = 0, [], set(), [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.h1 += tag == "h1"
        self.leave |= "data-leave" in given
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "textarea" or (
            tag == "input" and given.get("type", "text") in ("text", "search", "email", "url", "tel")
        ):
            self.inputs.add(given.get("name"))


def pages(published) -> dict[str, Page]:
    paths = [path for path in public_paths() if not path.endswith((".json", ".csv", ".txt")) and path != "/"]
    paths += [f"/register/ordstigen/?reading={reading}" for reading in READINGS]
    return {path: Page(text_of(get(path))) for path in paths}


def test_every_page_has_one_heading_a_way_out_and_the_help_box_last(people, published):
    for path, page in pages(published).items():
        assert page.h1 == 1 and page.leave and "help" in page.ids, path
        assert not page.inline, path
        assert len(page.ids) == len(set(page.ids)), f"{path}: {sorted(i for i in page.ids if page.ids.count(i) > 1)}"
        body = text_of(get(path))
        assert (
            body.index('id="help"') > body.index("</h1>")
            and "<h2" not in body[body.index('id="help-box"') + 20 : body.index("</main>")]
        ), path


def test_the_municipalitys_name_stands_in_the_header(people, published):
    for path in ("/register/", "/register/ordstigen/"):
        body = text_of(get(path))
        assert "Lindvika kommun" in body[: body.index("</header>")]


@pytest.mark.parametrize("many", [1, 25])
def test_the_list_takes_at_most_five_queries(people, many, django_assert_max_num_queries):
    first = scene.published(people)
    for n in range(many - 1):
        scene.published(people, scene.matter_of(people, f"System {n}"))
    client = Client()
    client.get("/register/")
    assert first.number == 1
    with django_assert_max_num_queries(5):
        assert client.get("/register/", {"q": "tallåsskolan", "age": "6-8"}).status_code == 200


def test_what_is_kept_of_the_list_is_never_out_of_date(people, published):
    from trygg.kernel.people.models import Organisation

    before = text_of(get("/register/"))
    assert text_of(get("/register/")) == before
    second = scene.published(people, scene.matter_of(people, "Schemahjälpen"))
    assert second.entry.slug in text_of(get("/register/"))
    retract(second, people)
    assert second.entry.slug not in text_of(get("/register/"))
    Organisation.objects.filter(slug=published.entry.matter.owner.slug).update(name="Another name")
    Organisation.objects.filter(pk=published.entry.matter.owner.parent_id).update(name="Another name")
    assert "Another name" in text_of(get("/register/"))


def test_what_is_kept_of_the_list_is_nobodys(people, published, signed_in, settings):
    """Who is known, or comes with a message, gets a page of his own, and leaves nothing to others."""
    from django.contrib.messages import constants
    from django.contrib.messages.storage.base import Message
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.test import RequestFactory

    stranger = text_of(get("/register/"))
    mine = text_of(signed_in(people.actor("officer")).get("/register/"))
    told = Client()
    told.cookies["messages"] = CookieStorage(RequestFactory().get("/"))._encode([Message(constants.SUCCESS, "You have signed out.")])
    assert "You have signed out." in text_of(told.get("/register/"))
    assert text_of(get("/register/")) == stranger
    assert mine.count("<li") == stranger.count("<li")
    dark = Client()
    dark.cookies["scheme"] = "dark"
    assert 'data-scheme="dark"' in text_of(dark.get("/register/")) and 'data-scheme="dark"' not in text_of(get("/register/"))
    assert 'lang="sv"' in text_of(Client().get("/register/", headers={"accept-language": "sv"}))


@pytest.mark.parametrize("reading", READINGS)
def test_a_page_takes_at_most_six_queries(people, with_case, reading, django_assert_max_num_queries):
    client = Client()
    with django_assert_max_num_queries(6):
        assert client.get("/register/ordstigen/", {"reading": reading, "q": "skolan"}).status_code == 200


def test_the_log_page_shows_key_and_checkpoint(people, published):
    from trygg.kernel.ledger.checkpoints import make_checkpoint
    from trygg.kernel.ledger.keys import make_key, public_key

    assert "There is no key" in text_of(get("/about/log/")) or make_key() is False
    make_key()
    latest = make_checkpoint(now=NOW)
    body = text_of(get("/about/log/"))
    assert str(public_key()).split("+")[0] in body and "trygg ledger verify" in body
    assert text_of(get("/about/log/checkpoint.txt")) == latest.note


def test_the_help_leads_to_a_guide_for_each_role(client):
    from trygg.front.public.guides import GUIDES

    body = text_of(get("/help/"))
    for guide in GUIDES:
        assert f'href="/help/{guide.role}/"' in body
        assert get(f"/help/{guide.role}/").status_code == 200
    assert get("/help/nobody/").status_code == 404


def test_a_register_of_two_countries_shows_the_numbers_of_both_the_readers_first():
    from types import SimpleNamespace

    from django.utils import translation

    from trygg.front.public.views import host_of
    from trygg.kernel.safeguard.helplines import helplines

    class Body(SimpleNamespace):
        __hash__ = object.__hash__

    owners = [Body(parent=None, name="Eastmere", jurisdiction="UK"), Body(parent=None, name="Lindvika", jurisdiction="SE")]
    for language, order in (("sv", "SE UK"), ("en", "UK SE")):
        with translation.override(language):
            assert host_of(owners)["jurisdiction"] == order
            lines = helplines(order)
            assert {line.number for line in lines} == {"116 111", "112", "0800 1111", "999"}
            assert all(line.name.endswith(("(SE)", "(UK)")) for line in lines)
    assert [line.number for line in helplines("SE")] == ["116 111", "112"]
