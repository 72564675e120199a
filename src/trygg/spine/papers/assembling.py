"""Both papers from what the rooms say: the two pages that are made to fit, and the full report."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import typst
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, restrict
from trygg.kernel.ledger.selectors import latest_checkpoint
from trygg.kernel.ui import documents
from trygg.kernel.ui.words import fullday
from trygg.spine.matters.models import Matter
from trygg.spine.papers import about, sections
from trygg.spine.papers.annex import checkpoint_code
from trygg.spine.papers.models import PaperName, ProposedDecision
from trygg.spine.papers.sections import FULL, REPORT, Gathered, Section
from trygg.spine.papers.shortening import ROOMS, Cutter, Room, shortened

TEMPLATE = documents.HERE / "papers" / "report.typ"
PAGES = 2
MISSING = "papers.missing"
MISSING_AFTER = "assurance.state"  # what is missing stands after the picture that shows how much
TOO_LONG = "longer than"


@dataclass(frozen=True)
class Paper:
    """A paper in one language: its data, for Word, and its PDF."""

    data: dict[str, Any]
    pdf: bytes


def paper_of(matter: Matter, actor: Actor, paper: str, language: str, now: datetime, *, archive: bool = False) -> Paper:
    """The paper `report` or `full` about a matter, as far as the actor may read it. `archive`: as PDF/A-2a."""
    found = with_missing(sections.gathered(matter, actor, language, now), language)
    standards = documents.ARCHIVE if archive else documents.ACCESSIBLE
    with translation.override(language):
        head = head_of(matter, actor, language, now, found)
        if paper == FULL:
            data = head | full_of(found)
            return Paper(data, documents.typst_pdf(TEMPLATE, data, language, made=now, standards=standards))
        return fitted(lambda room: head | report_of(head, found, room), language, now, standards=standards)


def fitted(
    data_for: Callable[[Room], dict[str, Any]], language: str, now: datetime, *, rooms: tuple[Room, ...] = ROOMS,
    standards: tuple[str, ...] = documents.ACCESSIBLE,
) -> Paper:
    """The paper that `data_for(room)` gives in the first of `rooms` in which it fits into its pages."""
    for room in rooms:
        data = data_for(room)
        try:
            return Paper(data, documents.typst_pdf(TEMPLATE, data, language, made=now, standards=standards))
        except typst.TypstError as error:
            if TOO_LONG not in str(error) or room is rooms[-1]:
                raise
    raise AssertionError("unreachable")


def with_missing(found: Gathered, language: str) -> Gathered:
    """The sections with one more, on what is missing, and all of them numbered as in the full report."""
    with translation.override(language):
        listed = [sections.items(*found.gaps)] if found.gaps else [sections.text(_("Nothing that the case asks for is missing."))]
        missing = Section(MISSING, 1, _("What is missing"), listed, listed, frozenset({REPORT, FULL}))
    at = next((place + 1 for place, section in enumerate(found.sections) if section.name == MISSING_AFTER), len(found.sections))
    ordered = [*found.sections[:at], missing, *found.sections[at:]]
    numbered, number = [], 0
    for section in ordered:
        number += FULL in section.papers
        numbered.append(replace(section, number=number if FULL in section.papers else 0))
    return replace(found, sections=numbered)


def head_of(matter: Matter, actor: Actor, language: str, now: datetime, found: Gathered) -> dict[str, Any]:
    """What both papers begin and end with."""
    checkpoint = latest_checkpoint()
    proposal = restrict(actor, "papers.view_proposal").filter(matter=matter).first()
    code = checkpoint_code(checkpoint)
    prepared = proposal.written_by if proposal else about.named(matter.accountable)
    record = _("Record: %(code)s") % {"code": code} if code else _("The record has no signed checkpoint yet.")
    foot = ". ".join(part.rstrip(".") for part in (_("As it stood on %(day)s") % {"day": fullday(now)}, record))
    return {
        "title": matter.title,
        "organisation": matter.owner.name,
        "body": matter.deciding_body,
        "reference": matter.diary_number,
        "summary": matter.summary,
        "foot": foot,
        "date": fullday(timezone.localdate(now)),
        "prepared_by": prepared,
        "checkpoint": code,
        "facts": [
            {"label": _("Date"), "value": fullday(timezone.localdate(now))},
            {"label": _("Diary number"), "value": matter.diary_number or _("none yet")},
            {"label": _("Prepared by"), "value": prepared},
            *found.facts,
        ],
        "proposal": proposal_of(proposal, found, language),
    }  # fmt: skip


def proposal_of(written: ProposedDecision | None, found: Gathered, language: str) -> dict[str, str]:
    """What is asked of those who decide: the officer's words, else what a committee proposes; else that nobody has written it."""
    heading = _("What is asked of you")
    if written is not None and (words := written.text.get(language) or next((t for t in written.text.values() if t), "")):
        note = _("Proposed by %(name)s, %(day)s") % {"name": written.written_by, "day": fullday(written.written_at)}
        return {"heading": heading, "text": words, "note": note}
    if found.proposal:
        return {"heading": heading, "text": found.proposal, "note": _("Proposed by %(name)s") % {"name": found.proposed_by}}
    return {"heading": heading, "text": _("No proposed decision has been written yet."), "note": ""}


def full_of(found: Gathered) -> dict[str, Any]:
    """Everything, with numbers and a table of contents."""
    shown = [section for section in found.sections if FULL in section.papers]
    return {
        "kind": str(PaperName.FULL.label),
        "limit": 0,
        "tight": False,
        "contents": _("Contents"),
        "sections": [
            {"name": section.name, "number": section.number, "heading": f"{section.number}. {section.heading}",
             "content": documents.Blocks(section.blocks)}
            for section in shown
        ],
        "shortened": "",
    }  # fmt: skip


def report_of(head: dict[str, Any], found: Gathered, room: Room) -> dict[str, Any]:
    """The two pages, as much of each section as `room` has. What does not fit is said, with where it stands."""
    cutter = Cutter(room)
    shown, cut = [], False
    listed = [section for section in found.sections if REPORT in section.papers]
    for section in listed[: room.sections]:
        content, was_cut = shortened(section.report, room, section.number)
        cut = cut or was_cut
        shown.append({
            "name": section.name, "number": section.number, "heading": cutter.entry(section.heading),
            "content": documents.Blocks(content),
        })  # fmt: skip
    left = listed[room.sections :] if room.sections is not None else []
    numbers = ", ".join(str(section.number) for section in left if section.number)
    lines = []
    if cut or cutter.cut:
        lines.append(_("It is shortened to fit two pages, at […] and where it says so. Everything stands in the full report."))
    if numbers:
        lines.append(_("Left out for lack of room: sections %(numbers)s of the full report.") % {"numbers": numbers})
    proposal = head["proposal"]
    limit = None if room.text is None else max(room.text, 300)
    data = {
        "kind": str(PaperName.REPORT.label).split(",")[0],
        "title": cutter.text(head["title"], None if room.text is None else 160),
        "organisation": cutter.text(head["organisation"], None if room.text is None else 60),
        "body": cutter.text(head["body"], None if room.text is None else 50),
        "reference": cutter.text(head["reference"], None if room.text is None else 40),
        "summary": cutter.text(head["summary"]),
        "facts": [{"label": cutter.entry(f["label"]), "value": cutter.entry(f["value"])} for f in head["facts"]],
        "proposal": proposal | {"text": cutter.text(proposal["text"], limit), "note": cutter.entry(proposal["note"])},
        "limit": PAGES,
        "tight": room.tight,
        "contents": "",
        "sections": shown,
    }
    if cutter.cut and not lines:
        lines.append(_("It is shortened to fit two pages, at […] and where it says so. Everything stands in the full report."))
    return data | {"shortened": " ".join(lines)}
