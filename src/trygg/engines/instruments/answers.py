"""Which questions are asked, whether an answer fits, and how far one has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..conditions import (
    NOT_APPLICABLE,
    ONE_CHOICE,
    UNANSWERED,
    UNKNOWN,
    WITH_CHOICES,
    FactValue,
    Ground,
    State,
    ValueProblem,
    Withheld,
    evaluate,
    is_missing,
    normalise,
    value_problems,
)
from ..depth import Depth
from .model import Convention, EvidenceRule, Instrument, Item


class HiddenWhy(StrEnum):
    """Why an item is not asked."""

    DEPTH = "depth"  # only asked at a greater depth
    PHASE = "phase"  # only asked in another phase
    NOT_MET = "not_met"  # other answers rule it out
    NOT_YET = "not_yet"  # the answers that decide it are not there yet


@dataclass(frozen=True, slots=True)
class Hidden:
    why: HiddenWhy
    because: tuple[Ground, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visibility:
    """What is asked and what is not. `answers` are those that count: known items that are asked, normalised, without
    members that stand among no choices; these are in `outside`."""

    visible: tuple[str, ...]
    hidden: Mapping[str, Hidden]
    answers: Mapping[str, FactValue]
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def visibility(
    instrument: Instrument, answers: Mapping[str, Any], depth: Depth = Depth.FULL, phase: str = ""
) -> Visibility:
    """Which items are asked, given these answers, at this depth, in this phase (none: whatever the phase).

    Items are decided after those that they depend on, so an answer that is itself hidden decides nothing, whatever the
    order on the page: a fixed point, reached in one pass because circles are refused. To others, an item that was ruled
    out is NOT_APPLICABLE; one that is not asked at this depth, in this phase, or not yet, is UNANSWERED. An answer that
    stands among no choices decides nothing either, but by Canada's convention it does, and is dropped afterwards.
    """
    values: dict[str, FactValue] = {}
    hidden: dict[str, Hidden] = {}
    outside: dict[str, tuple[str, ...]] = {}
    at_once = instrument.convention is Convention.TRYGG
    for item_id in instrument.order:
        item = instrument.items[item_id]
        veil = _veil(item, values, depth, phase)
        if veil is not None:
            hidden[item_id] = veil
            values[item_id] = NOT_APPLICABLE if veil.why is HiddenWhy.NOT_MET else UNANSWERED
            continue
        value = normalise(answers.get(item_id, UNANSWERED))
        values[item_id] = _inside(item, value, outside) if at_once else value
    visible = tuple(item_id for item_id in instrument.items if item_id not in hidden)
    if not at_once:
        values |= {item_id: _inside(instrument.items[item_id], values[item_id], outside) for item_id in visible}
    counting = {item_id: values[item_id] for item_id in visible if values[item_id] is not UNANSWERED}
    return Visibility(
        visible, {item_id: hidden[item_id] for item_id in instrument.items if item_id in hidden}, counting, outside
    )


def _inside(item: Item, value: FactValue, outside: dict[str, tuple[str, ...]]) -> FactValue:
    """The answer without what stands among no choices; that is noted in `outside`."""
    if (item.type not in WITH_CHOICES and item.matrix is None) or is_missing(value) or value is NOT_APPLICABLE:
        return value
    allowed = item.choice_ids
    if item.type in ONE_CHOICE:
        if isinstance(value, str) and value in allowed:
            return value
        outside[item.id] = tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
        return UNANSWERED
    members = value if isinstance(value, tuple) else (value,)
    dropped = tuple(str(member) for member in members if member not in allowed)
    if dropped:
        outside[item.id] = dropped
    return tuple(str(member) for member in members if member in allowed) or UNANSWERED


def _veil(item: Item, values: Mapping[str, FactValue], depth: Depth, phase: str) -> Hidden | None:
    if depth is not Depth.FULL and item.depth > depth:
        return Hidden(HiddenWhy.DEPTH)
    if phase and item.phases and phase not in item.phases:
        return Hidden(HiddenWhy.PHASE)
    if item.visible_when is None:
        return None
    verdict = evaluate(item.visible_when, values)
    if verdict.truth:
        return None
    why = HiddenWhy.NOT_YET if verdict.truth is None else HiddenWhy.NOT_MET
    return Hidden(why, verdict.because, verdict.needs)


def answer_problems(item: Item, value: Any) -> tuple[ValueProblem, ...]:
    """What is wrong with an answer to this item; empty when it fits or when there is none yet.

    "We do not know" (UNKNOWN), NOT_APPLICABLE and WITHHELD with a reason fit every item.
    """
    return value_problems(item.type, value, item.choice_ids, item.minimum, item.maximum)


class CompletionCode(StrEnum):
    """What keeps answers from being complete."""

    UNKNOWN_ITEM = "unknown_item"
    REQUIRED = "required"
    EVIDENCE_REQUIRED = "evidence_required"
    INVALID = "invalid"  # with `problem`


@dataclass(frozen=True, slots=True)
class CompletionProblem:
    item: str
    code: CompletionCode
    problem: ValueProblem | None = None


def completion_problems(
    instrument: Instrument,
    answers: Mapping[str, Any],
    depth: Depth = Depth.FULL,
    evidence: frozenset[str] | None = None,
    phase: str = "",
) -> list[CompletionProblem]:
    """Everything that keeps these answers from being complete. Hidden answers are not looked at.

    `evidence`: items that have evidence attached; None when it is not to be checked. A required item is not complete
    with UNKNOWN; it is with NOT_APPLICABLE or WITHHELD, which carry a statement of their own.
    """
    asked = visibility(instrument, answers, depth, phase)
    found = [CompletionProblem(name, CompletionCode.UNKNOWN_ITEM) for name in answers if name not in instrument.items]
    for item_id in asked.visible:
        item, value = instrument.items[item_id], asked.answers.get(item_id, UNANSWERED)
        # The raw value: normalising makes a list of anything, and drops what is wrong about it.
        problems = () if normalise(answers.get(item_id)) is UNANSWERED else answer_problems(item, answers.get(item_id))
        found += [CompletionProblem(item_id, CompletionCode.INVALID, problem) for problem in problems]
        if item.required and value in (UNANSWERED, UNKNOWN) and not problems:
            found.append(CompletionProblem(item_id, CompletionCode.REQUIRED))
        has_value = not isinstance(value, State | Withheld)
        if item.evidence is EvidenceRule.REQUIRED and has_value and evidence is not None and item_id not in evidence:
            found.append(CompletionProblem(item_id, CompletionCode.EVIDENCE_REQUIRED))
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one has come, over the items that are asked. `missing`: required items without an answer, in order."""

    asked: int
    answered: int
    unknown: int
    withheld: int
    required: int
    missing: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        return not self.missing


def progress(
    instrument: Instrument,
    answers: Mapping[str, Any],
    depth: Depth = Depth.FULL,
    section: str | None = None,
    phase: str = "",
) -> Progress:
    """Progress in the instrument, or in one of its sections."""
    asked = visibility(instrument, answers, depth, phase)
    items = [instrument.items[name] for name in asked.visible if section in (None, instrument.items[name].section)]
    values = [asked.answers.get(item.id, UNANSWERED) for item in items]
    required = [(item, value) for item, value in zip(items, values, strict=True) if item.required]
    return Progress(
        asked=len(items),
        answered=sum(not is_missing(value) for value in values),
        unknown=sum(value is UNKNOWN for value in values),
        withheld=sum(isinstance(value, Withheld) for value in values),
        required=len(required),
        missing=tuple(item.id for item, value in required if value in (UNANSWERED, UNKNOWN)),
    )
