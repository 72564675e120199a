"""Public writes of the assurance case: documents, objections, owners, conditions, and time moving on."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.files.services import store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Membership
from trygg.kernel.work.tasks import close_task, notify, open_task
from trygg.spine.assurance.changes import EvidenceChanged
from trygg.spine.assurance.evidence import add_evidence, withdraw_piece
from trygg.spine.assurance.models import Case, Claim, Evidence
from trygg.spine.assurance.recompute import recompute
from trygg.spine.matters.models import Matter


@service("assurance.add_document")
def add_document(
    *, actor: Actor, now: datetime, claim: Claim, document: str, title: str, note: str = "", valid_until: date | None = None,
    upload: CheckedUpload | None = None,
) -> Evidence:  # fmt: skip
    """Add a document as evidence: of a kind that a need names (it then serves every claim that needs the kind), or, for a
    condition, that it is met. A file or a note that says where the document is must be given."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assurance.add_evidence", claim)
        if upload is None and not note.strip():
            raise ValidationError({"note": _("Add the file, or say where the document can be read.")})
        condition = claim.origin == Claim.Origin.CONDITION
        piece = add_evidence(
            work, case=claim.case, kind="condition_met" if condition else "document", key="" if condition else document, title=title,
            note=note, source_type="", source_id="", claim=claim if condition else None, valid_from=timezone.localdate(now),
            valid_until=valid_until, content_hash=upload.sha256 if upload else "", now=now,
            system_version="" if condition else claim.case.matter.system_version,
        )  # fmt: skip
        if upload is not None:
            store_file(
                work, upload=upload, subject_type="assurance.evidence", subject_id=str(piece.pk), organisation=claim.case.matter.owner, now=now
            )
        close_task(work, code="assurance.own_claim", subject_type="assurance.claim", subject_id=str(claim.pk), now=now)
    return piece


@service("assurance.withdraw_document")
def withdraw_document(*, actor: Actor, now: datetime, piece: Evidence) -> None:
    """Withdraw a piece of evidence by hand: it no longer counts, and stays readable."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assurance.manage_evidence", piece)
        if piece.withdrawn_at is not None:
            work.nothing_happened()
            return
        withdraw_piece(work, piece=piece, now=now)


@service("assurance.contest_claim")
def contest_claim(*, actor: Actor, now: datetime, claim: Claim, title: str, note: str) -> Evidence:
    """Say that a claim does not hold. It is contested at once, until the objection is settled."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assurance.contest_claim", claim)
        if not title.strip():
            raise ValidationError({"title": _("Say in one sentence what does not hold.")})
        piece = add_evidence(
            work, case=claim.case, kind="objection", key="", title=title, note=note, source_type="", source_id="", claim=claim,
            stance="contests", valid_from=timezone.localdate(now), now=now,
        )  # fmt: skip
        matter = claim.case.matter
        people = [m.person_id for m in (matter.accountable, matter.overseer, claim.owner) if m]
        notify(work, person_ids=people, code="claim_contested", params={"title": matter.title}, path=f"/matters/{matter.key}/", now=now)
        work.record("assurance.claim_contested", claim, organisation=matter.owner_id, matter=matter.pk)
    return piece


@service("assurance.settle_contest")
def settle_contest(*, actor: Actor, now: datetime, piece: Evidence, answer: str) -> None:
    """Settle an objection with an answer that whoever raised it can read."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assurance.manage_evidence", piece)
        if not answer.strip():
            raise ValidationError({"answer": _("Say what was found and what was done.")})
        if piece.settled_at is not None:
            work.nothing_happened()
            return
        piece.settled_at = now
        piece.note = f"{piece.note}\n\n{answer}".strip()
        piece.save(update_fields=["settled_at", "note"])
        work.changed(EvidenceChanged(piece.case.matter_id))
        work.record("assurance.contest_settled", piece, organisation=piece.case.matter.owner_id, matter=piece.case.matter_id, details={"answer": answer})


@service("assurance.assign_claim")
def assign_claim(*, actor: Actor, now: datetime, claim: Claim, owner: Membership | None, due_on: date | None, wording: dict | None = None) -> Claim:
    """Say who shows that a claim holds, and by when; that person gets a task."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assurance.assign_claim", claim)
        if owner is not None:
            require(actor, "people.view_membership", owner)
        claim.owner, claim.due_on = owner, due_on
        claim.save(update_fields=["owner", "due_on"])
        matter = claim.case.matter
        close_task(work, code="assurance.own_claim", subject_type="assurance.claim", subject_id=str(claim.pk), now=now)
        if owner is not None:
            open_task(
                work, code="assurance.own_claim", params={"title": matter.title, "claim": wording or claim.text},
                path=f"/case/claims/{claim.pk}/", subject_type="assurance.claim", subject_id=str(claim.pk),
                organisation_id=owner.organisation_id, assignee_id=owner.pk, due_on=due_on, now=now,
            )  # fmt: skip
        work.record("assurance.claim_assigned", claim, organisation=matter.owner_id, matter=matter.pk, owner=owner.pk if owner else None)
    return claim


@service("assurance.move_time_forward")
def move_time_forward(*, actor: Actor, now: datetime, limit: int = 500) -> int:
    """The nightly job: work out the cases in which time alone changes something by now; returns how many."""
    with unit_of_work(actor=actor, now=now) as work:
        if not actor.is_system:
            raise Denied("assurance.move_time_forward")
        due = Case.objects.filter(next_change_at__lte=timezone.localdate(now)).order_by("next_change_at", "pk")
        ids = list(due.values_list("matter_id", flat=True)[:limit])
        _recompute_recorded(work, ids)
    return len(ids)


@service("assurance.recompute_after_packs")
def recompute_after_packs(*, actor: Actor, now: datetime, after: int = 0, limit: int = 500) -> int | None:
    """Work out the next `limit` cases after matter `after`, since packs changed; returns the last matter's key, None at the end."""
    with unit_of_work(actor=actor, now=now) as work:
        if not actor.is_system:
            raise Denied("assurance.recompute_after_packs")
        ids = list(Matter.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])
        _recompute_recorded(work, ids)
    return ids[-1] if ids else None


def _recompute_recorded(work, ids: list[int]) -> None:
    if not ids:
        work.nothing_happened()
        return
    recompute(work, ids)
    work.record("assurance.cases_recomputed", count=len(ids))
