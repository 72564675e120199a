"""Pages of bias audits: declare, send counts, read the result, take it along."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.world import sign_in
from trygg.apps.fairness.models import Audit
from trygg.apps.fairness.tests import scene
from trygg.kernel.access import Role

pytestmark = [pytest.mark.django_db, pytest.mark.full]

FILLED = {
    "title": "Are children flagged wrongly more often?", "attributes": "sex\ntongue", "primary": "fpr: tongue\nfpr: sex", "fpr": "5",
    "fnr": "10", "selection_rate": "5", "reason": scene.REASON, "decision": "flagged", "favourable": "0", "outcome": "harm",
    "outcome_source": scene.OUTCOME, "id": "child",
}  # fmt: skip
DAY = {"data_from_day": "31", "data_from_month": "10", "data_from_year": "2026"}


@pytest.fixture
def client(people):
    return sign_in(Client(), people.actor(Role.ANALYST))


def sent(document: dict) -> dict:
    return {"file": SimpleUploadedFile("audit.json", json.dumps(document).encode())} | DAY


def test_from_the_question_to_the_result(client, people):
    matter = scene.matter_of(people)
    answer = client.post(reverse("fairness:declare", args=[matter.key]), FILLED)
    audit = Audit.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(reverse("fairness:audit", args=[audit.pk])).content.decode()
    assert "--favourable 0" in page
    assert "--primary fpr:tongue" in page
    assert "Wrongly flagged: <code>tongue</code>" in page
    assert "Missed: 10 percentage points" in page
    answer = client.post(reverse("fairness:receive", args=[audit.pk]), sent(scene.documents()[1]))
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(reverse("fairness:audit", args=[audit.pk])).content.decode()
    assert "Disparity shown" in page
    assert "<svg" in page
    assert "tongue other" in page
    answer = client.post(reverse("fairness:use", args=[audit.pk]), {})
    assert answer.url == reverse("matters:case", args=[matter.key])
    case = client.get(answer.url).content.decode()
    assert "Are different children treated alike?" in case


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(client, people):
    matter = scene.matter_of(people)
    wrong = FILLED | {"primary": "fpr: tonge\nslope: sex", "outcome_source": ""}
    answer = client.post(reverse("fairness:declare", args=[matter.key]), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“slope” can&#x27;t be counted. These can: wrongly flagged, missed," in page
    assert "Say who decided what turned out to be true" in page
    assert "fpr: tonge" in page
    answer = client.post(reverse("fairness:declare", args=[matter.key]), FILLED | {"primary": "fpr: tonge"})
    assert "“tonge” is not among the groups" in answer.content.decode()
    answer = client.post(reverse("fairness:declare", args=[matter.key]), FILLED | {"outcome": "", "outcome_source": ""})
    assert "only “flagged” can be compared" in answer.content.decode()
    assert not Audit.objects.exists()


@pytest.mark.parametrize(
    "written", ["Wrongly flagged: tongue", "felaktigt  flaggade : tongue", "wrongly selected: tongue", "fpr: tongue"]
)
def test_what_is_counted_is_written_in_words(client, people, written):
    matter = scene.matter_of(people)
    answer = client.post(reverse("fairness:declare", args=[matter.key]), FILLED | {"primary": written})
    assert answer.status_code == 302
    assert Audit.objects.get().question["primary"] == [["fpr", "tongue"]]


def test_exact_figures_are_not_taken_in(client, people):
    audit = scene.declared(people)
    answer = client.post(reverse("fairness:receive", args=[audit.pk]), sent(scene.documents()[0]))
    assert answer.status_code == 422
    assert "stay inside the agency" in answer.content.decode()


def test_a_repeat_shows_what_has_changed(client, people):
    matter = scene.matter_of(people)
    first = scene.done(people, matter)
    form = client.get(reverse("fairness:repeat", args=[first.pk])).content.decode()
    assert "wrongly flagged: tongue" in form
    second = scene.done(people, matter, gap=0.0, previous=first)
    page = client.get(reverse("fairness:audit", args=[second.pk])).content.decode()
    assert "What has changed since last time" in page


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_report_is_an_accessible_pdf(client, people, language):
    pypdf = pytest.importorskip("pypdf")
    from io import BytesIO

    audit = scene.done(people)
    with translation.override(language):
        answer = client.get(reverse("fairness:report_pdf", args=[audit.pk]), headers={"accept-language": language})
    assert answer["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = "".join(page.extract_text() for page in reader.pages)
    assert "tongue other" in text


def test_exact_downloads_are_for_the_agency(client, people):
    audit = scene.done(people)
    assert client.get(reverse("fairness:audit_json", args=[audit.pk])).json()["method"]["disclosure"] == "public"
    assert client.get(reverse("fairness:audit_json", args=[audit.pk]) + "?figures=exact").status_code == 404
    other = sign_in(Client(), people.actor(Role.CONTRIBUTOR))
    assert other.get(reverse("fairness:audit_json", args=[audit.pk]) + "?figures=exact").status_code == 403


def test_rows_ask_for_controller_basis_and_assessment(client, people):
    audit = scene.declared(people)
    page = client.post(reverse("fairness:rows", args=[audit.pk]), {"file": SimpleUploadedFile("rows.xlsx", b"1")} | DAY)
    assert page.status_code == 422
    text = page.content.decode()
    assert "rows.xlsx" in text
    assert Audit.objects.get().state == Audit.State.DECLARED


def test_the_picture_of_a_paper_has_colours_of_its_own():
    """A page gives colours by classes, which a PDF does not know: the dots would be invisible."""
    from trygg.apps.fairness import pictures

    document = scene.documents()[1]
    rows = [row for row in document["comparisons"] if row["primary"]]
    drawn = pictures.paper_picture(rows, document, "en")
    assert 'class="t-' not in drawn
    assert "#17495a" in drawn
    assert pictures.paper_picture([row | {"difference": None} for row in rows], document, "en") == ""
