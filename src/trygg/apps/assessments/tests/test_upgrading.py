"""Moving to newer questions: what becomes of each answer, what counts, what is told, taking it back; phases."""

import copy

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from trygg.apps.assessments import services
from trygg.apps.assessments.carrying import plan_for
from trygg.apps.assessments.content import files_by_answer, load_whole
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment
from trygg.apps.assessments.questions import content_hash
from trygg.apps.assessments.tests.scene import INSTRUMENT, LATER, NOW, choices, item, publish, words
from trygg.kernel.access import Denied
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.models import PurposeLink
from trygg.kernel.work.models import Task
from trygg.spine.assurance.models import Claim, Evidence
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter

pytestmark = pytest.mark.full

State = SectionAssignment.State


def newer(world, version="2.0.0", migrations=None, **changes) -> PackVersion:
    """The small instrument in another version: `tested` renamed to `proved`, `when` dropped, `who` in other words, one new."""
    data = copy.deepcopy(INSTRUMENT)
    data["version"] = version
    heard, technique = data["sections"]
    heard["items"][0]["text"] = words("Which children were heard?")
    technique["items"][0] |= {"id": "proved", "choices": choices("proven", "no")}
    technique["items"] = [technique["items"][0], item("new", "text", required=False)]
    data["migrations"] = migrations if migrations is not None else [
        {
            "from": "1.0.0",
            "changes": [
                {"do": "rename", "from": "tested", "to": "proved", "choices": {"yes": "proven"}},
                {"do": "drop", "from": "when"},
            ],
        }
    ]
    data |= changes
    PackVersion.objects.filter(pack_id="small").update(current=False)
    return publish(data)


def upgrade(world, pack: PackVersion, now=LATER, **more) -> Assessment:
    return services.upgrade_assessment(actor=world.officer, now=now, assessment=world.assessment, pack=pack, **more)


def answers(assessment: Assessment) -> dict:
    return dict(Answer.objects.filter(section__assessment=assessment).values_list("item_id", "value"))


def plan(world, pack):
    return plan_for(load_whole(world.assessment), pack)


@pytest.fixture
def half(world):
    """Half-way: the vendor's section done, the own one begun, with a note and a file."""
    world.give(world.technique, world.vendor)
    world.save(world.seller, world.technique, tested="yes", when="2026-11-01")
    upload = read_upload(SimpleUploadedFile("plan.txt", b"En plan"))
    services.attach_file(actor=world.officer, now=NOW, section=world.heard, item_id="who", upload=upload)
    services.autosave_answers(
        actor=world.officer, now=NOW, section=world.heard,
        answers=[*world_given(world.heard, who=(["children"], "In two classes"), how="By drawing")],
    )  # fmt: skip
    return world


def world_given(section, **values):
    from trygg.apps.assessments.tests.scene import given

    return given(section, **values)


def test_no_answer_is_lost(half):
    pack = newer(half)
    made = upgrade(half, pack)
    assert answers(made) == {"who": ["children"], "how": "By drawing", "proved": "proven"}
    who = Answer.objects.get(section__assessment=made, item_id="who")
    assert who.note == "In two classes" and who.answered_by.startswith(half.officer.name)
    assert [stored.name for stored in files_by_answer([who])[who.pk]] == ["plan.txt"]
    assert {(m["source"], m["target"], m["fate"], m["why"], m["look"]) for m in made.carried["moves"]} == {
        ("who", "who", "kept", "", True),
        ("how", "how", "kept", "", False),
        ("tested", "proved", "moved", "", True),  # its choices read otherwise
        ("when", None, "dropped", "said", False),
    }
    assert made.sections.get(section_id="technique").organisation == half.vendor
    assert made.because == "upgraded" and made.previous_id == half.assessment.pk and made.revision == 2


def test_the_old_one_is_closed_with_its_hash_and_readable(half):
    made = upgrade(half, newer(half))
    old = Assessment.objects.get(pk=half.assessment.pk)
    assert old.state == "superseded" and old.lock_hash == content_hash(old.locked_content)
    assert answers(old) == {"who": ["children"], "how": "By drawing", "tested": "yes", "when": "2026-11-01"}
    with pytest.raises(Denied):
        half.save(half.officer, half.heard, who=["nobody"])
    assert made.sections.count() == 2


def test_what_is_new_or_reworded_makes_a_section_begun(half):
    half.save(half.officer, half.heard, who=["nobody"])
    made = upgrade(half, newer(half))
    assert dict(made.sections.values_list("section_id", "state")) == {"heard": "begun", "technique": "begun"}
    again = newer(half, "2.1.0", migrations=[], licence="MIT")
    half.__dict__["assessment"] = made
    heard = made.sections.get(section_id="heard")
    half.save(half.officer, heard, who=["nobody"])
    after = upgrade(half, again)
    assert dict(after.sections.values_list("section_id", "state"))["heard"] == "done"


def test_a_reworded_question_counts_on_and_one_to_be_confirmed_does_not(half):
    half.save(half.officer, half.heard, who=["children"], how="x")
    changes = [{"from": "1.0.0", "changes": [{"do": "rename", "from": "tested", "to": "proved", "choices": {"yes": "proven"}, "confirm": True}]}]
    made = upgrade(half, newer(half, migrations=changes))
    evidence = Evidence.objects.get(kind="answers", withdrawn_at=None)
    assert evidence.source_id == str(made.pk)
    assert evidence.params["answers"] == {"who": ["children"], "how": "x"}
    assert Claim.objects.get(case__matter=half.matter, requirement_id="children-heard").status == "supported"


def test_a_map_that_says_the_answer_stands_asks_nobody(half):
    half.save(half.officer, half.heard, who=["nobody"])
    moves = plan(half, newer(half, migrations=[{"from": "1.0.0", "changes": [{"do": "keep", "from": "who"}]}])).moves
    assert next(move for move in moves if move.source == "who").look is False


def test_an_answer_saved_between_preview_and_confirm_is_not_lost(half):
    pack = newer(half)
    seen = plan(half, pack).fingerprint
    services.autosave_answers(actor=half.officer, now=NOW, section=half.heard, answers=world_given(half.heard, how="By talking"))
    with pytest.raises(services.ChangedMeanwhile):
        upgrade(half, pack, seen=seen)
    assert Assessment.objects.get(pk=half.assessment.pk).is_open
    made = upgrade(half, pack, seen=plan(half, pack).fingerprint)
    assert answers(made)["how"] == "By talking"


def test_done_twice_it_is_done_once(half):
    pack = newer(half)
    made = upgrade(half, pack)
    assert upgrade(half, pack).pk == made.pk
    assert Entry.objects.filter(action="assessments.assessment_upgraded").count() == 1


def test_two_texts_are_chosen_between_first(half):
    page = world_given(half.heard, how="One text")
    stale = world_given(half.heard, how="Another text")
    services.autosave_answers(actor=half.officer, now=NOW, section=half.heard, answers=page)
    services.autosave_answers(actor=half.colleague, now=NOW, section=half.heard, answers=stale)
    with pytest.raises(ValidationError, match="Heard"):
        upgrade(half, newer(half))
    assert Assessment.objects.count() == 1


def test_only_to_the_newest_version_of_the_same_questions(half):
    pack = newer(half)
    other = publish({**copy.deepcopy(INSTRUMENT), "id": "other", "version": "3.0.0"})
    old = half.pack
    newest = newer(half, "2.1.0")
    for wrong in (other, old, PackVersion.objects.get(pk=pack.pk)):
        with pytest.raises(ValidationError):
            upgrade(half, wrong)
    assert upgrade(half, newest).pack_id == newest.pk


def test_signatures_are_not_carried_and_tasks_lead_to_the_new_sections(half):
    half.save(half.officer, half.heard, who=["nobody"])
    services.sign_off(actor=half.seller, now=NOW, assessment=half.assessment)
    made = upgrade(half, newer(half))
    assert not made.signoffs.exists()
    assert {(task.code, task.path) for task in Task.objects.filter(done_at=None)} == {
        ("assessments.answer_section", f"/assessments/sections/{made.sections.get(section_id='technique').pk}/")
    }


def test_a_guests_link_leads_to_the_new_section(half):
    link = PurposeLink.objects.create(
        membership_id=half.officer.membership_id, path=f"/assessments/sections/{half.heard.pk}/", token_hash="x",
        created_at=NOW, expires_at=NOW.replace(year=2027),
    )  # fmt: skip
    made = upgrade(half, newer(half))
    link.refresh_from_db()
    assert link.path == f"/assessments/sections/{made.sections.get(section_id='heard').pk}/"


def everything(assessment: Assessment) -> dict:
    whole = load_whole(Assessment.objects.get(pk=assessment.pk))
    return {
        "state": whole.assessment.state,
        "hash": whole.assessment.lock_hash,
        "contents": whole.contents,
        "sections": [(s.section_id, s.state, s.saved_hash, s.organisation_id) for s in whole.sections],
        "evidence": list(Evidence.objects.filter(kind="answers", withdrawn_at=None).values_list("source_id", "content_hash")),
        "tasks": sorted(Task.objects.filter(done_at=None).values_list("code", "path")),
    }


def test_it_can_be_taken_back_as_long_as_nobody_has_changed_anything(half):
    half.save(half.officer, half.heard, who=["nobody"])
    before = everything(half.assessment)
    made = upgrade(half, newer(half))
    back = services.undo_upgrade(actor=half.officer, now=LATER, assessment=made)
    assert back.pk == half.assessment.pk and everything(back) == before
    assert not Assessment.objects.filter(pk=made.pk).exists()
    made = upgrade(half, PackVersion.objects.get(pack_id="small", current=True))
    heard = made.sections.get(section_id="heard")
    changed = world_given(heard, who=["children"])
    services.autosave_answers(actor=half.officer, now=LATER, section=heard, answers=changed)
    with pytest.raises(ValidationError, match="taken back"):
        services.undo_upgrade(actor=half.officer, now=LATER, assessment=made)


def test_a_locked_one_is_not_touched(half):
    half.save(half.officer, half.heard, who=["nobody"])
    for actor in (half.officer, half.seller):
        services.sign_off(actor=actor, now=NOW, assessment=half.assessment)
    locked = services.lock_assessment(actor=half.officer, now=NOW, assessment=half.assessment)
    before = everything(locked)
    made = upgrade(half, newer(half))
    old = Assessment.objects.get(pk=locked.pk)
    assert (old.state, old.lock_hash, old.locked_content) == ("locked", locked.lock_hash, locked.locked_content)
    services.undo_upgrade(actor=half.officer, now=LATER, assessment=made)
    assert everything(locked) == before


def test_nothing_new_begins_with_withdrawn_questions_or_those_of_others(world):
    PackVersion.objects.filter(pk=world.pack.pk).update(current=False)
    with pytest.raises(ValidationError):
        services.start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=PackVersion.objects.get(pk=world.pack.pk))
    PackVersion.objects.filter(pk=world.pack.pk).update(current=True, organisation=world.elsewhere)
    with pytest.raises(Denied):
        services.start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=PackVersion.objects.get(pk=world.pack.pk))


# Phases -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def phased(world):
    data = copy.deepcopy(INSTRUMENT)
    data |= {"version": "1.5.0", "phases": [{"id": "design", "title": words("Design")}, {"id": "use", "title": words("Use")}]}
    data["sections"][1]["items"][1] |= {"phases": ["design"]}
    data["sections"][1]["items"].append(item("watched", "text", phases=["use"]))
    PackVersion.objects.filter(pk=world.pack.pk).update(current=False)
    world.pack = publish(data)
    return world


def test_a_phase_is_locked_before_the_next_begins(phased):
    assert phased.assessment.phase == "design"
    with pytest.raises(ValidationError, match="Lock"):
        services.begin_next_phase(actor=phased.officer, now=LATER, assessment=phased.assessment)


def test_the_next_phase_asks_its_own_questions_and_shows_the_answers_again(phased):
    phased.give(phased.technique, phased.vendor)
    phased.save(phased.officer, phased.heard, who=["nobody"])
    phased.save(phased.seller, phased.technique, tested="yes", when="2026-11-01")
    for actor in (phased.officer, phased.seller):
        services.sign_off(actor=actor, now=NOW, assessment=phased.assessment)
    locked = services.lock_assessment(actor=phased.officer, now=NOW, assessment=phased.assessment)
    assert locked.locked_content["phase"] == "design"
    made = services.begin_next_phase(actor=phased.officer, now=LATER, assessment=locked)
    assert (made.phase, made.because, made.revision) == ("use", "phase", 2)
    assert answers(made) == {"who": ["nobody"], "tested": "yes"}
    moves = {move["source"]: move for move in made.carried["moves"]}
    assert moves["when"]["why"] == "other_phase" and moves["who"]["look"] is True
    assert set(made.sections.values_list("state", flat=True)) == {"begun"}
    whole = load_whole(made)
    assert "watched" in whole.reading.asked.visible and "when" not in whole.reading.asked.visible
    with pytest.raises(ValidationError, match="no phase"):
        services.begin_next_phase(actor=phased.officer, now=LATER, assessment=made)


# Pages ------------------------------------------------------------------------------------------------------------------


def test_the_pages_of_a_move(half, client):
    from tests.world import sign_in

    pack = newer(half)
    client = sign_in(client, half.officer)
    path = f"/assessments/{half.assessment.pk}/"
    assert "There is a newer version of the questions" in client.get(path).content.decode()
    page = client.get(f"{path}upgrade/").content.decode()
    for words_ in ("Question when?", "The new version says that the answer does not hold for it.", "Which children were heard?"):
        assert words_ in page, words_
    seen = plan(half, pack).fingerprint
    services.autosave_answers(actor=half.officer, now=NOW, section=half.heard, answers=world_given(half.heard, how="By talking"))
    again = client.post(f"{path}upgrade/", {"seen": seen})
    assert again.status_code == 422 and "Somebody changed something" in again.content.decode()
    made = client.post(f"{path}upgrade/", {"seen": plan(half, pack).fingerprint})
    new = Assessment.objects.get(previous=half.assessment)
    assert made["Location"] == f"/assessments/{new.pk}/"
    overview = client.get(made["Location"]).content.decode()
    assert "Take the move back" in overview and f"/assessments/{new.pk}/carried/" in overview
    assert "goes on in a newer revision" in client.get(path).content.decode()
    assert "Question when?" in client.get(f"/assessments/{new.pk}/carried/").content.decode()
    heard = client.get(f"/assessments/sections/{new.sections.get(section_id='heard').pk}/").content.decode()
    assert "From version 1.0.0 of the questions. Look again." in heard
    client.post(f"/assessments/{new.pk}/upgrade/undo/")
    assert Assessment.objects.get(pk=half.assessment.pk).is_open


def test_the_vendor_reads_only_what_became_of_the_own_answers(half, client):
    from tests.world import sign_in

    made = upgrade(half, newer(half))
    page = sign_in(client, half.seller).get(f"/assessments/{made.pk}/carried/").content.decode()
    assert "Question when?" in page and "In two classes" not in page and "Question how?" not in page


def test_answers_of_another_version_are_refused_and_given_back(half, client):
    from tests.world import sign_in

    made = upgrade(half, newer(half))
    technique = made.sections.get(section_id="technique")
    sent = {"m-tested": "0", "a-tested": "no", "n-tested": "A long text that nobody writes again", "do": "done"}
    answer = sign_in(client, half.seller).post(f"/assessments/sections/{technique.pk}/", sent)
    text = answer.content.decode()
    assert answer.status_code == 409 and "another version of the questions" in text and "nobody writes again" in text
    assert answers(made)["proved"] == "proven"


def test_a_page_of_the_old_one_gives_the_text_back(half, client):
    from tests.world import sign_in

    upgrade(half, newer(half))
    sent = {"m-tested": "0", "a-tested": "no", "n-tested": "A long text that nobody writes again", "do": "done"}
    answer = sign_in(client, half.seller).post(f"/assessments/sections/{half.technique.pk}/", sent)
    assert answer.status_code == 409 and "nobody writes again" in answer.content.decode()


def test_questions_in_one_language_are_marked_and_the_page_says_so(world, client):
    import json
    import re

    from tests.world import sign_in

    data = json.loads(re.sub(r', "sv": "[^"]*"', "", json.dumps(INSTRUMENT))) | {"version": "1.9.0", "languages": ["en"]}
    PackVersion.objects.filter(pk=world.pack.pk).update(current=False)
    world.pack = publish(data)
    page = sign_in(client, world.officer).get(f"/assessments/sections/{world.heard.pk}/", HTTP_ACCEPT_LANGUAGE="sv").content.decode()
    assert '<span lang="en">Question who?</span>' in page and '<span lang="en">children</span>' in page
    assert '<span lang="en">Heard</span>' in page and "De visas på engelska" in page
    overview = client.get(f"/assessments/{world.assessment.pk}/", HTTP_ACCEPT_LANGUAGE="sv").content.decode()
    assert "De visas på engelska" in overview


def test_the_pages_ask_no_more_queries_for_more_questions(world, client, django_assert_max_num_queries):
    """Overview of one that was moved, the preview, and what became of each answer: 300 questions."""
    from tests.world import sign_in

    data = copy.deepcopy(INSTRUMENT) | {"version": "1.4.0"}
    data["sections"] = [
        {"id": f"s{k}", "title": words(f"Section {k}"), "items": [item(f"q{k}_{i}", "text") for i in range(30)]} for k in range(10)
    ]
    PackVersion.objects.filter(pk=world.pack.pk).update(current=False)
    world.pack = publish(data)
    for section in world.assessment.sections.all():
        asked = {f"{section.section_id.replace('s', 'q')}_{i}": "An answer" for i in range(30)}
        world.save(world.officer, section, **asked)
    reworded = copy.deepcopy(data) | {"version": "1.4.1"}
    for section in reworded["sections"]:
        section["items"][0]["text"] = words("Otherwise")
    PackVersion.objects.filter(pk=world.pack.pk).update(current=False)
    pack = publish(reworded)
    client = sign_in(client, world.officer)
    client.get("/home/")
    with django_assert_max_num_queries(35):
        assert client.get(f"/assessments/{world.assessment.pk}/upgrade/").status_code == 200
    made = upgrade(world, pack)
    with django_assert_max_num_queries(40):
        assert "Take the move back" in client.get(f"/assessments/{made.pk}/").content.decode()
    with django_assert_max_num_queries(35):
        assert client.get(f"/assessments/{made.pk}/carried/").status_code == 200
    assert sum(move["look"] for move in made.carried["moves"]) == 10


def test_who_is_asked_sees_another_organisations_questions_and_begins_nothing_with_them(world):
    from trygg.apps.assessments.offering import offers
    from trygg.kernel.access import may

    PackVersion.objects.filter(pk=world.pack.pk).update(organisation=world.board)
    pack = PackVersion.objects.get(pk=world.pack.pk)
    assert not may(world.nurse, "frameworks.view_pack", pack)
    world.give(world.technique, world.health)
    assert may(world.nurse, "frameworks.view_pack", pack)
    assert not may(world.outsider, "frameworks.view_pack", pack)
    assert offers(world.nurse, Matter(pk=0, owner=world.health)) == []
