"""Writes of the public register: draft, ask, approve (another person), publish, retract."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, Role, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Membership, Person
from trygg.kernel.people.selectors import memberships_in_force
from trygg.kernel.safeguard import warnings_in
from trygg.kernel.work.tasks import close_task, notify, open_task
from trygg.spine.matters.models import Matter
from trygg.spine.publication import index, tasks
from trygg.spine.publication.casefile import CaseRefused, case_hash, read_case
from trygg.spine.publication.checks import names_in, problems_in
from trygg.spine.publication.content import build, content_hash
from trygg.spine.publication.models import Audience, EntryVersion, OutsideCase, PublishedEntry, RegisterEntry
from trygg.spine.publication.selectors import approvers_for
from trygg.spine.publication.texts import BY_NAME, LANGUAGES


@service("publication.draft_entry")
def draft_entry(
    *, actor: Actor, now: datetime, matter: Matter, texts: Mapping[str, Mapping[str, str]], shared: bool = False
) -> EntryVersion:
    """Write the page as the case stands now: a new version, or the open one anew (an approval of it then no longer counts).
    `shared`: the locked assessments go along in it, for others to start from; they are approved and retracted with it.

    `texts`: {"sv": {field: text}, "en": {...}}, fields of `texts.FIELDS`. ValidationError names the field (`field_language`)
    whose text is too long, names a person or holds a personal identity number.
    """
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "publication.draft_entry", matter)
        clean = _clean(texts)
        entry, _made = RegisterEntry.objects.get_or_create(
            matter=matter, defaults={"slug": matter.key, "created_at": now}
        )
        content = build(matter, clean, now, shared=shared)
        version = entry.versions.filter(state__in=("draft", "approved")).first()
        before = version and (version.texts, version.shared, _undated(version.content))
        if before == (clean, shared, _undated(content)):
            work.nothing_happened()
            return version
        if version is None:
            last = entry.versions.aggregate(last=Max("number"))["last"] or 0
            version = EntryVersion(entry=entry, number=last + 1)
        _close_tasks(work, version, now)
        version.state, version.texts, version.content = EntryVersion.State.DRAFT, clean, content
        version.shared = shared
        version.content_hash = content_hash(content)
        version.made_by_id, version.made_at = actor.person_id, now
        version.asked_at = version.approved_by = version.approved_at = None
        version.save()
        work.record(
            "publication.entry_drafted",
            matter,
            organisation=matter.owner_id,
            number=version.number,
            hash=version.content_hash,
            shared=len(content.get("reusable", ())),
        )
    return version


def _undated(content: Mapping) -> dict:
    """The content without the day on which it was made."""
    return {key: value for key, value in content.items() if key != "made_on"}


def _clean(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The texts that are there, stripped. ValidationError for what must not be published."""
    unknown = [
        f"{language}.{name}"
        for language, typed in texts.items()
        for name in typed
        if language not in LANGUAGES or name not in BY_NAME
    ]
    if unknown:
        raise ValueError(f"no such text: {', '.join(sorted(unknown))}")
    clean = {
        language: {name: text.strip() for name, text in typed.items() if text.strip()}
        for language, typed in texts.items()
    }
    errors: dict[str, list[str]] = {}
    for language, typed in clean.items():
        for name, text in typed.items():
            found = errors.setdefault(f"{name}_{language}", [])
            if len(text) > BY_NAME[name].limit:
                found.append(
                    _("The text is %(n)d characters long. At most %(most)d fit.")
                    % {"n": len(text), "most": BY_NAME[name].limit}
                )
            found += [warning.text for warning in warnings_in(text) if warning.code == "identity_number"]
            found += [
                _("The text names %(name)s. Write the role instead: nobody is named in the register.") % {"name": who}
                for who in names_in(text)
            ]
    errors = {field: found for field, found in errors.items() if found}
    if errors:
        raise ValidationError(errors)
    return {language: typed for language, typed in clean.items() if typed}


@service("publication.ask_for_approval")
def ask_for_approval(
    *, actor: Actor, now: datetime, version: EntryVersion, approver: Membership | None = None
) -> EntryVersion:
    """Ask `approver`, or any officer of the owner, to read and approve. ValidationError while something must not be published."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "publication.ask_for_approval", version)
        matter = version.entry.matter
        _refuse_problems(version)
        if approver is not None:
            require(actor, "people.view_membership", approver)
            if approver.person_id == version.made_by_id:
                raise ValidationError({"approver": _("Choose another person than the one who wrote it.")})
            if not approvers_for(actor, version, now=now).filter(pk=approver.pk).exists():
                raise ValidationError({"approver": _("Choose someone who may edit the matter.")})
        version.asked_at, version.to_correct = now, ""
        version.save(update_fields=["asked_at", "to_correct"])
        close_task(work, code=tasks.CORRECT, subject_type=tasks.SUBJECT, subject_id=str(version.pk), now=now)
        open_task(
            work, code=tasks.APPROVE, params={"title": matter.title}, path=f"/publication/versions/{version.pk}/",
            subject_type=tasks.SUBJECT, subject_id=str(version.pk), organisation_id=matter.owner_id,
            assignee_id=approver.pk if approver else None, role="" if approver else Role.OFFICER.value, now=now,
        )  # fmt: skip
        work.record(
            "publication.approval_asked",
            matter,
            organisation=matter.owner_id,
            number=version.number,
            hash=version.content_hash,
        )
    return version


def _refuse_problems(version: EntryVersion) -> None:
    found = [problem for problem in problems_in(version.content) if problem.blocks]
    if found:
        raise ValidationError([f"{problem.text} ({problem.where})" for problem in found])


@service("publication.return_draft")
def return_draft(*, actor: Actor, now: datetime, version: EntryVersion, reason: str) -> EntryVersion:
    """Send a version back to the one who made it, with what to correct; an approval no longer counts."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "publication.return_draft", version)
        if not reason.strip():
            raise ValidationError({"reason": _("Say what to correct.")})
        matter = version.entry.matter
        version.state, version.asked_at, version.to_correct = EntryVersion.State.DRAFT, None, reason.strip()
        version.approved_by = version.approved_at = None
        version.save(update_fields=["state", "asked_at", "to_correct", "approved_by", "approved_at"])
        _close_tasks(work, version, now)
        _ask_maker(work, version, tasks.CORRECT, now)
        work.record(
            "publication.draft_returned",
            matter,
            organisation=matter.owner_id,
            number=version.number,
            details={"reason": reason.strip()},
        )
    return version


@service("publication.approve_entry")
def approve_entry(*, actor: Actor, now: datetime, version: EntryVersion, content_hash: str) -> EntryVersion:
    """Approve the content that has `content_hash`. Denied to the one who made it; ValidationError when it was changed meanwhile."""
    with unit_of_work(actor=actor, now=now) as work:
        version = EntryVersion.objects.select_for_update().get(pk=version.pk)
        require(actor, "publication.approve_entry", version)
        if version.content_hash != content_hash:
            raise ValidationError(_("The text was changed after you opened it. Read it once more, then approve."))
        _refuse_problems(version)
        version.state, version.approved_by_id, version.approved_at = EntryVersion.State.APPROVED, actor.person_id, now
        version.save(update_fields=["state", "approved_by", "approved_at"])
        _close_tasks(work, version, now)
        _ask_maker(work, version, tasks.PUBLISH, now)
        matter = version.entry.matter
        work.record(
            "publication.entry_approved",
            matter,
            organisation=matter.owner_id,
            number=version.number,
            hash=version.content_hash,
        )
    return version


@service("publication.publish_entry")
def publish_entry(*, actor: Actor, now: datetime, version: EntryVersion) -> EntryVersion:
    """Publish an approved version: everyone can read it from now on, under a permanent address."""
    with unit_of_work(actor=actor, now=now) as work:
        version = EntryVersion.objects.select_for_update().get(pk=version.pk)
        require(actor, "publication.publish_entry", version)
        entry = RegisterEntry.objects.select_related("matter__owner").get(pk=version.entry_id)
        version.state, version.published_at, version.entry = EntryVersion.State.PUBLISHED, now, entry
        version.save(update_fields=["state", "published_at"])
        entry.current = version
        entry.save(update_fields=["current"])
        index.row_of(version).save()
        Audience.objects.bulk_create(
            index.audiences_of(version),
            update_conflicts=True,
            unique_fields=["kind", "value"],
            update_fields=["label", "order"],
        )
        _close_tasks(work, version, now)
        matter = entry.matter
        _tell(work, version, matter, "entry_published", now)
        work.record(
            "publication.entry_published",
            matter,
            organisation=matter.owner_id,
            number=version.number,
            hash=version.content_hash,
        )
    return version


@service("publication.retract_entry")
def retract_entry(
    *, actor: Actor, now: datetime, entry: RegisterEntry, reason: str, note: str = "", everything: bool = False
) -> EntryVersion:
    """Take the page back at once. It says that it was retracted, when and why (`reason`: EntryVersion.Reason); `note` stays inside.

    Earlier versions keep their permanent addresses, unless `everything`: then they say the same.
    """
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "publication.retract_entry", entry)
        if reason not in EntryVersion.Reason.values:
            raise ValidationError({"reason": _("Choose why the page is retracted.")})
        version = entry.current
        rows = entry.versions.filter(state=EntryVersion.State.PUBLISHED)
        if not everything:
            rows = rows.filter(pk=version.pk)
        numbers = sorted(rows.values_list("number", flat=True))
        rows.update(state=EntryVersion.State.RETRACTED, retracted_at=now, reason=reason)
        PublishedEntry.objects.filter(entry=entry).delete()
        version.refresh_from_db()
        matter = entry.matter
        _tell(work, version, matter, "entry_retracted", now)
        work.record(
            "publication.entry_retracted", matter, organisation=matter.owner_id, number=version.number, numbers=numbers, reason=reason,
            details={"note": note.strip()} if note.strip() else None,
        )  # fmt: skip
    return version


@service("publication.read_case_file")
def read_case_file(*, actor: Actor, now: datetime, matter: Matter, data: bytes) -> OutsideCase:
    """Read another installation's published case, for the matter's owner to start from. Read before, it is found again.
    ValidationError (`file`) in words for a file that is not whole and sound: then nothing of it is kept."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "publication.start_from_other", matter)
        try:
            case = read_case(data)
        except CaseRefused as refused:
            raise ValidationError({"file": str(refused)}) from refused
        digest = case_hash(case)
        found = OutsideCase.objects.filter(owner_id=matter.owner_id, content_hash=digest).first()
        if found is not None:
            work.nothing_happened()
            return found
        read = OutsideCase.objects.create(
            owner_id=matter.owner_id, organisation=case["organisation"], content=case, content_hash=digest,
            read_by=", ".join(part for part in (actor.name, actor.organisation_name) if part)[:200], read_at=now,
        )  # fmt: skip
        work.record(
            "publication.case_file_read",
            read,
            organisation=matter.owner_id,
            hash=digest,
            pieces=len(case["pieces"]),
            details={"from": read.organisation},
        )
    return read


def _close_tasks(work, version: EntryVersion, now: datetime) -> None:
    if version.pk is not None:
        for code in (tasks.APPROVE, tasks.CORRECT, tasks.PUBLISH):
            close_task(work, code=code, subject_type=tasks.SUBJECT, subject_id=str(version.pk), now=now)


def _ask_maker(work, version: EntryVersion, code: str, now: datetime) -> None:
    """A task for the one who made it; for any officer of the owner when that person no longer works there."""
    matter = version.entry.matter
    maker = Person.objects.get(pk=version.made_by_id)
    membership = memberships_in_force(maker, now=now).filter(organisation_id=matter.owner_id).first()
    path = f"/publication/versions/{version.pk}/" if code == tasks.PUBLISH else f"/publication/{matter.key}/draft/"
    open_task(
        work, code=code, params={"title": matter.title}, path=path, subject_type=tasks.SUBJECT, subject_id=str(version.pk),
        organisation_id=matter.owner_id, assignee_id=membership.pk if membership else None,
        role="" if membership else Role.OFFICER.value, now=now,
    )  # fmt: skip


def _tell(work, version: EntryVersion, matter: Matter, code: str, now: datetime) -> None:
    people = {version.made_by_id, version.approved_by_id} | {
        m.person_id for m in (matter.accountable, matter.overseer) if m
    }
    notify(
        work,
        person_ids=people - {None},
        code=code,
        params={"title": matter.title},
        path=f"/publication/{matter.key}/",
        now=now,
    )
