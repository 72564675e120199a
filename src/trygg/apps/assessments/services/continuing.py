"""Another revision of an assessment, made by a plan: what reopening, moving to newer questions and the next phase share."""

from collections.abc import Sequence
from datetime import datetime

from trygg.apps.assessments.carrying import Plan
from trygg.apps.assessments.content import FILES, Whole, files_by_answer, load_whole, writer
from trygg.apps.assessments.models import Answer, AnswerVersion, Assessment, Comment, SectionAssignment, Taken, Taking
from trygg.apps.assessments.questions import content_hash, instrument_of
from trygg.apps.assessments.services.shared import State, left, section_hash
from trygg.engines.instruments import Fate
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import store_file
from trygg.kernel.files.uploads import CheckedUpload
from trygg.kernel.ledger import UnitOfWork


def continue_as(work: UnitOfWork, plan: Plan, because: str, now: datetime) -> Whole:
    """The next revision, with the answers, notes, files and those who answer. Signatures are not carried. The caller has locked
    the old one, and decides what it becomes."""
    old = plan.old.assessment
    made = Assessment.objects.create(
        matter=old.matter,
        pack=plan.pack,
        instrument_id=old.instrument_id,
        depth=old.depth,
        phase=plan.phase,
        entries=plan.entries,
        revision=old.revision + 1,
        because=because,
        previous=old,
        started_by=writer(work.actor)[:200],
        started_at=now,
    )
    by_id = {section.section_id: section for section in plan.old.sections}
    moved_from = _sources(plan, by_id)
    sections: dict[str, SectionAssignment] = {}
    for order, section in enumerate(plan.new.sections):
        sections[section.id] = _section(plan, made, section.id, order, moved_from.get(section.id, []), by_id, now)
    _answers(work, plan, sections, now)
    whole = load_whole(made)
    _states(plan, whole, moved_from)
    made.carried = {
        "version": old.pack.version,
        "phase": old.phase,
        "moves": [move.as_data() for move in plan.moves],
        "begun_with": begun_with(whole),
    }
    made.save(update_fields=["carried"])
    return whole


def begun_with(whole: Whole) -> str:
    """Of all that people can do to a revision: as long as it is the same, nobody has done anything."""
    made = whole.assessment
    return content_hash(
        {
            "entries": made.entries,
            "sections": [
                [
                    section.section_id, section.state, section.organisation_id, section.membership_id,
                    section.due_on.isoformat() if section.due_on else "", section.saved_hash, whole.contents[section.pk],
                    *([sorted(theirs)] if (theirs := whole.taken_over.get(section.pk)) else ()),
                ]
                for section in whole.sections
            ],
            "signed": made.signoffs.count(),
            "readers": made.second_readings.count(),
            "comments": Comment.objects.filter(section__assessment=made).count(),
            "texts": AnswerVersion.objects.filter(answer__section__assessment=made).count(),
        }
    )  # fmt: skip


def _sources(plan: Plan, by_id: dict[str, SectionAssignment]) -> dict[str, list[SectionAssignment]]:
    """New section -> the old ones that it goes on from: that of the same id, and those that its answers come from."""
    before = instrument_of(plan.old.assessment)
    found: dict[str, dict[str, SectionAssignment]] = {}
    for section in plan.new.sections:
        if section.id in by_id:
            found.setdefault(section.id, {})[section.id] = by_id[section.id]
    for move in plan.moves:
        source = before.items.get(move.source)
        if move.target and source is not None and source.section in by_id:
            found.setdefault(plan.new.items[move.target].section, {})[source.section] = by_id[source.section]
    return {section: list(each.values()) for section, each in found.items()}


def _section(
    plan: Plan,
    made: Assessment,
    section_id: str,
    order: int,
    sources: Sequence[SectionAssignment],
    by_id: dict[str, SectionAssignment],
    now: datetime,
) -> SectionAssignment:
    """Who answers it, and what counts of it until somebody saves it."""
    before = by_id.get(section_id) or next(iter(sources), None)
    person = before.membership if before and before.membership and before.membership.in_force(now) else None
    row = SectionAssignment(
        assessment=made,
        section_id=section_id,
        order=order,
        organisation_id=before.organisation_id if before else made.matter.owner_id,
        membership=person,
        due_on=before.due_on if before and plan.old.assessment.is_open else None,
    )
    was_saved = [source for source in sources if source.saved_at is not None]
    if was_saved:
        oldest = min(was_saved, key=lambda source: source.saved_at)
        items = {item.id for section in plan.new.sections if section.id == section_id for item in section.items}
        row.saved_answers = {name: held for name, held in plan.saved.items() if name in items}
        row.saved_hash = section_hash(row, row.saved_answers)
        row.saved_at, row.saved_by = oldest.saved_at, oldest.saved_by
    row.save()
    return row


def _answers(work: UnitOfWork, plan: Plan, sections: dict[str, SectionAssignment], now: datetime) -> None:
    """Answers in their new places with whoever gave them, and copies of their files."""
    old = {answer.item_id: answer for answer in Answer.objects.filter(section__assessment=plan.old.assessment)}
    files = files_by_answer(old.values())
    sources: dict[str, list[Answer]] = {}
    for move in plan.moves:
        if move.target and move.source in old:
            sources.setdefault(move.target, []).append(old[move.source])
    came: dict[int, Answer] = {}
    for target, content in plan.typed.items():
        given = sources[target]
        first = given[0]
        answer = Answer.objects.create(
            section=sections[plan.new.items[target].section],
            item_id=target,
            value=content["value"],
            note=content["note"],
            revision=first.revision,
            origin=first.origin,
            origin_note=first.origin_note,
            unconfirmed=any(each.unconfirmed for each in given),
            answered_by=first.answered_by,
            answered_by_id=first.answered_by_id,
            answered_at=first.answered_at,
        )
        came[first.pk] = answer
        held = {stored.sha256: stored for each in given for stored in files.get(each.pk, ())}
        for stored in held.values():
            _copy(work, stored, answer, now)
    _where_from(came)


def _where_from(came: dict[int, Answer]) -> None:
    """Where an answer was taken over from goes along with it: what the vendor changes afterwards is still told."""
    rows = list(Taken.objects.filter(answer__in=came, current=True).select_related("taking"))
    takings: dict[int, Taking] = {}
    for row in rows:
        assessment = came[row.answer_id].section.assessment
        taking = takings.get(row.taking_id) or Taking.objects.create(
            assessment=assessment, taken_by=row.taking.taken_by, taken_at=row.taking.taken_at, undoable=False
        )
        takings[row.taking_id] = taking
        row.pk, row.answer, row.taking = None, came[row.answer_id], taking
    Taken.objects.bulk_create(rows)


def _copy(work: UnitOfWork, stored: StoredFile, answer: Answer, now: datetime) -> None:
    upload = CheckedUpload(stored.name, stored.media_type, stored.size, stored.sha256, stored.stored_as)
    store_file(
        work, upload=upload, subject_type=FILES, subject_id=str(answer.pk), organisation=stored.organisation, now=now
    )  # fmt: skip


def _states(plan: Plan, whole: Whole, moved_from: dict[str, list[SectionAssignment]]) -> None:
    """Done stays done where nothing is new, missing or to be looked at; begun is what was begun."""
    reading = whole.reading
    old_items = {move.source for move in plan.moves}
    came = {move.target for move in plan.moves if move.fate is not Fate.DROPPED}
    asked_before = set(plan.old.reading.asked.visible)
    lost = {  # a question that stays, whose answer could not stay
        name for name in old_items if name in plan.new.items and name not in came
    }
    for section in whole.sections:
        sources = moved_from.get(section.section_id, [])
        if not sources or all(source.state == State.TODO for source in sources):
            continue
        section.state = State.BEGUN
        if all(source.state in (State.DONE, State.SIGNED) for source in sources):
            asked = [item.id for item in reading.visible(section.section_id)]
            new = [name for name in asked if name not in asked_before and name not in came]
            disturbed = new or lost.intersection(asked) or plan.look.intersection(asked)
            if not disturbed and not left(whole, section)[0]:
                section.state = State.DONE
        section.save(update_fields=["state"])
