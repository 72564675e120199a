"""An instrument as it is asked here: which questions, how far one has come, what counts. Rules are those of the engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from trygg.apps.assessments.models import Assessment
from trygg.engines.conditions import as_data
from trygg.engines.depth import Depth
from trygg.engines.instruments import (
    CompletionCode,
    CompletionProblem,
    Instrument,
    Item,
    Visibility,
    completion_problems,
    expand,
    visibility,
)
from trygg.engines.instruments import Section as InstrumentSection
from trygg.engines.translog.leaves import canonical
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import current, engine_pack
from trygg.spine.frameworks.selectors import words as said

__all__ = ["MISSING", "REMOVED", "Reading", "content_hash", "deepest", "instrument_of", "said"]

REMOVED = "removed:"  # before a section's id in Assessment.entries: its entries that were taken away, kept by name
MISSING = (CompletionCode.REQUIRED, CompletionCode.EVIDENCE_REQUIRED)


def instrument_of(assessment: Assessment) -> Instrument:
    """The instrument of the version that the assessment stays on, with a set of questions for each entry of its repeated
    sections. Made once for each pack and set of entries, not once for each section that asks."""
    instrument = engine_pack(assessment.pack)
    if not any(section.repeat for section in instrument.sections):
        return instrument
    entries = tuple(
        (section, tuple((entry, name) for entry, name in rows)) for section, rows in sorted(assessment.entries.items())
    )
    return _expanded(assessment.pack, assessment.pack.content_hash, entries)


@lru_cache(maxsize=128)
def _expanded(pack: PackVersion, _content_hash: str, entries: tuple[tuple[str, tuple], ...]) -> Instrument:
    return expand(engine_pack(pack), dict(entries))


def content_hash(content: Any) -> str:
    """SHA-256 of the RFC 8785 form."""
    return sha256(canonical(content)).hexdigest()


@dataclass(frozen=True)
class Reading:
    """An instrument at a depth with these values: everything that pages and services ask of it."""

    instrument: Instrument
    depth: Depth
    values: Mapping[str, Any]
    evidence: frozenset[str] = frozenset()  # ids of items that have a file
    phase: str = ""

    @cached_property
    def asked(self) -> Visibility:
        return visibility(self.instrument, self.values, self.depth, self.phase)

    @cached_property
    def problems(self) -> Mapping[str, list[CompletionProblem]]:
        found: dict[str, list[CompletionProblem]] = {}
        for problem in completion_problems(self.instrument, self.values, self.depth, self.evidence, self.phase):
            found.setdefault(problem.item, []).append(problem)
        return found

    def section(self, section_id: str) -> InstrumentSection | None:
        return next((section for section in self.instrument.sections if section.id == section_id), None)

    def visible(self, section_id: str) -> list[Item]:
        """The questions that are asked in a section now."""
        section = self.section(section_id)
        return [item for item in section.items if item.id in self._visible] if section else []

    @cached_property
    def _visible(self) -> frozenset[str]:
        return frozenset(self.asked.visible)

    def asks_anything(self, section_id: str) -> bool:
        """Whether the section has any question at this depth, now or as a follow-up."""
        section = self.section(section_id)
        return section is not None and any(
            item.depth <= self.depth and (not self.phase or not item.phases or self.phase in item.phases)
            for item in section.items
        )

    def answered(self, section_id: str) -> int:
        return sum(item.id in self.asked.answers for item in self.visible(section_id))

    def missing(self, section_id: str) -> list[Item]:
        """Questions that must be answered, or need evidence, before the section is done."""
        return [
            item for item in self.visible(section_id) if any(p.code in MISSING for p in self.problems.get(item.id, ()))
        ]

    @property
    def counting(self) -> dict[str, Any]:
        """The completed answers as JSON data: hidden ones are dropped."""
        return {item_id: as_data(value) for item_id, value in self.asked.answers.items()}


def deepest(*depths: str) -> Depth:
    return max(Depth(depth) for depth in depths)


def words_of_input(name: str) -> str:
    """What an input of a section asks, for the page that keeps a text: the words of a question that comes with
    Trygg (nobody is signed in there, so questions of one's own are not told); "" for any other input."""
    kind, dash, item_id = name.partition("-")
    if not dash or kind not in ("a", "n", "c"):
        return ""
    for version in current("instrument"):
        item = engine_pack(version).items.get(item_id)
        if item is not None:
            more = {"n": _("Note"), "c": _("Comment")}.get(kind)
            return f"{said(item.text)} {more}" if more else said(item.text)
    return ""
