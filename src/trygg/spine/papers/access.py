"""Who may read papers (who sees the matter), propose a decision, keep Word templates."""

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from trygg.kernel.access import NOTHING, Actor, Role, reached, restrict, rule
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.models import Matter
from trygg.spine.papers.models import ProposedDecision, WordTemplate


@rule("papers.propose_decision", Matter)
def propose_decision(actor: Actor) -> Q:
    """Who edits the matter."""
    if not actor.is_system and not actor.signed_in:
        return NOTHING
    return Q() if actor.is_system else reached(actor, "matters.edit_matter", "pk")


@rule("papers.view_proposal", ProposedDecision)
def view_proposal(actor: Actor) -> Q:
    """Who sees the matter."""
    if not actor.is_system and not actor.signed_in:
        return NOTHING
    return Q() if actor.is_system else reached(actor, "matters.view_matter", "matter_id")


@rule("papers.manage_templates", Organisation)
def manage_templates(actor: Actor) -> Q:
    """An administrator, for the own organisation and the boards below it."""
    if not actor.has_role(Role.ADMINISTRATOR) or actor.guest:
        return NOTHING
    return Q(pk=actor.organisation_id) | Q(parent_id=actor.organisation_id)


@rule("papers.use_template", WordTemplate)
def use_template(actor: Actor) -> Q:
    """Everybody for whom a paper is made: a template holds no case."""
    return Q() if actor.is_system or actor.signed_in else NOTHING


@rule("papers.manage_template", WordTemplate)
def manage_template(actor: Actor) -> Q:
    if not actor.has_role(Role.ADMINISTRATOR) or actor.guest:
        return NOTHING
    return Q(organisation_id=actor.organisation_id) | Q(organisation__parent_id=actor.organisation_id)


def template_ids(actor: Actor) -> QuerySet:
    """Ids, as text, of the templates whose files the actor may download."""
    return restrict(actor, "papers.manage_template").annotate(text_id=Cast("pk", CharField())).values("text_id")
