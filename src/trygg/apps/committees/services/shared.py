"""What several services of this room do."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.committees import words
from trygg.apps.committees.models import Item
from trygg.apps.committees.standing import Standing, standings
from trygg.kernel.access import Actor, Denied

RELATED = (
    "committee", "agenda__meeting", "agenda__snapshot", "agenda__matter__owner", "agenda__matter__accountable", "agenda__matter__overseer",
)  # fmt: skip


def locked(item: Item) -> Item:
    """The item as it stands now, and nobody else changes it before this act is done."""
    return Item.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=item.pk)


def at_state(item: Item, *states: str) -> None:
    """ValidationError when the item has moved on, or is not there yet."""
    if item.state not in states:
        raise ValidationError(
            _("The item stands at “%(state)s”, so this cannot be done now. Reload the page.") % {"state": item.get_state_display()}
        )


def own_standing(actor: Actor, item: Item, roll: list[Standing]) -> Standing:
    """The actor's seat at the item. Denied without one; ValidationError with the reason for who is recused or barred."""
    mine = next((standing for standing in roll if standing.seat.membership_id == actor.membership_id), None)
    if mine is None:
        raise Denied("committees.take_part")
    if mine.bar is not None:
        raise ValidationError(words.barred(mine.bar))
    if mine.recused:
        raise ValidationError(_("You are recused from this item, so you take no part in it."))
    return mine


def members_inside(item: Item) -> list[int]:
    """Person ids of the members who take part."""
    return [standing.seat.membership.person_id for standing in standings(item) if not standing.outside]
