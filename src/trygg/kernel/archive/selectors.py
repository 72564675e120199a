"""Reads about archives: what an organisation's would hold, those that were asked for, records that came along."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from trygg.kernel.access import Actor, restrict
from trygg.kernel.archive.leaving import held_back, rows_of
from trygg.kernel.archive.models import Export, SealedRecord
from trygg.kernel.archive.registry import registered
from trygg.kernel.files.models import StoredFile
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.models import Organisation


@dataclass(frozen=True)
class Preview:
    """What an archive would hold now."""

    rows: int
    tables: list[tuple[str, int]]  # what people call the rows, how many; most first
    people: int
    files: int
    size: int
    shut: int
    entries: int
    held_back: list[tuple[str, int]]  # why, how many


def exports_seen(actor: Actor) -> QuerySet[Export]:
    """The archives that the actor may manage, newest first."""
    return restrict(actor, "archive.manage_export").select_related("organisation")


def records_of(actor: Actor) -> list[tuple[SealedRecord, StoredFile | None]]:
    """Records that the organisation brought along, each with its file."""
    records = list(restrict(actor, "archive.view_record"))
    files = StoredFile.objects.filter(subject_type="archive.sealedrecord", subject_id__in=[str(one.pk) for one in records], quarantined_at=None)
    by_record = {stored.subject_id: stored for stored in files}
    return [(record, by_record.get(str(record.pk))) for record in records]


def preview(organisation: Organisation) -> Preview:
    """Count what would go."""
    tables, held, rows, people = [], {}, 0, 0
    for label, one in registered().items():
        count = rows_of(one, organisation).count()
        rows += count
        people += count if label == "people.person" else 0
        if count:
            tables.append((_name(one), count))
        back = held_back(one, organisation)
        if back:
            why = str(one.held_back[0].why)
            held[why] = held.get(why, 0) + back
    files = StoredFile.objects.filter(organisation=organisation)
    live = files.filter(quarantined_at=None, removed_at=None)
    return Preview(
        rows=rows, tables=sorted(tables, key=lambda pair: (-pair[1], pair[0])), people=people, files=live.count(),
        size=live.aggregate(size=Sum("size"))["size"] or 0, shut=files.count() - live.count(),
        entries=Entry.objects.filter(organisation_id=organisation.pk).count(), held_back=sorted(held.items()),
    )  # fmt: skip


def _name(one: Any) -> str:
    return f"{one.model._meta.app_label}.{one.model.__name__}"
