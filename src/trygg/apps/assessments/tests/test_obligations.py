"""Levels ask something of somebody; what no longer holds is closed; answers that are to be taken further."""

import copy
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import sign_in
from trygg.apps.assessments import services
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.tests.moving import levels
from trygg.apps.assessments.tests.scene import INSTRUMENT, LATER, NOW, publish
from trygg.kernel.access import Denied
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.models import Membership
from trygg.kernel.work.models import Task
from trygg.kernel.work.selectors import waiting_for
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter


@pytest.fixture
def levelled(world):
    PackVersion.objects.filter(pk=world.pack.pk).update(current=False)
    world.pack = publish(copy.deepcopy(INSTRUMENT) | levels() | {"version": "1.2.0"})
    Matter.objects.filter(pk=world.matter.pk).update(
        accountable=Membership.objects.get(pk=world.colleague.membership_id),
        overseer=Membership.objects.get(pk=world.reader.membership_id),
    )
    return world


def lock(world, who, tested, assessment=None, now=NOW) -> Assessment:
    made = assessment or world.assessment
    heard, technique = made.sections.get(section_id="heard"), made.sections.get(section_id="technique")
    for section, answers in ((heard, {"who": [who], "how": "By drawing"}), (technique, {"tested": tested})):
        if section.organisation_id != world.board.pk:
            world.give(section, world.board)
        world.save(world.officer, section, now=now, **answers)
    services.sign_off(actor=world.officer, now=now, assessment=made)
    return services.lock_assessment(actor=world.officer, now=now, assessment=made)


def open_ones() -> dict:
    return {task.params["key"]: task for task in Task.objects.filter(code="assessments.obligation", done_at=None)}


def recorded(*names: str) -> list[str]:
    return list(Entry.objects.filter(action__in=[f"assessments.{name}" for name in names]).values_list("action", flat=True))


def test_each_becomes_a_task_of_whoever_holds_the_role(levelled):
    lock(levelled, "nobody", "yes")  # 2 + 1: the middle
    tasks = open_ones()
    assert set(tasks) == {"risk/tell", "risk/review"}
    tell, review = tasks["risk/tell"], tasks["risk/review"]
    assert (tell.role, tell.assignee, tell.due_on, tell.params["instead"]) == ("officer", None, date(2026, 12, 23), False)
    assert review.assignee_id == levelled.colleague.membership_id and review.params["instead"] is True
    assert tell.path == f"/assessments/obligations/{tell.pk}/"
    assert recorded("obligation_made") == ["assessments.obligation_made"] * 2
    waiting = waiting_for(levelled.colleague, today=date(2026, 11, 23))
    why = next(task.why for task in [*waiting.now, *waiting.week, *waiting.later] if task.heading == "Have it reviewed")
    assert "Privacy officer" in why and "Middle" in why


def test_another_level_closes_what_no_longer_holds_and_keeps_the_day_of_what_does(levelled):
    first = lock(levelled, "nobody", "yes")
    again = services.reopen_assessment(actor=levelled.officer, now=LATER, assessment=first)
    lock(levelled, "children", "yes", again, now=LATER.replace(day=25))  # 0 + 1: low
    tasks = open_ones()
    assert set(tasks) == {"risk/tell"} and tasks["risk/tell"].due_on == date(2026, 12, 23)
    lapsed = Task.objects.get(code="assessments.obligation", params__key="risk/review")
    assert lapsed.done_at and lapsed.params["lapsed"]["en"] == "Low" and lapsed.params["revision"] == 2
    assert recorded("obligation_lapsed") == ["assessments.obligation_lapsed"]


def test_what_was_done_is_not_asked_again(levelled):
    first = lock(levelled, "children", "yes")
    task = open_ones()["risk/tell"]
    services.fulfil_obligation(actor=levelled.officer, now=NOW, task=task, note="Told them.")
    again = services.reopen_assessment(actor=levelled.officer, now=LATER, assessment=first)
    lock(levelled, "children", "yes", again, now=LATER)
    assert open_ones() == {}


def test_evidence_is_needed_where_the_level_asks_for_it(levelled):
    lock(levelled, "nobody", "yes")
    task = open_ones()["risk/review"]
    with pytest.raises(Denied):
        services.fulfil_obligation(actor=levelled.reader, now=NOW, task=task, note="x")
    with pytest.raises(ValidationError):
        services.fulfil_obligation(actor=levelled.colleague, now=NOW, task=task, note="Reviewed.")
    upload = read_upload(SimpleUploadedFile("review.txt", b"En granskning"))
    services.fulfil_obligation(actor=levelled.colleague, now=NOW, task=task, note="Reviewed.", upload=upload)
    page = sign_in_page(levelled.officer, f"/assessments/{levelled.assessment.pk}/")
    assert "Reviewed." in page and "review.txt" in page


def sign_in_page(actor, path: str, **more) -> str:
    from django.test import Client

    return sign_in(Client(), actor).get(path, **more).content.decode()


def test_an_answer_to_be_taken_further_is_the_overseers_until_it_is_answered_otherwise(levelled):
    levelled.save(levelled.officer, levelled.technique, tested="no")
    task = Task.objects.get(code="assessments.escalated", done_at=None)
    assert task.assignee_id == levelled.reader.membership_id
    levelled.save(levelled.officer, levelled.technique, tested="no", when="2026-11-01")
    assert Task.objects.filter(code="assessments.escalated").count() == 1
    levelled.save(levelled.officer, levelled.technique, tested="yes")
    assert not Task.objects.filter(code="assessments.escalated", done_at=None).exists()
    assert recorded("escalated", "escalated_lapsed") == ["assessments.escalated", "assessments.escalated_lapsed"]


def test_the_page_of_a_task(levelled, client):
    lock(levelled, "nobody", "yes")
    task = open_ones()["risk/review"]
    client = sign_in(client, levelled.colleague)
    path = f"/assessments/obligations/{task.pk}/"
    page = client.get(path).content.decode()
    assert "Have it reviewed" in page and "Privacy officer" in page and "Middle" in page
    assert client.post(path, {"note": ""}).status_code == 422
    sent = client.post(path, {"note": "Reviewed.", "file": SimpleUploadedFile("review.txt", b"En granskning")})
    assert sent.status_code == 302 and Task.objects.get(pk=task.pk).done_by == levelled.colleague.name
    assert "Done by" in client.get(path).content.decode()
    assert sign_in(client, levelled.reader).get(path).status_code == 404


@pytest.mark.parametrize("verified", ["yes", "partly"])
def test_the_case_page_shows_the_level_and_a_stop(levelled, verified):
    """A stop on a statement that is not verified whole warns, says why everywhere, and goes to the overseer."""
    data = copy.deepcopy(INSTRUMENT) | levels() | {"version": "1.3.0"}
    question = data["sections"][1]["items"][0]
    question["choices"][1]["flag"], question["verified"] = "stop", verified
    PackVersion.objects.filter(pack_id="small").update(current=False)
    levelled.pack = publish(data)
    levelled.save(levelled.officer, levelled.heard, who=["nobody"])
    levelled.save(levelled.officer, levelled.technique, tested="no")
    page = sign_in_page(levelled.officer, f"/matters/{levelled.matter.key}/")
    score = sign_in_page(levelled.officer, f"/assessments/{levelled.assessment.pk}/score/")
    overview = sign_in_page(levelled.officer, f"/assessments/{levelled.assessment.pk}/")
    assert "Level 3 of 3: High" in page
    assert ("Stop: Question tested?" in page) is (verified == "yes")
    assert (Task.objects.filter(code="assessments.escalated", done_at=None).count() == 1) is (verified == "partly")
    for each in (page, score, overview):
        assert ("rests on a statement that is not verified" in each) is (verified == "partly")
        assert ("Take it further:" in each) is (verified == "partly")


def test_a_task_outlives_the_revision_that_was_taken_back(levelled):
    levelled.save(levelled.officer, levelled.technique, tested="no")
    data = copy.deepcopy(INSTRUMENT) | levels() | {"version": "1.3.0"}
    PackVersion.objects.filter(pack_id="small").update(current=False)
    made = services.upgrade_assessment(actor=levelled.officer, now=LATER, assessment=levelled.assessment, pack=publish(data))
    task = Task.objects.get(code="assessments.escalated", done_at=None)
    assert task.params["assessment"] == made.pk and task.params["where"].endswith("#q-tested")
    services.undo_upgrade(actor=levelled.officer, now=LATER, assessment=made)
    task.refresh_from_db()
    assert task.params["assessment"] == levelled.assessment.pk
    services.fulfil_obligation(actor=levelled.reader, now=LATER, task=task, note="Looked into.")
    assert recorded("escalated_fulfilled") == ["assessments.escalated_fulfilled"]
