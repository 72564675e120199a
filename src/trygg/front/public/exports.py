"""The register as data: one entry, all entries, as JSON and CSV."""

import csv
from collections.abc import Iterable, Iterator

from django.urls import reverse

from trygg.engines.records.guard import guard
from trygg.spine.publication.models import EntryVersion, PublishedEntry
from trygg.spine.publication.texts import both

LICENCE = "CC0-1.0"
COLUMNS = (
    "slug", "title_sv", "title_en", "title_und", "kind", "stage", "owner", "where", "ages", "settings", "prohibited", "supported",
    "missing", "stale", "contested", "version", "published_at", "url",
)  # fmt: skip


def reason_text(version: EntryVersion) -> dict[str, str]:
    return both(version.get_reason_display)


def entry_json(version: EntryVersion, versions: list[EntryVersion], base: str) -> dict:
    """One version with all its content; of a retracted one only that it was retracted, when and why."""
    slug = version.entry.slug
    answer = {
        "slug": slug,
        "url": base + reverse("public:entry", args=[slug]),
        "permanent_url": base + reverse("public:version", args=[slug, version.number]),
        "version": version.number,
        "state": version.state,
        "published_at": version.published_at,
        "licence": LICENCE,
        "versions": [
            {
                "version": other.number,
                "state": other.state,
                "published_at": other.published_at,
                "retracted_at": other.retracted_at,
            }
            for other in versions
        ],
    }
    if version.state == EntryVersion.State.RETRACTED:
        return answer | {"retracted_at": version.retracted_at, "reason": reason_text(version)}
    return answer | {"content_hash": version.content_hash, "content": version.content}


def row_json(row: PublishedEntry, base: str) -> dict:
    """One line of the list."""
    return {
        "slug": row.slug,
        "url": base + reverse("public:entry", args=[row.slug]),
        "json": base + reverse("public:entry_json", args=[row.slug]),
        "title": row.title,
        "summary": row.summary,
        "kind": row.kind,
        "stage": row.stage,
        "owner": row.owner_name,
        "where": row.where,
        "ages": [value for value in row.ages.split("|") if value],
        "settings": [value for value in row.setting.split("|") if value],
        "prohibited": row.prohibited,
        "counts": row.counts,
        "version": row.number,
        "published_at": row.published_at,
    }


def list_json(rows: Iterable[PublishedEntry], base: str) -> Iterator[str]:
    """All rows as one JSON document, piece by piece: 10,000 entries need no memory of their own."""
    from django.core.serializers.json import DjangoJSONEncoder

    encoder = DjangoJSONEncoder(ensure_ascii=False)
    yield f'{{"licence": "{LICENCE}", "entries": ['
    for n, row in enumerate(rows):
        yield (",\n" if n else "\n") + encoder.encode(row_json(row, base))
    yield "\n]}\n"


class _Line:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def list_csv(rows: Iterable[PublishedEntry], base: str) -> Iterator[str]:
    """All rows as CSV (RFC 4180, UTF-8 with BOM so that spreadsheets see it); formulas are guarded as in engines/records."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in rows:
        values = [
            row.slug, row.title.get("sv", ""), row.title.get("en", ""), row.title.get("und", ""), row.kind, row.stage, row.owner_name,
            row.where, row.ages.strip("|").replace("|", ";"), row.setting.strip("|").replace("|", ";"), str(row.prohibited).lower(),
            *(str(row.counts.get(status, 0)) for status in ("supported", "missing", "stale", "contested")), str(row.number),
            row.published_at.isoformat(), base + reverse("public:entry", args=[row.slug]),
        ]  # fmt: skip
        yield writer.writerow([guard(value) for value in values])
