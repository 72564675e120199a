"""How assessments travel with the organisation that owns their matter. What is locked stays as it was hashed."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.apps.assessments.dossier import archiving as dossier
from trygg.apps.assessments.models import (
    Answer,
    AnswerVersion,
    Assessment,
    Comment,
    SecondAnswer,
    SecondReading,
    SectionAssignment,
    SignOff,
    StartedFrom,
)
from trygg.apps.assessments.obligations import CODES, RESULT_FILES
from trygg.apps.assessments.services.second_reading import READING
from trygg.apps.assessments.services.shared import SECTION
from trygg.kernel.archive.fields import PersonText
from trygg.kernel.archive.registry import HeldBack, inside, kind, register
from trygg.kernel.work.models import Task
from trygg.spine.frameworks.archiving import OwnId
from trygg.spine.frameworks.owned import own_id

OWNER = "assessment__matter__owner"


def _fit(assessment: Assessment) -> None:
    """The pack's id as it is stored here, which is another one for an organisation's own questions."""
    assessment.instrument_id = assessment.pack.pack_id


def register_archive() -> None:
    register(
        Assessment, owner="matter__owner", key=("matter", lambda assessment: own_id(assessment.instrument_id), "revision"),
        links={"instrument_id": OwnId()}, fit=_fit,
    )  # fmt: skip
    register(SectionAssignment, owner=OWNER, key=("assessment", "section_id"))
    register(Answer, owner=f"section__{OWNER}", key=("section", "item_id"), links={"answered_by_id": PersonText()})
    register(AnswerVersion, owner=f"answer__section__{OWNER}", key=("answer", "written_at"), links={"written_by_id": PersonText()})
    register(Comment, owner=f"section__{OWNER}", key=("section", "at"))
    register(SignOff, owner=OWNER, key=("assessment", "organisation", "at"))
    register(SecondReading, owner=OWNER, key=("assessment", "membership", "asked_at"))
    register(StartedFrom, owner="matter__owner", key=("matter", lambda began: own_id(began.instrument_id)), links={"instrument_id": OwnId()})
    alone = _("Answers of second readers who are not done: until then neither reader sees what the other wrote.")
    register(
        SecondAnswer, owner=f"reading__{OWNER}", key=("reading", "item_id"), held_back=[HeldBack(Q(reading__finished_at=None), alone)]
    )
    kind(SECTION, "assessments.sectionassignment")
    kind(READING, "assessments.secondreading")
    kind(RESULT_FILES, "work.task", of="files")
    for code in CODES:
        kind(code, "matters.matter", between="-", rest=True, of="tasks")
    inside(Task, "params", "assessment", "assessments.assessment")
    dossier.register_archive()
