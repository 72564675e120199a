"""What a register file is, and its rows staged in chunks, outside any long transaction.

Staging may die at any point and be started again: a chunk and the count of rows read are one transaction, and the count moves
only from where this reader left it, so that two readers never stage the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from trygg.engines.records import (
    Mapper,
    Problem,
    RegisterRecord,
    Row,
    Source,
    build_mapping,
    guess_mapping,
    open_source,
)
from trygg.kernel.ledger.faults import crash_point
from trygg.spine.matters.imports import matching
from trygg.spine.matters.imports.keeping import KeptFile, path_of
from trygg.spine.matters.models import ImportRow, ImportRun

CHUNK = 500
OPTIONS = ("encoding", "delimiter", "sheet", "header_row")
LONGEST_ID = 300


class ReadByAnother(Exception):
    """Another worker reads this import, or it was discarded: nothing is left to do here."""


@dataclass(frozen=True)
class Found:
    """What a file is: `detected` as plain data, and the mapping that fits it (None when a person must make one)."""

    detected: dict[str, Any]
    mapping: dict[str, Any] | None
    sure: bool


def look_at(kept: KeptFile, options: dict[str, Any] | None = None) -> Found:
    """Open the file and say what it is. Raises ReadError."""
    options = {name: value for name, value in (options or {}).items() if name in OPTIONS and value}
    source = open_source(kept.path, name=kept.name, **options)
    info = source.info
    detected = {
        "format": info.format, "size": info.size, "encoding": info.encoding, "delimiter": info.delimiter, "sheet": info.sheet,
        "sheets": list(info.sheets), "columns": list(info.columns), "options": options,
        "notes": [{"code": note.code, "params": note.params} for note in info.notes],
    }  # fmt: skip
    guess = guess_mapping(info.columns)
    return Found(detected, guess.mapping.data if guess.mapping else None, guess.sure)


def _open(run: ImportRun) -> Source:
    return open_source(path_of(run.stored_as), name=run.file_name, **run.detected.get("options", {}))


def stage_rows(run: ImportRun) -> int:
    """Stage the rows that are not staged yet; returns how many the file has.

    Raises ReadError for a bad file, MappingError for a bad mapping, ReadByAnother, OperationalError for a full disk. What was
    staged before stays until `finish_staging` or `fail_staging` says what becomes of it.
    """
    source = _open(run)
    mapper = Mapper(build_mapping(run.mapping, run.mapping.get("id", "mapping")), source.info.columns)
    total = run.rows_total
    if total is None:
        total = source.check()  # the whole file is sound, and how far we are can be said
        ImportRun.objects.filter(pk=run.pk).update(rows_total=total)
    done = run.rows_read
    for first, chunk in _chunks_after(source, done):
        rows = [staged_row(run, row, mapper) for row in chunk]
        matching.match(run.organisation_id, rows)
        crash_point("import.stage.before_chunk")
        with transaction.atomic():
            ImportRow.objects.bulk_create(rows)
            crash_point("import.stage.in_chunk")
            mine = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.STAGING, rows_read=first)
            if not mine.update(rows_read=first + len(chunk)):
                raise ReadByAnother
        crash_point("import.stage.after_chunk")
    return total


def _chunks_after(source: Source, done: int) -> Iterator[tuple[int, list[Row]]]:
    """(rows before it, chunk) for the rows that come after the first `done`."""
    first = 0
    for chunk in source.chunks(CHUNK):
        fresh = chunk[max(0, done - first) :]
        if fresh:
            yield max(first, done), fresh
        first += len(chunk)


def staged_row(run: ImportRun, row: Row, mapper: Mapper) -> ImportRow:
    """A row of the file as it is staged: mapped, with all that is to be remarked, or rejected with the reason."""
    record = mapper.record(row)
    if isinstance(record, RegisterRecord) and len(record.source_id) > LONGEST_ID:
        value = record.source_id[:80]
        record = Problem("id_too_long", row.number, None, value, "source_id", {"length": len(record.source_id), "limit": LONGEST_ID})
    if isinstance(record, Problem):
        storable = record.code != "not_storable"
        return ImportRow(
            run=run, number=row.number, outcome=ImportRow.Outcome.REJECTED, raw=row.values if storable else {},
            problems=[problem_data(record)], candidates={},
        )  # fmt: skip
    return ImportRow(
        run=run, number=row.number, outcome=ImportRow.Outcome.CREATE, name=record.name, record=matching.stored_record(record),
        extra=record.extra, raw=record.raw, source_id=record.source_id, match_key=matching.described_key(record),
        problems=[problem_data(problem) for problem in record.warnings],
    )  # fmt: skip


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as plain data; it is worded when it is shown."""
    return {"code": problem.code, "column": problem.column, "value": problem.value, "field": problem.field, "params": problem.params}
