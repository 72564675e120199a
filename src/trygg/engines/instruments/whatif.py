"""What would change the result: single answers, and the shortest way to a lower level.

An answer that describes the system can only change when the system does; so steps are taken first among mitigations, which
are the questions that adjustments look at, then among answers that raise a flag, then among all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ..conditions import ONE_CHOICE, State, Withheld, normalise
from ..depth import Depth
from .batch import Result, Scorer
from .model import Flag, Instrument, Item, Scale, Threshold
from .points import counts_on
from .scoring import Assessment, assess


class Kind(StrEnum):
    """What sort of question a step is about."""

    MITIGATION = "mitigation"
    FLAG = "flag"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One other answer and what it would lead to: points and level of the headline scale, stops that would be gone.

    `answer`: id of a choice, or ids of all choices of a list. `gain`: points that it adds where adjustments look
    (mitigation), or takes from the headline.
    """

    item: str
    kind: Kind
    answer: str | tuple[str, ...]
    gain: Fraction
    current: Fraction | None
    level: int | None
    lifts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`level`: as it is. `steps`: single answers that change the level or lift a stop, the best first. `way`: the fewest
    mitigations, taken together, that lower the level; empty when none do. `way_level`: where the way leads."""

    scale: str | None
    current: Fraction | None
    level: int | None
    steps: tuple[Step, ...]
    way: tuple[Step, ...]
    way_current: Fraction | None = None
    way_level: int | None = None


def what_if(instrument: Instrument, answers: Mapping[str, Any], depth: Depth = Depth.FULL, phase: str = "") -> WhatIf:
    """What would change the result of these answers.

    Hundreds of other answers are tried: by the quick scorer, and flags are looked at only where the answer may lift one.
    """
    now = assess(instrument, answers, depth, phase)
    scorer = Scorer(instrument, depth=depth, phase=phase)
    result, headline = scorer(answers), instrument.headline
    level, current = _result(result, headline)
    mitigating = _mitigating(headline)
    asked = [instrument.items[name] for name in now.visibility.visible]
    flagged = _stops(now)
    lifting = _deciding(instrument, flagged)
    steps, gains = [], []
    for item in asked:
        kind = _kind(item, headline, mitigating, flagged)
        if kind is None:
            continue
        for answer in _others(item, now.visibility.answers.get(item.id)):
            changed = {**answers, item.id: answer}
            lifts: tuple[str, ...] = ()
            if item.id in lifting:
                after = _stops(assess(instrument, changed, depth, phase))
                lifts = tuple(sorted(flagged - after)) if after <= flagged else ()
            step = _step(item, kind, answer, result, scorer(changed), headline, mitigating, lifts)
            if (step.level is not None and level is not None and step.level != level) or step.lifts:
                steps.append(step)
            if kind is Kind.MITIGATION and step.gain > 0:
                gains.append(step)
    way, ending = _way(instrument, scorer, answers, headline, level, gains)
    way_level, way_current = _result(ending, headline) if ending else (None, None)
    return WhatIf(
        headline.id if headline else None, current, level, tuple(sorted(steps, key=_rank)), way, way_current, way_level
    )


def _stops(found: Assessment) -> set[str]:
    """Answers whose pack says stop, also those that only warn because the statement is not verified whole."""
    return {raised.item for raised in found.flags if raised.flag is Flag.STOP or raised.unverified}


def _deciding(instrument: Instrument, flagged: set[str]) -> set[str]:
    """The flagged questions, and all that decide, directly or not, whether they are asked."""
    found, waiting = set(flagged), list(flagged)
    while waiting:
        name = waiting.pop()
        above = {decider for decider, items in instrument.follow_ups.items() if name in items} - found
        found |= above
        waiting += above
    return found


def _rank(step: Step) -> tuple[int, int, int, Fraction, str]:
    return (-len(step.lifts), list(Kind).index(step.kind), step.level or 0, -step.gain, step.item)


def _result(found: Result, headline: Scale | None) -> tuple[int | None, Fraction | None]:
    if headline is None:
        return None, None
    ending = found.conclusions[headline.id]
    return ending.level, ending.current


def _mitigating(headline: Scale | None) -> frozenset[str]:
    """The scales, beside the headline's own, that its adjustments look at."""
    looked_at = (
        each.when.scale for each in (headline.adjustments if headline else ()) if isinstance(each.when, Threshold)
    )
    return frozenset(scale for scale in looked_at if headline is not None and scale != headline.id)


def _kind(item: Item, headline: Scale | None, mitigating: frozenset[str], flagged: set[str]) -> Kind | None:
    if any(counts_on(item, scale) for scale in mitigating):
        return Kind.MITIGATION
    if item.id in flagged:
        return Kind.FLAG
    if headline is not None and counts_on(item, headline.id) and item.choices:
        return Kind.OTHER
    return None


def _others(item: Item, value: Any) -> Iterator[str | tuple[str, ...]]:
    """Other answers to try: each other choice; of several choices, one more or one less."""
    if item.type in ONE_CHOICE:
        yield from (choice.id for choice in item.choices if choice.id != value)
        return
    if not item.choices:
        return
    held = () if value is None or isinstance(value, State | Withheld) else tuple(value)
    for choice in item.choices:
        rest = tuple(each for each in held if each != choice.id)
        yield rest if choice.id in held else (*held, choice.id)


def _step(
    item: Item, kind: Kind, answer: str | tuple[str, ...], now: Result, then: Result, headline: Scale | None,
    mitigating: frozenset[str], lifts: tuple[str, ...],
) -> Step:  # fmt: skip
    level, current = _result(then, headline)
    if kind is Kind.MITIGATION:
        gain = sum((then.totals[scale].points - now.totals[scale].points for scale in mitigating), Fraction(0))
    else:
        gain = now.totals[headline.id].points - then.totals[headline.id].points if headline else Fraction(0)
    return Step(item.id, kind, answer, gain, current, level, lifts)


def _way(
    instrument: Instrument, scorer: Scorer, answers: Mapping[str, Any], headline: Scale | None, level: int | None,
    gains: list[Step],
) -> tuple[tuple[Step, ...], Result | None]:  # fmt: skip
    """The largest gains first until the level falls, then without those that were not needed: with sums, and one scale that
    adjustments look at, no shorter way exists, as long as the mitigations do not decide about each other. A question
    with several choices stands in it once, with all that is to be chosen."""
    if headline is None or level is None:
        return (), None
    best: dict[tuple[str, str], Step] = {}
    for step in gains:
        key = (step.item, "" if isinstance(step.answer, str) else ",".join(step.answer))
        if key not in best or step.gain > best[key].gain:
            best[key] = step
    taken: list[Step] = []
    for step in sorted(best.values(), key=lambda each: (-each.gain, each.item)):
        taken.append(step)
        if _falls(scorer(_changed(instrument, answers, taken)), headline, level):
            break
    else:
        return (), None
    for step in taken[-2::-1]:
        less = [each for each in taken if each is not step]
        if _falls(scorer(_changed(instrument, answers, less)), headline, level):
            taken = less
    changed = _changed(instrument, answers, taken)
    whole: dict[str, Step] = {}
    for step in taken:
        gain = step.gain + (whole[step.item].gain if step.item in whole else 0)
        whole[step.item] = replace(step, answer=changed[step.item], gain=gain)
    return tuple(whole.values()), scorer(changed)


def _falls(found: Result, headline: Scale, level: int) -> bool:
    reached = found.conclusions[headline.id].level
    return reached is not None and reached < level


def _changed(instrument: Instrument, answers: Mapping[str, Any], steps: list[Step]) -> dict[str, Any]:
    """The answers after these steps; of several choices, each step adds its own or takes it away."""
    changed = dict(answers)
    for step in steps:
        if isinstance(step.answer, str):
            changed[step.item] = step.answer
            continue
        first, now = _held(instrument, answers, step.item), _held(instrument, changed, step.item)
        kept = [each for each in now if each in step.answer or each not in first]
        changed[step.item] = tuple(dict.fromkeys((*kept, *(each for each in step.answer if each not in first))))
    return changed


def _held(instrument: Instrument, answers: Mapping[str, Any], item: str) -> tuple[str, ...]:
    """The choices of an answer, without what stands among none."""
    value = normalise(answers.get(item))
    members = value if isinstance(value, tuple) else (value,)
    return tuple(each for each in members if isinstance(each, str) and instrument.items[item].choice(each))
