"""Writes that rooms compose inside their own unit of work: evidence, conditions, snapshots."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from trygg.kernel.people.models import Membership
from trygg.spine.assurance.changes import EvidenceChanged
from trygg.spine.assurance.models import Case, Claim, Evidence, Snapshot, Status
from trygg.spine.frameworks.selectors import current
from trygg.spine.matters.models import Fact


def case_of(matter) -> Case:
    """The case of a matter, made when there is none yet."""
    return Case.objects.get_or_create(matter=matter)[0]


def content_digest(content: object) -> str:
    """SHA-256 of plain data as canonical JSON text."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def add_evidence(
    work, *, case: Case, kind: str, key: str, title: str, source_type: str, source_id: str, valid_from: date, now: datetime,
    params: dict | None = None, claim: Claim | None = None, stance: str = "supports", valid_until: date | None = None,
    content_hash: str = "", system_version: str = "", note: str = "",
) -> Evidence:  # fmt: skip
    """Add evidence. An open piece of the same source, kind and key is replaced: it is withdrawn, and stays readable."""
    if source_id:
        Evidence.objects.filter(
            case=case, kind=kind, key=key, source_type=source_type, source_id=str(source_id), claim=claim, withdrawn_at=None
        ).update(withdrawn_at=now)
    piece = Evidence.objects.create(
        case=case, claim=claim, kind=kind, key=key, params=params or {}, stance=stance, title=title[:300], note=note,
        source_type=source_type, source_id=str(source_id), content_hash=content_hash or content_digest(params or {}),
        system_version=system_version, valid_from=valid_from, valid_until=valid_until,
        added_by=", ".join(part for part in (work.actor.name, work.actor.organisation_name) if part)[:200], added_at=now,
    )  # fmt: skip
    work.changed(EvidenceChanged(case.matter_id))
    work.record(
        "assurance.evidence_added", piece, organisation=case.matter.owner_id, kind=kind, key=key, stance=stance,
        matter=case.matter_id, hash=piece.content_hash, details={"title": title},
    )  # fmt: skip
    return piece


def replace_evidence(work, *, pieces: Mapping[int, tuple[dict, str]], now: datetime) -> int:
    """Put other params and their hash in the place of open pieces of evidence, by id: the old ones are withdrawn and stay readable.
    A fixed number of queries for any number of pieces; returns how many there were."""
    old = list(Evidence.objects.filter(pk__in=list(pieces), withdrawn_at=None).select_related("case__matter"))
    Evidence.objects.filter(pk__in=[piece.pk for piece in old]).update(withdrawn_at=now)
    made = []
    for piece in old:
        params, digest = pieces[piece.pk]
        values = {field.attname: getattr(piece, field.attname) for field in Evidence._meta.concrete_fields if not field.primary_key}
        made.append(Evidence(**values | {"params": params, "content_hash": digest, "added_at": now}))
    made = Evidence.objects.bulk_create(made)
    for before, piece in zip(old, made, strict=True):
        matter = before.case.matter
        work.changed(EvidenceChanged(matter.pk))
        work.record(
            "assurance.evidence_added", piece, organisation=matter.owner_id, kind=piece.kind, key=piece.key, stance=piece.stance,
            matter=matter.pk, hash=piece.content_hash, details={"title": piece.title},
        )  # fmt: skip
    return len(made)


def withdraw_evidence(work, *, source_type: str, source_id: str, now: datetime) -> int:
    """Withdraw all evidence that came from a source; returns how many pieces."""
    pieces = list(
        Evidence.objects.filter(source_type=source_type, source_id=str(source_id), withdrawn_at=None).select_related("case__matter")
    )
    for piece in pieces:
        withdraw_piece(work, piece=piece, now=now)
    return len(pieces)


def withdraw_piece(work, *, piece: Evidence, now: datetime) -> None:
    """Withdraw one piece of evidence: it no longer counts, and stays readable."""
    piece.withdrawn_at = now
    piece.save(update_fields=["withdrawn_at"])
    work.changed(EvidenceChanged(piece.case.matter_id))
    work.record("assurance.evidence_withdrawn", piece, organisation=piece.case.matter.owner_id, kind=piece.kind, matter=piece.case.matter_id)


def add_condition(
    work, *, case: Case, requirement_id: str, text: dict, owner: Membership | None, due_on: date | None, now: datetime
) -> Claim:
    """Make a condition of a decision a claim: `text` by language, or {"und": ...} when it is in one language only."""
    claim = Claim.objects.create(
        case=case, origin=Claim.Origin.CONDITION, requirement_id=requirement_id, text=text, owner=owner, due_on=due_on,
        order=100_000 + case.claims.filter(origin=Claim.Origin.CONDITION).count(), status=Status.MISSING, changed_at=now,
    )  # fmt: skip
    work.changed(EvidenceChanged(case.matter_id))
    work.record("assurance.condition_added", claim, organisation=case.matter.owner_id, matter=case.matter_id, details={"text": text})
    return claim


def make_snapshot(work, *, case: Case, now: datetime) -> Snapshot:
    """Freeze the case as it stands in the database: what committees advise on. The content is plain data, and hashed."""
    matter = case.matter
    content = {
        "matter": {
            "key": matter.key, "title": matter.title, "kind": matter.kind, "stage": matter.stage, "summary": matter.summary,
            "owner": matter.owner.name, "system": matter.system.name if matter.system else "",
            "system_version": matter.system_version, "deciding_body": matter.deciding_body, "diary_number": matter.diary_number,
            "children": {name: getattr(matter, f"children_{name}") for name in ("where", "told", "say_no", "object", "human", "correct")},
        },
        "facts": {fact.name: {"state": fact.state, "value": fact.value} for fact in Fact.objects.filter(matter=matter)},
        "depth": case.depth,
        "counts": case.counts,
        "screening": case.screening,
        "packs": [{"id": v.pack_id, "version": v.version, "hash": v.content_hash} for v in current(owner=matter.owner)],
        "claims": [
            {
                "id": claim.pk, "pack": claim.pack.pack_id if claim.pack else None,
                "pack_version": claim.pack.version if claim.pack else None, "requirement": claim.requirement_id,
                "text": claim.text, "origin": claim.origin, "status": claim.status, "reasons": claim.reasons,
            }
            for claim in case.claims.select_related("pack")
        ],
        "evidence": [
            {
                "id": piece.pk, "kind": piece.kind, "key": piece.key, "stance": piece.stance, "title": piece.title,
                "valid_from": piece.valid_from.isoformat(), "valid_until": piece.valid_until and piece.valid_until.isoformat(),
                "hash": piece.content_hash, "params": piece.params, "settled": piece.settled_at is not None,
                "claim": piece.claim_id, "added_by": piece.added_by,
            }
            for piece in case.evidence.filter(withdrawn_at=None).order_by("pk")
        ],
    }  # fmt: skip
    number = (case.snapshots.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    snapshot = Snapshot.objects.create(
        case=case, number=number, content=content, content_hash=content_digest(content), made_by=work.actor.name, made_at=now
    )
    work.record("assurance.snapshot_made", snapshot, organisation=matter.owner_id, number=number, hash=snapshot.content_hash, matter=matter.pk)
    return snapshot
