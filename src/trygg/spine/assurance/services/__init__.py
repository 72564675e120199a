"""Writes of the assurance case."""

from trygg.spine.assurance.services.claims import (
    add_document,
    assign_claim,
    contest_claim,
    move_time_forward,
    recompute_after_packs,
    settle_contest,
    withdraw_document,
)
from trygg.spine.assurance.services.documents import (
    add_case_documents,
    attach_document,
    detach_document,
    remove_document,
)

__all__ = [
    "add_case_documents",
    "add_document",
    "assign_claim",
    "attach_document",
    "contest_claim",
    "detach_document",
    "move_time_forward",
    "recompute_after_packs",
    "remove_document",
    "settle_contest",
    "withdraw_document",
]
