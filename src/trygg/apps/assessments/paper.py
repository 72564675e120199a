"""What assessments say in papers: the worst that can happen, levels and stops, every answer with its origin and who signed."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments.matrix_paper import for_reading
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment, SignOff
from trygg.apps.assessments.obligations import CODES, OBLIGATION, RESULT_FILES, following_from
from trygg.apps.assessments.questions import Reading, said
from trygg.apps.assessments.score import score_words
from trygg.apps.assessments.selectors import Overview, SectionLine, assessments_of, overviews_of, worded
from trygg.apps.assessments.theirs import Comparison, comparisons
from trygg.engines.instruments import REPEATED, Item
from trygg.kernel.access import Actor
from trygg.kernel.ui.words import fullday
from trygg.kernel.work.models import Task
from trygg.spine.matters.models import Matter
from trygg.spine.papers import package, record, sections
from trygg.spine.publication.texts import words_of

MOST_NAMED = 4  # of the places that are as grave as the worst, in the two pages
WORST = re.compile(r"worst(?:_\w+)?")
STATES = {
    "open": lambda: _("to do"),
    "done": lambda: _("done"),
    "lapsed": lambda: _("no longer asked"),
}


def register() -> None:
    """Called once, when the application starts."""
    sections.register(
        "assessments.worst", 30, worst, missing=lambda: _("Nobody has answered yet how bad the worst harm to a child could be.")
    )
    sections.register("assessments.levels", 230, levels, papers={sections.FULL}, missing=lambda: _("No assessment has been begun."))
    sections.register("assessments.theirs", 235, differences, papers={sections.FULL})
    sections.register("assessments.answers", 240, answers, papers={sections.FULL})
    package.register_content("assessments", content)
    package.register_files("assessments.answer", answer_ids)
    package.register_files(RESULT_FILES, result_ids)
    record.register_subjects(subjects)


def latest(matter: Matter, actor: Actor) -> list[Overview]:
    """The assessments that count, as far as the actor may see them: of each instrument the newest revision."""
    rows = assessments_of(actor, matter).exclude(state=Assessment.State.SUPERSEDED).order_by("instrument_id", "-revision")
    newest: dict[str, Assessment] = {}
    for assessment in rows:
        newest.setdefault(assessment.instrument_id, assessment)
    return overviews_of(actor, list(newest.values()))


def _own(overview: Overview) -> Iterable[tuple[SectionLine, Item, Any]]:
    """(section, question, value) of what the actor may read and what is asked now."""
    for line in overview.lines:
        for item in overview.reading.visible(line.section.section_id):
            yield line, item, overview.reading.values.get(item.id)


def _seen(overview: Overview, asked: Iterable[tuple[SectionLine, Item, Any]]) -> Reading:
    """The assessment with the answers of those sections that the actor may read, and no others."""
    reading = overview.reading
    values = {item.id: value for _line, item, value in asked if value is not None}
    return reading if overview.whole else Reading(reading.instrument, reading.depth, values, reading.evidence, reading.phase)


def worst(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """The picture of rights and groups of children where the worst is gravest, with its sentence, and what is answered about the worst
    harm; from the sections that the actor may read."""
    blocks: list[dict[str, Any]] = []
    short: list[dict[str, Any]] = []
    overviews = latest(matter, actor)
    drawn = [found for one in overviews if (found := for_reading(_seen(one, _own(one)), language)) is not None]
    if drawn:
        gravest = max(drawn, key=lambda found: found["gravity"])
        whole = gravest["sentence"] or gravest["headline"]
        short += [sections.text(gravest["headline"]), sections.picture(gravest["svg"], whole, 150)]
        right, group, *levels = (str(head) for head in gravest["table"]["head"])
        rows = [
            [cell["right"], cell["group"], *(str(level) for level in cell["levels"].values())] for cell in gravest["cells"] if cell["seen"]
        ]
        blocks += [sections.text(whole), sections.picture(gravest["svg"], whole)]
        if rows:
            blocks.append(sections.table([right, group, *levels], rows, [1.6, 1.3, *[1.0] * len(levels)]))
    named = [
        {"lead": said(item.text), "text": worded(item, value)}
        for overview in overviews
        for _line, item, value in _own(overview)
        if WORST.fullmatch(item.id.partition(REPEATED)[0]) and item.matrix is None and value not in (None, "", [])
    ]
    if named:
        blocks.append(sections.items(*named))
        short.append(sections.items(*named))
    if not blocks:
        return None
    return {"heading": _("The worst that can happen"), "report": short, "blocks": blocks}


def levels(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """What each assessment comes to: its level, what no score makes up for, what must be done because of it."""
    blocks: list[dict[str, Any]] = []
    gaps: list[str] = []
    for overview in latest(matter, actor):
        blocks.append(sections.heading(overview.title))
        blocks.append(sections.text(_state(overview)))
        if not overview.whole:
            blocks.append(sections.text(_("You may read only the sections that were given to you, so the level is not shown.")))
            continue
        found = score_words(overview.reading)
        if found.scales:
            blocks.append(sections.text(". ".join(part.rstrip(".") for part in (found.title, found.sentence) if part) + "."))
        if found.flags:
            named = {True: _("Stop"), False: _("Ask someone who decides")}
            rows = [{"lead": named[raised.stops], "text": raised.question, "note": f"({raised.answer}) {raised.reason}".strip()} for raised in found.flags]
            blocks.append(sections.items(*rows))
            gaps += [_("Stop: %(question)s") % {"question": raised.question} for raised in found.stops]
        tasks = [one for one in following_from(actor, overview.assessment) if one.task.code == OBLIGATION]
        if tasks:
            rows = [
                {"lead": one.who, "text": str(one.task.params.get("text", one.task.params.get("key", ""))), "note": f"({STATES[one.state]()})"}
                for one in tasks
            ]
            blocks += [sections.text(_("What must be done because of it:")), sections.items(*rows)]
    if not blocks:
        return None
    return {"heading": _("What the assessments come to"), "blocks": blocks, "missing": gaps}


def _state(overview: Overview) -> str:
    assessment = overview.assessment
    done, count = overview.done, len(overview.lines)
    words = ngettext("%(done)d of one section is done.", "%(done)d of %(count)d sections are done.", count) % {"done": done, "count": count}
    if assessment.locked_at:
        words += " " + _("Locked by %(who)s, %(day)s.") % {"who": assessment.locked_by, "day": fullday(assessment.locked_at)}
    return words


def differences(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """Whose published answers an assessment began with, where it differs from them, and what could not come along; of the assessments
    that the actor may read whole."""
    whole = {one.assessment.instrument_id: one for one in latest(matter, actor) if one.whole and one.held}
    blocks: list[dict[str, Any]] = []
    for found in comparisons(matter, [one.held for one in whole.values() if one.held]):
        blocks += [sections.heading(whole[found.began.instrument_id].title), *_differing(found)]
    return {"heading": _("Beside the case that it began with"), "blocks": blocks} if blocks else None


def _differing(found: Comparison) -> list[dict[str, Any]]:
    began = found.began
    whose = _("The answers began with those of %(who)s: “%(title)s”, version %(n)d, published %(day)s. Taken over by %(by)s, %(taken)s.") % {
        "who": began.organisation, "title": began.title, "n": began.number, "day": fullday(began.published_on),
        "by": began.taken_by, "taken": fullday(began.taken_at),
    }  # fmt: skip
    counted = _("Answers compared: %(all)d. Other than theirs: %(differs)d. The same: %(same)d. Confirmed by nobody here, so not counted: %(open)d.") % {
        "all": len(found.compared), "differs": len(found.differing), "same": len(found.same), "open": len(found.unconfirmed),
    }  # fmt: skip
    blocks = [sections.text(whose), sections.text(counted)]
    rows = [
        [pair.question, _with_note(pair.theirs, pair.theirs_note), _with_note(pair.ours, pair.ours_note)] for pair in found.differing
    ]
    if rows:
        blocks.append(sections.table([_("Question"), began.organisation, _("Here")], rows, [1.4, 1.5, 1.5], _("Here the answer is another")))
    if began.left:
        blocks.append(sections.text(_("What could not come along:")))
        blocks.append(sections.items(*({"lead": words_of(left["question"]), "text": words_of(left["why"])} for left in began.left)))
    return blocks


def _with_note(words: str, note: str) -> str:
    return "\n".join(part for part in (words, note) if part) or _("Not answered")


def answers(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """Every question that is asked, with its answer, where the answer comes from, and who stands by it."""
    blocks: list[dict[str, Any]] = []
    for overview in latest(matter, actor):
        blocks.append(sections.heading(overview.title))
        version = _("Version %(version)s of the questions, revision %(revision)d.")
        blocks.append(sections.text(version % {"version": overview.assessment.pack.version, "revision": overview.assessment.revision}))
        for line in overview.lines:
            given = {answer.item_id: answer for answer in overview.held.answers.get(line.section.pk, [])} if overview.held else {}
            rows = [
                [said(item.text), _answer(item, given.get(item.id)), _origin(given.get(item.id))]
                for item in overview.reading.visible(line.section.section_id)
            ]
            if rows:
                caption = f"{line.title}. {_section_state(line)}"
                blocks.append(sections.table([_("Question"), _("Answer"), _("Where it comes from")], rows, [1.6, 1.8, 1], caption))
        signed = [_signed(signoff) for signoff in overview.signoffs]
        blocks.append(sections.items(*signed) if signed else sections.text(_("Nobody has signed it yet.")))
    return {"heading": _("Every answer, and who stands by it"), "blocks": blocks} if blocks else None


def _section_state(line: SectionLine) -> str:
    state = SectionAssignment.State(line.section.state).label
    return _("%(who)s: %(state)s") % {"who": line.who, "state": str(state).lower()}


def _answer(item: Item, answer: Answer | None) -> str:
    if answer is None or (answer.value in (None, "", []) and not answer.note):
        return _("Not answered")
    words = worded(item, answer.value)
    if answer.unconfirmed:
        words = _("%(answer)s (taken over; nobody here has confirmed it, so it does not count)") % {"answer": words}
    return "\n".join(part for part in (words, answer.note) if part)


def _origin(answer: Answer | None) -> str:
    if answer is None:
        return ""
    words = f"{answer.answered_by}, {fullday(answer.answered_at)}"
    if answer.origin == Answer.Origin.TYPED:
        return words
    return "\n".join(part for part in (str(answer.get_origin_display()), answer.origin_note, words) if part)


def _signed(signoff: SignOff) -> str:
    named = {"who": signoff.person_name, "organisation": signoff.organisation.name, "day": fullday(signoff.at), "hash": signoff.content_hash[:16]}
    if signoff.withdrawn_at is not None:
        named["day"] = fullday(signoff.withdrawn_at)
        return _("%(who)s, %(organisation)s, withdrew the signature on %(day)s.") % named
    return _("%(who)s, %(organisation)s, signed on %(day)s. Hash %(hash)s.") % named


# The decision package -------------------------------------------------------------------------------


def content(actor: Actor, matter: Matter, now: datetime) -> list[dict[str, Any]]:
    """The assessments as data, as far as the actor may read them."""
    return [
        {
            "instrument": one.assessment.instrument_id, "version": one.assessment.pack.version, "pack_sha256": one.assessment.pack.content_hash,
            "revision": one.assessment.revision, "state": one.assessment.state, "depth": one.depth, "lock_sha256": one.assessment.lock_hash,
            "sections": [
                {
                    "section": line.section.section_id, "organisation": line.section.organisation.name, "state": line.section.state,
                    "saved_sha256": line.section.saved_hash, "saved_answers": line.section.saved_answers,
                    "answers": [
                        {"item": a.item_id, "value": a.value, "note": a.note, "origin": a.origin, "origin_note": a.origin_note,
                         "unconfirmed": a.unconfirmed, "answered_by": a.answered_by, "answered_at": a.answered_at}
                        for a in (one.held.answers.get(line.section.pk, []) if one.held else [])
                    ],
                }
                for line in one.lines
            ],
            "signed": [
                {"organisation": s.organisation.name, "person": s.person_name, "at": s.at, "sha256": s.content_hash,
                 "withdrawn_at": s.withdrawn_at}
                for s in one.signoffs
            ],
        }
        for one in latest(matter, actor)
    ]  # fmt: skip


def answer_ids(matter: Matter) -> Iterable[str]:
    """Answers of the matter's assessments, as files name them; which files the actor may read is asked of the files."""
    return map(str, Answer.objects.filter(section__assessment__matter=matter).values_list("pk", flat=True))


def result_ids(matter: Matter) -> Iterable[str]:
    """What must be done because of an assessment: its files show that it was."""
    assessments = list(Assessment.objects.filter(matter=matter).values_list("pk", flat=True))
    return map(str, Task.objects.filter(code__in=CODES, params__assessment__in=assessments).values_list("pk", flat=True))


def subjects(matter: Matter) -> Iterable[tuple[str, Iterable[int]]]:
    """What the record names of the matter's assessments."""
    yield Assessment._meta.label_lower, Assessment.objects.filter(matter=matter).values_list("pk", flat=True)
