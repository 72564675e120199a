"""What a schema can't see in the tender questions and contract clauses of an instrument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trygg.engines.instruments.tender import PLACEHOLDERS, placeholders_in

from .checks import Found, condition, mapping, source, twice
from .index import Declared, Index, rows
from .loader import Pack

WORDS = {"tender": "tender question", "clauses": "clause"}


def tender_problems(
    pack: Pack,
    index: Index,
    places: list[tuple[str, Mapping[str, Any], tuple[Any, ...]]],
    items: Mapping[str, Declared],
) -> Found:
    """Everything inconsistent in what the questions carry for a tender and a contract."""
    found = []
    for word, what in WORDS.items():
        there = [each for path, item, _ in places for each in rows(item, word, path)]
        yield from twice(((f"{path}.id", row.get("id")) for path, row in there), what)
        found += there
    for path, item, _ in places:
        repeated = (declared := items.get(str(item.get("id")))) is not None and declared.repeat
        for word in WORDS:
            if repeated and item.get(word):
                yield (
                    f"{path}.{word}",
                    "no_meaning",
                    "the section is repeated, and a contract has one text for all entries",
                )
    for path, row in found:
        yield from source(pack, row, path)
        yield from condition(pack, index, row, "when", path, items=items)
        for word in ("question", "evidence", "title", "text"):
            for language, text in mapping(row, word).items():
                for name in placeholders_in(text) if isinstance(text, str) else ():
                    if name not in PLACEHOLDERS:
                        known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
                        reason = f"nothing fills '{{{name}}}'; there are {known}"
                        yield f"{path}.{word}.{language}", "unknown_placeholder", reason
