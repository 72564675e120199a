"""Setting up a committee: its owners, charter and seats."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.committees import charter as charters
from trygg.apps.committees import words
from trygg.apps.committees.models import Committee, Seat
from trygg.apps.committees.standing import in_force
from trygg.engines.deliberation import RuleError
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Membership, Organisation


def _checked(charter: Mapping[str, Any]) -> dict[str, Any]:
    """The charter written in one way only. ValidationError for what is none."""
    try:
        return charters.dump(charters.load(charter))
    except RuleError as error:
        raise ValidationError({"charter": words.rule_error(error)}) from error
    except charters.CharterError as error:
        raise ValidationError({"charter": _("This is no charter: %(problem)s") % {"problem": error}}) from error


@service("committees.create_committee")
def create_committee(
    *, actor: Actor, now: datetime, organisation: Organisation, name: str, slug: str, charter: Mapping[str, Any],
    owners: Iterable[Organisation] = (), purpose: str = "", answer_days: int = 14,
) -> Committee:  # fmt: skip
    """Set up a committee that `organisation` keeps the record of; `owners` are those who set it up with it."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.create_committee", organisation)
        owners = {organisation.pk: organisation} | {owner.pk: owner for owner in owners}
        for owner in owners.values():
            require(actor, "people.view_organisation", owner)
        committee = Committee(
            name=name.strip(), slug=slug, purpose=purpose, organisation=organisation, charter=_checked(charter), answer_days=answer_days,
            created_at=now,
        )  # fmt: skip
        committee.full_clean()
        committee.save()
        committee.owners.set(owners.values())
        work.record(
            "committees.committee_created", committee, organisation=organisation.pk, owners=sorted(owners), charter=committee.charter,
            details={"name": committee.name},
        )  # fmt: skip
    return committee


@service("committees.set_charter")
def set_charter(*, actor: Actor, now: datetime, committee: Committee, charter: Mapping[str, Any], answer_days: int) -> Committee:
    """Make a new version of the charter. A vote is decided by the version that stands when it closes, and keeps it."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.manage_committee", committee)
        committee = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
        checked = _checked(charter)
        if (committee.charter, committee.answer_days) == (checked, answer_days):
            work.nothing_happened()
            return committee
        if committee.items.filter(state="voting").exists():
            raise ValidationError({"charter": _("A vote is open. The rules of a vote are not changed while it runs: close it first.")})
        committee.charter, committee.answer_days = checked, answer_days
        committee.charter_version += 1
        committee.full_clean()
        committee.save(update_fields=["charter", "answer_days", "charter_version"])
        work.record(
            "committees.charter_set", committee, organisation=committee.organisation_id, version=committee.charter_version, charter=checked,
            answer_days=answer_days,
        )  # fmt: skip
    return committee


@service("committees.fill_seat")
def fill_seat(*, actor: Actor, now: datetime, committee: Committee, membership: Membership, stakeholder_group: str) -> Seat:
    """Give a member a seat for a stakeholder group. One seat a person, whatever roles the person has."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.manage_committee", committee)
        require(actor, "people.view_membership", membership)
        if not membership.in_force(now):
            raise ValidationError({"membership": _("That role has ended.")})
        if committee.seats.filter(in_force(now), membership__person_id=membership.person_id).exists():
            raise ValidationError({"membership": _("%(name)s has a seat already.") % {"name": membership.person.shown_name}})
        seat = Seat(committee=committee, membership=membership, stakeholder_group=stakeholder_group, valid_from=now)
        seat.full_clean()
        seat.save()
        work.record("committees.seat_filled", seat, organisation=committee.organisation_id, group=seat.stakeholder_group)
    return seat


@service("committees.end_seat")
def end_seat(*, actor: Actor, now: datetime, seat: Seat) -> Seat:
    """End a seat now. It keeps its part in meetings that began before."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.end_seat", seat)
        if seat.valid_until is not None and seat.valid_until <= now:
            work.nothing_happened()
            return seat
        seat.valid_until = now
        seat.save(update_fields=["valid_until"])
        work.record("committees.seat_ended", seat, organisation=seat.committee.organisation_id, group=seat.stakeholder_group)
    return seat
