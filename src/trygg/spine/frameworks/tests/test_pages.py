"""Uploading in two steps: what is shown, what is stored and what is not."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from trygg.kernel.access import Role
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.tests.examples import own_pack, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(people, signed_in):
    return signed_in(people.actor(Role.ADMINISTRATOR))


def send(client, data, **more):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post("/instruments/upload/", {"file": SimpleUploadedFile("own.json", raw)}, **more)


def draft_in(answer) -> str:
    return re.search(r'name="draft" value="([^"]+)"', answer.content.decode())[1]


def test_a_preview_stores_nothing_and_the_second_step_publishes_what_was_shown(administrator):
    shown = send(administrator, own_pack().data)
    assert shown.status_code == 200 and not PackVersion.objects.exists()
    assert "Our own questions" in shown.content.decode() and "Who was asked?" in shown.content.decode()
    made = administrator.post("/instruments/upload/", {"draft": draft_in(shown)})
    version = PackVersion.objects.get()
    assert made["Location"] == f"/instruments/{version.pk}/" and version.content["id"] == version.pack_id
    assert administrator.get(made["Location"]).status_code == 200


def test_the_next_version_shows_what_it_changes(administrator, people):
    published(people)
    data = json.loads(json.dumps(own_pack("1.1.0").data))
    item = data["sections"][0]["items"][0]
    item["text"] = {"en": "Which children were asked?", "sv": "Vilka barn frågades?"}
    item["choices"][1]["points"] = {"risk": 4}
    data["sections"][0]["items"].append({**item, "id": "how", "text": {"en": "How?", "sv": "Hur?"}})
    data["tests"] = [{"name": "nobody", "answers": {"who": "none"}, "expect": {"scores": {"risk": 4}}}]
    text = send(administrator, data).content.decode()
    for words in ("Who was asked?", "Which children were asked?", "How?", "risk 3", "risk 4", "Version 1.1.0 takes the place of 1.0.0"):
        assert words in text, words
    swedish = send(administrator, data, HTTP_ACCEPT_LANGUAGE="sv").content.decode()
    assert "Vem frågades?" in swedish and "Vilka barn frågades?" in swedish


def test_what_is_wrong_is_listed_with_its_place(administrator):
    answer = send(administrator, {**own_pack().data, "licence": "", "colour": "red"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "2 things are wrong" in text and "colour" in text and "licence" in text
    assert not PackVersion.objects.exists() and 'name="draft"' not in text


def test_questions_in_one_language_are_marked_as_such(administrator):
    data = json.loads(re.sub(r', "sv": "[^"]*"', "", json.dumps(own_pack().data)))
    shown = send(administrator, {**data, "languages": ["en"]}, HTTP_ACCEPT_LANGUAGE="sv")
    text = shown.content.decode()
    assert shown.status_code == 200, text
    assert '<span lang="en">Who was asked?</span>' in text and "engelska" in text.lower()


def test_a_draft_of_somebody_else_publishes_nothing(administrator, people, signed_in):
    token = draft_in(send(administrator, own_pack().data))
    member = people.memberships["administrator"]
    member.organisation = people.agency
    member.save()
    answer = signed_in(people.actor(Role.ADMINISTRATOR)).post("/instruments/upload/", {"draft": token})
    assert answer.status_code == 422 and not PackVersion.objects.exists()


def test_a_form_without_a_file_says_so(administrator):
    answer = administrator.post("/instruments/upload/", {})
    assert answer.status_code == 422 and "Choose a file." in answer.content.decode()


def test_what_was_downloaded_can_be_uploaded_elsewhere(administrator, people):
    version = published(people)
    body = administrator.get(f"/instruments/{version.pk}/file/").content
    assert json.loads(body)["id"] == "own-questions"


def test_withdraw_and_put_in_force_again(administrator, people):
    version = published(people)
    assert administrator.get(f"/instruments/{version.pk}/withdraw/").status_code == 200
    administrator.post(f"/instruments/{version.pk}/withdraw/")
    assert not PackVersion.objects.get().current
    assert "no longer in force" in administrator.get("/instruments/").content.decode()
    administrator.post(f"/instruments/{version.pk}/restore/")
    assert PackVersion.objects.get().current


def test_others_do_not_see_the_page(people, signed_in):
    version = published(people)
    assert signed_in(people.actor("partner")).get(f"/instruments/{version.pk}/").status_code == 404
    assert signed_in(people.actor(Role.OFFICER)).get(f"/instruments/{version.pk}/").status_code == 200
    assert signed_in(people.actor(Role.OFFICER)).get("/instruments/upload/").status_code == 403
