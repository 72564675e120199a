"""Papers from the case page, the proposed decision, and from the API."""

import io

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from trygg.spine.papers.models import ProposedDecision
from trygg.spine.papers.tests.scene import matter_with_case, text_of

pytestmark = pytest.mark.full


@pytest.fixture
def matter(people, clock):
    return matter_with_case(people)


@pytest.mark.parametrize("paper", ["report", "full"])
def test_both_papers_are_downloaded_as_pdf_and_word(people, signed_in, matter, paper):
    client = signed_in(people.actor("officer"))
    pdf = client.get(reverse("papers:paper", args=[matter.key, paper, "sv", "pdf"]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == f'attachment; filename="ordstigen-{paper}-sv.pdf"'
    assert PdfReader(io.BytesIO(pdf.content)).trailer["/Root"]["/Lang"] == "sv"
    word = client.get(reverse("papers:paper", args=[matter.key, paper, "en", "docx"]))
    assert Document(io.BytesIO(word.content)).core_properties.language == "en"


@pytest.mark.parametrize("rest", ["poster-sv.pdf", "report-de.pdf", "report-sv.exe"])
def test_what_there_is_not_is_not_found(people, signed_in, matter, rest):
    assert signed_in(people.actor("officer")).get(f"/papers/{matter.key}/{rest}").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("auditor", 200), ("outsider", 404), ("vendor", 404), ("partner", 404), ("administrator", 200)])
def test_a_paper_is_for_who_sees_the_matter(people, signed_in, matter, who, status):
    url = reverse("papers:paper", args=[matter.key, "report", "en", "pdf"])
    assert signed_in(people.actor(who)).get(url).status_code == status


def test_the_case_page_leads_to_everything(people, signed_in, matter):
    html = signed_in(people.actor("officer")).get(reverse("matters:case", args=[matter.key])).content.decode()
    for paper in ("report", "full"):
        for language in ("en", "sv"):
            for ending in ("pdf", "docx"):
                assert f'href="{reverse("papers:paper", args=[matter.key, paper, language, ending])}"' in html
    assert f'action="{reverse("papers:package", args=[matter.key])}"' in html
    assert "Write the proposed decision" in html


def test_the_proposed_decision_is_written_and_shown_in_the_paper(people, signed_in, matter):
    client = signed_in(people.actor("officer"))
    url = reverse("papers:proposal", args=[matter.key])
    empty = client.post(url, {"text_sv": " ", "text_en": ""})
    assert empty.status_code == 422
    assert "in at least one language" in empty.content.decode()
    long = client.post(url, {"text_en": "x" * 4001})
    assert long.status_code == 422
    assert "x" * 4001 in long.content.decode()
    assert not ProposedDecision.objects.exists()
    assert client.post(url, {"text_en": "The board tries it."}).status_code == 302
    pdf = client.get(reverse("papers:paper", args=[matter.key, "report", "en", "pdf"])).content
    assert "The board tries it. Proposed by Leila Nordin" in text_of(pdf)
    assert "Change the proposed decision" in client.get(reverse("matters:case", args=[matter.key])).content.decode()


def test_who_only_reads_cannot_propose(people, signed_in, matter):
    client = signed_in(people.actor("auditor"))
    assert client.get(reverse("papers:proposal", args=[matter.key])).status_code == 404
    assert "Write the proposed decision" not in client.get(reverse("matters:case", args=[matter.key])).content.decode()


def test_the_api_gives_the_same_paper(people, signed_in, matter):
    client = signed_in(people.actor("officer"))
    by_page = client.get(reverse("papers:paper", args=[matter.key, "report", "sv", "pdf"])).content
    by_api = client.get(f"/api/v1/matters/{matter.key}/papers/report", {"language": "sv"})
    assert (by_api.status_code, by_api["Content-Type"]) == (200, "application/pdf")
    assert by_api.content == by_page
    word = client.get(f"/api/v1/matters/{matter.key}/papers/full", {"format": "docx"})
    assert Document(io.BytesIO(word.content)).core_properties.title == matter.title
    assert client.get(f"/api/v1/matters/{matter.key}/papers/poster").status_code == 422
    assert signed_in(people.actor("outsider")).get(f"/api/v1/matters/{matter.key}/papers/report").status_code == 404
