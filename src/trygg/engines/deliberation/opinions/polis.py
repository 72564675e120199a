"""Votes and statements from the CSV files that Polis exports.

votes: `comment-id`, `voter-id`, `vote` (1 agree, -1 disagree, 0 pass); of several rows for the same pair the last one
counts. comments: `comment-id`, `moderated` (1 in, 0 not looked at, -1 out), `comment-body`, if there `is-meta`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .votes import DISAGREE, Moderation, Votes, VotesError, collect

VALUES = {"1": 1, "0": 0, "-1": -1}
OUT = "-1"


class FileError(ValueError):
    """The file can't be read as votes or statements; the message says which line and what to do."""


@dataclass(frozen=True, slots=True)
class Statements:
    """`texts` by id, in the order of the file, and what was moderated."""

    texts: dict[str, str]
    moderation: Moderation


def read_statements(path: Path) -> Statements:
    """Statements of a Polis export. FileError for missing columns, an id twice, another value of `moderated`."""
    texts: dict[str, str] = {}
    out: set[str] = set()
    meta: set[str] = set()
    for number, row in _rows(path, ("comment-id", "moderated")):
        one = row["comment-id"].strip()
        if not one:
            raise FileError(f"{path.name}, line {number}: comment-id is empty")
        if one in texts:
            raise FileError(f"{path.name}, line {number}: comment-id {one} stands twice")
        if row["moderated"].strip() not in VALUES:
            raise FileError(
                f"{path.name}, line {number}: moderated is “{row['moderated'][:20]}”; it must be 1, 0 or -1"
            )
        texts[one] = row.get("comment-body") or ""
        if row["moderated"].strip() == OUT:
            out.add(one)
        if (row.get("is-meta") or "").strip().lower() in {"1", "true"}:
            meta.add(one)
    return Statements(texts, Moderation(frozenset(out), frozenset(meta)))


def read_votes(path: Path, statements: Statements | None = None) -> Votes:
    """Votes of a Polis export. FileError for missing columns, a line that is cut off, a vote that is none, and, where
    `statements` are given, a vote on a statement that is not among them."""
    voters: dict[str, int] = {}
    columns: dict[str, int] = {} if statements is None else {one: place for place, one in enumerate(statements.texts)}
    rows: tuple[list[int], list[int], list[int]] = ([], [], [])
    for number, row in _rows(path, ("comment-id", "voter-id", "vote")):
        statement, voter = row["comment-id"].strip(), row["voter-id"].strip()
        if not statement or not voter:
            raise FileError(f"{path.name}, line {number}: comment-id or voter-id is empty")
        if statements is not None and statement not in columns:
            raise FileError(
                f"{path.name}, line {number}: no statement has the id {statement}; is this the list of another conversation?"
            )
        vote = VALUES.get(row["vote"].strip())
        if vote is None:
            raise FileError(
                f"{path.name}, line {number}: “{row['vote'][:20]}” is no vote; it must be 1 (agree), 0 (pass) or {DISAGREE}"
            )
        rows[0].append(voters.setdefault(voter, len(voters)))
        rows[1].append(columns.setdefault(statement, len(columns)))
        rows[2].append(vote)
    if not rows[0]:
        raise FileError(f"{path.name} holds no votes")
    try:
        return collect(*rows, tuple(voters), tuple(columns))
    except VotesError as refused:
        raise FileError(f"{path.name}: {refused}") from refused


def _rows(path: Path, needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file with a heading. A row with fewer or more fields than the heading is refused."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise FileError(
                    f"{path.name} has no column {', '.join(missing)}; it has {', '.join(reader.fieldnames or ()) or 'no heading'}"
                )
            for row in reader:
                if None in row or None in row.values():
                    raise FileError(f"{path.name}, line {reader.line_num}: the row is cut off or has too many fields")
                yield reader.line_num, row
    except UnicodeDecodeError as refused:
        raise FileError(f"{path.name} is not UTF-8 text; save it as “CSV UTF-8”") from refused
    except csv.Error as refused:
        raise FileError(f"{path.name}, line {reader.reader.line_num}: {refused}") from refused
    except OSError as refused:
        raise FileError(f"{path} can't be read: {refused.strerror}") from refused
