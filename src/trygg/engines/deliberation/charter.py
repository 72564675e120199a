"""One vote of a committee under its charter: quorum, tally, outcome with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil

from trygg.engines.deliberation.rules import (
    Base,
    Committee,
    Params,
    Reason,
    ReasonCode,
    Rule,
    RuleError,
    RuleErrorCode,
    Seat,
    SimpleMajority,
    Standing,
    add_marks,
    exact_share,
    needed_of,
    refuse_cast,
    share_params,
    unique_names,
)


class Ballot(StrEnum):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Presence:
    """So many voting seats of these groups, taken together, must be present: `at_least`, or if more, a share of theirs.

    Recusal does not lift it: when the only youth seat is recused, a quorum that needs a youth seat is not met.
    """

    groups: tuple[str, ...]
    at_least: int = 1
    share: Fraction | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", unique_names(self.groups))
        if not self.groups:
            raise RuleError(RuleErrorCode.NO_GROUP_NAMED, "A need of presence must name at least one group.")
        if self.at_least < 1:
            raise RuleError(
                RuleErrorCode.COUNT_OUT_OF_RANGE,
                f"The presence of {self.at_least} seats asks for nothing; give 1 or more.",
                count=self.at_least,
            )
        if self.share is not None:
            object.__setattr__(self, "share", exact_share(self.share))


@dataclass(frozen=True, slots=True)
class Quorum:
    """Present and not recused >= ceil(share * |base|), or > share * |base| with `more_than`; and the presence needs.

    The default is a majority of the eligible seats. At least one seat is always needed.
    """

    share: Fraction = Fraction(1, 2)
    more_than: bool = True
    base: Base = Base.ELIGIBLE
    presence: tuple[Presence, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", exact_share(self.share))
        object.__setattr__(self, "presence", tuple(self.presence))
        refuse_cast(self.base, "A quorum")
        if self.more_than and self.share == 1:
            raise RuleError(
                RuleErrorCode.SHARE_OUT_OF_RANGE, "A quorum of more than all seats can never be met.", share="1"
            )


@dataclass(frozen=True, slots=True)
class Charter:
    """The part of a committee's charter that decides votes. Hashable: it is the rule version."""

    quorum: Quorum = field(default_factory=Quorum)
    rule: Rule = field(default_factory=SimpleMajority)


# --- one vote --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """`silent`: present, eligible, and no ballot given."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class GroupTally:
    """One group's seats and votes. `agrees`: more yes than no among them."""

    seats: int
    eligible: int
    present: int
    tally: Tally
    agrees: bool


@dataclass(frozen=True, slots=True)
class QuorumResult:
    """`present` counts seats that are present and not recused; `base` is stored so that it can be checked later."""

    met: bool
    present: int
    needed: int
    base: int
    base_of: Base


@dataclass(frozen=True, slots=True)
class Outcome:
    """A vote under a charter.

    `carried`: the decision rule is met. `passed`: carried with a quorum; carried without one is preliminary advice.
    `base`: the number the rule measured against (`base_of` says of what). `reasons`: every test made, met or not.
    """

    passed: bool
    carried: bool
    quorum: QuorumResult
    base: int
    base_of: Base
    tally: Tally
    groups: Mapping[str, GroupTally]
    reasons: tuple[Reason, ...]


def evaluate(charter: Charter, seats: Sequence[Seat], votes: Mapping[str, Ballot]) -> Outcome:
    """Decide a vote. `votes` maps seat id to ballot; a present seat without one is silent.

    Raises RuleError when seats share an id, when a ballot is none of the three or comes from an unknown, recused or
    absent seat, or when the charter names a group that has no seat or asks for more seats than there are.
    """
    _check_votes(seats, votes)
    committee = Committee.of(seats)
    charter.rule.check(committee)
    groups = {group: _group_tally([s for s in seats if s.group == group], votes) for group in committee.seats_of}
    tally = _count(seats, votes)
    marks = add_marks(charter.rule.mark(name, g.tally.yes, g.tally.no) for name, g in groups.items())
    standing = Standing(tally.yes, tally.no, tally.abstain + tally.silent, marks)

    quorum, quorum_reasons = _quorum(charter.quorum, committee, groups)
    rule_reasons = charter.rule.reasons(standing, committee)
    carried = all(reason.met for reason in rule_reasons)
    return Outcome(
        passed=carried and quorum.met,
        carried=carried,
        quorum=quorum,
        base=standing.base(charter.rule.base, committee),
        base_of=charter.rule.base,
        tally=tally,
        groups=groups,
        reasons=(*quorum_reasons, *rule_reasons),
    )


def decisive_seats(charter: Charter, seats: Sequence[Seat], votes: Mapping[str, Ballot]) -> tuple[str, ...]:
    """Ids of the seats that could have turned the outcome alone, by voting no instead of yes or yes instead of no."""
    passed = evaluate(charter, seats, votes).passed
    opposite = {Ballot.YES: Ballot.NO, Ballot.NO: Ballot.YES}
    return tuple(
        seat.id
        for seat in seats
        if (ballot := votes.get(seat.id)) in opposite
        and evaluate(charter, seats, {**votes, seat.id: opposite[ballot]}).passed != passed
    )


# --- inner -----------------------------------------------------------------------------------------------------------


def _check_votes(seats: Sequence[Seat], votes: Mapping[str, Ballot]) -> None:
    by_id: dict[str, Seat] = {}
    for seat in seats:
        if seat.id in by_id:
            raise RuleError(RuleErrorCode.DUPLICATE_SEAT, f"Two seats have the id {seat.id!r}.", seat=seat.id)
        by_id[seat.id] = seat
    for seat_id, ballot in votes.items():
        if seat_id not in by_id:
            raise RuleError(
                RuleErrorCode.UNKNOWN_SEAT, f"A ballot came from {seat_id!r}, which is no seat here.", seat=seat_id
            )
        if ballot not in list(Ballot):
            raise RuleError(
                RuleErrorCode.UNKNOWN_BALLOT,
                f"Seat {seat_id!r} voted {ballot!r}; a ballot is yes, no or abstain.",
                seat=seat_id,
                ballot=repr(ballot),
            )
        if by_id[seat_id].recused:
            raise RuleError(RuleErrorCode.RECUSED_VOTE, f"Seat {seat_id!r} is recused and cannot vote.", seat=seat_id)
        if not by_id[seat_id].present:
            raise RuleError(
                RuleErrorCode.ABSENT_VOTE, f"Seat {seat_id!r} is not present and cannot vote.", seat=seat_id
            )


def _count(seats: Iterable[Seat], votes: Mapping[str, Ballot]) -> Tally:
    ballots = [votes.get(seat.id) for seat in seats if seat.may_vote]
    return Tally(
        yes=ballots.count(Ballot.YES),
        no=ballots.count(Ballot.NO),
        abstain=ballots.count(Ballot.ABSTAIN),
        silent=ballots.count(None),
    )


def _group_tally(seats: Sequence[Seat], votes: Mapping[str, Ballot]) -> GroupTally:
    tally = _count(seats, votes)
    return GroupTally(
        seats=len(seats),
        eligible=sum(seat.eligible for seat in seats),
        present=sum(seat.may_vote for seat in seats),
        tally=tally,
        agrees=tally.yes > tally.no,
    )


def _quorum(
    quorum: Quorum, committee: Committee, groups: Mapping[str, GroupTally]
) -> tuple[QuorumResult, list[Reason]]:
    base = committee.eligible if quorum.base is Base.ELIGIBLE else committee.seats
    needed = needed_of(quorum.share, base, more_than=quorum.more_than)
    present = sum(group.present for group in groups.values())
    params: Params = {
        "present": present,
        "needed": needed,
        **share_params(quorum.share, base, quorum.base, quorum.more_than),
    }
    reasons = [Reason(ReasonCode.QUORUM, present >= needed, params)]
    reasons += [_presence(need, committee, groups) for need in quorum.presence]
    met = all(reason.met for reason in reasons)
    return QuorumResult(met=met, present=present, needed=needed, base=base, base_of=quorum.base), reasons


def _presence(need: Presence, committee: Committee, groups: Mapping[str, GroupTally]) -> Reason:
    committee.require_seats(need.at_least, need.groups)
    present = sum(groups[group].present for group in need.groups)
    eligible = sum(groups[group].eligible for group in need.groups)
    needed = max(need.at_least, ceil(need.share * eligible) if need.share is not None else 0)
    params: Params = {"groups": list(need.groups), "present": present, "needed": needed, "eligible": eligible}
    return Reason(ReasonCode.PRESENCE, present >= needed, params)
