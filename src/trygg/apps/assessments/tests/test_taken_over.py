"""An answer that was taken over from others: shown, never counted, until somebody here confirms or changes it."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from trygg.apps.assessments import services
from trygg.apps.assessments.content import answer_mark
from trygg.apps.assessments.models import Answer, SectionAssignment
from trygg.apps.assessments.tests.scene import LATER, NOW, given
from trygg.spine.assurance.models import Claim, Evidence


def taken(section, item_id, value, note="") -> Answer:
    return Answer.objects.create(
        section=section,
        item_id=item_id,
        value=value,
        note=note,
        revision=1,
        origin=Answer.Origin.REUSED,
        origin_note="Lund",
        unconfirmed=True,
        answered_by="Lund",
        answered_at=NOW,
    )


def claim(world) -> Claim:
    return Claim.objects.get(case__matter=world.matter, requirement_id="children-heard")


def test_it_supports_nothing_and_the_section_is_not_done(world):
    taken(world.heard, "who", ["children"])
    saved = world.save(world.officer, world.heard)
    assert not saved.done and saved.missing == ("who",)
    assert claim(world).status == "missing" and not Evidence.objects.filter(kind="answers").exists()
    assert world.heard.saved_answers == {}


def test_sending_the_page_unchanged_does_not_confirm(world):
    answer = taken(world.heard, "who", ["children"])
    world.save(world.officer, world.heard, who=["children"])
    answer.refresh_from_db()
    assert answer.unconfirmed and claim(world).status == "missing"


def test_confirming_makes_it_count_and_keeps_where_it_came_from(world):
    answer = taken(world.heard, "who", ["nobody"])
    sent = [replace(each, confirmed=True) for each in given(world.heard, who=["nobody"])]
    saved = services.save_section(actor=world.officer, now=LATER, section=world.heard, answers=sent)
    answer.refresh_from_db()
    assert saved.done and saved.kept.changed == ["who"]
    assert (answer.unconfirmed, answer.origin, answer.origin_note) == (False, "reused", "Lund")
    assert answer.answered_by == "Olle, Board" and answer.answered_at == LATER
    assert Evidence.objects.get(kind="answers", withdrawn_at=None).params["answers"] == {"who": ["nobody"]}


def test_changing_it_makes_it_ones_own(world):
    answer = taken(world.heard, "who", ["nobody"])
    world.save(world.officer, world.heard, who=["children"], how="In class")
    answer.refresh_from_db()
    assert (answer.unconfirmed, answer.origin) == (False, "typed")
    assert claim(world).status == "supported"


def test_a_note_beside_it_does_not_confirm_it(world):
    answer = taken(world.heard, "who", ["children"])
    world.save(world.officer, world.heard, who=(["children"], "We shall see"))
    answer.refresh_from_db()
    assert answer.unconfirmed and answer.note == "We shall see" and answer.origin_note == "Lund"


def test_it_cannot_be_signed_even_where_no_answer_is_required(world):
    world.finish()
    taken(world.technique, "when", "2026-09-01")
    saved = services.save_section(actor=world.seller, now=LATER, section=world.technique, answers=())
    assert not saved.done and saved.missing == ("when",)
    with pytest.raises(ValidationError, match="Technique"):
        services.sign_off(actor=world.seller, now=LATER, assessment=world.assessment)


def test_what_a_signed_section_asks_late_is_not_locked_in_unconfirmed(world):
    world.finish()
    for actor in (world.officer, world.seller):
        services.sign_off(actor=actor, now=LATER, assessment=world.assessment)
    taken(world.technique, "when", "2026-09-01")
    with pytest.raises(ValidationError, match="Question when"):
        services.lock_assessment(actor=world.officer, now=LATER, assessment=world.assessment)


def test_it_goes_along_unconfirmed_to_newer_questions(world):
    from trygg.apps.assessments.carrying import everything_in
    from trygg.apps.assessments.content import load_whole

    taken(world.heard, "who", ["children"])
    whole = load_whole(world.assessment)
    assert whole.contents[world.heard.pk] == {}
    assert everything_in(whole)["who"] == {"value": ["children"], "note": "", "files": []}


@pytest.mark.full
def test_the_card_says_so_and_a_tick_confirms(world, sign_in):
    answer = taken(world.heard, "who", ["nobody"])
    client = sign_in(world.officer)
    url = reverse("assessments:section", args=[world.heard.pk])
    page = client.get(url).content.decode()
    assert "Theirs, not yet yours." in page and "This is the answer of Lund." in page and 'name="y-who"' in page
    client.post(url, {"a-who": ["nobody"], "m-who": answer_mark(answer), "y-who": "on", "do": "done"})
    answer.refresh_from_db()
    assert not answer.unconfirmed
    assert SectionAssignment.objects.get(pk=world.heard.pk).state == "done"
    page = client.get(url).content.decode()
    assert "Theirs, not yet yours." not in page and "Reused from Lund" in page


@pytest.mark.full
def test_a_tick_is_stored_at_once_by_the_pages_script(world, sign_in):
    answer = taken(world.heard, "who", ["nobody"])
    url = reverse("assessments:autosave", args=[world.heard.pk, "who"])
    client = sign_in(world.officer)
    sent = {"a-who": ["nobody"], "m-who": answer_mark(answer)}
    assert client.post(url, sent).json()["theirs"] is True
    said = client.post(url, {**sent, "y-who": "on"}).json()
    answer.refresh_from_db()
    assert said["theirs"] is False and said["mark"] == answer_mark(answer)
