"""Dated rules over facts: what each says on a day, why, and what is still needed to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ..conditions import Ground, Verdict, dates, evaluate
from ..depth import Depth
from .model import Outcome, Rule, RulesPack, Verified


class Result(StrEnum):
    """What a rule gives on a day (docs/packs.md)."""

    PROHIBITED = "prohibited"
    PRECONDITION_MISSING = "precondition_missing"
    PRECONDITION_MET = "precondition_met"
    DUTY = "duty"
    DUTY_MET = "duty_met"
    ADVICE = "advice"
    DOES_NOT_APPLY = "does_not_apply"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    CANNOT_TELL = "cannot_tell"


BLOCKING = frozenset({Result.PROHIBITED, Result.PRECONDITION_MISSING})
SILENT = frozenset({Result.DOES_NOT_APPLY, Result.NOT_YET, Result.EXPIRED})


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule says on one day.

    `applies` is the verdict of `when` alone. `early`: the result is what the rule gives before its date. `downgraded`:
    what it would have been, had the statement been verified. `needs`: facts that would change this result.
    """

    pack: str
    rule: str
    result: Result
    applies: bool | None
    because: tuple[Ground, ...]
    needs: tuple[str, ...]
    from_: date | None
    until: date | None
    verified: Verified
    early: bool = False
    downgraded: Result | None = None
    depth: Depth | None = None

    @property
    def raises_depth(self) -> Depth | None:
        """The depth to which this rule raises the case: also when it cannot be told, never when it is silent."""
        return None if self.result in SILENT else self.depth


def evaluate_rules(pack: RulesPack, facts: Mapping[str, Any], on: date) -> list[RuleOutcome]:
    """One outcome for each rule of the pack, in its order."""
    return [evaluate_rule(rule, facts, on, pack.id) for rule in pack.rules]


def evaluate_rule(rule: Rule, facts: Mapping[str, Any], on: date, pack: str = "") -> RuleOutcome:
    """The rule's outcome on that day.

    In this order: facts that rule it out, its end, its beginning, facts that are missing, and then what it says. So a
    rule that is not in force yet is `not_yet` and one that has ended `expired` also when facts are missing.
    """
    applies = evaluate(rule.when, facts, on)
    before = rule.from_ is not None and on < rule.from_
    result, verdict = _result(rule, applies, facts, on, before)
    downgraded = result if result in BLOCKING and rule.verified is not Verified.YES else None
    return RuleOutcome(
        pack=pack,
        rule=rule.id,
        result=Result.ADVICE if downgraded else result,
        applies=applies.truth,
        because=verdict.because,
        needs=verdict.needs,
        from_=rule.from_,
        until=rule.until,
        verified=rule.verified,
        early=before and rule.early is not None and result not in SILENT,
        downgraded=downgraded,
        depth=rule.depth,
    )


def rule_dates(rule: Rule) -> frozenset[date]:
    """The days on which time alone may change the outcome: the first day of another reading."""
    found = set(dates(rule.when)) | (set(dates(rule.met_when)) if rule.met_when else set())
    if rule.from_:
        found.add(rule.from_)
    if rule.until and rule.until < date.max:
        found.add(rule.until + timedelta(days=1))
    return frozenset(found)


def _result(rule: Rule, applies: Verdict, facts: Mapping[str, Any], on: date, before: bool) -> tuple[Result, Verdict]:
    if applies.truth is False:
        return Result.DOES_NOT_APPLY, applies
    if rule.until is not None and on > rule.until:
        return Result.EXPIRED, Verdict(applies.truth, applies.because)
    if before and rule.early is None:
        return Result.NOT_YET, applies
    if applies.truth is None:
        return Result.CANNOT_TELL, applies
    outcome = rule.early if before and rule.early is not None else rule.outcome
    if outcome is Outcome.PROHIBITED:
        return Result.PROHIBITED, applies
    if outcome is Outcome.ADVICE:
        return Result.ADVICE, applies
    met = evaluate(rule.met_when, facts, on) if rule.met_when is not None else Verdict(False)
    both = Verdict(True, tuple({(g.subject, g.name): g for g in (*applies.because, *met.because)}.values()), met.needs)
    if outcome is Outcome.DUTY:
        return (Result.DUTY_MET if met.truth else Result.DUTY), both
    if met.truth is None:
        return Result.CANNOT_TELL, both
    return (Result.PRECONDITION_MET if met.truth else Result.PRECONDITION_MISSING), both
