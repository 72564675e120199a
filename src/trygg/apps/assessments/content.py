"""What an assessment holds, read by the services: content of sections, as typed and as saved; hashes; putting an answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from trygg.apps.assessments.merging import NOTHING_YET, Content, Verdict, mark, merge
from trygg.apps.assessments.models import Answer, AnswerVersion, Assessment, SectionAssignment
from trygg.apps.assessments.questions import Reading, content_hash, deepest, instrument_of
from trygg.engines.conditions import ValueType
from trygg.engines.depth import Depth
from trygg.engines.instruments import Instrument
from trygg.kernel.access import Actor, Role
from trygg.kernel.files.models import StoredFile

FILES = "assessments.answer"  # subject type of evidence files


@dataclass(frozen=True)
class Given:
    """What someone sends for an item, and the mark of what the page was loaded with."""

    item_id: str
    content: Content
    loaded: str = ""
    confirmed: bool = False  # the writer stands by an answer that was taken over, as it is


@dataclass
class Kept:
    """What became of what was sent: items that changed, and those where someone else had written meanwhile."""

    changed: list[str] = field(default_factory=list)
    conflicts: dict[str, AnswerVersion] = field(default_factory=dict)

    @property
    def wrote(self) -> bool:
        return bool(self.changed or self.conflicts)


def writer(actor: Actor) -> str:
    """Who wrote, as it is kept beside the text."""
    return ", ".join(part for part in (actor.name, actor.organisation_name) if part)[:330]


def files_by_answer(answers: Iterable[Answer]) -> dict[int, list[StoredFile]]:
    """Evidence files of answers that are neither removed nor in quarantine."""
    found: dict[int, list[StoredFile]] = {}
    ids = [str(answer.pk) for answer in answers]
    if not ids:
        return found
    rows = StoredFile.objects.filter(subject_type=FILES, subject_id__in=ids, removed_at=None, quarantined_at=None)
    for stored in rows:
        found.setdefault(int(stored.subject_id), []).append(stored)
    return found


def _content_of(answers: Iterable[Answer], files: Mapping[int, Sequence[StoredFile]]) -> dict[str, dict[str, Any]]:
    """What counts as said here. Of an answer that was taken over and not confirmed only the files count: they were added here."""
    content = {}
    for answer in answers:
        hashes = sorted(stored.sha256 for stored in files.get(answer.pk, ()))
        if answer.unconfirmed:
            if hashes:
                content[answer.item_id] = {"value": None, "note": "", "files": hashes}
        elif answer.value is not None or answer.note or hashes:
            content[answer.item_id] = {"value": answer.value, "note": answer.note, "files": hashes}
            if answer.value is True:  # a confirmation is who and when
                content[answer.item_id] |= {"by": answer.answered_by, "at": answer.answered_at.isoformat()}
    return content


def typed_content(section: SectionAssignment) -> dict[str, dict[str, Any]]:
    """The section as it is typed now: {item: {value, note, files}}, only items that hold something."""
    answers = list(Answer.objects.filter(section=section))
    return _content_of(answers, files_by_answer(answers))


@dataclass
class Whole:
    """An assessment with all its sections and what is typed in them. Three queries, whatever its size."""

    assessment: Assessment
    sections: list[SectionAssignment]
    contents: dict[int, dict[str, dict[str, Any]]]
    answers: dict[int, list[Answer]] = field(default_factory=dict)  # by section
    files: dict[int, list[StoredFile]] = field(default_factory=dict)  # by answer

    @cached_property
    def reading(self) -> Reading:
        """What is on the pages: the sections as they are typed now."""
        return reading_of(self.assessment, self.contents.values())

    @cached_property
    def taken_over(self) -> dict[int, dict[str, Answer]]:
        """By section: the answers that were taken over from others and that nobody here has confirmed or changed."""
        return {
            pk: {answer.item_id: answer for answer in answers if answer.unconfirmed}
            for pk, answers in self.answers.items()
        }

    def unconfirmed(self, section: SectionAssignment) -> list[str]:
        """Questions asked in the section now where an answer stands that was taken over and not confirmed."""
        waiting = self.taken_over.get(section.pk, {})
        return [item.id for item in self.reading.visible(section.section_id) if item.id in waiting] if waiting else []

    def saved_reading(self) -> Reading:
        """What counts: the sections as they were last saved."""
        return reading_of(self.assessment, [section.saved_answers or {} for section in self.sections])

    @property
    def asked(self) -> list[SectionAssignment]:
        """The sections that ask anything at this depth."""
        return [section for section in self.sections if self.reading.asks_anything(section.section_id)]


def with_all(assessment_id: int) -> Assessment:
    """An assessment with its matter, case, system and questions, in one query."""
    rows = Assessment.objects.select_related("pack", "matter__case", "matter__system", "matter__owner")
    return rows.get(pk=assessment_id)


def load_whole(assessment: Assessment, present: SectionAssignment | None = None) -> Whole:
    """All of an assessment; `present` stands in it as the very object that the caller changes."""
    return load_wholes([assessment], SectionAssignment.objects.all(), present)[0]


def load_wholes(
    assessments: Sequence[Assessment], rows: QuerySet[SectionAssignment], present: SectionAssignment | None = None
) -> list[Whole]:
    """All of several assessments, in as many queries as one takes. `rows`: their sections, with what the caller wants to know of each."""
    rows = rows.filter(assessment__in=assessments).select_related("organisation", "membership__person")
    sections: dict[int, list[SectionAssignment]] = {assessment.pk: [] for assessment in assessments}
    for row in rows:
        sections[row.assessment_id].append(present if present is not None and row.pk == present.pk else row)
    answers = list(Answer.objects.filter(section__assessment__in=assessments))
    files = files_by_answer(answers)
    by_section: dict[int, list[Answer]] = {}
    for answer in answers:
        by_section.setdefault(answer.section_id, []).append(answer)
    for assessment in assessments:
        for section in sections[assessment.pk]:
            section.assessment = assessment
    return [
        Whole(
            assessment,
            found,
            {section.pk: _content_of(by_section.get(section.pk, ()), files) for section in found},
            {section.pk: by_section.get(section.pk, []) for section in found},
            files,
        )
        for assessment in assessments
        for found in [sections[assessment.pk]]
    ]


def effective_depth(assessment: Assessment) -> str:
    """The depth at which it is asked: that of the case when it has become deeper; fixed once it is locked."""
    case = getattr(assessment.matter, "case", None)
    if not assessment.is_open or case is None:
        return assessment.depth
    return deepest(assessment.depth, case.depth).value


def reading_of(assessment: Assessment, content: Iterable[Mapping[str, Mapping[str, Any]]]) -> Reading:
    """The instrument read with the content of sections."""
    instrument = instrument_of(assessment)
    values, evidence = values_in(instrument, content)
    return Reading(instrument, Depth(effective_depth(assessment)), values, evidence, assessment.phase)


def values_in(
    instrument: Instrument, content: Iterable[Mapping[str, Mapping[str, Any]]]
) -> tuple[dict[str, Any], frozenset[str]]:
    """(values, questions with files) as the engine takes them. A file question is answered by its files."""
    values: dict[str, Any] = {}
    evidence: set[str] = set()
    for section in content:
        for item_id, held in section.items():
            item = instrument.items.get(item_id)
            if item is None:
                continue
            if held["files"]:
                evidence.add(item_id)
            value = ", ".join(held["files"]) or None if item.type is ValueType.FILE else held["value"]
            if value is not None:
                values[item_id] = value
    return values, frozenset(evidence)


def put_answers(
    actor: Actor, now: datetime, section: SectionAssignment, sent: Sequence[Given], allowed: Iterable[str]
) -> Kept:
    """Store what was sent for items of `allowed`, keeping both texts where someone else wrote meanwhile.

    The caller holds the transaction and has locked the section's row.
    """
    stored = {answer.item_id: answer for answer in Answer.objects.filter(section=section)}
    kept, known = Kept(), set(allowed)
    for given in sent:
        if given.item_id in known:
            _put(actor, now, section, stored.get(given.item_id), given, kept)
    return kept


def _put(
    actor: Actor, now: datetime, section: SectionAssignment, answer: Answer | None, given: Given, kept: Kept
) -> None:
    before = Content(answer.value, answer.note) if answer else NOTHING_YET
    found = merge(stored=before, revision=answer.revision if answer else 0, sent=given.content, loaded=given.loaded)
    own = answer is not None and answer.answered_by_id == actor.id
    if found.verdict is Verdict.SAME:
        if given.confirmed and answer is not None and answer.unconfirmed:
            confirm_answer(actor, now, answer)
            kept.changed.append(given.item_id)
        return
    if found.verdict is Verdict.CONFLICT and not own:
        kept.conflicts[given.item_id] = _keep_beside(actor, now, answer, given)
        return
    if found.verdict is Verdict.CONFLICT:  # the same person in two windows: the later text stands, the earlier is kept
        keep_replaced(actor, now, answer, choice="")
        result = given.content
    else:
        result = found.result
    if answer is None:
        answer = Answer(section=section, item_id=given.item_id)
    write_answer(actor, now, answer, result)
    if given.confirmed and answer.unconfirmed:
        confirm_answer(actor, now, answer)
    kept.changed.append(given.item_id)


def confirm_answer(actor: Actor, now: datetime, answer: Answer) -> None:
    """Somebody here stands by an answer that was taken over. Where it came from stays written beside it."""
    answer.unconfirmed = False
    answer.revision += 1
    answer.answered_by, answer.answered_by_id, answer.answered_at = writer(actor), actor.id, now
    answer.save()


def write_answer(actor: Actor, now: datetime, answer: Answer, content: Content) -> None:
    """Put a text in the answer's place. A note that is added to another's answer does not yet make it one's own."""
    theirs = answer.unconfirmed and content.value is not None and content.value == answer.value
    answer.value, answer.note = content.value, content.note
    answer.revision += 1
    if theirs:
        answer.save()
        return
    answer.unconfirmed = False
    answer.origin = Answer.Origin.VENDOR if actor.has_role(Role.VENDOR) else Answer.Origin.TYPED
    answer.origin_note = ""
    answer.answered_by, answer.answered_by_id, answer.answered_at = writer(actor), actor.id, now
    answer.save()


def _keep_beside(actor: Actor, now: datetime, answer: Answer, given: Given) -> AnswerVersion:
    """The text that did not get the answer's place. What the same person goes on typing on the same page follows it."""
    version, _made = AnswerVersion.objects.update_or_create(
        answer=answer,
        written_by_id=actor.id,
        loaded=given.loaded[:40],
        settled_at=None,
        defaults={
            "value": given.content.value,
            "note": given.content.note,
            "written_by": writer(actor),
            "written_at": now,
        },
    )
    return version


def keep_replaced(actor: Actor, now: datetime, answer: Answer, *, choice: str) -> AnswerVersion:
    """Keep what stands in the answer's place before something else takes it."""
    return AnswerVersion.objects.create(
        answer=answer,
        value=answer.value,
        note=answer.note,
        why=AnswerVersion.Why.REPLACED,
        written_by=answer.answered_by,
        written_by_id=answer.answered_by_id,
        written_at=answer.answered_at,
        settled_at=now,
        settled_by=writer(actor),
        choice=choice,
    )


def open_versions(section: SectionAssignment) -> int:
    """How many texts of the section wait for a choice."""
    return AnswerVersion.objects.filter(answer__section=section, settled_at=None).count()


def answer_mark(answer: Answer | None) -> str:
    """The mark that a page carries beside the inputs of an item."""
    return mark(Content(answer.value, answer.note), answer.revision) if answer else mark(NOTHING_YET, 0)


def sections_hash(assessment: Assessment, sections: Iterable[SectionAssignment]) -> str:
    """Hash over sections as they were saved: what an organisation signs."""
    return content_hash(
        {
            "assessment": assessment.pk,
            "revision": assessment.revision,
            "pack": assessment.pack.content_hash,
            "sections": {section.section_id: section.saved_hash for section in sections},
        }
    )
