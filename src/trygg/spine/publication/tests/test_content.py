"""What a version holds: the case told honestly, in both languages; texts from outside cleaned where they are shown."""

import pytest

from tests.world import NOW
from trygg.spine.assurance.models import Claim
from trygg.spine.assurance.services import contest_claim
from trygg.spine.publication.checks import measured, problems_in
from trygg.spine.publication.index import folded
from trygg.spine.publication.readings import open_sentence, page_of
from trygg.spine.publication.rich import plain, rich
from trygg.spine.publication.tests import scene
from trygg.spine.publication.texts import pick, typed


@pytest.mark.django_db
def test_what_is_missing_and_contested_is_in_the_content_in_both_languages(people):
    scene.packs()
    matter = scene.matter_of(people)
    claim = Claim.objects.filter(case__matter=matter).exclude(status="not_required").first()
    contest_claim(
        actor=people.actor("officer"),
        now=NOW,
        claim=claim,
        title="Barn som använder teckenspråk blev inte tillfrågade",
        note="",
    )
    case = scene.drafted(people, matter).content["case"]
    assert case["counts"]["contested"] == 1 and case["counts"]["missing"] > 1
    first = case["claims"][0]
    assert first["status"] == "contested"
    assert (
        {"en", "sv"} == set(first["text"]["plain"]) == set(first["text"]["child"]) == set(first["reasons"][0]["text"])
    )
    assert "teckenspråk" in first["reasons"][0]["text"]["en"]
    assert all(set(row["text"]["expert"]) == {"en", "sv"} for row in case["claims"])


@pytest.mark.django_db
def test_every_reading_shows_the_holes(people):
    scene.packs()
    content = scene.drafted(people).content
    assert page_of(content, "parent")["unsettled"]
    assert page_of(content, "child")["ready"] is False
    assert page_of(content, "details")["courses"]


@pytest.mark.django_db
def test_a_matter_without_a_case_does_not_look_finished(people):
    content = scene.drafted(people).content
    content["case"]["claims"], content["case"]["counts"] = [], {}
    child = page_of(content, "child")
    assert not child["judged"]
    assert "not worked out" in open_sentence(content["case"]["counts"])


@pytest.mark.django_db
def test_a_plan_is_not_said_to_be_a_program(people):
    content = scene.drafted(people).content | {"kind": "plan"}
    assert not [piece for piece in page_of(content, "child")["pieces"] if piece.heading == "Is it a human?"]


def test_html_is_cleaned():
    dirty = '<p onclick="x()">Hej <script>alert(1)</script><a href="javascript:x">a</a><a href="https://example.org">b</a><img src=x onerror=y></p>'
    cleaned = str(rich(dirty))
    assert (
        "script" not in cleaned and "onclick" not in cleaned and "javascript" not in cleaned and "<img" not in cleaned
    )
    assert 'href="https://example.org"' in cleaned


def test_text_that_only_looks_a_little_like_html_keeps_its_signs():
    assert str(rich("Barn <12 år & vuxna")) == "<p>Barn &lt;12 år &amp; vuxna</p>"
    assert str(rich("<script>alert(1)</script>")) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_paragraphs_are_kept():
    assert str(rich("ett\ntvå\n\ntre")) == "<p>ett<br>två</p><p>tre</p>"


def test_plain_words_of_html():
    assert plain("<p>Ett&amp;två</p><p>tre</p><script>x</script>") == "Ett&två tre"


def test_a_text_is_given_in_the_readers_language_else_as_it_was_said():
    assert pick({"sv": "hej", "en": "hello"}, "sv-se") == ("hej", "sv")
    assert pick({"und": "hej", "en": "hello"}, "sv") == ("hej", "")
    assert pick({"sv": "hej"}, "en") == ("hej", "sv")
    assert pick({}, "en") == pick(None, "en") == ("", "")


def test_typed_in_one_language_leaves_the_others_with_what_stood_before():
    assert typed({"en": {"summary": "Hello"}}, "summary", {"und": "Hej"}, "sv") == {"und": "Hej", "en": "Hello"}
    assert typed({"sv": {"summary": "Hej då"}}, "summary", {"und": "Hej"}, "sv") == {"sv": "Hej då"}
    assert typed({"en": {"summary": "Hello"}, "sv": {"summary": "Hej"}}, "summary", {"und": "x"}) == {
        "en": "Hello",
        "sv": "Hej",
    }


def test_search_words_are_folded_the_same_everywhere():
    assert folded("  TALLÅSSKOLAN\n STRAND ") == folded("Tallåsskolan strand") == "tallåsskolan strand"


def test_texts_for_children_are_measured_in_their_language():
    found = measured(
        {
            "sv": {
                "child_summary": "Utbildningsförvaltningen ansvarar för personuppgiftsbehandlingen enligt bestämmelserna om allt detta.",
                "summary": "x",
            }
        }
    )
    assert [(m.language, m.found.scale, bool(m.faults)) for m in found] == [("sv", "lix", True)]
    assert "LIX" in found[0].words


@pytest.mark.django_db
def test_a_page_without_a_text_for_children_says_so_and_can_still_go_out(people):
    version = scene.drafted(people, texts={"sv": {"summary": "Läraren bestämmer."}})
    assert [problem.blocks for problem in problems_in(version.content)] == [False]
