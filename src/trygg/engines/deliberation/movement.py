"""How opinions moved: first opinions, given sealed before the discussion, set against final votes.

The matrix is the committee's own and nothing in it is suppressed: in a group with one seat it shows that person's
opinion. It must not leave the committee by group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from trygg.engines.deliberation.rules import Seat

NOT_GIVEN = "not_given"
"""Stands for a first opinion or a final vote that a seat did not give (absent, recused, silent)."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """cells[i][j] seats went from first[i] to final[j]. Rows and columns are those that occur, in the order asked."""

    first: tuple[str, ...]
    final: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]

    def count(self, first: str, final: str) -> int:
        if first not in self.first or final not in self.final:
            return 0
        return self.cells[self.first.index(first)][self.final.index(final)]


@dataclass(frozen=True, slots=True)
class Movement:
    """`moves` has one (group, first, final) for each seat, in seat order; the matrices count them."""

    moves: tuple[tuple[str, str, str], ...]
    overall: Matrix
    groups: Mapping[str, Matrix]

    def changed(self, consistent: Collection[tuple[str, str]]) -> Counter[tuple[str, str, str]]:
        """Moves that are a change of mind: both were given, and (first, final) is not among the consistent pairs."""
        return Counter(
            (group, first, final)
            for group, first, final in self.moves
            if NOT_GIVEN not in (first, final) and (first, final) not in consistent
        )


def movement(
    seats: Sequence[Seat],
    first: Mapping[str, str],
    final: Mapping[str, str],
    *,
    first_order: Iterable[str] = (),
    final_order: Iterable[str] = (),
) -> Movement:
    """Set first opinions against final votes, overall and by group; both map seat id to a word.

    Raises ValueError for an opinion or vote from an id that is no seat.
    """
    strangers = (first.keys() | final.keys()) - {seat.id for seat in seats}
    if strangers:
        raise ValueError(f"Opinions or votes came from {sorted(strangers)}, which are no seats here.")
    moves = tuple((s.group, str(first.get(s.id, NOT_GIVEN)), str(final.get(s.id, NOT_GIVEN))) for s in seats)
    rows = _in_order(first_order, (move[1] for move in moves))
    columns = _in_order(final_order, (move[2] for move in moves))
    groups = {
        group: _matrix(rows, columns, [move for move in moves if move[0] == group])
        for group in dict.fromkeys(seat.group for seat in seats)
    }
    return Movement(moves=moves, overall=_matrix(rows, columns, moves), groups=groups)


def _in_order(order: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    """The words that occur: first those in the order given, then the others sorted, NOT_GIVEN last."""
    occurring = set(words)
    asked = [str(word) for word in dict.fromkeys(order) if word in occurring and word != NOT_GIVEN]
    others = sorted(occurring - set(asked) - {NOT_GIVEN})
    return (*asked, *others, *([NOT_GIVEN] if NOT_GIVEN in occurring else []))


def _matrix(rows: tuple[str, ...], columns: tuple[str, ...], moves: Iterable[tuple[str, str, str]]) -> Matrix:
    counts = Counter((first, final) for _, first, final in moves)
    return Matrix(rows, columns, tuple(tuple(counts[row, column] for column in columns) for row in rows))
