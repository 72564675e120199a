"""Who agreed, disagreed or passed on which statement: one vote for each pair, the last one.

Votes are 1 (agree), -1 (disagree) and 0 (pass); a statement that somebody has not seen has no vote. Participants and
statements are kept in the order of their ids, so the order in which votes came in decides nothing but which of two votes
on the same statement is the last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

AGREE, PASS, DISAGREE = 1, 0, -1
DENSE_CELLS = 200_000_000  # up to here a table of one byte a cell finds the last votes faster than sorting does

Ids = tuple[Any, ...]
Integers = NDArray[np.integer[Any]]


class VotesError(ValueError):
    """A vote that can't be counted. `row`: its place in what was given, from 0; -1 when it is about all of it."""

    def __init__(self, message: str, row: int = -1) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes by participant: row p holds `statements[start[p]:start[p + 1]]` and as many `values`. Made by `collect`."""

    participant_ids: Ids
    statement_ids: Ids
    start: NDArray[np.int64]  # n + 1
    statements: NDArray[np.int32]  # columns, ascending inside a row
    values: NDArray[np.int8]

    @property
    def shape(self) -> tuple[int, int]:
        """(participants, statements)."""
        return len(self.participant_ids), len(self.statement_ids)

    def __len__(self) -> int:
        """How many votes, each pair once."""
        return len(self.values)

    def per_participant(self) -> NDArray[np.int64]:
        """How many votes each participant has given, passes among them."""
        return np.diff(self.start)

    def rows(self) -> NDArray[np.int32]:
        """The participant's row of each vote."""
        return np.repeat(np.arange(self.shape[0], dtype=np.int32), self.per_participant())

    def content_hash(self) -> str:
        """SHA-256 over ids and votes: the same votes have the same hash in whatever order they came."""
        digest = hashlib.sha256()
        for ids in (self.participant_ids, self.statement_ids):
            digest.update(f"{len(ids)}\n".encode())
            digest.update("".join(f"{len(str(one))}:{one}\n" for one in ids).encode())
        for numbers, kind in ((self.start, "<i8"), (self.statements, "<i4"), (self.values, "<i1")):
            digest.update(numbers.astype(kind).tobytes())
        return digest.hexdigest()


def collect(
    participants: ArrayLike,
    statements: ArrayLike,
    values: ArrayLike,
    participant_ids: Sequence[Any],
    statement_ids: Sequence[Any],
) -> Votes:
    """Votes from three columns of equal length: places in `participant_ids` and `statement_ids`, and 1, 0 or -1.

    Of several votes of one participant on one statement the last row counts. Ids are sorted, numbers by size. A
    participant without a vote is kept. VotesError for another value, a place outside the ids, or an id twice.
    """
    rows, columns = (
        _places(participants, len(participant_ids), "participant"),
        _places(statements, len(statement_ids), "statement"),
    )
    cast = np.asarray(values)
    if cast.ndim != 1 or not len(rows) == len(columns) == len(cast):
        raise VotesError("participants, statements and votes are columns of the same length")
    odd = np.flatnonzero((cast != AGREE) & (cast != PASS) & (cast != DISAGREE))
    if len(odd):
        raise VotesError(f"{cast[odd[0]]} is no vote: 1 is agree, -1 is disagree, 0 is pass", int(odd[0]))
    cast = cast.astype(np.int8)
    row_order, column_order = _sorted(participant_ids, "participant"), _sorted(statement_ids, "statement")
    rows, columns = _inverse(row_order)[rows], _inverse(column_order)[columns]
    rows, kept, cast = _last(rows, columns, cast, len(participant_ids), len(statement_ids))
    start = np.zeros(len(participant_ids) + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=len(participant_ids)), out=start[1:])
    return Votes(
        tuple(participant_ids[place] for place in row_order.tolist()),
        tuple(statement_ids[place] for place in column_order.tolist()),
        start,
        kept,
        cast,
    )


def from_rows(rows: Iterable[tuple[Hashable, Hashable, int]], statement_ids: Iterable[Hashable] = ()) -> Votes:
    """Votes from (participant, statement, vote); `statement_ids` names statements that may have no vote. As `collect`."""
    participants: dict[Hashable, int] = {}
    statements: dict[Hashable, int] = {}
    for one in statement_ids:
        statements.setdefault(one, len(statements))
    columns: tuple[list[int], list[int], list[int]] = ([], [], [])
    for participant, statement, value in rows:
        columns[0].append(participants.setdefault(participant, len(participants)))
        columns[1].append(statements.setdefault(statement, len(statements)))
        columns[2].append(value)
    return collect(*columns, tuple(participants), tuple(statements))


def _places(given: ArrayLike, count: int, what: str) -> NDArray[np.int32]:
    places = np.asarray(given)
    if places.size and not np.issubdtype(places.dtype, np.integer):
        raise VotesError(f"each {what} is given as its place among the ids, a whole number")
    outside = np.flatnonzero((places < 0) | (places >= count))
    if len(outside):
        raise VotesError(f"no {what} stands at place {places[outside[0]]}; there are {count}", int(outside[0]))
    return places.astype(np.int32)


class _Key:
    """Numbers by size, before everything else by its letters; so 2 stands before 10, also as text."""

    __slots__ = ("key",)

    def __init__(self, one: Any) -> None:
        text = str(one)
        self.key = (0, int(text), text) if text.isascii() and text.isdigit() and len(text) < 19 else (1, 0, text)

    def __lt__(self, other: _Key) -> bool:
        return self.key < other.key


def _sorted(ids: Sequence[Any], what: str) -> NDArray[np.int32]:
    if not isinstance(ids, range) and len({str(one) for one in ids}) != len(ids):
        raise VotesError(f"two {what}s have the same id")
    if all(type(one) is int for one in ids):
        return np.argsort(np.array(ids, np.int64), kind="stable").astype(np.int32)
    return np.array(sorted(range(len(ids)), key=lambda place: _Key(ids[place])), np.int32)


def _inverse(order: NDArray[np.int32]) -> NDArray[np.int32]:
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order), dtype=np.int32)
    return inverse


def _last(
    rows: NDArray[np.int32], columns: NDArray[np.int32], values: NDArray[np.int8], count: int, width: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
    """Each pair once, with its last value, by row and column."""
    if 0 < count * width <= DENSE_CELLS:
        table = np.full((count, width), 2, np.int8)
        table[rows, columns] = (
            values  # of repeated places the last one stays: NumPy, "Assigning values to indexed arrays"
        )
        kept = np.flatnonzero(table != 2).astype(np.int32)
        return kept // width, kept % width, table.reshape(-1)[kept]
    keys = rows.astype(np.int64) * max(width, 1) + columns
    order = np.argsort(keys, kind="stable")
    ends = order[np.flatnonzero(np.diff(keys[order], append=-1))]
    return rows[ends], columns[ends], values[ends]


@dataclass(frozen=True)
class Moderation:
    """Statements that were taken out and statements about the conversation itself, by id: all of them count as 0."""

    out: frozenset[Any] = frozenset()
    meta: frozenset[Any] = frozenset()

    @cached_property
    def zeroed(self) -> frozenset[Any]:
        return self.out | self.meta

    def mask(self, votes: Votes) -> NDArray[np.bool_]:
        """True for each statement that counts as 0. Statements without votes need not be among the votes."""
        return np.array([one in self.zeroed for one in votes.statement_ids], bool)
