"""How a vendor's dossiers travel with the vendor, and answers that were taken over with the matter that took them.

A dossier is its vendor's: the archive of a municipality that took answers from it holds these answers, and not the dossier. The tie to the
version is emptied; the answer says in words where it is from.
"""

from trygg.apps.assessments.dossier.models import (
    Dossier,
    DossierAnswer,
    DossierName,
    DossierReview,
    DossierText,
    DossierVersion,
    Taken,
    Taking,
)
from trygg.apps.assessments.dossier.selectors import DRAFT_FILES, VERSION_FILES
from trygg.kernel.archive.fields import PersonText
from trygg.kernel.archive.registry import kind, register


def register_archive() -> None:
    register(Dossier, owner="vendor", key=("vendor", "title"))
    register(DossierName, owner="dossier__vendor", key=("dossier", "name"))
    register(DossierAnswer, owner="dossier__vendor", key=("dossier", "item_id"), links={"answered_by_id": PersonText()})
    register(DossierText, owner="answer__dossier__vendor", key=("answer", "written_at"), links={"written_by_id": PersonText()})
    register(DossierVersion, owner="dossier__vendor", key=("dossier", "number"))
    register(Taking, owner="assessment__matter__owner", key=("assessment", "taken_at"))
    register(Taken, owner="taking__assessment__matter__owner", key=("taking", "answer"))
    register(DossierReview, owner="matter__owner", key=("matter", "made_at"))
    kind(DRAFT_FILES, "assessments.dossieranswer")
    kind(VERSION_FILES, "assessments.dossierversion")
