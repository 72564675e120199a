"""Reads of dossiers: which product a system is, what was published about it, how two versions differ, and the draft's questions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from trygg.apps.assessments.content import values_in
from trygg.apps.assessments.dossier.models import (
    Dossier,
    DossierAnswer,
    DossierName,
    DossierReview,
    DossierText,
    DossierVersion,
)
from trygg.apps.assessments.dossier.reach import inside, wholes_of
from trygg.apps.assessments.merging import Content, mark
from trygg.apps.assessments.questions import Reading, said
from trygg.apps.assessments.selectors import Card, openings
from trygg.engines.depth import Depth
from trygg.engines.instruments import Instrument, Item, expand
from trygg.kernel.access import Actor, restrict
from trygg.kernel.files.models import StoredFile
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.selectors import engine_pack
from trygg.spine.matters.models import Matter, System

INSTRUMENT = "vendor-dossier"  # the questions of a dossier
DRAFT_FILES = "assessments.dossier_answer"  # subject types of files
VERSION_FILES = "assessments.dossier_version"
Contents = Mapping[str, Mapping[str, Any]]  # question -> {"value", "note", "files"}


# Which product a system is ----------------------------------------------------------------------------------------------


def systems_of(dossier: Dossier) -> list[System]:
    """Records of the product, whoever keeps them: this vendor's systems with one of its names."""
    return list(System.objects.filter(vendor_id=dossier.vendor_id, name__in=dossier.names.values("name")).order_by("pk"))


def matters_using(systems: Iterable[System]) -> list[Matter]:
    """Matters about these systems or about systems that contain them, but for what is no longer in use."""
    wholes = wholes_of([system.pk for system in systems])
    rows = Matter.objects.filter(system_id__in=wholes).exclude(stage=Matter.Stage.RETIRED)
    return list(rows.select_related("accountable", "owner", "system").order_by("pk"))


def reviewed_at(matter_ids: Collection[int]) -> set[int]:
    """Matters where somebody has answered a review; that there is one comes by itself."""
    rows = DossierReview.objects.filter(matter__in=list(matter_ids)).exclude(done_at=None)
    return set(rows.values_list("matter_id", flat=True))


def dossiers_about(system: System | None) -> list[tuple[System, Dossier]]:
    """The dossiers of a system and of what it contains, the system's own first. One query where there are none."""
    if system is None:
        return []
    rows = System.objects.filter(inside([system.pk]))
    same = rows.filter(vendor_id=OuterRef("dossier__vendor_id"), name=OuterRef("name"))
    by_name = {
        (each.dossier.vendor_id, each.name): each.dossier
        for each in DossierName.objects.filter(Exists(same)).select_related("dossier__vendor")
    }
    if not by_name:
        return []
    held = rows.filter(vendor__in={vendor for vendor, _name in by_name}).only("pk", "name", "vendor_id").distinct()
    found = [(row, by_name[row.vendor_id, row.name]) for row in held if (row.vendor_id, row.name) in by_name]
    return sorted(found, key=lambda pair: (pair[0].pk != system.pk, pair[1].title, pair[0].pk))


def names_to_add(dossier: Dossier) -> list[str]:
    """What else this vendor's products are called in records, and no dossier of the vendor is about."""
    taken = DossierName.objects.filter(dossier__vendor_id=dossier.vendor_id).values("name")
    rows = System.objects.filter(vendor_id=dossier.vendor_id).exclude(name__in=taken)
    return sorted(set(rows.values_list("name", flat=True)), key=str.casefold)


def products_without(vendor_id: int) -> list[str]:
    """Names of the vendor's products that no dossier is about."""
    taken = DossierName.objects.filter(dossier__vendor_id=vendor_id).values("name")
    rows = System.objects.filter(vendor_id=vendor_id).exclude(name__in=taken)
    return sorted(set(rows.values_list("name", flat=True)), key=str.casefold)


# What was published -----------------------------------------------------------------------------------------------------


def newest_of(versions: Iterable[DossierVersion]) -> DossierVersion | None:
    """The newest one that holds."""
    return max((each for each in versions if each.in_force), key=lambda each: each.number, default=None)


def versions_about(
    system: System | None, pairs: list[tuple[System, Dossier]] | None = None
) -> list[tuple[System, DossierVersion]]:
    """The newest version that holds, for each dossier of a system and of what it contains (`pairs`, where they were read before)."""
    pairs = dossiers_about(system) if pairs is None else pairs
    if not pairs:
        return []
    rows = DossierVersion.objects.filter(dossier__in={dossier.pk for _system, dossier in pairs}, withdrawn_at=None)
    by_dossier: dict[int, list[DossierVersion]] = {}
    for version in rows.select_related("dossier__vendor", "pack"):
        by_dossier.setdefault(version.dossier_id, []).append(version)
    newest = {pk: newest_of(versions) for pk, versions in by_dossier.items()}
    return [(row, newest[dossier.pk]) for row, dossier in pairs if newest.get(dossier.pk) is not None]


def changed_items(old: Contents, new: Contents) -> list[str]:
    """Questions whose answer, note or files are not the same; those of `new` first."""
    names = dict.fromkeys([*new, *old])
    return [name for name in names if _same_form(old.get(name)) != _same_form(new.get(name))]


def _same_form(held: Mapping[str, Any] | None) -> tuple:
    return (None, "", ()) if held is None else (held["value"], held["note"], tuple(held["files"]))


def instrument_for(of: Dossier | DossierVersion) -> Instrument:
    """The questions of a draft or of a version, with a set of them for each entry of a repeated section."""
    instrument = engine_pack(of.pack)
    if not any(section.repeat for section in instrument.sections):
        return instrument
    return expand(instrument, {section: tuple((entry, name) for entry, name in rows) for section, rows in of.entries.items()})


def files_of_version(version: DossierVersion) -> dict[str, StoredFile]:
    """Files of a published version by hash, but for those in quarantine."""
    rows = StoredFile.objects.filter(
        subject_type=VERSION_FILES, subject_id=str(version.pk), removed_at=None, quarantined_at=None
    )
    return {stored.sha256: stored for stored in rows}


@dataclass(frozen=True)
class Line:
    """An answer of a version as it is read. `before`: what stood in the version that it is compared with, when it differs."""

    item: Item
    words: str
    note: str
    files: Sequence[StoredFile]
    changed: bool = False
    before: str = ""
    before_note: str = ""

    @property
    def question(self) -> str:
        return said(self.item.text)


def lines_of(version: DossierVersion, before: DossierVersion | None = None) -> list[tuple[str, list[Line]]]:
    """(section, its answers) of a version, with what is different from the one before. Answers that fell away stand there, too."""
    instrument = instrument_for(version)
    older = instrument_for(before).items if before is not None else {}
    changed = set(changed_items(before.answers, version.answers)) if before is not None else set()
    files = files_of_version(version)
    found: list[tuple[str, list[Line]]] = []
    for section in instrument.sections:
        lines = []
        for item in section.items:
            held, was = version.answers.get(item.id), before.answers.get(item.id) if before is not None else None
            if held is None and item.id not in changed:
                continue
            lines.append(
                Line(
                    item=item,
                    words=answer_words(item, held["value"]) if held else "",
                    note=held["note"] if held else "",
                    files=[files[each] for each in (held["files"] if held else ()) if each in files],
                    changed=item.id in changed,
                    before=answer_words(older[item.id], was["value"]) if was and item.id in older else "",
                    before_note=was["note"] if was else "",
                )
            )
        if lines:
            found.append((said(section.title), lines))
    return found


# The draft --------------------------------------------------------------------------------------------------------------


def dossiers_of(actor: Actor) -> list[Dossier]:
    """The actor's own company's dossiers, with their versions."""
    return list(restrict(actor, "assessments.edit_dossier").select_related("vendor", "pack").prefetch_related("versions"))


def draft_contents(dossier: Dossier) -> dict[str, dict[str, Any]]:
    """What the draft says: {item: {value, note, files}}, only what holds something."""
    answers = list(dossier.answers.all())
    files = draft_files_of(answers)
    found = {}
    for answer in answers:
        hashes = sorted(stored.sha256 for stored in files.get(answer.pk, ()))
        if answer.value is not None or answer.note or hashes:
            found[answer.item_id] = {"value": answer.value, "note": answer.note, "files": hashes}
    return found


def draft_files_of(answers: Iterable[DossierAnswer]) -> dict[int, list[StoredFile]]:
    """Files of the draft by answer."""
    ids = [str(answer.pk) for answer in answers]
    found: dict[int, list[StoredFile]] = {}
    for stored in StoredFile.objects.filter(
        subject_type=DRAFT_FILES, subject_id__in=ids, removed_at=None, quarantined_at=None
    ):
        found.setdefault(int(stored.subject_id), []).append(stored)
    return found


def reading_of_contents(of: Dossier | DossierVersion, contents: Contents, depth: Depth = Depth.FULL) -> Reading:
    """The dossier's questions read with these answers. All are asked; those of light depth are needed before it is published."""
    instrument = instrument_for(of)
    values, evidence = values_in(instrument, [contents])
    return Reading(instrument, depth, values, evidence)


def needed(of: Dossier | DossierVersion, contents: Contents) -> list[Item]:
    """Questions that must be answered before the dossier is published."""
    reading = reading_of_contents(of, contents, Depth.LIGHT)
    return [item for section in reading.instrument.sections for item in reading.missing(section.id)]


def not_answered(version: DossierVersion) -> list[str]:
    """Questions that the version leaves open, in words."""
    reading = reading_of_contents(version, version.answers)
    return [
        said(item.text)
        for section in reading.instrument.sections
        for item in reading.missing(section.id)
        if item.id not in version.answers
    ]


def draft_mark(answer: DossierAnswer | None) -> str:
    """The mark that a page carries beside the inputs of a question."""
    return mark(Content(answer.value, answer.note), answer.revision) if answer else mark(Content(), 0)


@dataclass
class DraftCard(Card):
    """A question of the draft, with the texts that wait for a choice."""

    waiting: Sequence[DossierText] = ()


def draft_cards(
    dossier: Dossier, reading: Reading, section_id: str, also: Collection[str] = ()
) -> list[DraftCard]:
    """The questions of a section of the draft that are asked now, and those of `also`."""
    answers = {answer.item_id: answer for answer in dossier.answers.all()}
    files = draft_files_of(answers.values())
    texts: dict[int, list[DossierText]] = {}
    for text in DossierText.objects.filter(answer__dossier=dossier, settled_at=None):
        texts.setdefault(text.answer_id, []).append(text)
    sources = dossier.pack.content.get("sources") or {}
    section = reading.section(section_id)
    asked = {item.id for item in reading.visible(section_id)} | set(also)
    cards, above = [], ()
    for number, item in enumerate((item for item in section.items if item.id in asked), start=1):
        answer = answers.get(item.id)
        cards.append(
            DraftCard(
                item, number, answer, draft_mark(answer), openings(section, item, above), source=sources.get(item.source),
                files=files.get(answer.pk, []) if answer else [], waiting=texts.get(answer.pk, ()) if answer else (),
            )
        )  # fmt: skip
        above = item.headings
    return cards
