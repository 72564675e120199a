"""How a committee travels with the organisation that keeps its record. What is still sealed stays sealed: it does not travel."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.apps.committees.models import (
    Advice,
    Committee,
    Condition,
    Decision,
    Dissent,
    Interest,
    Item,
    Recusal,
    SealedOpinion,
    Seat,
    Vote,
)
from trygg.apps.committees.waiting import SEAT_AT_ITEM
from trygg.kernel.archive.registry import HeldBack, kind, register

State = Item.State


def register_archive() -> None:
    register(Committee, owner="organisation", key=("slug",), renamed=("slug",))
    register(Seat, owner="committee__organisation", key=("committee", "membership", "valid_from"))
    register(Item, owner="committee__organisation", key=("agenda",))
    register(Interest, owner="item__committee__organisation", key=("item", "seat"))
    register(Recusal, owner="item__committee__organisation", key=("item", "seat"))
    register(
        SealedOpinion, owner="item__committee__organisation", key=("item", "seat"),
        held_back=[HeldBack(Q(item__opinions_opened_at=None), _("First opinions that are not opened: nobody reads them before all are given."))],
    )  # fmt: skip
    register(
        Vote, owner="item__committee__organisation", key=("item", "seat"),
        held_back=[HeldBack(Q(item__voting_closed_at=None), _("Votes that are not counted. Close the vote before you take the archive."))],
    )  # fmt: skip
    register(Condition, owner="item__committee__organisation", key=("item", "number"))
    register(Dissent, owner="item__committee__organisation", key=("item", "seat"))
    register(Advice, owner="item__committee__organisation", key=("item",))
    register(Decision, owner="advice__item__committee__organisation", key=("advice",))
    kind(SEAT_AT_ITEM, "committees.item", "committees.seat", between="-")
