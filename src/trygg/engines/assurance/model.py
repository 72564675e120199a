"""Typed forms of rules packs and framework packs, made from data that `packs.check` has passed.

Loading raises KeyError, ValueError or ConditionErrors on data that the check would have refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from ..conditions import NOT_APPLICABLE, Always, Node, Subject, ValueType, parse, parse_day
from ..depth import Depth

Text = Mapping[str, str]  # language -> words
ANYWHERE = Always(True)


class Verified(StrEnum):
    """How far a statement was checked against its source."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Outcome(StrEnum):
    """What a rule says when it holds."""

    PROHIBITED = "prohibited"
    PRECONDITION = "precondition"
    DUTY = "duty"
    ADVICE = "advice"


class MatterKind(StrEnum):
    DEPLOYMENT = "deployment"
    EXPOSURE = "exposure"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    checked: date | None
    verified: Verified
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class FactDeclaration:
    """A question that is asked once, however many packs use the answer."""

    id: str
    type: ValueType
    question: Text
    help: Text
    choices: tuple[Choice, ...] = ()
    applies: frozenset[MatterKind] = frozenset(MatterKind)
    pack: str = ""

    @property
    def choice_ids(self) -> tuple[str, ...]:
        return tuple(choice.id for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated rule. `until` is the last day on which it holds."""

    id: str
    title: Text
    when: Node
    outcome: Outcome
    statement: Text
    next: Text
    source: str
    verified: Verified
    met_when: Node | None = None
    from_: date | None = None
    until: date | None = None
    early: Outcome | None = None
    depth: Depth | None = None
    refs: tuple[str, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class RulesPack:
    id: str
    version: str
    title: Text
    facts: tuple[FactDeclaration, ...]
    rules: tuple[Rule, ...]
    sources: Mapping[str, Source]

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


ANY_OF = "any_of"


@dataclass(frozen=True, slots=True)
class Need:
    """One piece of evidence that a claim must have. `params` holds everything that only its kind understands."""

    id: str
    kind: str
    max_age: int | None = None  # days
    when: Node | None = None  # over answers
    items: tuple[str, ...] = ()
    label: Text | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    any_of: tuple[Need, ...] = ()  # one of these is enough; then the kind is ANY_OF
    depth: Depth = Depth.LIGHT  # of an alternative: the lowest depth at which one is led to it; it counts at every depth

    @property
    def leaves(self) -> tuple[Need, ...]:
        """The kinds of evidence that it names: itself, or its alternatives."""
        return self.any_of or (self,)


@dataclass(frozen=True, slots=True)
class Requirement:
    id: str
    group: str
    claim: Text
    plain: Text
    child: Text
    about: str  # harm | benefit
    depth: Depth
    answered_by: str
    needs: tuple[Need, ...]
    next: Text
    source: str
    verified: Verified
    refs: tuple[Mapping[str, str], ...] = ()
    applies_when: Node = ANYWHERE

    @property
    def evidence(self) -> tuple[Need, ...]:
        """Every kind of evidence that it names, alternatives among them."""
        return tuple(leaf for need in self.needs for leaf in need.leaves)


@dataclass(frozen=True, slots=True)
class DepthStep:
    level: Depth
    when: Node


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Framework:
    id: str
    version: str
    title: Text
    applies_when: Node
    depth: tuple[DepthStep, ...]
    groups: tuple[Group, ...]
    requirements: tuple[Requirement, ...]
    sources: Mapping[str, Source]
    requires: tuple[str, ...] = ()

    def requirement(self, requirement_id: str) -> Requirement:
        """The requirement of that id. Raises KeyError."""
        for requirement in self.requirements:
            if requirement.id == requirement_id:
                return requirement
        raise KeyError(requirement_id)


def load_rules(data: Mapping[str, Any]) -> RulesPack:
    """A rules pack from the data of its file."""
    return RulesPack(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        facts=tuple(_fact(raw, data["id"]) for raw in data.get("facts") or ()),
        rules=tuple(_rule(raw, f"rules[{index}]") for index, raw in enumerate(data.get("rules") or ())),
        sources=load_sources(data),
    )


def load_framework(data: Mapping[str, Any]) -> Framework:
    """A framework pack from the data of its file."""
    return Framework(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        applies_when=parse(data["applies_when"], "applies_when"),
        depth=tuple(
            DepthStep(Depth(raw["level"]), parse(raw["when"], f"depth[{index}].when"))
            for index, raw in enumerate(data.get("depth") or ())
        ),
        groups=tuple(Group(raw["id"], raw["title"]) for raw in data.get("groups") or ()),
        requirements=tuple(
            _requirement(raw, f"requirements[{index}]") for index, raw in enumerate(data["requirements"])
        ),
        sources=load_sources(data),
        requires=tuple(data.get("requires") or ()),
    )


def load_sources(data: Mapping[str, Any]) -> dict[str, Source]:
    """The sources of any pack, by id."""
    return {
        key: Source(
            id=key,
            title=raw["title"],
            checked=parse_day(raw.get("checked"), f"sources.{key}.checked"),
            verified=Verified(raw["verified"]),
            url=raw.get("url", ""),
            note=raw.get("note", ""),
        )
        for key, raw in (data.get("sources") or {}).items()
    }


def facts_for_kind(
    facts: Mapping[str, Any], declarations: Mapping[str, FactDeclaration], kind: MatterKind
) -> dict[str, Any]:
    """The facts of a matter of this kind: those that are not asked of it are NOT_APPLICABLE, whatever was stored."""
    never = {name: NOT_APPLICABLE for name, fact in declarations.items() if kind not in fact.applies}
    return {**facts, **never}


def _fact(raw: Mapping[str, Any], pack: str) -> FactDeclaration:
    return FactDeclaration(
        id=raw["id"],
        type=ValueType(raw["type"]),
        question=raw["question"],
        help=raw["help"],
        choices=tuple(Choice(choice["id"], choice["label"]) for choice in raw.get("choices") or ()),
        applies=frozenset(MatterKind(kind) for kind in raw.get("applies") or MatterKind),
        pack=pack,
    )


def _rule(raw: Mapping[str, Any], path: str) -> Rule:
    return Rule(
        id=raw["id"],
        title=raw["title"],
        when=parse(raw["when"], f"{path}.when"),
        outcome=Outcome(raw["outcome"]),
        statement=raw["statement"],
        next=raw["next"],
        source=raw["source"],
        verified=Verified(raw["verified"]),
        met_when=parse(raw["met_when"], f"{path}.met_when") if "met_when" in raw else None,
        from_=parse_day(raw.get("from"), f"{path}.from"),
        until=parse_day(raw.get("until"), f"{path}.until"),
        early=Outcome(raw["early"]) if "early" in raw else None,
        depth=Depth(raw["depth"]) if "depth" in raw else None,
        refs=tuple(raw.get("refs") or ()),
        note=raw.get("note"),
    )


_NEED_WORDS = frozenset({"id", "kind", "max_age", "when", "items", "label", "depth"})


def _need(raw: Mapping[str, Any], path: str) -> Need:
    if "any_of" in raw:
        alternatives = tuple(_need(row, f"{path}.any_of[{index}]") for index, row in enumerate(raw["any_of"]))
        return Need(id=raw["id"], kind=ANY_OF, label=raw.get("label"), any_of=alternatives)
    return Need(
        id=raw["id"],
        kind=raw["kind"],
        max_age=raw.get("max_age"),
        when=parse(raw["when"], f"{path}.when", subjects=(Subject.ITEM,)) if "when" in raw else None,
        items=tuple(raw.get("items") or ()),
        label=raw.get("label"),
        params={key: value for key, value in raw.items() if key not in _NEED_WORDS},
        depth=Depth(raw.get("depth", Depth.LIGHT.value)),
    )


def _requirement(raw: Mapping[str, Any], path: str) -> Requirement:
    return Requirement(
        id=raw["id"],
        group=raw["group"],
        claim=raw["claim"],
        plain=raw["plain"],
        child=raw["child"],
        about=raw["about"],
        depth=Depth(raw["depth"]),
        answered_by=raw["answered_by"],
        needs=tuple(_need(need, f"{path}.needs[{index}]") for index, need in enumerate(raw["needs"])),
        next=raw["next"],
        source=raw["source"],
        verified=Verified(raw["verified"]),
        refs=tuple(raw.get("refs") or ()),
        applies_when=parse(raw["applies_when"], f"{path}.applies_when") if "applies_when" in raw else ANYWHERE,
    )
