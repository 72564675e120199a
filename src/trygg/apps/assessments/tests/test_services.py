"""Answering, assigning, commenting, evidence: what counts, what is recorded, what is kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from trygg.apps.assessments import services
from trygg.apps.assessments.content import Given, answer_mark
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Answer, AnswerVersion, Assessment, Comment, SectionAssignment
from trygg.apps.assessments.tests.scene import INSTRUMENT, LATER, NOW, given, publish
from trygg.kernel.access import Denied
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.models import Membership
from trygg.kernel.work.models import Notification, Task
from trygg.spine.assurance.models import Claim, Evidence
from trygg.spine.matters.services import create_matter

State = SectionAssignment.State


def actions() -> list[str]:
    return list(
        Entry.objects.filter(action__startswith="assessments.").order_by("index").values_list("action", flat=True)
    )


def claim(world) -> Claim:
    return Claim.objects.get(case__matter=world.matter, requirement_id="children-heard")


def upload(name="plan.txt", content=b"A plan for the lesson"):
    return read_upload(SimpleUploadedFile(name, content))


# Starting


def test_every_section_is_the_owners_at_first(world):
    found = world.assessment.sections.values_list("section_id", "organisation_id", "state")
    assert list(found) == [("heard", world.board.pk, "todo"), ("technique", world.board.pk, "todo")]


def test_starting_twice_gives_the_same_assessment(world):
    again = services.start_assessment(actor=world.officer, now=LATER, matter=world.matter, pack=world.pack)
    assert again.pk == world.assessment.pk
    assert Assessment.objects.count() == 1
    assert actions().count("assessments.assessment_started") == 1


def test_only_an_instrument_can_be_answered(world):
    framework = publish({**INSTRUMENT, "kind": "rules", "id": "r", "facts": [], "rules": []})
    with pytest.raises(ValidationError):
        services.start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=framework)


# Saving


def test_a_saved_answer_counts_in_the_case_at_once(world):
    assert claim(world).status == "missing"
    world.save(world.officer, world.heard, who=["children"], how="In class")
    assert claim(world).status == "supported"
    evidence = Evidence.objects.get(kind="answers", withdrawn_at=None)
    assert (evidence.key, evidence.params["answers"]) == ("small", {"who": ["children"], "how": "In class"})
    assert evidence.system_version == "4.0"


def test_a_changed_answer_replaces_the_evidence(world):
    world.save(world.officer, world.heard, who=["children"], how="In class")
    world.save(world.officer, world.heard, who=["nobody"])
    assert claim(world).status == "missing"
    assert Evidence.objects.filter(kind="answers", withdrawn_at=None).count() == 1


def test_hidden_answers_do_not_count_and_are_not_lost(world):
    world.save(world.officer, world.heard, who=["children"], how="In class")
    saved = world.save(world.officer, world.heard, who=["nobody"])
    assert Evidence.objects.get(kind="answers", withdrawn_at=None).params["answers"] == {"who": ["nobody"]}
    assert Answer.objects.get(item_id="how").value == "In class"
    assert saved.done


def test_an_answer_that_arrives_when_its_question_is_gone_is_kept_and_recorded(world):
    world.save(world.officer, world.heard, who=["nobody"])
    world.save(world.colleague, world.heard, how="By drawing")
    assert Answer.objects.get(section=world.heard, item_id="how").value == "By drawing"
    assert actions().count("assessments.section_saved") == 2


def test_a_section_with_a_missing_answer_is_saved_and_not_done(world):
    saved = world.save(world.officer, world.heard, who=["children"])
    assert (saved.done, saved.missing, saved.section.state) == (False, ("how",), State.BEGUN)
    assert claim(world).status == "supported"


def test_autosave_keeps_the_text_and_neither_counts_nor_is_recorded(world):
    section = world.heard
    before = actions()
    services.autosave_answers(actor=world.officer, now=NOW, section=section, answers=given(section, who=["children"]))
    assert Answer.objects.get(item_id="who").value == ["children"]
    assert actions() == before
    assert not Evidence.objects.filter(kind="answers").exists()
    assert world.heard.state == State.BEGUN


def test_a_section_is_recorded_once_by_its_hash(world):
    section = world.heard
    for text in ("I", "In", "In class"):
        services.autosave_answers(
            actor=world.officer, now=NOW, section=section, answers=given(section, who=["children"], how=text)
        )
    world.save(world.officer, section)
    world.save(world.officer, section, now=LATER)
    assert actions().count("assessments.section_saved") == 1
    entry = Entry.objects.get(action="assessments.section_saved")
    assert "In class" not in str(entry.public)
    assert entry.public["section"] == "heard"
    assert world.heard.saved_hash


def test_the_same_form_sent_twice_is_saved_and_recorded_once(world):
    section = world.heard
    sent = given(section, who=["children"], how="In class")
    first = services.save_section(actor=world.officer, now=NOW, section=section, answers=sent)
    second = services.save_section(actor=world.officer, now=LATER, section=section, answers=sent)
    assert first.done and second.done and not second.kept.conflicts
    assert actions().count("assessments.section_saved") == 1
    assert not AnswerVersion.objects.exists()


def test_a_draft_after_the_save_does_not_count_until_it_is_saved(world):
    world.save(world.officer, world.heard, who=["nobody"])
    section = world.heard
    services.autosave_answers(actor=world.officer, now=LATER, section=section, answers=given(section, who=["children"]))
    assert world.heard.state == State.BEGUN
    world.save(world.officer, world.technique, tested="yes")
    assert claim(world).status == "missing"


def test_going_through_a_section_again_makes_it_fresh(world):
    world.save(world.officer, world.heard, who=["nobody"])
    world.save(world.officer, world.heard, now=NOW + timedelta(days=30))
    assert Evidence.objects.get(kind="answers", withdrawn_at=None).valid_from == date(2026, 12, 23)


def test_the_oldest_section_says_how_old_the_answers_are(world):
    world.save(world.officer, world.heard, who=["nobody"])
    world.save(world.officer, world.technique, now=NOW + timedelta(days=30), tested="yes")
    assert Evidence.objects.get(kind="answers", withdrawn_at=None).valid_from == date(2026, 11, 23)


def test_a_deeper_case_asks_more(world):
    world.save(world.officer, world.heard, who=["nobody"])
    world.assessment.matter.case.__class__.objects.filter(matter=world.matter).update(depth="full")
    saved = world.save(world.officer, world.heard, now=LATER)
    assert (saved.done, saved.missing) == (False, ("deep",))


def test_items_of_another_section_are_not_written(world):
    section = world.heard
    services.autosave_answers(
        actor=world.officer,
        now=NOW,
        section=section,
        answers=[Given("tested", Content("yes")), Given("none", Content("x"))],
    )
    assert not Answer.objects.exists()


# Two people at once


def test_two_texts_at_once_are_both_kept(world):
    section = world.heard
    loaded = {"how": answer_mark(None)}
    services.save_section(
        actor=world.officer, now=NOW, section=section, answers=given(section, loaded, who=["children"], how="First")
    )
    saved = services.save_section(
        actor=world.colleague, now=LATER, section=section, answers=given(section, loaded, how="Second")
    )
    assert Answer.objects.get(item_id="how").value == "First"
    version = AnswerVersion.objects.get()
    assert (version.value, version.written_by, version.settled_at) == ("Second", "Cia, Board", None)
    assert saved.kept.conflicts == {"how": version}
    assert not saved.done


def test_who_goes_on_typing_on_the_old_page_has_one_text_kept_beside(world):
    section = world.heard
    loaded = {"how": answer_mark(None)}
    world.save(world.officer, section, who=["children"], how="First")
    for text in ("Sec", "Second", "Second!"):
        services.autosave_answers(
            actor=world.colleague, now=LATER, section=section, answers=given(section, loaded, how=text)
        )
    assert AnswerVersion.objects.get().value == "Second!"


def test_a_later_conflict_does_not_overwrite_an_earlier_one(world):
    section = world.heard
    world.save(world.officer, section, who=["children"], how="One")
    old = {"how": answer_mark(None)}
    services.autosave_answers(
        actor=world.colleague, now=NOW, section=section, answers=given(section, old, how="Mine 1")
    )
    newer = {"how": answer_mark(Answer.objects.get(item_id="how"))}
    world.save(world.officer, section, how="Two")
    services.autosave_answers(
        actor=world.colleague, now=LATER, section=section, answers=given(section, newer, how="Mine 2")
    )
    assert set(AnswerVersion.objects.values_list("value", flat=True)) == {"Mine 1", "Mine 2"}


def test_one_person_in_two_windows_loses_nothing(world):
    section = world.heard
    loaded = {"how": answer_mark(None)}
    for text in ("Window one", "Window two"):
        services.autosave_answers(
            actor=world.officer, now=NOW, section=section, answers=given(section, loaded, how=text)
        )
    assert Answer.objects.get(item_id="how").value == "Window two"
    version = AnswerVersion.objects.get()
    assert (version.value, version.why, version.settled_at) == ("Window one", "replaced", NOW)


@pytest.mark.parametrize(
    ("choice", "content", "stands"),
    [("stored", None, "First"), ("kept", None, "Second"), ("joined", Content("First and second"), "First and second")],
)
def test_choosing_keeps_every_text(world, choice, content, stands):
    section = world.heard
    loaded = {"how": answer_mark(None)}
    world.save(world.officer, section, who=["children"], how="First")
    services.save_section(
        actor=world.colleague, now=LATER, section=section, answers=given(section, loaded, how="Second")
    )
    version = AnswerVersion.objects.get()
    services.settle_version(actor=world.colleague, now=LATER, version=version, choice=choice, content=content)
    assert Answer.objects.get(item_id="how").value == stands
    texts = {stands, *AnswerVersion.objects.values_list("value", flat=True)}
    assert {"First", "Second"} <= texts
    assert world.save(world.colleague, section, now=LATER).done
    services.settle_version(actor=world.officer, now=LATER, version=version, choice="kept")
    assert Answer.objects.get(item_id="how").value == stands


# Assigning


def test_a_section_given_to_a_person_becomes_a_task_that_closes_when_it_is_done(world):
    world.give(world.heard, world.health, world.head, due_on=date(2026, 11, 30))
    task = Task.objects.get(code="assessments.answer_section")
    assert (task.organisation, task.assignee_id, task.due_on) == (
        world.health,
        world.head.membership_id,
        date(2026, 11, 30),
    )
    assert Notification.objects.get().person_id == world.head.person_id
    world.save(world.head, world.heard, who=["nobody"])
    task.refresh_from_db()
    assert task.done_at == NOW


def test_giving_it_to_someone_else_moves_the_task(world):
    world.give(world.heard, world.health)
    world.give(world.heard, world.board, world.colleague)
    open_ones = Task.objects.filter(code="assessments.answer_section", done_at=None)
    assert [task.organisation for task in open_ones] == [world.board]


def test_giving_it_twice_is_one_act(world):
    world.give(world.heard, world.health)
    world.give(world.heard, world.health)
    assert actions().count("assessments.section_assigned") == 1


def test_a_person_must_work_there(world):
    with pytest.raises(ValidationError):
        world.give(world.heard, world.health, world.colleague)
    Membership.objects.filter(pk=world.head.membership_id).update(valid_until=NOW - timedelta(days=1))
    with pytest.raises(ValidationError):
        world.give(world.heard, world.health, world.head)


def test_strangers_cannot_be_asked(world):
    with pytest.raises(Denied):
        world.give(world.heard, world.elsewhere)


def test_another_vendor_cannot_be_asked(world):
    world.vendor.__class__.objects.create(name="Rival", slug="rival", kind="vendor", jurisdiction="SE", created_at=NOW)
    rival = world.vendor.__class__.objects.get(slug="rival")
    with pytest.raises(ValidationError):
        world.give(world.technique, rival)


def test_the_vendors_answer_says_so(world):
    world.give(world.technique, world.vendor)
    world.save(world.seller, world.technique, tested="yes")
    assert Answer.objects.get(item_id="tested").origin == "vendor"


def test_signed_answers_of_the_vendor_are_reused_in_another_matter(world):
    world.finish()
    services.sign_off(actor=world.seller, now=NOW, assessment=world.assessment)
    other = create_matter(
        actor=world.officer, now=NOW, owner=world.board, kind="deployment", title="Grade 5", system=world.matter.system
    )
    started = services.start_assessment(actor=world.officer, now=LATER, matter=other, pack=world.pack)
    answer = Answer.objects.get(section__assessment=started)
    assert (answer.item_id, answer.value, answer.origin, answer.origin_note) == (
        "tested",
        "yes",
        "reused",
        "Sam, Vendor",
    )
    assert not Evidence.objects.filter(case__matter=other, kind="answers").exists()


# Comments and evidence


def test_a_comment_sent_twice_is_made_once(world):
    for _ in range(2):
        services.comment(actor=world.officer, now=NOW, section=world.heard, item_id="who", text="Who?", token="t1")
    assert Comment.objects.count() == 1
    assert actions().count("assessments.comment_made") == 1
    assert "Who?" not in str(Entry.objects.get(action="assessments.comment_made").public)


def test_a_comment_tells_the_one_who_answers(world):
    world.give(world.heard, world.health, world.head)
    Notification.objects.all().delete()
    services.comment(actor=world.officer, now=NOW, section=world.heard, item_id="who", text="Who?", token="t1")
    assert Notification.objects.get().person_id == world.head.person_id


@pytest.mark.parametrize("text", ["", "  ", "x" * 5_001])
def test_a_comment_has_words(world, text):
    with pytest.raises(ValidationError):
        services.comment(actor=world.officer, now=NOW, section=world.heard, item_id="who", text=text, token="t")


def test_a_comment_is_dealt_with_once(world):
    made = services.comment(actor=world.officer, now=NOW, section=world.heard, item_id="who", text="Who?", token="t1")
    for _ in range(2):
        services.resolve_comment(actor=world.colleague, now=LATER, comment=made)
    made.refresh_from_db()
    assert (made.resolved_at, made.resolved_by) == (LATER, "Cia")
    assert actions().count("assessments.comment_resolved") == 1


def test_evidence_belongs_to_the_answer_and_the_same_file_is_kept_once(world):
    world.save(world.officer, world.heard, who=["nobody"])
    for _ in range(2):
        services.attach_file(actor=world.officer, now=LATER, section=world.heard, item_id="who", upload=upload())
    stored = StoredFile.objects.get()
    assert stored.subject_id == str(Answer.objects.get(item_id="who").pk)
    assert world.heard.state == State.BEGUN  # it counts when it is saved
    world.save(world.officer, world.heard)
    assert world.heard.saved_answers["who"]["files"] == [stored.sha256]
    services.remove_attached_file(actor=world.officer, now=LATER, stored=stored)
    assert world.heard.state == State.BEGUN
    stored.refresh_from_db()
    assert stored.removed_at == LATER


def test_a_file_of_something_else_is_not_removed_here(world):
    other = StoredFile.objects.create(
        subject_type="assurance.evidence", subject_id="1", organisation=world.board, name="x.txt", media_type="text/plain", size=1,
        sha256="0" * 64, stored_as="x", uploaded_by="x", uploaded_at=NOW,
    )  # fmt: skip
    with pytest.raises(Denied):
        services.remove_attached_file(actor=world.officer, now=NOW, stored=other)
