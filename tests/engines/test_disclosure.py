"""Suppression against an attacker who knows every margin and can solve linear programs, over joint tables as well as over margins."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.engines.fairness_tables import of_counts
from trygg.engines import fairness
from trygg.engines.disclosure import WIDTH, Additive, attack, differs_by_few, protect, rounded
from trygg.engines.disclosure.attack import surely_narrow
from trygg.engines.fairness.release import ALL_ITEMS, item_columns


def margins(table):
    """A table of any dimensions as one list of counts with all its margins, and the sums between them."""
    shape, values, place = table.shape, [], {}
    axes = range(table.ndim)
    for kept in (c for size in range(table.ndim, -1, -1) for c in combinations(axes, size)):
        summed = table.sum(axis=tuple(a for a in axes if a not in kept))
        for index in np.ndindex(summed.shape):
            place[kept, index] = len(values)
            values.append(int(summed[index]))
    equations = []
    for (kept, index), total in place.items():
        for more in (a for a in axes if a not in kept):
            finer = tuple(sorted((*kept, more)))
            at = finer.index(more)
            equations.append((total, tuple(place[finer, (*index[:at], v, *index[at:])] for v in range(shape[more]))))
    return Additive(tuple(values), tuple(equations))


def small_cells(table):
    return [cell for cell, value in enumerate(table.values) if 0 < value < 10]


tables = st.sampled_from([(2, 3), (3, 4), (2, 2, 3), (3, 3, 2)]).flatmap(
    lambda shape: st.lists(
        st.one_of(st.integers(0, 14), st.integers(0, 300)), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))
    ).map(lambda cells: np.array(cells).reshape(shape))
)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_no_hidden_count_can_be_worked_out_from_the_margins(table):
    additive = margins(table)
    sensitive = small_cells(additive)
    hidden = protect(additive, sensitive)
    assert all(hidden[cell] for cell in sensitive)
    bounds = attack(additive.values, hidden, additive.equations, sensitive)
    for cell, (low, high) in bounds.items():
        assert low - 1e-6 <= additive.values[cell] <= high + 1e-6
        assert high - low >= WIDTH - 1e-5, "a program finds nearly the count itself"


def test_hiding_only_what_is_small_would_not_do():
    """The attacker of these tests is real: without secondary suppression it finds the count."""
    additive = margins(np.array([[40, 4], [60, 80]]))
    hidden = [value == 4 for value in additive.values]
    bounds = attack(additive.values, hidden, additive.equations)
    assert [bounds[cell] for cell in small_cells(additive)] == [(4.0, 4.0)]


def test_nothing_is_hidden_where_nothing_is_small():
    assert not any(protect(margins(np.array([[40, 30], [60, 80]])), []))


def test_a_table_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError, match="do not add up"):
        Additive((10, 3, 6), ((0, (1, 2)),))


@given(st.integers(0, 10_000))
def test_rounding_is_to_the_nearest_five(count):
    assert rounded(count) % 5 == 0 and abs(rounded(count) - count) <= 2.5 and (rounded(count) == 0) == (count <= 2)


def test_differences_of_few_are_seen_whether_the_earlier_was_rounded_or_not():
    assert (
        differs_by_few(43, 40, 10, False)
        and not differs_by_few(40, 40, 10, False)
        and not differs_by_few(52, 40, 10, False)
    )
    assert (
        differs_by_few(43, 40, 10, True)
        and not differs_by_few(42, 40, 10, True)
        and not differs_by_few(53, 40, 10, True)
    )


# The cube that is published --------------------------------------------------------------------------------------------


def decisions(seed, rows=900):
    """Three attributes with rare values: many small groups in the crossings."""
    random = np.random.default_rng(seed)
    return {
        "a": random.choice(["a1", "a2", "a3"], rows, p=[0.6, 0.37, 0.03]).tolist(),
        "b": random.choice(["b1", "b2"], rows, p=[0.8, 0.2]).tolist(),
        "c": random.choice(["c1", "c2", "c3"], rows, p=[0.7, 0.25, 0.05]).tolist(),
        "y": (random.random(rows) < 0.2).astype(int).tolist(),
        "d": (random.random(rows) < 0.15).astype(int).tolist(),
    }


def cube_and_groups(columns, tmp_path, outcome="y"):
    from tests.engines.fairness_tables import parquet

    attributes = tuple(name for name in columns if name not in ("y", "d", "id"))
    spec = fairness.Spec(attributes=attributes, decision="d", outcome=outcome, favourable="0")
    with fairness.open_table(parquet(tmp_path / "t.parquet", columns)) as rows:
        cube = fairness.build_cube(rows, spec)
    return spec, cube, fairness.roll_up(cube, 3)[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_attacker_over_the_joint_table_cannot_undo_the_release(seed, tmp_path):
    """Stronger than margins: the attacker solves for the whole joint table of attributes x outcome x decision, and knows every published
    count exactly, as if rounding could be undone."""
    columns = decisions(seed)
    _, cube, groups = cube_and_groups(columns, tmp_path)
    release = fairness.for_public(cube, groups)
    values = item_columns(groups)
    assert (~release.known["n"]).any() and release.known["n"].any()
    cells = list(product(*(range(len(v)) for v in cube.values)))
    items = {
        "n": (0, 1, 2, 3),
        "positives": (0, 3),
        "negatives": (1, 2),
        "tp": (0,),
        "fp": (1,),
        "tn": (2,),
        "fn": (3,),
    }

    def row(group, item):
        found = np.zeros(4 * len(cells))
        for place, cell in enumerate(cells):
            if all(cell[attribute] == code for attribute, code in groups.member[group]):
                found[[4 * place + part for part in items[item]]] = 1
        return found

    known = [(group, item) for group in range(len(groups.member)) for item in items if release.known[item][group]]
    left, right = np.array([row(*one) for one in known]), np.array([values[item][group] for group, item in known])
    small = [
        (group, item)
        for group in range(len(groups.member))
        for item in items
        if 0 < values[item][group] < (10 if item == "n" else 3)
    ]
    assert len(small) > 10
    for group, item in small[:: max(1, len(small) // 25)]:
        weights = row(group, item)
        ends = [
            sign * linprog(sign * weights, A_eq=left, b_eq=right, bounds=(0, None), method="highs").fun
            for sign in (1, -1)
        ]
        assert ends[0] - 1e-6 <= values[item][group] <= ends[1] + 1e-6
        assert ends[1] - ends[0] >= 3, f"{groups.member[group]} {item}: {ends}"


def test_small_groups_small_counts_and_small_denominators_are_hidden(tmp_path):
    columns = of_counts(
        big=(50, 2, 60, 40), small=(3, 1, 2, 2), few=(0, 30, 60, 5), plain=(40, 30, 60, 25), other=(44, 20, 70, 31)
    )
    _, cube, groups = cube_and_groups({"g": columns["g"], "y": columns["y"], "d": columns["d"]}, tmp_path)
    release = fairness.for_public(cube, groups)
    place = {value: groups.index[((0, code),)] for code, value in enumerate(cube.values[0])}
    assert not release.known["n"][place["small"]] and not any(
        release.known[item][place["small"]] for item in ALL_ITEMS if item != "unknown"
    )
    assert (
        release.known["n"][place["big"]]
        and not release.known["fp"][place["big"]]
        and not release.known["tn"][place["big"]]
    )
    assert (
        not release.known["tp"][place["few"]] and not release.known["fn"][place["few"]]
    )  # five with the outcome: not how they fared
    assert not release.metric("ppv")[place["big"]] and not release.metric("fpr")[place["big"]]
    hidden = (~release.known["n"])[1:].sum()
    assert hidden >= 2  # one group alone would follow from the total


def test_two_releases_do_not_tell_about_those_who_came_between(tmp_path):
    from tests.engines.fairness_tables import parquet
    from trygg.engines.fairness import cube_table, earlier_from, open_table

    spec = fairness.Spec(attributes=("g",), decision="d", outcome="y", favourable="0")
    first = of_counts(one=(40, 30, 60, 25), two=(44, 20, 70, 31), three=(60, 30, 80, 40))
    later = of_counts(one=(44, 30, 60, 25), two=(84, 50, 110, 61), three=(60, 30, 80, 40))
    for rounding in (True, False):
        with open_table(parquet(tmp_path / "1.parquet", first)) as rows:
            old = cube_table(rows, spec, rounding=rounding)
        with open_table(parquet(tmp_path / "2.parquet", later)) as rows:
            new = cube_table(rows, spec, rounding=rounding, earlier=[earlier_from(old, "old.json")])
        told = {row["attributes"].get("g"): row for row in new["groups"]}
        assert told["one"]["n"] is None, "four more children, all rightly flagged"
        assert told["two"]["n"] is not None or told["three"]["n"] is not None or told[None]["n"] is not None
        assert sum(told[name]["n"] is None for name in ("two", "three", None)) >= 1  # else subtraction gives `one` away
        assert any(
            warned["code"] == "differencing" and warned["params"]["file"] == "old.json" for warned in new["warnings"]
        )


def test_suppressed_groups_stay_listed_and_nothing_of_them_is_told(tmp_path):
    spec, cube, _ = cube_and_groups(decisions(4), tmp_path)
    document = fairness.audit_cube(cube, spec, public=True)
    exact = fairness.audit_cube(cube, spec, public=False)
    assert len(document["groups"]) == len(exact["groups"]) and len(document["comparisons"]) == len(exact["comparisons"])
    hidden = [row for row in document["groups"] if row["suppressed"]]
    assert hidden
    for row in hidden:
        assert set(row["counts"].values()) == {None} and row["selected"] is None and row["n"] is None
        assert {metric["state"] for metric in row["metrics"].values()} == {"suppressed"}
        assert all(
            metric[part] is None
            for metric in row["metrics"].values()
            for part in ("value", "low", "high", "denominator")
        )
    names = [row["attributes"] for row in hidden]
    about = [row for row in document["comparisons"] if row["group"] in names or row["reference"] in names]
    assert about
    for row in about:
        assert row["verdict"] == "not_enough_data" and row["reason"] == "suppressed"
        assert all(
            row[part] is None
            for part in ("rate", "difference", "low", "high", "p", "p_adjusted", "needed_n", "excess", "bounds")
        )
    for row in document["groups"]:  # what is told is rounded to five
        assert all(count is None or count % 5 == 0 for count in (row["n"], *row["counts"].values()))


def test_what_is_published_carries_nothing_against_which_hidden_counts_could_be_tried(tmp_path):
    """A hash of the exact cube would let an attacker try the few counts that are missing until it fits; so would an exact coverage."""
    columns = decisions(5)
    columns["a"] = [None if place < 4 else value for place, value in enumerate(columns["a"])]
    spec, cube, _ = cube_and_groups(columns, tmp_path)
    document = fairness.audit_cube(cube, spec, public=True)
    text = str(document)
    assert cube.hash not in text and cube.hash in str(fairness.audit_cube(cube, spec, public=False))
    recorded = document["attributes"][0]
    assert recorded["name"] == "a" and recorded["coverage"] == 0.95
    assert next(row for row in document["warnings"] if row["code"] == "not_recorded")["params"]["share"] == 0.95
    with fairness.open_table(tmp_path / "t.parquet") as rows:
        assert cube.hash not in str(fairness.cube_table(rows, spec, rounding=False))


@settings(max_examples=25, deadline=None)
@given(tables)
def test_the_quick_look_never_calls_narrow_what_a_program_finds_wide(table):
    additive = margins(table)
    sensitive = small_cells(additive)
    hidden = [cell in sensitive for cell in range(len(additive.values))]
    quick = surely_narrow(additive.values, hidden, additive.equations, sensitive, WIDTH)
    bounds = attack(additive.values, hidden, additive.equations, quick)
    assert all(high - low < WIDTH for low, high in bounds.values())
