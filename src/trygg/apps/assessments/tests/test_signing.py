"""Signatures, the lock and its hash, new revisions."""

import copy

import pytest
from django.core.exceptions import ValidationError

from trygg.apps.assessments import services
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment, SignOff
from trygg.apps.assessments.questions import content_hash
from trygg.apps.assessments.tests.scene import INSTRUMENT, LATER, NOW, given, item, publish
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Detail, Entry
from trygg.kernel.work.models import Task
from trygg.spine.assurance.models import Evidence
from trygg.spine.frameworks.comparison import compare
from trygg.spine.frameworks.selectors import engine_pack

State = SectionAssignment.State


def sign_all(world) -> None:
    world.finish()
    for actor in (world.officer, world.seller):
        services.sign_off(actor=actor, now=NOW, assessment=world.assessment)


def lock(world) -> Assessment:
    sign_all(world)
    return services.lock_assessment(actor=world.officer, now=LATER, assessment=world.assessment)


def open_tasks() -> set[str]:
    return set(Task.objects.filter(done_at=None).values_list("code", flat=True))


def test_an_organisation_signs_its_own_sections(world):
    world.finish()
    services.sign_off(actor=world.seller, now=NOW, assessment=world.assessment)
    assert (world.heard.state, world.technique.state) == (State.DONE, State.SIGNED)
    with pytest.raises(Denied):
        world.save(world.seller, world.technique, tested="no")
    with pytest.raises(Denied):
        world.save(world.officer, world.technique, tested="no")


def test_what_is_not_done_cannot_be_signed(world):
    with pytest.raises(ValidationError, match="Heard, Technique"):
        services.sign_off(actor=world.officer, now=NOW, assessment=world.assessment)
    assert not SignOff.objects.exists()


def test_signing_twice_is_signing_once(world):
    world.finish()
    first = services.sign_off(actor=world.officer, now=NOW, assessment=world.assessment)
    assert services.sign_off(actor=world.colleague, now=LATER, assessment=world.assessment).pk == first.pk
    assert Entry.objects.filter(action="assessments.signed_off").count() == 1


def test_the_signature_is_bound_to_what_was_saved(world):
    world.finish()
    signed = services.sign_off(actor=world.officer, now=NOW, assessment=world.assessment)
    services.withdraw_sign_off(actor=world.officer, now=LATER, signoff=signed)
    world.save(world.officer, world.heard, who=["nobody"], deep=None)
    again = services.sign_off(actor=world.officer, now=LATER, assessment=world.assessment)
    assert again.content_hash == signed.content_hash
    services.withdraw_sign_off(actor=world.officer, now=LATER, signoff=again)
    world.save(world.officer, world.heard, who=["children"], how="Otherwise")
    changed = services.sign_off(actor=world.officer, now=LATER, assessment=world.assessment)
    assert changed.content_hash != signed.content_hash


def test_a_section_given_after_the_signature_is_signed_anew(world):
    world.finish()
    first = services.sign_off(actor=world.officer, now=NOW, assessment=world.assessment)
    world.give(world.technique, world.board)
    second = services.sign_off(actor=world.officer, now=LATER, assessment=world.assessment)
    first.refresh_from_db()
    assert first.withdrawn_at == LATER and second.withdrawn_at is None
    assert world.technique.state == State.SIGNED


def test_tasks_follow_from_done_to_signed_to_locked(world):
    world.finish()
    assert open_tasks() == {"assessments.sign_off"}
    assert Task.objects.filter(code="assessments.sign_off", done_at=None).count() == 2
    for actor in (world.officer, world.seller):
        services.sign_off(actor=actor, now=NOW, assessment=world.assessment)
    assert open_tasks() == {"assessments.lock_assessment"}
    services.lock_assessment(actor=world.officer, now=LATER, assessment=world.assessment)
    assert open_tasks() == set()


def test_it_is_locked_only_when_all_have_signed(world):
    world.finish()
    services.sign_off(actor=world.officer, now=NOW, assessment=world.assessment)
    with pytest.raises(ValidationError, match="Vendor"):
        services.lock_assessment(actor=world.officer, now=LATER, assessment=world.assessment)


def test_the_lock_is_the_hash_of_the_completed_answers(world):
    locked = lock(world)
    assert locked.lock_hash == content_hash(locked.locked_content)
    assert {key: held["value"] for key, held in locked.locked_content["answers"].items()} == {
        "who": ["nobody"],
        "tested": "yes",
    }
    assert locked.lock_hash in Detail.objects.get(entry__action="assessments.assessment_locked", name="lock_hash").value
    tampered = copy.deepcopy(locked.locked_content)
    tampered["answers"]["tested"]["value"] = "no"
    assert content_hash(tampered) != locked.lock_hash


def test_hidden_answers_are_not_locked_in(world):
    world.save(world.officer, world.heard, who=["children"], how="A secret that was taken back")
    locked = lock(world)
    assert "secret" not in str(locked.locked_content)


def test_locking_twice_is_locking_once(world):
    locked = lock(world)
    again = services.lock_assessment(actor=world.officer, now=LATER, assessment=locked)
    assert again.locked_at == locked.locked_at
    assert Entry.objects.filter(action="assessments.assessment_locked").count() == 1


def test_nothing_is_written_into_a_locked_one(world):
    lock(world)
    for call in (
        lambda: world.save(world.officer, world.heard, who=["children"]),
        lambda: services.autosave_answers(
            actor=world.officer, now=LATER, section=world.heard, answers=given(world.heard, who=["children"])
        ),
        lambda: services.comment(
            actor=world.officer, now=LATER, section=world.heard, item_id="who", text="x", token="x"
        ),
        lambda: world.give(world.heard, world.health),
        lambda: services.withdraw_sign_off(actor=world.officer, now=LATER, signoff=SignOff.objects.first()),
    ):
        with pytest.raises(Denied):
            call()


def test_a_new_question_opened_by_another_section_stops_the_lock(world):
    data = copy.deepcopy(INSTRUMENT)
    data["version"] = "1.1.0"
    data["sections"][1]["items"].append(
        item(
            "after",
            "choice",
            choices=data["sections"][1]["items"][0]["choices"],
            visible_when={"item": "who", "includes": "children"},
        )
    )
    world.pack.__class__.objects.update(current=False)
    world.pack = publish(data)
    world.finish()
    services.sign_off(actor=world.seller, now=NOW, assessment=world.assessment)
    world.save(world.officer, world.heard, who=["children"], how="In class")
    services.sign_off(actor=world.officer, now=NOW, assessment=world.assessment)
    with pytest.raises(ValidationError, match=r"Question after\?"):
        services.lock_assessment(actor=world.officer, now=LATER, assessment=world.assessment)


def test_taking_it_up_again_makes_a_revision_and_touches_nothing(world):
    locked = lock(world)
    made = services.reopen_assessment(actor=world.officer, now=LATER, assessment=locked)
    before = Assessment.objects.get(pk=locked.pk)
    assert (before.state, before.lock_hash, made.revision, made.previous_id) == (
        "locked",
        locked.lock_hash,
        2,
        locked.pk,
    )
    assert set(made.sections.values_list("section_id", "state")) == {("heard", "done"), ("technique", "done")}
    assert made.sections.get(section_id="technique").organisation == world.vendor
    answers = Answer.objects.filter(section__assessment=made).values_list("item_id", "origin")
    assert set(answers) == {("who", "typed"), ("tested", "vendor")}
    assert services.reopen_assessment(actor=world.officer, now=LATER, assessment=locked).pk == made.pk


def test_the_earlier_answers_count_until_the_new_revision_is_saved(world):
    made = services.reopen_assessment(actor=world.officer, now=LATER, assessment=lock(world))
    assert Evidence.objects.get(kind="answers", withdrawn_at=None).source_id == str(made.previous_id)
    section = made.sections.get(section_id="heard")
    world.save(world.officer, section, now=LATER, who=["children"], how="Now they were")
    evidence = Evidence.objects.get(kind="answers", withdrawn_at=None)
    assert evidence.source_id == str(made.pk)
    assert evidence.params["answers"]["tested"] == "yes"


def test_a_newer_version_of_the_questions_keeps_the_answers_that_still_fit(world):
    locked = lock(world)
    data = copy.deepcopy(INSTRUMENT)
    data["version"] = "2.0.0"
    data["sections"][0]["items"][0]["choices"] = data["sections"][0]["items"][0]["choices"][:1]  # "nobody" is gone
    data["sections"][0]["items"].append(item("new", "text"))
    world.pack.__class__.objects.filter(pk=world.pack.pk).update(current=False)
    newer = publish(data)
    shown = compare(engine_pack(world.pack), engine_pack(newer))
    assert ([item.id for item in shown.added], shown.removed, [each.item for each in shown.reworded]) == (["new"], (), ["who"])
    made = services.reopen_assessment(actor=world.officer, now=LATER, assessment=locked, pack=newer)
    assert set(Answer.objects.filter(section__assessment=made).values_list("item_id", flat=True)) == {"tested"}
    assert set(made.sections.values_list("section_id", "state")) == {("heard", "begun"), ("technique", "done")}


def test_an_open_one_is_not_taken_up_again(world):
    with pytest.raises(ValidationError):
        services.reopen_assessment(actor=world.officer, now=LATER, assessment=world.assessment)
