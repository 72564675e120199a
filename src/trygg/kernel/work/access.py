"""Who sees which task and notification."""

from django.db.models import Q

from trygg.kernel.access import NOTHING, Actor, rule
from trygg.kernel.work.models import Notification, Task


@rule("work.view_task", Task)
def view_task(actor: Actor) -> Q:
    """What is assigned to me, and what waits for anyone with my role in my organisation."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    mine = Q(assignee_id=actor.membership_id)
    if actor.guest:
        return mine
    anyone = Q(assignee=None, organisation_id=actor.organisation_id) & Q(role__in=("", str(actor.role)))
    return mine | anyone


@rule("work.view_notification", Notification)
def view_notification(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return Q(person_id=actor.person_id) if actor.signed_in else NOTHING
