"""Who stands where at an item: present, recused, barred by rule. One truth for opinions, votes, quorum and pages.

Barred are vendors, and the line of the body that decides: the accountable person and the overseer of the matter, officers and
administrators of its owner, and whoever works for, or sits as a politician in, the organisation that decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from trygg.apps.committees.models import Committee, Item, Seat
from trygg.engines import deliberation
from trygg.kernel.access import Role
from trygg.kernel.people.models import Membership, Organisation, StakeholderGroup
from trygg.spine.matters.models import Matter
from trygg.spine.meetings.selectors import attendance_of

OFFICERS = (Role.OFFICER, Role.ADMINISTRATOR)
AT_THE_TABLE = (Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY, Role.AUDITOR)  # roles that give no work in the line


class Bar(StrEnum):
    """Why someone may not take part, whoever notes it or not."""

    VENDOR = "vendor"
    ANSWERS_FOR_IT = "answers_for_it"
    OWNER_LINE = "owner_line"
    DECIDING_LINE = "deciding_line"


@dataclass(frozen=True)
class Standing:
    """One seat at one item. `present` is None as long as nobody noted it."""

    seat: Seat
    present: bool | None
    recused: bool
    bar: Bar | None

    @property
    def outside(self) -> bool:
        """Recused, or barred by rule: takes no part, sees neither opinions nor votes."""
        return self.recused or self.bar is not None

    @property
    def expected(self) -> bool:
        """Asked for an opinion: inside, and not noted as absent."""
        return not self.outside and self.present is not False

    def engine_seat(self) -> deliberation.Seat:
        return deliberation.Seat(
            id=str(self.seat.pk), group=self.seat.stakeholder_group, present=self.present is True, recused=self.outside
        )


def in_force(at: datetime, path: str = "") -> Q:
    return Q(**{f"{path}valid_from__lte": at}) & (Q(**{f"{path}valid_until": None}) | Q(**{f"{path}valid_until__gt": at}))


def seats_in_force(committee: Committee, at: datetime) -> list[Seat]:
    """The committee's seats at a moment, with their people, in the order of the stakeholder groups."""
    order = list(StakeholderGroup.values)
    rows = committee.seats.filter(in_force(at), in_force(at, "membership__")).select_related("membership__person", "membership__organisation")
    return sorted(rows, key=lambda seat: (order.index(seat.stakeholder_group), seat.pk))


def standings(item: Item) -> list[Standing]:
    """Every seat that belongs to the item's meeting, and how it stands."""
    meeting = item.meeting
    seats = seats_in_force(item.committee, meeting.starts_at)
    present = attendance_of(meeting)
    recused = set(item.recusals.values_list("seat_id", flat=True))
    barred = bars(item.matter, seats, meeting.starts_at)
    return [Standing(seat, present.get(seat.membership_id), seat.pk in recused, barred.get(seat.pk)) for seat in seats]


def bars(matter: Matter, seats: Iterable[Seat], at: datetime) -> dict[int, Bar]:
    """Seat id -> why its holder is barred from the matter. Asked of the person, in whatever role the seat is held."""
    seats = list(seats)
    people = {seat.membership.person_id for seat in seats}
    roles: dict[int, list[Membership]] = {}
    for membership in Membership.objects.filter(in_force(at), person_id__in=people).select_related("organisation"):
        roles.setdefault(membership.person_id, []).append(membership)
    found = {seat.pk: bar_of(matter, seat, roles.get(seat.membership.person_id, [])) for seat in seats}
    return {pk: bar for pk, bar in found.items() if bar}


def bar_of(matter: Matter, seat: Seat, held: list[Membership]) -> Bar | None:
    """Why the holder of `seat`, who holds these memberships at the time, is barred; None when not."""
    if any(m.role == Role.VENDOR or m.organisation.kind == Organisation.Kind.VENDOR for m in held):
        return Bar.VENDOR
    if any(m is not None and m.person_id == seat.membership.person_id for m in (matter.accountable, matter.overseer)):
        return Bar.ANSWERS_FOR_IT
    if any(m.organisation_id == matter.owner_id and m.role in OFFICERS for m in held):
        return Bar.OWNER_LINE
    if matter.deciding_organisation_id is not None:
        there = [m for m in held if m.organisation_id == matter.deciding_organisation_id]
        if any(m.role not in AT_THE_TABLE for m in there):
            return Bar.DECIDING_LINE
        if there and seat.stakeholder_group == StakeholderGroup.POLICYMAKERS:
            return Bar.DECIDING_LINE
    return None
