"""Who may see and change matters and systems."""

from django.db.models import F, Q

from trygg.kernel.access import NOTHING, Actor, Role, rule
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.models import ImportRun, Matter, Opening, Share, System

WRITERS = (Role.OFFICER, Role.ADMINISTRATOR)
INSIDERS = (
    Role.OFFICER, Role.CONTRIBUTOR, Role.COMMITTEE_SECRETARY, Role.SAFEGUARDING_LEAD, Role.DATA_STEWARD, Role.ANALYST, Role.AUDITOR,
    Role.ADMINISTRATOR,
)  # fmt: skip


def shared_with(actor: Actor, *levels: str) -> Q:
    """Matters shared with the actor's organisation, at one of `levels`, as long as the share runs. A guest is not the organisation."""
    if actor.guest:
        return NOTHING
    share = Share.objects.filter(
        organisation_id=actor.organisation_id, ended_at=None, starts_at__lte=actor.at, ends_at__gt=actor.at
    )
    if levels:
        share = share.filter(level__in=levels)
    return Q(pk__in=share.values("matter_id"))


@rule("matters.view_matter", Matter)
def view_matter(actor: Actor) -> Q:
    """The owner's people, the municipality above a board (auditor), whom it was shared with, and who has a task in it."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    personal = Q(accountable__person_id=actor.person_id) | Q(overseer__person_id=actor.person_id)
    if actor.guest or actor.has_role(Role.VENDOR, Role.COMMITTEE_MEMBER):
        return personal  # what is assigned to them they reach through the assessment and the meeting
    family = Q(owner_id=actor.organisation_id)
    if actor.has_role(Role.AUDITOR):
        family |= Q(owner__parent_id=actor.organisation_id)
    return family | personal | shared_with(actor)


@rule("matters.edit_matter", Matter)
def edit_matter(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    own = Q(accountable__person_id=actor.person_id)
    if actor.has_role(*WRITERS):
        own |= Q(owner_id=actor.organisation_id)
    return own


@rule("matters.answer_facts", Matter)
def answer_facts(actor: Actor) -> Q:
    """Who edits, and officers of an organisation that it was shared with to work in it."""
    if actor.is_system:
        return Q()
    may_edit = edit_matter(actor)
    if actor.has_role(Role.OFFICER, Role.CONTRIBUTOR):
        return may_edit | shared_with(actor, Share.Level.WORK)
    return may_edit


@rule("matters.pause_matter", Matter)
def pause_matter(actor: Actor) -> Q:
    """The overseer and the accountable person, at once, without asking anyone."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    return Q(overseer__person_id=actor.person_id) | Q(accountable__person_id=actor.person_id)


@rule("matters.resume_matter", Matter)
def resume_matter(actor: Actor) -> Q:
    """Only the accountable person may take a paused matter up again."""
    if actor.is_system:
        return Q()
    return Q(accountable__person_id=actor.person_id) if actor.signed_in else NOTHING


@rule("matters.share_matter", Matter)
def share_matter(actor: Actor) -> Q:
    return edit_matter(actor)


@rule("matters.create_matter", Organisation)
def create_matter(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if not actor.has_role(*WRITERS):
        return NOTHING
    return Q(pk=actor.organisation_id)


@rule("matters.view_system", System)
def view_system(actor: Actor) -> Q:
    """Who keeps the record, its vendor, and who can see a matter that uses it."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    if actor.guest:
        return NOTHING
    own = Q(vendor_id=actor.organisation_id)
    if actor.has_role(Role.AUDITOR):
        own |= Q(owner__parent_id=actor.organisation_id) | Q(matters__owner__parent_id=actor.organisation_id)
    if actor.has_role(*INSIDERS):
        own |= Q(owner_id=actor.organisation_id) | Q(matters__owner_id=actor.organisation_id)
        own |= Q(matters__in=Matter.objects.filter(shared_with(actor)))
    return own


@rule("matters.edit_system", System)
def edit_system(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    own = NOTHING
    if actor.has_role(*WRITERS):
        own = Q(owner_id=actor.organisation_id)
    return own


@rule("matters.announce_version", System)
def announce_version(actor: Actor) -> Q:
    """Who keeps the record, and the vendor of the system."""
    if actor.is_system:
        return Q()
    if actor.has_role(Role.VENDOR):
        return NOTHING if actor.guest else Q(vendor_id=actor.organisation_id)
    return edit_system(actor)


@rule("matters.import_systems", Organisation)
def import_systems(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return Q(pk=actor.organisation_id) if actor.has_role(*WRITERS) else NOTHING


@rule("matters.view_import", ImportRun)
def view_import(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if actor.has_role(Role.AUDITOR):
        return Q(organisation_id=actor.organisation_id) | Q(organisation__parent_id=actor.organisation_id)
    return Q(organisation_id=actor.organisation_id) if actor.has_role(*WRITERS) else NOTHING


@rule("matters.manage_import", ImportRun)
def manage_import(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return Q(organisation_id=actor.organisation_id) if actor.has_role(*WRITERS) else NOTHING


@rule("matters.view_opening", Opening)
def view_opening(actor: Actor) -> Q:
    """As an import: who writes in the organisation, and its auditors."""
    return view_import(actor)


@rule("matters.undo_opening", Opening)
def undo_opening(actor: Actor) -> Q:
    return manage_import(actor)


@rule("matters.end_share", Share)
def end_share(actor: Actor) -> Q:
    """Who shared, and who received: either may end it."""
    if actor.is_system:
        return Q()
    if not actor.has_role(*WRITERS):
        return NOTHING
    return (Q(matter__owner_id=actor.organisation_id) | Q(organisation_id=actor.organisation_id)) & Q(ends_at__gt=F("starts_at"))
