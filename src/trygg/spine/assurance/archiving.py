"""How a case travels with its organisation: claims with their states, evidence, snapshots."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from trygg.kernel.archive.fields import Inside, Subject
from trygg.kernel.archive.registry import Reference, kind, register
from trygg.spine.assurance.documents import SOURCE
from trygg.spine.assurance.models import Case, CaseDocument, CaseFramework, Claim, Evidence, Snapshot
from trygg.spine.frameworks.archiving import OwnId


def _make_case(values: Mapping[str, Any], found: Callable[[str, str], Any], host: Any, now: datetime) -> Case:
    return Case(matter_id=found("matters.matter", values["matter"]))


def register_archive() -> None:
    register(Case, owner="matter__owner", key=("matter",), computed=True, reference=Reference(fields=("matter",), make=_make_case))
    register(CaseFramework, owner="case__matter__owner", key=("case", "pack"), computed=True)
    register(
        Claim, owner="case__matter__owner", key=("case", "pack", "requirement_id"), computed=True,
        links={"reasons": Inside(("*.params.source", "assurance.evidence"), text=True)},
    )  # fmt: skip
    register(
        Evidence, owner="case__matter__owner", key=("case", "claim", "kind", "key", "added_at"),
        links={"source_id": Subject("source_type"), "key": OwnId()},
    )  # fmt: skip
    register(CaseDocument, owner="case__matter__owner", key=("case", "sha256", "added_at"))
    kind(SOURCE, "assurance.casedocument")
    # A snapshot that a committee works from belongs to the committee's record as well, whoever owns the matter. Its content is hashed:
    # it stays as it was frozen.
    register(
        Snapshot, rows=lambda organisation: Q(case__matter__owner=organisation) | Q(agenda_items__meeting__organisation=organisation),
        key=("case", "number"),
    )  # fmt: skip
