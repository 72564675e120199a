"""What the checks of all kinds of packs share: conditions, choices, sources, values of tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
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
from trygg.engines.instruments import REPEATED

from .index import Declared, Index, rows
from .loader import Pack

Found = Iterator[tuple[str, str, str]]  # path, code, reason
OWN_DESIGN = "TRYGG"
"""The source of what no published source says: Trygg's own proposal. It counts as partly verified, whatever rests on it."""


def condition(
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
        yield from fits(child, known, place)
        if ignorance and child.op is Op.KNOWN and child.operand is positive:
            yield place, "ignorance_decides", f"not knowing '{child.name}' would rule this out; leave 'known' away"


def fits(node: Node, known: Declared, place: str) -> Found:
    """Whether the comparison suits the type, and its values stand among the choices."""
    if not isinstance(node, Compare) or known.type is None:
        return
    if node.op not in OPS_FOR[known.type]:
        fitting = ", ".join(sorted(OPS_FOR[known.type]))
        yield place, "wrong_comparison", f"'{node.op}' does not fit '{known.id}' ({known.type}); use {fitting}"
        return
    if node.op in (Op.KNOWN, Op.CONTAINS):
        return
    single = ValueType.CHOICE if known.type is ValueType.CHOICES else known.type
    for value in node.operand if isinstance(node.operand, tuple) else (node.operand,):
        if value_problems(single, value, known.choices):
            allowed = f": {', '.join(known.choices)}" if known.type in WITH_CHOICES else ""
            yield place, "unknown_value", f"{value!r} is no value of '{known.id}' ({known.type}{allowed})"


def choices(holder: Mapping[str, Any], path: str) -> Found:
    asks = holder.get("type") in list(WITH_CHOICES)
    if asks and not holder.get("choices"):
        yield f"{path}.choices", "missing", f"'choices' is missing: the type is '{holder['type']}'"
    if not asks and "choices" in holder:
        yield f"{path}.choices", "no_meaning", f"the type '{holder.get('type')}' has no choices"
    yield from twice(((f"{p}.id", choice.get("id")) for p, choice in rows(holder, "choices", path)), "choice")


def source(pack: Pack, holder: Mapping[str, Any], path: str) -> Found:
    source = holder.get("source")
    if isinstance(source, str) and source not in mapping(pack.data, "sources"):
        yield f"{path}.source", "unknown_source", f"'{source}' does not stand under 'sources'"
    if source == OWN_DESIGN and holder.get("verified") == "yes":
        reason = "what Trygg has thought out itself has no source to verify it against: it is 'partly' at most"
        yield f"{path}.verified", "own_design", reason


def test_value(known: Declared | None, what: str, name: str, raw: Any, path: str) -> Found:
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


def twice(places: Iterable[tuple[str, Any]], what: str) -> Found:
    found = [(path, name) for path, name in places if isinstance(name, str)]
    counted = Counter(name for _, name in found)
    seen: set[str] = set()
    for path, name in found:
        if counted[name] > 1 and name in seen:
            yield path, "duplicate", f"the {what} '{name}' stands twice"
        seen.add(name)


def mapping(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def texts(raw: Any) -> Collection[str]:
    return [member for member in raw if isinstance(member, str)] if isinstance(raw, list) else []


def test_answers(index: Index, instrument: str, answers: Any, path: str, values: bool = True) -> Found:
    """Whether the answers of a test name items and, unless `values` is False, are values of theirs."""
    items = index.items.get(instrument)
    if items is None:
        yield path, "unknown_pack", f"there is no instrument '{instrument}'"
        return
    for name, value in answers.items() if isinstance(answers, Mapping) else ():
        known = items.get(name.partition(REPEATED)[0])
        if values or known is None:
            yield from test_value(known, "item", name, value, f"{path}.{name}")
