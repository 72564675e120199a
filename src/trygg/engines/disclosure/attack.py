"""The attacker: somebody who knows every published count, every margin, and linear programming.

Bounds of the hidden counts, as in Cox (1980, JASA 75) and Fischetti and Salazar (2001, Management Science 47): the least and the most that
each can be, given that counts are not negative and that the sums hold.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy import sparse

Equation = tuple[int, tuple[int, ...]]  # the sum, and its parts
ENOUGH_DRAWS = 8


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


def narrow(
    values: Sequence[int], hidden: Sequence[bool], equations: Sequence[Equation], cells: Iterable[int], width: float
) -> list[int]:
    """Those of `cells` whose bounds lie closer together than `width`.

    A few extreme tables show most of them to be wide; only the rest need programs of their own.
    """
    unknowns = Unknowns(values, hidden, equations)
    wanted = [cell for cell in cells if cell in unknowns.place]
    if not wanted:
        return []
    truth = np.array([values[cell] for cell in unknowns.cells], float)
    low, high = truth.copy(), truth.copy()
    random = np.random.default_rng(1)
    ones = np.ones(len(unknowns.cells))
    for weights in (ones, -ones, *(random.choice((-1.0, 1.0), len(ones)) for _ in range(ENOUGH_DRAWS))):
        table = unknowns.extreme(weights)
        low, high = np.minimum(low, table), np.maximum(high, table)
    found = []
    for cell in wanted:
        place = unknowns.place[cell]
        for sign in (1.0, -1.0):
            if high[place] - low[place] < width - 1e-6:
                weights = np.zeros(len(ones))
                weights[place] = sign
                table = unknowns.extreme(weights)
                low, high = np.minimum(low, table), np.maximum(high, table)
        if high[place] - low[place] < width - 1e-6:
            found.append(cell)
    return found
