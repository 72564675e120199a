"""Which further counts to hide, so that those that must be hidden stay so."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .attack import Equation, narrow, surely_narrow

WIDTH = 5  # an attacker's bounds of a hidden count must lie this far apart


@dataclass(frozen=True, slots=True)
class Additive:
    """Counts, and the sums between them: (sum, parts), by position in `values`."""

    values: tuple[int, ...]
    equations: tuple[Equation, ...]

    def __post_init__(self) -> None:
        """Raises ValueError when a sum does not hold: then the table is not what it is said to be."""
        for total, parts in self.equations:
            if self.values[total] != sum(self.values[part] for part in parts):
                raise ValueError(f"the parts of count {total} do not add up to it")


def protect(table: Additive, primary: Sequence[int], width: float = WIDTH) -> list[bool]:
    """Every count that must be hidden: the primary ones, and the smallest others that keep them from being worked out.

    First by sums (a sum with one unknown gives it away, and one whose unknowns add up to little tells nearly as much), then by the attack:
    where the bounds of a primary count are closer than `width`, one more count beside it is hidden, until none is.
    """
    hidden = [False] * len(table.values)
    for cell in primary:
        hidden[cell] = True
    touching: dict[int, list[Equation]] = defaultdict(list)
    for equation in table.equations:
        for cell in (equation[0], *equation[1]):
            touching[cell].append(equation)
    must = sorted(set(primary))
    waiting = list(must)
    while True:
        while waiting:
            for equation in touching[waiting.pop()]:
                more = _one_more(table, hidden, equation, width)
                if more is not None:
                    hidden[more] = True
                    waiting.append(more)
                    waiting += [cell for cell in (equation[0], *equation[1]) if hidden[cell]]
        weak = surely_narrow(table.values, hidden, table.equations, must, width)
        if not weak:  # what is wide stays wide when more is hidden: only the rest is attacked again
            weak = must = narrow(table.values, hidden, table.equations, must, width)
        if not weak:
            return hidden
        for cell in weak:
            beside = {each for equation in touching[cell] for each in (equation[0], *equation[1]) if not hidden[each]}
            if not beside:  # nothing is left beside it: go on from what is hidden there
                near = {each for equation in touching[cell] for each in (equation[0], *equation[1])}
                beside = {
                    each
                    for one in near
                    for equation in touching[one]
                    for each in (equation[0], *equation[1])
                    if not hidden[each]
                }
            chosen = min(
                beside or {each for each, is_hidden in enumerate(hidden) if not is_hidden},
                key=lambda each: _cost(table, each),
                default=None,
            )
            if chosen is None:
                return hidden
            hidden[chosen] = True
            waiting.append(chosen)


def _one_more(table: Additive, hidden: list[bool], equation: Equation, width: float) -> int | None:
    """A count to hide in a sum that tells too much: its unknowns are one, or (under a known sum) add up to less than the width."""
    total, parts = equation
    unknown = [cell for cell in parts if hidden[cell]]
    if not unknown and not hidden[total]:
        return None
    if hidden[total]:
        if unknown:
            return None
        return min(parts, key=lambda cell: _cost(table, cell))  # a sum of known parts is known
    open_parts = [cell for cell in parts if not hidden[cell]]
    if len(unknown) > 1 and sum(table.values[cell] for cell in unknown) >= width:
        return None
    return min(open_parts, key=lambda cell: _cost(table, cell)) if open_parts else total


def _cost(table: Additive, cell: int) -> tuple[bool, int, int]:
    """Hiding zeros protects little, hiding large counts costs most; the position decides between equals."""
    value = table.values[cell]
    return value == 0, value, cell
