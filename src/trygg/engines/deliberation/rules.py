"""Decision rules of a committee whose seats belong to stakeholder groups.

Notation, after design reference participation-and-committees.md section 5: of n seats, E are eligible (not recused);
y, n, a count yes, no and abstentions among eligible seats that are present. Shares are fractions, never floats: two
thirds of nine is six, and must stay six.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor


class Base(StrEnum):
    """What a share is a share of. ELIGIBLE: a recusal lowers the base. SEATS: it does not. CAST: yes and no votes."""

    ELIGIBLE = "eligible"
    SEATS = "seats"
    CAST = "cast"


class EmptyGroup(StrEnum):
    """How a group whose every seat is recused counts where groups must agree.

    LEFT_OUT: it neither agrees nor is missed; a named group is not asked, and no more groups are needed than are left.
    OBJECTS: it is still needed and cannot agree.
    """

    LEFT_OUT = "left_out"
    OBJECTS = "objects"


class ReasonCode(StrEnum):
    """What a reason tests; the edge words it. Params in brackets."""

    QUORUM = "quorum"  # present, needed, base, base_of, share, more_than
    PRESENCE = "presence"  # groups, present, needed, eligible
    MORE_YES_THAN_NO = "more_yes_than_no"  # yes, no
    ENOUGH_YES = "enough_yes"  # yes, needed, base, base_of, share, more_than
    ENOUGH_GROUPS = "enough_groups"  # agreeing, needed, groups
    GROUP_AGREES = "group_agrees"  # group
    GROUP_LEFT_OUT = "group_left_out"  # group; always met: it says that a protection did not apply
    BLOCK_AGREES = "block_agrees"  # groups, yes, no
    BLOCK_YES = "block_yes"  # groups, yes, needed
    BLOCK_LEFT_OUT = "block_left_out"  # groups; always met, as GROUP_LEFT_OUT
    SOME_YES = "some_yes"  # yes
    FEW_OBJECTIONS = "few_objections"  # objections, allowed, abstention_blocks


class RuleErrorCode(StrEnum):
    SHARE_NOT_EXACT = "share_not_exact"
    SHARE_OUT_OF_RANGE = "share_out_of_range"
    BASE_NOT_ALLOWED = "base_not_allowed"
    NO_GROUP_NAMED = "no_group_named"
    COUNT_OUT_OF_RANGE = "count_out_of_range"
    UNKNOWN_GROUP = "unknown_group"
    TOO_FEW_GROUPS = "too_few_groups"
    TOO_FEW_SEATS = "too_few_seats"
    DUPLICATE_SEAT = "duplicate_seat"
    UNKNOWN_SEAT = "unknown_seat"
    UNKNOWN_BALLOT = "unknown_ballot"
    RECUSED_VOTE = "recused_vote"
    ABSENT_VOTE = "absent_vote"


class RuleError(ValueError):
    """A charter that cannot be, or votes that do not fit the seats. `code` and `params` are for the edge to word."""

    def __init__(self, code: RuleErrorCode, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


Params = dict[str, int | str | bool | list[str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """One test that was made, whether it was met, and its numbers. `params` hold only what JSON can hold."""

    code: ReasonCode
    met: bool
    params: Params


# --- checks of a charter's numbers ----------------------------------------------------------------------------------


def exact_share(share: Fraction | int) -> Fraction:
    if isinstance(share, bool) or not isinstance(share, Fraction | int):
        raise RuleError(
            RuleErrorCode.SHARE_NOT_EXACT,
            f"A share must be a fraction such as Fraction(2, 3), not {share!r}.",
            share=repr(share),
        )
    if not 0 < share <= 1:
        raise RuleError(
            RuleErrorCode.SHARE_OUT_OF_RANGE,
            f"A share must be more than 0 and at most 1, not {share}.",
            share=str(share),
        )
    return Fraction(share)


def unique_names(groups: Iterable[str]) -> tuple[str, ...]:
    """Without repeats; a lone string is refused rather than read as its letters."""
    if isinstance(groups, str):
        raise TypeError(f"Give a tuple of groups, not the text {groups!r}.")
    return tuple(dict.fromkeys(groups))


def refuse_cast(base: Base, what: str) -> None:
    if base is Base.CAST:
        raise RuleError(
            RuleErrorCode.BASE_NOT_ALLOWED,
            f"{what} is measured against eligible seats or all seats, not against votes cast.",
            base=base.value,
        )


# --- who sits ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat at one item. A vacant seat is one that is not present, so that it stays in the base."""

    id: str
    group: str
    present: bool = True
    recused: bool = False

    @property
    def eligible(self) -> bool:
        return not self.recused

    @property
    def may_vote(self) -> bool:
        return self.present and not self.recused


@dataclass(frozen=True, slots=True)
class Committee:
    """Seats and eligible seats by group, in the order in which the groups first appear."""

    seats_of: Mapping[str, int]
    eligible_of: Mapping[str, int]
    seats: int = field(init=False)
    eligible: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seats", sum(self.seats_of.values()))
        object.__setattr__(self, "eligible", sum(self.eligible_of.values()))

    @classmethod
    def of(cls, seats: Iterable[Seat]) -> Committee:
        seats_of: dict[str, int] = {}
        eligible_of: dict[str, int] = {}
        for seat in seats:
            seats_of[seat.group] = seats_of.get(seat.group, 0) + 1
            eligible_of[seat.group] = eligible_of.get(seat.group, 0) + seat.eligible
        return cls(seats_of, eligible_of)

    def require_groups(self, groups: Iterable[str]) -> None:
        """Raise RuleError on a group without any seat: a misspelt name would silently lift a protection."""
        for group in groups:
            if group not in self.seats_of:
                raise RuleError(
                    RuleErrorCode.UNKNOWN_GROUP,
                    f"The charter names the group {group!r}, but no seat on the committee belongs to it.",
                    group=group,
                )

    def require_seats(self, count: int, groups: Iterable[str]) -> None:
        """Raise RuleError when these groups have fewer seats than the charter asks of them."""
        groups = list(groups)
        self.require_groups(groups)
        seats = sum(self.seats_of[group] for group in groups)
        if seats < count:
            raise RuleError(
                RuleErrorCode.TOO_FEW_SEATS,
                f"The charter needs {count} seats of {', '.join(groups)}, which have only {seats}.",
                needed=count,
                seats=seats,
                groups=groups,
            )

    def open_groups(self) -> int:
        return sum(eligible > 0 for eligible in self.eligible_of.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a vote stands as a whole: totals, and the sum over groups of what the rule marked in each."""

    yes: int
    no: int
    withheld: int
    marks: tuple[int, ...] = ()

    def base(self, of: Base, committee: Committee) -> int:
        return {Base.CAST: self.yes + self.no, Base.ELIGIBLE: committee.eligible, Base.SEATS: committee.seats}[of]


# --- decision rules --------------------------------------------------------------------------------------------------
# A rule is `mark(group, yes, no)`, a tuple that is added up over the groups, and `reasons(standing, committee)`, which
# sees only the sums. A vote is carried when every reason is met. Because nothing else is looked at, `power` can count
# coalitions over sums instead of over single seats, with the very code that decides real votes.


@dataclass(frozen=True, slots=True)
class SimpleMajority:
    """y > n; a tie does not carry."""

    base: Base = field(default=Base.CAST, init=False)

    def mark(self, group: str, yes: int, no: int) -> tuple[int, ...]:
        return ()

    def check(self, committee: Committee) -> None:
        pass

    def reasons(self, standing: Standing, committee: Committee) -> list[Reason]:
        met = standing.yes > standing.no
        return [Reason(ReasonCode.MORE_YES_THAN_NO, met, {"yes": standing.yes, "no": standing.no})]


@dataclass(frozen=True, slots=True)
class AbsoluteMajority:
    """y > |base| / 2, the base being eligible seats or all seats. Absence and abstention work as no."""

    base: Base = Base.ELIGIBLE

    def __post_init__(self) -> None:
        refuse_cast(self.base, "An absolute majority")

    def mark(self, group: str, yes: int, no: int) -> tuple[int, ...]:
        return ()

    def check(self, committee: Committee) -> None:
        pass

    def reasons(self, standing: Standing, committee: Committee) -> list[Reason]:
        return [_enough_yes(standing, committee, Fraction(1, 2), self.base, more_than=True)]


@dataclass(frozen=True, slots=True)
class QualifiedMajority:
    """y >= ceil(share * |base|), and at least one yes."""

    share: Fraction
    base: Base = Base.ELIGIBLE

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", exact_share(self.share))

    def mark(self, group: str, yes: int, no: int) -> tuple[int, ...]:
        return ()

    def check(self, committee: Committee) -> None:
        pass

    def reasons(self, standing: Standing, committee: Committee) -> list[Reason]:
        return [_enough_yes(standing, committee, self.share, self.base, more_than=False)]


Majority = SimpleMajority | AbsoluteMajority | QualifiedMajority


@dataclass(frozen=True, slots=True)
class DoubleMajority:
    """A majority overall and, counted group by group (y_g > n_g), in enough groups, in every named group, or both."""

    groups_needed: int = 0
    named: tuple[str, ...] = ()
    overall: Majority = SimpleMajority()
    empty_group: EmptyGroup = EmptyGroup.LEFT_OUT

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", unique_names(self.named))
        if self.groups_needed < 0:
            raise RuleError(
                RuleErrorCode.COUNT_OUT_OF_RANGE,
                f"A double majority cannot need {self.groups_needed} groups.",
                count=self.groups_needed,
            )
        if not self.groups_needed and not self.named:
            raise RuleError(
                RuleErrorCode.NO_GROUP_NAMED,
                "A double majority must say how many groups have to agree, or which.",
            )

    @property
    def base(self) -> Base:
        return self.overall.base

    def mark(self, group: str, yes: int, no: int) -> tuple[int, ...]:
        agrees = int(yes > no)
        return (agrees, *(agrees if group == name else 0 for name in self.named))

    def check(self, committee: Committee) -> None:
        committee.require_groups(self.named)
        if self.groups_needed > len(committee.seats_of):
            raise RuleError(
                RuleErrorCode.TOO_FEW_GROUPS,
                f"The rule needs {self.groups_needed} groups to agree, but the committee has only "
                f"{len(committee.seats_of)}.",
                needed=self.groups_needed,
                groups=len(committee.seats_of),
            )

    def reasons(self, standing: Standing, committee: Committee) -> list[Reason]:
        reasons = self.overall.reasons(standing, committee)
        agreeing, *named_agree = standing.marks
        leave_out = self.empty_group is EmptyGroup.LEFT_OUT
        if self.groups_needed:
            groups = committee.open_groups() if leave_out else len(committee.seats_of)
            needed = min(self.groups_needed, groups)
            params: Params = {"agreeing": agreeing, "needed": needed, "groups": groups}
            reasons.append(Reason(ReasonCode.ENOUGH_GROUPS, agreeing >= needed, params))
        for name, agrees in zip(self.named, named_agree, strict=True):
            if leave_out and not committee.eligible_of[name]:
                reasons.append(Reason(ReasonCode.GROUP_LEFT_OUT, True, {"group": name}))
            else:
                reasons.append(Reason(ReasonCode.GROUP_AGREES, bool(agrees), {"group": name}))
        return reasons


@dataclass(frozen=True, slots=True)
class BlockConsent:
    """A majority overall and the consent of some groups taken together, e.g. children, parents and civil society.

    `at_least` yes votes in the block; without it, more yes than no in the block.
    """

    groups: tuple[str, ...]
    at_least: int | None = None
    overall: Majority = SimpleMajority()
    empty_group: EmptyGroup = EmptyGroup.LEFT_OUT

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", unique_names(self.groups))
        if not self.groups:
            raise RuleError(RuleErrorCode.NO_GROUP_NAMED, "The rule must name the groups whose consent it needs.")
        if self.at_least is not None and self.at_least < 1:
            raise RuleError(
                RuleErrorCode.COUNT_OUT_OF_RANGE,
                f"The consent of {self.at_least} seats asks for nothing; give 1 or more.",
                count=self.at_least,
            )

    @property
    def base(self) -> Base:
        return self.overall.base

    def mark(self, group: str, yes: int, no: int) -> tuple[int, ...]:
        return (yes, no) if group in self.groups else (0, 0)

    def check(self, committee: Committee) -> None:
        committee.require_seats(self.at_least or 1, self.groups)

    def reasons(self, standing: Standing, committee: Committee) -> list[Reason]:
        reasons = self.overall.reasons(standing, committee)
        yes, no = standing.marks
        groups = list(self.groups)
        eligible = sum(committee.eligible_of[group] for group in groups)
        if not eligible and self.empty_group is EmptyGroup.LEFT_OUT:
            reasons.append(Reason(ReasonCode.BLOCK_LEFT_OUT, True, {"groups": groups}))
        elif self.at_least is None:
            reasons.append(Reason(ReasonCode.BLOCK_AGREES, yes > no, {"groups": groups, "yes": yes, "no": no}))
        else:
            params: Params = {"groups": groups, "yes": yes, "needed": self.at_least}
            reasons.append(Reason(ReasonCode.BLOCK_YES, yes >= self.at_least, params))
        return reasons


@dataclass(frozen=True, slots=True)
class Consensus:
    """At least one yes, and no more objections than allowed: n = 0, or n <= 1 for consensus minus one.

    Where an abstention blocks, it counts as an objection, and so does a present seat that gave no ballot.
    """

    objections_allowed: int = 0
    abstention_blocks: bool = False
    base: Base = field(default=Base.CAST, init=False)

    def __post_init__(self) -> None:
        if self.objections_allowed < 0:
            raise RuleError(
                RuleErrorCode.COUNT_OUT_OF_RANGE,
                f"Consensus cannot allow {self.objections_allowed} objections.",
                count=self.objections_allowed,
            )

    def mark(self, group: str, yes: int, no: int) -> tuple[int, ...]:
        return ()

    def check(self, committee: Committee) -> None:
        pass

    def reasons(self, standing: Standing, committee: Committee) -> list[Reason]:
        objections = standing.no + (standing.withheld if self.abstention_blocks else 0)
        params: Params = {
            "objections": objections,
            "allowed": self.objections_allowed,
            "abstention_blocks": self.abstention_blocks,
        }
        return [
            Reason(ReasonCode.SOME_YES, standing.yes >= 1, {"yes": standing.yes}),
            Reason(ReasonCode.FEW_OBJECTIONS, objections <= self.objections_allowed, params),
        ]


def consensus_minus_one(*, abstention_blocks: bool = False) -> Consensus:
    return Consensus(objections_allowed=1, abstention_blocks=abstention_blocks)


Rule = Majority | DoubleMajority | BlockConsent | Consensus


def add_marks(marks: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*marks, strict=True)))


def _enough_yes(standing: Standing, committee: Committee, share: Fraction, of: Base, *, more_than: bool) -> Reason:
    base = standing.base(of, committee)
    needed = needed_of(share, base, more_than=more_than)
    params: Params = {"yes": standing.yes, "needed": needed, **share_params(share, base, of, more_than)}
    return Reason(ReasonCode.ENOUGH_YES, standing.yes >= needed, params)


def share_params(share: Fraction, base: int, of: Base, more_than: bool) -> Params:
    return {"base": base, "base_of": of.value, "share": str(share), "more_than": more_than}


def needed_of(share: Fraction, base: int, *, more_than: bool) -> int:
    """At least one, so that nothing is decided, and nobody is quorate, in an empty room."""
    return max(1, floor(share * base) + 1 if more_than else ceil(share * base))
