"""What a schema can't see in a mapping: packs, versions, questions and choices that are not there, answers that don't fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trygg.engines.conditions import WITH_CHOICES
from trygg.engines.instruments import Relation
from trygg.engines.instruments.mapping import NEVER, fits, open_choices

from .checks import Found, mapping, source, test_value, texts
from .index import Declared, Index, rows
from .loader import Kind, Pack

Questions = Mapping[str, Declared | None]
"""By id: the questions of an instrument as declared, or the requirements of a framework (None: there is nothing to answer)."""

MAPPED = (Kind.INSTRUMENT, Kind.FRAMEWORK)


def mapping_problems(pack: Pack, index: Index) -> Found:
    """Everything inconsistent in a mapping."""
    yield from _ends(pack, index)
    sides = tuple(_questions(pack, index, word) for word in ("from", "to"))
    seen: set[tuple[str, str]] = set()
    for path, line in rows(pack.data, "map"):
        yield from source(pack, line, path)
        both = str(line.get("from")), str(line.get("to"))
        if both in seen:
            yield path, "duplicate", f"'{both[0]}' and '{both[1]}' stand beside each other twice"
        seen.add(both)
        if line.get("relation") in ["subset", "intersects"] and "note" not in line:
            reason = f"'note' is missing: somebody must look at what is '{line['relation']}', and reads there at what"
            yield f"{path}.note", "missing", reason
        found = [_question(pack, side, word, line, path) for side, word in zip(sides, ("from", "to"), strict=True)]
        for problem, _ in found:
            yield from problem
        yield from _carried(line, found[0][1], found[1][1], path)
    for path, test in rows(pack.data, "tests"):
        yield from _test(test, *(sides if test.get("direction") != "reverse" else sides[::-1]), path)


def _ends(pack: Pack, index: Index) -> Found:
    kinds = []
    for word in ("from", "to"):
        name, version = _end(pack, word)
        if not isinstance(name, str):
            continue
        other = index.packs.get(name)
        if other is None:
            yield f"{word}.pack", "unknown_pack", f"there is no pack '{name}'"
            continue
        if name not in pack.requires:
            yield f"{word}.pack", "not_required", f"'{name}' is mapped but does not stand in 'requires'"
        if other.kind not in MAPPED:
            yield (
                f"{word}.pack",
                "wrong_kind",
                f"'{name}' is of the kind '{other.kind}'; instruments and frameworks are mapped",
            )
        elif version != other.version and version not in _earlier(other):
            reason = f"there is no version {version} of '{name}' here, but {other.version}: read its questions, then name that"
            yield f"{word}.version", "unknown_version", reason
        kinds.append(other.kind)
    if len(set(kinds)) > 1 and set(kinds) <= set(MAPPED):
        yield "to.pack", "wrong_kind", "an instrument is mapped to an instrument, a framework to a framework"
    if _end(pack, "from")[0] == _end(pack, "to")[0] is not None:
        yield "to.pack", "same_pack", "a pack is not mapped to itself; versions have 'migrations'"


def _earlier(pack: Pack) -> list[Any]:
    """Versions that the pack says what became of: what was written against one of them is checked against this one."""
    return [row.get("from") for _, row in rows(pack.data, "migrations")]


def _end(pack: Pack, word: str) -> tuple[Any, Any]:
    end = mapping(pack.data, word)
    return end.get("pack"), end.get("version")


def _questions(pack: Pack, index: Index, word: str) -> Questions | None:
    """What the pack at this end asks; None when it is not there, or nothing that is mapped."""
    other = index.packs.get(str(_end(pack, word)[0]))
    if other is None or other.kind not in MAPPED:
        return None
    if other.kind == Kind.INSTRUMENT:
        return index.items[other.id]
    return {str(row.get("id")): None for _, row in rows(other.data, "requirements")}


def _question(
    pack: Pack, side: Questions | None, word: str, line: Mapping[str, Any], path: str
) -> tuple[list[tuple[str, str, str]], Declared | None]:
    name, where = line.get(word), f"{path}.{word}"
    if side is None or not isinstance(name, str):
        return [], None
    if name not in side:
        return [(where, "unknown_item", f"'{_end(pack, word)[0]}' has no question '{name}'")], None
    known = side[name]
    if known is not None and known.repeat:
        reason = f"'{name}' is asked once for each entry of '{known.repeat}'; which one is not said"
        return [(where, "repeated_elsewhere", reason)], None
    return [], known


def _carried(line: Mapping[str, Any], one: Declared | None, other: Declared | None, path: str) -> Found:
    raw = line.get("choices")
    if one is None or other is None:
        return
    listed = one.type in WITH_CHOICES and other.type in WITH_CHOICES and not {one.type, other.type} & set(NEVER)
    if raw is not None and not listed:
        yield f"{path}.choices", "no_meaning", f"only choices have choices; here are {one.type} and {other.type}"
    relation = line.get("relation")
    if relation in list(Relation) and not fits(one.type, other.type, Relation(relation)):
        yield path, "wrong_type", f"an answer to '{one.id}' ({one.type}) can't be one to '{other.id}' ({other.type})"
    if not listed:
        return
    said = mapping(line, "choices")
    for choice, counterpart in said.items():
        if choice not in one.choices:
            reason = f"'{choice}' is no choice of '{one.id}': {', '.join(one.choices)}"
            yield f"{path}.choices.{choice}", "unknown_value", reason
        if isinstance(counterpart, str) and counterpart not in other.choices:
            reason = f"'{counterpart}' is no choice of '{other.id}': {', '.join(other.choices)}"
            yield f"{path}.choices.{choice}", "unknown_value", reason
    readable = {choice: each for choice, each in said.items() if each is None or isinstance(each, str)}
    for choice in open_choices(readable, one.choices, other.choices):
        reason = f"nothing is said about '{choice}'; name its counterpart among {', '.join(other.choices)}, or null"
        yield f"{path}.choices", "open_choice", reason


def _test(test: Mapping[str, Any], one: Questions | None, other: Questions | None, path: str) -> Found:
    if one is None or other is None:
        return
    expect = mapping(test, "expect")
    places = [
        *((one, name, value, f"{path}.answers.{name}") for name, value in mapping(test, "answers").items()),
        *((other, name, value, f"{path}.existing.{name}") for name, value in mapping(test, "existing").items()),
        *((other, name, value, f"{path}.expect.offers.{name}") for name, value in mapping(expect, "offers").items()),
    ]
    for side, name, value, where in places:
        if name in side and side[name] is None:
            yield where, "no_meaning", f"'{name}' is a requirement: it has no answer"
        else:
            yield from test_value(side.get(name), "item", name, value, where)
    if "offers" in expect and "answers" not in test:
        yield f"{path}.answers", "missing", "'answers' is missing: out of them the offers are made"
    for name, others in mapping(expect, "corresponds").items():
        where = f"{path}.expect.corresponds.{name}"
        if name not in one:
            yield where, "unknown_item", f"there is no item '{name}'"
        for number, each in enumerate(texts(others)):
            if each not in other:
                yield f"{where}[{number}]", "unknown_item", f"there is no item '{each}'"
