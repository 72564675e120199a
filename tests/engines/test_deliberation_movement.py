"""First opinions set against final votes. The committee is the one in the design's mockups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.deliberation import NOT_GIVEN, Seat, movement

SUPPORT, CONDITIONS, COME_BACK, AGAINST = "support", "support_with_conditions", "come_back", "advise_against"
ORDER = (SUPPORT, CONDITIONS, COME_BACK, AGAINST)
MOCKUP = {
    "children": [(AGAINST, "no"), (COME_BACK, "no")],
    "parents": [(CONDITIONS, "yes"), (COME_BACK, "no")],
    "school": [(CONDITIONS, "yes"), (CONDITIONS, "yes")],
    "social": [(SUPPORT, "yes"), (None, None)],
    "health": [(CONDITIONS, "yes")],
}


def moved(groups):
    seats, first, final = [], {}, {}
    for group, pairs in groups.items():
        for place, (before, after) in enumerate(pairs):
            seat = Seat(f"{group}-{place}", group)
            seats.append(seat)
            if before is not None:
                first[seat.id] = before
            if after is not None:
                final[seat.id] = after
    return movement(seats, first, final, first_order=ORDER, final_order=("yes", "no"))


def test_the_matrix_counts_seats_from_first_opinion_to_final_vote():
    overall = moved(MOCKUP).overall
    assert overall.first == (SUPPORT, CONDITIONS, COME_BACK, AGAINST, NOT_GIVEN)
    assert overall.final == ("yes", "no", NOT_GIVEN)
    assert overall.cells == ((1, 0, 0), (4, 0, 0), (0, 2, 0), (0, 1, 0), (0, 0, 1))


def test_each_group_has_a_matrix_over_the_same_opinions():
    result = moved(MOCKUP)
    assert result.groups["children"].count(COME_BACK, "no") == 1
    assert {(matrix.first, matrix.final) for matrix in result.groups.values()} == {
        (result.overall.first, result.overall.final)
    }


def test_a_change_of_mind_is_a_move_that_is_not_consistent():
    consistent = {(CONDITIONS, "yes"), (AGAINST, "no")}
    assert moved(MOCKUP).changed(consistent) == {
        ("children", COME_BACK, "no"): 1,
        ("parents", COME_BACK, "no"): 1,
        ("social", SUPPORT, "yes"): 1,
    }


def test_a_seat_that_gave_no_first_opinion_has_not_changed_its_mind():
    assert not moved({"late": [(None, "no")]}).changed(set())


def test_an_opinion_that_does_not_occur_counts_zero():
    assert moved(MOCKUP).overall.count("refer", "yes") == 0


def test_a_vote_from_no_seat_is_refused():
    with pytest.raises(ValueError, match="ghost"):
        movement([Seat("a", "g")], {}, {"ghost": "yes"})


PAIRS = st.tuples(st.sampled_from([*ORDER, None]), st.sampled_from(["yes", "no", "abstain", None]))


@given(st.dictionaries(st.sampled_from("abc"), st.lists(PAIRS, min_size=1, max_size=4), min_size=1))
def test_every_seat_is_in_exactly_one_cell_and_the_groups_add_up(groups):
    result = moved(groups)
    assert sum(map(sum, result.overall.cells)) == sum(map(len, groups.values()))
    added = [
        tuple(sum(column) for column in zip(*rows, strict=True))
        for rows in zip(*(matrix.cells for matrix in result.groups.values()), strict=True)
    ]
    assert tuple(added) == result.overall.cells
