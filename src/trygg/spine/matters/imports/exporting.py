"""Systems out again: everything (JSON, CSV), or in the Dutch publication standard with a list of what it would refuse."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.db.models import QuerySet

from trygg.engines.records import (
    Problem,
    RegisterRecord,
    to_nl,
    write_csv,
    write_json,
    write_nl_csv,
    write_nl_json,
)
from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.imports.matching import record_of
from trygg.spine.matters.models import System

STANDARDS = ("nl-1.0", "json", "csv")


@dataclass(frozen=True)
class Records:
    """The systems as register records: gone through as often as a writer wants, a few at a time in memory."""

    systems: QuerySet[System]

    def __iter__(self) -> Iterator[RegisterRecord]:
        for system in self.systems.iterator(chunk_size=200):
            yield record_of(system)

    def __len__(self) -> int:
        return self.systems.count()

    def __contains__(self, record: object) -> bool:
        return any(record == one for one in self)


def records_for(actor: Actor, organisation: Organisation | None = None) -> Records:
    """The systems that `actor` may see, those that `organisation` keeps when it is given, oldest first."""
    systems = restrict(actor, "matters.view_system").order_by("pk")
    return Records(systems.filter(owner=organisation) if organisation else systems)


def write(records: Records, standard: str, stream: TextIO, *, table: bool = False) -> list[Problem]:
    """Write in a standard (nl-1.0: as CSV when `table`); returns what the standard would refuse. ValueError for an unknown one."""
    match standard:
        case "json":
            write_json(records, stream)
        case "csv":
            write_csv(records, stream)
        case "nl-1.0":
            return write_nl_csv(records, stream) if table else write_nl_json(records, stream)
        case _:
            raise ValueError(f"{standard} is not one of {', '.join(STANDARDS)}")
    return []


def against(records: Records, standard: str) -> Iterator[tuple[RegisterRecord, Problem]]:
    """What a standard would refuse, without writing anything."""
    if standard == "nl-1.0":
        for record in records:
            for problem in to_nl(record).problems:
                yield record, problem


def write_file(records: Records, standard: str, path: Path) -> list[Problem]:
    """Write to a file, whole or not at all: beside it first, then into its place. The suffix .csv makes nl-1.0 a table."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            problems = write(records, standard, stream, table=path.suffix.lower() == ".csv")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return problems
