"""Who may see and lead meetings: what the room of the body says of it."""

from django.db.models import Q

from trygg.kernel.access import NOTHING, Actor, rule
from trygg.spine.meetings.bodies import BODIES
from trygg.spine.meetings.models import Action, Meeting


def _bodies(actor: Actor, what: str, through: str = "") -> Q:
    if not actor.is_system and not actor.signed_in:
        return NOTHING
    found = NOTHING
    for body in BODIES.values():
        ids = getattr(body, what)(actor)
        found |= Q(**{f"{through}subject_type": body.subject_type, f"{through}subject_id__in": ids})
    return found


@rule("meetings.view_meeting", Meeting)
def view_meeting(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return _bodies(actor, "view")


@rule("meetings.manage_meeting", Meeting)
def manage_meeting(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return _bodies(actor, "manage")


@rule("meetings.finish_action", Action)
def finish_action(actor: Actor) -> Q:
    """Whoever took it on, and who leads the meetings of the body."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    return Q(owner_id=actor.membership_id) | _bodies(actor, "manage", "item__meeting__")
