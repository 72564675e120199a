"""Who may see and change claims and evidence: it follows from the matter."""

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from trygg.kernel.access import NOTHING, Actor, Role, reached, restrict, rule
from trygg.spine.assurance.models import Case, CaseDocument, Claim, Evidence, Snapshot
from trygg.spine.matters.models import Matter


def _of_matters(actor: Actor, action: str, path: str) -> Q:
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    return reached(actor, action, path)


@rule("assurance.view_case", Case)
def view_case(actor: Actor) -> Q:
    return _of_matters(actor, "matters.view_matter", "matter_id")


@rule("assurance.view_claim", Claim)
def view_claim(actor: Actor) -> Q:
    """Who sees the matter, and who was asked to show that the claim holds."""
    seen = _of_matters(actor, "matters.view_matter", "case__matter_id")
    return seen | Q(owner__person_id=actor.person_id) if actor.signed_in else seen


@rule("assurance.add_evidence", Claim)
def add_evidence(actor: Actor) -> Q:
    """Who answers the facts of the matter, and who owns the claim."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    return _of_matters(actor, "matters.answer_facts", "case__matter_id") | Q(owner__person_id=actor.person_id)


@rule("assurance.contest_claim", Claim)
def contest_claim(actor: Actor) -> Q:
    """Anyone who may read the case, except vendors and auditors, may say that a claim does not hold."""
    if actor.has_role(Role.VENDOR, Role.AUDITOR):
        return NOTHING
    return view_claim(actor)


@rule("assurance.assign_claim", Claim)
def assign_claim(actor: Actor) -> Q:
    return _of_matters(actor, "matters.edit_matter", "case__matter_id")


@rule("assurance.attach_documents", Matter)
def attach_documents(actor: Actor) -> Q:
    """Who answers the facts of the matter."""
    return _of_matters(actor, "matters.answer_facts", "pk")


@rule("assurance.view_document", CaseDocument)
def view_document(actor: Actor) -> Q:
    return _of_matters(actor, "matters.view_matter", "case__matter_id")


@rule("assurance.manage_document", CaseDocument)
def manage_document(actor: Actor) -> Q:
    condition = _of_matters(actor, "matters.answer_facts", "case__matter_id")
    return NOTHING if condition is NOTHING else condition & Q(removed_at=None)


@rule("assurance.view_evidence", Evidence)
def view_evidence(actor: Actor) -> Q:
    return _of_matters(actor, "matters.view_matter", "case__matter_id")


@rule("assurance.manage_evidence", Evidence)
def manage_evidence(actor: Actor) -> Q:
    return _of_matters(actor, "matters.edit_matter", "case__matter_id")


@rule("assurance.view_snapshot", Snapshot)
def view_snapshot(actor: Actor) -> Q:
    return _of_matters(actor, "matters.view_matter", "case__matter_id")


def evidence_ids(actor: Actor) -> QuerySet:
    """Ids, as text, of the evidence whose files the actor may download."""
    rows = restrict(actor, "assurance.view_evidence")
    return rows.annotate(text_id=Cast("pk", CharField())).values("text_id")


def document_ids(actor: Actor) -> QuerySet:
    """Ids, as text, of the documents that the actor may download."""
    rows = restrict(actor, "assurance.view_document")
    return rows.annotate(text_id=Cast("pk", CharField())).values("text_id")
