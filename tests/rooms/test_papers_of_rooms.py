"""What the rooms say in papers: the worst right in the picture, answers with their origin, advice and dissent, in both languages."""

import io

import pytest
from docx import Document

from trygg.apps.assessments.models import Answer
from trygg.apps.committees.models import Advice, Seat
from trygg.kernel.access import Actor, Role
from trygg.spine.matters.models import Matter
from trygg.spine.papers.assembling import paper_of
from trygg.spine.papers.sections import FULL, SECTIONS
from trygg.spine.papers.tests.scene import pages_of, text_of
from trygg.spine.papers.word import word_of

pytestmark = [pytest.mark.django_db, pytest.mark.full]


@pytest.fixture
def matter(frozen_world):
    return Matter.objects.get(key=frozen_world.arguments["matter_key"])


@pytest.fixture
def advised(frozen_world):
    """The matter that a committee has given its advice on."""
    return Advice.objects.order_by("pk").first().item.matter


def made(world, matter, paper="full", language="en", actor=None):
    return paper_of(matter, actor or world.people.actor(Role.OFFICER, world.now), paper, language, world.now)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_room_that_has_something_to_say_says_it(frozen_world, matter, advised, language):
    found = {section["name"] for section in made(frozen_world, matter, FULL, language).data["sections"]}
    assert {"assessments.levels", "assessments.answers", "assurance.claims", "assurance.heard", "matters.facts"} <= found
    said = {section["name"] for section in made(frozen_world, advised, FULL, language).data["sections"]}
    assert {"committees.advice", "committees.dissent"} <= said
    for one in (matter, advised):
        assert len(pages_of(made(frozen_world, one, "report", language).pdf)) <= 2


def test_answers_stand_with_who_gave_them(frozen_world):
    answer = Answer.objects.exclude(value=None).filter(section__assessment__state="open").order_by("pk").first()
    paper = made(frozen_world, answer.section.assessment.matter, actor=Actor.system("papers"))
    section = next(s for s in paper.data["sections"] if s["name"] == "assessments.answers")
    rows = [row for block in section["content"] if block["kind"] == "table" for row in block["rows"]]
    assert len(rows) > 3
    answered = [row for row in rows if row[1] != "Not answered"]
    assert answered
    assert all(row[2] for row in answered)


def test_advice_is_by_group_and_names_nobody_of_the_committee(frozen_world, advised):
    paper = made(frozen_world, advised, actor=Actor.system("papers"))
    content = str([section["content"] for section in paper.data["sections"] if section["name"].startswith("committees.")])
    assert "Votes by group" in content
    seats = Seat.objects.filter(committee__items__agenda__matter=advised).select_related("membership__person")
    assert seats
    for seat in seats:
        assert seat.membership.person.display_name not in content


def test_who_was_given_a_section_only_does_not_get_the_others_answers(frozen_world, matter):
    """The vendor answers one part; what others answered does not reach him through a paper."""
    vendor = frozen_world.people.actor(Role.VENDOR, frozen_world.now)
    whole = made(frozen_world, matter)
    part = made(frozen_world, matter, actor=vendor)

    def tables(paper):
        section = next((s for s in paper.data["sections"] if s["name"] == "assessments.answers"), {"content": []})
        return [block["caption"] for block in section["content"] if block["kind"] == "table"]

    assert len(tables(part)) < len(tables(whole))
    assert not any(s["name"] in ("assurance.claims", "committees.advice") for s in part.data["sections"])


def test_word_says_the_same_as_the_pdf(frozen_world, matter):
    paper = made(frozen_world, matter)
    document = Document(io.BytesIO(word_of(paper.data, "en")))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    text = text_of(paper.pdf)
    assert all(" ".join(heading.split()) in text for heading in headings)


def test_the_system_reads_everything_for_the_command_line(frozen_world, matter, advised):
    system = Actor.system("papers")
    found = {section["name"] for one in (matter, advised) for section in made(frozen_world, one, actor=system).data["sections"]}
    registered = {name for name, one in SECTIONS.items() if FULL in one.papers}
    assert found - {"papers.missing"} <= registered
    assert {"assessments.answers", "committees.advice"} <= found
