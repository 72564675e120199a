"""Taking answers over that were ticked in a preview: one act, blanks only, and undone as one act until something else is written
there."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import FILES, Whole, files_by_answer, load_whole, writer
from trygg.apps.assessments.dossier.models import Taken, Taking
from trygg.apps.assessments.dossier.offers import Given, offers_for
from trygg.apps.assessments.dossier.selectors import files_of_version
from trygg.apps.assessments.models import Answer, SectionAssignment
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.services.shared import (
    State,
    locked_assessment,
    mark_begun,
    publish,
    section_hash,
    settle_sign_off_tasks,
)
from trygg.apps.assessments.services.upgrading import ChangedMeanwhile
from trygg.kernel.access import Actor, require, restrict
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import remove_file, store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work


@service("assessments.take_over")
def take_over(
    *, actor: Actor, now: datetime, assessment, keys: Collection[str], seen: str = ""
) -> Taking:
    """Take over the offers named by `keys` into the blanks of an assessment. What somebody must look at stands unconfirmed: it
    counts when somebody says that it holds. `seen`: fingerprint of the preview; ChangedMeanwhile when something else is offered now.

    ValidationError for nothing, for two answers to one question, and for what is not offered (any more).
    """
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(assessment)
        require(actor, "assessments.reuse_answers", assessment)
        sections = _held_sections(actor, assessment)
        whole = load_whole(assessment)
        offers = offers_for(actor, whole, sections.values())
        if seen and seen != offers.fingerprint:
            raise ChangedMeanwhile(_("Somebody changed something since you looked. Nothing was taken over: look through it again."))
        chosen = _chosen(offers.by_key, keys)
        taking = Taking.objects.create(assessment=assessment, taken_by=writer(actor), taken_at=now)
        for given in chosen:
            put(work, taking, given, sections[given.item.section], now)
        for section in sections.values():
            mark_begun(section)
        settle_sign_off_tasks(work, load_whole(assessment), now)
        work.record(
            "assessments.answers_taken_over", assessment, organisation=assessment.matter.owner_id, count=len(chosen),
            look=sum(given.look for given in chosen), details={"items": [given.item.id for given in chosen]},
        )  # fmt: skip
    return taking


def _held_sections(actor: Actor, assessment) -> dict[str, SectionAssignment]:
    """The sections that the actor may answer, locked: two who write at once come one after the other."""
    mine = restrict(actor, "assessments.answer_section").filter(assessment=assessment).values("pk")
    rows = SectionAssignment.objects.select_for_update(of=("self",)).filter(pk__in=list(mine.values_list("pk", flat=True)))
    found = {section.section_id: section for section in rows.order_by("pk")}
    for section in found.values():
        section.assessment = assessment
    return found


def _chosen(known: dict[str, Given], keys: Collection[str]) -> list[Given]:
    if not keys:
        raise ValidationError({"take": _("Tick at least one answer, or go back.")})
    missing = [key for key in keys if key not in known]
    if missing:
        raise ValidationError({"take": _("One of the answers is not offered any more. Look through the list again.")})
    chosen = [known[key] for key in dict.fromkeys(keys)]
    by_item: dict[str, Given] = {}
    for given in chosen:
        if given.item.id in by_item:
            raise ValidationError(
                {"take": _("Two answers are ticked for “%(question)s”. Choose one of them.") % {"question": said(given.item.text)}}
            )
        by_item[given.item.id] = given
    return chosen


def put(work: UnitOfWork, taking: Taking, given: Given, section: SectionAssignment, now: datetime) -> Answer:
    """Let an offered answer stand at its question, with its files and where it came from. The caller has kept what stood there."""
    source = given.source
    answer = Answer.objects.filter(section=section, item_id=given.item.id).first() or Answer(section=section, item_id=given.item.id)
    answer.value, answer.note, answer.unconfirmed = given.value, given.note, given.look
    answer.revision += 1
    answer.origin = Answer.Origin.VENDOR if source.version is not None else Answer.Origin.REUSED
    answer.origin_note = _origin_words(given)[:300]
    answer.answered_by, answer.answered_by_id, answer.answered_at = writer(work.actor), work.actor.id, now
    answer.save()
    Taken.objects.filter(answer=answer, current=True).update(current=False)
    Taken.objects.create(
        taking=taking, answer=answer, version=source.version, source=source.assessment, source_item=given.offer.source,
        relation=str(given.relation), remark=dict(given.offer.line.note) if given.offer.line.note else None, value=answer.value,
        note=answer.note, revision=answer.revision,
    )  # fmt: skip
    present = {stored.sha256 for stored in files_by_answer([answer]).get(answer.pk, ())}
    for stored in _files(given):
        if stored.sha256 not in present:
            upload = CheckedUpload(stored.name, stored.media_type, stored.size, stored.sha256, stored.stored_as)
            store_file(
                work, upload=upload, subject_type=FILES, subject_id=str(answer.pk), organisation=section.organisation, now=now
            )
    return answer


def _origin_words(given: Given) -> str:
    version = given.source.version
    if version is None:
        return given.source.title
    return _("%(vendor)s, dossier on %(product)s, version %(n)d") % {
        "vendor": version.dossier.vendor.name, "product": version.dossier.title, "n": version.number,
    }  # fmt: skip


def _files(given: Given) -> list[StoredFile]:
    wanted = set(given.files)
    if not wanted:
        return []
    if given.source.version is not None:
        held: Iterable[StoredFile] = files_of_version(given.source.version).values()
    else:
        answer = given.source.answers.get(given.offer.source)
        held = files_by_answer([answer]).get(answer.pk, ()) if answer else ()
    return [stored for stored in held if stored.sha256 in wanted]


# Undone -----------------------------------------------------------------------------------------------------------------


def written_since(taking: Taking) -> list[Taken]:
    """What was taken over and does not stand as it was left: somebody wrote, confirmed, or took something else over there."""
    rows = list(taking.rows.select_related("answer__section"))
    files = files_by_answer(row.answer for row in rows)
    added = {pk for pk, held in files.items() if any(stored.uploaded_at > taking.taken_at for stored in held)}
    return [row for row in rows if not row.current or row.answer.revision != row.revision or row.answer_id in added]


@service("assessments.undo_taking")
def undo_taking(*, actor: Actor, now: datetime, taking: Taking) -> Taking:
    """Take the whole act back: the questions are blank again, and what counted of it does not count. ValidationError when somebody has
    written at one of them since, or signed; nothing is taken back then. Undone twice is undone once."""
    with unit_of_work(actor=actor, now=now) as work:
        assessment = locked_assessment(taking.assessment)
        taking = Taking.objects.select_for_update().get(pk=taking.pk)
        if taking.undone_at is not None:
            require(actor, "assessments.reuse_answers", assessment)
            work.nothing_happened()
            return taking
        require(actor, "assessments.undo_taking", taking)
        sections = _held_sections(actor, assessment)
        rows = list(taking.rows.select_related("answer__section"))
        if any(row.answer.section.section_id not in sections for row in rows):
            raise ValidationError(_("Some of it stands in a section that is signed, or that you do not answer. Nothing was taken back."))
        if written_since(taking):
            raise ValidationError(
                _("Somebody has written or confirmed something there since. Nothing was taken back: change the answers one by one.")
            )
        for row in rows:
            blank(work, row.answer, now)
            take_files_back(work, row.answer, taking, now)
            row.current = False
        Taken.objects.filter(pk__in=[row.pk for row in rows]).update(current=False)
        taking.undone_at, taking.undone_by = now, writer(actor)
        taking.save(update_fields=["undone_at", "undone_by"])
        restate(work, assessment, sections.values(), {row.answer.item_id for row in rows}, now)
        work.record("assessments.taking_undone", assessment, organisation=assessment.matter.owner_id, count=len(rows))
    return taking


def take_files_back(work: UnitOfWork, answer: Answer, taking: Taking, now: datetime, but: Collection[str] = ()) -> None:
    """Take away the files that came along with a taking; those that somebody here added stay."""
    for stored in files_by_answer([answer]).get(answer.pk, ()):
        if stored.uploaded_at == taking.taken_at and stored.sha256 not in but:
            remove_file(work, stored=stored, now=now)


def blank(work: UnitOfWork, answer: Answer, now: datetime) -> None:
    """No answer stands there any more."""
    answer.value, answer.note, answer.unconfirmed = None, "", False
    answer.revision += 1
    answer.origin, answer.origin_note = Answer.Origin.TYPED, ""
    answer.save()


def restate(
    work: UnitOfWork, assessment, sections: Iterable[SectionAssignment], items: Collection[str], now: datetime
) -> Whole:
    """After an act on some answers: what was saved of them says what stands there now, and the case is worked out again. A section that
    was done and lacks something now is begun again."""
    whole = load_whole(assessment)
    by_id = {section.pk: section for section in sections}
    for section in whole.sections:
        typed = whole.contents[section.pk]
        held = section.saved_answers
        if section.pk in by_id and held is not None and any(name in held or name in typed for name in items):
            after = {name: content for name, content in held.items() if name not in items}
            after |= {name: typed[name] for name in items if name in typed}
            if after != held:
                section.saved_answers, section.saved_hash = after, section_hash(section, after)
    saved = [section for section in whole.sections if section.pk in by_id]
    for section in saved:
        open_ones = {item.id for item in whole.reading.missing(section.section_id)} | set(whole.unconfirmed(section))
        if section.state == State.DONE and open_ones:
            section.state = State.BEGUN
        section.save(update_fields=["saved_answers", "saved_hash", "state"])
    publish(work, whole, now)
    settle_sign_off_tasks(work, whole, now)
    return whole
