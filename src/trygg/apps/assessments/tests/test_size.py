"""An assessment of 300 questions: pages cost few queries and little time, whatever its size."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from trygg.apps.assessments.models import Answer
from trygg.apps.assessments.services import start_assessment
from trygg.apps.assessments.tests.scene import HEAD, NOW, item, publish, words

pytestmark = pytest.mark.full

SECTIONS, EACH = 10, 30
MOST_QUERIES = 15


def large() -> dict:
    """300 questions in ten sections, five choices each, most with a follow-up under a condition, two scales."""

    def question(number: int) -> dict:
        mitigates = number % 5 == 0
        points = {"mitigation": 1} if mitigates else {"impact": 1}
        choices = [
            {"id": f"c{n}", "label": words(f"Choice {n}"), "points": {scale: value * n for scale, value in points.items()}}
            for n in range(5)
        ]
        more = {"visible_when": {"item": f"q{number - 1}", "in": ["c1", "c2", "c3", "c4"]}} if number % 3 == 2 else {}
        return item(f"q{number}", "choice", choices=choices, required=False, **more)

    sections = [
        {
            "id": f"s{page}",
            "title": words(f"Section {page}"),
            "items": [question(number) for number in range(page * EACH, (page + 1) * EACH)],
        }
        for page in range(SECTIONS)
    ]
    bands = [
        {"id": "low", "upto": 0.25, "title": words("Low")},
        {"id": "mid", "upto": 0.5, "title": words("Middle")},
        {"id": "high", "title": words("High")},
    ]
    adjustment = {
        "id": "mitigated", "when": {"scale": "mitigation", "at_least": 0.8, "of": "maximum"}, "multiply": 0.85,
        "rounding": "half_up", "reason": words("Enough is done"),
    }  # fmt: skip
    scales = [
        {"id": "impact", "title": words("Impact"), "rule": "sum", "measure": "share", "bands": bands, "adjustments": [adjustment]},
        {"id": "mitigation", "title": words("Measures"), "rule": "sum"},
    ]
    return {**HEAD, "kind": "instrument", "id": "large", "title": words("Large"), "scales": scales, "sections": sections}


@pytest.fixture
def assessment(world):
    made = start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=publish(large()))
    answers = []
    for page, section in enumerate(made.sections.order_by("order")):
        for number in range(page * EACH, (page + 1) * EACH):
            answers.append(
                Answer(section=section, item_id=f"q{number}", value=f"c{1 + number % 4}", revision=1, answered_by="Olle", answered_at=NOW)
            )
    Answer.objects.bulk_create(answers)
    return made


def cost(client, path: str) -> tuple[int, float]:
    client.get(path)  # the pack is read and parsed once per process
    with CaptureQueriesContext(connection) as queries:
        begun = time.perf_counter()
        assert client.get(path).status_code == 200
        taken = time.perf_counter() - begun
    return len(queries), taken


def test_pages_of_a_large_assessment(world, assessment, sign_in, record_property):
    client = sign_in(world.officer)
    section = assessment.sections.order_by("order")[4]
    paths = {
        "section": reverse("assessments:section", args=[section.pk]),
        "score": reverse("assessments:score", args=[assessment.pk]),
        "overview": reverse("assessments:overview", args=[assessment.pk]),
        "what_if": reverse("assessments:what_if", args=[assessment.pk]),
    }
    found = {name: cost(client, path) for name, path in paths.items()}
    for name, (queries, taken) in found.items():
        record_property(name, f"{queries} queries, {taken * 1000:.0f} ms")
        print(f"{name}: {queries} queries, {taken * 1000:.0f} ms")
    assert found["section"][0] <= MOST_QUERIES
    assert found["score"][0] <= MOST_QUERIES and found["what_if"][0] <= MOST_QUERIES
    # Ten times what they take alone on a slow machine: a page that grew with the square of the questions is found.
    assert found["section"][1] < 5 and found["score"][1] < 5
