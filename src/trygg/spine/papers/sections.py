"""Sections of a paper about a matter: rooms say here what they know of it (docs/contracts.md)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import translation

from trygg.kernel.access import Actor
from trygg.spine.matters.models import Matter

REPORT, FULL = "report", "full"  # two pages for those who decide; everything
PAPERS = (REPORT, FULL)
KEYS = {"heading", "report", "blocks", "missing", "proposal", "facts"}
BLOCKS: dict[str, set[str]] = {
    "text": {"text", "quiet"},
    "heading": {"text"},
    "list": {"items", "numbered"},
    "table": {"head", "rows", "columns", "caption"},
    "quote": {"text", "by"},
    "courses": {"courses", "words", "key"},
    "picture": {"svg", "alt", "width"},
}
ITEM = {"lead", "text", "note"}

Build = Callable[[Matter, Actor, str, datetime], "dict[str, Any] | None"]


@dataclass(frozen=True)
class Registered:
    name: str
    order: int
    build: Build
    missing: Callable[[], str] | None
    papers: frozenset[str]

    @property
    def field(self) -> str:
        """Its name among the fields of a Word template."""
        return self.name.replace(".", "_")


@dataclass(frozen=True)
class Section:
    """What a room says, with its number in the full report (0: it stands only in the two pages)."""

    name: str
    number: int
    heading: str
    report: list[dict[str, Any]]
    blocks: list[dict[str, Any]]
    papers: frozenset[str]


@dataclass(frozen=True)
class Gathered:
    """All sections of a matter in one language. `gaps`: what is missing, each a sentence or an item of a list; `proposal`: what a room proposes to decide."""

    sections: list[Section]
    gaps: list[str | dict[str, str]]
    proposal: str = ""
    proposed_by: str = ""
    facts: list[dict[str, str]] = field(default_factory=list)

    def number_of(self, name: str) -> int:
        """The number of a section in the full report, 0 when it is not there."""
        return next((section.number for section in self.sections if section.name == name), 0)


SECTIONS: dict[str, Registered] = {}


def register(
    name: str, order: int, build: Build, missing: Callable[[], str] | None = None, papers: Collection[str] = PAPERS
) -> None:
    """Put a section into papers. `build(matter, actor, language, now)` gives its content in the language that is active, as far as the
    actor may read it; None when there is nothing to say yet: then the sentence of `missing()` stands among what is missing."""
    if name in SECTIONS:
        raise ValueError(f"two sections are called {name}")
    if unknown := set(papers) - set(PAPERS):
        raise ValueError(f"section {name}: there is no paper {', '.join(sorted(unknown))}")
    SECTIONS[name] = Registered(name, order, build, missing, frozenset(papers))


def in_order() -> list[Registered]:
    return sorted(SECTIONS.values(), key=lambda section: (section.order, section.name))


def gathered(matter: Matter, actor: Actor, language: str, now: datetime) -> Gathered:
    """Everything that the rooms say of a matter that the actor may see. ValueError for content that no paper can show."""
    sections, gaps, facts, number = [], [], [], 0
    proposal, proposed_by = "", ""
    with translation.override(language):
        for registered in in_order():
            content = registered.build(matter, actor, language, now)
            if content is None:
                if registered.missing is not None:
                    gaps.append(str(registered.missing()))
                continue
            _check(registered.name, content)
            gaps += content.get("missing", [])
            facts += content.get("facts", [])
            if not proposal and content.get("proposal"):
                proposal, proposed_by = content["proposal"]["text"], content["proposal"]["by"]
            if FULL in registered.papers:
                number += 1
            sections.append(
                Section(
                    name=registered.name, number=number if FULL in registered.papers else 0, heading=content["heading"],
                    report=content.get("report", content["blocks"]), blocks=content["blocks"], papers=registered.papers,
                )
            )  # fmt: skip
    return Gathered(sections, [gap for place, gap in enumerate(gaps) if gap not in gaps[:place]], proposal, proposed_by, facts)


def _check(name: str, content: Mapping[str, Any]) -> None:
    if unknown := set(content) - KEYS:
        raise ValueError(f"section {name}: unknown {', '.join(sorted(unknown))}")
    if not content.get("heading") or "blocks" not in content:
        raise ValueError(f"section {name}: it has no heading, or no blocks")
    for block in (*content["blocks"], *content.get("report", ())):
        kind = block.get("kind")
        if kind not in BLOCKS or (unknown := set(block) - BLOCKS[kind] - {"kind"}):
            raise ValueError(f"section {name}: no block is like this: {kind}, {', '.join(sorted(set(block) - {'kind'}))}")
        if kind == "list" and any(set(item) - ITEM for item in block["items"]):
            raise ValueError(f"section {name}: an item of a list has lead, text and note, nothing else")
        if kind == "table" and any(len(row) != len(block["head"]) for row in block["rows"]):
            raise ValueError(f"section {name}: a row has as many cells as the head of its table")


# Blocks, made short -------------------------------------------------------------------------------------------------


def text(words: str, *, quiet: bool = False) -> dict[str, Any]:
    return {"kind": "text", "text": words, "quiet": quiet}


def heading(words: str) -> dict[str, Any]:
    return {"kind": "heading", "text": words}


def items(*rows: Mapping[str, str] | str, numbered: bool = False) -> dict[str, Any]:
    """A list; a row is a text, or a dict of lead, text and note."""
    return {"kind": "list", "items": [{"text": row} if isinstance(row, str) else dict(row) for row in rows], "numbered": numbered}


def table(head: list[str], rows: list[list[str]], columns: list[float] | None = None, caption: str = "") -> dict[str, Any]:
    """A table; `columns`: how wide each is, as a share."""
    return {"kind": "table", "head": head, "rows": rows, "columns": columns or [1.0] * len(head), "caption": caption}


def quote(words: str, by: str = "") -> dict[str, Any]:
    return {"kind": "quote", "text": words, "by": by}


def picture(svg: str, alt: str, width: int = 170) -> dict[str, Any]:
    """A drawing, `width` in mm; `alt` says what it shows."""
    return {"kind": "picture", "svg": svg, "alt": alt, "width": width}
