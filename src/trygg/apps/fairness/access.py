"""Who may declare, run and read a bias audit. Exact figures are for those who may see the rows; others see what may be published."""

from django.db.models import Q

from trygg.apps.fairness.models import Audit
from trygg.kernel.access import NOTHING, Actor, Role, reached, rule
from trygg.spine.matters.access import shared_with
from trygg.spine.matters.models import Matter, Share

AUDITORS = (Role.ANALYST, Role.OFFICER, Role.ADMINISTRATOR)
READERS = (*AUDITORS, Role.AUDITOR, Role.DATA_STEWARD)
State = Audit.State


def _matters(actor: Actor) -> Q:
    """Matters whose audits the actor runs: of the own organisation, and for an analyst those that are shared to be worked in."""
    if actor.guest or not actor.has_role(*AUDITORS):
        return NOTHING
    own = Q(owner_id=actor.organisation_id)
    return own | shared_with(actor, Share.Level.WORK) if actor.has_role(Role.ANALYST) else own


@rule("fairness.declare_audit", Matter)
def declare_audit(actor: Actor) -> Q:
    """Analysts, officers and administrators of the owner; analysts of a partner who works in the matter."""
    return Q() if actor.is_system else _matters(actor)


@rule("fairness.view_audit", Audit)
def view_audit(actor: Actor) -> Q:
    """Whoever sees the matter: what was asked, and what of the result may be published."""
    if actor.is_system:
        return Q()
    return reached(actor, "matters.view_matter", "matter_id") if actor.signed_in else NOTHING


@rule("fairness.view_exact", Audit)
def view_exact(actor: Actor) -> Q:
    """Exact counts: analysts, officers, administrators, data stewards and auditors of the owner."""
    if actor.is_system:
        return Q()
    if actor.guest or not actor.has_role(*READERS):
        return NOTHING
    own = Q(matter__owner_id=actor.organisation_id)
    return own | Q(matter__owner__parent_id=actor.organisation_id) if actor.has_role(Role.AUDITOR) else own


@rule("fairness.run_audit", Audit)
def run_audit(actor: Actor) -> Q:
    """Bring counts or rows, use the result, repeat it, withdraw it."""
    if actor.is_system:
        return Q()
    found = _matters(actor)
    return NOTHING if found is NOTHING else Q(matter__in=Matter.objects.filter(found))
