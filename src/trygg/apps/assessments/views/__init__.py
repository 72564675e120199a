"""Pages of assessments."""

from trygg.apps.assessments.views.answering import autosave, choose, earlier, section_page
from trygg.apps.assessments.views.managing import assign, lock, overview, reopen, sign, start, withdraw
from trygg.apps.assessments.views.repeating import add_entry, entry, removed_entries
from trygg.apps.assessments.views.scoring import score, score_json, what_if

__all__ = [
    "add_entry",
    "assign",
    "autosave",
    "choose",
    "earlier",
    "entry",
    "lock",
    "overview",
    "removed_entries",
    "reopen",
    "score",
    "score_json",
    "section_page",
    "sign",
    "start",
    "what_if",
    "withdraw",
]
