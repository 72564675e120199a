"""Who may read the record: auditors all of it, administrators their own organisation's acts. Who may erase a detail."""

from django.db.models import Q

from trygg.kernel.access import NOTHING, Actor, Role, rule
from trygg.kernel.ledger.models import Entry


@rule("ledger.view", Entry)
def viewable(actor: Actor) -> Q:
    if actor.is_system or (actor.signed_in and actor.has_role(Role.AUDITOR)):
        return Q()
    return _own(actor)


@rule("ledger.erase_detail", Entry)
def erasable(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return _own(actor)


def _own(actor: Actor) -> Q:
    if actor.signed_in and actor.has_role(Role.ADMINISTRATOR) and actor.organisation_id is not None:
        return Q(organisation_id=actor.organisation_id)
    return NOTHING
