"""Two pages for a councillor: two A4 pages, tagged, in both languages, however long the texts are."""

import io

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from tests.world import NOW, SYSTEM
from trygg.apps.committees import papers, services
from trygg.apps.committees.tests.scene import MEETS, WAYS
from trygg.packs.catalogue import builtin
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters.models import FactState
from trygg.spine.matters.services import FactAnswer, answer_facts

pytestmark = pytest.mark.full

LONG = "This sentence stands for what a committee writes when it has much to say about a matter. " * 12
A4 = (595.28, 841.89)


@pytest.fixture
def scene(scene):
    """With the real frameworks and some facts: a case with many claims."""
    publish_packs(actor=SYSTEM, now=NOW, packs=builtin().packs)
    known = {"touches_children": True, "personal_data": True, "setting": "school", "child_contact": "direct", "generative": True,
             "age_bands": ["6-8", "9-12"], "child_groups": ["language", "disability"], "children_count": 640}  # fmt: skip
    answer_facts(
        actor=scene.officer, now=NOW, matter=scene.matter,
        answers={name: FactAnswer(FactState.VALUE, value) for name, value in known.items()},
    )  # fmt: skip
    return scene


def advised(scene, text="Nobody asked those who have been through it.", **more):
    item = scene.counted()
    for who in ("elsa", "ali"):
        services.write_dissent(actor=scene.actor(who), now=MEETS, item=item, text=text)
    return scene.advised(item, **more)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_it_is_two_a4_pages_and_tagged(scene):
    pdf = PdfReader(io.BytesIO(papers.pdf(advised(scene), "sv", now=MEETS)))
    assert len(pdf.pages) == 2
    assert tuple(round(float(side), 0) for side in pdf.pages[0].mediabox[2:]) == tuple(round(side, 0) for side in A4)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  (a PDF boolean)
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "sv"
    assert pdf.metadata.title == "May all schools use the reading tutor?"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_it_says_what_a_councillor_needs(scene):
    text = text_of(papers.pdf(advised(scene), "en", now=MEETS))
    for words in (
        "May all schools use the reading tutor?", "The trial goes on in two schools until March.", "How things stand", "Which children",
        "About 640 children", "children with another first language", "The worst that can happen", "support with 2 conditions",
        "The gap for children who learn Swedish is measured.", "Parents and guardians 2 2 0", "Children and young people 2 0 2",
        "Nobody asked those who have been through it.", "1 youth member", "A. All schools now", "The answer is due on 13 December 2026", "1 (2)",
    ):  # fmt: skip
        assert words in text, words
    for name in ("Elsa", "Amara", "Bo Ledamot"):
        assert name not in text, name


def test_it_is_in_swedish_too(scene):
    text = text_of(papers.pdf(advised(scene), "sv", now=MEETS))
    for words in ("Skillnaden för barn som lär sig svenska mäts.", "Avvikande mening", "Vilka barn", "Så står det till", "Barn och unga"):
        assert words in text, words


def test_long_texts_are_shortened_to_two_pages_and_the_paper_says_so(scene):
    conditions = [services.ConditionText({"en": LONG}) for _n in range(6)]
    item = scene.counted(scene.proposed(conditions=conditions))
    for who in ("elsa", "ali", "bo"):
        services.write_dissent(actor=scene.actor(who), now=MEETS, item=item, text=LONG)
    ways = [{"name": "A way with a name", "pros": LONG[:300], "cons": LONG[:300]}] * 3
    item = scene.advised(item, ways=ways)
    item.advice.reasons = LONG * 3
    pdf = papers.pdf(item, "en", now=MEETS)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert "shortened to fit two pages" in text_of(pdf)


def test_what_a_person_wrote_is_never_markup(scene):
    item = advised(scene, text='#panic("x") *bold* <script>alert(1)</script> {{ 7*7 }} {% now %}', ways=WAYS)
    text = text_of(papers.pdf(item, "en", now=MEETS))
    assert '#panic("x") *bold* <script>' in text
    word = Document(io.BytesIO(papers.word_file(item, "en", now=MEETS)))
    assert any("{{ 7*7 }}" in paragraph.text for paragraph in word.paragraphs)


def test_the_word_file_says_the_same_with_real_headings(scene):
    word = Document(io.BytesIO(papers.word_file(advised(scene), "en", now=MEETS)))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings[0] == "May all schools use the reading tutor?"
    assert {"Proposal", "How things stand", "Which children", "The worst that can happen", "Conditions", "Dissenting opinion"} <= set(headings)
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert {"A. All schools now", "Goes against the advice", "Researchers"} <= cells
    assert not any("{" in p.text for p in word.paragraphs)
    assert word.core_properties.language == "en"


def test_before_the_advice_it_is_the_paper_to_read_first(scene, page):
    item = scene.asked()
    answer = page("bo").get(reverse("committees:paper_pdf", args=[item.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = text_of(answer.content)
    assert "has not given its advice yet" in text
    assert len(PdfReader(io.BytesIO(answer.content)).pages) <= 2


def test_it_is_downloaded_only_by_who_sees_the_item(scene, page):
    item = scene.advised()
    for name in ("committees:paper_pdf", "committees:paper_word", "committees:snapshot"):
        url = reverse(name, args=[item.pk])
        assert {who: page(who).get(url).status_code for who in ("bo", "officer", "outsider", "viktor")} == {
            "bo": 200, "officer": 200, "outsider": 404, "viktor": 404,
        }, name  # fmt: skip
