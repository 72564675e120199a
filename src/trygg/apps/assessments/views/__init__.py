"""Pages of assessments."""

from trygg.apps.assessments.views.answering import autosave, choose, earlier, section_page
from trygg.apps.assessments.views.managing import assign, lock, overview, reopen, sign, start, withdraw

__all__ = [
    "assign",
    "autosave",
    "choose",
    "earlier",
    "lock",
    "overview",
    "reopen",
    "section_page",
    "sign",
    "start",
    "withdraw",
]
