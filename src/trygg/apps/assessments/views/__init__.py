"""Pages of assessments."""

from trygg.apps.assessments.views.answering import autosave, choose, earlier, section_page
from trygg.apps.assessments.views.deepening import depth
from trygg.apps.assessments.views.managing import assign, lock, overview, reopen, sign, start, withdraw
from trygg.apps.assessments.views.obliging import obligation
from trygg.apps.assessments.views.reading import (
    ask_reader,
    differences,
    reading,
    reading_autosave,
    reading_section,
    settle,
    withdraw_reading,
)
from trygg.apps.assessments.views.repeating import add_entry, entry, removed_entries
from trygg.apps.assessments.views.scoring import score, score_json, what_if
from trygg.apps.assessments.views.tendering import tender, tender_word
from trygg.apps.assessments.views.theirs import theirs
from trygg.apps.assessments.views.upgrading import carried, next_phase, undo_upgrade, upgrade

__all__ = [
    "add_entry",
    "ask_reader",
    "assign",
    "autosave",
    "carried",
    "choose",
    "depth",
    "differences",
    "earlier",
    "entry",
    "lock",
    "next_phase",
    "obligation",
    "overview",
    "reading",
    "reading_autosave",
    "reading_section",
    "removed_entries",
    "reopen",
    "score",
    "score_json",
    "section_page",
    "settle",
    "sign",
    "start",
    "tender",
    "tender_word",
    "theirs",
    "undo_upgrade",
    "upgrade",
    "what_if",
    "withdraw",
    "withdraw_reading",
]
