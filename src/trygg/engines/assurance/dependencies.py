"""What depends on what: given a change, the requirements whose status or depth it may touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..conditions import Node, Subject, names
from .model import Framework, Need, Requirement, RulesPack


class ChangeKind(StrEnum):
    FACT = "fact"  # name of a fact
    ITEM = "item"  # an answer; `instrument` says of which instrument (empty: of any)
    DOCUMENT = "document"  # kind of document
    EVIDENCE = "evidence"  # kind of evidence: decision, fairness_audit, ...
    PACK = "pack"  # id of a pack of any kind
    SYSTEM_VERSION = "system_version"  # a new version of the system: whatever rests on evidence


@dataclass(frozen=True, slots=True)
class Change:
    kind: ChangeKind
    name: str = ""
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """One requirement that a change touches. `via`: how (`pack`, `applies`, `depth`, `rule:ID`, `need:ID`)."""

    framework: str
    requirement: str
    via: tuple[str, ...]


Leads = Mapping[str, Mapping[str, frozenset[str]]]
"""Instrument id -> item -> the items whose being asked depends on it (`instruments.follow_ups`)."""


def touched(
    change: Change,
    frameworks: Iterable[Framework],
    rules: Sequence[RulesPack] = (),
    follow_ups: Leads | None = None,
) -> list[Touched]:
    """The requirements that the change touches, in the order of the packs; each once, with every way.

    With `follow_ups` an answer also touches what rests on questions that it shows or hides.
    """
    found = []
    for framework in frameworks:
        whole = _whole_framework(change, framework, rules)
        for requirement in framework.requirements:
            via = [*whole, *_single(change, requirement, follow_ups or {})]
            if via:
                found.append(Touched(framework.id, requirement.id, tuple(dict.fromkeys(via))))
    return found


def _whole_framework(change: Change, framework: Framework, rules: Sequence[RulesPack]) -> list[str]:
    """Ways in which the change touches every requirement of the framework."""
    via = []
    if change.kind is ChangeKind.PACK:
        if change.name == framework.id:
            via.append("pack")
        via += [f"rule:{rule.id}" for pack in rules if pack.id == change.name for rule in pack.rules if rule.depth]
        declared = {fact.id for pack in rules if pack.id == change.name for fact in pack.facts}
        via += _reads(framework, declared)
    if change.kind is ChangeKind.FACT:
        via += _reads(framework, {change.name})
        via += [
            f"rule:{rule.id}" for pack in rules for rule in pack.rules if rule.depth and change.name in names(rule.when)
        ]
    return via


def _reads(framework: Framework, facts: set[str]) -> list[str]:
    via = ["applies"] if facts & names(framework.applies_when) else []
    return via + (["depth"] if any(facts & names(step.when) for step in framework.depth) else [])


def _single(change: Change, requirement: Requirement, follow_ups: Leads) -> list[str]:
    match change.kind:
        case ChangeKind.FACT:
            return ["applies"] if change.name in names(requirement.applies_when) else []
        case ChangeKind.SYSTEM_VERSION:
            return [f"need:{need.id}" for need in requirement.needs]
        case _:
            return [f"need:{need.id}" for need in requirement.needs if _rests_on(need, change, follow_ups)]


def _rests_on(need: Need, change: Change, follow_ups: Leads) -> bool:
    if need.any_of:
        return any(_rests_on(each, change, follow_ups) for each in need.any_of)
    instrument = need.params.get("instrument", "")
    match change.kind:
        case ChangeKind.DOCUMENT:
            return need.kind == "document" and need.params.get("document") == change.name
        case ChangeKind.EVIDENCE:
            return need.kind == change.name
        case ChangeKind.PACK:
            return instrument == change.name
        case ChangeKind.ITEM:
            if not instrument or change.instrument not in ("", instrument):
                return False
            reached = _reached(change.name, follow_ups.get(instrument, {}))
            return bool(reached & (_items(need.when) | set(need.items)))
        case _:
            return False


def _items(node: Node | None) -> frozenset[str]:
    return names(node, Subject.ITEM) if node is not None else frozenset()


def _reached(item: str, follow_ups: Mapping[str, frozenset[str]]) -> set[str]:
    reached, waiting = {item}, [item]
    while waiting:
        for follower in follow_ups.get(waiting.pop(), frozenset()) - reached:
            reached.add(follower)
            waiting.append(follower)
    return reached
