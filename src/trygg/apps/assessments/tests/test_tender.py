"""Tender questions and contract clauses: the answers choose them, the matter fills them, and the Word file says the same as the page."""

import io
from datetime import UTC, datetime
from html import unescape

import docx
import pytest
from django.urls import reverse
from django.utils import translation

from trygg.apps.assessments.content import load_whole
from trygg.apps.assessments.services import start_assessment
from trygg.apps.assessments.tender_paper import About, paper, template, word_data, word_file
from trygg.apps.assessments.tests.scene import NOW, publish
from trygg.engines.depth import Depth
from trygg.engines.instruments import load_instrument, visibility
from trygg.kernel.ui.documents import word_template
from trygg.packs.catalogue import read_builtin

DATA = next(pack.data for pack in read_builtin() if pack.id == "ai-procurement")
INSTRUMENT = load_instrument(DATA)
ABOUT = About("Board of education", "Läslus & <b>", "UN 2026/17")


@pytest.fixture
def buying(world):
    made = start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=publish(DATA), depth="standard")
    world.matter.diary_number = "UN 2026/17"
    world.matter.save()
    return made


def made(answers=None, depth=Depth.FULL, about=ABOUT):
    return paper(DATA, INSTRUMENT, visibility(INSTRUMENT, answers or {}, depth), depth, about)


def file_text(raw):
    document = docx.Document(io.BytesIO(raw))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def the_file(answers=None, depth=Depth.FULL, about=ABOUT, language="en"):
    asked = visibility(INSTRUMENT, answers or {}, depth)
    return word_file(DATA, INSTRUMENT, asked, depth, about, language, datetime(2026, 11, 23, 10, tzinfo=UTC))


def test_answers_choose_what_is_in_it():
    talks, staff = made({"scope": ["talks"]}), made({"scope": ["staff"]})
    child = "The child knows that it is AI"
    assert child in [line.title for line in talks.clauses] and child not in [line.title for line in staff.clauses]
    assert len(talks.questions) > len(staff.questions)
    settled = made({"scope": ["talks"], "banned": "must", "ai_class": "settled"})
    assert not settled.unsure and len(settled.clauses) == len(talks.clauses)


def test_a_lighter_assessment_gives_fewer_and_says_how_many_are_left():
    light, full = made({"scope": ["talks"]}, Depth.LIGHT), made({"scope": ["talks"]})
    assert len(light.clauses) < len(full.clauses)
    assert any("more thorough" in text for text in light.left_out)
    assert not any("more thorough" in text for text in full.left_out)
    left = len(full.questions) + len(full.clauses) - len(light.questions) - len(light.clauses)
    assert left > 0


def test_what_hangs_on_an_open_question_is_kept_and_named():
    found = made({})
    names = {question for line in found.unsure for question in line.unsure}
    assert "What will the system do?" in names
    assert {line.number for line in found.unsure} <= {line.number for line in (*found.questions, *found.clauses)}


def test_must_comes_before_should_and_numbers_run_on():
    found = made({"scope": ["talks", "pictures", "scores", "body"]})
    assert [line.number for line in found.questions] == [f"A{n}" for n in range(1, len(found.questions) + 1)]
    assert [line.must for line in found.questions] == sorted((line.must for line in found.questions), reverse=True)
    assert len(found.musts) + len(found.shoulds) == len(found.questions) and found.shoulds


def test_every_text_has_references_and_says_what_is_not_verified():
    found = made({"scope": ["talks", "pictures", "scores", "body"]})
    assert all(line.refs and line.source and line.checked for line in (*found.questions, *found.clauses))
    assert {"yes", "partly", "no"} == {line.verified for line in (*found.questions, *found.clauses)}
    with translation.override("sv"):
        swedish = made({"scope": ["talks"]})
    assert any("GDPR, artikel 28.3 g" in line.refs for line in swedish.clauses)
    assert any("GDPR article 28(3)(g)" in line.refs for line in found.clauses)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_word_file_says_all_of_it_in_its_language(language):
    answers = {"scope": ["talks", "pictures"]}
    raw = the_file(answers, language=language)
    text = file_text(raw)
    with translation.override(language):
        found = made(answers)
        data = word_data(found, NOW)
    for line in (*found.questions, *found.clauses):
        assert line.title in text and line.text in text and line.source in text
    assert data["draft"]["text"] in text and data["own"]["heading"] in text and "UN 2026/17" in text
    assert "Board of education" in text and "Läslus & <b>" in text
    assert "{buyer}" not in text and "{{" not in text and "{%" not in text
    assert docx.Document(io.BytesIO(raw)).core_properties.language == language


def test_the_word_file_has_headings_and_tables_whose_first_row_repeats():
    document = docx.Document(io.BytesIO(the_file({"scope": ["talks"]})))
    styles = [each.style.name for each in document.paragraphs]
    assert styles.count("Heading 1") == 1 and styles.count("Heading 2") == 3 and styles.count("Heading 3") > 20
    with_heads = [table for table in document.tables if len(table.columns) == 4]
    assert len(with_heads) == 3
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in with_heads)
    answers = {row.cells[3].text for row in with_heads[0].rows[1:]}
    assert answers == {""}  # room for the tenderer's own answer


def test_what_people_named_a_system_is_never_read_as_a_template():
    text = file_text(the_file(about=About("{{ 7*1111 }}", "{% for x in y %}{buyer}", "")))
    assert "{{ 7*1111 }}" in text and "{% for x in y %}{buyer}" in text and "7777" not in text
    assert "[reference]" in text


def test_without_a_matter_there_are_brackets_to_fill_in():
    assert "[the buyer] may stop the system" in file_text(the_file(about=About()))
    assert "[beställaren] får när som helst" in file_text(the_file(about=About(), language="sv"))


def test_the_template_asks_for_nothing_that_the_paper_does_not_give():
    from docxtpl import DocxTemplate

    asked = DocxTemplate(io.BytesIO(word_template(template, "en"))).get_undeclared_template_variables()
    assert asked <= word_data(made(), NOW).keys()


# Pages


def test_the_assessment_of_a_purchase_leads_to_them(world, buying, sign_in):
    client = sign_in(world.officer)
    page = client.get(reverse("assessments:overview", args=[buying.pk])).content.decode()
    assert reverse("assessments:tender", args=[buying.pk]) in page
    other = client.get(reverse("assessments:overview", args=[world.assessment.pk])).content.decode()
    assert "tender/" not in other
    assert client.get(reverse("assessments:tender", args=[world.assessment.pk])).status_code == 404
    assert client.get(reverse("assessments:tender_word", args=[world.assessment.pk, "en"])).status_code == 404


def test_the_page_follows_what_is_answered(world, buying, sign_in):
    client, need = sign_in(world.officer), buying.sections.get(section_id="need")
    before = unescape(client.get(reverse("assessments:tender", args=[buying.pk])).content.decode())
    assert "Kept until you have answered" in before and "A lawyer must read them" in before
    world.save(world.officer, need, scope=["staff"])
    after = unescape(client.get(reverse("assessments:tender", args=[buying.pk])).content.decode())
    hangs = "Depends on: What will the system do?"
    assert hangs in before and hangs not in after and "left out because of your answers" in after
    world.save(world.officer, need, NOW.replace(hour=11), scope=["staff", "scores"])
    scored = unescape(client.get(reverse("assessments:tender", args=[buying.pk])).content.decode())
    assert "No decision on a score alone" in scored and "No decision on a score alone" not in after


def test_the_file_is_filled_from_the_matter(world, buying, sign_in):
    answer = sign_in(world.officer).get(reverse("assessments:tender_word", args=[buying.pk, "sv"]))
    assert answer["Content-Disposition"] == f'attachment; filename="tender-{world.matter.key}-sv.docx"'
    text = file_text(answer.content)
    assert "Wordpath" in text and "Board får när som helst" in text and "UN 2026/17" in text
    whole = load_whole(buying).reading
    assert whole.depth is Depth.STANDARD and "Hur mycket väger barns säkerhet mot priset?" not in text
    client = sign_in(world.officer)
    assert client.get(reverse("assessments:tender_word", args=[buying.pk, "xx"])).status_code == 404


def test_who_is_asked_to_tender_never_sees_what_the_buyer_chose(world, buying, sign_in):
    world.give(buying.sections.get(section_id="data"), world.vendor)
    for actor in (world.seller, world.nurse, world.outsider):
        client = sign_in(actor)
        assert client.get(reverse("assessments:tender", args=[buying.pk])).status_code == 404
        assert client.get(reverse("assessments:tender_word", args=[buying.pk, "en"])).status_code == 404
    page = sign_in(world.seller).get(reverse("assessments:overview", args=[buying.pk])).content.decode()
    assert "tender/" not in page
