"""Beginning with another municipality's published answers: what goes along, what counts, what differs, what is left."""

import json
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from trygg.apps.assessments import paper, services, theirs
from trygg.apps.assessments.content import load_whole
from trygg.apps.assessments.models import Answer, Assessment, StartedFrom
from trygg.apps.assessments.tests import sharing_scene
from trygg.apps.assessments.tests.scene import INSTRUMENT, LATER, NOW, choices, given, publish
from trygg.kernel.access import Actor, Denied
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.models import Entry
from trygg.spine.assurance.models import Claim, Evidence
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.publication import others
from trygg.spine.publication import services as publication
from trygg.spine.publication.casefile import case_of, source_of, written
from trygg.spine.publication.others import Nearness


def begin(world, version, **more) -> Assessment:
    case = case_of(version)
    call = {"actor": world.officer, "now": NOW, "matter": world.matter, "piece": case["pieces"][0], "source": source_of(case)}
    return services.begin_from_case(**(call | more))


def claim(world) -> Claim:
    return Claim.objects.get(case__matter=world.matter, requirement_id="children-heard")


def save(actor: Actor, section, confirmed=(), now=LATER, **values):
    sent = [replace(each, confirmed=each.item_id in confirmed) for each in given(section, **values)]
    return services.save_section(actor=actor, now=now, section=section, answers=sent)


# What is shared


def test_answers_and_notes_go_along_and_nothing_of_who_gave_them(world):
    made = sharing_scene.locked(world)
    piece = theirs.pieces_of(made.matter)[0]
    assert [answer["item"] for answer in piece["answers"]] == ["who", "how", "tested", "when"]
    assert piece["answers"][0]["note"] == "We asked two classes"
    assert piece["answers"][0]["words"] == {"en": "children", "sv": "children (sv)"}
    text = json.dumps(piece)
    assert "Otto" not in text and "sha256" not in text and '"by"' not in text
    assert (piece["instrument"], piece["version"], piece["pack"]) == ("small", "1.0.0", world.pack.content_hash)


def test_nothing_that_is_not_locked_is_shared(world):
    made = sharing_scene.locked(world)
    reopened = services.reopen_assessment(actor=world.outsider, now=LATER, assessment=made)
    heard = reopened.sections.get(section_id="heard")
    services.save_section(actor=world.outsider, now=LATER, section=heard, answers=given(heard, how="By drawing, a draft"))
    assert "draft" not in json.dumps(theirs.pieces_of(made.matter))
    assert theirs.pieces_of(world.matter) == []


# What one begins with


def test_their_answers_stand_unconfirmed_and_support_nothing(world):
    made = begin(world, sharing_scene.published(world))
    stored = {answer.item_id: answer for answer in Answer.objects.filter(section__assessment=made)}
    assert {name: answer.value for name, answer in stored.items()} == {
        "who": ["children"], "how": "In class", "tested": "yes", "when": "2026-09-01",
    }  # fmt: skip
    assert all(answer.unconfirmed and answer.origin == "reused" for answer in stored.values())
    assert stored["who"].origin_note == "Elsewhere, version 1, 2026-11-23"
    assert claim(world).status == "missing" and not Evidence.objects.filter(kind="answers", case__matter=world.matter).exists()
    with pytest.raises(ValidationError, match="Heard"):
        services.sign_off(actor=world.officer, now=LATER, assessment=made)


def test_confirming_one_supports_the_claim_and_opens_what_hangs_on_it(world):
    made = begin(world, sharing_scene.published(world))
    heard = made.sections.get(section_id="heard")
    saved = save(world.officer, heard, confirmed=["who"], who=(["children"], "We asked two classes"))
    assert saved.missing == ("how",) and saved.asked == ("who", "how")
    assert claim(world).status == "supported"
    assert Answer.objects.get(section=heard, item_id="how").unconfirmed


def test_done_twice_it_is_done_once(world):
    version = sharing_scene.published(world)
    assert begin(world, version).pk == begin(world, version, now=LATER).pk
    assert Entry.objects.filter(action="assessments.begun_from_case").count() == 1
    assert StartedFrom.objects.count() == 1


def test_ones_own_answers_are_never_overwritten(world):
    world.save(world.officer, world.heard, who=["nobody"])
    made = begin(world, sharing_scene.published(world))
    assert made.pk == world.assessment.pk
    assert Answer.objects.get(section=world.heard, item_id="who").value == ["nobody"]
    began = StartedFrom.objects.get()
    assert began.answers["who"]["value"] == ["children"], "it is still compared with"
    assert [left["why"]["en"] for left in began.left] == ["You have answered it yourselves."]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_full_report_says_whose_they_were_and_where_one_differs(world, language):
    begin(world, sharing_scene.published(world))
    made = Assessment.objects.get(matter=world.matter)
    heard, technique = (made.sections.get(section_id=name) for name in ("heard", "technique"))
    save(world.officer, heard, confirmed=("who",), who=["children"], how="By drawing")
    with translation.override(language):
        content = paper.differences(world.matter, world.officer, language, LATER)
        read = " ".join(block["text"] for block in content["blocks"] if block["kind"] == "text")
        assert world.elsewhere.name in read
        numbers = {"en": "Other than theirs: 1. The same: 1.", "sv": "Andra än deras: 1. Samma: 1."}[language]
        assert numbers in read
        [table] = [block for block in content["blocks"] if block["kind"] == "table"]
        assert [row[1:] for row in table["rows"]] == [["In class", "By drawing"]]
        assert table["head"][1] == world.elsewhere.name
        # Whoever answers one section only does not read the others through a paper.
        world.give(technique, world.vendor)
        assert paper.differences(world.matter, world.seller, language, LATER) is None


def test_the_full_report_says_nothing_of_it_where_nobody_began_with_anothers(world):
    assert paper.differences(world.matter, world.officer, "en", NOW) is None


def test_the_full_report_names_what_could_not_come_along(world):
    world.save(world.officer, world.heard, who=["nobody"])
    begin(world, sharing_scene.published(world))
    content = paper.differences(world.matter, world.officer, "en", NOW)
    [stayed] = [block["items"] for block in content["blocks"] if block["kind"] == "list"]
    assert [row["text"] for row in stayed] == ["You have answered it yourselves."]


def test_a_signed_section_gets_nothing(world):
    world.give(world.technique, world.vendor)
    world.save(world.seller, world.technique, tested="no")
    services.sign_off(actor=world.seller, now=NOW, assessment=world.assessment)
    begin(world, sharing_scene.published(world))
    assert set(Answer.objects.filter(section=world.technique).values_list("item_id", flat=True)) == {"tested"}
    assert world.technique.state == "signed"


def test_what_is_locked_is_not_begun_again(world):
    world.finish()
    for actor in (world.officer, world.seller):
        services.sign_off(actor=actor, now=NOW, assessment=world.assessment)
    services.lock_assessment(actor=world.officer, now=NOW, assessment=world.assessment)
    with pytest.raises(ValidationError, match="locked them"):
        begin(world, sharing_scene.published(world))


def test_only_who_edits_the_matter_may(world):
    version = sharing_scene.published(world)
    for actor in (world.reader, world.auditor, world.outsider, world.nurse, world.seller):
        with pytest.raises(Denied):
            begin(world, version, actor=actor)
    assert not StartedFrom.objects.exists()


def test_questions_that_are_not_here_are_refused_in_words(world):
    version = sharing_scene.published(world)
    PackVersion.objects.filter(pack_id="small").update(current=False)
    with pytest.raises(ValidationError, match="not here"):
        begin(world, version)


# Another version of the questions


def newer(**change) -> dict:
    data = json.loads(json.dumps(INSTRUMENT)) | {"version": "2.0.0"}
    data["migrations"] = [
        {"from": "1.0.0", "changes": [
            {"do": "rename", "from": "how", "to": "way"},
            {"do": "drop", "from": "when"},
        ]}
    ]  # fmt: skip
    heard, technique = data["sections"]
    heard["items"][1]["id"] = "way"
    technique["items"] = [{**technique["items"][0], "choices": choices("tried", "no")}]
    return data | change


def test_another_version_comes_through_the_migration_with_a_list_of_what_could_not(world):
    version = sharing_scene.published(world)
    PackVersion.objects.filter(pack_id="small").update(current=False)
    publish(newer())
    made = begin(world, version)
    stored = dict(Answer.objects.filter(section__assessment=made).values_list("item_id", "value"))
    assert stored == {"who": ["children"], "way": "In class"}
    left = {row["question"]["en"]: row["why"]["en"] for row in StartedFrom.objects.get().left}
    assert left == {
        "Question tested?": "The question takes another sort of answer here.",
        "Question when?": "The newer questions have left it out.",
    }


def test_a_version_that_was_never_here_is_carried_by_its_questions_ids(world):
    case = json.loads(json.dumps(case_of(sharing_scene.published(world))))
    piece = case["pieces"][0] | {"version": "0.9.0", "pack": "0" * 64}
    piece["answers"].append({"item": "gone", "question": {"en": "Gone?"}, "value": "x", "words": {"en": "x"}, "note": ""})
    piece["answers"][2]["value"] = "perhaps"  # no choice of ours
    made = begin(world, sharing_scene.published(world, sharing_scene.other_matter(world, "Another")), piece=piece)
    assert set(Answer.objects.filter(section__assessment=made).values_list("item_id", flat=True)) == {"who", "how", "when"}
    assert {row["question"]["en"] for row in StartedFrom.objects.get().left} == {"Gone?", "Question tested?"}


# Beside each other


def test_you_differ_in_two_of_four(world):
    made = begin(world, sharing_scene.published(world))
    heard, technique = made.sections.get(section_id="heard"), made.sections.get(section_id="technique")
    save(world.officer, heard, confirmed=["who"], who=(["children"], "We asked two classes"))
    save(world.officer, heard, how="By drawing")
    save(world.officer, technique, confirmed=["tested"], tested="yes", when=None)
    found = theirs.compare(load_whole(made))
    by = {name: str(each.standing) for name, each in found.by_item.items()}
    assert by == {"who": "same", "how": "differs", "tested": "same", "when": "empty"}
    assert (len(found.differing), len(found.compared), found.waiting) == (2, 4, 0)
    how = found.by_item["how"]
    assert (how.theirs, how.ours) == ("In class", "By drawing")


def test_the_comparison_goes_along_to_the_next_revision(world):
    made = begin(world, sharing_scene.published(world))
    heard, technique = made.sections.get(section_id="heard"), made.sections.get(section_id="technique")
    save(world.officer, heard, who=["nobody"])
    save(world.officer, technique, confirmed=["tested", "when"], tested="yes", when="2026-09-01")
    services.sign_off(actor=world.officer, now=LATER, assessment=made)
    services.lock_assessment(actor=world.officer, now=LATER, assessment=made)
    again = services.reopen_assessment(actor=world.officer, now=LATER, assessment=made)
    found = theirs.compare(load_whole(again))
    assert {name: str(each.standing) for name, each in found.by_item.items()} == {"who": "differs", "tested": "same", "when": "same"}
    kept = Answer.objects.get(section__assessment=again, item_id="how")
    assert kept.unconfirmed, "what nobody looked at stays theirs in the next revision"


def test_the_public_page_says_where_the_answers_began(world):
    made = begin(world, sharing_scene.published(world))
    assert theirs.origin_section(world.matter, LATER) is None, "nothing stands yet"
    save(world.officer, made.sections.get(section_id="heard"), who=["nobody"])
    said = theirs.origin_section(world.matter, LATER)["items"][0]["text"]
    assert "Elsewhere (version 1, 2026-11-23)" in said["en"] and "1 of 3 differ" in said["en"]
    assert set(said) == {"en", "sv"}


# Which are nearest, and what is taken back


def test_the_same_system_comes_first_and_a_retracted_one_is_gone(world):
    near = sharing_scene.published(world)
    far_matter = sharing_scene.other_matter(world, "Other things")
    far_matter.system.name = "Something else"
    far_matter.system.save()
    far = sharing_scene.published(world, far_matter)
    found = others.others_for(world.officer, world.matter)
    assert [(other.here, other.nearness) for other in found] == [(near.pk, Nearness.SAME_SYSTEM), (far.pk, Nearness.OTHER)]
    assert others.others_for(world.outsider, near.entry.matter) == [], "one's own is no other's"
    publication.retract_entry(actor=world.outsider, now=LATER, entry=near.entry, reason="wrong")
    assert [other.here for other in others.others_for(world.officer, world.matter)] == [far.pk]
    assert others.other_here(world.officer, world.matter, near.pk) is None


def test_what_is_not_shared_is_not_offered(world):
    version = sharing_scene.published(world, shared=False)
    assert "reusable" not in version.content
    assert others.others_for(world.officer, world.matter) == []


def test_an_identity_number_in_a_note_hinders_the_page(world):
    matter = sharing_scene.other_matter(world)
    sharing_scene.locked(world, matter, how="Ask 670919-9530")  # Skatteverket's own example
    version = publication.draft_entry(actor=world.outsider, now=NOW, matter=matter, texts=sharing_scene.TEXTS, shared=True)
    with pytest.raises(ValidationError, match="what others may start from"):
        publication.ask_for_approval(actor=world.outsider, now=NOW, version=version)


# The pages


pages = pytest.mark.full


@pages
def test_from_the_list_to_the_questions(world, sign_in):
    version = sharing_scene.published(world)
    client = sign_in(world.officer)
    listed = client.get(reverse("publication:others", args=[world.matter.key])).content.decode()
    assert "A reading tutor" in listed and "About the same system" in listed
    url = reverse("publication:other_here", args=[world.matter.key, version.pk])
    page = client.get(url).content.decode()
    assert "4 answers come along." in page and "In class" in page
    went = client.post(url, {"piece": "0"})
    made = Assessment.objects.get(matter=world.matter)
    assert went.url == reverse("assessments:overview", args=[made.pk])
    overview = client.get(went.url).content.decode()
    assert "Begun with the answers of Elsewhere" in overview and "You differ in 0 of 3" in overview
    card = client.get(reverse("assessments:section", args=[made.sections.get(section_id="heard").pk])).content.decode()
    assert "Theirs, not yet yours." in card
    save(world.officer, made.sections.get(section_id="heard"), who=["nobody"])
    beside = client.get(reverse("assessments:theirs", args=[made.pk])).content.decode()
    assert "2 of 3 answers are still theirs" in beside and "You differ in 1 of 3 so far." in beside
    card = client.get(reverse("assessments:section", args=[made.sections.get(section_id="heard").pk])).content.decode()
    assert "Other than theirs. They answered: children" in card


@pages
def test_a_piece_that_is_not_there_is_refused_in_words(world, sign_in):
    version = sharing_scene.published(world)
    url = reverse("publication:other_here", args=[world.matter.key, version.pk])
    page = sign_in(world.officer).post(url, {"piece": "7"})
    assert page.status_code == 422 and "Choose which questions" in page.content.decode()
    assert not StartedFrom.objects.exists()


@pages
def test_a_file_of_another_installation_is_read_and_begun(world, sign_in, client):
    version = sharing_scene.published(world)
    answer = client.get(reverse("public:case_json", args=[version.entry.slug]))
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert answer.json() == written(version, "http://testserver", "CC0-1.0")
    publication.retract_entry(actor=world.outsider, now=LATER, entry=version.entry, reason="wrong")
    assert client.get(reverse("public:case_json", args=[version.entry.slug])).status_code == 410
    client = sign_in(world.officer)
    went = client.post(
        reverse("publication:case_file", args=[world.matter.key]), {"file": SimpleUploadedFile("case.json", answer.content)}
    )
    assert went.status_code == 302, went.content.decode()
    page = client.get(went.url).content.decode()
    assert "4 answers come along." in page
    client.post(went.url, {"piece": "0"})
    assert Answer.objects.filter(section__assessment__matter=world.matter, unconfirmed=True).count() == 4


@pages
def test_a_broken_file_is_refused_with_words_and_nothing_is_kept(world, sign_in):
    from trygg.spine.publication.models import OutsideCase

    url = reverse("publication:case_file", args=[world.matter.key])
    page = sign_in(world.officer).post(url, {"file": SimpleUploadedFile("case.json", b'{"format": "trygg-ca')})
    assert page.status_code == 422 and "may be cut off" in page.content.decode()
    assert not OutsideCase.objects.exists()


@pages
def test_who_approves_reads_all_that_goes_along(world, sign_in):
    matter = sharing_scene.other_matter(world)
    sharing_scene.locked(world, matter)
    version = publication.draft_entry(actor=world.outsider, now=NOW, matter=matter, texts=sharing_scene.TEXTS, shared=True)
    client = sign_in(world.outsider)
    preview = client.get(reverse("publication:version", args=[version.pk])).content.decode()
    assert "one assessment goes along" in preview
    page = client.get(reverse("publication:goes_along", args=[version.pk])).content.decode()
    assert "We asked two classes" in page and "Question how?" in page
    draft = client.get(reverse("publication:draft", args=[matter.key])).content.decode()
    assert 'name="shared"' in draft and "checked" in draft


def test_files_of_theirs_are_not_copied(world):
    matter = sharing_scene.other_matter(world)
    made = services.start_assessment(actor=world.outsider, now=NOW, matter=matter, pack=world.pack)
    upload = read_upload(SimpleUploadedFile("plan.txt", b"Inside"))
    services.attach_file(actor=world.outsider, now=NOW, section=made.sections.get(section_id="heard"), item_id="who", upload=upload)
    sharing_scene.locked(world, matter)
    assert upload.sha256 not in json.dumps(theirs.pieces_of(matter))
