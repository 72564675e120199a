"""What a schema can't see in an instrument: questions, conditions, scales, bands, migration maps, its own tests."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from trygg.engines.instruments import REPEATED, exact, item_rows

from .checks import Found, choices, condition, mapping, source, test_answers, texts, twice
from .index import MAX_MARKS, Declared, Index, mark_count, rows
from .loader import Pack
from .tender_checks import tender_problems

Places = list[tuple[str, Mapping[str, Any], tuple[Any, ...]]]


def instrument_problems(pack: Pack, index: Index) -> Found:
    """Everything inconsistent in an instrument."""
    data = pack.data
    items = index.items.get(pack.id, {})
    places = [each for path, section in rows(data, "sections") for each in item_rows(section, path)]
    sections = list(_sections(data))
    scales = [row.get("id") for _, row in rows(data, "scales")]
    yield from twice(((f"{path}.id", row.get("id")) for path, row in sections), "section")
    yield from twice(((f"{path}.id", row.get("id")) for path, row, _ in places), "item")
    for word in ("scale", "phase", "role"):
        yield from twice(((f"{path}.id", row.get("id")) for path, row in rows(data, f"{word}s")), word)
    yield from condition(pack, index, data, "applies_when", "", ignorance=True)
    yield from _items(pack, places, scales)
    yield from _stops(pack, places)
    yield from tender_problems(pack, index, places, items)
    for path, holder in [*sections, *((path, row) for path, row, _ in places)]:
        for each in condition(pack, index, holder, "visible_when", path, items=items):
            if each[1] == "unknown_value" and data.get("convention") == "aia":
                continue  # there an answer outside the choices decides too
            yield each
    yield from _repeats(data)
    for path, scale in rows(data, "scales"):
        yield from _scale(pack, index, scale, path, scales, places, items)
    yield from _circles(data)
    yield from _migrations(data, items)
    yield from _tests(pack, index, items, scales)


def _sections(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every section, nested ones too, with its path."""

    def below(path: str, section: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        yield path, section
        for place, row in rows(section, "items", path):
            if "items" in row:
                yield from below(place, row)

    for path, section in rows(data, "sections"):
        yield from below(path, section)


def _items(pack: Pack, places: Places, scales: list[Any]) -> Found:
    phases = [row.get("id") for _, row in rows(pack.data, "phases")]
    roles = [row.get("id") for _, row in rows(pack.data, "roles")]
    for path, item, _ in places:
        yield from choices(item, path)
        yield from source(pack, item, path)
        matrix = item.get("type") == "rights_matrix"
        if matrix and "matrix" not in item:
            yield f"{path}.matrix", "missing", "'matrix' is missing: the type is 'rights_matrix'"
        if not matrix and "matrix" in item:
            yield f"{path}.matrix", "no_meaning", f"the type '{item.get('type')}' has no matrix"
        if (count := mark_count(item.get("matrix"))) > MAX_MARKS:
            yield f"{path}.matrix", "too_many", f"rights x groups x levels make {count} marks, at most {MAX_MARKS}"
        for place, choice in [*rows(item, "choices", path), *_levels(item, path)]:
            for scale_id in mapping(choice, "points"):
                if scale_id not in scales:
                    yield f"{place}.points.{scale_id}", "unknown_scale", f"there is no scale '{scale_id}'"
        yield from _matrix(item, path)
        if {"min", "max"} & item.keys() and item.get("type") != "number":
            yield path, "no_meaning", "'min' and 'max' belong to numbers"
        for word, known in (("phases", phases), ("asked_of", roles)):
            for number, name in enumerate(texts(item.get(word))):
                if name not in known and (word == "phases" or known):
                    yield f"{path}.{word}[{number}]", "unknown_name", f"'{name}' does not stand under '{_HEAD[word]}'"


_HEAD = {"phases": "phases", "asked_of": "roles"}


def _stops(pack: Pack, places: Places) -> Found:
    """A statement that is not verified whole may warn, it never blocks: a pack with such stops says that they only warn."""
    said = "unverified_stops" in pack.data
    found = [
        f"{place}.flag"
        for path, item, _ in places
        if item.get("verified") in ("partly", "no")
        for place, choice in [*rows(item, "choices", path), *_levels(item, path)]
        if choice.get("flag") == "stop"
    ]
    if found and not said:
        yield (
            found[0],
            "unverified_stop",
            "a stop here rests on a statement that is not verified whole, so it is shown as something to take further; "
            "write 'unverified_stops: escalate' at the head, or verify the statement",
        )
    if said and not found:
        yield "unverified_stops", "no_meaning", "no stop rests on a statement that is not verified whole"


def _levels(item: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for place, dimension in rows(mapping(item, "matrix"), "dimensions", f"{path}.matrix"):
        yield from rows(dimension, "levels", place)


def _matrix(item: Mapping[str, Any], path: str) -> Found:
    matrix = mapping(item, "matrix")
    for word in ("rights", "groups", "dimensions"):
        found = list(rows(matrix, word, f"{path}.matrix"))
        yield from twice(((f"{place}.id", row.get("id")) for place, row in found), word[:-1])
    for place, dimension in rows(matrix, "dimensions", f"{path}.matrix"):
        yield from twice(((f"{p}.id", level.get("id")) for p, level in rows(dimension, "levels", place)), "level")


def _repeats(data: Mapping[str, Any]) -> Found:
    """What stands inside a repeated section is said of one entry: nothing outside can ask which."""
    for path, section in rows(data, "sections"):
        repeat = mapping(section, "repeat")
        least, most = repeat.get("min", 1), repeat.get("max", 20)
        if type(least) is type(most) is int and least > most:
            yield f"{path}.repeat.min", "wrong_order", "'min' lies above 'max'"
    owner = {
        str(row.get("id")): section.get("id")
        for path, section in rows(data, "sections")
        if section.get("repeat")
        for _, row, _ in item_rows(section, path)
    }
    for path, section in _sections(data):
        yield from outside(section.get("visible_when"), owner, section.get("id"), f"{path}.visible_when")
    for path, section in rows(data, "sections"):
        for place, row, _ in item_rows(section, path):
            yield from outside(row.get("visible_when"), owner, section.get("id"), f"{place}.visible_when")
    for path, scale in rows(data, "scales"):
        for place, row in rows(scale, "adjustments", path):
            yield from outside(row.get("when"), owner, None, f"{place}.when")


def outside(node: Any, owner: Mapping[str, Any], section: Any, path: str) -> Found:
    """Where a condition of `section` asks about a repeated item of another one. `owner`: repeated item -> its section."""
    if isinstance(node, Mapping):
        name = node.get("item")
        if isinstance(name, str) and owner.get(name, section) != section:
            yield (
                path,
                "repeated_elsewhere",
                f"'{name}' is asked once for each entry of '{owner[name]}'; which one is not said",
            )
        for child in node.values():
            yield from outside(child, owner, section, path)
    elif isinstance(node, list):
        for child in node:
            yield from outside(child, owner, section, path)


# Scales ---------------------------------------------------------------------------------------------------------------


def _scale(
    pack: Pack, index: Index, scale: Mapping[str, Any], path: str, scales: list[Any], places: Places,
    items: Mapping[str, Declared],
) -> Found:  # fmt: skip
    given = (
        mapping(choice, "points")
        for place, item, _ in places
        for _, choice in [*rows(item, "choices", place), *_levels(item, place)]
    )
    # By Canada's convention both scales stand also when no question scores on one.
    if pack.data.get("convention") != "aia" and not any(scale.get("id") in list(points) for points in given):
        yield path, "unused_scale", f"no choice gives points on '{scale.get('id')}'"
    yield from _bands(scale, path)
    yield from _roles(pack.data, scale, path)
    adjustments = list(rows(scale, "adjustments", path))
    yield from twice(((f"{place}.id", row.get("id")) for place, row in adjustments), "adjustment")
    for place, row in adjustments:
        when = mapping(row, "when")
        if "scale" not in when:
            yield from condition(pack, index, row, "when", place, items=items)
            continue
        # The schema's words about `when` are passed over, as conditions say what is wrong better: so said here.
        for extra in sorted(when.keys() - {"scale", "at_least", "of", "times"}):
            yield (
                f"{place}.when.{extra}",
                "unknown_word",
                f"'{extra}' has no meaning here; allowed: scale, at_least, of, times",
            )
        if when["scale"] not in scales:
            yield f"{place}.when.scale", "unknown_scale", f"there is no scale '{when['scale']}'"
        if "at_least" not in when:
            yield f"{place}.when.at_least", "missing", "'at_least' is missing"
        if when.get("of", "points") not in ("points", "maximum"):
            yield f"{place}.when.of", "not_allowed", f"{when['of']!r} is not one of points, maximum"
        for word in ("at_least", "times"):
            if word in when and _number(when[word]) is None:
                yield (
                    f"{place}.when.{word}",
                    "wrong_type",
                    f'{when[word]!r} is no number, and no fraction such as "1/3"',
                )


def _number(raw: Any) -> Fraction | None:
    if isinstance(raw, bool):
        return None
    try:
        return exact(raw)
    except (ValueError, ZeroDivisionError):
        return None


def _bands(scale: Mapping[str, Any], path: str) -> Found:
    bands = list(rows(scale, "bands", path))
    yield from twice(((f"{p}.id", band.get("id")) for p, band in bands), "band")
    for place, band in bands:
        yield from twice(((f"{p}.id", row.get("id")) for p, row in rows(band, "obligations", place)), "obligation")
    for place, band in bands[:-1]:
        if "upto" not in band:
            yield f"{place}.upto", "band_gap", "only the last band has no 'upto'"
    if bands and "upto" in bands[-1][1]:
        yield f"{bands[-1][0]}.upto", "band_gap", "the last band has no 'upto': higher scores would have no band"
    limits = [(place, band, _number(band["upto"])) for place, band in bands if "upto" in band]
    for (_, below, lower), (place, band, upper) in pairwise(limits):
        if lower is None or upper is None:
            continue
        if upper < lower or (upper == lower and not (band.get("inclusive", True) and not below.get("inclusive", True))):
            yield f"{place}.upto", "band_gap", f"{band['upto']} does not lie above {below['upto']}, the band before"
    for place, _, limit in limits:
        if limit is not None and scale.get("measure") == "share" and not 0 <= limit <= 1:
            yield f"{place}.upto", "not_a_share", f"{limit} is no share: it lies between 0 and 1"


def _roles(data: Mapping[str, Any], scale: Mapping[str, Any], path: str) -> Found:
    """Where a pack names its roles, an obligation is one of theirs."""
    known = [row.get("id") for _, row in rows(data, "roles")]
    for above, band in rows(scale, "bands", path):
        for place, row in rows(band, "obligations", above):
            if known and "role" in row and row["role"] not in known:
                yield f"{place}.role", "unknown_name", f"'{row['role']}' does not stand under 'roles'"


def _circles(data: Mapping[str, Any]) -> Found:
    """Questions that decide about each other: each circle once, at its first question, whatever else is wrong."""
    places: dict[str, str] = {}
    deciders: dict[str, set[str]] = {}
    for path, section in rows(data, "sections"):
        for place, row, above in item_rows(section, path):
            name = str(row.get("id"))
            holders = (section, *(nested for _, nested in above), row)
            places.setdefault(name, f"{place}.visible_when" if "visible_when" in row else place)
            deciders.setdefault(name, set()).update(*(set(_asked(each.get("visible_when"))) for each in holders))
    graph = {name: sorted(deciders[name] & deciders.keys()) for name in deciders}
    while True:
        try:
            tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = error.args[1]
            first = min(circle, key=list(places).index)
            yield places[first], "circle", f"questions decide about each other in a circle: {' -> '.join(circle)}"
            graph = {name: [each for each in graph[name] if each not in circle] for name in graph if name not in circle}
        else:
            return


def _asked(node: Any) -> Iterator[str]:
    """The items that a condition names, be it well formed or not."""
    if isinstance(node, Mapping):
        if isinstance(node.get("item"), str):
            yield node["item"]
        for child in node.values():
            yield from _asked(child)
    elif isinstance(node, list):
        for child in node:
            yield from _asked(child)


# Migration maps and tests ---------------------------------------------------------------------------------------------

_NEEDS = {
    "keep": ("from",),
    "rename": ("from", "to"),
    "split": ("from", "to"),
    "merge": ("from", "to"),
    "drop": ("from",),
}


def _migrations(data: Mapping[str, Any], items: Mapping[str, Declared]) -> Found:
    yield from twice(((f"{path}.from", row.get("from")) for path, row in rows(data, "migrations")), "migration")
    for path, migration in rows(data, "migrations"):
        if migration.get("from") == data.get("version"):
            yield f"{path}.from", "same_version", "a version is not carried to itself"
        elif _later(migration.get("from"), data.get("version")):
            yield f"{path}.from", "wrong_order", f"{migration['from']} comes after {data['version']}, this version"
        seen: set[str] = set()
        taken: set[str] = set()
        for place, change in rows(migration, "changes", path):
            do = change.get("do")
            for word in _NEEDS.get(str(do), ()):
                if not _names(change.get(word)):
                    yield f"{place}.{word}", "missing", f"'{word}' is missing: '{do}' needs it"
            for name in _names(change.get("to")):
                if name not in items:
                    yield f"{place}.to", "unknown_item", f"there is no item '{name}'"
            if do == "keep":
                for name in _names(change.get("from")):
                    if name not in items:
                        yield f"{place}.from", "unknown_item", f"there is no item '{name}' any more"
            for name in _names(change.get("from")):
                if name in seen:
                    yield f"{place}.from", "duplicate", f"'{name}' is carried twice"
                seen.add(name)
            counts = len(_names(change.get("from"))), len(_names(change.get("to")))
            if str(do) in _SHAPES and 0 not in counts and not _SHAPES[str(do)][0](*counts):
                yield place, "wrong_type", f"'{do}' takes {_SHAPES[str(do)][1]}"
            if do in ("keep", "drop") and "to" in change:
                yield f"{place}.to", "no_meaning", f"'{do}' takes no 'to'"
            for name in _names(change.get("to")):
                if name in taken:
                    yield f"{place}.to", "duplicate", f"'{name}' gets two answers; use one 'merge'"
                taken.add(name)
            for new in mapping(change, "choices").values():
                targets = [
                    items[name] for name in _names(change.get("to")) or _names(change.get("from")) if name in items
                ]
                if not any(new in target.choices for target in targets):
                    yield (
                        f"{place}.choices",
                        "unknown_value",
                        f"'{new}' is no choice of {', '.join(t.id for t in targets) or 'it'}",
                    )


_SHAPES: Mapping[str, tuple[Callable[[int, int], bool], str]] = {
    "rename": (lambda old, new: (old, new) == (1, 1), "one question to one question"),
    "split": (lambda old, new: old == 1 and new > 1, "one question to several"),
    "merge": (lambda old, new: old > 1 and new == 1, "several questions to one"),
}


def _later(one: Any, other: Any) -> bool:
    """Whether version `one` comes after `other`; False for what is no version."""
    try:
        first, second = ([int(number) for number in each.split(".")] for each in (one, other))
    except (AttributeError, ValueError):
        return False
    return first > second


def _names(raw: Any) -> list[str]:
    return (
        [raw]
        if isinstance(raw, str)
        else [each for each in raw if isinstance(each, str)]
        if isinstance(raw, list)
        else []
    )


def _tests(pack: Pack, index: Index, items: Mapping[str, Declared], scales: list[Any]) -> Found:
    phases = [row.get("id") for _, row in rows(pack.data, "phases")]
    for path, test in rows(pack.data, "tests"):
        outside = test.get("mode") == "live" or pack.data.get("convention") == "aia"
        yield from test_answers(index, pack.id, mapping(test, "answers"), f"{path}.answers", values=not outside)
        if "phase" in test and test["phase"] not in phases:
            yield f"{path}.phase", "unknown_name", f"'{test['phase']}' does not stand under 'phases'"
        expect = mapping(test, "expect")
        entries = yield from _entries(pack.data, mapping(test, "entries"), f"{path}.entries")
        for name in mapping(test, "answers"):
            yield from _entry(items, entries, name, f"{path}.answers.{name}")
        for word in ("visible", "hidden"):
            for number, name in enumerate(texts(expect.get(word))):
                yield from _entry(items, entries, name, f"{path}.expect.{word}[{number}]")
                if name.partition("@")[0] not in items:
                    yield f"{path}.expect.{word}[{number}]", "unknown_item", f"there is no item '{name}'"
        for word in ("scores", "bands", "current", "maxima", "levels"):
            for scale_id in mapping(expect, word):
                if scale_id not in scales:
                    yield f"{path}.expect.{word}.{scale_id}", "unknown_scale", f"there is no scale '{scale_id}'"


def _entries(
    data: Mapping[str, Any], named: Mapping[str, Any], path: str
) -> Generator[tuple[str, str, str], None, dict[str, list[str]]]:
    """What is wrong with the entries of a test; returns the entries that each repeated section has in it."""
    found: dict[str, list[str]] = {}
    for _, section in rows(data, "sections"):
        repeat = mapping(section, "repeat")
        least = repeat.get("min", 1)
        if repeat:
            given = texts(named.get(section.get("id")))
            found[str(section.get("id"))] = list(given) or [
                str(number + 1) for number in range(least if type(least) is int and 0 < least <= 50 else 1)
            ]
    for name in named:
        if name not in found:
            yield f"{path}.{name}", "unknown_section", f"there is no repeated section '{name}'"
        yield from twice(((f"{path}.{name}[{n}]", each) for n, each in enumerate(texts(named[name]))), "entry")
    return found


def _entry(items: Mapping[str, Declared], entries: Mapping[str, list[str]], name: Any, path: str) -> Found:
    """Whether a test says which entry of a repeated section it means, and that one is there."""
    base, at, entry = str(name).partition(REPEATED)
    known = items.get(base)
    if known is None:
        return
    if known.repeat and entry not in entries.get(known.repeat, ()):
        there = ", ".join(f"{base}{REPEATED}{each}" for each in entries.get(known.repeat, ()))
        yield path, "unknown_entry", f"'{base}' is asked once for each entry of '{known.repeat}': {there}"
    if at and not known.repeat:
        yield path, "unknown_entry", f"'{base}' is asked once: it has no entries"
