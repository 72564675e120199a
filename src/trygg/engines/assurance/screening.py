"""Facts + rules + frameworks -> what applies, how deep, what is forbidden, what must be done, what is still needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..conditions import Ground, Verdict, dates, evaluate
from ..depth import Depth
from .model import Framework, RulesPack
from .rules import Result, RuleOutcome, evaluate_rules, rule_dates


@dataclass(frozen=True, slots=True)
class DepthReason:
    """One reason for a depth: a step of the framework, or a rule (then `rule` is its id). `truth` None: cannot tell."""

    level: Depth
    truth: bool | None
    pack: str
    rule: str | None = None
    because: tuple[Ground, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """Whether a framework applies (None: cannot tell), why, and at which depth.

    `depth_because` holds the reasons for exactly that depth; empty when it is light because nothing raised it.
    """

    pack: str
    version: str
    applies: bool | None
    because: tuple[Ground, ...]
    needs: tuple[str, ...]
    depth: Depth
    depth_because: tuple[DepthReason, ...] = ()


@dataclass(frozen=True, slots=True)
class FactNeed:
    """A fact that still matters, and who asks for it (`pack`, `pack/rule` or `pack/requirement`)."""

    fact: str
    wanted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screening:
    """The result for one matter on one day. `next_change`: the first later day on which time alone may change it."""

    on: date
    depth: Depth
    frameworks: tuple[FrameworkLine, ...]
    outcomes: tuple[RuleOutcome, ...]
    needs: tuple[FactNeed, ...]
    next_change: date | None

    def of(self, *results: Result) -> tuple[RuleOutcome, ...]:
        """The outcomes with one of these results, in the order of the packs."""
        return tuple(outcome for outcome in self.outcomes if outcome.result in results)

    @property
    def prohibitions(self) -> tuple[RuleOutcome, ...]:
        return self.of(Result.PROHIBITED)

    @property
    def preconditions(self) -> tuple[RuleOutcome, ...]:
        return self.of(Result.PRECONDITION_MISSING, Result.PRECONDITION_MET)

    @property
    def duties(self) -> tuple[RuleOutcome, ...]:
        return self.of(Result.DUTY, Result.DUTY_MET)

    @property
    def upcoming(self) -> tuple[RuleOutcome, ...]:
        """Rules that are not in force yet and will (True) or may (None) apply from their date."""
        return self.of(Result.NOT_YET)

    def framework(self, pack: str) -> FrameworkLine:
        """The line of that framework. Raises KeyError."""
        for line in self.frameworks:
            if line.pack == pack:
                return line
        raise KeyError(pack)


def screen(packs: Iterable[RulesPack | Framework], facts: Mapping[str, Any], on: date) -> Screening:
    """Screen one matter.

    Unknown never lowers the depth: a step or a rule that cannot be told counts as if it held. The depth of the case is
    the deepest of the frameworks that apply or may apply, and of what the rules raise it to.
    """
    packs = tuple(packs)
    rules = [pack for pack in packs if isinstance(pack, RulesPack)]
    frameworks = [pack for pack in packs if isinstance(pack, Framework)]
    outcomes = tuple(outcome for pack in rules for outcome in evaluate_rules(pack, facts, on))
    raised = [
        DepthReason(depth, outcome.applies, outcome.pack, outcome.rule, outcome.because, outcome.needs)
        for outcome in outcomes
        if (depth := outcome.raises_depth) is not None
    ]
    lines = tuple(screen_framework(framework, facts, on, raised) for framework in frameworks)
    depth = max([Depth.LIGHT, *(r.level for r in raised), *(ln.depth for ln in lines if ln.applies is not False)])
    changes = sorted(day for day in _dates(rules, frameworks) if day > on)
    return Screening(
        on, depth, lines, outcomes, _needs(frameworks, lines, outcomes, facts, on), next(iter(changes), None)
    )


def screen_framework(
    framework: Framework, facts: Mapping[str, Any], on: date, raised: Sequence[DepthReason] = ()
) -> FrameworkLine:
    """Whether the framework applies, and its depth: the deepest step that may hold, or what rules raise it to."""
    applies = evaluate(framework.applies_when, facts, on)
    candidates = [*_steps(framework, facts, on), *raised]
    depth = max([Depth.LIGHT, *(reason.level for reason in candidates)])
    because = tuple(reason for reason in candidates if reason.level is depth)
    return FrameworkLine(framework.id, framework.version, applies.truth, applies.because, applies.needs, depth, because)


def _steps(framework: Framework, facts: Mapping[str, Any], on: date) -> list[DepthReason]:
    found = []
    for step in framework.depth:
        verdict: Verdict = evaluate(step.when, facts, on)
        if verdict.truth is not False:
            found.append(DepthReason(step.level, verdict.truth, framework.id, None, verdict.because, verdict.needs))
    return found


def _dates(rules: Iterable[RulesPack], frameworks: Iterable[Framework]) -> set[date]:
    found = {day for pack in rules for rule in pack.rules for day in rule_dates(rule)}
    for framework in frameworks:
        nodes = [framework.applies_when, *(step.when for step in framework.depth)]
        nodes += [requirement.applies_when for requirement in framework.requirements]
        found |= {day for node in nodes for day in dates(node)}
    return found


def _needs(
    frameworks: Sequence[Framework],
    lines: Sequence[FrameworkLine],
    outcomes: Sequence[RuleOutcome],
    facts: Mapping[str, Any],
    on: date,
) -> tuple[FactNeed, ...]:
    wanted: dict[str, list[str]] = {}

    def want(names: Iterable[str], who: str) -> None:
        for name in names:
            wanted.setdefault(name, [])
            if who not in wanted[name]:
                wanted[name].append(who)

    for outcome in outcomes:
        want(outcome.needs, f"{outcome.pack}/{outcome.rule}")
    for framework, line in zip(frameworks, lines, strict=True):
        want(line.needs, framework.id)
        if line.applies is False:
            continue
        if not any(reason.truth for reason in line.depth_because):
            for reason in line.depth_because:
                if reason.rule is None:
                    want(reason.needs, framework.id)
        for requirement in framework.requirements:
            if requirement.depth <= line.depth:
                want(evaluate(requirement.applies_when, facts, on).needs, f"{framework.id}/{requirement.id}")
    return tuple(FactNeed(fact, tuple(who)) for fact, who in wanted.items())
