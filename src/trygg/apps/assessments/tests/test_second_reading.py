"""A second reader answers alone: neither sees the other's answers until it is done, by any way in. Then differences are settled."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from trygg.apps.assessments import services
from trygg.apps.assessments.content import Given, answer_mark, load_whole
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Answer, AnswerVersion, Comment, SecondAnswer
from trygg.apps.assessments.second import compare, second_mark, to_settle
from trygg.apps.assessments.tests.every_type import MARKS, section, start
from trygg.apps.assessments.tests.scene import LATER, NOW
from trygg.kernel.access import Denied, may, restrict
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.models import Membership
from trygg.kernel.work.models import Notification, Task

pytestmark = pytest.mark.full

SECRET = "Zanzibar"
PAGES = (
    "overview", "score", "score_json", "what_if", "ask_reader", "sign", "lock", "reopen", "upgrade", "carried", "next_phase",
)  # fmt: skip


@pytest.fixture
def assessment(world):
    """Answered by the officer, with a note, a comment and a file that the second reader must not see."""
    made = start(world)
    about = section(made, "about")
    world.save(world.officer, about, purpose=(f"{SECRET} purpose", f"{SECRET} note"), responsible="School", share="daily")
    world.save(world.officer, section(made, "uses"), **{"decides@1": "no_decision"})
    world.save(world.officer, section(made, "rights"), harm=MARKS, measures=["tested"])
    act = {"actor": world.officer, "now": NOW}
    services.comment(**act, section=about, item_id="purpose", text=f"{SECRET} comment", token="c")
    upload = read_upload(SimpleUploadedFile("secret.txt", SECRET.encode()))
    services.attach_file(**act, section=section(made, "rights"), item_id="measures", upload=upload)
    return made


def ask(world, assessment, who, **more):
    membership = Membership.objects.get(pk=who.membership_id)
    return services.ask_second_reader(actor=world.officer, now=NOW, assessment=assessment, membership=membership, **more)


def write(reading, who, **values):
    stored = {answer.item_id: answer for answer in reading.answers.all()}
    given = [Given(item, Content(value), second_mark(stored.get(item))) for item, value in values.items()]
    return services.save_second_answers(actor=who, now=NOW, reading=reading, answers=given)


def answered(reading, who, **more):
    values = {"purpose": "To read", "responsible": " school", "share": "weekly", "decides@1": "no_decision", "harm": MARKS, **more}
    write(reading, who, **values)
    return services.finish_second_reading(actor=who, now=LATER, reading=reading)


@pytest.fixture
def reading(world, assessment):
    return ask(world, assessment, world.colleague)


# Asking


def test_it_becomes_a_task_with_a_notification_and_an_entry(world, assessment):
    made = ask(world, assessment, world.nurse)
    task = Task.objects.get(code="assessments.second_reading", done_at=None)
    assert task.assignee_id == world.nurse.membership_id and task.path == reverse("assessments:reading", args=[made.pk])
    assert Notification.objects.filter(person_id=world.nurse.person_id, code="assessments.second_reader_asked").exists()
    assert Entry.objects.filter(action="assessments.second_reader_asked").exists()
    assert ask(world, assessment, world.nurse) == made and Entry.objects.filter(action="assessments.second_reader_asked").count() == 1


def test_not_oneself_nor_who_answered_nor_the_vendor_nor_auditors(world, assessment):
    world.give(section(assessment, "stand"), world.health, world.head)
    for who in (world.officer, world.seller, world.auditor, world.head):
        with pytest.raises(ValidationError):
            ask(world, assessment, who)
    world.save(world.reader, section(assessment, "about"), purpose="Mine")
    with pytest.raises(ValidationError, match="answered here already"):
        ask(world, assessment, world.reader)


# Neither sees the other's


def every_page(client, assessment):
    """Every page of the room about the assessment, the case page, home, the record of it, and its data."""
    paths = [reverse(f"assessments:{name}", args=[assessment.pk]) for name in PAGES]
    for which in assessment.sections.all():
        paths += [reverse(f"assessments:{name}", args=[which.pk]) for name in ("section", "assign", "removed_entries")]
        paths += [reverse("assessments:earlier", args=[which.pk, item]) for item in ("purpose", "harm", "decides@1")]
    key = assessment.matter.key
    paths += [reverse("matters:case", args=[key]), "/", f"/api/v1/matters/{key}", f"/api/v1/matters/{key}/claims"]
    return {path: client.get(path) for path in paths}


def test_the_second_reader_sees_nothing_of_the_first(world, assessment, reading, sign_in):
    client = sign_in(world.colleague)
    found = every_page(client, assessment)
    for path, answer in found.items():
        assert SECRET not in answer.content.decode(errors="ignore"), path
        if path.startswith("/assessments/"):
            assert answer.status_code == 404, path
    assert "Level" not in found[reverse("matters:case", args=[assessment.matter.key])].content.decode()
    for rule, model in (("view_answer", Answer), ("view_section", None), ("view_whole", None), ("comment_section", None), ("answer_section", None)):
        assert not restrict(world.colleague, f"assessments.{rule}").exists(), (rule, model)
    from trygg.kernel.files.models import StoredFile

    stored = StoredFile.objects.get()
    assert client.get(reverse("files:download", args=[stored.pk])).status_code in (403, 404)
    assert not restrict(world.colleague, "files.view_file").exists()


def test_one_who_had_it_open_cannot_write_in_the_first(world, assessment, reading, sign_in):
    client = sign_in(world.colleague)
    which = section(assessment, "about")
    sent = {"a-purpose": "Mine", "m-purpose": answer_mark(None)}
    for path in (reverse("assessments:autosave", args=[which.pk, "purpose"]), reverse("assessments:section", args=[which.pk])):
        answer = client.post(path, sent)
        assert answer.status_code in (403, 404, 409) and SECRET not in answer.content.decode()
    with pytest.raises(Denied):
        services.lock_assessment(actor=world.colleague, now=NOW, assessment=assessment)


def test_nor_in_an_earlier_revision_nor_in_another_role(world, assessment, reading):
    """The answers of the revision before are much the same, and a second role is the same pair of eyes."""
    from dataclasses import replace

    from trygg.apps.assessments.models import Assessment

    Assessment.objects.filter(pk=assessment.pk).update(state="open")
    old = Assessment.objects.create(
        matter=assessment.matter, pack=assessment.pack, instrument_id=assessment.instrument_id, depth="light", state="locked",
        revision=9, started_by="", started_at=NOW,
    )  # fmt: skip
    assert not may(world.colleague, "assessments.view_whole", old) and may(world.officer, "assessments.view_whole", old)
    other_role = replace(world.colleague, membership_id=None, role="administrator")
    assert not may(other_role, "assessments.view_whole", assessment)
    other = world.assessment  # other questions about the same matter
    assert may(world.colleague, "assessments.view_whole", other)


def test_the_first_sees_nothing_of_the_second(world, assessment, reading, sign_in):
    write(reading, world.colleague, purpose="Timbuktu", share="weekly")
    client = sign_in(world.officer)
    found = every_page(client, assessment)
    here = reverse("assessments:reading", args=[reading.pk])
    found[here] = client.get(here)
    assert found[here].status_code == 200 and "is not done yet" in found[here].content.decode()
    for path, answer in found.items():
        assert "Timbuktu" not in answer.content.decode(errors="ignore"), path
    for name, arguments in (("differences", []), ("settle", ["share"]), ("reading_section", ["about"])):
        assert client.get(reverse(f"assessments:{name}", args=[reading.pk, *arguments])).status_code == 404
    assert not restrict(world.officer, "assessments.view_second_answer").exists()
    assert restrict(world.colleague, "assessments.view_second_answer").count() == 2
    with pytest.raises(Denied):
        write(reading, world.officer, share="seldom")
    with pytest.raises(Denied):
        services.finish_second_reading(actor=world.officer, now=NOW, reading=reading)


def test_a_partner_sees_the_questions_and_nothing_of_the_matter(world, assessment, sign_in):
    made = ask(world, assessment, world.nurse)
    client = sign_in(world.nurse)
    page = client.get(reverse("assessments:reading", args=[made.pk])).content.decode()
    assert "Impact on children: Wordpath" in page and assessment.matter.title not in page
    page = client.get(reverse("assessments:reading_section", args=[made.pk, "about"])).content.decode()
    assert "How many it reaches" in page and SECRET not in page
    assert sign_in(world.outsider).get(reverse("assessments:reading", args=[made.pk])).status_code == 404


# Answering alone


def test_answering_without_script_and_with(world, assessment, reading, sign_in):
    client = sign_in(world.colleague)
    here = reverse("assessments:reading_section", args=[reading.pk, "uses"])
    answer = client.post(here, {"a-decides@1": "helps", "m-decides@1": second_mark(None)})
    assert answer.url == f"{here}#q-overrule@1"
    path = reverse("assessments:reading_autosave", args=[reading.pk, "overrule@1"])
    answer = client.post(path, {"a-overrule@1": "always", "m-overrule@1": second_mark(None)})
    assert answer.status_code == 200 and json.loads(answer.content)["asked"] == ["decides@1", "overrule@1"]
    about = reverse("assessments:reading_section", args=[reading.pk, "about"])
    answer = client.post(about, {"a-children": "many", "a-purpose": "Kept", "m-children": "", "m-purpose": second_mark(None)})
    assert answer.status_code == 422 and "many" in answer.content.decode()
    assert reading.answers.get(item_id="purpose").value == "Kept"
    answer = client.post(reverse("assessments:reading", args=[reading.pk]))
    assert answer.status_code == 422 and "Answer these questions first" in answer.content.decode()
    assert client.get(reverse("assessments:reading_section", args=[reading.pk, "stand"])).status_code == 200
    assert client.post(reverse("assessments:reading_autosave", args=[reading.pk, "confirmed"]), {}).status_code == 404


def test_done_opens_both_and_closes_the_reading(world, assessment, reading, sign_in):
    answered(reading, world.colleague)
    assert may(world.colleague, "assessments.view_whole", assessment)
    assert not Task.objects.filter(code="assessments.second_reading", done_at=None).exists()
    assert Task.objects.filter(code="assessments.settle_differences", done_at=None).exists()
    assert Notification.objects.filter(person_id=world.officer.person_id, code="assessments.second_reader_done").exists()
    with pytest.raises(Denied):
        write(reading, world.colleague, share="daily")
    for who in (world.officer, world.colleague, world.reader):
        assert sign_in(who).get(reverse("assessments:differences", args=[reading.pk])).status_code == 200
    assert sign_in(world.outsider).get(reverse("assessments:differences", args=[reading.pk])).status_code == 404


def test_another_second_reader_waits_too(world, assessment, reading, sign_in):
    other = ask(world, assessment, world.reader)
    answered(reading, world.colleague)
    assert sign_in(world.reader).get(reverse("assessments:differences", args=[reading.pk])).status_code == 404
    assert not restrict(world.reader, "assessments.view_second_answer").exists()
    answered(other, world.reader)
    assert sign_in(world.reader).get(reverse("assessments:differences", args=[reading.pk])).status_code == 200


def test_taken_back_nobody_reads_it(world, assessment, reading, sign_in):
    write(reading, world.colleague, purpose="Timbuktu")
    services.withdraw_second_reading(actor=world.officer, now=LATER, reading=reading)
    assert may(world.colleague, "assessments.view_whole", assessment)
    assert sign_in(world.officer).get(reverse("assessments:differences", args=[reading.pk])).status_code == 404
    assert not restrict(world.officer, "assessments.view_second_answer").exists()
    assert not Task.objects.filter(code="assessments.second_reading", done_at=None).exists()
    again = ask(world, assessment, world.colleague)
    assert again != reading
    services.withdraw_second_reading(actor=world.colleague, now=LATER, reading=again)  # the reader says no


# Beside each other


def test_what_agrees_and_what_differs(world, assessment, reading, sign_in):
    answered(reading, world.colleague, measures=["tested", "told"])
    found = compare(reading)
    assert {pair.item.id for pair in found.agreed} == {"responsible", "decides@1", "harm"}
    assert {pair.item.id for pair in found.differing} == {"purpose", "share", "measures"}
    assert len(found.compared) == 5 and found.share is None  # too few for a per cent
    page = sign_in(world.officer).get(reverse("assessments:differences", args=[reading.pk])).content.decode()
    assert "The two differ in 3 answers that are not settled" in page and "3 of 5 answers agree." in page
    assert "That is" not in page and "By the second answers" in page


def test_a_per_cent_when_there_are_enough(world, assessment, reading, monkeypatch):
    answered(reading, world.colleague)
    monkeypatch.setattr("trygg.apps.assessments.second.ENOUGH", 3)
    assert compare(reading).share == 3 / 4


def test_each_difference_is_settled_by_a_choice(world, assessment, reading, sign_in):
    answered(reading, world.colleague, measures=["tested", "told"])
    client = sign_in(world.officer)
    settle = reverse("assessments:settle", args=[reading.pk, "share"])
    assert client.post(settle, {"choice": "talk"}).status_code == 422  # about what?
    client.post(settle, {"choice": "talk", "note": "How do you count?"})
    comment = Comment.objects.get(item_id="share")
    assert comment.text == "How do you count?" and "share" in to_settle(reading)
    client.post(settle, {"choice": "second", "note": "The log shows it."})
    answer = Answer.objects.get(section__assessment=assessment, item_id="share")
    assert answer.value == "weekly" and answer.origin_note == "Cia"
    assert AnswerVersion.objects.get(answer=answer).value == "daily"  # the first is kept
    client.post(reverse("assessments:settle", args=[reading.pk, "measures"]), {"choice": "first"})
    assert SecondAnswer.objects.get(item_id="measures").settled == "first" and to_settle(reading) == {"purpose"}
    pair = compare(reading).by_item["share"]
    assert (pair.first, pair.second, pair.same) == ("Every day", "Every week", False)  # both stay readable, and it stays a difference
    with pytest.raises(ValidationError):
        services.settle_difference(actor=world.officer, now=NOW, reading=reading, item_id="share", choice="first")
    client.post(reverse("assessments:settle", args=[reading.pk, "purpose"]), {"choice": "first"})
    assert not Task.objects.filter(code="assessments.settle_differences", done_at=None).exists()
    page = client.get(reverse("assessments:differences", args=[reading.pk])).content.decode()
    assert "The second answer was taken over." in page and "The first answer stands." in page
    assert Entry.objects.filter(action="assessments.difference_settled").count() == 4


def test_an_answer_that_only_one_gave_can_be_settled(world, assessment, reading):
    answered(reading, world.colleague, children=30)
    assert "children" in to_settle(reading)
    services.settle_difference(actor=world.officer, now=NOW, reading=reading, item_id="measures", choice="second")
    assert load_whole(assessment).reading.values.get("measures") is None
    services.settle_difference(actor=world.officer, now=NOW, reading=reading, item_id="children", choice="second")
    assert Answer.objects.get(section__assessment=assessment, item_id="children").value == 30


def test_only_who_edits_the_matter_settles(world, assessment, reading):
    answered(reading, world.colleague)
    for who in (world.auditor, world.nurse, world.seller, world.outsider):
        with pytest.raises(Denied):
            services.settle_difference(actor=who, now=NOW, reading=reading, item_id="share", choice="first")


def test_nothing_is_locked_while_somebody_answers_alone(world, assessment, sign_in):
    """What follows from a lock, tasks of a level, would tell the second reader the result."""
    world.save(world.officer, section(assessment, "stand"), confirmed=True)
    world.save(world.officer, section(assessment, "rights"))
    services.sign_off(actor=world.officer, now=NOW, assessment=assessment)
    reading = ask(world, assessment, world.colleague)
    with pytest.raises(ValidationError, match="A second reader is not done: Cia"):
        services.lock_assessment(actor=world.officer, now=LATER, assessment=assessment)
    services.withdraw_second_reading(actor=world.officer, now=LATER, reading=reading)
    services.lock_assessment(actor=world.officer, now=LATER, assessment=assessment)


def test_a_reading_that_was_left_behind_can_be_put_away(world, assessment, reading, sign_in):
    type(assessment).objects.filter(pk=assessment.pk).update(state="superseded")
    page = sign_in(world.colleague).get(reverse("assessments:reading", args=[reading.pk])).content.decode()
    assert "goes on in a newer revision" in page
    services.withdraw_second_reading(actor=world.colleague, now=LATER, reading=reading)
    assert not Task.objects.filter(code="assessments.second_reading", done_at=None).exists()
