"""Reads about people and organisations."""

from datetime import datetime

from django.db.models import Q, QuerySet

from trygg.kernel.access import ANONYMOUS, Actor, Role, restrict
from trygg.kernel.people.models import Membership, Organisation, PartnershipMember, Person


def memberships_in_force(person: Person, *, now: datetime) -> QuerySet[Membership]:
    """The person's memberships that are valid at `now`, with their organisations."""
    return (
        Membership.objects.filter(person=person, valid_from__lte=now)
        .filter(Q(valid_until=None) | Q(valid_until__gt=now))
        .select_related("organisation")
        .order_by("pk")
    )


def actor_for(person: Person, *, membership_id: int | None, now: datetime) -> Actor:
    """The actor that `person` is: the chosen membership if it is still in force, else the first; ANONYMOUS without any."""
    if not person.is_active:
        return ANONYMOUS
    memberships = list(memberships_in_force(person, now=now))
    if not memberships:
        return ANONYMOUS
    chosen = next((m for m in memberships if m.pk == membership_id), memberships[0])
    return actor_from_membership(chosen, person, now=now)


def actor_from_membership(membership: Membership, person: Person | None = None, *, now: datetime) -> Actor:
    """The actor of one membership at `now`."""
    person = person or membership.person
    partnerships = PartnershipMember.objects.filter(organisation_id=membership.organisation_id, left_at=None)
    return Actor(
        kind="person",
        id=f"person:{person.pk}",
        name=person.shown_name,
        person_id=person.pk,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.name,
        role=Role(membership.role),
        stakeholder_group=membership.stakeholder_group,
        guest=membership.guest,
        partnership_ids=tuple(partnerships.values_list("partnership_id", flat=True)),
        at=now,
    )


def organisations_seen(actor: Actor) -> QuerySet[Organisation]:
    """Organisations whose name the actor may see: its own, its parent and boards, and its partners."""
    return restrict(actor, "people.view_organisation")


def people_in(actor: Actor, organisation: Organisation, *, now: datetime) -> QuerySet[Membership]:
    """Memberships in force in `organisation`, as far as the actor may see them."""
    return (
        restrict(actor, "people.view_membership")
        .filter(organisation=organisation, valid_from__lte=now)
        .filter(Q(valid_until=None) | Q(valid_until__gt=now))
        .select_related("person", "organisation")
        .order_by("person__display_name", "pk")
    )
