"""Who may see and do what on a committee. Sealed means sealed: no rule here shows an opinion or a vote before its time."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from trygg.apps.committees.models import Committee, Dissent, Item, Seat
from trygg.apps.committees.standing import bar_of, in_force
from trygg.kernel.access import NOTHING, Actor, Role, rule
from trygg.kernel.people.models import Membership, Organisation
from trygg.spine.meetings.selectors import as_ids

State = Item.State
# Who, in the organisation that a matter belongs to or that decides on it, follows its way through the committee.
FOLLOWERS = (Role.ADMINISTRATOR, Role.OFFICER, Role.CONTRIBUTOR, Role.AUDITOR, Role.SAFEGUARDING_LEAD, Role.COMMITTEE_SECRETARY)
OPENED = (State.DISCUSSION, State.VOTING, State.COUNTED, State.ADVISED, State.ANSWERED)
CLOSED = (State.COUNTED, State.ADVISED, State.ANSWERED)


def my_seats(actor: Actor) -> QuerySet[Seat]:
    """The actor's seats in force, in the role that the actor acts in."""
    if actor.membership_id is None:
        return Seat.objects.none()
    return Seat.objects.filter(in_force(actor.at), membership_id=actor.membership_id)


def _owned(actor: Actor, path: str = "") -> Q:
    return Q(**{f"{path}owners": actor.organisation_id}) | _beneath(actor, f"{path}owners")


def _beneath(actor: Actor, organisation: str) -> Q:
    """An auditor reads what the boards beneath the own organisation have, too."""
    if actor.guest or not actor.has_role(Role.AUDITOR):
        return NOTHING
    return Q(**{f"{organisation}__parent_id": actor.organisation_id})


def _follows(actor: Actor) -> Q:
    """Items about a matter that the actor answers for, or whose organisation it belongs to, or decides on."""
    matter = "agenda__matter__"
    found = Q(**{f"{matter}accountable__person_id": actor.person_id}) | Q(**{f"{matter}overseer__person_id": actor.person_id})
    if actor.has_role(*FOLLOWERS):
        found |= Q(**{f"{matter}owner_id": actor.organisation_id}) | Q(**{f"{matter}deciding_organisation_id": actor.organisation_id})
        found |= _beneath(actor, f"{matter}owner") | _beneath(actor, f"{matter}deciding_organisation")
    return found


@rule("committees.view_committee", Committee)
def view_committee(actor: Actor) -> Q:
    """Its members; its owners' secretaries, administrators, officers and auditors (those above a board, too); who has a matter before it."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    found = Q(pk__in=my_seats(actor).values("committee_id")) | Q(pk__in=Item.objects.filter(_follows(actor)).values("committee_id"))
    if actor.has_role(Role.COMMITTEE_SECRETARY, Role.ADMINISTRATOR, Role.OFFICER, Role.AUDITOR):
        found |= _owned(actor)
    return found


@rule("committees.create_committee", Organisation)
def create_committee(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return Q(pk=actor.organisation_id) if actor.has_role(Role.ADMINISTRATOR, Role.COMMITTEE_SECRETARY) else NOTHING


@rule("committees.manage_committee", Committee)
def manage_committee(actor: Actor) -> Q:
    """Charter and seats: secretaries and administrators of the owners."""
    if actor.is_system:
        return Q()
    return _owned(actor) if actor.has_role(Role.ADMINISTRATOR, Role.COMMITTEE_SECRETARY) else NOTHING


@rule("committees.run_committee", Committee)
def run_committee(actor: Actor) -> Q:
    """Call meetings and lead them: the secretaries of the owners."""
    if actor.is_system:
        return Q()
    return _owned(actor) if actor.has_role(Role.COMMITTEE_SECRETARY) else NOTHING


@rule("committees.end_seat", Seat)
def end_seat(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return _owned(actor, "committee__") if actor.has_role(Role.ADMINISTRATOR, Role.COMMITTEE_SECRETARY) else NOTHING


def _of_committees(condition: Q) -> Q:
    return NOTHING if condition is NOTHING else Q(committee__in=Committee.objects.filter(condition))


@rule("committees.view_item", Item)
def view_item(actor: Actor) -> Q:
    """The point of the agenda and its frozen snapshot: members, secretaries, the owners' auditors, who follows the matter.

    Never the opinions and votes: see view_opinions and view_votes.
    """
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    found = Q(committee__in=my_seats(actor).values("committee_id")) | _follows(actor)
    if actor.has_role(Role.COMMITTEE_SECRETARY, Role.AUDITOR):
        found |= _owned(actor, "committee__")
    return found


@rule("committees.run_item", Item)
def run_item(actor: Actor) -> Q:
    """Take an item from step to step: the secretaries."""
    if actor.is_system:
        return Q()
    return _of_committees(run_committee(actor))


@rule("committees.take_part", Item)
def take_part(actor: Actor) -> Q:
    """Members. Whether a member is recused, barred or absent is said by the service, with the reason."""
    if actor.is_system or not actor.signed_in:
        return NOTHING
    return Q(committee__in=my_seats(actor).values("committee_id"))


def _inside(actor: Actor) -> list[int]:
    """Items at whose meeting the actor sits, neither recused nor barred. Three queries, however many items there are."""
    seats = {seat.committee_id: seat for seat in my_seats(actor).select_related("membership")}
    if not seats:
        return []
    items = Item.objects.filter(committee_id__in=seats, state__in=OPENED).exclude(recusals__seat__in=seats.values())
    items = items.select_related("agenda__meeting", "agenda__matter__accountable", "agenda__matter__overseer")
    held = list(Membership.objects.filter(person_id=actor.person_id).select_related("organisation"))
    found = []
    for item in items:
        seat, at = seats[item.committee_id], item.meeting.starts_at
        there = [membership for membership in held if membership.in_force(at)]
        if seat.in_force(at) and bar_of(item.matter, seat, there) is None:
            found.append(item.pk)
    return found


def _deliberation(actor: Actor, states: tuple[str, ...]) -> Q:
    if actor.is_system:
        return Q(state__in=states)
    if not actor.signed_in:
        return NOTHING
    found = Q(pk__in=_inside(actor))
    if actor.has_role(Role.COMMITTEE_SECRETARY):
        found |= _owned(actor, "committee__") & ~_sits_outside(actor)
    return found & Q(state__in=states)


def _sits_outside(actor: Actor) -> Q:
    """A secretary who also sits on the committee and is recused sees as little as any recused member."""
    mine = Seat.objects.filter(committee=OuterRef("committee"), membership__person_id=actor.person_id, recusals__item=OuterRef("pk"))
    return Q(Exists(mine))


@rule("committees.view_opinions", Item)
def view_opinions(actor: Actor) -> Q:
    """First opinions side by side, once they were opened: members who take part, and the secretaries."""
    return _deliberation(actor, OPENED)


@rule("committees.view_votes", Item)
def view_votes(actor: Actor) -> Q:
    """The result of a closed vote before the advice is given: members who take part, and the secretaries."""
    return _deliberation(actor, CLOSED)


@rule("committees.join_dissent", Dissent)
def join_dissent(actor: Actor) -> Q:
    condition = take_part(actor)
    return NOTHING if condition is NOTHING else Q(item__in=Item.objects.filter(condition))


@rule("committees.record_decision", Item)
def record_decision(actor: Actor) -> Q:
    """Officers of the matter's owner or of the organisation that decides, and the accountable person."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    found = Q(agenda__matter__accountable__person_id=actor.person_id)
    if actor.has_role(Role.OFFICER, Role.ADMINISTRATOR):
        found |= Q(agenda__matter__owner_id=actor.organisation_id) | Q(agenda__matter__deciding_organisation_id=actor.organisation_id)
    return found


# What spine/meetings asks about the bodies of this room.


def viewable_bodies(actor: Actor) -> QuerySet:
    return as_ids(_committees(view_committee(actor)))


def manageable_bodies(actor: Actor) -> QuerySet:
    return as_ids(_committees(run_committee(actor)))


def _committees(condition: Q) -> QuerySet[Committee]:
    if condition is NOTHING:
        return Committee.objects.none()
    return Committee.objects.filter(pk__in=Committee.objects.filter(condition).values("pk"))


