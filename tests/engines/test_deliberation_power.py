"""Power indices against published values, against brute force, and against their own axioms."""

from fractions import Fraction
from itertools import combinations
from math import factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trygg.engines.deliberation import (
    AbsoluteMajority,
    Ballot,
    Base,
    BlockConsent,
    Charter,
    Consensus,
    DoubleMajority,
    EmptyGroup,
    QualifiedMajority,
    Seat,
    SimpleMajority,
    WeightedGame,
    consensus_minus_one,
    evaluate,
    power_as_voted,
    power_on_paper,
    weighted_power,
)


def seats(**sizes):
    return [Seat(f"{group}-{place}", group) for group, size in sizes.items() for place in range(size)]


def recuse(committee, *ids):
    return [Seat(seat.id, seat.group, seat.present, seat.id in ids) for seat in committee]


def brute_force(voters, wins):
    """(winning coalitions, swings of each voter, Shapley-Shubik of each voter) by trying every coalition."""
    n = len(voters)
    winning, swings, shapley = 0, dict.fromkeys(voters, 0), dict.fromkeys(voters, Fraction(0))
    for size in range(n + 1):
        for chosen in map(frozenset, combinations(voters, size)):
            if wins(chosen):
                winning += 1
                continue
            for voter in voters:
                if voter not in chosen and wins(chosen | {voter}):
                    swings[voter] += 1
                    shapley[voter] += Fraction(factorial(size) * factorial(n - 1 - size), factorial(n))
    return winning, swings, shapley


# Published values


def test_the_european_economic_community_of_1958():
    table = weighted_power(WeightedGame(12, (4, 4, 4, 2, 2, 1)))
    assert [voter.swings for voter in table.voters] == [10, 10, 10, 6, 6, 0]
    assert [voter.banzhaf_normalised for voter in table.voters] == [Fraction(n, 42) for n in (10, 10, 10, 6, 6, 0)]
    expected = [Fraction(7, 30)] * 3 + [Fraction(3, 20)] * 2 + [Fraction(0)]
    assert [voter.shapley_shubik for voter in table.voters] == expected


def test_coleman_of_three_equal_voters():
    table = weighted_power(WeightedGame(2, (1, 1, 1)))
    assert table.act == Fraction(1, 2)
    assert (table.voters[0].prevent, table.voters[0].initiate) == (Fraction(1, 2), Fraction(1, 2))


def test_the_children_of_the_mockup_have_18_percent_of_the_seats_and_16_percent_of_the_influence():
    committee = seats(children=2, parents=2, school=2, social=2, health=1, research=1, civil=1)
    children = power_on_paper(Charter(rule=DoubleMajority(4)), committee).groups["children"]
    assert children.seat_share == Fraction(2, 11)
    assert round(100 * children.banzhaf_share) == 16


@pytest.mark.parametrize(
    ("rule", "percent"),
    [
        (SimpleMajority(), "10.0"),
        (DoubleMajority(4), "11.7"),
        (BlockConsent(("children",), at_least=1), "19.0"),
    ],
)
def test_three_children_of_thirty_under_three_rules(rule, percent):
    committee = seats(a=6, b=5, c=5, d=4, e=4, f=3, children=3)
    share = power_on_paper(Charter(rule=rule), committee).groups["children"].shapley_shubik_share
    assert f"{float(100 * share):.1f}" == percent


# Weighted games


def test_under_unanimity_anyone_can_prevent_and_nobody_can_start():
    table = weighted_power(WeightedGame(3, (1, 1, 1)))
    assert table.act == Fraction(1, 8)
    assert (table.voters[0].prevent, table.voters[0].initiate) == (Fraction(1), Fraction(1, 7))


@st.composite
def games(draw, max_voters=7):
    weights = draw(st.lists(st.integers(0, 9), min_size=1, max_size=max_voters))
    return WeightedGame(draw(st.integers(1, max(1, sum(weights)))), tuple(weights))


@given(games(max_voters=10))
@settings(max_examples=40, deadline=None)
def test_counting_over_weights_equals_brute_force(game):
    voters = range(len(game.weights))
    winning, swings, shapley = brute_force(voters, lambda s: sum(game.weights[i] for i in s) >= game.quota)
    table = weighted_power(game)
    assert table.act == Fraction(winning, 2 ** len(voters))
    assert [voter.swings for voter in table.voters] == list(swings.values())
    assert [voter.shapley_shubik for voter in table.voters] == list(shapley.values())


@given(games())
def test_shares_sum_to_one_where_the_game_can_be_won(game):
    table = weighted_power(game)
    expected = 1 if sum(game.weights) >= game.quota else 0
    assert sum(voter.shapley_shubik for voter in table.voters) == expected
    assert sum(voter.banzhaf_normalised for voter in table.voters) == expected


@given(games(), st.randoms(use_true_random=False))
def test_power_follows_the_weight_and_not_the_place(game, random):
    order = random.sample(range(len(game.weights)), len(game.weights))
    moved = weighted_power(WeightedGame(game.quota, tuple(game.weights[i] for i in order)))
    assert list(moved.voters) == [weighted_power(game).voters[i] for i in order]


@given(games())
def test_more_weight_never_means_less_power(game):
    ranked = sorted(zip(game.weights, weighted_power(game).voters, strict=True), key=lambda pair: pair[0])
    shares = [voter.shapley_shubik for _, voter in ranked]
    assert shares == sorted(shares)


@given(games())
def test_a_voter_without_weight_is_a_dummy_and_changes_nobody_elses_share(game):
    with_dummy = weighted_power(WeightedGame(game.quota, (*game.weights, 0)))
    assert with_dummy.voters[-1].shapley_shubik == with_dummy.voters[-1].banzhaf == 0
    before = weighted_power(game).voters
    assert [v.shapley_shubik for v in with_dummy.voters[:-1]] == [v.shapley_shubik for v in before]
    assert [v.banzhaf for v in with_dummy.voters[:-1]] == [v.banzhaf for v in before]


def test_a_dictator_has_all_the_power():
    dictator, other = weighted_power(WeightedGame(5, (5, 2))).voters
    assert (dictator.shapley_shubik, dictator.banzhaf, other.shapley_shubik) == (1, 1, 0)


def test_a_game_that_nobody_can_win_gives_nobody_power():
    table = weighted_power(WeightedGame(9, (1, 2)))
    assert table.act == 0
    assert {voter.shapley_shubik for voter in table.voters} == {0}


@pytest.mark.parametrize(("quota", "weights"), [(0, (1,)), (1, (-1, 3))])
def test_a_game_with_a_quota_or_weight_out_of_range_is_refused(quota, weights):
    with pytest.raises(ValueError, match="quota"):
        WeightedGame(quota, weights)


def test_a_weight_that_is_not_whole_is_refused():
    with pytest.raises(TypeError):
        WeightedGame(1, (0.5, 0.5))


# Committees

GROUP_RULES = st.sampled_from(
    [
        SimpleMajority(),
        AbsoluteMajority(Base.SEATS),
        QualifiedMajority(Fraction(2, 3)),
        QualifiedMajority(Fraction(2, 3), Base.CAST),
        DoubleMajority(2),
        DoubleMajority(3, empty_group=EmptyGroup.OBJECTS),
        DoubleMajority(2, ("a",), AbsoluteMajority()),
        DoubleMajority(named=("a", "c")),
        BlockConsent(("a", "b")),
        BlockConsent(("a",), at_least=1, empty_group=EmptyGroup.OBJECTS),
        Consensus(),
        consensus_minus_one(),
    ]
)
PLACES = st.lists(st.sampled_from(["votes", "votes", "votes", "absent", "recused"]), min_size=1, max_size=3)


def committee_of(a, b, c):
    return [
        Seat(f"{group}-{i}", group, present=place != "absent", recused=place == "recused")
        for group, places in zip("abc", (a, b, c), strict=True)
        for i, place in enumerate(places)
    ]


@given(rule=GROUP_RULES, a=PLACES, b=PLACES, c=PLACES)
@settings(max_examples=60, deadline=None)
def test_counting_over_groups_equals_brute_force_over_real_votes(rule, a, b, c):
    committee = committee_of(a, b, c)
    charter = Charter(rule=rule)
    voters = [seat.id for seat in committee if seat.may_vote]

    def wins(chosen):
        votes = {voter: Ballot.YES if voter in chosen else Ballot.NO for voter in voters}
        return evaluate(charter, committee, votes).carried

    winning, swings, shapley = brute_force(voters, wins)
    powers = power_as_voted(charter, committee)

    assert powers.act == Fraction(winning, 2 ** len(voters))
    for seat in committee:
        if seat.may_vote:
            one = powers.groups[seat.group].of_one_seat
            assert (one.swings, one.shapley_shubik) == (swings[seat.id], shapley[seat.id])


@given(rule=GROUP_RULES, a=PLACES, b=PLACES, c=PLACES)
@settings(deadline=None)
def test_the_shares_of_groups_sum_to_one_where_anything_can_pass(rule, a, b, c):
    powers = power_as_voted(Charter(rule=rule), committee_of(a, b, c))
    expected = 1 if powers.act else 0
    assert sum(group.banzhaf_share for group in powers.groups.values()) == expected
    assert sum(group.shapley_shubik_share for group in powers.groups.values()) == expected


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_one_seat_one_vote_gives_each_group_its_share_of_the_seats(sizes):
    committee = seats(**{f"g{i}": size for i, size in enumerate(sizes)})
    for group in power_on_paper(Charter(), committee).groups.values():
        assert group.banzhaf_share == group.shapley_shubik_share == group.seat_share


def test_a_simple_majority_is_the_weighted_game_of_equal_seats():
    committee = power_on_paper(Charter(), seats(a=3, b=2)).groups["a"].of_one_seat
    assert committee == weighted_power(WeightedGame(3, (1,) * 5)).voters[0]


def test_recusal_moves_power_to_the_others():
    committee = seats(children=2, parents=2, school=3)
    charter = Charter(rule=DoubleMajority(2))
    as_voted = power_as_voted(charter, recuse(committee, "children-0", "children-1"))
    assert as_voted.groups["children"].banzhaf_share == 0
    assert as_voted.groups["children"].seat_share == Fraction(2, 7)
    assert as_voted.groups["parents"].banzhaf_share > power_on_paper(charter, committee).groups["parents"].banzhaf_share


def test_power_on_paper_does_not_look_at_the_day():
    committee = seats(a=2, b=3)
    charter = Charter(rule=DoubleMajority(2))
    assert power_on_paper(charter, recuse(committee, "a-0")) == power_on_paper(charter, committee)


def test_where_nothing_can_pass_nobody_has_power():
    committee = recuse(seats(a=3, b=2), "a-0", "a-1", "a-2")
    powers = power_as_voted(Charter(rule=AbsoluteMajority(Base.SEATS)), committee)
    assert (powers.voting, powers.act) == (2, 0)
    assert {group.banzhaf_share for group in powers.groups.values()} == {0}


def test_sixty_seats_in_fifteen_groups_are_counted_and_not_listed():
    committee = seats(**{f"g{i}": 4 for i in range(15)})
    powers = power_on_paper(Charter(rule=DoubleMajority(8)), committee)
    assert {group.banzhaf_share for group in powers.groups.values()} == {Fraction(1, 15)}
