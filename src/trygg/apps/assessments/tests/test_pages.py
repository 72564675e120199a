"""Pages as people use them: without script, with script's requests, on the wrong side of a session."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from trygg.apps.assessments import services
from trygg.apps.assessments.content import answer_mark
from trygg.apps.assessments.models import Answer, AnswerVersion, Assessment, Comment, SectionAssignment, SignOff
from trygg.apps.assessments.tests.scene import LATER, NOW, given
from trygg.kernel.files.models import StoredFile
from trygg.kernel.ledger.models import Entry

pytestmark = pytest.mark.full

State = SectionAssignment.State
IDENTITY_NUMBER = "670919-9530"  # Skatteverket's own example number


def section_url(section):
    return reverse("assessments:section", args=[section.pk])


def autosave_url(section, item):
    return reverse("assessments:autosave", args=[section.pk, item])


def marks(section, *items):
    found = {answer.item_id: answer for answer in Answer.objects.filter(section=section)}
    return {f"m-{item}": answer_mark(found.get(item)) for item in items}


def text(response) -> str:
    return response.content.decode()


# Walking through


def test_from_the_start_to_the_lock_without_script(world, sign_in):
    client = sign_in(world.officer)
    page = client.get(reverse("assessments:start", args=[world.matter.key]))
    assert "Small screening" in text(page)
    went = client.post(reverse("assessments:start", args=[world.matter.key]), {"pack": world.pack.pk})
    assessment = Assessment.objects.get()
    assert went.url == reverse("assessments:overview", args=[assessment.pk])
    overview = text(client.get(went.url))
    assert "2 sections of Small screening are left" in overview and "Answer “Heard”" in overview
    heard, technique = assessment.sections.order_by("order")
    went = client.post(section_url(heard), {"a-who": ["children"], "do": "done", **marks(heard, "who")})
    assert went.url == section_url(heard) + "#q-how"  # a follow-up question was opened
    page = text(client.get(section_url(heard)))
    assert "2. Question how?" in page and "one more question" in page
    sent = {"a-who": ["children"], "a-how": "In class", "do": "done", **marks(heard, "who", "how")}
    went = client.post(section_url(heard), sent)
    assert went.url == section_url(technique)
    sent = {"a-tested": "yes", "a-when_day": "1", "a-when_month": "9", "a-when_year": "2026", "do": "done"}
    went = client.post(section_url(technique), sent | marks(technique, "tested", "when"))
    assert went.url == reverse("assessments:overview", args=[assessment.pk])
    assert Answer.objects.get(item_id="when").value == "2026-09-01"
    assert "Sign your sections" in text(client.get(went.url))
    client.post(reverse("assessments:sign", args=[assessment.pk]))
    assert "Lock the assessment" in text(client.get(went.url))
    client.post(reverse("assessments:lock", args=[assessment.pk]))
    assessment.refresh_from_db()
    assert assessment.lock_hash in text(client.get(went.url))
    client.post(reverse("assessments:reopen", args=[assessment.pk]))
    assert Assessment.objects.get(revision=2).previous == assessment


def test_the_case_page_shows_it_and_leads_on(world, sign_in):
    client = sign_in(world.officer)
    case = reverse("matters:case", args=[world.matter.key])
    assert "Begin “Small screening”" in text(client.get(case))
    world.save(world.officer, world.heard, who=["nobody"])
    page = text(client.get(case))
    assert "1 of 2 sections done" in page
    assert "Answer “Technique”" in page


@pytest.mark.parametrize("name", ["overview", "sign", "lock", "reopen"])
def test_every_page_has_one_heading_and_at_most_one_filled_button(world, sign_in, name):
    world.finish()
    page = text(sign_in(world.officer).get(reverse(f"assessments:{name}", args=[world.assessment.pk])))
    check_page(page)


def check_page(page):
    assert len(re.findall(r"<h1", page)) == 1
    filled = [tag for tag in re.findall(r'class="govuk-button([^"]*)"', page) if "secondary" not in tag]
    assert len(filled) <= 1
    assert not re.search(r"\sstyle=|\son\w+=|javascript:", page)


def test_section_assign_choose_and_earlier_have_one_heading_and_one_button(world, sign_in):
    conflict(world)
    client = sign_in(world.officer)
    version = AnswerVersion.objects.get()
    for url in (
        section_url(world.heard),
        reverse("assessments:assign", args=[world.heard.pk]),
        reverse("assessments:choose", args=[version.pk]),
        reverse("assessments:earlier", args=[world.heard.pk, "how"]),
        reverse("assessments:start", args=[world.matter.key]),
    ):
        check_page(text(client.get(url)))


def test_sections_are_given_on_the_assign_page(world, sign_in):
    client = sign_in(world.officer)
    url = reverse("assessments:assign", args=[world.technique.pk])
    page = text(client.get(url))
    assert "Anyone at Vendor" in page and "Elsewhere" not in page
    client.post(url, {"who": f"o{world.vendor.pk}", "due_on_day": "27", "due_on_month": "11", "due_on_year": "2026"})
    assert (world.technique.organisation, str(world.technique.due_on)) == (world.vendor, "2026-11-27")
    refused = client.post(url, {"who": f"o{world.elsewhere.pk}"})
    assert refused.status_code == 422


# Bad input


def test_bad_input_comes_back_whole_and_the_rest_is_stored(world, sign_in):
    Assessment.objects.filter(pk=world.assessment.pk).update(depth="full")
    section = world.heard
    client = sign_in(world.officer)
    sent = {
        "a-who": ["nobody"],
        "a-deep": "many <b>",
        "n-deep": "A note",
        "do": "done",
        **marks(section, "who", "deep"),
    }
    page = client.post(section_url(section), sent)
    assert page.status_code == 422
    assert "many &lt;b&gt;" in text(page) and "A note" in text(page) and "is not a number" in text(page)
    assert "govuk-error-summary" in text(page)
    assert Answer.objects.get().item_id == "who"
    assert world.heard.state == State.BEGUN
    again = dict(re.findall(r'name="(m-\w+)" value="([^"]*)"', text(page)))
    went = client.post(
        section_url(section), {"a-who": ["nobody"], "a-deep": "7", "n-deep": "A note", "do": "done", **again}
    )
    assert went.status_code == 302
    assert Answer.objects.get(item_id="deep").value == 7
    assert not AnswerVersion.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"a-who": ["somebody"]},
        {"a-who": ["children"], "a-how": "x" * 20_001},
        {"a-who": ["children"], "a-how": "nul \x00"},
        {"a-who": ["nobody"], "n-who": "x" * 20_001},
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_words(world, sign_in, sent):
    page = sign_in(world.officer).post(
        section_url(world.heard), sent | {"do": "done"} | marks(world.heard, "who", "how")
    )
    assert page.status_code == 422
    assert "govuk-error-message" in text(page)


@pytest.mark.parametrize("when", [("31", "2", "2026"), ("1", "", "2026"), ("a", "b", "c"), ("1", "1", "99999")])
def test_a_date_that_is_none_comes_back(world, sign_in, when):
    sent = {
        "a-tested": "yes",
        "do": "done",
        **{f"a-when_{name}": part for name, part in zip(("day", "month", "year"), when, strict=True)},
    }
    page = sign_in(world.officer).post(section_url(world.technique), sent | marks(world.technique, "tested", "when"))
    assert page.status_code == 422
    assert all(f'value="{part}"' in text(page) for part in when if part)
    assert Answer.objects.get().item_id == "tested"


def test_html_in_an_answer_is_shown_as_text(world, sign_in):
    world.save(world.officer, world.heard, who=["children"], how="<script>alert(1)</script>")
    for actor in (world.officer, world.auditor):
        page = text(sign_in(actor).get(section_url(world.heard)))
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_a_personal_number_is_stored_and_warned_about(world, sign_in):
    client = sign_in(world.officer)
    sent = {"a-who": ["children"], "a-how": f"As {IDENTITY_NUMBER} said", **marks(world.heard, "who", "how")}
    answer = client.post(autosave_url(world.heard, "how"), sent)
    assert "personal identity number" in answer.json()["warnings"][0]
    assert IDENTITY_NUMBER in Answer.objects.get(item_id="how").value
    world.save(world.officer, world.heard, who=["children"])
    assert "Take it out" in text(client.get(section_url(world.heard)))


# Autosave, two people, double submit


def test_autosave_says_when_and_gives_a_new_mark(world, sign_in):
    client = sign_in(world.officer)
    answer = client.post(autosave_url(world.heard, "who"), {"a-who": ["children"], **marks(world.heard, "who")})
    body = answer.json()
    assert re.fullmatch(r"Saved \d\d:\d\d", body["message"])
    assert body["mark"] == answer_mark(Answer.objects.get())
    assert body["asked"] == ["who", "how"]
    assert not Entry.objects.filter(action="assessments.section_saved").exists()


def test_autosave_of_bad_input_says_what_is_wrong(world, sign_in):
    answer = sign_in(world.officer).post(
        autosave_url(world.heard, "who"), {"a-who": ["x"], **marks(world.heard, "who")}
    )
    assert answer.status_code == 422 and "x" in answer.json()["message"]


def test_autosave_over_someone_elses_text_keeps_both(world, sign_in):
    old = marks(world.heard, "how")
    world.save(world.colleague, world.heard, who=["children"], how="Theirs")
    client = sign_in(world.officer)
    for typed in ("Mi", "Mine"):
        answer = client.post(autosave_url(world.heard, "how"), {"a-how": typed, **old})
        assert answer.status_code == 409
        assert answer.json()["mark"] == old["m-how"]
    assert Answer.objects.get(item_id="how").value == "Theirs"
    version = AnswerVersion.objects.get()
    assert version.value == "Mine"
    assert answer.json()["choose"] == reverse("assessments:choose", args=[version.pk])


def test_autosave_into_a_signed_section_says_so(world, sign_in):
    world.finish()
    services.sign_off(actor=world.officer, now=NOW, assessment=world.assessment)
    answer = sign_in(world.officer).post(
        autosave_url(world.heard, "who"), {"a-who": ["children"], **marks(world.heard, "who")}
    )
    assert answer.status_code == 403 and "signed" in answer.json()["message"]


def conflict(world):
    old = {"how": answer_mark(None)}
    world.save(world.colleague, world.heard, who=["children"], how="Theirs")
    services.autosave_answers(
        actor=world.officer, now=LATER, section=world.heard, answers=given(world.heard, old, how="Mine")
    )


def test_saving_over_someone_elses_text_leads_to_the_choice(world, sign_in):
    old = marks(world.heard, "who", "how")
    world.save(world.colleague, world.heard, who=["children"], how="Theirs")
    client = sign_in(world.officer)
    went = client.post(section_url(world.heard), {"a-who": ["children"], "a-how": "Mine", "do": "done", **old})
    version = AnswerVersion.objects.get()
    assert went.url == reverse("assessments:choose", args=[version.pk])
    page = text(client.get(went.url))
    assert (
        "Theirs" in page and "Mine" in page and "Keep mine" in page and "Keep theirs" in page and "Join the two" in page
    )
    bad = client.post(went.url, {"choice": "joined", "joined": " "})
    assert bad.status_code == 422
    client.post(went.url, {"choice": "joined", "joined": "Theirs and mine"})
    assert Answer.objects.get(item_id="how").value == "Theirs and mine"
    earlier = text(client.get(reverse("assessments:earlier", args=[world.heard.pk, "how"])))
    assert "Theirs" in earlier and "Mine" in earlier


def test_a_question_that_someone_else_hid_meanwhile_loses_no_text(world, sign_in):
    world.save(world.officer, world.heard, who=["children"], how="First")
    page_marks = marks(world.heard, "who", "how")
    world.save(world.colleague, world.heard, who=["nobody"])
    sent = {"a-who": ["children"], "a-how": "A long text", "do": "done", **page_marks}
    sign_in(world.officer).post(section_url(world.heard), sent)
    assert Answer.objects.get(item_id="how").value == "A long text"
    assert Answer.objects.get(item_id="who").value == ["nobody"]


def test_the_same_form_sent_twice(world, sign_in):
    client = sign_in(world.officer)
    page = text(client.get(section_url(world.heard)))
    once = re.search(r'name="once" value="(\w+)"', page)[1]
    sent = {"a-who": ["nobody"], "c-who": "Is that so?", "once": once, "do": "done", **marks(world.heard, "who")}
    for _ in range(2):
        sent["f-who"] = SimpleUploadedFile("plan.txt", b"A plan")
        client.post(section_url(world.heard), sent)
    assert Comment.objects.count() == Answer.objects.count() == StoredFile.objects.count() == 1
    assert Entry.objects.filter(action="assessments.section_saved").count() == 1
    assert world.heard.state == State.DONE
    assert not AnswerVersion.objects.exists()


def test_signing_twice_by_the_button(world, sign_in):
    world.finish()
    client = sign_in(world.officer)
    for _ in range(2):
        client.post(reverse("assessments:sign", args=[world.assessment.pk]))
    assert SignOff.objects.count() == 1


def test_a_small_button_stores_what_stands_in_the_other_fields(world, sign_in):
    client = sign_in(world.officer)
    sent = {
        "a-who": ["children"],
        "c-who": "Who exactly?",
        "once": "a",
        "do": "comment:who",
        **marks(world.heard, "who"),
    }
    went = client.post(section_url(world.heard), sent)
    assert went.url == section_url(world.heard) + "#q-who"
    assert Answer.objects.get().value == ["children"]
    comment = Comment.objects.get()
    page = text(client.get(section_url(world.heard)))
    assert "Who exactly?" in page and f"resolve:{comment.pk}" in page
    client.post(
        section_url(world.heard), {"do": f"resolve:{comment.pk}", **marks(world.heard, "who"), "a-who": ["children"]}
    )
    comment.refresh_from_db()
    assert comment.resolved_at is not None


def test_evidence_is_added_downloaded_and_taken_away(world, sign_in):
    client = sign_in(world.officer)
    base = {"a-who": ["nobody"], **marks(world.heard, "who")}
    client.post(
        section_url(world.heard), base | {"do": "attach:who", "f-who": SimpleUploadedFile("plan.txt", b"A plan")}
    )
    stored = StoredFile.objects.get()
    download = client.get(reverse("files:download", args=[stored.pk]))
    assert b"".join(download.streaming_content) == b"A plan"
    assert sign_in(world.outsider).get(reverse("files:download", args=[stored.pk])).status_code == 404
    client = sign_in(world.officer)
    client.post(section_url(world.heard), base | {"do": f"remove:{stored.pk}"})
    stored.refresh_from_db()
    assert stored.removed_at is not None


def test_a_file_that_is_refused_loses_no_text(world, sign_in):
    sent = {"a-who": ["nobody"], "n-who": "My note", "f-who": SimpleUploadedFile("x.exe", b"MZ\x00\x00"), "do": "done"}
    page = sign_in(world.officer).post(section_url(world.heard), sent | marks(world.heard, "who"))
    assert page.status_code == 422
    assert "My note" in text(page) and "x.exe" in text(page)
    assert Answer.objects.get().note == "My note"
    assert not StoredFile.objects.exists()


# The session is over


def test_who_was_signed_out_gets_the_text_back_and_can_send_it_again(world, client, sign_in):
    section = world.heard
    sent = {
        "a-who": "children",
        "a-how": "Something <long>\nin two lines",
        "do": "done",
        **marks(section, "who", "how"),
    }
    page = client.post(section_url(section), sent)
    assert page.status_code == 401
    assert "Something &lt;long&gt;" in text(page)
    assert f'action="{section_url(section)}"' in text(page)
    assert 'name="a-who" value="children"' in text(page)
    assert not Answer.objects.exists()
    assert "Something" not in str(page.headers)
    sign_in(world.officer).post(section_url(section), sent)
    assert Answer.objects.get(item_id="how").value == "Something <long>\nin two lines"


def test_autosave_without_a_session_is_refused_and_stores_nothing(world, client):
    assert client.post(autosave_url(world.heard, "who"), {"a-who": ["nobody"]}).status_code == 401
    assert not Answer.objects.exists()


def test_autosave_is_not_a_page(world, sign_in):
    assert sign_in(world.officer).get(autosave_url(world.heard, "who")).status_code == 405


def test_a_page_without_a_session_leads_to_sign_in(world, client):
    assert client.get(section_url(world.heard)).status_code == 302


def test_a_section_that_was_signed_meanwhile_gives_the_text_back(world, sign_in):
    world.finish()
    services.sign_off(actor=world.colleague, now=NOW, assessment=world.assessment)
    sent = {"a-who": ["children"], "n-who": "A line\nand another", "do": "done", **marks(world.heard, "who")}
    page = sign_in(world.officer).post(section_url(world.heard), sent)
    assert page.status_code == 409
    assert "A line\nand another" in text(page)


def test_a_section_that_was_given_to_someone_else_meanwhile_gives_the_text_back(world, sign_in):
    world.give(world.technique, world.vendor)
    client = sign_in(world.seller)
    sent = {"a-tested": "yes", "n-tested": "A line\nand another", "do": "done", **marks(world.technique, "tested")}
    world.give(world.technique, world.board)
    page = client.post(section_url(world.technique), sent)
    assert page.status_code == 404
    assert "A line\nand another" in text(page) and "Technique" not in text(page)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("name", ["sign", "lock", "reopen"])
def test_what_the_state_of_things_does_not_allow_is_said_on_the_page(world, sign_in, name):
    page = sign_in(world.officer).post(reverse(f"assessments:{name}", args=[world.assessment.pk]))
    assert page.status_code == 422
    assert "govuk-error-summary" in text(page)


# Who sees what


def test_the_vendor_sees_its_section_and_nothing_else(world, sign_in):
    world.give(world.technique, world.vendor)
    world.save(world.officer, world.heard, who=["children"], how="A secret of the board")
    client = sign_in(world.seller)
    page = text(client.get(reverse("assessments:overview", args=[world.assessment.pk])))
    assert "Small screening" in page and "Wordpath" in page and "Technique" in page
    section = text(client.get(section_url(world.technique)))
    for shown in (page, section):
        assert "Reading tutor in grade 2" not in shown and "Heard" not in shown and world.matter.key not in shown
    assert client.get(section_url(world.heard)).status_code == 404
    assert client.get(reverse("matters:case", args=[world.matter.key])).status_code == 404
    assert client.get(reverse("assessments:assign", args=[world.technique.pk])).status_code == 404
    assert client.post(autosave_url(world.heard, "who"), {"a-who": ["nobody"]}).status_code == 404


def test_the_auditor_reads_and_does_not_write(world, sign_in):
    world.save(world.officer, world.heard, who=["children"], how="In class")
    client = sign_in(world.auditor)
    page = text(client.get(section_url(world.heard)))
    assert "In class" in page and "Save the section" not in page and "Leave the comment" not in page
    sent = {"a-how": "Changed", "do": "done", **marks(world.heard, "how")}
    assert client.post(section_url(world.heard), sent).status_code == 409
    assert Answer.objects.get(item_id="how").value == "In class"


def test_swedish_pages(world, sign_in):
    client = sign_in(world.officer)
    client.cookies["django_language"] = "sv"
    page = text(client.get(section_url(world.heard)))
    assert "Spara avsnittet" in page and "Question who? (sv)" in page
    assert replace(world.officer).name in text(client.get(reverse("home")))
