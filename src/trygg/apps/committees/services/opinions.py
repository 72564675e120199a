"""Sealed first opinions: given one by one outside the ledger, opened together and recorded once, by a salted hash."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.committees import waiting
from trygg.apps.committees.models import Item, Opinion, SealedOpinion
from trygg.apps.committees.results import sealed_hash
from trygg.apps.committees.services.shared import at_state, locked, own_standing
from trygg.apps.committees.standing import Standing, standings
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import recorded_later, service, unit_of_work
from trygg.spine.meetings.changes import AttendanceNoted

State = Item.State


class Quiet:
    """Stands in for a unit of work where nothing is recorded: closing one's own task asks only who acts."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor


@service("committees.give_opinion")
def give_opinion(*, actor: Actor, now: datetime, item: Item, opinion: str, reason: str = "") -> SealedOpinion:
    """Give a first opinion, or change one's own before they are opened. When it was the last one, all are opened.

    Who has answered is nobody's business before that: nothing is recorded here, so this writes in a transaction of its own.
    """
    with recorded_later():
        require(actor, "committees.take_part", item)
        item = locked(item)
        at_state(item, State.OPINIONS)
        mine = own_standing(actor, item, standings(item))
        if mine.present is False:
            raise ValidationError(_("You are noted as absent from the meeting. Ask the secretary to change it."))
        if opinion not in Opinion.values:
            raise ValidationError({"opinion": _("Choose one of the four.")})
        given = SealedOpinion.objects.filter(item=item, seat=mine.seat).first() or SealedOpinion(item=item, seat=mine.seat)
        given.opinion, given.reason, given.given_at = opinion, reason.strip(), now
        given.full_clean()
        given.save()
        waiting.release_seats(Quiet(actor), waiting.GIVE_OPINION, item, [mine.seat], now)
    open_when_complete(item, now)
    return given


@service("committees.open_opinions")
def open_opinions(*, actor: Actor, now: datetime, item: Item) -> Item:
    """Open the first opinions although some have not answered: the secretary's deed."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        if item.state == State.DISCUSSION:
            work.nothing_happened()
            return item
        at_state(item, State.OPINIONS)
        _open(work, item, standings(item), now)
    return item


def open_when_complete(item: Item, now: datetime) -> bool:
    """Open the opinions when everyone who is expected has given one. The product does it, so that nobody is named as the last."""
    with unit_of_work(actor=Actor.system("committees"), now=now) as work:
        item = locked(item)
        roll = standings(item)
        if item.state != State.OPINIONS or not complete(item, roll):
            work.nothing_happened()
            return False
        _open(work, item, roll, now)
    return True


def complete(item: Item, roll: list[Standing]) -> bool:
    """True when everyone who is expected has answered, and someone is."""
    expected = {standing.seat.pk for standing in roll if standing.expected}
    return bool(expected) and expected <= set(item.opinions.values_list("seat_id", flat=True))


def _open(work, item: Item, roll: list[Standing], now: datetime) -> None:
    outside = {standing.seat.pk for standing in roll if standing.outside}
    item.opinions.filter(seat__in=outside).delete()  # given before a recusal or a new role: never read
    answers = {given.seat_id: [given.opinion, given.reason] for given in item.opinions.all()}
    item.state, item.opinions_opened_at = State.DISCUSSION, now
    item.opinions_hash = sealed_hash(item, "opinions", answers)
    item.save(update_fields=["state", "opinions_opened_at", "opinions_hash"])
    waiting.release_seats(work, waiting.GIVE_OPINION, item, [standing.seat for standing in roll], now)
    people = [standing.seat.membership.person_id for standing in roll if not standing.outside]
    waiting.tell(work, "committees.opinions_opened", item, people, now)
    work.record(
        "committees.opinions_opened", item, organisation=item.committee.organisation_id, count=len(answers), hash=item.opinions_hash
    )


def attendance_noted(work, changes: list) -> None:
    """Listener: who is absent is no longer waited for."""
    meetings = {change.meeting_id for change in changes if isinstance(change, AttendanceNoted)}
    if not meetings:
        return
    for item in Item.objects.filter(agenda__meeting_id__in=meetings, state=State.OPINIONS):
        item = locked(item)
        roll = standings(item)
        if complete(item, roll):
            _open(work, item, roll, work.now)
