"""Writes of committees."""

from trygg.apps.committees.services.advising import give_advice, join_dissent, write_dissent
from trygg.apps.committees.services.answering import record_decision
from trygg.apps.committees.services.founding import create_committee, end_seat, fill_seat, set_charter
from trygg.apps.committees.services.meeting import (
    ask_opinions,
    call_item,
    declare_interest,
    note_recusal,
    plan_meeting,
    write_notes,
)
from trygg.apps.committees.services.opinions import give_opinion, open_opinions
from trygg.apps.committees.services.voting import ConditionText, cast_vote, close_voting, open_voting, take_new_proposal

__all__ = [
    "ConditionText",
    "ask_opinions",
    "call_item",
    "cast_vote",
    "close_voting",
    "create_committee",
    "declare_interest",
    "end_seat",
    "fill_seat",
    "give_advice",
    "give_opinion",
    "join_dissent",
    "note_recusal",
    "open_opinions",
    "open_voting",
    "plan_meeting",
    "record_decision",
    "set_charter",
    "take_new_proposal",
    "write_dissent",
    "write_notes",
]
