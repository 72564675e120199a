"""Quorum, decision rules and reasons. The committee of eleven is the one in the design's mockups."""

import json
from dataclasses import asdict
from fractions import Fraction

import pytest
from hypothesis import given
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
    Presence,
    QualifiedMajority,
    Quorum,
    ReasonCode,
    RuleError,
    RuleErrorCode,
    Seat,
    SimpleMajority,
    Tally,
    consensus_minus_one,
    decisive_seats,
    evaluate,
)

YES, NO, ABSTAIN = Ballot.YES, Ballot.NO, Ballot.ABSTAIN
ONE_PRESENT = Quorum(share=Fraction(1, 100), more_than=False)


def a_vote(rule, *, yes=0, no=0, abstain=0, silent=0, absent=0, recused=0, group="all"):
    """The outcome of a committee of one group; a single present seat is a quorum."""
    ballots = [YES] * yes + [NO] * no + [ABSTAIN] * abstain
    seats = [Seat(f"s{i}", group) for i in range(len(ballots) + silent)]
    seats += [Seat(f"a{i}", group, present=False) for i in range(absent)]
    seats += [Seat(f"r{i}", group, recused=True) for i in range(recused)]
    return evaluate(Charter(ONE_PRESENT, rule), seats, {f"s{i}": ballot for i, ballot in enumerate(ballots)})


def by_group(rule, quorum=ONE_PRESENT, **groups):
    """The outcome from a word per group: y, n, a are ballots, '.' silent, '-' absent, 'r' recused."""
    seats, votes = seats_and_votes(**groups)
    return evaluate(Charter(quorum, rule), seats, votes)


def seats_and_votes(**groups):
    seats, votes = [], {}
    for group, word in groups.items():
        for place, letter in enumerate(word):
            seat = Seat(f"{group}-{place}", group, present=letter != "-", recused=letter == "r")
            seats.append(seat)
            if letter in "yna":
                votes[seat.id] = {"y": YES, "n": NO, "a": ABSTAIN}[letter]
    return seats, votes


def reason(outcome, code):
    (found,) = [reason for reason in outcome.reasons if reason.code is code]
    return found


MOCKUP = {
    "children": "nn",
    "parents": "yn",
    "school": "yy",
    "social": "yr",
    "health": "y",
    "research": "y",
    "civil": "y",
}
MOCKUP_CHARTER = Charter(
    Quorum(Fraction(1, 2), more_than=False, base=Base.SEATS, presence=(Presence(("children",)),)), DoubleMajority(4)
)


def test_the_committee_of_the_mockup_passes_with_ten_of_eleven_seats_and_five_of_seven_groups():
    outcome = evaluate(MOCKUP_CHARTER, *seats_and_votes(**MOCKUP))

    assert outcome.passed
    assert (outcome.quorum.present, outcome.quorum.needed, outcome.quorum.base) == (10, 6, 11)
    assert outcome.tally == Tally(yes=7, no=3)
    assert reason(outcome, ReasonCode.ENOUGH_GROUPS).params == {"agreeing": 5, "needed": 4, "groups": 7}
    assert [name for name, group in outcome.groups.items() if not group.agrees] == ["children", "parents"]


def test_no_single_vote_could_have_turned_the_outcome_of_the_mockup():
    assert decisive_seats(MOCKUP_CHARTER, *seats_and_votes(**MOCKUP)) == ()


def test_in_a_vote_of_three_to_two_each_yes_was_decisive():
    seats, votes = seats_and_votes(a="yyynn")
    assert decisive_seats(Charter(), seats, votes) == ("a-0", "a-1", "a-2")


def test_an_outcome_is_data_that_json_can_hold():
    rule = DoubleMajority(2, ("a",), QualifiedMajority(Fraction(2, 3)))
    outcome = by_group(rule, Quorum(presence=(Presence(("a", "b"), share=Fraction(1, 2)),)), a="yyn", b="y")
    data = asdict(outcome)
    assert json.loads(json.dumps(data)) == {**data, "reasons": list(data["reasons"])}


# Quorum


@pytest.mark.parametrize(
    ("quorum", "word", "met", "needed", "base"),
    [
        (Quorum(Fraction(1, 2), more_than=False), "...---", True, 3, 6),
        (Quorum(Fraction(1, 2)), "...---", False, 4, 6),
        (Quorum(Fraction(1, 2)), "....---", True, 4, 7),
        (Quorum(Fraction(2, 3), more_than=False), "......---", True, 6, 9),
        (Quorum(Fraction(2, 3), more_than=False), ".....----", False, 6, 9),
        (Quorum(), "...--rrr", True, 3, 5),
        (Quorum(base=Base.SEATS), "...--rrr", False, 5, 8),
        (Quorum(), "rrr", False, 1, 0),
    ],
)
def test_a_quorum_counts_present_seats_against_its_base(quorum, word, met, needed, base):
    result = by_group(SimpleMajority(), quorum, all=word).quorum
    assert (result.met, result.needed, result.base, result.base_of) == (met, needed, base, quorum.base)


def test_a_recused_seat_in_the_room_does_not_count_as_present():
    assert by_group(SimpleMajority(), all="..r").quorum.present == 2


@pytest.mark.parametrize(
    ("need", "word", "met"),
    [
        (Presence(("youth",)), ".-", True),
        (Presence(("youth",)), "--", False),
        (Presence(("youth",)), "rr", False),
        (Presence(("youth",), share=Fraction(1, 2)), "..--", True),
        (Presence(("youth",), share=Fraction(1, 2)), ".---", False),
        (Presence(("youth",), share=Fraction(1, 2)), ".-rr", True),
        (Presence(("youth", "ngo"), at_least=2), ".-", True),
        (Presence(("youth", "ngo"), at_least=2), "--", False),
    ],
)
def test_a_group_must_be_present_where_the_charter_says_so(need, word, met):
    quorum = Quorum(Fraction(1, 10), presence=(need,))
    outcome = by_group(SimpleMajority(), quorum, youth=word, ngo=".", others="....")
    assert outcome.quorum.met is met
    assert reason(outcome, ReasonCode.PRESENCE).met is met


def test_a_vote_carried_without_a_quorum_has_not_passed():
    outcome = by_group(SimpleMajority(), Quorum(), all="yy---")
    assert (outcome.carried, outcome.quorum.met, outcome.passed) == (True, False, False)


# Decision rules


@pytest.mark.parametrize(
    ("rule", "votes", "carried"),
    [
        (SimpleMajority(), {"yes": 3, "no": 2, "abstain": 4}, True),
        (SimpleMajority(), {"yes": 2, "no": 2}, False),
        (SimpleMajority(), {"abstain": 2}, False),
        (AbsoluteMajority(), {"yes": 3, "no": 2}, True),
        (AbsoluteMajority(), {"yes": 3, "absent": 3}, False),
        (AbsoluteMajority(), {"yes": 3, "no": 2, "recused": 2}, True),
        (AbsoluteMajority(Base.SEATS), {"yes": 3, "no": 2, "recused": 2}, False),
        (QualifiedMajority(Fraction(2, 3)), {"yes": 6, "no": 3}, True),
        (QualifiedMajority(Fraction(2, 3)), {"yes": 5, "no": 4}, False),
        (QualifiedMajority(Fraction(2, 3)), {"yes": 6, "no": 3, "absent": 1}, False),
        (QualifiedMajority(Fraction(2, 3), Base.CAST), {"yes": 6, "no": 3, "absent": 1, "abstain": 4}, True),
        (QualifiedMajority(Fraction(2, 3), Base.CAST), {"abstain": 1}, False),
        (QualifiedMajority(Fraction(1)), {"yes": 4, "recused": 1}, True),
        (Consensus(), {"yes": 1, "abstain": 3, "silent": 1}, True),
        (Consensus(), {"yes": 5, "no": 1}, False),
        (Consensus(), {"abstain": 3}, False),
        (Consensus(abstention_blocks=True), {"yes": 5, "abstain": 1}, False),
        (Consensus(abstention_blocks=True), {"yes": 5, "silent": 1}, False),
        (Consensus(abstention_blocks=True), {"yes": 5, "absent": 1, "recused": 1}, True),
        (consensus_minus_one(), {"yes": 5, "no": 1}, True),
        (consensus_minus_one(), {"yes": 5, "no": 2}, False),
        (consensus_minus_one(), {"no": 1}, False),
        (consensus_minus_one(abstention_blocks=True), {"yes": 5, "no": 1, "abstain": 1}, False),
    ],
)
def test_a_rule_decides(rule, votes, carried):
    assert a_vote(rule, **votes).carried is carried


@pytest.mark.parametrize(
    ("rule", "groups", "carried"),
    [
        (DoubleMajority(2), {"a": "yyyy", "b": "nn", "c": "n"}, False),
        (DoubleMajority(2), {"a": "yyyy", "b": "yy", "c": "n"}, True),
        (DoubleMajority(2), {"a": "nnnn", "b": "y", "c": "y"}, False),
        (DoubleMajority(2), {"a": "yyyy", "b": "yn", "c": "a"}, False),
        (DoubleMajority(named=("b",)), {"a": "yyyy", "b": "n", "c": "y"}, False),
        (DoubleMajority(named=("b",)), {"a": "yyyn", "b": "y", "c": "n"}, True),
        (DoubleMajority(named=("b", "c")), {"a": "yyyn", "b": "y", "c": "n"}, False),
        (DoubleMajority(3, ("a",)), {"a": "yy", "b": "y", "c": "n"}, False),
        (DoubleMajority(1, overall=AbsoluteMajority()), {"a": "yy", "b": "--", "c": "."}, False),
        # A group whose every seat is recused
        (DoubleMajority(3), {"a": "yy", "b": "y", "c": "rr"}, True),
        (DoubleMajority(3, empty_group=EmptyGroup.OBJECTS), {"a": "yy", "b": "y", "c": "rr"}, False),
        (DoubleMajority(named=("c",)), {"a": "yy", "c": "rr"}, True),
        (DoubleMajority(named=("c",), empty_group=EmptyGroup.OBJECTS), {"a": "yy", "c": "rr"}, False),
        # but one that is only absent is still asked
        (DoubleMajority(named=("c",)), {"a": "yy", "c": "r-"}, False),
        # A block of groups
        (BlockConsent(("b", "c")), {"a": "yyy", "b": "yy", "c": "n"}, True),
        (BlockConsent(("b", "c")), {"a": "yyy", "b": "y", "c": "n"}, False),
        (BlockConsent(("b",), at_least=1), {"a": "yyy", "b": "ynn"}, True),
        (BlockConsent(("b",), at_least=1), {"a": "yyy", "b": "aaa"}, False),
        (BlockConsent(("b",), at_least=1), {"a": "yyy", "b": "rr"}, True),
        (BlockConsent(("b",), at_least=1, empty_group=EmptyGroup.OBJECTS), {"a": "yyy", "b": "rr"}, False),
        (BlockConsent(("b",), at_least=1), {"a": "nnn", "b": "yy"}, False),
    ],
)
def test_a_rule_over_groups_decides(rule, groups, carried):
    assert by_group(rule, **groups).carried is carried


def test_a_protection_that_did_not_apply_is_said():
    outcome = by_group(DoubleMajority(named=("children",)), adults="yy", children="rr")
    assert reason(outcome, ReasonCode.GROUP_LEFT_OUT).params == {"group": "children"}


def test_the_base_of_the_decision_is_stored():
    outcome = a_vote(QualifiedMajority(Fraction(2, 3)), yes=4, no=1, absent=1, recused=3)
    assert (outcome.base, outcome.base_of) == (6, Base.ELIGIBLE)
    assert reason(outcome, ReasonCode.ENOUGH_YES).params == {
        "yes": 4,
        "needed": 4,
        "base": 6,
        "base_of": "eligible",
        "share": "2/3",
        "more_than": False,
    }


# What cannot be


@pytest.mark.parametrize(
    ("seats", "votes", "code"),
    [
        ([Seat("a", "g"), Seat("a", "g")], {}, RuleErrorCode.DUPLICATE_SEAT),
        ([Seat("a", "g")], {"b": YES}, RuleErrorCode.UNKNOWN_SEAT),
        ([Seat("a", "g")], {"a": "maybe"}, RuleErrorCode.UNKNOWN_BALLOT),
        ([Seat("a", "g", recused=True)], {"a": YES}, RuleErrorCode.RECUSED_VOTE),
        ([Seat("a", "g", present=False)], {"a": YES}, RuleErrorCode.ABSENT_VOTE),
    ],
)
def test_votes_that_do_not_fit_the_seats_are_refused(seats, votes, code):
    with pytest.raises(RuleError) as refused:
        evaluate(Charter(), seats, votes)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("charter", "code"),
    [
        (Charter(rule=DoubleMajority(named=("childern",))), RuleErrorCode.UNKNOWN_GROUP),
        (Charter(rule=BlockConsent(("childern",))), RuleErrorCode.UNKNOWN_GROUP),
        (Charter(Quorum(presence=(Presence(("childern",)),))), RuleErrorCode.UNKNOWN_GROUP),
        (Charter(rule=DoubleMajority(3)), RuleErrorCode.TOO_FEW_GROUPS),
        (Charter(rule=BlockConsent(("children",), at_least=3)), RuleErrorCode.TOO_FEW_SEATS),
        (Charter(Quorum(presence=(Presence(("children",), at_least=3),))), RuleErrorCode.TOO_FEW_SEATS),
    ],
)
def test_a_charter_that_does_not_fit_the_committee_is_refused(charter, code):
    with pytest.raises(RuleError) as refused:
        evaluate(charter, *seats_and_votes(children="yy", others="yyy"))
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: QualifiedMajority(0.6), RuleErrorCode.SHARE_NOT_EXACT),
        (lambda: QualifiedMajority(True), RuleErrorCode.SHARE_NOT_EXACT),
        (lambda: QualifiedMajority(Fraction(0)), RuleErrorCode.SHARE_OUT_OF_RANGE),
        (lambda: Quorum(Fraction(3, 2)), RuleErrorCode.SHARE_OUT_OF_RANGE),
        (lambda: Quorum(Fraction(1)), RuleErrorCode.SHARE_OUT_OF_RANGE),
        (lambda: Quorum(base=Base.CAST), RuleErrorCode.BASE_NOT_ALLOWED),
        (lambda: AbsoluteMajority(Base.CAST), RuleErrorCode.BASE_NOT_ALLOWED),
        (lambda: DoubleMajority(), RuleErrorCode.NO_GROUP_NAMED),
        (lambda: DoubleMajority(-1, ("a",)), RuleErrorCode.COUNT_OUT_OF_RANGE),
        (lambda: BlockConsent(()), RuleErrorCode.NO_GROUP_NAMED),
        (lambda: BlockConsent(("a",), at_least=0), RuleErrorCode.COUNT_OUT_OF_RANGE),
        (lambda: Presence(()), RuleErrorCode.NO_GROUP_NAMED),
        (lambda: Presence(("a",), at_least=0), RuleErrorCode.COUNT_OUT_OF_RANGE),
        (lambda: Consensus(-1), RuleErrorCode.COUNT_OUT_OF_RANGE),
    ],
)
def test_a_rule_that_cannot_be_is_refused(make, code):
    with pytest.raises(RuleError) as refused:
        make()
    assert refused.value.code is code


def test_a_lone_text_is_not_read_as_a_list_of_letters():
    with pytest.raises(TypeError):
        Presence("children")


# What holds for every vote

RULES = st.sampled_from(
    [
        SimpleMajority(),
        AbsoluteMajority(),
        AbsoluteMajority(Base.SEATS),
        QualifiedMajority(Fraction(2, 3)),
        QualifiedMajority(Fraction(2, 3), Base.CAST),
        DoubleMajority(2),
        DoubleMajority(2, ("a",), empty_group=EmptyGroup.OBJECTS),
        BlockConsent(("a", "b")),
        BlockConsent(("a",), at_least=1),
        Consensus(abstention_blocks=True),
        consensus_minus_one(),
    ]
)
WORDS = st.text("yna.-r", min_size=1, max_size=5)


@given(rule=RULES, a=WORDS, b=WORDS, c=WORDS)
def test_the_tallies_of_groups_add_up_to_the_whole(rule, a, b, c):
    outcome = by_group(rule, a=a, b=b, c=c)
    for kind in ("yes", "no", "abstain", "silent"):
        assert getattr(outcome.tally, kind) == sum(getattr(group.tally, kind) for group in outcome.groups.values())
    assert sum(asdict(outcome.tally).values()) == outcome.quorum.present


@given(rule=RULES, a=WORDS, b=WORDS, c=WORDS)
def test_turning_a_no_into_a_yes_never_defeats_a_proposal(rule, a, b, c):
    seats, votes = seats_and_votes(a=a, b=b, c=c)
    charter = Charter(ONE_PRESENT, rule)
    if evaluate(charter, seats, votes).carried:
        for seat_id in [seat_id for seat_id, ballot in votes.items() if ballot is NO]:
            assert evaluate(charter, seats, {**votes, seat_id: YES}).carried


@given(rule=RULES, words=st.tuples(WORDS, WORDS, WORDS), random=st.randoms(use_true_random=False))
def test_the_order_of_seats_and_votes_does_not_matter(rule, words, random):
    seats, votes = seats_and_votes(**dict(zip("abc", words, strict=True)))
    shuffled = random.sample(seats, len(seats))
    charter = Charter(ONE_PRESENT, rule)
    assert evaluate(charter, shuffled, dict(reversed(votes.items()))).passed == evaluate(charter, seats, votes).passed


@given(rule=RULES, a=WORDS, b=WORDS, c=WORDS)
def test_it_passes_exactly_when_every_reason_is_met(rule, a, b, c):
    outcome = by_group(rule, Quorum(), a=a, b=b, c=c)
    assert outcome.passed == all(reason.met for reason in outcome.reasons)
