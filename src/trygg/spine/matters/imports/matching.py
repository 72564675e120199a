"""Which system of the register a row is about. Nothing is ever merged silently: what is not clear waits for a person.

A row with a source id is the system with the same source and source id. Without an id it is the one system with the same
source, publisher, name and web address (`match_key`). Everything else is either new, or listed for a person: several systems
that fit, several rows of one file with the same key, a row with an id where a system without one fits.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Count

from trygg.engines.records import Item, RegisterRecord, from_dict, match_key, to_dict
from trygg.spine.matters.models import ImportRow, ImportRun, Source, System

CHUNK = 500
LISTED = 20  # so many other rows are named beside a duplicate
Outcome = ImportRow.Outcome
KEPT_APART = ("raw", "extra", "warnings", "row")


def described_key(record: RegisterRecord) -> str:
    """SHA-256 of source, publisher, name and web address, normalised: what a row without a source id goes by."""
    parts = match_key(replace(record, source_id="")).parts
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def stored_record(record: RegisterRecord) -> dict:
    """The mapped fields as they stand in `System.record`; the row as it came and what no field took up stand beside them."""
    return {key: value for key, value in to_dict(record).items() if key not in KEPT_APART}


def vendor_of(record: dict) -> str:
    """The supplier in one line."""
    names = (item.get("title") or item.get("text", "") for item in record.get("supplier", ()))
    return "; ".join(name for name in names if name)


def columns_of(record: dict) -> dict[str, str]:
    """The columns of a system that a person may also type, as the record gives them."""
    return {"name": record.get("name", ""), "vendor_name": vendor_of(record), "summary": record.get("summary", "")}


def same(system: System, row: ImportRow) -> bool:
    """True when the row says nothing that the system's record does not say already."""
    return (system.raw, system.record, system.extra) == (row.raw, row.record, row.extra)


def fill(system: System, row: ImportRow) -> None:
    """Write a row into a system. What a person typed over the record since is kept: it was changed on purpose."""
    before = columns_of(system.record)
    for name, value in columns_of(row.record).items():
        standing = getattr(system, name)
        if not standing or standing == before[name]:
            setattr(system, name, value or standing)
    system.record, system.extra, system.raw = row.record, row.extra, row.raw
    system.match_key = row.match_key
    if not system.source:
        system.source = row.record.get("source", "")
    if not system.source_id and system.source == row.record.get("source", ""):
        system.source_id = row.source_id


def record_of(system: System) -> RegisterRecord:
    """The system as a register record, with what was typed since: for export."""
    typed = {"name": system.name, "source": system.source or "trygg", "language": ""}
    data = {**typed, **system.record, "raw": system.raw, "extra": system.extra}
    found = from_dict({key: value for key, value in data.items() if value not in ("", None)})
    before = columns_of(system.record)
    found.name = system.name
    if system.summary != before["summary"]:
        found.summary = system.summary
    if system.vendor_name != before["vendor_name"]:
        found.supplier = (Item(title=system.vendor_name),) if system.vendor_name else ()
    if system.source_id and not found.source_id:
        found.source_id = system.source_id
    return found


def match(organisation_id: int, rows: Iterable[ImportRow]) -> None:
    """Say for each row (not saved here) what will happen to it, as far as the row alone tells."""
    rows = [row for row in rows if row.outcome != Outcome.REJECTED]
    own = System.objects.filter(owner_id=organisation_id)
    by_id = {
        (system.source, system.source_id): system
        for system in own.filter(source_id__in={row.source_id for row in rows if row.source_id})
    }
    by_key = defaultdict(list)
    for system in own.filter(match_key__in={row.match_key for row in rows}).order_by("pk"):
        by_key[system.match_key].append(system)
    for row in rows:
        _match_one(row, by_id.get((row.record.get("source", ""), row.source_id)), by_key[row.match_key])


def _match_one(row: ImportRow, with_id: System | None, described: list[System]) -> None:
    row.system, row.before, row.candidates = None, None, {}
    if with_id is not None:
        found, clear = [with_id], True
    elif row.source_id:
        found, clear = [system for system in described if not system.source_id], False
    else:
        found, clear = described, len(described) == 1
    if not found:
        row.outcome = Outcome.CREATE
    elif clear:
        point_at(row, found[0])
    else:
        row.outcome, row.candidates = Outcome.AMBIGUOUS, {"systems": [system.pk for system in found], "rows": []}


def point_at(row: ImportRow, system: System) -> None:
    """The row is about this system. How it stood then is noted, so that a later change is seen before anything is applied."""
    row.system = system
    row.before = {"seen": system.updated_at.isoformat()}
    row.outcome = Outcome.UNCHANGED if same(system, row) else Outcome.UPDATE


def list_duplicates(run: ImportRun) -> None:
    """Rows of one file with the same key, or about the same system: each of them waits for a person."""
    live = run.rows.exclude(outcome=Outcome.REJECTED)
    without_id = live.filter(source_id="").values("match_key")
    for wanted, field in (
        (live.exclude(source_id=""), "source_id"),
        (live.filter(match_key__in=without_id), "match_key"),
        (live.exclude(system=None), "system_id"),
    ):
        repeated = wanted.order_by().values(field).annotate(n=Count("pk")).filter(n__gt=1).values(field)
        groups = defaultdict(list)
        for row in wanted.filter(**{f"{field}__in": repeated}).only("number", "candidates", "outcome", field, "system_id", "before"):
            groups[getattr(row, field)].append(row)
        changed = [row for rows in groups.values() for row in _ask_about(rows)]
        ImportRow.objects.bulk_update(changed, ["candidates", "outcome", "system", "before"], batch_size=CHUNK)


def _ask_about(rows: list[ImportRow]) -> list[ImportRow]:
    systems = sorted({pk for row in rows for pk in (row.system_id, *(row.candidates or {}).get("systems", ())) if pk})
    for row in rows:
        others = {one.number for one in rows[: LISTED + 1]} | set((row.candidates or {}).get("rows", ()))
        row.candidates = {"systems": systems, "rows": sorted(others - {row.number})}
        row.outcome, row.system, row.before = Outcome.AMBIGUOUS, None, None
    return rows


def new_system(row: ImportRow, *, owner_id: int, now) -> System:
    """The system that a new row becomes, not saved."""
    system = System(owner_id=owner_id, origin=Source.IMPORTED, created_at=now, updated_at=now)
    fill(system, row)
    return system
