"""What a schema can't see: ids that stand twice, things named and not there, conditions that can't be right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from trygg.engines.conditions import (
    OPS_FOR,
    WITH_CHOICES,
    Compare,
    ConditionErrors,
    Node,
    Op,
    Subject,
    ValueType,
    parse,
    value_from_data,
    value_problems,
    walk,
)
from trygg.engines.depth import Depth
from trygg.engines.instruments import InstrumentError, load_instrument

from .index import Declared, Index, rows
from .loader import Kind, Pack, Problem

CHILD_WORDS = 15
"""At most so many words in a sentence of the child reading."""

Found = Iterator[tuple[str, str, str]]  # path, code, reason


def consistency_problems(pack: Pack, index: Index) -> list[Problem]:
    """Everything inconsistent in this pack, given all packs that it may refer to (itself among them)."""
    by_kind: dict[str, Callable[[Pack, Index], Found]] = {
        Kind.RULES: _rules,
        Kind.FRAMEWORK: _framework,
        Kind.INSTRUMENT: _instrument,
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
    for number, other in enumerate(_texts(pack.data.get("requires"))):
        if other == pack.id:
            yield f"requires[{number}]", "requires_itself", "a pack does not require itself"
        elif other not in index.packs:
            yield f"requires[{number}]", "unknown_pack", f"there is no pack '{other}'"
    yield from _twice(((path, row.get("name")) for path, row in rows(pack.data, "tests")), "test")


def _rules(pack: Pack, index: Index) -> Found:
    for path, fact in rows(pack.data, "facts"):
        name = fact.get("id")
        if name == "date":
            yield f"{path}.id", "reserved", "'date' is the stated date; a fact needs another name"
        first = index.facts.get(str(name))
        if first is not None and first.pack != pack.id:
            yield f"{path}.id", "declared_twice", f"the fact '{name}' is declared in '{first.pack}' already"
        yield from _choices(fact, path)
    yield from _twice(((f"{path}.id", row.get("id")) for path, row in rows(pack.data, "facts")), "fact")
    yield from _twice(((f"{path}.id", row.get("id")) for path, row in rows(pack.data, "rules")), "rule")
    for path, rule in rows(pack.data, "rules"):
        yield from _source(pack, rule, path)
        yield from _condition(pack, index, rule, "when", path, ignorance=True)
        yield from _condition(pack, index, rule, "met_when", path)
        if "met_when" in rule and not any(rule.get(word) in ["precondition", "duty"] for word in ("outcome", "early")):
            yield f"{path}.met_when", "no_meaning", "only a precondition or a duty can be met"
        if "early" in rule and "from" not in rule:
            yield f"{path}.early", "no_meaning", "'early' is what holds before 'from', and there is no 'from'"
        if str(rule.get("from", "")) > str(rule.get("until", "9")):
            yield f"{path}.until", "ends_before_it_begins", "'until' lies before 'from'"
    known = [row.get("id") for _, row in rows(pack.data, "rules")]
    for path, test in rows(pack.data, "tests"):
        yield from _test_facts(pack, index, test, path)
        for rule_id in _mapping(test, "expect"):
            if rule_id not in known:
                yield f"{path}.expect.{rule_id}", "unknown_rule", f"this pack has no rule '{rule_id}'"


def _framework(pack: Pack, index: Index) -> Found:
    data = pack.data
    yield from _condition(pack, index, data, "applies_when", "", ignorance=True)
    for path, step in rows(data, "depth"):
        yield from _condition(pack, index, step, "when", path, ignorance=True)
    yield from _depth_order(data)
    yield from _twice(((f"{path}.id", row.get("id")) for path, row in rows(data, "groups")), "group")
    yield from _twice(((f"{path}.id", row.get("id")) for path, row in rows(data, "requirements")), "requirement")
    groups = [row.get("id") for _, row in rows(data, "groups")]
    for path, requirement in rows(data, "requirements"):
        if "group" in requirement and requirement["group"] not in groups:
            yield f"{path}.group", "unknown_group", f"there is no group '{requirement['group']}'"
        yield from _source(pack, requirement, path)
        yield from _condition(pack, index, requirement, "applies_when", path, ignorance=True)
        yield from _child_reading(requirement, path)
        yield from _twice(((f"{p}.id", need.get("id")) for p, need in rows(requirement, "needs", path)), "need")
        for below, need in rows(requirement, "needs", path):
            yield from _need(pack, index, need, below)
    known = [row.get("id") for _, row in rows(data, "requirements")]
    for path, test in rows(data, "tests"):
        yield from _test_facts(pack, index, test, path)
        for instrument, answers in _mapping(test, "answers").items():
            yield from _test_answers(index, instrument, answers, f"{path}.answers.{instrument}")
        for claim in _mapping(_mapping(test, "expect"), "claims"):
            if claim not in known:
                yield f"{path}.expect.claims.{claim}", "unknown_requirement", f"there is no requirement '{claim}'"


def _instrument(pack: Pack, index: Index) -> Found:
    data = pack.data
    items = index.items.get(pack.id, {})
    scales = [row.get("id") for _, row in rows(data, "scales")]
    places = [(p, row) for above, section in rows(data, "sections") for p, row in rows(section, "items", above)]
    yield from _twice(((f"{path}.id", row.get("id")) for path, row in rows(data, "sections")), "section")
    yield from _twice(((f"{path}.id", row.get("id")) for path, row in places), "item")
    yield from _twice(((f"{path}.id", row.get("id")) for path, row in rows(data, "scales")), "scale")
    for path, scale in rows(data, "scales"):
        yield from _bands(scale, path)
        if not any(
            scale.get("id") in list(_mapping(c, "points")) for _, item in places for _, c in rows(item, "choices")
        ):
            yield path, "unused_scale", f"no choice gives points on '{scale.get('id')}'"
    broken = False
    for path, item in places:
        yield from _choices(item, path)
        yield from _source(pack, item, path)
        for below, choice in rows(item, "choices", path):
            for scale_id in _mapping(choice, "points"):
                if scale_id not in scales:
                    yield f"{below}.points.{scale_id}", "unknown_scale", f"there is no scale '{scale_id}'"
        if {"min", "max"} & item.keys() and item.get("type") != "number":
            yield path, "no_meaning", "'min' and 'max' belong to numbers"
        for each in _condition(pack, index, item, "visible_when", path, items=items):
            broken = True
            yield each
    if not broken:
        yield from _circle(pack)
    for path, test in rows(data, "tests"):
        yield from _test_answers(index, pack.id, _mapping(test, "answers"), f"{path}.answers")
        expect = _mapping(test, "expect")
        for word in ("visible", "hidden"):
            for number, name in enumerate(_texts(expect.get(word))):
                if name not in items:
                    yield f"{path}.expect.{word}[{number}]", "unknown_item", f"there is no item '{name}'"
        for word in ("scores", "bands"):
            for scale_id in _mapping(expect, word):
                if scale_id not in scales:
                    yield f"{path}.expect.{word}.{scale_id}", "unknown_scale", f"there is no scale '{scale_id}'"


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
    for number, name in enumerate(_texts(need.get("items"))):
        if name not in items:
            yield f"{path}.items[{number}]", "unknown_item", f"'{instrument}' has no item '{name}'"
    yield from _condition(pack, index, need, "when", path, items=items, allow_date=True)


def _condition(
    pack: Pack,
    index: Index,
    holder: Mapping[str, Any],
    word: str,
    path: str,
    *,
    items: Mapping[str, Declared] | None = None,
    allow_date: bool | None = None,
    ignorance: bool = False,
) -> Found:
    """The condition under `word`. With `items` it speaks of answers. `ignorance`: not knowing may not make it false."""
    if word not in holder:
        return
    where = f"{path}.{word}" if path else word
    subject = Subject.FACT if items is None else Subject.ITEM
    allow = items is None if allow_date is None else allow_date
    try:
        node = parse(holder[word], where, subjects=(subject,), allow_date=allow)
    except ConditionErrors as errors:
        for error in errors.errors:
            yield error.path, f"condition_{error.code}", error.reason
        return
    declared = index.facts if items is None else items
    for place, child, positive in walk(node, where):
        if not isinstance(child, Compare):
            continue
        known = declared.get(child.name)
        if known is None:
            yield place, f"unknown_{subject}", f"there is no {subject} '{child.name}'"
            continue
        if subject is Subject.FACT and known.pack != pack.id and known.pack not in pack.requires:
            yield (
                place,
                "not_required",
                f"'{child.name}' is declared in '{known.pack}', which does not stand in 'requires'",
            )
        yield from _fits(child, known, place)
        if ignorance and child.op is Op.KNOWN and child.operand is positive:
            yield place, "ignorance_decides", f"not knowing '{child.name}' would rule this out; leave 'known' away"


def _fits(node: Node, known: Declared, place: str) -> Found:
    """Whether the comparison suits the type, and its values stand among the choices."""
    if not isinstance(node, Compare) or known.type is None:
        return
    if node.op not in OPS_FOR[known.type]:
        fitting = ", ".join(sorted(OPS_FOR[known.type]))
        yield place, "wrong_comparison", f"'{node.op}' does not fit '{known.id}' ({known.type}); use {fitting}"
        return
    if node.op is Op.KNOWN:
        return
    single = ValueType.CHOICE if known.type is ValueType.CHOICES else known.type
    for value in node.operand if isinstance(node.operand, tuple) else (node.operand,):
        if value_problems(single, value, known.choices):
            allowed = f": {', '.join(known.choices)}" if known.type in WITH_CHOICES else ""
            yield place, "unknown_value", f"{value!r} is no value of '{known.id}' ({known.type}{allowed})"


def _choices(holder: Mapping[str, Any], path: str) -> Found:
    asks = holder.get("type") in list(WITH_CHOICES)
    if asks and not holder.get("choices"):
        yield f"{path}.choices", "missing", f"'choices' is missing: the type is '{holder['type']}'"
    if not asks and "choices" in holder:
        yield f"{path}.choices", "no_meaning", f"the type '{holder.get('type')}' has no choices"
    yield from _twice(((f"{p}.id", choice.get("id")) for p, choice in rows(holder, "choices", path)), "choice")


def _source(pack: Pack, holder: Mapping[str, Any], path: str) -> Found:
    source = holder.get("source")
    if isinstance(source, str) and source not in _mapping(pack.data, "sources"):
        yield f"{path}.source", "unknown_source", f"'{source}' does not stand under 'sources'"


def _bands(scale: Mapping[str, Any], path: str) -> Found:
    bands = list(rows(scale, "bands", path))
    yield from _twice(((f"{p}.id", band.get("id")) for p, band in bands), "band")
    for place, band in bands[:-1]:
        if "upto" not in band:
            yield f"{place}.upto", "band_gap", "only the last band has no 'upto'"
    if bands and "upto" in bands[-1][1]:
        yield f"{bands[-1][0]}.upto", "band_gap", "the last band has no 'upto': higher scores would have no band"
    limits = [(place, band["upto"]) for place, band in bands if isinstance(band.get("upto"), int | float)]
    for (_, lower), (place, upper) in pairwise(limits):
        if upper <= lower:
            yield f"{place}.upto", "band_gap", f"{upper} does not lie above {lower}, the band before"


def _depth_order(data: Mapping[str, Any]) -> Found:
    steps = [(p, row["level"]) for p, row in rows(data, "depth") if row.get("level") in [d.value for d in Depth]]
    for (_, first), (path, second) in pairwise(steps):
        if not Depth(second) < Depth(first):
            yield f"{path}.level", "depth_order", "the deepest level stands first, and each once"


def _child_reading(requirement: Mapping[str, Any], path: str) -> Found:
    for language, text in _mapping(requirement, "child").items():
        for sentence in re.split(r"[.!?]+(?:\s|$)", text) if isinstance(text, str) else ():
            words = len(re.findall(r"\w+(?:[-'\u2019:]\w+)*", sentence))
            if words > CHILD_WORDS:
                reason = (
                    f"a sentence for children has {words} words, at most {CHILD_WORDS}: '{sentence.strip()[:60]}...'"
                )
                yield f"{path}.child.{language}", "long_sentence", reason


def _circle(pack: Pack) -> Found:
    try:
        load_instrument(pack.data)
    except InstrumentError as error:
        if "circle" in str(error):
            yield "sections", "circle", str(error)
    except (KeyError, TypeError, ValueError, AttributeError):
        return  # the schema or another check says what is wrong


def _test_facts(pack: Pack, index: Index, test: Mapping[str, Any], path: str) -> Found:
    for name, value in _mapping(test, "facts").items():
        yield from _test_value(index.facts.get(name), "fact", name, value, f"{path}.facts.{name}")


def _test_answers(index: Index, instrument: str, answers: Any, path: str) -> Found:
    items = index.items.get(instrument)
    if items is None:
        yield path, "unknown_pack", f"there is no instrument '{instrument}'"
        return
    for name, value in answers.items() if isinstance(answers, Mapping) else ():
        yield from _test_value(items.get(name), "item", name, value, f"{path}.{name}")


def _test_value(known: Declared | None, what: str, name: str, raw: Any, path: str) -> Found:
    if known is None:
        yield path, f"unknown_{what}", f"there is no {what} '{name}'"
        return
    try:
        value = value_from_data(raw) if isinstance(raw, Mapping) else raw
    except ValueError:
        yield path, "unknown_value", f"{raw!r} is no state; there are unknown, not_applicable, unanswered, withheld"
        return
    if known.type is not None:
        for problem in value_problems(known.type, value, known.choices, known.minimum, known.maximum):
            yield path, "unknown_value", f"{raw!r} is no value of '{name}' ({known.type}): {problem.code}"


def _twice(places: Iterable[tuple[str, Any]], what: str) -> Found:
    found = [(path, name) for path, name in places if isinstance(name, str)]
    counted = Counter(name for _, name in found)
    seen: set[str] = set()
    for path, name in found:
        if counted[name] > 1 and name in seen:
            yield path, "duplicate", f"the {what} '{name}' stands twice"
        seen.add(name)


def _mapping(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _texts(raw: Any) -> Collection[str]:
    return [member for member in raw if isinstance(member, str)] if isinstance(raw, list) else []
