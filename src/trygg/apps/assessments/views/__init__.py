"""Pages of assessments."""

from trygg.apps.assessments.views.answering import autosave, choose, earlier, section_page
from trygg.apps.assessments.views.managing import assign, lock, overview, reopen, sign, start, withdraw
from trygg.apps.assessments.views.repeating import add_entry, entry, removed_entries

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
    "section_page",
    "sign",
    "start",
    "withdraw",
]
