"""The end of a full report: the sources and how far each was checked, the packs with their versions and hashes, the record."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trygg.engines.assurance.model import Source, load_sources
from trygg.kernel.access import Actor, restrict
from trygg.kernel.ledger.models import Checkpoint
from trygg.kernel.ledger.selectors import latest_checkpoint
from trygg.kernel.ui.words import fullday, moment
from trygg.spine.assurance.models import CaseFramework
from trygg.spine.assurance.selectors import VERIFIED
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import current, pack, words
from trygg.spine.matters.models import Matter
from trygg.spine.papers import sections
from trygg.spine.papers.case import case_of


def register() -> None:
    """Called once, when the application starts."""
    sections.register("papers.sources", 900, sources, papers={sections.FULL})
    sections.register("papers.versions", 910, versions, papers={sections.FULL})


def packs_of(matter: Matter, actor: Actor) -> list[PackVersion]:
    """The packs that the case rests on: rules in force, frameworks that apply, and the questions that were answered."""
    case = case_of(matter, actor)
    found = {version.pk: version for version in current("rules")}
    if case is None:
        return list(found.values())
    rows = CaseFramework.objects.filter(case=case).exclude(applies=False).select_related("pack").defer("pack__content")
    found |= {row.pack_id: row.pack for row in rows}
    answered = restrict(actor, "assurance.view_evidence").filter(case=case, kind="answers", withdrawn_at=None)
    keys = set(answered.values_list("key", flat=True))
    instruments = PackVersion.objects.filter(kind="instrument", pack_id__in=keys, current=True).defer("content")
    found |= {version.pk: version for version in instruments}
    return sorted(found.values(), key=lambda version: (version.kind, version.pack_id))


def sources(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any]:
    """What the statements rest on; by pack."""
    blocks: list[dict[str, Any]] = [
        sections.text(_("A statement that was not verified may warn, and never blocks. Read these before you rely on them."))
    ]
    for version in packs_of(matter, actor):
        rows = [_source(source) for source in load_sources(pack(version).data).values()]
        if rows:
            head = [_("Source"), _("How far checked"), _("When")]
            blocks += [sections.heading(words(version.title)), sections.table(head, rows, [3, 1.4, 0.8])]
    return {"heading": _("Sources, and how far each was checked"), "blocks": blocks}


def _source(source: Source) -> list[str]:
    title = f"{source.title}\n{source.url}" if source.url else source.title
    return [title, VERIFIED[source.verified.value](), fullday(source.checked) if source.checked else ""]


def versions(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any]:
    """Versions and hashes of the packs, and the place in the record."""
    rows = [[words(version.title), version.version, version.content_hash] for version in packs_of(matter, actor)]
    blocks = [sections.table([_("Set of rules, requirements or questions"), _("Version"), _("SHA-256")], rows, [1.6, 0.6, 2.6])]
    checkpoint = latest_checkpoint()
    blocks.append(sections.heading(_("The record")))
    blocks.append(sections.text(record_words(checkpoint)))
    if checkpoint is not None:
        head = [_("What"), _("Value")]
        root = bytes(checkpoint.root).hex()
        facts = [[_("Entries"), str(checkpoint.size)], [_("Root"), root], [_("Signed"), moment(checkpoint.at)]]
        blocks.append(sections.table(head, facts, [0.6, 3]))
    return {"heading": _("Versions and hashes"), "blocks": blocks}


def record_words(checkpoint: Checkpoint | None) -> str:
    """How far the record had come, in a sentence."""
    if checkpoint is None:
        return _("The record has no signed checkpoint yet.")
    return _("Everything above is recorded in a log that shows every change. It was signed at %(size)d entries.") % {"size": checkpoint.size}


def checkpoint_code(checkpoint: Checkpoint | None) -> str:
    """Entries and the first signs of the root, as people compare them: 1204 · 4F2A 91C7; "" without a checkpoint."""
    if checkpoint is None:
        return ""
    root = bytes(checkpoint.root).hex().upper()
    return f"{checkpoint.size} · {root[:4]} {root[4:8]}"
