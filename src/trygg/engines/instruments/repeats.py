"""Sections that are answered once for each of something: each intended use, each group of children.

An entry's items are ordinary items with an id of their own (`goal@2`): visibility, scoring, storage know nothing of repeats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..conditions import All, Any_, Compare, Node, Not, Subject
from .model import REPEATED, Heading, Instrument, Item, Section

Entries = Mapping[str, Sequence[tuple[str, str]]]


def expand(instrument: Instrument, entries: Entries) -> Instrument:
    """The instrument with one set of items for each entry of its repeated sections.

    `entries`: section id -> (entry id, what it is called) in order. A section without any gets as many as it needs at
    least, named by number. What a condition inside the section says of an item of the section is said of the same entry.
    """
    if not any(section.repeat for section in instrument.sections):
        return instrument
    made: dict[str, tuple[tuple[str, str], ...]] = {}
    sections = []
    for section in instrument.sections:
        if section.repeat is not None:
            least = [(str(number + 1), "") for number in range(max(1, section.repeat.minimum))]
            made[section.id] = tuple(entries.get(section.id) or least)
            section = _expanded(section, made[section.id], instrument.languages)
        sections.append(section)
    return replace(instrument, sections=tuple(sections), entries=made)


def entry_item(item_id: str, entry: str) -> str:
    """The id of a repeated item for one entry."""
    return f"{item_id}{REPEATED}{entry}"


def _expanded(section: Section, entries: Sequence[tuple[str, str]], languages: tuple[str, ...]) -> Section:
    own = {item.id for item in section.items}
    items: list[Item] = []
    headings: list[Heading] = []
    of = section.repeat.of if section.repeat else {}
    for number, (entry, name) in enumerate(entries, start=1):
        heading = f"{section.id}{REPEATED}{entry}"
        headings.append(Heading(heading, {language: _title(of, language, number, name) for language in languages}))
        headings += [Heading(entry_item(each.id, entry), each.title, each.intro) for each in section.headings]
        for item in section.items:
            condition = None if item.visible_when is None else _said_of(item.visible_when, own, entry)
            inside = (heading, *(entry_item(each, entry) for each in item.headings))
            items.append(
                replace(item, id=entry_item(item.id, entry), visible_when=condition, headings=inside, entry=entry)
            )
    return replace(section, items=tuple(items), headings=tuple(headings))


def _title(of: Mapping[str, str], language: str, number: int, name: str) -> str:
    title = f"{of.get(language) or next(iter(of.values()), '')} {number}"
    return f"{title}: {name}" if name else title


def _said_of(node: Node, own: set[str], entry: str) -> Node:
    match node:
        case All(children):
            return All(tuple(_said_of(child, own, entry) for child in children))
        case Any_(children):
            return Any_(tuple(_said_of(child, own, entry) for child in children))
        case Not(child):
            return Not(_said_of(child, own, entry))
        case Compare(Subject.ITEM, name, op, operand) if name in own:
            return Compare(Subject.ITEM, entry_item(name, entry), op, operand)
        case _:
            return node
