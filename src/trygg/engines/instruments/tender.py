"""What a buyer asks of those who tender, and puts into the contract: it hangs on the questions of an instrument, in the words `tender`
and `clauses` of a question. Which of it belongs to a matter follows from what is asked there and what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from ..conditions import Node, Subject, evaluate, parse
from .answers import HiddenWhy, Visibility
from .load import item_rows
from .model import Text

PLACEHOLDERS = ("buyer", "system", "reference")
"""What stands as `{buyer}` in a text and is filled in from the matter."""
_BRACED = re.compile(r"\{([^{}]*)\}")


class Weight(StrEnum):
    """MUST: a tender without it is not accepted. SHOULD: it is weighed among the tenders."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Support:
    """Where a text comes from."""

    refs: tuple[Mapping[str, str], ...]
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class TenderQuestion:
    """A question to those who tender, and the proof that goes with the answer. `when`: over answers; None: with its question."""

    id: str
    item: str
    weight: Weight
    question: Text
    evidence: Text
    when: Node | None
    support: Support


@dataclass(frozen=True, slots=True)
class Clause:
    """A proposal for the contract, for a lawyer to read. `when`: over answers; None: with its question."""

    id: str
    item: str
    title: Text
    text: Text
    when: Node | None
    support: Support


Thing = TypeVar("Thing", TenderQuestion, Clause)


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Thing]):
    """`open_items`: its condition hangs on these questions, which are not answered, so it is kept until they are."""

    thing: Thing
    open_items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """What belongs to the matter now, in the order of the questions; how many were left out, and why."""

    questions: tuple[Chosen[TenderQuestion], ...]
    clauses: tuple[Chosen[Clause], ...]
    deeper: int  # they hang on questions that are asked only at a greater depth or in another phase
    ruled_out: int  # answers rule them out
    waiting: int  # they hang on questions that are not asked yet, as the answers before them are missing


def parts_of(data: Mapping[str, Any]) -> tuple[tuple[TenderQuestion, ...], tuple[Clause, ...]]:
    """The tender questions and clauses in the data of an instrument that `packs.check` has passed; both empty for most of them."""
    questions: list[TenderQuestion] = []
    clauses: list[Clause] = []
    for path, row in _item_data(data):
        for place, raw in _listed(row, "tender", path):
            weight = Weight(raw["weight"])
            said = raw["question"], raw["evidence"]
            questions.append(TenderQuestion(raw["id"], row["id"], weight, *said, _when(raw, place), _support(raw)))
        for place, raw in _listed(row, "clauses", path):
            clauses.append(Clause(raw["id"], row["id"], raw["title"], raw["text"], _when(raw, place), _support(raw)))
    return tuple(questions), tuple(clauses)


def has_tender(data: Mapping[str, Any]) -> bool:
    """Whether any question of the instrument carries something for a tender or a contract."""
    return any(row.get("tender") or row.get("clauses") for _, row in _item_data(data))


def selection(data: Mapping[str, Any], asked: Visibility) -> Selection:
    """What belongs to a matter in which these questions are asked and these answers count.

    A question that is asked brings what hangs on it, unless a condition over answers is false. Not knowing leaves nothing out.
    """
    questions, clauses = parts_of(data)
    visible = set(asked.visible)
    left = {"deeper": 0, "ruled_out": 0, "waiting": 0}

    def choose(things: tuple[Thing, ...]) -> Iterator[Chosen[Thing]]:
        for thing in things:
            if thing.item not in visible:
                left[_why_not(asked, thing.item)] += 1
                continue
            verdict = evaluate(thing.when, asked.answers) if thing.when is not None else None
            if verdict is not None and verdict.truth is False:
                left["ruled_out"] += 1
                continue
            yield Chosen(thing, tuple(verdict.needs) if verdict is not None and verdict.truth is None else ())

    return Selection(tuple(choose(questions)), tuple(choose(clauses)), **left)


def placeholders_in(text: str) -> list[str]:
    """Every word in braces, known or not."""
    return _BRACED.findall(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled. Raises KeyError for one that has no value."""
    return _BRACED.sub(lambda found: values[found.group(1)], text)


def _why_not(asked: Visibility, item: str) -> str:
    hidden = asked.hidden.get(item)
    if hidden is None or hidden.why in (HiddenWhy.DEPTH, HiddenWhy.PHASE):
        return "deeper"
    return "waiting" if hidden.why is HiddenWhy.NOT_YET else "ruled_out"


def _item_data(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    raw = data.get("sections")
    for index, section in enumerate(raw if isinstance(raw, list | tuple) else ()):
        if isinstance(section, Mapping):
            for path, row, _ in item_rows(section, f"sections[{index}]"):
                yield path, row


def _listed(row: Mapping[str, Any], word: str, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, raw in enumerate(row.get(word) or ()):
        yield f"{path}.{word}[{number}]", raw


def _when(raw: Mapping[str, Any], path: str) -> Node | None:
    if raw.get("when") is None:
        return None
    return parse(raw["when"], f"{path}.when", subjects=(Subject.ITEM,), allow_date=False)


def _support(raw: Mapping[str, Any]) -> Support:
    return Support(tuple(raw.get("refs") or ()), raw["source"], raw["verified"])
