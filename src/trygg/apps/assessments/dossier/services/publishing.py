"""Publishing a version of a dossier, and withdrawing one: in the same act every matter that uses the product gets a review, and what
rested on an answer that is now another goes stale. A fixed number of queries for any number of matters."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments.content import writer
from trygg.apps.assessments.dossier.models import Dossier, DossierReview, DossierText, DossierVersion, Taken
from trygg.apps.assessments.dossier.outdated import evidence_content, outdated_items, stands
from trygg.apps.assessments.dossier.selectors import (
    VERSION_FILES,
    changed_items,
    draft_contents,
    draft_files_of,
    matters_using,
    needed,
    newest_of,
    reading_of_contents,
    systems_of,
)
from trygg.apps.assessments.dossier.services.drafting import locked_dossier
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.questions import content_hash, said
from trygg.apps.assessments.services.shared import SOURCE
from trygg.apps.assessments.services.upgrading import ChangedMeanwhile
from trygg.kernel.access import Actor, Role, require, restrict
from trygg.kernel.files.services import store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work
from trygg.kernel.work.tasks import Opening, open_tasks
from trygg.spine.assurance.evidence import replace_evidence
from trygg.spine.assurance.models import Evidence
from trygg.spine.matters.models import Matter
from trygg.spine.matters.services import put_in_use

REVIEW = "assessments.dossier_review"  # code and subject type of the tasks
MAX_CHANGES = 2_000
NAMED = 5  # open questions that a refusal names


def to_publish(dossier: Dossier) -> dict:
    """What the draft would publish: answers to the questions that are asked."""
    contents = draft_contents(dossier)
    asked = set(reading_of_contents(dossier, contents).asked.visible)
    return {name: held for name, held in contents.items() if name in asked}


def version_hash(dossier: Dossier, answers: dict) -> str:
    """The hash by which a version is known."""
    return content_hash({"pack": dossier.pack.content_hash, "entries": dossier.entries, "answers": answers})


@service("assessments.publish_dossier")
def publish_dossier(
    *, actor: Actor, now: datetime, dossier: Dossier, system_version: str, changes: str = "", in_use: bool = False, seen: str = ""
) -> DossierVersion:
    """Publish the draft as the next version, for good. `system_version`: which version of the product it is about; `in_use`: that
    version is what everybody uses from now on. `seen`: hash of the draft that was looked at.

    ValidationError for questions without an answer, for texts that wait for a choice, and when nothing is different.
    """
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        answers = to_publish(dossier)
        digest = version_hash(dossier, answers)
        if seen and seen != digest:
            raise ChangedMeanwhile(_("Somebody changed something since you looked. Nothing is lost: look through it again."))
        about = _checked(dossier, answers, system_version, changes)
        versions = list(dossier.versions.select_related("pack"))
        before = newest_of(versions)
        if before is not None and (before.content_hash, before.system_version) == (digest, about):
            raise ValidationError(_("Nothing is different from version %(n)d. Nothing was published.") % {"n": before.number})
        version = DossierVersion.objects.create(
            dossier=dossier, number=max((each.number for each in versions), default=0) + 1, pack=dossier.pack, system_version=about,
            entries=dossier.entries, answers=answers, content_hash=digest, changes=changes.strip(), published_by=writer(actor), published_at=now,
        )  # fmt: skip
        _copy_files(work, dossier, version, now)
        systems = systems_of(dossier)
        if in_use:
            mine = set(restrict(actor, "matters.announce_version").filter(pk__in=[s.pk for s in systems]).values_list("pk", flat=True))
            behind = [system for system in systems if system.pk in mine and system.version != about]
            if behind:
                put_in_use(work, systems=behind, version=about, now=now)
        work.record(
            "assessments.dossier_published", version, organisation=dossier.vendor_id, number=version.number, hash=digest,
            system_version=about, details={"title": dossier.title, "changes": version.changes},
        )  # fmt: skip
        _mark_outdated(dossier, [*versions, version])
        _restate_evidence(work, dossier, now)
        if before is not None:
            _ask_for_review(work, version, DossierReview.Because.PUBLISHED, systems, now)
    return version


def _checked(dossier: Dossier, answers: dict, system_version: str, changes: str) -> str:
    about = " ".join(system_version.split())
    if not about or len(about) > 80:
        raise ValidationError({"system_version": _("Say which version of the product it is about, in at most 80 characters.")})
    if len(changes) > MAX_CHANGES:
        raise ValidationError({"changes": _("Write at most %(n)d characters.") % {"n": MAX_CHANGES}})
    waiting = DossierText.objects.filter(answer__dossier=dossier, settled_at=None).count()
    if waiting:
        raise ValidationError(
            ngettext(
                "Two people wrote different texts for one question. Choose which is to stand first.",
                "Two people wrote different texts for %(n)d questions. Choose which are to stand first.",
                waiting,
            )
            % {"n": waiting}
        )
    missing = [said(item.text) for item in needed(dossier, answers)]
    if missing:
        named = "; ".join(missing[:NAMED]) + ("; …" if len(missing) > NAMED else "")
        text = ngettext(
            "One question still needs an answer or a file: %(named)s", "%(n)d questions still need an answer or a file: %(named)s", len(missing)
        )
        raise ValidationError(text % {"n": len(missing), "named": named})
    return about


def _copy_files(work: UnitOfWork, dossier: Dossier, version: DossierVersion, now: datetime) -> None:
    """The version's own rows of its files: taking one away from the draft takes nothing from what was published."""
    wanted = {each for held in version.answers.values() for each in held["files"]}
    drafts = draft_files_of(dossier.answers.all())
    held = {stored.sha256: stored for files in drafts.values() for stored in files if stored.sha256 in wanted}
    for stored in held.values():
        upload = CheckedUpload(stored.name, stored.media_type, stored.size, stored.sha256, stored.stored_as)
        store_file(
            work, upload=upload, subject_type=VERSION_FILES, subject_id=str(version.pk), organisation=dossier.vendor, now=now
        )


@service("assessments.withdraw_dossier")
def withdraw_dossier(*, actor: Actor, now: datetime, version: DossierVersion, reason: str) -> DossierVersion:
    """Say that a version does not hold, and why. It stays readable with the reason; the one before it that still holds is the newest
    from now on. Who took answers over from it is asked to look. ValidationError without a reason."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(version.dossier)
        version = DossierVersion.objects.select_related("pack", "dossier__vendor").get(pk=version.pk)
        require(actor, "assessments.withdraw_dossier", version)
        reason = reason.strip()
        if not reason or len(reason) > MAX_CHANGES:
            raise ValidationError(
                {"reason": _("Say why it does not hold, in at most %(n)d characters. Everyone who uses it reads that.") % {"n": MAX_CHANGES}}
            )
        version.withdrawn_at, version.withdrawn_by, version.withdrawn_reason = now, writer(actor), reason
        version.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        work.record(
            "assessments.dossier_withdrawn", version, organisation=dossier.vendor_id, number=version.number, details={"reason": reason}
        )
        _mark_outdated(dossier, list(dossier.versions.select_related("pack")))
        _restate_evidence(work, dossier, now)
        _ask_for_review(work, version, DossierReview.Because.WITHDRAWN, systems_of(dossier), now)
    return version


# What follows at those who use the product --------------------------------------------------------------------------------


def _mark_outdated(dossier: Dossier, versions: Sequence[DossierVersion]) -> None:
    """Mark what was taken over and is not what the newest version says. What somebody has kept against a version stays kept as long as
    that answer is the same."""
    newest = newest_of(versions)
    by_pk = {version.pk: version for version in versions}
    differs: dict[tuple[int, int], set[str]] = {}

    def changed(one: DossierVersion, other: DossierVersion) -> set[str]:
        key = (one.pk, other.pk)
        if key not in differs:
            differs[key] = set(changed_items(one.answers, other.answers))
        return differs[key]

    rows = Taken.objects.filter(version__dossier=dossier, current=True).only(
        "pk", "version_id", "source_item", "outdated_by_id", "kept_against_id"
    )
    now_outdated: dict[int | None, list[int]] = {}
    for row in rows:
        taken_from = by_pk[row.version_id]
        kept = by_pk.get(row.kept_against_id) if row.kept_against_id else None
        if kept is not None and newest is not None and row.source_item not in changed(kept, newest):
            by = None
        elif newest is not None and row.source_item in changed(taken_from, newest):
            by = newest.pk
        elif not taken_from.in_force and (newest is None or row.source_item not in newest.answers):
            by = taken_from.pk  # it was withdrawn, and nothing that holds says the same
        else:
            by = None
        if kept is not None and newest is None:
            by = None
        if row.outdated_by_id != by:
            now_outdated.setdefault(by, []).append(row.pk)
    for by, ids in now_outdated.items():
        Taken.objects.filter(pk__in=ids).update(outdated_by_id=by)


def _restate_evidence(work: UnitOfWork, dossier: Dossier, now: datetime) -> None:
    """Evidence of assessments that took something over: what is outdated in it is written into it, and the cases are worked out again."""
    ids = list(
        Assessment.objects.filter(takings__rows__version__dossier=dossier, takings__rows__current=True)
        .distinct()
        .values_list("pk", flat=True)
    )
    if not ids:
        return
    outdated = outdated_items(ids)
    pieces = Evidence.objects.filter(source_type=SOURCE, source_id__in=[str(pk) for pk in ids], withdrawn_at=None)
    changes = {}
    for piece in pieces:
        params, digest = evidence_content(piece.params.get("answers") or {}, outdated.get(int(piece.source_id), set()))
        if digest != piece.content_hash:
            changes[piece.pk] = (params, digest)
    if changes:
        replace_evidence(work, pieces=changes, now=now)


def _ask_for_review(
    work: UnitOfWork, version: DossierVersion, because: str, systems: Iterable, now: datetime
) -> None:
    """One open review, with its task, at each matter that uses the product."""
    matters = matters_using(systems)
    if not matters:
        return
    dossier = version.dossier
    standing = {row.matter_id: row for row in DossierReview.objects.filter(dossier=dossier, done_at=None, matter__in=matters)}
    DossierReview.objects.filter(pk__in=[row.pk for row in standing.values()]).update(version=version, because=because, made_at=now)
    made = DossierReview.objects.bulk_create(
        DossierReview(matter=matter, dossier=dossier, version=version, because=because, made_at=now)
        for matter in matters
        if matter.pk not in standing
    )
    reviews = {row.matter_id: row for row in (*standing.values(), *made)}
    counts = _changed_by_matter(dossier, matters)
    tasks = []
    for matter in matters:
        person = matter.accountable if matter.accountable is not None and matter.accountable.in_force(now) else None
        tasks.append(
            Opening(
                params={
                    "product": dossier.title, "number": version.number, "because": str(because), "matter": matter.title,
                    "changed": counts.get(matter.pk, 0),
                },
                path=reverse("assessments:dossier_review", args=[reviews[matter.pk].pk]),
                subject_id=str(reviews[matter.pk].pk), organisation_id=matter.owner_id, assignee_id=person.pk if person else None,
                role="" if person else str(Role.OFFICER),
            )
        )  # fmt: skip
        work.record(
            "assessments.dossier_renewed", matter, organisation=matter.owner_id, number=version.number, because=str(because),
            changed=counts.get(matter.pk, 0), details={"title": dossier.title},
        )  # fmt: skip
    open_tasks(work, code=REVIEW, subject_type=REVIEW, tasks=tasks, now=now)


def _changed_by_matter(dossier: Dossier, matters: Sequence[Matter]) -> dict[int, int]:
    """How many of the answers that each matter took over are outdated."""
    rows = Taken.objects.filter(version__dossier=dossier, current=True, answer__section__assessment__matter__in=matters)
    rows = rows.exclude(outdated_by=None).filter(answer__section__assessment__next=None)
    found: dict[int, int] = {}
    for row in rows.select_related("answer__section__assessment"):
        if stands(row):
            matter_id = row.answer.section.assessment.matter_id
            found[matter_id] = found.get(matter_id, 0) + 1
    return found

