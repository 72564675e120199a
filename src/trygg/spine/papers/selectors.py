"""Reads of proposals and Word templates."""

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from trygg.kernel.access import Actor, restrict
from trygg.kernel.files.models import StoredFile
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.models import Matter
from trygg.spine.papers.models import TEMPLATE_FILES, ProposedDecision, WordTemplate


def proposal_of(actor: Actor, matter: Matter) -> ProposedDecision | None:
    """The proposed decision of a matter that the actor may see."""
    return restrict(actor, "papers.view_proposal").filter(matter=matter).first()


def templates_of(actor: Actor, organisation: Organisation) -> QuerySet[WordTemplate]:
    """The organisation's own templates that count, as far as the actor may manage them."""
    return restrict(actor, "papers.manage_template").filter(organisation=organisation, ended_at=None)


def managed_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Organisations whose templates the actor keeps."""
    return restrict(actor, "papers.manage_templates").order_by("name")


def template_bytes(actor: Actor, organisation: Organisation, paper: str, language: str) -> bytes | None:
    """The Word file that the organisation's papers go into: its own, else that of the municipality above it; None for the standard."""
    for owner in (organisation.pk, organisation.parent_id):
        if owner is None:
            continue
        rows = restrict(actor, "papers.use_template").filter(organisation=owner, paper=paper, language=language, ended_at=None)
        found = rows.first()
        if found is not None:
            return _bytes(found)
    return None


def _bytes(template: WordTemplate) -> bytes | None:
    """The file of a template; None when it was put in quarantine, is gone or cannot be filled: the standard one takes its place."""
    rows = StoredFile.objects.filter(subject_type=TEMPLATE_FILES, subject_id=str(template.pk), removed_at=None, quarantined_at=None)
    stored = rows.first()
    path = Path(settings.TRYGG_FILES) / stored.stored_as if stored else None
    content = path.read_bytes() if path is not None and path.is_file() else None
    # Looked at again: it may have come with an archive, and sections that it names may be gone.
    from trygg.spine.papers.word import faults_in  # Word takes 20 MB; only who makes papers waits for it

    return content if content is not None and not faults_in(content) else None
