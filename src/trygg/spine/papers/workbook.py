"""The list of matters as a workbook: what the filters show and the actor may see, one row a matter.

Rows go to the disk as they are written, so that ten thousand take no more memory than a hundred.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from trygg.kernel.access import Actor
from trygg.spine.assurance import wording
from trygg.spine.assurance.models import Case, Status
from trygg.spine.assurance.selectors import fact_questions
from trygg.spine.frameworks.selectors import current_facts
from trygg.spine.matters.models import Fact, FactState, Matter
from trygg.spine.papers.about import named

CHUNK = 500
LONGEST = 32_767  # characters that a cell of Excel holds
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would read as the beginning of a formula
STATES = (Status.SUPPORTED, Status.STALE, Status.MISSING, Status.CONTESTED)


def write_workbook(target: BinaryIO, rows: QuerySet[Matter], actor: Actor, now: datetime, filters: Iterable[tuple[str, str]]) -> int:
    """Write the matters of `rows`, which are those that the actor may see, and return how many. `filters`: (name, value) as shown on the
    sheet "About"."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {**options, "default_date_format": "yyyy-mm-dd"})
    # The clock must not speak here: what the file says of its making is the reader's moment.
    book.set_properties({"title": _("Matters"), "author": "Trygg", "created": timezone.localtime(now).replace(tzinfo=None)})
    sheet = book.add_worksheet(_("Matters"))
    writer = _Writer(book, sheet)
    columns = _columns()
    facts = current_facts()
    words = fact_questions()
    for number, (label, width) in enumerate([*((label, width) for label, width, _value in columns), *((words.get(f.id, f.id), 24) for f in facts)]):
        sheet.set_column(number, number, width)
        writer.head(number, label)
    sheet.freeze_panes(1, 1)
    count = 0
    for row in _rows(rows):
        count += 1
        values = [value(row.matter, row.case) for _label, _width, value in columns]
        values += [_fact(row.facts.get(fact.id), fact.id, words) for fact in facts]
        writer.row(count, values)
    if count:
        sheet.autofilter(0, 0, count, len(columns) + len(facts) - 1)
    _about(book, actor, now, count, filters)
    book.close()
    return count


@dataclass(frozen=True, slots=True)
class Row:
    """A matter, its case and its facts by name: (state, value)."""

    matter: Matter
    case: Case | None
    facts: Mapping[str, tuple[str, Any]]


def _rows(rows: QuerySet[Matter]) -> Iterator[Row]:
    """In chunks by key, so that neither the matters nor their facts stand in memory together. Case and facts are read apart: related
    objects that know one another would wait for the garbage collector, which seldom comes where much stands in memory."""
    ids = list(rows.order_by("-updated_at", "-pk").values_list("pk", flat=True))
    shown = Matter.objects.select_related("owner", "system", "accountable__person", "overseer__person")
    shown = shown.defer("system__record", "system__extra", "system__raw")
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        matters = {matter.pk: matter for matter in shown.filter(pk__in=chunk)}
        cases = {case.matter_id: case for case in Case.objects.filter(matter_id__in=chunk).defer("screening")}
        facts: dict[int, dict[str, tuple[str, Any]]] = {}
        for pk, name, state, value in Fact.objects.filter(matter_id__in=chunk).values_list("matter_id", "name", "state", "value"):
            facts.setdefault(pk, {})[name] = (state, value)
        for pk in chunk:
            if pk in matters:
                yield Row(matters[pk], cases.get(pk), facts.get(pk, {}))


def _columns() -> list[tuple[str, float, Any]]:
    """(heading, width, value of a matter and its case)."""

    def counted(status: Status) -> Any:
        return lambda m, case: case.counts.get(status, 0) if case else None

    return [
        (_("Title"), 48, lambda m, case: m.title),
        (_("Diary number"), 16, lambda m, case: m.diary_number),
        (_("Kind"), 22, lambda m, case: str(m.get_kind_display())),
        (_("Stage"), 14, lambda m, case: str(m.get_stage_display())),
        (_("Belongs to"), 30, lambda m, case: m.owner.name),
        (_("System"), 26, lambda m, case: m.system.name if m.system else ""),
        (_("Version"), 10, lambda m, case: m.system_version),
        (_("Accountable person"), 26, lambda m, case: named(m.accountable)),
        (_("Can pause at once"), 26, lambda m, case: named(m.overseer)),
        (_("Decides"), 26, lambda m, case: m.deciding_body),
        (_("Secrecy class"), 12, lambda m, case: str(m.get_secrecy_display())),
        (_("Depth"), 16, lambda m, case: str(case.get_depth_display()) if case else ""),
        (_("Prohibited"), 10, lambda m, case: (_("Yes") if case.prohibited else _("No")) if case else ""),
        *((str(status.label), 11, counted(status)) for status in STATES),
        (_("Opened"), 12, lambda m, case: timezone.localdate(m.created_at)),
        (_("Changed"), 12, lambda m, case: timezone.localdate(m.updated_at)),
        (_("What it is for"), 60, lambda m, case: m.summary),
        (_("Address in Trygg"), 34, lambda m, case: m.get_absolute_url()),
    ]


def _fact(fact: tuple[str, Any] | None, name: str, words: wording.FactWords) -> Any:
    """A fact for a cell: numbers and days as such, else in words; nothing where nobody has answered."""
    if fact is None:
        return ""
    state, value = fact
    if state != FactState.VALUE:
        return str(FactState(state).label)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return wording.said_of(name, value, words)


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet):
        self.sheet = sheet
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.plain = book.add_format({"valign": "top"})
        # The mark that Excel itself gives to '=text: it stays text, also when somebody edits the cell.
        self.quoted = book.add_format({"valign": "top", "quote_prefix": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})

    def head(self, column: int, label: str) -> None:
        self.sheet.write_string(0, column, label, self.bold)

    def row(self, number: int, values: list[Any]) -> None:
        for column, value in enumerate(values):
            self.cell(number, column, value)

    def cell(self, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.sheet.write_number(row, column, value, self.plain)
        else:
            text = str(value)[:LONGEST]
            self.sheet.write_string(row, column, text, self.quoted if text.startswith(RUNS) else self.plain)


def _about(book: xlsxwriter.Workbook, actor: Actor, now: datetime, count: int, filters: Iterable[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(_("About"))
    writer = _Writer(book, sheet)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 80)
    rows: list[tuple[str, Any]] = [
        (_("Matters"), count),
        (_("Made for"), ", ".join(part for part in (actor.name, actor.organisation_name) if part)),
        (_("Made on"), timezone.localdate(now)),
        *((name, value or _("Any")) for name, value in filters),
        (_("What is in it"), _("Every matter that the filter shows and that the reader may see, with its claims counted and its facts.")),
        (_("Keep in mind"), _("It is a copy. The matters go on changing; the list in Trygg is what counts.")),
    ]
    for number, (name, value) in enumerate(rows):
        writer.cell(number, 0, name)
        writer.cell(number, 1, value)
