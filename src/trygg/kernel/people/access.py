"""Who may see and manage people and organisations."""

from django.db.models import Q

from trygg.kernel.access import NOTHING, Actor, Role, rule
from trygg.kernel.people.models import Invitation, Membership, Organisation, Partnership, Person


@rule("people.view_organisation", Organisation)
def view_organisation(actor: Actor) -> Q:
    """One's own organisation and its family, and the organisations in the same partnerships."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    if actor.guest:
        return Q(pk=actor.organisation_id)
    own = Q(pk=actor.organisation_id) | Q(parent_id=actor.organisation_id) | Q(children__id=actor.organisation_id)
    partners = Q(partnership_memberships__partnership_id__in=actor.partnership_ids, partnership_memberships__left_at=None)
    return own | partners


@rule("people.manage_organisation", Organisation)
def manage_organisation(actor: Actor) -> Q:
    """Invite, end memberships: the administrator of the organisation or of its municipality. And `trygg setup`."""
    if actor.is_system:
        return Q()
    if not actor.has_role(Role.ADMINISTRATOR):
        return NOTHING
    return Q(pk=actor.organisation_id) | Q(parent_id=actor.organisation_id)


@rule("people.invite_guest", Organisation)
def invite_guest(actor: Actor) -> Q:
    """Ask someone in another organisation of the partnership, or a vendor, to take part: officers and administrators."""
    if actor.is_system:
        return Q()
    if not actor.has_role(Role.ADMINISTRATOR, Role.OFFICER, Role.COMMITTEE_SECRETARY):
        return NOTHING
    partners = Q(partnership_memberships__partnership_id__in=actor.partnership_ids, partnership_memberships__left_at=None)
    return Q(pk=actor.organisation_id) | Q(parent_id=actor.organisation_id) | partners | Q(kind=Organisation.Kind.VENDOR)


@rule("people.view_membership", Membership)
def view_membership(actor: Actor) -> Q:
    """Colleagues, and people in the organisations one works with. A vendor sees only its own people."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    if actor.guest:
        return Q(pk=actor.membership_id)
    own = Q(organisation_id=actor.organisation_id)
    if actor.has_role(Role.VENDOR):
        return own
    family = Q(organisation__parent_id=actor.organisation_id) | Q(organisation__children__id=actor.organisation_id)
    partners = Q(
        organisation__partnership_memberships__partnership_id__in=actor.partnership_ids,
        organisation__partnership_memberships__left_at=None,
    )
    return own | family | partners


@rule("people.manage_membership", Membership)
def manage_membership(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if not actor.has_role(Role.ADMINISTRATOR):
        return NOTHING
    return Q(organisation_id=actor.organisation_id) | Q(organisation__parent_id=actor.organisation_id)


@rule("people.manage_invitation", Invitation)
def manage_invitation(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if not actor.has_role(Role.ADMINISTRATOR):
        return NOTHING
    return Q(organisation_id=actor.organisation_id) | Q(organisation__parent_id=actor.organisation_id)


@rule("people.manage_partnership", Partnership)
def manage_partnership(actor: Actor) -> Q:
    """Only the host sets up partnerships, by command: agreeing to one is done outside Trygg."""
    return Q() if actor.is_system else NOTHING


@rule("people.be", Person)
def be_oneself(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return Q(pk=actor.person_id) if actor.signed_in else NOTHING
