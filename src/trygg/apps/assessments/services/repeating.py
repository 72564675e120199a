"""Sections that are answered once for each of something: another one, its name, one taken away. Its answers are never deleted."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.models import Answer, Assessment, Comment, SectionAssignment
from trygg.apps.assessments.questions import REMOVED, instrument_of
from trygg.apps.assessments.services.shared import State, locked
from trygg.engines.instruments import REPEATED, Repeat
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work

MAX_NAME = 100


@service("assessments.add_entry")
def add_entry(*, actor: Actor, now: datetime, section: SectionAssignment, name: str) -> str:
    """Another entry of a repeated section; its id is returned. ValidationError for a section that is not repeated, a missing
    name, or when there are as many as there may be."""
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(section)
        require(actor, "assessments.answer_section", section)
        repeat, rows = _entries(section)
        name = _checked_name(name)
        if len(rows) >= repeat.maximum:
            raise ValidationError(_("There are %(limit)d already, and there can be no more.") % {"limit": repeat.maximum})
        entry = str(1 + max((int(known) for known in _every_id(section, rows)), default=0))
        _keep(section, [*rows, [entry, name]])
        _open_again(section)
        _record(work, "assessments.entry_added", section, entry, name)
    return entry


@service("assessments.name_entry")
def name_entry(*, actor: Actor, now: datetime, section: SectionAssignment, entry: str, name: str) -> None:
    """Give an entry of a repeated section another name. The same name changes nothing."""
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(section)
        require(actor, "assessments.answer_section", section)
        _repeat, rows = _entries(section)
        name = _checked_name(name)
        if [entry, name] in rows:
            work.nothing_happened()
            return
        _known(rows, entry)
        _keep(section, [[known, name if known == entry else given] for known, given in rows])
        _record(work, "assessments.entry_named", section, entry, name)


@service("assessments.remove_entry")
def remove_entry(
    *, actor: Actor, now: datetime, section: SectionAssignment, entry: str, confirmed: bool = False
) -> None:
    """Take an entry away. When somebody has answered something about it, only `confirmed`: the answers are asked for and count no
    more, and stay to be read."""
    with unit_of_work(actor=actor, now=now) as work:
        section = locked(section)
        require(actor, "assessments.answer_section", section)
        repeat, rows = _entries(section)
        name = _known(rows, entry)
        if len(rows) <= max(1, repeat.minimum):
            raise ValidationError(_("There must be at least %(least)d.") % {"least": max(1, repeat.minimum)})
        held = answers_about(section, entry)
        if held and not confirmed:
            raise ValidationError(_("There are answers about it. Say that it is to be taken away all the same."))
        _keep(section, [row for row in rows if row[0] != entry], [[entry, name]] if held else [])
        _open_again(section)
        _record(work, "assessments.entry_removed", section, entry, name, answers=len(held))


def answers_about(section: SectionAssignment, entry: str) -> list[Answer]:
    """What stands about an entry: answers, notes, and questions that have only files or comments."""
    found = Answer.objects.filter(section=section, item_id__endswith=f"{REPEATED}{entry}")
    return [answer for answer in found if answer.item_id.partition(REPEATED)[2] == entry]


def _entries(section: SectionAssignment) -> tuple[Repeat, list[list[str]]]:
    """How the section is repeated, and its entries now; both the least there are and those that were added."""
    # Two who add at once come one after the other: the entries stand in the assessment's row.
    row = Assessment.objects.select_for_update(of=("self",)).get(pk=section.assessment_id)
    section.assessment.entries = row.entries
    instrument = instrument_of(section.assessment)
    found = next((each for each in instrument.sections if each.id == section.section_id), None)
    if found is None or found.repeat is None:
        raise ValidationError(_("This section is answered once."))
    return found.repeat, [list(entry) for entry in instrument.entries[section.section_id]]


def _known(rows: Sequence[Sequence[str]], entry: str) -> str:
    """The name of an entry that there is."""
    for known, name in rows:
        if known == entry:
            return name
    raise ValidationError(_("It has been taken away already."))


def _every_id(section: SectionAssignment, rows: Sequence[Sequence[str]]) -> set[str]:
    """Ids of all entries that there are or were: none is used again, or old answers would come back under another name."""
    found = {entry for entry, _name in rows}
    found |= {entry for entry, _name in section.assessment.entries.get(REMOVED + section.section_id, ())}
    for model in (Answer, Comment):
        items = model.objects.filter(section=section, item_id__contains=REPEATED).values_list("item_id", flat=True)
        found |= {item.partition(REPEATED)[2] for item in items}
    return {entry for entry in found if re.fullmatch(r"\d{1,9}", entry)}


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        raise ValidationError(
            {"name": _("Give it a name of at most %(limit)d characters.") % {"limit": MAX_NAME}}
        )
    return name


def _keep(section: SectionAssignment, rows: list[list[str]], removed: Sequence[Sequence[str]] = ()) -> None:
    assessment = section.assessment
    entries = {**assessment.entries, section.section_id: rows}
    if removed:
        key = REMOVED + section.section_id
        entries[key] = [*entries.get(key, ()), *map(list, removed)]
    assessment.entries = entries
    Assessment.objects.filter(pk=assessment.pk).update(entries=entries)


def _open_again(section: SectionAssignment) -> None:
    """Other questions are asked: somebody looks at the section again before it is done."""
    if section.state == State.DONE:
        section.state = State.BEGUN
        section.save(update_fields=["state"])


def _record(work: UnitOfWork, code: str, section: SectionAssignment, entry: str, name: str, **more: int) -> None:
    work.record(
        code,
        section.assessment,
        organisation=section.assessment.matter.owner_id,
        section=section.section_id,
        entry=entry,
        **more,
        details={"name": name},
    )
