"""Votes: on one proposal, cast outside the ledger, counted under the charter and recorded once, by a salted hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.committees import charter as charters
from trygg.apps.committees import waiting, words
from trygg.apps.committees.models import AdviceKind, Condition, Item, Vote
from trygg.apps.committees.results import SUPPORTING, result, sealed_hash
from trygg.apps.committees.services.opinions import Quiet
from trygg.apps.committees.services.shared import at_state, locked, own_standing
from trygg.apps.committees.standing import standings
from trygg.engines.deliberation import RuleError
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import recorded_later, service, unit_of_work
from trygg.kernel.people.models import Membership
from trygg.spine.meetings.models import Meeting

State = Item.State


@dataclass(frozen=True)
class ConditionText:
    """A condition as it is proposed: its text by language ({"sv": ...}), who shows that it is met, and by when."""

    text: dict[str, str]
    owner: Membership | None = None
    due_on: date | None = None


@service("committees.open_voting")
def open_voting(
    *, actor: Actor, now: datetime, item: Item, kind: str, proposal: str, conditions: Sequence[ConditionText] = ()
) -> Item:  # fmt: skip
    """Put a proposal to the vote: which advice, in which words, on which conditions. The meeting is open and attendance noted."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        at_state(item, State.DISCUSSION)
        _check_proposal(kind, proposal, conditions)
        for condition in conditions:
            if condition.owner is not None:
                require(actor, "people.view_membership", condition.owner)
        roll = standings(item)
        voters = [standing.seat for standing in roll if standing.present is True and not standing.outside]
        if item.meeting.state != Meeting.State.OPEN:
            raise ValidationError(_("Open the meeting first. A vote is held while the committee meets."))
        if not voters:
            raise ValidationError(_("Nobody is noted as present. Note who is there first."))
        impossible = charters.problem(charters.load(item.committee.charter), [s.seat.stakeholder_group for s in roll])
        if impossible:
            raise ValidationError(words.rule_error(impossible))
        item.state, item.voting_opened_at = State.VOTING, now
        item.proposal_kind, item.proposal = kind, proposal.strip()
        item.save(update_fields=["state", "voting_opened_at", "proposal_kind", "proposal"])
        for number, condition in enumerate(conditions, start=1):
            text = {language: said.strip() for language, said in condition.text.items() if said.strip()}
            Condition.objects.create(item=item, number=number, text=text, owner=condition.owner, due_on=condition.due_on)
        waiting.ask_seats(work, waiting.CAST_VOTE, item, voters, now)
        waiting.ask_secretary(work, waiting.CLOSE_VOTING, item, now)
        work.record(
            "committees.voting_opened", item, organisation=item.committee.organisation_id, kind=kind, conditions=len(conditions),
            charter_version=item.committee.charter_version, details={"proposal": item.proposal},
        )  # fmt: skip
    return item


def _check_proposal(kind: str, proposal: str, conditions: Sequence[ConditionText]) -> None:
    if kind not in AdviceKind.values:
        raise ValidationError({"kind": _("Choose which advice is proposed.")})
    if not proposal.strip():
        raise ValidationError({"proposal": _("Write the proposal that the members vote on.")})
    if any(not any(said.strip() for said in condition.text.values()) for condition in conditions):
        raise ValidationError({"conditions": _("A condition has no text.")})
    if kind == AdviceKind.WITH_CONDITIONS and not conditions:
        raise ValidationError({"conditions": _("Support with conditions needs at least one condition.")})
    if kind != AdviceKind.WITH_CONDITIONS and conditions:
        raise ValidationError({"conditions": _("Only support with conditions has conditions. Choose it, or take them out.")})


@service("committees.cast_vote")
def cast_vote(*, actor: Actor, now: datetime, item: Item, ballot: str) -> Vote:
    """Vote, or change one's vote before it closes. One a seat, however often it is sent."""
    with recorded_later():
        require(actor, "committees.take_part", item)
        item = locked(item)
        at_state(item, State.VOTING)
        mine = own_standing(actor, item, standings(item))
        if mine.present is not True:
            raise ValidationError(_("You are not noted as present. Ask the secretary to note it, then vote."))
        if ballot not in Vote.Ballot.values:
            raise ValidationError({"ballot": _("Choose yes, no or abstain.")})
        vote = Vote.objects.filter(item=item, seat=mine.seat).first() or Vote(item=item, seat=mine.seat)
        vote.ballot, vote.cast_at = ballot, now
        vote.full_clean()
        vote.save()
        waiting.release_seats(Quiet(actor), waiting.CAST_VOTE, item, [mine.seat], now)
    return vote


@service("committees.close_voting")
def close_voting(*, actor: Actor, now: datetime, item: Item) -> Item:
    """Close the vote: it is counted under the charter, and recorded once. Votes of those recused since are left out."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        if item.state == State.COUNTED:
            work.nothing_happened()
            return item
        at_state(item, State.VOTING)
        roll = standings(item)
        voters = {standing.seat.pk for standing in roll if standing.present is True and not standing.outside}
        item.votes.exclude(seat__in=voters).delete()
        votes = dict(item.votes.values_list("seat_id", "ballot"))
        if not votes:
            raise ValidationError(_("Nobody has voted yet."))
        opinions = dict(item.opinions.values_list("seat_id", "opinion"))
        try:
            found = result(charters.load(item.committee.charter), roll, votes, opinions, item.proposal_kind in SUPPORTING)
        except RuleError as error:
            raise ValidationError(words.rule_error(error)) from error
        item.state, item.voting_closed_at = State.COUNTED, now
        item.votes_hash = sealed_hash(item, "votes", votes)
        item.result = {**found, "charter_version": item.committee.charter_version}
        item.save(update_fields=["state", "voting_closed_at", "votes_hash", "result"])
        waiting.release_seats(work, waiting.CAST_VOTE, item, [standing.seat for standing in roll], now)
        waiting.release_secretary(work, waiting.CLOSE_VOTING, item, now)
        waiting.ask_secretary(work, waiting.WRITE_ADVICE, item, now)
        people = [standing.seat.membership.person_id for standing in roll if not standing.outside]
        waiting.tell(work, "committees.voting_closed", item, people, now)
        work.record(
            "committees.voting_closed", item, organisation=item.committee.organisation_id, **found["tally"], passed=found["passed"],
            quorum=found["quorum"]["met"], hash=item.votes_hash,
        )  # fmt: skip
    return item


@service("committees.take_new_proposal")
def take_new_proposal(*, actor: Actor, now: datetime, item: Item) -> Item:
    """Go back to the discussion after a proposal fell, so that another one can be voted on. The fallen one stays in the record."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        at_state(item, State.COUNTED)
        if item.result["carried"]:
            raise ValidationError(_("The proposal was carried, so the advice is written on it."))
        item.fallen = [
            *item.fallen,
            {"kind": item.proposal_kind, "proposal": item.proposal, "conditions": [c.text for c in item.conditions.all()],
             "tally": item.result["tally"], "hash": item.votes_hash, "closed_at": item.voting_closed_at.isoformat()},
        ]  # fmt: skip
        item.votes.all().delete()
        item.conditions.all().delete()
        item.dissents.all().delete()
        item.state, item.proposal_kind, item.proposal, item.result, item.votes_hash = State.DISCUSSION, "", "", {}, ""
        item.voting_opened_at = item.voting_closed_at = None
        item.save()
        waiting.release_secretary(work, waiting.WRITE_ADVICE, item, now)
        work.record("committees.proposal_fell", item, organisation=item.committee.organisation_id, fallen=len(item.fallen))
    return item
