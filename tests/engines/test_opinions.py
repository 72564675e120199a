"""Opinion groups: properties of the arithmetic, what is refused, and when there are no groups at all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from trygg.engines.deliberation import opinions
from trygg.engines.deliberation.opinions import report

ROWS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6), st.sampled_from([1, 0, -1])), min_size=1, max_size=80)


def camps(
    people: int, statements: int, number: int, seed: int, strength: float = 3.0
) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Votes of people in so many camps, and the camp of each; one camp: nobody has more in common than with anybody else."""
    random = np.random.default_rng(seed)
    minds = random.uniform(-1, 1, (number, statements)) * strength
    camp = random.integers(number, size=people)
    rows = []
    for person in range(people):
        for statement in np.flatnonzero(random.random(statements) < 0.7).tolist():
            lean = minds[camp[person], statement] + random.normal()
            rows.append((person, statement, 1 if lean > 0.4 else -1 if lean < -0.4 else 0))
    return rows, camp.tolist()


@pytest.mark.full
def test_three_camps_are_found_and_named_by_size():
    rows, camp = camps(300, 30, 3, seed=4)
    found = opinions.analyse(opinions.from_rows(rows))
    assert found.k == 3
    people = sorted(found.group_of)
    assert adjusted_rand_score([camp[one] for one in people], [found.group_of[one] for one in people]) > 0.95
    sizes = [list(found.group_of.values()).count(group) for group in (0, 1, 2)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.full
@pytest.mark.parametrize("people", [60, 200])
def test_people_without_camps_are_not_put_into_any(people):
    """k-means alone finds groups in each of these. One in twenty may get through: of twelve, three have a chance of 2 %."""
    through = 0
    for seed in range(12):
        found = opinions.analyse(opinions.from_rows(camps(people, 25, 1, seed)[0]))
        assert found.groups is not None
        assert found.groups.silhouette > 0.3
        if found.plain is None:
            through += 1
            continue
        assert found.plain == opinions.Plain.BLURRED
        assert not found.group_of
        assert found.by_group is None
    assert through <= 2


def test_a_class_gets_counts_and_no_groups():
    found = opinions.analyse(opinions.from_rows(camps(25, 20, 2, seed=1)[0]))
    assert found.plain == opinions.Plain.FEW
    assert found.k == 0
    assert found.total.seen.sum() == len(found.votes)


def test_thirty_who_all_think_the_same_are_one():
    found = opinions.analyse(
        opinions.from_rows([(person, statement, 1) for person in range(40) for statement in range(8)])
    )
    assert found.plain == opinions.Plain.SAME
    assert [one.votes for one in found.agreed] == [40] * 5


def test_the_same_votes_give_the_same_bytes():
    rows, _ = camps(120, 20, 2, seed=9)
    first, second = (report.as_data(opinions.analyse(opinions.from_rows(rows))) for _ in range(2))
    assert first == second
    other = report.as_data(opinions.analyse(opinions.from_rows(rows), options=opinions.Options(seed=1)))
    assert other["method"]["seed"] == 1
    assert other["method"]["input"] == first["method"]["input"]


@settings(max_examples=25, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_votes_decides_nothing_but_the_last(rows, random):
    last = {(person, statement): vote for person, statement, vote in rows}
    shuffled = [(person, statement, vote) for (person, statement), vote in last.items()]
    random.shuffle(shuffled)
    options = opinions.Options(fewest=3)
    first, second = opinions.from_rows(rows), opinions.from_rows(shuffled)
    assert first.content_hash() == second.content_hash()
    assert report.as_data(opinions.analyse(first, options=options)) == report.as_data(
        opinions.analyse(second, options=options)
    )


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_somebody_without_votes_changes_nothing(rows):
    people = sorted({person for person, _, _ in rows})
    columns = [person for person, _, _ in rows], [statement for _, statement, _ in rows], [vote for _, _, vote in rows]
    place = {person: number for number, person in enumerate(people)}
    places = [place[person] for person in columns[0]]
    alone = opinions.collect(places, columns[1], columns[2], people, range(7))
    beside = opinions.collect(places, columns[1], columns[2], [*people, 99], range(7))
    options = opinions.Options(fewest=3)
    first, second = (report.as_data(opinions.analyse(one, options=options)) for one in (alone, beside))
    for data in (first, second):
        data["method"].pop("participants")
        data["method"].pop("input")
    assert first == second


def test_a_dense_table_and_sorting_find_the_same_last_votes(monkeypatch):
    rows, _ = camps(50, 12, 2, seed=2)
    rows += [(person, statement, -vote) for person, statement, vote in rows[::3]]
    dense = opinions.from_rows(rows)
    monkeypatch.setattr("trygg.engines.deliberation.opinions.votes.DENSE_CELLS", 0)
    assert opinions.from_rows(rows).content_hash() == dense.content_hash()


def test_both_ways_to_the_components_agree(monkeypatch):
    votes = opinions.from_rows(camps(200, 40, 2, seed=3)[0])
    filled = opinions.analyse(votes).projection.components
    monkeypatch.setattr("trygg.engines.deliberation.opinions.projection.DENSE_CELLS", 0)
    assert np.allclose(opinions.analyse(votes).projection.components, filled, atol=1e-6)


def test_moderated_statements_count_for_nobody():
    rows, _ = camps(80, 15, 2, seed=6)
    plain = opinions.analyse(opinions.from_rows(rows), opinions.Moderation(out=frozenset({0})))
    flipped = [(person, statement, -vote if statement == 0 else vote) for person, statement, vote in rows]
    other = opinions.analyse(opinions.from_rows(flipped), opinions.Moderation(out=frozenset({0})))
    assert np.array_equal(plain.points, other.points)
    assert plain.group_of == other.group_of
    named = {one.statement for group in plain.representative.values() for one in group}
    assert 0 not in named | {one.statement for one in plain.agreed + plain.disagreed}


def test_a_vote_moves_the_point_by_what_was_seen_only():
    votes = opinions.from_rows(camps(100, 20, 2, seed=7)[0])
    found = opinions.analyse(votes)
    for person in (0, 17, 99):
        cells = slice(votes.start[person], votes.start[person + 1])
        point, group = found.fold_in(votes.statements[cells], votes.values[cells])
        assert np.allclose(point, found.points[person])
        assert group == found.group_of[person]
    point, _ = found.fold_in(np.array([], np.int64), np.array([], np.int64))
    assert point.tolist() == [0, 0]


def test_groups_keep_their_ids_and_the_map_its_direction_when_people_join():
    rows, _ = camps(240, 25, 3, seed=11)
    first = opinions.analyse(opinions.from_rows([row for row in rows if row[0] < 160]))
    second = opinions.analyse(opinions.from_rows(rows), previous=first)
    assert second.k == first.k == 3
    stayed = [one for one in first.group_of if first.group_of[one] == second.group_of[one]]
    assert len(stayed) > 0.95 * len(first.group_of)
    assert np.all(np.sum(first.projection.components * second.projection.components, axis=0) > 0.9)
    assert set(first.group_of) <= set(second.group_of)


@pytest.mark.full
def test_another_number_of_groups_must_win_four_times():
    two, _ = camps(200, 25, 2, seed=12)
    three = [(person + 1000, statement, vote) for person, statement, vote in camps(200, 25, 3, seed=13)[0]]
    found = opinions.analyse(opinions.from_rows(two))
    assert found.k == 2
    everybody = opinions.from_rows(two + three)
    settled = opinions.analyse(everybody).k
    assert settled > 2
    ks = []
    for _ in range(4):
        found = opinions.analyse(everybody, previous=found)
        ks.append(found.k)
    assert ks == [2, 2, 2, settled]


def test_those_who_voted_often_enough_are_in_and_at_least_the_busiest():
    rows = [(person, statement, 1) for person in range(20) for statement in range(3 if person < 17 else 10)]
    found = opinions.analyse(opinions.from_rows(rows))
    assert found.inside.sum() == 15
    assert found.inside[17:].all()


def test_counts_and_what_follows_from_them_by_hand():
    """Group of three, two agree and one passes; of the five others one agrees and three disagree, one has not seen it."""
    votes = opinions.from_rows(
        [(0, 0, 1), (1, 0, 1), (2, 0, 0), (3, 0, 1), (4, 0, -1), (5, 0, -1), (6, 0, -1), (7, 1, 1)]
    )
    table = opinions.sides(*opinions.count(votes, np.array([0, 0, 0, 1, 1, 1, 1, 1]), 2))
    assert (table.agrees[0, 0], table.disagrees[0, 0], table.seen[0, 0]) == (2, 0, 3)
    assert table.agree[0, 0] == pytest.approx(3 / 5)
    assert table.agree_z[0, 0] == pytest.approx(2 * 2 * (3 / 4 - 1 / 2))
    assert table.agree_ratio[0, 0] == pytest.approx((3 / 5) / (2 / 6))
    first, second, pooled = 3 / 4, 2 / 5, 5 / 9
    assert table.agree_ratio_z[0, 0] == pytest.approx(
        (first - second) / np.sqrt(pooled * (1 - pooled) * (1 / 4 + 1 / 5))
    )
    gac, root, least = opinions.group_informed_consensus(table)
    assert gac[0] == pytest.approx(3 / 5 * 2 / 6)
    assert root[0] == pytest.approx((3 / 5 * 2 / 6) ** 0.5)
    assert least[0] == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (([0], [0], [2]), "2 is no vote"),
        (([0], [3], [1]), "no statement stands at place 3"),
        (([-1], [0], [1]), "no participant stands at place -1"),
        (([0, 0], [0], [1, 1]), "the same length"),
        (([0.5], [0], [1]), "a whole number"),
    ],
)
def test_what_is_no_vote_is_refused_in_words(columns, words):
    with pytest.raises(opinions.VotesError, match=words):
        opinions.collect(*columns, ["a"], ["s"])


def test_an_id_twice_is_refused():
    with pytest.raises(opinions.VotesError, match="two participants"):
        opinions.collect([0], [0], [1], ["7", 7], ["s"])
