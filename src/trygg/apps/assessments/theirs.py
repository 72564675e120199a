"""Answers of another municipality: what is shared of one's own, what comes along of theirs, and how one's own differ from them.
Nothing is written here; `services/taking_over.py` does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.assessments.carrying import Move, carried
from trygg.apps.assessments.content import Whole, load_whole
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment, StartedFrom
from trygg.apps.assessments.questions import Reading, instrument_of, said
from trygg.engines.conditions import ValueType
from trygg.engines.conditions.kinds import MAX_TEXT
from trygg.engines.instruments import REPEATED, Instrument, Item, migration_map
from trygg.kernel.access import Actor
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import usable_by
from trygg.spine.frameworks.selectors import engine_pack
from trygg.spine.frameworks.selectors import pack as pack_of
from trygg.spine.matters.models import Matter
from trygg.spine.publication.reusable import Line, Look
from trygg.spine.publication.texts import both, words_of

# A file is somebody's document, a confirmation somebody's word: neither goes along.
OWN_ONLY = (ValueType.FILE, ValueType.SIGN)
State = SectionAssignment.State


# What is shared ----------------------------------------------------------------------------------


def pieces_of(matter: Matter) -> list[dict]:
    """The matter's locked assessments, the newest locked revision of each, for others to start from."""
    rows = Assessment.objects.filter(matter=matter, state=Assessment.State.LOCKED).select_related("pack", "matter")
    newest = {assessment.instrument_id: assessment for assessment in rows.order_by("revision")}
    pieces = [_piece(assessment) for _instrument, assessment in sorted(newest.items())]
    return [piece for piece in pieces if piece["answers"]]


def _piece(assessment: Assessment) -> dict:
    """One assessment as it was locked. No files, no confirmations, nobody's name."""
    instrument, held = instrument_of(assessment), assessment.locked_content["answers"]
    items = [item for section in instrument.sections for item in section.items if item.id in held]
    return {
        "instrument": assessment.instrument_id,
        "version": assessment.pack.version,
        "pack": assessment.pack.content_hash,
        "title": dict(assessment.pack.title),
        "depth": assessment.depth,
        "phase": assessment.phase,
        "entries": {
            section.id: [[entry, name] for entry, name in instrument.entries.get(section.id, ())]
            for section in instrument.sections
            if section.repeat
        },
        "locked_on": timezone.localdate(assessment.locked_at).isoformat(),
        "answers": [
            {
                "item": item.id,
                "question": {language: said_in for language in ("sv", "en") if (said_in := item.text.get(language))},
                "value": held[item.id]["value"],
                "words": both(lambda item=item: answer_words(item, held[item.id]["value"])),
                "note": held[item.id]["note"],
            }
            for item in items
            if item.type not in OWN_ONLY and not isinstance(held[item.id]["value"], Mapping)
        ],
    }


# What comes along --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """An answer that cannot come along, and why."""

    question: Mapping[str, str]
    words: Mapping[str, str]
    note: str
    why: Mapping[str, str]

    def as_data(self) -> dict[str, Any]:
        return {"question": dict(self.question), "words": dict(self.words), "note": self.note, "why": dict(self.why)}


@dataclass(frozen=True)
class Plan:
    """How a piece would stand in a matter. `answers`: {item: {"value", "note"}} that an answer is made of; `theirs`: all that fits,
    also where one has answered already, to compare with; `refused`: why nothing can begin."""

    piece: Mapping[str, Any]
    pack: PackVersion | None = None
    running: Assessment | None = None
    instrument: Instrument | None = None
    entries: Mapping[str, list] = field(default_factory=dict)
    theirs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    left: Sequence[Left] = ()
    refused: str = ""
    begun: Assessment | None = None


def plan_of(matter: Matter, piece: Mapping[str, Any]) -> Plan:
    """What would become of each answer of a piece in the matter."""
    usable = PackVersion.objects.filter(usable_by(matter.owner), kind="instrument", pack_id=piece["instrument"])
    pack = usable.filter(current=True).first()
    newest = Assessment.objects.filter(matter=matter, instrument_id=piece["instrument"]).select_related("pack", "matter").order_by("-revision")
    running = newest.first()
    if running is not None and not running.is_open:
        return Plan(
            piece, begun=running,
            refused=_("You have answered these questions and locked them. Take them up again first; nothing is overwritten."),
        )  # fmt: skip
    if StartedFrom.objects.filter(matter=matter, instrument_id=piece["instrument"]).exists():
        return Plan(piece, begun=running, refused=_("You have already started from another’s answers to these questions."))
    pack = running.pack if running else pack
    if pack is None:
        return Plan(piece, refused=_("These questions are not here: whoever runs Trygg has not published them, or has withdrawn them."))
    entries = dict(running.entries) if running else _entries(engine_pack(pack), piece["entries"])
    phase = running.phase if running else next((each.id for each in engine_pack(pack).phases), "")
    new = instrument_of(Assessment(pack=pack, entries=entries, phase=phase))
    theirs, left = _fitting(piece, pack, new, own_entries=running is not None)
    taken = _answered(running) if running else {}
    for name in [name for name in theirs if name in taken]:
        left.append(_left_behind(_given(piece, name, new), taken[name]))
    answers = {name: content for name, content in theirs.items() if name not in taken}
    return Plan(piece, pack, running, new, entries, theirs, answers, left)


def _fitting(
    piece: Mapping[str, Any], pack: PackVersion, new: Instrument, *, own_entries: bool
) -> tuple[dict[str, dict[str, Any]], list[Left]]:
    """(answers in their places in these questions, those that have none)."""
    given = {answer["item"]: answer for answer in piece["answers"]}
    same = pack.content_hash == piece["pack"]
    known = PackVersion.objects.filter(kind="instrument", pack_id=pack.pack_id, content_hash=piece["pack"]).first()
    old = instrument_of(Assessment(pack=known, entries=piece["entries"], phase=piece["phase"])) if known else new
    changes = () if same else migration_map(pack_of(pack).data, piece["version"])
    left, held = [], {}
    for name, answer in given.items():
        if REPEATED in name and own_entries:
            left.append(_left_behind(answer, both(lambda: _("You have begun these yourselves, each under a name of your own."))))
        elif _kind(new, name) in OWN_ONLY:
            left.append(_left_behind(answer, both(lambda: _("A file or a confirmation must be your own."))))
        elif answer["value"] in (None, "", []) and not answer["note"].strip():
            continue
        else:
            held[name] = {"value": answer["value"], "note": answer["note"][:MAX_TEXT], "files": []}
    placed, moves = carried(old, new, held, changes)
    theirs = {}
    for target, content in placed.items():
        if _kind(new, target) in OWN_ONLY:
            continue
        theirs[target] = {"value": content["value"], "note": content["note"]}
    here = {move.source for move in moves if move.target in theirs}
    left += [_left_behind(given[move.source], why_left(move)) for move in moves if move.target is None or move.source not in here]
    order = {name: place for place, name in enumerate(new.items)}
    return dict(sorted(theirs.items(), key=lambda pair: order[pair[0]])), left


def _kind(instrument: Instrument, name: str) -> ValueType | None:
    item = instrument.items.get(name)
    return item.type if item else None


def _entries(base: Instrument, given: Mapping[str, list]) -> dict[str, list]:
    """Their entries of repeated sections, as far as these questions have room for them."""
    return {
        section.id: [list(entry) for entry in given[section.id]][: section.repeat.maximum or None]
        for section in base.sections
        if section.repeat and given.get(section.id)
    }


def _answered(running: Assessment) -> dict[str, dict[str, str]]:
    """Questions where nothing can be put any more, and why: answered here already, or signed."""
    why_own = both(lambda: _("You have answered it yourselves."))
    why_signed = both(lambda: _("The section is signed."))
    found = {}
    for section in running.sections.all():
        if section.state == State.SIGNED:
            own = next((each for each in instrument_of(running).sections if each.id == section.section_id), None)
            found |= {item.id: why_signed for item in (own.items if own else ())}
    for answer in Answer.objects.filter(section__assessment=running):
        if answer.value is not None or answer.note:
            found.setdefault(answer.item_id, why_own)
    return found


def _given(piece: Mapping[str, Any], name: str, new: Instrument) -> Mapping[str, Any]:
    """Their answer to a question; of one that came from elsewhere in their questions, what little is known."""
    for answer in piece["answers"]:
        if answer["item"] == name:
            return answer
    return {"question": dict(new.items[name].text), "words": {}, "note": ""}


def _left_behind(answer: Mapping[str, Any], why: Mapping[str, str]) -> Left:
    return Left(answer["question"], answer["words"], answer["note"], why)


def why_left(move: Move) -> dict[str, str]:
    """Why an answer has no place, in words."""

    def words() -> str:
        match move.why:
            case "does_not_fit":
                return _("The question takes another sort of answer here.")
            case "said":
                return _("The newer questions have left it out.")
            case "two_answers":
                return _("Another of their answers has its place.")
        return _("The question is not asked in the version that you answer.")

    return both(words)


def look(actor: Actor, matter: Matter, piece: Mapping[str, Any]) -> Look:
    """The preview of a piece: what comes along, what stays and why."""
    plan = plan_of(matter, piece)
    title = words_of(piece["title"])
    path = reverse("assessments:overview", args=[plan.begun.pk]) if plan.begun else ""
    if plan.refused:
        return Look(title, "", refused=plan.refused, begun=path)
    about = ""
    if plan.pack.version != piece["version"]:
        about = _("They answered version %(theirs)s of the questions; you answer version %(yours)s.") % {
            "theirs": piece["version"], "yours": plan.pack.version,
        }  # fmt: skip
    comes = tuple(
        Line(said(plan.instrument.items[name].text), answer_words(plan.instrument.items[name], content["value"]), content["note"])
        for name, content in plan.answers.items()
    )
    stays = tuple(Line(words_of(left.question), words_of(left.words), left.note, words_of(left.why)) for left in plan.left)
    refused = "" if comes else _("None of their answers fits: the questions are others, or you have answered them yourselves.")
    return Look(title, about, comes, stays, refused)


# How one's own differ ----------------------------------------------------------------------------


class Standing(StrEnum):
    """How one's own answer stands beside theirs."""

    THEIRS = "theirs"  # nobody here has confirmed or changed it
    SAME = "same"
    DIFFERS = "differs"
    EMPTY = "empty"  # taken away here, and nothing put in its place


@dataclass(frozen=True)
class Compared:
    """One question: their answer and one's own, in words."""

    item: Item
    standing: Standing
    theirs: str
    theirs_note: str
    ours: str
    ours_note: str

    @property
    def question(self) -> str:
        return said(self.item.text)


@dataclass(frozen=True)
class Comparison:
    """An assessment beside the case that it began with. `compared`: the questions that are asked now and that they answered;
    `waiting`: how many more of theirs would be asked only after other answers."""

    began: StartedFrom
    compared: list[Compared]
    waiting: int

    def of(self, standing: Standing) -> list[Compared]:
        return [each for each in self.compared if each.standing is standing]

    @cached_property
    def unconfirmed(self) -> list[Compared]:
        return self.of(Standing.THEIRS)

    @cached_property
    def same(self) -> list[Compared]:
        return self.of(Standing.SAME)

    @cached_property
    def differing(self) -> list[Compared]:
        return [each for each in self.compared if each.standing in (Standing.DIFFERS, Standing.EMPTY)]

    @cached_property
    def by_item(self) -> dict[str, Compared]:
        return {each.item.id: each for each in self.compared}


def began_with(assessment: Assessment) -> StartedFrom | None:
    """The case that the answers of this assessment, in any revision, began with."""
    return StartedFrom.objects.filter(matter_id=assessment.matter_id, instrument_id=assessment.instrument_id).first()


def compare(whole: Whole) -> Comparison | None:
    """One's own answers beside those that it began with; None when it began with nobody's."""
    began = began_with(whole.assessment)
    return _compared(began, whole, whole.reading) if began else None


def comparisons(matter: Matter, wholes: Sequence[Whole]) -> list[Comparison]:
    """Of several assessments of a matter those that began with another's case, beside it; one query for all."""
    began = {each.instrument_id: each for each in StartedFrom.objects.filter(matter=matter)} if wholes else {}
    return [
        _compared(began[whole.assessment.instrument_id], whole, whole.reading)
        for whole in wholes
        if whole.assessment.instrument_id in began
    ]


def _compared(began: StartedFrom, whole: Whole, reading: Reading) -> Comparison:
    answers = {answer.item_id: answer for each in whole.answers.values() for answer in each}
    asked = [item for section in reading.instrument.sections for item in reading.visible(section.id) if item.id in began.answers]
    waiting = sum(name in reading.instrument.items for name in began.answers) - len(asked)
    return Comparison(began, [_pair(item, began.answers[item.id], answers.get(item.id)) for item in asked], waiting)


def compared_with(
    assessment: Assessment, items: Sequence[Item], answers: Mapping[str, Answer]
) -> dict[str, Compared]:
    """For the cards of a section: their answer to each of these questions, beside one's own. Empty where one began with nobody's."""
    began = began_with(assessment)
    if began is None:
        return {}
    return {item.id: _pair(item, began.answers[item.id], answers.get(item.id)) for item in items if item.id in began.answers}


def _pair(item: Item, theirs: Mapping[str, Any], answer: Answer | None) -> Compared:
    value, note = (answer.value, answer.note) if answer else (None, "")
    if answer is not None and answer.unconfirmed:
        standing = Standing.THEIRS
    elif value in (None, "", []) and theirs["value"] not in (None, "", []):
        standing = Standing.EMPTY
    else:
        standing = Standing.SAME if _alike(value, theirs["value"]) else Standing.DIFFERS
    return Compared(item, standing, answer_words(item, theirs["value"]), theirs["note"], answer_words(item, value), note)


def _alike(one: Any, two: Any) -> bool:
    """The order in which boxes were ticked says nothing."""
    if isinstance(one, list) and isinstance(two, list):
        return sorted(map(str, one)) == sorted(map(str, two))
    return one == two


def origin_section(matter: Matter, now: datetime) -> dict | None:
    """On the matter's public page: whose answers an assessment began with, and how many are other than theirs."""
    rows = list(StartedFrom.objects.filter(matter=matter))
    lines = []
    for began in rows:
        newest = Assessment.objects.filter(matter=matter, instrument_id=began.instrument_id).select_related("pack", "matter__case")
        assessment = newest.order_by("-revision").first()
        found = compare(load_whole(assessment)) if assessment else None
        if found is not None and len(found.compared) > len(found.unconfirmed):
            lines.append((assessment.pack.title, found))
    if not lines:
        return None
    return {
        "heading": both(lambda: _("Answers that began with another’s")),
        "expert": True,
        "items": [{"text": both(lambda title=title, found=found: _origin_words(title, found))} for title, found in lines],
    }


def _origin_words(title: Mapping[str, str], found: Comparison) -> str:
    began = found.began
    return _(
        "“%(questions)s” began with the answers of %(who)s (version %(n)d, %(day)s). Each that stands was confirmed or changed here; "
        "%(differs)d of %(all)d differ."
    ) % {
        "questions": said(title), "who": began.organisation, "n": began.number, "day": began.published_on.isoformat(),
        "differs": len(found.differing), "all": len(found.compared),
    }  # fmt: skip
