"""The attacker: somebody who knows every published count, every margin, and linear programming.

Bounds of the hidden counts, as in Cox (1980, JASA 75) and Fischetti and Salazar (2001, Management Science 47): the least and the most that
each can be, given that counts are not negative and that the sums hold.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy import sparse

Equation = tuple[int, tuple[int, ...]]  # the sum, and its parts
STALE_ROUNDS, FEW, SLACK = 6, 100, 1e-6


class Unknowns:
    """The hidden counts as variables, and the sums that mention them as equations."""

    def __init__(self, values: Sequence[int], hidden: Sequence[bool], equations: Sequence[Equation]) -> None:
        self.cells = [cell for cell, is_hidden in enumerate(hidden) if is_hidden]
        self.place = {cell: place for place, cell in enumerate(self.cells)}
        rows: list[int] = []
        columns: list[int] = []
        factors: list[int] = []
        right: list[int] = []
        for total, parts in equations:
            signed = [(part, 1) for part in parts] + [(total, -1)]
            unknown = [(self.place[cell], sign) for cell, sign in signed if hidden[cell]]
            if unknown:
                rows += [len(right)] * len(unknown)
                columns += [place for place, _ in unknown]
                factors += [sign for _, sign in unknown]
                right.append(-sum(sign * int(values[cell]) for cell, sign in signed if not hidden[cell]))
        self.left = sparse.csr_matrix((factors, (rows, columns)), shape=(len(right), len(self.cells)))
        self.right = np.array(right, float)
        # Without a margin above it a count could be anything: the real total bounds what an attacker would try.
        self.ceiling = float(10 * max(1, sum(int(values[cell]) for cell in self.cells)) + 10)

    def extreme(self, weights: Any) -> Any:
        """The table that makes the weighted sum least."""
        from scipy import optimize  # 20 MB, and nothing to attack in most tables

        if not self.left.shape[0]:
            return np.where(np.asarray(weights) > 0, 0.0, self.ceiling)
        found = optimize.linprog(weights, A_eq=self.left, b_eq=self.right, bounds=(0, self.ceiling), method="highs")
        if not found.success:
            raise RuntimeError(f"the margins contradict each other: {found.message}")
        return found.x

    def shuttled(self) -> tuple[Any, Any]:
        """Outer bounds of each count, from one sum at a time until nothing moves."""
        low, high = np.zeros(len(self.cells)), np.full(len(self.cells), self.ceiling)
        entries = self.left.tocoo()
        row, column, plus = entries.row, entries.col, entries.data > 0
        for _ in range(100):
            least, most = np.where(plus, low[column], -high[column]), np.where(plus, high[column], -low[column])
            row_least, row_most = (np.bincount(row, part, len(self.right)) for part in (least, most))
            # What is left for one count when all others of its sum are at their other end.
            top, bottom = self.right[row] - (row_least[row] - least), self.right[row] - (row_most[row] - most)
            new_low, new_high = low.copy(), high.copy()
            np.maximum.at(new_low, column, np.where(plus, bottom, -top))
            np.minimum.at(new_high, column, np.where(plus, top, -bottom))
            moved = max(float((new_low - low).max(initial=0)), float((high - new_high).max(initial=0)))
            low, high = new_low, new_high
            if moved < SLACK:
                break
        return low, high

    def pushed(self, places: list[int], signs: Any, truth: Any, width: float) -> Any:
        """A table in which the counts at `places` lie as far from the truth as they can all at once, up or down, each by `width` at most."""
        from scipy import optimize

        size, many = len(self.cells), len(places)
        push = np.arange(many)
        # For +: x - s >= truth; for -: x + s <= truth.
        beyond = sparse.csr_matrix(
            (
                np.concatenate([-signs, np.ones(many)]),
                (np.concatenate([push, push]), np.concatenate([places, size + push])),
            ),
            shape=(many, size + many),
        )
        sums = sparse.hstack([self.left, sparse.csr_matrix((self.left.shape[0], many))], format="csr")
        found = optimize.linprog(
            np.concatenate([np.zeros(size), -np.ones(many)]), A_ub=beyond, b_ub=-signs * truth[places],
            A_eq=sums if self.left.shape[0] else None, b_eq=self.right if self.left.shape[0] else None,
            bounds=[(0, self.ceiling)] * size + [(0, width)] * many, method="highs",
        )  # fmt: skip
        if not found.success:
            raise RuntimeError(f"the margins contradict each other: {found.message}")
        return found.x[:size]


def attack(
    values: Sequence[int], hidden: Sequence[bool], equations: Sequence[Equation], cells: Iterable[int] | None = None
) -> dict[int, tuple[float, float]]:
    """The least and the most that each hidden count (or each of `cells`) can be, for somebody who knows all the rest."""
    unknowns = Unknowns(values, hidden, equations)
    found = {}
    for cell in unknowns.cells if cells is None else cells:
        weights = np.zeros(len(unknowns.cells))
        weights[unknowns.place[cell]] = 1
        found[cell] = (
            float(unknowns.extreme(weights)[unknowns.place[cell]]),
            float(unknowns.extreme(-weights)[unknowns.place[cell]]),
        )
    return found


def surely_narrow(
    values: Sequence[int], hidden: Sequence[bool], equations: Sequence[Equation], cells: Iterable[int], width: float
) -> list[int]:
    """Those of `cells` whose bounds already lie closer together than `width` when each sum is taken by itself, again and again.

    The shuttle algorithm (Buzzigoli and Giusti 1999): quick, and never narrower than what a linear program finds.
    """
    unknowns = Unknowns(values, hidden, equations)
    low, high = unknowns.shuttled()
    return [cell for cell in cells if high[unknowns.place[cell]] - low[unknowns.place[cell]] < width - SLACK]


def narrow(
    values: Sequence[int], hidden: Sequence[bool], equations: Sequence[Equation], cells: Iterable[int], width: float
) -> list[int]:
    """Those of `cells` whose bounds lie closer together than `width`, or are not seen to lie further apart.

    Tables in which several counts at once are pushed up or down, each by `width` at most, show most of them to be wide; the few that are left get
    programs of their own. Where many are left they are taken as narrow: hiding more than need be is no fault.
    """
    unknowns = Unknowns(values, hidden, equations)
    truth = np.array([values[cell] for cell in unknowns.cells], float)
    low, high = truth.copy(), truth.copy()
    open_ = [unknowns.place[cell] for cell in cells if cell in unknowns.place]
    random, stale = np.random.default_rng(1), 0
    while open_ and stale < STALE_ROUNDS:
        # Pushed all at once, counts of one group stand in each other's way: after a round without gain, only some of them.
        some = (
            open_ if not stale else sorted(random.choice(open_, max(1, len(open_) // 2**stale), replace=False).tolist())
        )
        table = unknowns.pushed(some, random.choice((-1.0, 1.0), len(some)), truth, width)
        low, high = np.minimum(low, table), np.maximum(high, table)
        left = [place for place in open_ if high[place] - low[place] < width - SLACK]
        stale = stale + 1 if len(left) == len(open_) else max(0, stale - 1)
        open_ = left
    if len(open_) > FEW:
        return [unknowns.cells[place] for place in open_]
    found = []
    for place in open_:
        for sign in (1.0, -1.0):
            if high[place] - low[place] < width - SLACK:
                weights = np.zeros(len(truth))
                weights[place] = sign
                table = unknowns.extreme(weights)
                low, high = np.minimum(low, table), np.maximum(high, table)
        if high[place] - low[place] < width - SLACK:
            found.append(unknowns.cells[place])
    return found
