"""Sections of a public page: rooms say here what they know of a matter (docs/contracts.md)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trygg.spine.matters.models import Matter
from trygg.spine.publication.texts import Text, both, said

__all__ = ["SECTIONS", "Section", "both", "built", "register", "said"]

KEYS = {"heading", "lede", "child", "date", "paragraphs", "items", "quotes", "seats", "facts", "expert"}

Build = Callable[..., "dict | None"]  # (matter, now), or (matter, now, what `read` gave)
Read = Callable[[Matter, dict], object]


@dataclass(frozen=True)
class Section:
    name: str
    order: int
    build: Build
    missing: Callable[[], str] | None
    read: Read | None


SECTIONS: dict[str, Section] = {}


def register(name: str, order: int, build: Build, missing: Callable[[], str] | None = None, read: Read | None = None) -> None:
    """Put a section on public pages. `build(matter, now)` gives its content, None when there is nothing to say yet: then the
    sentence that `missing()` gives stands among what is missing. Sections with the same `read(matter, kept)` share what it reads: it
    is called once for a page, and `build` is given its result as third argument."""
    if name in SECTIONS:
        raise ValueError(f"two sections are called {name}")
    SECTIONS[name] = Section(name, order, build, missing, read)


def built(matter: Matter, now: datetime, kept: dict | None = None) -> tuple[list[dict], list[Text]]:
    """(sections that have something to say, what is missing), in order. ValueError for a section with keys that no page shows.
    `kept`: what was read already for the page that asks (matters.panels.kept)."""
    found, gaps, read = [], [], {}
    kept = {} if kept is None else kept
    for section in sorted(SECTIONS.values(), key=lambda section: (section.order, section.name)):
        if section.read is None:
            content = section.build(matter, now)
        else:
            if section.read not in read:
                read[section.read] = section.read(matter, kept)
            content = section.build(matter, now, read[section.read])
        if content is None:
            if section.missing is not None:
                gaps.append(both(section.missing))
            continue
        unknown = set(content) - KEYS
        if unknown or not content.get("heading"):
            raise ValueError(
                f"section {section.name}: "
                + (f"unknown {', '.join(sorted(unknown))}" if unknown else "it has no heading")
            )
        found.append({"name": section.name, **content})
    # As it will be read again from the database: with lists, so that it can be compared.
    return json.loads(json.dumps(found)), gaps
