"""Writes of dossiers, and of answers that are taken over."""

from trygg.apps.assessments.dossier.services.drafting import (
    add_dossier_entry,
    attach_dossier_file,
    autosave_dossier,
    begin_dossier,
    name_product,
    remove_dossier_entry,
    remove_dossier_file,
    save_dossier,
    settle_dossier_text,
    upgrade_dossier,
)
from trygg.apps.assessments.dossier.services.publishing import publish_dossier, withdraw_dossier
from trygg.apps.assessments.dossier.services.reviewing import answer_review
from trygg.apps.assessments.dossier.services.taking import take_over, undo_taking

__all__ = [
    "add_dossier_entry", "answer_review", "attach_dossier_file", "autosave_dossier", "begin_dossier", "name_product",
    "publish_dossier", "remove_dossier_entry", "remove_dossier_file", "save_dossier", "settle_dossier_text", "take_over",
    "undo_taking", "upgrade_dossier", "withdraw_dossier",
]  # fmt: skip
