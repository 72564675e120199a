"""Who writes a dossier, who reads what was published of it, who takes answers over from somewhere and who looks at what changed.

A vendor sees nothing of those who use the product: no rule here leads from a dossier to a matter for the vendor.
"""

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from trygg.apps.assessments.access import answer_section
from trygg.apps.assessments.dossier.models import (
    Dossier,
    DossierAnswer,
    DossierName,
    DossierReview,
    DossierText,
    DossierVersion,
    Taking,
)
from trygg.apps.assessments.dossier.reach import inside
from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.kernel.access import NOTHING, Actor, Role, reached, restrict, rule
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.models import System

WRITERS = (Role.VENDOR, Role.ADMINISTRATOR)


def _vendor(actor: Actor, field: str) -> Q:
    """Rows of the actor's own organisation, when the actor answers for it as a vendor. A guest is not the organisation."""
    if actor.guest or not actor.signed_in or not actor.has_role(*WRITERS):
        return NOTHING
    return Q(**{f"{field}_id": actor.organisation_id, f"{field}__kind": Organisation.Kind.VENDOR})


@rule("assessments.begin_dossier", Organisation)
def begin_dossier(actor: Actor) -> Q:
    """For the own company."""
    if actor.is_system:
        return Q(kind=Organisation.Kind.VENDOR)
    if actor.guest or not actor.signed_in or not actor.has_role(*WRITERS):
        return NOTHING
    return Q(pk=actor.organisation_id, kind=Organisation.Kind.VENDOR)


@rule("assessments.edit_dossier", Dossier)
def edit_dossier(actor: Actor) -> Q:
    """Draft and publish: the vendor's own people. Nobody else sees the draft."""
    return Q() if actor.is_system else _vendor(actor, "vendor")


@rule("assessments.settle_dossier_text", DossierText)
def settle_dossier_text(actor: Actor) -> Q:
    return Q() if actor.is_system else _vendor(actor, "answer__dossier__vendor")


@rule("assessments.withdraw_dossier", DossierVersion)
def withdraw_dossier(actor: Actor) -> Q:
    """A version that holds: the vendor's own people."""
    holds = Q(withdrawn_at=None)
    if actor.is_system:
        return holds
    own = _vendor(actor, "dossier__vendor")
    return NOTHING if own is NOTHING else own & holds


@rule("assessments.view_dossier_version", DossierVersion)
def view_dossier_version(actor: Actor) -> Q:
    """What was published: the vendor, and whoever sees a matter that uses the product, in a system of its own or inside another."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    matters = restrict(actor, "matters.view_matter").exclude(system=None)
    used = System.objects.filter(inside(matters.values("system_id")))
    named = DossierName.objects.filter(
        Exists(used.filter(vendor_id=OuterRef("dossier__vendor_id"), name=OuterRef("name")))
    )
    seen = Q(dossier_id__in=named.values("dossier_id"))
    own = _vendor(actor, "dossier__vendor")
    return seen if own is NOTHING else seen | own


@rule("assessments.reuse_answers", Assessment)
def reuse_answers(actor: Actor) -> Q:
    """Take answers over into it: who may answer one of its sections."""
    condition = answer_section(actor)
    if condition is NOTHING:
        return NOTHING
    return Q(pk__in=SectionAssignment.objects.filter(condition).values("assessment_id"))


@rule("assessments.undo_taking", Taking)
def undo_taking(actor: Actor) -> Q:
    """Who may take answers over there; the service asks about each section."""
    condition = reuse_answers(actor)
    if condition is NOTHING:
        return NOTHING
    return Q(undone_at=None, undoable=True, assessment__in=Assessment.objects.filter(condition))


@rule("assessments.view_review", DossierReview)
def view_review(actor: Actor) -> Q:
    """What the vendor changed, beside what one took over: whoever sees the matter."""
    if actor.is_system:
        return Q()
    return reached(actor, "matters.view_matter", "matter_id") if actor.signed_in else NOTHING


@rule("assessments.answer_review", DossierReview)
def answer_review(actor: Actor) -> Q:
    """Keep or take: who edits the matter, until it is done."""
    if actor.is_system:
        return Q(done_at=None)
    return Q(done_at=None) & reached(actor, "matters.edit_matter", "matter_id") if actor.signed_in else NOTHING


def draft_files(actor: Actor) -> QuerySet:
    """Ids, as text, of the draft's answers whose files the actor may download."""
    rows = DossierAnswer.objects.filter(dossier__in=restrict(actor, "assessments.edit_dossier"))
    return rows.annotate(text_id=Cast("pk", CharField())).values("text_id")


def version_files(actor: Actor) -> QuerySet:
    """Ids, as text, of the versions whose files the actor may download."""
    rows = restrict(actor, "assessments.view_dossier_version")
    return rows.annotate(text_id=Cast("pk", CharField())).values("text_id")
