"""The instrument of ours that uses every type of question, and an assessment on it."""

from functools import cache
from pathlib import Path

from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.apps.assessments.services import start_assessment
from trygg.apps.assessments.tests.scene import NOW, Scene, publish
from trygg.packs.loader import read_pack

PATH = Path(__file__).parents[5] / "tests" / "packs" / "every-type.yaml"
MARKS = ["equal/all/severity=small", "heard/abroad/severity=grave", "heard/abroad/reach=many"]


@cache
def data() -> dict:
    return dict(read_pack(PATH).data)


def start(world: Scene) -> Assessment:
    return start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=publish(data()), depth="light")


def section(assessment: Assessment, section_id: str) -> SectionAssignment:
    return assessment.sections.get(section_id=section_id)
