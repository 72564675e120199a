"""Who may see and publish packs: they are public content; the host publishes."""

from django.db.models import Q

from trygg.kernel.access import NOTHING, Actor, rule
from trygg.spine.frameworks.models import PackVersion


@rule("frameworks.view_pack", PackVersion)
def view_pack(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    return Q(organisation=None) | Q(organisation_id=actor.organisation_id)


@rule("frameworks.publish_pack", PackVersion)
def publish_pack(actor: Actor) -> Q:
    return Q() if actor.is_system else NOTHING
