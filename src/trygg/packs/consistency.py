"""What a schema can't see: ids that stand twice, things named and not there, conditions that can't be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from trygg.engines.depth import Depth

from .checks import OWN_DESIGN, Found, choices, condition, mapping, source, test_answers, test_value, texts, twice
from .glossary_checks import glossary_problems
from .index import Index, rows
from .instrument_checks import instrument_problems, outside
from .loader import Kind, Pack, Problem
from .mapping_checks import mapping_problems

CHILD_WORDS = 15
"""At most so many words in a sentence of the child reading."""


def consistency_problems(pack: Pack, index: Index) -> list[Problem]:
    """Everything inconsistent in this pack, given all packs that it may refer to (itself among them)."""
    by_kind: dict[str, Callable[[Pack, Index], Found]] = {
        Kind.RULES: _rules,
        Kind.FRAMEWORK: _framework,
        Kind.INSTRUMENT: instrument_problems,
        Kind.MAPPING: mapping_problems,
        Kind.GLOSSARY: glossary_problems,
    }
    found = [*_head(pack, index), *(by_kind[pack.kind](pack, index) if pack.kind in by_kind else ())]
    return [Problem(pack.file, *each) for each in found]


def _head(pack: Pack, index: Index) -> Found:
    place = PurePath(pack.file)
    if place.suffix in (".yaml", ".yml") and place.parent.name in set(Kind):
        if place.stem != pack.id:
            yield "id", "wrong_place", f"the file of '{pack.id}' is named '{pack.id}.yaml'"
        if place.parent.name != pack.kind:
            yield "kind", "wrong_place", f"a pack of kind '{pack.kind}' lies in the folder '{pack.kind}'"
    for number, other in enumerate(texts(pack.data.get("requires"))):
        if other == pack.id:
            yield f"requires[{number}]", "requires_itself", "a pack does not require itself"
        elif other not in index.packs:
            yield f"requires[{number}]", "unknown_pack", f"there is no pack '{other}'"
    yield from twice(((path, row.get("name")) for path, row in rows(pack.data, "tests")), "test")
    if mapping(mapping(pack.data, "sources"), OWN_DESIGN).get("verified") == "yes":
        yield (
            f"sources.{OWN_DESIGN}.verified",
            "own_design",
            "what Trygg has thought out itself is 'partly' verified at most",
        )


def _rules(pack: Pack, index: Index) -> Found:
    for path, fact in rows(pack.data, "facts"):
        name = fact.get("id")
        if name == "date":
            yield f"{path}.id", "reserved", "'date' is the stated date; a fact needs another name"
        first = index.facts.get(str(name))
        if first is not None and first.pack != pack.id:
            yield f"{path}.id", "declared_twice", f"the fact '{name}' is declared in '{first.pack}' already"
        yield from choices(fact, path)
    yield from twice(((f"{path}.id", row.get("id")) for path, row in rows(pack.data, "facts")), "fact")
    yield from twice(((f"{path}.id", row.get("id")) for path, row in rows(pack.data, "rules")), "rule")
    for path, rule in rows(pack.data, "rules"):
        yield from source(pack, rule, path)
        yield from condition(pack, index, rule, "when", path, ignorance=True)
        yield from condition(pack, index, rule, "met_when", path)
        if "met_when" in rule and not any(rule.get(word) in ["precondition", "duty"] for word in ("outcome", "early")):
            yield f"{path}.met_when", "no_meaning", "only a precondition or a duty can be met"
        if "early" in rule and "from" not in rule:
            yield f"{path}.early", "no_meaning", "'early' is what holds before 'from', and there is no 'from'"
        if str(rule.get("from", "")) > str(rule.get("until", "9")):
            yield f"{path}.until", "ends_before_it_begins", "'until' lies before 'from'"
    known = [row.get("id") for _, row in rows(pack.data, "rules")]
    for path, test in rows(pack.data, "tests"):
        yield from _test_facts(pack, index, test, path)
        for rule_id in mapping(test, "expect"):
            if rule_id not in known:
                yield f"{path}.expect.{rule_id}", "unknown_rule", f"this pack has no rule '{rule_id}'"


def _framework(pack: Pack, index: Index) -> Found:
    data = pack.data
    yield from condition(pack, index, data, "applies_when", "", ignorance=True)
    for path, step in rows(data, "depth"):
        yield from condition(pack, index, step, "when", path, ignorance=True)
    yield from _depth_order(data)
    yield from twice(((f"{path}.id", row.get("id")) for path, row in rows(data, "groups")), "group")
    yield from twice(((f"{path}.id", row.get("id")) for path, row in rows(data, "requirements")), "requirement")
    groups = [row.get("id") for _, row in rows(data, "groups")]
    for path, requirement in rows(data, "requirements"):
        if "group" in requirement and requirement["group"] not in groups:
            yield f"{path}.group", "unknown_group", f"there is no group '{requirement['group']}'"
        yield from source(pack, requirement, path)
        yield from condition(pack, index, requirement, "applies_when", path, ignorance=True)
        yield from _child_reading(requirement, path)
        needs = [each for below, need in rows(requirement, "needs", path) for each in _leaves(below, need)]
        yield from twice(((f"{below}.id", need.get("id")) for below, need in needs), "need")
        for below, need in needs:
            yield from _need(pack, index, need, below)
    known = [row.get("id") for _, row in rows(data, "requirements")]
    for path, test in rows(data, "tests"):
        yield from _test_facts(pack, index, test, path)
        for instrument, answers in mapping(test, "answers").items():
            yield from test_answers(index, instrument, answers, f"{path}.answers.{instrument}")
        for claim in mapping(mapping(test, "expect"), "claims"):
            if claim not in known:
                yield f"{path}.expect.claims.{claim}", "unknown_requirement", f"there is no requirement '{claim}'"


def _leaves(path: str, need: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """A need and its alternatives: all of them have ids."""
    return [(path, need), *rows(need, "any_of", path)]


def _need(pack: Pack, index: Index, need: Mapping[str, Any], path: str) -> Found:
    if need.get("kind") != "answers" or not isinstance(need.get("instrument"), str):
        return
    instrument = need["instrument"]
    items = index.items.get(instrument)
    if items is None:
        yield f"{path}.instrument", "unknown_pack", f"there is no instrument '{instrument}'"
        return
    if instrument not in pack.requires:
        yield f"{path}.instrument", "not_required", f"'{instrument}' is used but does not stand in 'requires'"
    if not need.get("items") and "when" not in need:
        yield path, "asks_nothing", "a need of answers names items, or a condition over answers, or both"
    repeated = {name: declared.repeat for name, declared in items.items() if declared.repeat}
    for number, name in enumerate(texts(need.get("items"))):
        if name not in items:
            yield f"{path}.items[{number}]", "unknown_item", f"'{instrument}' has no item '{name}'"
        yield from outside({"item": name}, repeated, None, f"{path}.items[{number}]")
    yield from outside(need.get("when"), repeated, None, f"{path}.when")
    yield from condition(pack, index, need, "when", path, items=items, allow_date=True)


def _depth_order(data: Mapping[str, Any]) -> Found:
    steps = [(p, row["level"]) for p, row in rows(data, "depth") if row.get("level") in [d.value for d in Depth]]
    for (_, first), (path, second) in pairwise(steps):
        if not Depth(second) < Depth(first):
            yield f"{path}.level", "depth_order", "the deepest level stands first, and each once"


def _child_reading(requirement: Mapping[str, Any], path: str) -> Found:
    for language, text in mapping(requirement, "child").items():
        for sentence in re.split(r"[.!?]+(?:\s|$)", text) if isinstance(text, str) else ():
            words = len(re.findall(r"\w+(?:[-'\u2019:]\w+)*", sentence))
            if words > CHILD_WORDS:
                reason = (
                    f"a sentence for children has {words} words, at most {CHILD_WORDS}: '{sentence.strip()[:60]}...'"
                )
                yield f"{path}.child.{language}", "long_sentence", reason


def _test_facts(pack: Pack, index: Index, test: Mapping[str, Any], path: str) -> Found:
    for name, value in mapping(test, "facts").items():
        yield from test_value(index.facts.get(name), "fact", name, value, f"{path}.facts.{name}")
