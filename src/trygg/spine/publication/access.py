"""Who may write, approve, publish and retract; and what everyone may read."""

from django.db.models import Q

from trygg.kernel.access import NOTHING, Actor, reached, rule
from trygg.spine.matters.models import Matter
from trygg.spine.publication.models import EntryVersion, OutsideCase, PublishedEntry, RegisterEntry

OPEN = (EntryVersion.State.DRAFT, EntryVersion.State.APPROVED)
PUBLIC = (EntryVersion.State.PUBLISHED, EntryVersion.State.RETRACTED)


def _of(actor: Actor, action: str, path: str, rows: Q | None = None) -> Q:
    """Rows whose matter the actor may do `action` to, and that are among `rows`. Not even the system publishes: two people do."""
    if not actor.signed_in:
        return NOTHING
    found = reached(actor, action, path)
    return found if rows is None else found & rows


OPEN_MATTER = ~Q(entry__matter__secrecy=Matter.Secrecy.SECRET)


@rule("publication.draft_entry", Matter)
def draft_entry(actor: Actor) -> Q:
    """Who edits the matter, unless it is secret."""
    return _of(actor, "matters.edit_matter", "pk", ~Q(secrecy=Matter.Secrecy.SECRET))


@rule("publication.view_entry", RegisterEntry)
def view_entry(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return _of(actor, "matters.view_matter", "matter_id")


@rule("publication.view_version", EntryVersion)
def view_version(actor: Actor) -> Q:
    """Also drafts: who may see the matter."""
    if actor.is_system:
        return Q()
    return _of(actor, "matters.view_matter", "entry__matter_id")


@rule("publication.ask_for_approval", EntryVersion)
def ask_for_approval(actor: Actor) -> Q:
    return _of(actor, "matters.edit_matter", "entry__matter_id", OPEN_MATTER & Q(state=EntryVersion.State.DRAFT))


@rule("publication.approve_entry", EntryVersion)
def approve_entry(actor: Actor) -> Q:
    """Another person than the one who made it, once it was asked for."""
    asked = Q(state=EntryVersion.State.DRAFT, asked_at__isnull=False) & ~Q(made_by_id=actor.person_id)
    return _of(actor, "matters.edit_matter", "entry__matter_id", OPEN_MATTER & asked)


@rule("publication.return_draft", EntryVersion)
def return_draft(actor: Actor) -> Q:
    """Who edits the matter may send an asked or approved version back; also the one who made it, who thinks again."""
    return _of(actor, "matters.edit_matter", "entry__matter_id", Q(state__in=OPEN, asked_at__isnull=False))


@rule("publication.publish_entry", EntryVersion)
def publish_entry(actor: Actor) -> Q:
    return _of(actor, "matters.edit_matter", "entry__matter_id", OPEN_MATTER & Q(state=EntryVersion.State.APPROVED))


@rule("publication.retract_entry", RegisterEntry)
def retract_entry(actor: Actor) -> Q:
    """Who edits the matter, alone and at once: what should not be public must not wait for a second person."""
    return _of(actor, "matters.edit_matter", "matter_id", Q(current__state=EntryVersion.State.PUBLISHED))


@rule("publication.start_from_other", Matter)
def start_from_other(actor: Actor) -> Q:
    """Who edits the matter may begin it with what another municipality published."""
    return _of(actor, "matters.edit_matter", "pk")


@rule("publication.view_outside_case", OutsideCase)
def view_outside_case(actor: Actor) -> Q:
    """Cases read from files: the people of the organisation that read them."""
    if actor.is_system:
        return Q()
    if not actor.signed_in or actor.guest:
        return NOTHING
    return Q(owner_id=actor.organisation_id)


@rule("publication.read_register", PublishedEntry)
def read_register(actor: Actor) -> Q:
    """Everyone, signed in or not."""
    return Q()


@rule("publication.read_version", EntryVersion)
def read_version(actor: Actor) -> Q:
    """Everyone reads what was published, and that it was retracted. Never a draft."""
    return Q(state__in=PUBLIC)
