"""Voting power: how often a seat can turn the outcome, exactly, in integers and fractions.

With n voters who each say yes or no, a swing for voter i is a coalition S without i that loses while S + i wins.

- Banzhaf, absolute: swings / 2^(n-1); normalised: swings / sum of all swings. Banzhaf (1965), Rutgers Law Review 19;
  Penrose (1946), Journal of the Royal Statistical Society 109.
- Shapley-Shubik: sum over swings S of |S|! (n-1-|S|)! / n!. Shapley and Shubik (1954), American Political Science
  Review 48.
- Coleman: to act = winning / 2^n; to prevent = swings / winning; to initiate = swings / losing. Coleman (1971),
  "Control of collectivities and the power of a collectivity to act".

All of them follow from one table: swings by size of S. For weighted games it is counted by dynamic programming over
weights, after the generating functions of Mann and Shapley (1962), RAND RM-3158, and Brams and Affuso (1976), Theory
and Decision 7; for a committee, over groups, since seats of one group are interchangeable.

The figures describe a rule, not people: every combination of votes is taken as equally likely, quorum and abstention
are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import comb, factorial
from types import MappingProxyType

from trygg.engines.deliberation.charter import Charter
from trygg.engines.deliberation.rules import Committee, Rule, Seat, Standing, add_marks


@dataclass(frozen=True, slots=True)
class Power:
    """One voter's indices. All 0 for a voter who can never turn the outcome."""

    swings: int
    banzhaf: Fraction
    banzhaf_normalised: Fraction
    shapley_shubik: Fraction
    prevent: Fraction
    initiate: Fraction


NO_POWER = Power(0, *[Fraction(0)] * 5)


@dataclass(frozen=True, slots=True)
class PowerTable:
    """Indices of all voters, in the order of the weights; `act` is Coleman's power of the whole to act."""

    act: Fraction
    voters: tuple[Power, ...]


@dataclass(frozen=True, slots=True)
class WeightedGame:
    """A coalition wins when its weight is at least the quota."""

    quota: int
    weights: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", tuple(self.weights))
        if not all(type(number) is int for number in (self.quota, *self.weights)):
            raise TypeError("Weights and quota must be whole numbers; multiply fractions up first.")
        if self.quota < 1 or any(weight < 0 for weight in self.weights):
            raise ValueError("The quota must be at least 1 and no weight below 0.")


@lru_cache(maxsize=128)
def weighted_power(game: WeightedGame) -> PowerTable:
    """Powers in a weighted game, O(n^2 W) big-integer steps for n voters and W = quota.

    F[s][x] counts coalitions of size s and weight x. Without voter i: G[s][x] = F[s][x] - G[s-1][x - w_i]. The swings
    of i by size are the sums of G[s][x] over quota - w_i <= x < quota. A game that nobody can win gives all zeros.
    """
    n, quota = len(game.weights), game.quota
    counts = _coalitions_below(quota, game.weights)
    winning = 2**n - sum(map(sum, counts))
    swings_of = {weight: _swings_of_weight(counts, quota, weight) for weight in set(game.weights)}
    sizes = [swings_of[weight] for weight in game.weights]
    total = sum(map(sum, sizes))
    voters = tuple(_indices(by_size, n, winning, total) for by_size in sizes)
    return PowerTable(act=Fraction(winning, 2**n), voters=voters)


@dataclass(frozen=True, slots=True)
class GroupPower:
    """One group's say. Shares are sums over its seats, each voting as it likes; a group voting as one is another game.

    `seat_share` is out of all seats. `of_one_seat` holds the indices of one voting seat of the group, or zeros when it
    has none.
    """

    seats: int
    voting: int
    seat_share: Fraction
    banzhaf_share: Fraction
    shapley_shubik_share: Fraction
    of_one_seat: Power


@dataclass(frozen=True, slots=True)
class GroupPowers:
    """Powers by group. `voting` seats took part; `act` is Coleman's power of the committee to act.

    With `act` 0 nothing can pass (for instance consensus of nobody, or too many recusals for the base): shares are 0.
    """

    voting: int
    act: Fraction
    groups: Mapping[str, GroupPower]


def power_on_paper(charter: Charter, seats: Sequence[Seat]) -> GroupPowers:
    """Each group's power under the rule when every seat votes: the figure to show when a rule is chosen."""
    every_seat = [Seat(seat.id, seat.group) for seat in seats]
    return power_as_voted(charter, every_seat)


def power_as_voted(charter: Charter, seats: Sequence[Seat]) -> GroupPowers:
    """Each group's power among the seats that were present and not recused, against the base which that leaves."""
    committee = Committee.of(seats)
    charter.rule.check(committee)
    voting = Counter(seat.group for seat in seats if seat.may_vote)
    rows = tuple((g, committee.seats_of[g], committee.eligible_of[g], voting[g]) for g in committee.seats_of)
    return _committee_power(charter.rule, rows)


# --- committees ------------------------------------------------------------------------------------------------------

State = tuple[int, tuple[int, ...]]  # yes votes, summed marks


@lru_cache(maxsize=512)
def _committee_power(rule: Rule, rows: tuple[tuple[str, int, int, int], ...]) -> GroupPowers:
    """`rows`: (group, seats, eligible, voting). Cached by value, that is per version of rule and seating.

    A rule sees yes votes and summed marks only, so coalitions are counted by those: a convolution over groups, each
    vector of counts weighing a product of binomials.
    """
    committee = Committee({g: seats for g, seats, _, _ in rows}, {g: eligible for g, _, eligible, _ in rows})
    n = sum(voting for *_, voting in rows)
    known: dict[State, bool] = {}

    def wins(state: State) -> bool:
        if state not in known:
            standing = Standing(yes=state[0], no=n - state[0], withheld=0, marks=state[1])
            known[state] = all(reason.met for reason in rule.reasons(standing, committee))
        return known[state]

    winning = sum(count for state, count in _coalitions(rule, rows).items() if wins(state))
    sizes: dict[str, list[int]] = {}
    for row in rows:
        group, _, _, voting = row
        sizes[group] = [0] * n
        if voting:
            others = _coalitions(rule, tuple(other for other in rows if other is not row))
            for size, ways in _swings(rule, group, voting, others, wins):
                sizes[group][size] += ways

    total = sum(voting * sum(sizes[group]) for group, _, _, voting in rows)
    groups = {}
    for group, seats, _, voting in rows:
        one = _indices(sizes[group], n, winning, total) if voting else NO_POWER
        groups[group] = GroupPower(
            seats=seats,
            voting=voting,
            seat_share=Fraction(seats, committee.seats),
            banzhaf_share=voting * one.banzhaf_normalised,
            shapley_shubik_share=voting * one.shapley_shubik,
            of_one_seat=one,
        )
    return GroupPowers(voting=n, act=Fraction(winning, 2**n), groups=MappingProxyType(groups))


def _coalitions(rule: Rule, rows: Sequence[tuple[str, int, int, int]]) -> Counter[State]:
    """How many coalitions of the voting seats in these groups give each (yes votes, summed marks)."""
    nothing = rule.mark("", 0, 0)
    states: Counter[State] = Counter({(0, nothing): 1})
    for group, _, _, voting in rows:
        grown: Counter[State] = Counter()
        for yes in range(voting + 1):
            mark, ways = rule.mark(group, yes, voting - yes), comb(voting, yes)
            for (yes_before, marks), count in states.items():
                grown[yes_before + yes, add_marks((marks, mark))] += count * ways
        states = grown
    return states


def _swings(
    rule: Rule, group: str, voting: int, others: Counter[State], wins: Callable[[State], bool]
) -> Iterator[tuple[int, int]]:
    """(size of S, number of S) where one seat of the group turns S from losing to winning."""
    marks = [rule.mark(group, yes, voting - yes) for yes in range(voting + 1)]
    for fellows, (without, with_seat) in enumerate(pairwise(marks)):
        ways = comb(voting - 1, fellows)
        for (yes, mark), count in others.items():
            size = yes + fellows
            if wins((size + 1, add_marks((mark, with_seat)))) and not wins((size, add_marks((mark, without)))):
                yield size, count * ways


# --- weighted games --------------------------------------------------------------------------------------------------


def _coalitions_below(quota: int, weights: Sequence[int]) -> list[list[int]]:
    """counts[s][x]: coalitions of size s and weight x < quota; those are the losing ones."""
    counts = [[0] * quota for _ in range(len(weights) + 1)]
    counts[0][0] = 1
    for voters, weight in enumerate(weights, start=1):
        for size in range(voters, 0, -1):
            row, smaller = counts[size], counts[size - 1]
            for x in range(weight, quota):
                row[x] += smaller[x - weight]
    return counts


def _swings_of_weight(counts: Sequence[Sequence[int]], quota: int, weight: int) -> list[int]:
    """Swings by size of S for a voter of this weight, taking that voter out of the counts."""
    without = [0] * quota
    swings = []
    for row in counts[:-1]:
        # G[s][x] = F[s][x] - G[s-1][x-w], and nothing lies below weight 0.
        head = row[:weight]
        tail = [total - smaller for total, smaller in zip(row[weight:], without, strict=False)]
        without = [*head, *tail]
        swings.append(sum(without[max(0, quota - weight) :]))
    return swings


# --- indices ---------------------------------------------------------------------------------------------------------


def _indices(swings_by_size: Sequence[int], n: int, winning: int, total_swings: int) -> Power:
    swings = sum(swings_by_size)
    if not swings:
        return NO_POWER
    orders = sum(count * factorial(size) * factorial(n - 1 - size) for size, count in enumerate(swings_by_size))
    return Power(
        swings=swings,
        banzhaf=Fraction(swings, 2 ** (n - 1)),
        banzhaf_normalised=Fraction(swings, total_swings),
        shapley_shubik=Fraction(orders, factorial(n)),
        prevent=Fraction(swings, winning),
        initiate=Fraction(swings, 2**n - winning),
    )
