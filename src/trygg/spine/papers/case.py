"""What papers say of the case: how things stand, benefit, what children said, every claim with its reasons, the rules."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trygg.engines.instruments import REPEATED, Instrument
from trygg.kernel.access import Actor, restrict
from trygg.kernel.ui.parts import PICTURE_ORDER, STATUS_WORDS
from trygg.kernel.ui.words import fullday
from trygg.spine.assurance import wording
from trygg.spine.assurance.models import Case, Evidence, Status
from trygg.spine.assurance.selectors import CaseView, claims_of, requirement_of, view_of
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import engine_pack, words
from trygg.spine.matters.models import Matter
from trygg.spine.papers import sections

KEY = ("supported", "missing", "stale", "contested")
HEARD_SECTIONS = {"heard"}  # of an instrument
HEARD = re.compile(r"(?:f_)?(?:children_heard|heard_\w+|not_heard_why)")  # items elsewhere
BENEFIT = re.compile(r"benefit(?:_\w+)?")


def register() -> None:
    """Called once, when the application starts."""
    sections.register("assurance.benefit", 40, benefit, missing=lambda: _("Nothing says what children gain from it."))
    sections.register("assurance.heard", 45, heard)
    sections.register("assurance.state", 60, state, missing=lambda: _("There is no case yet: the first questions are not answered."))
    sections.register("assurance.claims", 200, claims, papers={sections.FULL})
    sections.register("assurance.rules", 210, rules, papers={sections.FULL})
    sections.register("assurance.evidence", 220, evidence, papers={sections.FULL})


def case_of(matter: Matter, actor: Actor) -> Case | None:
    """The case of the matter, as far as the actor may see it."""
    found = restrict(actor, "assurance.view_case").filter(matter=matter).select_related("matter").first()
    if found is not None:
        found.matter = matter
    return found


def _view(matter: Matter, actor: Actor) -> tuple[Case, CaseView] | None:
    case = case_of(matter, actor)
    return (case, view_of(case, matter, may_act=False)) if case is not None else None


def state(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """The picture of the case and its sentence; what is prohibited first; everything that is open goes to what is missing."""
    found = _view(matter, actor)
    if found is None:
        return None
    _case, view = found
    courses = []
    for course in view.courses:
        statuses = sorted((stone.status for stone in course.stones), key=PICTURE_ORDER.index)
        tally = _("%(held)d of %(all)d") % {"held": statuses.count("supported"), "all": len(statuses)}
        courses.append({"name": course.name, "stones": statuses, "tally": tally})
    blocks = [sections.text(_("Prohibited: %(title)s. %(statement)s") % {"title": r.title, "statement": r.statement}) for r in view.prohibitions]
    blocks.append(sections.text(" ".join(part for part in (view.sentence, _("Depth: %(depth)s.") % {"depth": view.depth.lower()}) if part)))
    if courses:
        labels = {"framework": _("Area"), "picture": _("Claims"), "tally": _("Supported")}
        keys = [{"status": status, "word": str(STATUS_WORDS[status])} for status in KEY]
        blocks.append({"kind": "courses", "courses": courses, "words": labels, "key": keys})
    blocks += [
        sections.text(_("Must be in place first: %(title)s. %(statement)s") % {"title": r.title, "statement": r.statement})
        for r in view.preconditions
    ]
    missing: list[Any] = [{"lead": str(STATUS_WORDS[c.status]), "text": c.title} for c in view.claims if c.status != "supported"]
    facts = len(view.needed)
    if facts:
        missing.append(_("Facts that decide which rules apply and are not known yet: %(n)d.") % {"n": facts})
    return {"heading": _("How things stand"), "blocks": blocks, "missing": missing}


def benefit(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """What children gain: what the assessments answer, and the claims about benefit with their status."""
    found = _view(matter, actor)
    if found is None:
        return None
    case, view = found
    said = _answers(case, lambda section, item: bool(BENEFIT.fullmatch(item)))
    about = {
        f"claim-{claim.pk}"
        for claim in claims_of(case)
        if claim.status != Status.NOT_REQUIRED and (requirement := requirement_of(claim)[1]) is not None and requirement.about == "benefit"
    }
    rows = [{"lead": str(STATUS_WORDS[part.status]), "text": part.title} for part in view.claims if part.id in about]
    if not said and not rows:
        return None
    head = [_("Question"), _("Answer"), _("Answered in")]
    answers = [sections.table(head, [list(row) for row in said], [1.4, 1.4, 0.8])] if said else []
    listed = [sections.items(*rows)] if rows else []
    if not said:
        listed.insert(0, sections.text(_("The assessments do not answer it yet. What must hold about the gain:")))
        return {"heading": _("What children gain"), "blocks": listed}
    held = sum(part.status == "supported" for part in view.claims if part.id in about)
    line = _("Of %(all)d claims about the gain %(held)d are supported.") % {"all": len(rows), "held": held}
    return {"heading": _("What children gain"), "report": [_pairs(said), sections.text(line)] if rows else [_pairs(said)], "blocks": [*answers, *listed]}


def heard(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any]:
    """What the case has of children's own words; where it has none, that nobody has asked them."""
    heading = _("What children said")
    case = case_of(matter, actor)
    rows = Evidence.objects.none()
    if case is not None:
        rows = restrict(actor, "assurance.view_evidence").filter(case=case, kind="consultation", withdrawn_at=None).order_by("-valid_from", "pk")
    consultations = [
        {"lead": fullday(piece.valid_from), "text": piece.title, "note": piece.note}
        for piece in rows
    ]  # fmt: skip
    said = _answers(case, _is_heard) if case is not None else []
    if not consultations and not said:
        sentence = _("Nobody has asked children about this, as far as the case shows.")
        return {"heading": heading, "blocks": [sections.text(sentence)], "missing": [sentence]}
    blocks, short = [], []
    if consultations:
        blocks.append(sections.items(*consultations))
        short.append(sections.items(*consultations))
    else:
        sentence = _("No consultation with children is kept in the case. What the assessments answer about it:")
        blocks.append(sections.text(sentence))
        short.append(sections.text(sentence))
    if said:
        blocks.append(sections.table([_("Question"), _("Answer"), _("Answered in")], [list(row) for row in said], [1.4, 1.4, 0.8]))
        short.append(_pairs(said))
    gaps = [] if consultations else [_("No consultation with children is kept in the case.")]
    return {"heading": heading, "report": short, "blocks": blocks, "missing": gaps}


def _pairs(said: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Questions and answers as a list."""
    return sections.items(*({"lead": question, "text": answer} for question, answer, _by in said))


def _is_heard(section: str, item: str) -> bool:
    return section in HEARD_SECTIONS or bool(HEARD.fullmatch(item))


def _answers(case: Case, wanted: Any) -> list[tuple[str, str, str]]:
    """(question, answer, assessment) of what the case's assessments answer to the items that `wanted(section, item)` picks."""
    found = []
    pieces = case.evidence.filter(kind="answers", withdrawn_at=None).order_by("pk")
    for piece in pieces:
        instrument = instrument_of(piece)
        given: Mapping[str, Any] = piece.params.get("answers", {})
        if instrument is None or not given:
            continue
        for section in instrument.sections:
            for item in section.items:
                for name in given:
                    if name.partition(REPEATED)[0] != item.id or not wanted(section.id, item.id):
                        continue
                    value = given[name]
                    value = value["value"] if isinstance(value, Mapping) and "value" in value else value
                    answer = answer_words(item, value)
                    if answer:
                        found.append((words(item.text), answer, words(instrument.title)))
    return found


def instrument_of(piece: Evidence) -> Instrument | None:
    """The questions that a piece of evidence answers, in the version that it names, else in the current one."""
    rows = PackVersion.objects.filter(kind="instrument", pack_id=piece.key).defer("content")
    version = rows.filter(version=piece.params.get("pack_version", "")).first() or rows.filter(current=True).first() or rows.first()
    return engine_pack(version) if version is not None else None


def claims(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """Every claim with its status and the reasons for it; those that are not required, and why."""
    found = _view(matter, actor)
    if found is None:
        return None
    _case, view = found
    by_id = {part.id: part for part in view.claims}
    blocks: list[dict[str, Any]] = []
    for course in view.courses:
        parts = [by_id[stone.url.removeprefix("#")] for stone in course.stones]
        rows = [
            [part.title, str(STATUS_WORDS[part.status]), "\n".join(reason.text for reason in part.reasons), _whose(part)] for part in parts
        ]
        blocks += [sections.heading(course.name), sections.table([_("What must hold"), _("Status"), _("Why"), _("Who, by when")], rows, [2, 0.9, 2, 1])]
    if view.not_required:
        rows = [[part.title, " ".join(reason.text for reason in part.reasons)] for part in view.not_required]
        blocks += [sections.heading(_("Not required here, and why")), sections.table([_("What must hold"), _("Why not here")], rows, [1, 1])]
    return {"heading": _("Every claim, with its reasons"), "blocks": blocks} if blocks else None


def _whose(part: Any) -> str:
    return ", ".join(piece for piece in (part.owner, fullday(part.due) if part.due else "") if piece)


def rules(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """What the rules say, each with its ground, its source and how far the statement was checked."""
    found = _view(matter, actor)
    if found is None:
        return None
    _case, view = found
    blocks: list[dict[str, Any]] = []
    lines = (*view.prohibitions, *view.preconditions, *view.duties, *view.advice, *view.cannot_tell, *view.other_rules)
    groups: dict[str, list[list[str]]] = {}
    for line in lines:
        dated = _(" From %(day)s.") % {"day": fullday(datetime.fromisoformat(line.from_).date())} if line.from_ else ""
        because = line.because or (_("Not known: %(facts)s") % {"facts": line.needed} if line.needed else "")
        source = ", ".join(part for part in (line.source, line.refs) if part)
        groups.setdefault(line.result_words, []).append([line.title, line.statement + dated, because, f"{source} ({line.verified_words})"])
    for result, rows in groups.items():
        blocks += [sections.heading(result), sections.table([_("Rule"), _("What it says"), _("Because"), _("Source")], rows, [1.1, 2, 1.3, 1.2])]
    return {"heading": _("What the rules say"), "blocks": blocks} if blocks else None


def evidence(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """Everything that supports or contests, with the hash that binds its content."""
    rows = restrict(actor, "assurance.view_evidence").filter(case__matter=matter, withdrawn_at=None).order_by("added_at", "pk")
    listed = [
        [piece.title, _kind(piece), _until(piece), f"{piece.added_by}, {fullday(piece.added_at)}", piece.content_hash[:16]]
        for piece in rows
    ]  # fmt: skip
    if not listed:
        return None
    head = [_("Evidence"), _("Kind"), _("Holds"), _("Added by"), _("Hash begins")]
    return {"heading": _("Evidence"), "blocks": [sections.table(head, listed, [2, 1.1, 1.2, 1.3, 1])]}


def _kind(piece: Evidence) -> str:
    said = wording.kind_word(piece.kind)
    return f"{said}; {piece.get_stance_display()}" if piece.stance == Evidence.Stance.CONTESTS else said


def _until(piece: Evidence) -> str:
    if piece.valid_until is None:
        return _("from %(day)s") % {"day": fullday(piece.valid_from)}
    return _("from %(day)s until %(end)s") % {"day": fullday(piece.valid_from), "end": fullday(piece.valid_until)}
