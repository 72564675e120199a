"""What pages say of a section that is answered once for each of something."""

from dataclasses import dataclass

from django.db.models import QuerySet

from trygg.apps.assessments.models import Answer, SectionAssignment
from trygg.apps.assessments.questions import REMOVED, Reading, instrument_of, said
from trygg.engines.instruments import REPEATED, Item
from trygg.kernel.access import Actor, restrict
from trygg.spine.frameworks.selectors import engine_pack


@dataclass(frozen=True)
class Repeated:
    """`entries`: (id, name); `removed` the same, of those taken away whose answers are kept."""

    of: str
    entries: list[tuple[str, str]]
    removed: list[tuple[str, str]]
    minimum: int
    maximum: int

    @property
    def may_add(self) -> bool:
        return len(self.entries) < self.maximum

    @property
    def may_remove(self) -> bool:
        return len(self.entries) > self.minimum

    def title(self, entry: str) -> str:
        """How the entry is called on the page: "Use 2: Grading"."""
        for number, (known, name) in enumerate(self.entries, start=1):
            if known == entry:
                return f"{self.of} {number}: {name}" if name else f"{self.of} {number}"
        return next((f"{self.of}: {name}" for known, name in self.removed if known == entry), self.of)


def repeated(section: SectionAssignment, reading: Reading | None = None) -> Repeated | None:
    """How a section is repeated; None for one that is answered once."""
    instrument = reading.instrument if reading else instrument_of(section.assessment)
    found = next((each for each in instrument.sections if each.id == section.section_id), None)
    if found is None or found.repeat is None:
        return None
    kept = section.assessment.entries.get(REMOVED + section.section_id, ())
    return Repeated(
        of=said(found.repeat.of),
        entries=[(entry, name) for entry, name in instrument.entries.get(section.section_id, ())],
        removed=[(entry, name) for entry, name in kept],
        minimum=max(1, found.repeat.minimum),
        maximum=found.repeat.maximum,
    )


def answers_about(actor: Actor, section: SectionAssignment, entry: str) -> list[tuple[Item, Answer]]:
    """(question, answer) of what stands about an entry, also one that was taken away, in the order of the questions."""
    rows: QuerySet[Answer] = restrict(actor, "assessments.view_answer").filter(
        section=section, item_id__endswith=f"{REPEATED}{entry}"
    )
    held = {answer.item_id.partition(REPEATED)[0]: answer for answer in rows if answer.item_id.partition(REPEATED)[2] == entry}
    items = engine_pack(section.assessment.pack).items
    return [(item, held[item_id]) for item_id, item in items.items() if item_id in held]
