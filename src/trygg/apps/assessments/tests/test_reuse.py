"""Answers that one has already: what is offered and why not, taking over, what counts, taking back, and the pages."""

import copy

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from trygg.apps.assessments.content import Given, answer_mark, files_by_answer
from trygg.apps.assessments.dossier import services
from trygg.apps.assessments.dossier.models import Taken
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Answer
from trygg.apps.assessments.services import ChangedMeanwhile, lock_assessment, save_section, sign_off
from trygg.apps.assessments.tests import dossiers as make
from trygg.apps.assessments.tests.scene import LATER, NOW, choices, given, item, publish, words
from trygg.kernel.access import Denied
from trygg.kernel.files.uploads import read_upload
from trygg.spine.assurance.models import Claim
from trygg.spine.frameworks.models import PackVersion

pytestmark = pytest.mark.full


@pytest.fixture
def answered(world):
    """The small instrument answered and saved, and the second one begun."""
    make.packs()
    world.save(world.officer, world.heard, who=["children"], how=("By drawing", "In two classes"))
    return make.second(world)


@pytest.fixture
def dossier(world):
    made = make.dossier(world.vendor, world.seller)
    make.published(made, world.seller, limits="Noise")
    return made


def answer(assessment, name: str) -> Answer:
    return Answer.objects.get(section__assessment=assessment, item_id=name)


def status(world, requirement: str) -> str:
    return Claim.objects.get(case__matter=world.matter, requirement_id=requirement).status


def lines(actor, assessment) -> dict:
    return {name: [(each.source.key[0], str(each.relation), each.look) for each in found] for name, found in make.offered(actor, assessment).by_item.items()}


# What is offered ----------------------------------------------------------------------------------------------------------


def test_other_assessments_of_the_matter_and_the_dossier_are_offered(world, answered, dossier):
    assert lines(world.officer, answered) == {
        "purpose": [("v", "superset", False)], "proved": [("v", "equal", False)], "heard": [("a", "equal", False)],
        "risk": [("a", "subset", True), ("v", "intersects", True)],
    }  # fmt: skip


def test_only_what_was_saved_is_offered_and_only_to_whom_may_read_it(world, answered):
    world.give(world.technique, world.health, world.nurse)
    world.save(world.nurse, world.technique, tested="yes")
    section = answered.sections.get()
    world.give(section, world.health, world.nurse)
    assert lines(world.nurse, answered) == {}  # sees the other section only
    with pytest.raises(Denied):
        services.take_over(actor=world.outsider, now=NOW, assessment=answered, keys=["a1:who>heard"])
    typed = Given("who", Content(["nobody"]), answer_mark(world.heard.answers.get(item_id="who")))
    from trygg.apps.assessments.services import autosave_answers

    autosave_answers(actor=world.officer, now=NOW, section=world.heard, answers=[typed])
    assert make.offered(world.officer, answered).by_item["heard"][0].value == ["children"]


def test_what_cannot_be_carried_says_why(world, answered):
    world.save(world.officer, world.heard, LATER, who=["nobody"])
    offers = make.offered(world.officer, answered)
    assert "heard" not in offers.by_item
    assert [(left.question, left.why) for left in offers.left_out] == [
        ("Question heard?", "The answer has no counterpart among the choices here. Answer it yourself.")
    ]


def test_a_second_reader_is_offered_nothing_of_what_is_not_to_be_seen(world, answered):
    from trygg.apps.assessments.services import ask_second_reader
    from trygg.kernel.people.models import Membership

    ask_second_reader(
        actor=world.officer, now=NOW, assessment=world.assessment, membership=Membership.objects.get(pk=world.colleague.membership_id)
    )
    assert "heard" in lines(world.officer, answered)
    assert lines(world.colleague, answered) == {}


def test_the_other_direction_follows_from_the_mapping(world, answered):
    section = answered.sections.get()
    save_section(actor=world.officer, now=LATER, section=section, answers=given(section, risk="Mishearing", heard=["children"]))
    world.save(world.officer, world.heard, LATER, how=None)
    (offer,) = make.offered(world.officer, world.assessment).by_item["how"]
    assert (offer.value, str(offer.relation), offer.look) == ("Mishearing", "superset", False)


def test_a_question_that_asks_the_vendor_in_the_same_words_needs_no_mapping(world, dossier):
    upload = read_upload(SimpleUploadedFile("card.txt", b"Model card"))
    services.attach_dossier_file(actor=world.seller, now=NOW, dossier=dossier, item_id="card", upload=upload)
    make.published(dossier, world.seller, LATER)
    assessment = make.second(world)
    world.give(assessment.sections.get(), world.vendor)
    taking = make.take(world.officer, assessment, "card")
    row = taking.rows.get()
    (stored,) = files_by_answer([row.answer])[row.answer_id]
    assert (stored.name, stored.sha256, row.answer.origin) == ("card.txt", upload.sha256, "vendor")
    # The vendor takes its own answers over as well, in the section that it was given.
    assert {"purpose", "proved"} <= set(lines(world.seller, assessment))


# Other versions -----------------------------------------------------------------------------------------------------------


def upgraded_second(world, migrations: list, **changes) -> PackVersion:
    """The second instrument in a newer version; the mapping still names the older one."""
    data = copy.deepcopy(make.SECOND) | {"version": "1.1.0", "migrations": [{"from": "1.0.0", "changes": migrations}]}
    items = data["sections"][0]["items"]
    items[1] |= {"id": "shown", "choices": choices("whole", "partly", "no")}
    if "gone" in changes:
        del items[0]
    PackVersion.objects.filter(pack_id="impact").update(current=False)
    return publish(data)


def test_a_mapping_for_an_older_version_follows_the_migrations(world, dossier):
    from trygg.apps.assessments.services import start_assessment

    renamed = {"do": "rename", "from": "proved", "to": "shown", "choices": {"fully": "whole"}}
    pack = upgraded_second(world, [renamed, {"do": "drop", "from": "purpose"}], gone=True)
    assessment = start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=pack)
    offers = make.offered(world.officer, assessment)
    (offer,) = offers.by_item["shown"]
    assert (offer.value, offer.look) == ("whole", True)  # the choices read otherwise: somebody looks
    assert "The mapping names a question that is not in the version that you answer." in {left.why for left in offers.left_out}


def test_a_mapping_for_a_version_that_is_not_known_here_only_overlaps(world, dossier):
    data = copy.deepcopy(make.FROM_VENDOR) | {"version": "1.0.1"}
    data["to"] = {"pack": "impact", "version": "0.8.0"}
    PackVersion.objects.filter(pack_id=data["id"]).update(current=False)
    publish(data)
    assessment = make.second(world)
    assert {each[0].look for each in make.offered(world.officer, assessment).by_item.values()} == {True}


# Taking over --------------------------------------------------------------------------------------------------------------


def test_what_is_whole_counts_when_saved_and_the_rest_when_confirmed(world, answered, dossier):
    make.take(world.officer, answered)
    assert answer(answered, "heard").origin == "reused" and answer(answered, "proved").origin == "vendor"
    assert (answer(answered, "risk").unconfirmed, answer(answered, "heard").unconfirmed) == (True, False)
    assert (answer(answered, "risk").value, answer(answered, "risk").note) == ("By drawing", "In two classes")
    assert status(world, "heard") == "missing"  # nobody has saved
    section = answered.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=[])
    section.refresh_from_db()
    assert "risk" not in section.saved_answers and status(world, "heard") == "supported"
    found = answer(answered, "risk")
    stands = Given("risk", Content(found.value, found.note), answer_mark(found), confirmed=True)
    save_section(actor=world.officer, now=LATER, section=section, answers=[stands])
    section.refresh_from_db()
    assert section.saved_answers["risk"]["value"] == "By drawing"
    assert Taken.objects.get(answer=found).current  # where it came from stays written


def test_a_claim_is_not_supported_by_what_nobody_has_looked_through(world, dossier):
    data = copy.deepcopy(make.FROM_VENDOR) | {"version": "1.0.1"}
    data["map"][1] |= {"relation": "intersects", "note": words("Look.")}
    PackVersion.objects.filter(pack_id=data["id"]).update(current=False)
    publish(data)
    assessment = make.second(world)
    make.take(world.officer, assessment, "proved")
    section = assessment.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=given(section, purpose="To read", heard=["children"]))
    assert (answer(assessment, "proved").value, status(world, "proved"), status(world, "heard")) == ("fully", "missing", "supported")


def test_what_stands_is_never_overwritten(world, answered, dossier):
    section = answered.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=given(section, heard=["parents"], proved=(None, "We ask")))
    offers = make.offered(world.officer, answered)
    assert not {"heard", "proved"} & set(offers.by_item)
    assert ("Question heard?", "You have an answer there already. It stays as it is.") in {(left.question, left.why) for left in offers.left_out}
    with pytest.raises(ValidationError, match="not offered any more"):
        services.take_over(actor=world.officer, now=LATER, assessment=answered, keys=[f"a{world.assessment.pk}:who>heard"])


def test_what_changed_since_the_preview_is_looked_at_again(world, answered, dossier):
    seen = make.offered(world.officer, answered)
    make.published(dossier, world.seller, LATER, checked="no")
    with pytest.raises(ChangedMeanwhile):
        services.take_over(actor=world.officer, now=LATER, assessment=answered, keys=list(seen.by_key)[:1], seen=seen.fingerprint)
    assert not Answer.objects.filter(section__assessment=answered).exists()


def test_nothing_and_two_answers_to_one_question_are_refused(world, answered, dossier):
    with pytest.raises(ValidationError, match="Tick at least one"):
        services.take_over(actor=world.officer, now=NOW, assessment=answered, keys=[])
    both = [each.key for each in make.offered(world.officer, answered).by_item["risk"]]
    with pytest.raises(ValidationError, match="Two answers are ticked"):
        services.take_over(actor=world.officer, now=NOW, assessment=answered, keys=both)


# Taking back --------------------------------------------------------------------------------------------------------------


def test_taken_back_as_one_act_also_after_it_was_saved(world, answered, dossier):
    taking = make.take(world.officer, answered)
    section = answered.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=[])
    assert status(world, "heard") == "supported"
    services.undo_taking(actor=world.officer, now=LATER, taking=taking)
    assert set(Answer.objects.filter(section__assessment=answered).values_list("value", flat=True)) == {None}
    assert (status(world, "heard"), Taken.objects.filter(current=True).count()) == ("missing", 0)
    services.undo_taking(actor=world.officer, now=LATER, taking=taking)  # twice is once
    assert "heard" in lines(world.officer, answered)  # and it is offered again


def test_not_taken_back_when_somebody_has_written_or_signed(world, answered, dossier):
    taking = make.take(world.officer, answered)
    section = answered.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=given(section, heard=["parents"]))
    with pytest.raises(ValidationError, match="written or confirmed something there since"):
        services.undo_taking(actor=world.officer, now=LATER, taking=taking)
    assert answer(answered, "proved").value == "fully"


def test_not_taken_back_from_under_a_file_that_was_added_here(world, answered, dossier):
    from trygg.apps.assessments.services import attach_file

    taking = make.take(world.officer, answered)
    upload = read_upload(SimpleUploadedFile("own.txt", b"Our own test"))
    attach_file(actor=world.officer, now=LATER, section=answered.sections.get(), item_id="proved", upload=upload)
    with pytest.raises(ValidationError, match="written or confirmed something there since"):
        services.undo_taking(actor=world.officer, now=LATER, taking=taking)


def test_not_taken_back_from_a_locked_assessment(world, answered, dossier):
    taking = make.take(world.officer, answered, "purpose", "proved", "heard")
    section = answered.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=[])
    sign_off(actor=world.officer, now=NOW, assessment=answered)
    lock_assessment(actor=world.officer, now=NOW, assessment=answered)
    with pytest.raises(Denied):
        services.undo_taking(actor=world.officer, now=LATER, taking=taking)


# Pages --------------------------------------------------------------------------------------------------------------------


def test_the_preview_ticks_what_is_whole_and_takes_over_what_is_ticked(world, answered, dossier, sign_in):
    client = sign_in(world.officer)
    path = reverse("assessments:reuse", args=[answered.pk])
    overview = client.get(reverse("assessments:overview", args=[answered.pk])).content.decode()
    assert "You already have answers for 4 of the blank questions" in overview
    page = client.get(path)
    text = page.content.decode()
    assert "You already have answers for 4 questions" in text and "From the dossier of Vendor on Wordpath, version 1" in text
    assert "How is not yet what may go wrong." in text and text.count(" checked>") == 3
    sent = {"seen": page.context["offers"].fingerprint, "take": []}
    refused = client.post(path, sent)
    assert refused.status_code == 422 and "Tick at least one answer" in refused.content.decode()
    both = [each.key for each in page.context["offers"].by_item["risk"]]
    refused = client.post(path, sent | {"take": both})
    assert refused.status_code == 422 and refused.content.decode().count(" checked>") == 2
    done = client.post(path, sent | {"take": [*both[:1], page.context["offers"].by_item["proved"][0].key]}, follow=True)
    assert "2 answers are taken over." in done.content.decode()
    section = client.get(reverse("assessments:section", args=[answered.sections.get().pk])).content.decode()
    assert "From the vendor's dossier on Wordpath, version 1" in section and "Look through it." in section
    assert "This holds for us too" in section
    taking = answered.takings.get()
    assert "Take it back" in client.get(path).content.decode()
    client.post(reverse("assessments:undo_taking", args=[taking.pk]))
    assert not Taken.objects.filter(current=True).exists()


def test_at_the_question_it_says_that_the_vendor_changed_its_answer(world, answered, dossier, sign_in):
    make.take(world.officer, answered, "proved")
    make.published(dossier, world.seller, LATER, checked="no", changes="We were wrong.")
    client = sign_in(world.officer)
    section = client.get(reverse("assessments:section", args=[answered.sections.get().pk])).content.decode()
    assert "The vendor says something else since version 2" in section and "What you took over still stands here." in section
    case = client.get(f"/matters/{world.matter.key}/").content.decode()
    assert "What the vendor says" in case and "Look at what the vendor changed" in case
    review = world.matter.dossier_reviews.get()
    path = reverse("assessments:dossier_review", args=[review.pk])
    page = client.get(path)
    assert "We were wrong." in page.content.decode()
    refused = client.post(path, {"seen": page.context["found"].fingerprint})
    assert refused.status_code == 422 and "Say what is to stand" in refused.content.decode()
    (line,) = page.context["found"].changed
    done = client.post(path, {"seen": page.context["found"].fingerprint, f"choice-{line.key}": "take"}, follow=True)
    assert "It is looked through." in done.content.decode()
    assert answer(answered, "proved").value == "no"


def test_a_broken_mapping_is_left_out_with_words(world, dossier):
    data = copy.deepcopy(make.FROM_VENDOR) | {"version": "1.0.1"}
    data["map"] += [{**data["map"][0], "from": "strange", "to": "risk"}, {**data["map"][0], "to": "nowhere"}]
    PackVersion.objects.filter(pack_id=data["id"]).update(current=False)
    publish(data)
    assessment = make.second(world)
    offers = make.offered(world.officer, assessment)
    assert {"purpose", "proved"} <= set(offers.by_item)
    assert {left.why for left in offers.left_out} == {
        "The mapping names a question that is not in the version that was answered.",
        "The mapping names a question that is not in the version that you answer.",
    }


def test_the_vendor_writes_publishes_and_withdraws_by_the_pages(world, sign_in):
    make.packs()
    client = sign_in(world.seller)
    assert "Begin with “Wordpath”" in client.get("/assessments/dossiers/").content.decode()
    refused = client.post("/assessments/dossiers/new/", {"title": " "})
    assert refused.status_code == 422
    made = client.post("/assessments/dossiers/new/", {"title": "Wordpath"}, follow=True)
    dossier = made.context["dossier"]
    assert "2 questions about Wordpath still need an answer" in made.content.decode()
    here = reverse("assessments:dossier_section", args=[dossier.pk, "about"])
    page = client.get(here)
    marks = {f"m-{name}": page.context["form"].initial[f"m-{name}"] for name in ("does", "checked", "groups", "limits", "card")}
    assert all(marks.values())
    sent = client.post(here, marks | {"a-does": "Listens", "a-checked": "by_us", "do": "done"})
    assert sent.status_code == 302
    autosaved = client.post(reverse("assessments:dossier_autosave", args=[dossier.pk, "does"]), {"a-does": "X" * 20_001, "m-does": ""})
    assert autosaved.status_code == 422
    autosaved = client.post(reverse("assessments:dossier_autosave", args=[dossier.pk, "limits"]), {"a-limits": "Noise", "m-limits": ""})
    assert autosaved.status_code == 200 and autosaved.json()["mark"].startswith("1.")
    publish_path = reverse("assessments:publish_dossier", args=[dossier.pk])
    assert client.post(publish_path, {"system_version": ""}).status_code == 422
    done = client.post(publish_path, {"system_version": "4.0", "seen": client.get(publish_path).context["seen"]}, follow=True)
    assert "Version 1 is published" in done.content.decode() and "Listens" in done.content.decode()
    version = dossier.versions.get()
    withdraw = reverse("assessments:withdraw_dossier", args=[version.pk])
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert "Withdrawn" in client.post(withdraw, {"reason": "Wrong"}, follow=True).content.decode()
    assert client.get(f"/assessments/dossiers/{dossier.pk}/").status_code == 200


def test_newer_questions_for_a_draft(world, dossier):
    data = copy.deepcopy(make.QUESTIONS) | {"version": "2.0.0"}
    items = data["sections"][0]["items"]
    items[0] |= {"id": "purpose"}
    items[4:] = [item("new", "text", required=False)]
    changes = [{"do": "rename", "from": "does", "to": "purpose"}, {"do": "drop", "from": "limits"}]
    data["migrations"] = [{"from": "1.0.0", "changes": changes}]
    PackVersion.objects.filter(pack_id="vendor-dossier").update(current=False)
    publish(data)
    assert services.upgrade_dossier(actor=world.seller, now=LATER, dossier=dossier) == ["limits"]
    dossier.refresh_from_db()
    version = make.published(dossier, world.seller, LATER, checked="by_us")
    assert version.answers["purpose"] == {"value": "Listens to reading", "note": "In three languages", "files": []}
    assert dossier.versions.get(number=1).answers["limits"]["value"] == "Noise"
