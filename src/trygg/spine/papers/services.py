"""Public writes: the proposed decision, and Word templates of an organisation's own."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, require
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import remove_file, store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Organisation
from trygg.spine.assurance.evidence import content_digest
from trygg.spine.matters.models import Matter
from trygg.spine.papers.models import TEMPLATE_FILES, PaperName, ProposedDecision, WordTemplate
from trygg.spine.papers.word import fault_words, faults_in

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
MOST = 4000  # characters of a proposed decision


@service("papers.propose_decision")
def propose_decision(*, actor: Actor, now: datetime, matter: Matter, text: Mapping[str, str]) -> ProposedDecision:
    """Write what those who decide are asked to decide, in one language or more. Denied without `papers.propose_decision`;
    ValidationError when no language has words, or too many."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "papers.propose_decision", matter)
        kept = {language: words.strip() for language, words in text.items() if words.strip()}
        if unknown := set(kept) - set(LANGUAGES):
            raise ValidationError(_("There is no language %(code)s here.") % {"code": ", ".join(sorted(unknown))})
        if not kept:
            raise ValidationError(_("Write the proposed decision in at least one language."))
        if any(len(words) > MOST for words in kept.values()):
            raise ValidationError(_("The proposed decision is longer than %(most)d characters. Make it shorter.") % {"most": MOST})
        standing = ProposedDecision.objects.filter(matter=matter).first()
        if standing is not None and standing.text == kept:
            work.nothing_happened()
            return standing
        written_by = ", ".join(part for part in (actor.name, actor.organisation_name) if part)[:330]
        proposal, _made = ProposedDecision.objects.update_or_create(
            matter=matter, defaults={"text": kept, "written_by": written_by, "written_at": now}
        )
        work.record(
            "papers.decision_proposed", matter, organisation=matter.owner_id, hash=content_digest(kept), details={"text": kept}
        )
    return proposal


@service("papers.keep_template")
def keep_template(
    *, actor: Actor, now: datetime, organisation: Organisation, paper: str, language: str, upload: CheckedUpload
) -> WordTemplate:
    """Keep a Word file as the organisation's own template. ValidationError names each field that there is not."""
    faults = faults_in((Path(settings.TRYGG_FILES) / upload.stored_as).read_bytes())
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "papers.manage_templates", organisation)
        if paper not in PaperName.values or language not in LANGUAGES:
            raise ValidationError(_("Choose a paper and a language."))
        if faults:
            raise ValidationError({"file": [fault_words(fault) for fault in faults]})
        _end(work, organisation, paper, language, now)
        template = WordTemplate.objects.create(
            organisation=organisation, paper=paper, language=language, uploaded_at=now,
            uploaded_by=", ".join(part for part in (actor.name, actor.organisation_name) if part)[:330],
        )  # fmt: skip
        store_file(work, upload=upload, subject_type=TEMPLATE_FILES, subject_id=str(template.pk), organisation=organisation, now=now)
        work.record("papers.template_kept", template, organisation=organisation.pk, paper=paper, language=language, hash=upload.sha256)
    return template


@service("papers.restore_template")
def restore_template(*, actor: Actor, now: datetime, template: WordTemplate) -> None:
    """Go back to the standard template. What was uploaded stays in the record."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "papers.manage_template", template)
        if not _end(work, template.organisation, template.paper, template.language, now):
            work.nothing_happened()
            return
        work.record(
            "papers.template_restored", template, organisation=template.organisation_id, paper=template.paper, language=template.language
        )


def _end(work, organisation: Organisation, paper: str, language: str, now: datetime) -> bool:
    """End the template that counts now; whether there was one."""
    standing = WordTemplate.objects.filter(organisation=organisation, paper=paper, language=language, ended_at=None).first()
    if standing is None:
        return False
    standing.ended_at = now
    standing.save(update_fields=["ended_at"])
    for stored in StoredFile.objects.filter(subject_type=TEMPLATE_FILES, subject_id=str(standing.pk), removed_at=None):
        remove_file(work, stored=stored, now=now)
    return True
