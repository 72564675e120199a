"""Two pages for those who decide, and everything: what they say, that they fit, that they can be read by everyone."""

import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.world import NOW, SYSTEM
from trygg.kernel.ledger import unit_of_work
from trygg.spine.assurance.evidence import add_evidence
from trygg.spine.assurance.selectors import claim_title, requirement_of
from trygg.spine.matters.services import edit_matter
from trygg.spine.papers import sections, services, word
from trygg.spine.papers.assembling import paper_of
from trygg.spine.papers.shortening import ROOMS, shortened
from trygg.spine.papers.tests.scene import LONG, matter_with_case, pages_of, text_of

pytestmark = pytest.mark.full


@pytest.fixture
def matter(people):
    return matter_with_case(people)


@pytest.fixture
def own_sections(monkeypatch):
    """`own_sections(...)` registers for one test."""
    monkeypatch.setattr(sections, "SECTIONS", dict(sections.SECTIONS))
    return sections.register


def made(matter, paper="report", language="en", actor=SYSTEM, **more):
    return paper_of(matter, actor, paper, language, NOW, **more)


def saying(*blocks, heading="Something", **more):
    return lambda matter, actor, language, now: {"heading": heading, "blocks": list(blocks), **more}


@pytest.mark.parametrize("paper", ["report", "full"])
def test_a_paper_is_tagged_and_says_its_language_and_title(matter, paper):
    pdf = PdfReader(io.BytesIO(made(matter, paper, "sv").pdf))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  (a PDF boolean)
    assert (root["/Lang"], pdf.metadata.title) == ("sv", matter.title)
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_kept_for_ever_it_is_pdf_a_as_well(matter):
    said = PdfReader(io.BytesIO(made(matter, archive=True).pdf)).trailer["/Root"]["/Metadata"].get_data().decode()
    for words in ("<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "pdfuaid:part"):
        assert words in said, words


def test_it_says_what_a_councillor_needs(people, matter):
    services.propose_decision(actor=people.actor("officer"), now=NOW, matter=matter, text={"en": "The board tries it for a term."})
    pages = pages_of(made(matter).pdf)
    text = " ".join(pages)
    for words in (
        matter.title, "What is asked of you", "The board tries it for a term.", "Proposed by Leila Nordin", "Which children",
        "Tallåsskolan, Strandskolan", "How things stand", "What is missing", "What children said", "22 November 2026",
    ):  # fmt: skip
        assert words in text, words
    assert "The board tries it for a term." in pages[0]
    assert len(pages) <= 2


def test_nobody_asked_is_said(matter):
    assert text_of(made(matter).pdf).count("Nobody has asked children about this") == 2  # where one looks, and among what is missing


def test_a_consultation_is_told(people, matter):
    with unit_of_work(actor=people.actor("officer"), now=NOW) as work:
        add_evidence(
            work, case=matter.case, kind="consultation", key="", title="Forty pupils of year four in Tallås", note="They want to choose the voice.",
            source_type="", source_id="", valid_from=NOW.date(), now=NOW,
        )  # fmt: skip
    text = text_of(made(matter).pdf)
    assert "Forty pupils of year four in Tallås They want to choose the voice." in text
    assert "Nobody has asked children" not in text


def test_without_a_proposal_it_says_so(matter):
    assert "No proposed decision has been written yet." in text_of(made(matter).pdf)


def test_a_proposal_in_one_language_stands_in_both(people, matter):
    services.propose_decision(actor=people.actor("officer"), now=NOW, matter=matter, text={"sv": "Nämnden prövar det en termin."})
    assert "Nämnden prövar det en termin." in text_of(made(matter, language="en").pdf)


def test_it_is_in_swedish_too(matter):
    text = text_of(made(matter, language="sv").pdf)
    for words in ("Tjänsteskrivelse", "Vilka barn", "Så står det till", "Vad som saknas", "Vad barn har sagt"):
        assert words in text, words


def test_the_full_report_has_every_claim_its_sources_and_its_hashes(matter):
    paper = made(matter, "full")
    text = text_of(paper.pdf)
    listed = next(s for s in paper.data["sections"] if s["name"] == "assurance.claims")
    titles = {row[0] for block in listed["content"] if block["kind"] == "table" for row in block["rows"]}
    assert titles == {claim_title(claim, requirement_of(claim)[1], "en") for claim in matter.case.claims.select_related("pack")}
    for words in ("Contents", "Every claim, with its reasons", "Sources, and how far each was checked", "Versions and hashes", "not verified"):
        assert words in text, words
    for version in {claim.pack for claim in matter.case.claims.select_related("pack") if claim.pack}:
        assert version.content_hash in text.replace(" ", "")


def test_too_much_content_is_cut_to_two_pages_and_says_where_it_stands(people, matter, own_sections):
    officer = people.actor("officer")
    changes = dict.fromkeys(("summary", "children_where", "children_told", "children_say_no", "children_object", "children_human"), LONG)
    edit_matter(actor=officer, now=NOW, matter=matter, changes={**changes, "title": LONG[:900], "deciding_body": LONG[:200]})
    services.propose_decision(actor=officer, now=NOW, matter=matter, text={"en": LONG[:3900], "sv": LONG[:3900]})
    rows = [[LONG[:300], LONG[:500], LONG[:200]] for _n in range(200)]
    own_sections(
        "tests.all", 50,
        saying(
            sections.text(LONG), sections.items(*[{"lead": LONG[:200], "text": LONG, "note": LONG[:100]}] * 50),
            sections.table([LONG[:90], "B", "C"], rows), *[sections.quote(LONG, LONG[:200])] * 20, heading=LONG[:300], missing=[LONG] * 30,
        ),
    )  # fmt: skip
    for number in range(4):
        own_sections(f"tests.more{number}", 51 + number, saying(*[sections.text(LONG)] * 10, sections.items(*[LONG] * 30)))
    for language, see in (("en", "See the full report, section "), ("sv", "Se den fullständiga rapporten, avsnitt ")):
        pages = pages_of(made(matter, language=language).pdf)
        assert len(pages) == 2
        assert see in " ".join(pages)
    assert "Everything stands in the full report." in " ".join(pages_of(made(matter, language="en").pdf))
    full = text_of(made(matter, "full").pdf)
    assert full.count("never stops.") > 1000


def test_the_number_that_it_refers_to_is_that_of_the_full_report(matter, own_sections):
    own_sections("tests.long", 46, saying(sections.items(*[f"Point {n}" for n in range(40)]), heading="A long list"))
    report, full = made(matter), made(matter, "full")
    number = next(s["number"] for s in full.data["sections"] if s["name"] == "tests.long")
    shown = next(s for s in report.data["sections"] if s["name"] == "tests.long")
    assert shown["content"][-1]["text"] == f"See the full report, section {number}."
    assert next(s["heading"] for s in full.data["sections"] if s["name"] == "tests.long") == f"{number}. A long list"


def test_nothing_is_cut_without_a_word(matter):
    blocks = [sections.items(*[f"Point {n}" for n in range(7)])]
    content, cut = shortened(blocks, ROOMS[0], 4)
    assert cut
    assert [item["text"] for item in content[0]["items"]][-2:] == ["Point 5", "and one more"]
    assert content[-1]["text"] == "See the full report, section 4."
    assert shortened([sections.text("Short.")], ROOMS[0], 4) == ([sections.text("Short.")], False)


def test_what_a_person_wrote_is_never_markup(people, matter):
    evil = '#panic("x") *bold* <script> {{ 7*7 }} {% for %} $x$ @ref'
    services.propose_decision(actor=people.actor("officer"), now=NOW, matter=matter, text={"en": evil})
    paper = made(matter)
    assert evil in text_of(paper.pdf)
    document = Document(io.BytesIO(word.word_of(paper.data, "en")))
    assert any(evil in cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_the_same_state_and_moment_give_the_same_bytes(matter):
    assert made(matter, "full").pdf == made(matter, "full").pdf


def test_word_has_headings_repeated_heads_of_tables_and_its_language(matter):
    paper = made(matter, "full", "sv")
    document = Document(io.BytesIO(word.word_of(paper.data, "sv")))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert headings[1:] == [section["heading"] for section in paper.data["sections"]]
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [matter.title]
    tables = [table for table in document.tables if len(table.columns) > 1]
    assert len(tables) > 5
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in tables)
    assert not any(row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None for t in tables for row in t._tbl.tr_lst[1:])
    assert document.core_properties.language == "sv"
    assert 'w:val="sv-SE"' in document.styles.element.xml
    assert not any(mark in p.text for p in document.paragraphs for mark in ("{{", "{%"))


def test_a_picture_has_its_words_in_pdf_and_word(matter, own_sections):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#17495a"/></svg>'
    own_sections("tests.picture", 5, saying(sections.picture(svg, "A dark field", 60)))
    paper = made(matter)
    assert b"A dark field" in paper.pdf or "A dark field".encode("utf-16-be") in paper.pdf
    document = Document(io.BytesIO(word.word_of(paper.data, "en")))
    assert [drawn.get("descr") for drawn in document.element.iter(qn("wp:docPr"))] == ["A dark field"]


def test_lists_with_numbers_begin_with_one_each(matter, own_sections):
    own_sections("tests.numbers", 5, saying(sections.items("a", "b", numbered=True), sections.items("c", numbered=True)))
    document = Document(io.BytesIO(word.word_of(made(matter).data, "en")))
    used = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"]
    assert used[0] == used[1] != used[2]


@pytest.mark.parametrize(
    "content",
    [
        {"blocks": []}, {"heading": "X"}, {"heading": "X", "blocks": [], "colour": "red"}, {"heading": "X", "blocks": [{"kind": "poem"}]},
        {"heading": "X", "blocks": [{"kind": "text", "text": "a", "size": 3}]}, {"heading": "X", "blocks": [sections.table(["A", "B"], [["1"]])]},
        {"heading": "X", "blocks": [sections.items({"text": "a", "owner": "b"})]},
    ],
)  # fmt: skip
def test_content_that_no_paper_shows_is_refused(matter, own_sections, content):
    own_sections("tests.wrong", 1, lambda matter, actor, language, now: content)
    with pytest.raises(ValueError, match=r"section tests\.wrong"):
        made(matter)


def test_two_sections_of_one_name_and_unknown_papers_are_refused(own_sections):
    with pytest.raises(ValueError, match="two sections"):
        own_sections("assurance.state", 1, saying())
    with pytest.raises(ValueError, match="there is no paper"):
        own_sections("tests.new", 1, saying(), papers={"poster"})


def test_what_a_room_has_not_is_among_what_is_missing(matter, own_sections):
    own_sections("tests.nothing", 1, lambda *_given: None, missing=lambda: "Nobody has counted the trees.")
    assert "Nobody has counted the trees." in text_of(made(matter).pdf)


def test_it_holds_what_its_reader_may_see(people, matter, own_sections):
    def section(matter, actor, language, now):
        return {"heading": "For whom", "blocks": [sections.text(f"made for {actor.name}")]}

    own_sections("tests.reader", 5, section)
    assert "made for Leila Nordin" in text_of(made(matter, actor=people.actor("officer")).pdf)
    outside = text_of(made(matter, "full", actor=people.actor("outsider")).pdf)
    assert "Every claim, with its reasons" not in outside
    assert "There is no case yet" in outside
