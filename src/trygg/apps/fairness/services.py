"""The acts of a bias audit: declare, bring counts or rows, finish, use, withdraw. Nothing can be asked after it was answered."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.fairness import evidence, keeping
from trygg.apps.fairness.models import Audit, RowFile
from trygg.apps.fairness.question import Question, question_of
from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work
from trygg.spine.assurance.evidence import add_evidence, case_of, content_digest, withdraw_evidence
from trygg.spine.matters.models import Matter

State, Origin = Audit.State, Audit.Origin
WAITING = (State.DECLARED, State.FAILED)


def _who(actor: Actor) -> str:
    return ", ".join(part for part in (actor.name, actor.organisation_name) if part)[:330]


@service("fairness.declare_audit")
def declare_audit(
    *, actor: Actor, now: datetime, matter: Matter, title: str, question: Question, reason: str, outcome_source: str = "",
    previous: Audit | None = None,
) -> Audit:  # fmt: skip
    """Say what an audit asks, before anyone looks. AuditError for a question that no table can answer; ValidationError without a
    reason for the sizes, without declared comparisons, or without where the outcome comes from."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "fairness.declare_audit", matter)
        question.spec()
        wrong = {}
        if not reason.strip():
            wrong["reason"] = _(
                "Say why a difference of this size matters to the children. Without it any result can be called small."
            )
        if not question.primary:
            wrong["primary"] = _("Name at least one comparison that counts, such as fnr: sex.")
        if question.outcome and not outcome_source.strip():
            wrong["outcome_source"] = _(
                "Say who decided what the outcome was, and how. An outcome can carry the same bias."
            )
        if wrong:
            raise ValidationError(wrong)
        if previous is not None and previous.matter_id != matter.pk:
            raise ValidationError(_("An audit can only repeat one of the same matter."))
        Matter.objects.select_for_update().get(pk=matter.pk)  # numbers are given out one at a time
        number = (matter.audits.aggregate(last=Max("number"))["last"] or 0) + 1
        audit = Audit(
            matter=matter, number=number, title=title.strip(), question=question.data(), question_hash=question.digest(),
            reason=reason.strip(), outcome_source=outcome_source.strip(), system_version=matter.system_version, previous=previous,
            declared_by=_who(actor), declared_at=now,
        )  # fmt: skip
        audit.full_clean(exclude=["previous"])
        audit.save()
        work.record(
            "fairness.audit_declared", audit, organisation=matter.owner_id, number=number, matter=matter.pk, question=audit.question_hash,
            primary=", ".join(f"{metric}:{attribute}" for metric, attribute in question.primary), details={"title": audit.title, "reason": audit.reason},
        )  # fmt: skip
    return audit


@service("fairness.receive_audit")
def receive_audit(*, actor: Actor, now: datetime, audit: Audit, document: Mapping[str, Any], data_from: date) -> Audit:
    """Take in an audit that was made inside the agency (`documents.read_document` has checked it). ValidationError when it answers
    another question than the one declared, or is about days to come."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "fairness.run_audit", audit)
        _about_the_past(data_from, now)
        audit = _taken(audit, WAITING)
        differences = question_of(audit.question).differs(document)
        if differences:
            raise ValidationError(
                [
                    _(
                        "The file answers another question than the one declared: %(what)s was declared as “%(declared)s” and is “%(found)s”."
                    )
                    % {"what": what, "declared": declared or "–", "found": found or "–"}
                    for what, declared, found in differences
                ]
            )
        audit.origin, audit.data_from = Origin.CUBE, data_from
        _finish(work, audit, exact=None, public=document, now=now)
    return audit


@service("fairness.receive_rows")
def receive_rows(
    *, actor: Actor, now: datetime, audit: Audit, file_name: str, sha256: str, size: int, controller: str, basis: str, dpia: str,
    delete_on: date, data_from: date,
) -> Audit:  # fmt: skip
    """Take in rows that are in our keeping; the counts are made in the background, and then the rows are deleted.
    ValidationError without controller, basis, assessment or a day of deletion that lies ahead, at most 90 days."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "fairness.run_audit", audit)
        today = timezone.localdate(now)
        if not today <= delete_on or (delete_on - today).days > 90:
            raise ValidationError(
                {"delete_on": _("Choose a day from today to 90 days from now. The rows usually go within minutes.")}
            )
        _about_the_past(data_from, now)
        audit = _taken(audit, WAITING)
        RowFile.objects.filter(
            audit=audit, deleted_at__isnull=False
        ).delete()  # of an attempt that failed; the ledger remembers it
        rows = RowFile(
            audit=audit, file_name=file_name[-200:], sha256=sha256, size=size, controller=controller.strip(), basis=basis, dpia=dpia.strip(),
            delete_on=delete_on, uploaded_by=_who(actor), uploaded_at=now,
        )  # fmt: skip
        rows.full_clean(exclude=["audit"])
        rows.save()
        audit.state, audit.stage, audit.fault, audit.data_from = State.WORKING, "reading", None, data_from
        audit.save(update_fields=["state", "stage", "fault", "data_from"])
        work.record(
            "fairness.rows_received", audit, organisation=audit.matter.owner_id, number=audit.number, file=sha256, basis=basis,
            delete_on=delete_on.isoformat(), details={"file": rows.file_name, "controller": rows.controller, "dpia": rows.dpia},
        )  # fmt: skip
    return audit


@service("fairness.finish_audit")
def finish_audit(
    *, actor: Actor, now: datetime, audit: Audit, exact: Mapping[str, Any], public: Mapping[str, Any]
) -> Audit:
    """The counts of uploaded rows are made: keep the result, delete the rows. Does nothing when another worker was first."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "fairness.run_audit", audit)
        fresh = Audit.objects.select_for_update().get(pk=audit.pk)
        if fresh.state != State.WORKING:
            work.nothing_happened()
            return fresh
        fresh.origin = Origin.ROWS
        _finish(work, fresh, exact=exact, public=public, now=now)
        _delete_rows(work, fresh, now)
    return fresh


@service("fairness.fail_audit")
def fail_audit(*, actor: Actor, now: datetime, audit: Audit, code: str, text: str) -> Audit:
    """The rows could not be counted: say why, and delete them all the same."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "fairness.run_audit", audit)
        fresh = Audit.objects.select_for_update().get(pk=audit.pk)
        if fresh.state != State.WORKING:
            work.nothing_happened()
            return fresh
        fresh.state, fresh.stage, fresh.fault = State.FAILED, "", {"code": code, "text": text[:1000]}
        fresh.save(update_fields=["state", "stage", "fault"])
        work.record(
            "fairness.audit_failed", fresh, organisation=fresh.matter.owner_id, number=fresh.number, reason=code
        )
        _delete_rows(work, fresh, now)
    return fresh


@service("fairness.use_audit")
def use_audit(*, actor: Actor, now: datetime, audit: Audit, valid_until: date | None = None) -> Audit:
    """Put the audit before the claims that ask for one. It takes the place of earlier ones; its day is that of the data."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "fairness.run_audit", audit)
        audit = _taken(audit, (State.DONE,))
        begins = audit.data_from or timezone.localdate(now)
        if valid_until is not None and valid_until < begins:
            raise ValidationError({"valid_until": _("The last good day lies before the data.")})
        document = audit.exact or audit.public or {}
        title = _("Bias audit %(number)s: %(title)s") % {"number": audit.number, "title": audit.title}
        add_evidence(
            work, case=case_of(audit.matter), kind=evidence.KIND, key="", title=title,
            source_type=evidence.SOURCE, source_id=str(audit.pk), params=evidence.findings(document), valid_from=begins,
            valid_until=valid_until, content_hash=content_digest(document), system_version=audit.system_version, now=now,
        )  # fmt: skip
        work.record(
            "fairness.audit_used",
            audit,
            organisation=audit.matter.owner_id,
            number=audit.number,
            matter=audit.matter_id,
        )
    return audit


@service("fairness.withdraw_audit")
def withdraw_audit(*, actor: Actor, now: datetime, audit: Audit, because: str) -> Audit:
    """Take an audit out of use, with the reason. It stays readable; rows that are still here are deleted."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "fairness.run_audit", audit)
        audit = _taken(audit, (State.DECLARED, State.FAILED, State.WORKING, State.DONE))
        if not because.strip():
            raise ValidationError(
                {
                    "because": _(
                        "Say why it is withdrawn. An audit that is taken back in silence looks like one that displeased."
                    )
                }
            )
        audit.state, audit.stage, audit.withdrawn_at, audit.withdrawn_because = (
            State.WITHDRAWN,
            "",
            now,
            because.strip(),
        )
        audit.save(update_fields=["state", "stage", "withdrawn_at", "withdrawn_because"])
        withdraw_evidence(work, source_type=evidence.SOURCE, source_id=str(audit.pk), now=now)
        work.record(
            "fairness.audit_withdrawn",
            audit,
            organisation=audit.matter.owner_id,
            number=audit.number,
            details={"because": audit.withdrawn_because},
        )
        _delete_rows(work, audit, now)
    return audit


@service("fairness.delete_rows_due")
def delete_rows_due(*, actor: Actor, now: datetime, limit: int = 200) -> int:
    """The nightly job: delete rows whose day has passed, also when their audit was never worked out; returns how many files."""
    with unit_of_work(actor=actor, now=now) as work:
        if not actor.is_system:
            raise Denied("fairness.delete_rows_due")
        due = RowFile.objects.filter(deleted_at=None, delete_on__lt=timezone.localdate(now)).select_related(
            "audit__matter"
        )[:limit]
        found = list(due)
        if not found:
            work.nothing_happened()
        for rows in found:
            if rows.audit.state == State.WORKING:
                rows.audit.state, rows.audit.stage, rows.audit.fault = (
                    State.FAILED,
                    "",
                    {"code": "too_late", "text": ""},
                )
                rows.audit.save(update_fields=["state", "stage", "fault"])
            _delete_rows(work, rows.audit, now)
    return len(found)


def _taken(audit: Audit, states: tuple[str, ...]) -> Audit:
    """The audit, held until the act is over. ValidationError when it is in another state."""
    fresh = Audit.objects.select_for_update().get(pk=audit.pk)
    if fresh.state not in states:
        raise ValidationError(
            _("This can't be done now. The audit is: %(state)s.") % {"state": fresh.get_state_display()}
        )
    return fresh


def _about_the_past(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise ValidationError({"data_from": _("The data can't be from a day to come.")})


def _finish(
    work: UnitOfWork, audit: Audit, *, exact: Mapping[str, Any] | None, public: Mapping[str, Any], now: datetime
) -> None:
    audit.state, audit.stage, audit.fault, audit.finished_at = State.DONE, "", None, now
    audit.exact, audit.public, audit.cube_hash = exact, dict(public), str(public["method"]["cube_hash"])[:64]
    audit.save()
    verdicts = Counter(row["verdict"] for row in (exact or public)["comparisons"] if row["primary"])
    work.record(
        "fairness.audit_finished", audit, organisation=audit.matter.owner_id, number=audit.number, question=audit.question_hash,
        cube=audit.cube_hash, result=content_digest(public), verdicts=", ".join(f"{verdict} {count}" for verdict, count in sorted(verdicts.items())),
    )  # fmt: skip


def _delete_rows(work: UnitOfWork, audit: Audit, now: datetime) -> None:
    """Mark the rows as deleted, and delete the file when the act is committed, unless another audit still needs the same one."""
    rows = RowFile.objects.filter(audit=audit, deleted_at=None).first()
    if rows is None:
        return
    rows.deleted_at = now
    rows.save(update_fields=["deleted_at"])
    work.record(
        "fairness.rows_deleted", audit, organisation=audit.matter.owner_id, number=audit.number, file=rows.sha256
    )
    if not RowFile.objects.filter(sha256=rows.sha256, deleted_at=None).exists():
        work.after_commit(lambda: keeping.forget(rows.sha256, rows.file_name))
