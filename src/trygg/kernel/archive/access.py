"""Who may take an organisation's archive, and who may read the record that it brought along."""

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from trygg.kernel.access import NOTHING, Actor, Role, restrict, rule
from trygg.kernel.archive.models import Export, SealedRecord
from trygg.kernel.people.models import Organisation


@rule("archive.export_organisation", Organisation)
def export_organisation(actor: Actor) -> Q:
    """The organisation's own administrators: a board's archive is not the municipality's to take."""
    if actor.is_system:
        return Q()
    return Q(pk=actor.organisation_id) if actor.has_role(Role.ADMINISTRATOR) and not actor.guest else NOTHING


@rule("archive.manage_export", Export)
def manage_export(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return Q(organisation_id=actor.organisation_id) if actor.has_role(Role.ADMINISTRATOR) and not actor.guest else NOTHING


@rule("archive.view_record", SealedRecord)
def view_record(actor: Actor) -> Q:
    """The organisation's administrators and auditors."""
    if actor.is_system:
        return Q()
    if not actor.has_role(Role.ADMINISTRATOR, Role.AUDITOR) or actor.guest:
        return NOTHING
    return Q(organisation_id=actor.organisation_id)


def records_seen(actor: Actor) -> QuerySet:
    """Ids, as text, of the sealed records whose file the actor may fetch."""
    return restrict(actor, "archive.view_record").annotate(text_id=Cast("pk", CharField())).values("text_id")
