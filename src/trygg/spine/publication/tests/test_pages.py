"""The owner's pages over HTTP: who gets in, what each step offers, and that what was typed is never lost."""

import pytest
from django.urls import reverse

from tests.world import NOW
from trygg.kernel.access import Role
from trygg.spine.publication import services
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.tests import scene

pytestmark = [pytest.mark.django_db, pytest.mark.full]

SEES = {
    "officer",
    "administrator",
    "contributor",
    "committee_secretary",
    "safeguarding_lead",
    "data_steward",
    "analyst",
    "auditor",
}
EDITS = {"officer", "administrator"}


def pages(version: EntryVersion) -> dict[str, set[str]]:
    """Each page that can be opened, and who may."""
    key, entry = version.entry.matter.key, version.entry_id
    return {
        reverse("publication:overview", args=[key]): SEES,
        reverse("publication:version", args=[version.pk]): SEES,
        reverse("publication:draft", args=[key]): EDITS,
        reverse("publication:ask", args=[version.pk]): EDITS if version.state == "draft" else set(),
        reverse("publication:return", args=[version.pk]): EDITS if version.asked_at and version.is_open else set(),
        reverse("publication:retract", args=[entry]): EDITS if version.state == "published" else set(),
    }


@pytest.mark.parametrize("step", ["drafted", "asked", "approved", "published"])
def test_each_role_opens_what_its_rule_says(people, signed_in, step):
    version = getattr(scene, step)(people)
    for who, actor in people.actors().items():
        for path, allowed in pages(version).items():
            answer = signed_in(actor).get(path)
            assert answer.status_code == (200 if who in allowed else 404), (who, path)


def test_nobody_gets_in_without_signing_in(people, client):
    for path in pages(scene.asked(people)):
        answer = client.get(path)
        assert answer.status_code == 302 and "/accounts/" in answer.url, path


def test_posts_of_those_who_may_not_change_nothing(people, signed_in):
    version = scene.asked(people)
    for who in ("officer", "contributor", "auditor", "vendor", "outsider"):
        client = signed_in(people.actor(who))
        assert (
            client.post(
                reverse("publication:approve", args=[version.pk]), {"content_hash": version.content_hash}
            ).status_code
            == 404
        )
        assert client.post(reverse("publication:publish", args=[version.pk])).status_code == 404
    assert EntryVersion.objects.get().state == "draft"


def test_the_whole_way_by_two_people(people, signed_in):
    matter = scene.matter_of(people)
    officer = signed_in(people.actor("officer"))
    answer = officer.post(
        reverse("publication:draft", args=[matter.key]) + "?language=sv",
        {"summary_sv": "Läraren bestämmer.", "child_summary_sv": "Du läser."},
    )
    version = EntryVersion.objects.get()
    assert answer.url == reverse("publication:version", args=[version.pk])
    assert "Ask for approval" in officer.get(answer.url).content.decode()
    officer.post(reverse("publication:ask", args=[version.pk]), {"approver": ""})
    waiting = officer.get(answer.url).content.decode()
    assert "another person must approve it" in waiting and "Approve the page" not in waiting
    other = signed_in(people.actor("administrator"))
    page = other.get(answer.url)
    assert "Approve the page" in page.content.decode() and "Läraren bestämmer." in page.content.decode()
    other.post(reverse("publication:approve", args=[version.pk]), {"content_hash": version.content_hash})
    other.post(reverse("publication:publish", args=[version.pk]))
    version.refresh_from_db()
    assert (version.state, version.made_by, version.approved_by) == (
        "published",
        people.person("officer"),
        people.person("administrator"),
    )
    assert other.get("/register/ordstigen/").status_code == 200


def test_what_was_typed_stays_when_it_is_refused(people, signed_in):
    matter = scene.matter_of(people)
    client = signed_in(people.actor("officer"))
    typed = "Fråga Karin Ek om Ordstigen."
    answer = client.post(
        reverse("publication:draft", args=[matter.key]) + "?language=sv",
        {"summary_sv": typed, "headline_sv": "x" * 130},
    )
    body = answer.content.decode()
    assert answer.status_code == 422 and typed in body and "x" * 130 in body
    assert "Write the role instead" in body and not EntryVersion.objects.exists()


def test_writing_one_language_leaves_the_other(people, signed_in):
    version = scene.drafted(people)
    signed_in(people.actor("officer")).post(
        reverse("publication:draft", args=["ordstigen"]) + "?language=en", {"summary_en": "Another text."}
    )
    version.refresh_from_db()
    assert version.texts == {"sv": scene.TEXTS["sv"], "en": {"summary": "Another text."}}


def test_an_old_tab_cannot_approve_what_it_did_not_show(people, signed_in):
    version = scene.asked(people)
    client = signed_in(people.actor("administrator"))
    answer = client.post(reverse("publication:approve", args=[version.pk]), {"content_hash": "old"}, follow=True)
    assert "was changed after you opened it" in answer.content.decode()
    version.refresh_from_db()
    assert version.state == "draft"


def test_sending_back_asks_the_maker_to_correct(people, signed_in):
    version = scene.asked(people)
    client = signed_in(people.actor("administrator"))
    assert client.post(reverse("publication:return", args=[version.pk]), {"reason": " "}).status_code == 422
    client.post(reverse("publication:return", args=[version.pk]), {"reason": "Säg vem som bestämmer."})
    body = signed_in(people.actor("officer")).get(reverse("publication:draft", args=["ordstigen"])).content.decode()
    assert "Säg vem som bestämmer." in body


def test_the_preview_is_what_the_public_sees_afterwards(people, signed_in):
    version = scene.approved(people)
    client = signed_in(people.actor("officer"))
    before = {}
    for reading in ("parent", "child", "details"):
        body = client.get(reverse("publication:version", args=[version.pk]), {"reading": reading}).content.decode()
        before[reading] = body[body.index("<h1") : body.index("<aside")]
    services.publish_entry(actor=people.actor("officer"), now=NOW, version=version)
    for reading, seen in before.items():
        body = client.get("/register/ordstigen/", {"reading": reading}).content.decode()
        assert body[body.index("<h1") : body.index("<aside")] == seen


def test_texts_that_are_hard_for_children_are_warned_about(people, signed_in):
    hard = "Utbildningsförvaltningen ansvarar för personuppgiftsbehandlingen enligt dataskyddsförordningens bestämmelser om offentlighet."
    version = scene.drafted(people, texts={"sv": {"summary": "Läraren bestämmer.", "child_summary": hard}})
    client = signed_in(people.actor("officer"))
    for path in (
        reverse("publication:version", args=[version.pk]),
        reverse("publication:draft", args=["ordstigen"]) + "?language=sv",
    ):
        assert "It is hard for a child; aim at 25." in client.get(path).content.decode()


def test_the_case_page_says_when_the_published_page_differs(people, signed_in):
    from trygg.spine.matters.services import set_stage

    version = scene.published(people)
    client = signed_in(people.actor("officer"))
    assert "It says how the case is." in client.get("/matters/ordstigen/").content.decode()
    set_stage(actor=people.actor("officer"), now=NOW, matter=version.entry.matter, stage="trial")
    assert (
        "The published page differs from the case:</b> the stage." in client.get("/matters/ordstigen/").content.decode()
    )


def test_the_approver_meets_it_as_the_main_action_of_the_case(people, signed_in):
    scene.asked(people)
    assert (
        "Read and approve the public page"
        in signed_in(people.actor("administrator")).get("/matters/ordstigen/").content.decode()
    )
    assert (
        "Read and approve the public page"
        not in signed_in(people.actor(Role.OFFICER)).get("/matters/ordstigen/").content.decode()
    )


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("step", ["drafted", "asked", "approved", "published"])
def test_every_page_has_one_heading_in_both_languages(people, signed_in, step, language):
    version = getattr(scene, step)(people)
    client = signed_in(people.actor("administrator"))
    client.cookies["django_language"] = language
    for path, allowed in pages(version).items():
        if "administrator" in allowed:
            body = client.get(path).content.decode()
            assert body.count("<h1") == 1 and f'<html lang="{language}"' in body and ' style="' not in body, path
