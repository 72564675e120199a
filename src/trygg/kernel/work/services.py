"""Writes that stand on their own: marking notifications as read."""

from datetime import datetime

from trygg.kernel.access import Actor, require, restrict
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Person


@service("work.mark_notifications_read")
def mark_notifications_read(*, actor: Actor, now: datetime) -> int:
    """Mark all of the actor's notifications as read; returns how many were new."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "people.be", Person(pk=actor.person_id or 0))
        count = restrict(actor, "work.view_notification").filter(read_at=None).update(read_at=now)
        if count:
            work.record("work.notifications_read", count=count)
        else:
            work.nothing_happened()
    return count
