"""The draft of a dossier: begun, answered by several people, kept whole when two write at once. It is recorded when it is published;
saving a section is recorded by its hash."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import Given, writer
from trygg.apps.assessments.dossier.models import Dossier, DossierAnswer, DossierName, DossierText
from trygg.apps.assessments.dossier.selectors import (
    DRAFT_FILES,
    INSTRUMENT,
    draft_contents,
    draft_files_of,
    instrument_for,
)
from trygg.apps.assessments.merging import NOTHING_YET, Content, Verdict, merge
from trygg.apps.assessments.questions import content_hash
from trygg.engines.conditions import UNKNOWN, as_data, value_from_data
from trygg.engines.instruments import REPEATED, migrate, migration_map
from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import remove_file, store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import recorded_later, service, unit_of_work
from trygg.kernel.people.models import Organisation
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import pack as pack_of

MAX_NAME = 100
MAX_TITLE = 200


def locked_dossier(dossier: Dossier) -> Dossier:
    """The draft's row, locked: two who save at once come one after the other."""
    return Dossier.objects.select_for_update(of=("self",)).select_related("vendor", "pack").get(pk=dossier.pk)


@service("assessments.begin_dossier")
def begin_dossier(*, actor: Actor, now: datetime, vendor: Organisation, title: str) -> Dossier:
    """Begin the dossier of a product: its title is the first name under which records of it are found. ValidationError without a
    title, for a product that has one, and when the questions of dossiers are not in force here."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assessments.begin_dossier", vendor)
        title = " ".join(title.split())
        if not title or len(title) > MAX_TITLE:
            raise ValidationError({"title": _("Write what the product is called, in at most %(n)d characters.") % {"n": MAX_TITLE}})
        Organisation.objects.select_for_update().get(pk=vendor.pk)
        _check_free(vendor, title, "title")
        pack = PackVersion.objects.filter(pack_id=INSTRUMENT, kind="instrument", current=True, organisation=None).first()
        if pack is None:
            raise ValidationError(_("The questions of a vendor's dossier are not in force here. Ask whoever runs Trygg."))
        dossier = Dossier.objects.create(vendor=vendor, title=title, pack=pack, started_by=writer(actor), started_at=now)
        DossierName.objects.create(dossier=dossier, name=title)
        work.record("assessments.dossier_begun", dossier, organisation=vendor.pk, details={"title": title})
    return dossier


def _check_free(vendor: Organisation, name: str, field: str) -> None:
    if DossierName.objects.filter(dossier__vendor=vendor, name=name).exists():
        raise ValidationError({field: _("“%(name)s” has a dossier already. Open that one.") % {"name": name}})


@service("assessments.name_product")
def name_product(*, actor: Actor, now: datetime, dossier: Dossier, names: Sequence[str]) -> Dossier:
    """Say under which other names records of the product are kept. Who uses a system of this vendor with that name sees the dossier
    from then on. ValidationError for a name that another dossier has."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        known = set(dossier.names.values_list("name", flat=True))
        new = [name for name in dict.fromkeys(names) if name.strip() and name not in known]
        if not new:
            work.nothing_happened()
            return dossier
        for name in new:
            _check_free(dossier.vendor, name, "names")
        DossierName.objects.bulk_create(DossierName(dossier=dossier, name=name) for name in new)
        work.record("assessments.dossier_named", dossier, organisation=dossier.vendor_id, details={"names": new})
    return dossier


# Answers ----------------------------------------------------------------------------------------------------------------


@service("assessments.autosave_dossier")
def autosave_dossier(*, actor: Actor, now: datetime, dossier: Dossier, answers: Sequence[Given]) -> dict[str, DossierText]:
    """Store what is typed. Returns texts that were kept beside, because somebody else wrote meanwhile. A draft is no act: it is
    recorded, by its hash, when a section is saved and when the dossier is published."""
    with recorded_later():
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        return _put_all(actor, now, dossier, answers)[1]


@service("assessments.save_dossier")
def save_dossier(*, actor: Actor, now: datetime, dossier: Dossier, answers: Sequence[Given]) -> dict[str, DossierText]:
    """Save a section of the draft. Nobody but the vendor sees it."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        changed, kept = _put_all(actor, now, dossier, answers)
        if not changed and not kept:
            work.nothing_happened()
            return {}
        digest = content_hash(draft_contents(dossier))
        work.record("assessments.dossier_saved", dossier, organisation=dossier.vendor_id, details={"content_hash": digest})
    return kept


def _put_all(
    actor: Actor, now: datetime, dossier: Dossier, sent: Sequence[Given]
) -> tuple[list[str], dict[str, DossierText]]:
    stored = {answer.item_id: answer for answer in dossier.answers.all()}
    known = instrument_for(dossier).items
    changed: list[str] = []
    kept: dict[str, DossierText] = {}
    for given in sent:
        if given.item_id in known:
            _put(actor, now, dossier, stored.get(given.item_id), given, changed, kept)
    return changed, kept


def _put(
    actor: Actor, now: datetime, dossier: Dossier, answer: DossierAnswer | None, given: Given, changed: list[str],
    kept: dict[str, DossierText],
) -> None:  # fmt: skip
    before = Content(answer.value, answer.note) if answer else NOTHING_YET
    found = merge(stored=before, revision=answer.revision if answer else 0, sent=given.content, loaded=given.loaded)
    if found.verdict is Verdict.SAME:
        return
    result = found.result
    if found.verdict is Verdict.CONFLICT:
        if answer.answered_by_id != actor.id:
            kept[given.item_id] = _keep_beside(actor, now, answer, given)
            return
        _keep_replaced(actor, now, answer, "")  # the same person in two windows: the later text stands
        result = given.content
    _write(actor, now, answer or DossierAnswer(dossier=dossier, item_id=given.item_id), result)
    changed.append(given.item_id)


def _write(actor: Actor, now: datetime, answer: DossierAnswer, content: Content) -> None:
    answer.value, answer.note = content.value, content.note
    answer.revision += 1
    answer.answered_by, answer.answered_by_id, answer.answered_at = writer(actor), actor.id, now
    answer.save()


def _keep_beside(actor: Actor, now: datetime, answer: DossierAnswer, given: Given) -> DossierText:
    text, _made = DossierText.objects.update_or_create(
        answer=answer, written_by_id=actor.id, loaded=given.loaded[:40], settled_at=None,
        defaults={"value": given.content.value, "note": given.content.note, "written_by": writer(actor), "written_at": now},
    )  # fmt: skip
    return text


def _keep_replaced(actor: Actor, now: datetime, answer: DossierAnswer, choice: str) -> None:
    DossierText.objects.create(
        answer=answer, value=answer.value, note=answer.note, written_by=answer.answered_by, written_by_id=answer.answered_by_id,
        written_at=answer.answered_at, settled_at=now, settled_by=writer(actor), choice=choice,
    )  # fmt: skip


@service("assessments.settle_dossier_text")
def settle_dossier_text(
    *, actor: Actor, now: datetime, text: DossierText, choice: str, content: Content | None = None
) -> DossierAnswer:
    """Choose between two texts that were written at once: `stored` stays, `kept` takes its place, or `joined` content does. The text
    that gives way is kept. One that was settled before is left as it is."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(text.answer.dossier)
        require(actor, "assessments.settle_dossier_text", text)
        text = DossierText.objects.select_related("answer").get(pk=text.pk)
        answer = text.answer
        if text.settled_at is not None:
            work.nothing_happened()
            return answer
        if choice not in ("stored", "kept", "joined") or (choice == "joined" and content is None):
            raise ValidationError({"choice": _("Choose which text is to stand.")})
        if choice != "stored":
            _keep_replaced(actor, now, answer, choice)
            _write(actor, now, answer, content if choice == "joined" else Content(text.value, text.note))
        text.settled_at, text.settled_by, text.choice = now, writer(actor), choice
        text.save(update_fields=["settled_at", "settled_by", "choice"])
        work.record("assessments.dossier_text_chosen", dossier, organisation=dossier.vendor_id, item=answer.item_id, choice=choice)
    return answer


# Files ------------------------------------------------------------------------------------------------------------------


@service("assessments.attach_dossier_file")
def attach_dossier_file(*, actor: Actor, now: datetime, dossier: Dossier, item_id: str, upload: CheckedUpload) -> StoredFile:
    """Put a file beside an answer of the draft: a model card, an evaluation. The same file twice is kept once."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        if item_id not in instrument_for(dossier).items:
            raise ValidationError(_("There is no such question in this section."))
        answer, _made = DossierAnswer.objects.get_or_create(
            dossier=dossier, item_id=item_id,
            defaults={"answered_by": writer(actor), "answered_by_id": actor.id, "answered_at": now},
        )  # fmt: skip
        same = [each for each in draft_files_of([answer]).get(answer.pk, ()) if each.sha256 == upload.sha256]
        if same:
            work.nothing_happened()
            return same[0]
        stored = store_file(
            work, upload=upload, subject_type=DRAFT_FILES, subject_id=str(answer.pk), organisation=dossier.vendor, now=now
        )
        work.record("assessments.dossier_file_attached", dossier, organisation=dossier.vendor_id, item=item_id)
    return stored


@service("assessments.remove_dossier_file")
def remove_dossier_file(*, actor: Actor, now: datetime, stored: StoredFile) -> None:
    """Take a file away from the draft. What was published keeps it. Denied for a file that belongs to something else."""
    with unit_of_work(actor=actor, now=now) as work:
        answer = DossierAnswer.objects.filter(pk=stored.subject_id).first() if stored.subject_type == DRAFT_FILES else None
        if answer is None:
            raise Denied("assessments.edit_dossier")
        dossier = locked_dossier(answer.dossier)
        require(actor, "assessments.edit_dossier", dossier)
        if stored.removed_at is not None:
            work.nothing_happened()
            return
        remove_file(work, stored=stored, now=now)
        work.record("assessments.dossier_file_removed", dossier, organisation=dossier.vendor_id, item=answer.item_id)


# Repeated sections, newer questions -------------------------------------------------------------------------------------


@service("assessments.add_dossier_entry")
def add_dossier_entry(*, actor: Actor, now: datetime, dossier: Dossier, section: str, name: str) -> str:
    """Another entry of a repeated section: one more service inside the product. Its id is returned, and never used again."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        repeat, rows = _entries(dossier, section)
        name = " ".join(name.split())
        if not name or len(name) > MAX_NAME:
            raise ValidationError({"name": _("Give it a name of at most %(limit)d characters.") % {"limit": MAX_NAME}})
        if len(rows) >= repeat.maximum:
            raise ValidationError(_("There are %(limit)d already, and there can be no more.") % {"limit": repeat.maximum})
        used = {entry for entry, _name in rows}
        used |= {each.partition(REPEATED)[2] for each in dossier.answers.values_list("item_id", flat=True)}
        entry = str(1 + max((int(each) for each in used if each.isdecimal()), default=0))
        _keep_entries(dossier, section, [*rows, [entry, name]])
        work.record(
            "assessments.dossier_entry_added", dossier, organisation=dossier.vendor_id, section=section, entry=entry, details={"name": name}
        )
    return entry


@service("assessments.remove_dossier_entry")
def remove_dossier_entry(*, actor: Actor, now: datetime, dossier: Dossier, section: str, entry: str) -> None:
    """Take an entry away from the draft. Its answers are not published any more; versions that hold them keep them."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        repeat, rows = _entries(dossier, section)
        if entry not in {known for known, _name in rows}:
            raise ValidationError(_("It has been taken away already."))
        if len(rows) <= max(1, repeat.minimum):
            raise ValidationError(_("There must be at least %(least)d.") % {"least": max(1, repeat.minimum)})
        _keep_entries(dossier, section, [row for row in rows if row[0] != entry])
        work.record("assessments.dossier_entry_removed", dossier, organisation=dossier.vendor_id, section=section, entry=entry)


def _entries(dossier: Dossier, section: str) -> tuple:
    instrument = instrument_for(dossier)
    found = next((each for each in instrument.sections if each.id == section), None)
    if found is None or found.repeat is None:
        raise ValidationError(_("This section is answered once."))
    return found.repeat, [list(row) for row in instrument.entries[section]]


def _keep_entries(dossier: Dossier, section: str, rows: list[list[str]]) -> None:
    dossier.entries = {**dossier.entries, section: rows}
    dossier.save(update_fields=["entries"])


@service("assessments.upgrade_dossier")
def upgrade_dossier(*, actor: Actor, now: datetime, dossier: Dossier) -> list[str]:
    """Go on with the newest version of the questions. What still fits comes along; the questions whose answer could not are returned,
    and what was published keeps them all."""
    with unit_of_work(actor=actor, now=now) as work:
        dossier = locked_dossier(dossier)
        require(actor, "assessments.edit_dossier", dossier)
        pack = PackVersion.objects.filter(pack_id=dossier.pack.pack_id, current=True, organisation=None).first()
        if pack is None or pack.pk == dossier.pack_id:
            work.nothing_happened()
            return []
        before, was = instrument_for(dossier), dossier.pack.version
        changes = migration_map(pack_of(pack).data, was)
        dossier.pack = pack
        after = instrument_for(dossier)
        answers = {answer.item_id: answer for answer in dossier.answers.all()}
        found = migrate(before, after, {name: _engine_value(each.value) for name, each in answers.items() if each.value is not None}, changes)
        lost = []
        for carried in found.carried:
            answer = answers[carried.source]
            if carried.target is None:
                lost.append(carried.source)
            elif carried.target != carried.source or carried.value != carried.old_value:
                target = answers.get(carried.target) or DossierAnswer(dossier=dossier, item_id=carried.target)
                _write(actor, now, target, Content(as_data(carried.value), answer.note))
                for stored in draft_files_of([answer]).get(answer.pk, ()) if target is not answer else ():
                    upload = CheckedUpload(stored.name, stored.media_type, stored.size, stored.sha256, stored.stored_as)
                    store_file(
                        work, upload=upload, subject_type=DRAFT_FILES, subject_id=str(target.pk), organisation=dossier.vendor, now=now
                    )
        dossier.save(update_fields=["pack"])
        work.record(
            "assessments.dossier_upgraded", dossier, organisation=dossier.vendor_id, version=pack.version, was=was, dropped=len(lost)
        )
    return lost


def _engine_value(value: object) -> object:
    try:
        return value_from_data(value)
    except ValueError:
        return UNKNOWN

