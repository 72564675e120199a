"""Who may see packs, and who publishes them: the host those that come with Trygg, an administrator those of the own organisation."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from trygg.kernel.access import NOTHING, Actor, Role, rule
from trygg.kernel.people.models import Organisation
from trygg.spine.frameworks.models import PackVersion

SEEN_THROUGH: list[Callable[[Actor], QuerySet]] = []


def register_seen(rows: Callable[[Actor], QuerySet]) -> None:
    """Say which packs an actor sees because of something else: `rows(actor)` gives their ids. A room says so of those whose
    questions somebody was asked to answer."""
    SEEN_THROUGH.append(rows)


@rule("frameworks.view_pack", PackVersion)
def view_pack(actor: Actor) -> Q:
    """What comes with Trygg; those of the own organisation and of the municipality above it; what one is asked in."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    seen = Q(organisation=None)
    for rows in SEEN_THROUGH:
        seen |= Q(pk__in=rows(actor))
    if actor.guest:
        return seen
    near = Q(pk=actor.organisation_id) | Q(children=actor.organisation_id)
    if actor.has_role(Role.AUDITOR):
        near |= Q(parent=actor.organisation_id)
    return seen | Q(organisation__in=Organisation.objects.filter(near).values("pk"))


@rule("frameworks.publish_pack", PackVersion)
def publish_pack(actor: Actor) -> Q:
    return Q() if actor.is_system else NOTHING


@rule("frameworks.publish_own_pack", Organisation)
def publish_own_pack(actor: Actor) -> Q:
    """The administrator of the organisation."""
    if actor.is_system:
        return Q()
    if actor.guest or not actor.has_role(Role.ADMINISTRATOR):
        return NOTHING
    return Q(pk=actor.organisation_id)


@rule("frameworks.manage_pack", PackVersion)
def manage_pack(actor: Actor) -> Q:
    """Withdraw, and put in force again: the administrator of the organisation that published it. Nobody those of Trygg."""
    if actor.is_system:
        return Q(kind="instrument") & ~Q(organisation=None)
    if actor.guest or not actor.has_role(Role.ADMINISTRATOR):
        return NOTHING
    return Q(kind="instrument", organisation_id=actor.organisation_id)
