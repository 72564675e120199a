"""Charts and papers: content goes in as data."""

import io
import re
from datetime import UTC, datetime

import altair
import docx
import pytest
from pypdf import PdfReader

from trygg.kernel.ui import charts, documents

EVIL = '#pagebreak() *bold* $x$ @ref <b> {{ 7*7 }} {% for %} \\ " #sys.inputs'
DATA = {
    "title": "May Ordstigen be used?",
    "organisation": "Lindvika",
    "body": "Education board",
    "reference": "9 December",
    "foot": "Frozen",
    "summary": EVIL,
    "proposal": "Go on.",
    "sentence": "Two of three hold.",
    "words": {},
    "courses": [{"name": "CRC", "stones": ["supported", "missing", "stale", "contested"], "tally": "1 of 4"}],
    "key": [{"status": "supported", "word": "Supported"}],
    "dissent": {"text": "No.", "by": "A youth member"},
    "ways": {"head": ["Way", "For"], "rows": [["A", "More children"]]},
}


def paper(language: str = "sv") -> bytes:
    data = {**DATA, "ways": {"head": ["Way", "For", "Against"], "rows": [["A", "More", "Less"]]}}
    return documents.typst_pdf(
        documents.HERE / "papers" / "sample.typ", data, language, datetime(2026, 11, 22, tzinfo=UTC)
    )


def test_a_paper_is_tagged_has_language_title_and_our_font():
    pdf = PdfReader(io.BytesIO(paper()))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert pdf.metadata.title == DATA["title"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert "AtkinsonHyperlegible" in str(pdf.pages[0]["/Resources"]["/Font"].get_object().values()) + str(
        [font.get_object()["/BaseFont"] for font in pdf.pages[0]["/Resources"]["/Font"].get_object().values()]
    )


def test_what_people_wrote_is_never_read_as_markup():
    pdf = PdfReader(io.BytesIO(paper()))
    assert len(pdf.pages) == 1
    text = re.sub(r"\s+", " ", pdf.pages[0].extract_text())
    for piece in ("#pagebreak()", "*bold*", "$x$", "@ref", "<b>", "{{ 7*7 }}", "#sys.inputs"):
        assert piece in text


def test_the_same_data_and_moment_give_the_same_file():
    assert paper() == paper()


def test_a_value_that_is_no_text_is_refused():
    with pytest.raises(TypeError, match="make it text first"):
        documents.typst_pdf(documents.HERE / "papers" / "sample.typ", {**DATA, "summary": object()}, "en")


def template(language: str):
    document = documents.blank_word(language)
    document.add_heading("{{ title }}", 1)
    document.add_paragraph("{{ summary }}")
    for line in ("{%p for course in courses %}", "{{ course.name }}: {{ course.tally }}", "{%p endfor %}"):
        document.add_paragraph(line)
    return document


def test_a_word_file_has_headings_language_and_the_text_as_it_was_written():
    made = docx.Document(io.BytesIO(documents.word(template, DATA, "sv")))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts == [DATA["title"], EVIL, "CRC: 1 of 4"]
    assert made.paragraphs[0].style.name == "Heading 1"
    assert made.core_properties.language == "sv"
    assert made.core_properties.title == DATA["title"]


def picture():
    chart = (
        altair.Chart({"values": [{"g": "<b>A</b>", "v": 1}, {"g": "B & C", "v": 2}]})
        .mark_bar()
        .encode(x="v:Q", y="g:N")
    )
    return charts.svg(
        chart, title="More for <B>", desc=r"A has \1, B has 2", head=["Group", "Number"], rows=[["A", 1], ["B", 2]]
    )


def test_a_chart_has_title_and_description_and_no_inline_style():
    svg = picture().svg
    assert re.search(r'<svg [^>]*role="img" aria-labelledby="chart\d+t" aria-describedby="chart\d+d">', svg)
    assert "More for &lt;B&gt;</title>" in svg
    assert r"A has \1, B has 2</desc>" in svg
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", svg)
    assert "<b>" not in svg
    assert svg.count("role=") - svg.count('class="') <= 1


def test_a_chart_follows_the_dark_scheme():
    svg = picture().svg
    assert "t-fill-ink" in svg
    assert charts.INK not in svg


def test_a_chart_has_its_figures_as_a_table(render):
    html = render("{% chart p %}", p=picture())
    assert "<svg" in html
    assert "<caption" in html
    assert html.count("<tr") == 3
