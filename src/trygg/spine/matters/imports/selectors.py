"""Reads of imports: runs, staged rows, and a system's record in words."""

import json
from dataclasses import dataclass

import nh3
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from trygg.engines.records import FIELDS, Item, Kind, Problem, guess_mapping
from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Organisation
from trygg.kernel.ui.parts import Row
from trygg.spine.matters.imports import wording
from trygg.spine.matters.models import ImportRow, ImportRun, System

TAGS = {"p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "a", "blockquote", "code", "sub", "sup"}
REMARKS = "remarks"


def imports_seen(actor: Actor) -> QuerySet[ImportRun]:
    """Imports of the actor's organisation, newest first, without what is heavy."""
    return restrict(actor, "matters.view_import").defer("mapping", "detected").select_related("organisation")


def rows_of(run: ImportRun, *, show: str = "", text: str = "") -> QuerySet[ImportRow]:
    """Staged rows in the order of the file: of one outcome, those with remarks, those that name `text`."""
    rows = run.rows.defer("raw", "extra").order_by("number")
    if show in ImportRow.Outcome.values:
        rows = rows.filter(outcome=show)
    elif show == REMARKS:
        rows = rows.exclude(problems=[])
    for word in text.split()[:8]:
        rows = rows.filter(name__icontains=word)
    return rows


def remark_count(run: ImportRun) -> int:
    """Rows with remarks."""
    return run.rows.exclude(problems=[]).count()


@dataclass(frozen=True)
class Choice:
    """An ambiguous row with what it may be. `rows` are others of the file with the same key."""

    row: ImportRow
    systems: list[System]
    rows: list[ImportRow]


def choice_of(row: ImportRow) -> Choice:
    """What a person can choose between for a row."""
    candidates = row.candidates or {}
    systems = System.objects.filter(pk__in=candidates.get("systems", ()), owner_id=row.run.organisation_id)
    others = ImportRow.objects.filter(run_id=row.run_id, number__in=candidates.get("rows", ()))
    return Choice(row, list(systems.order_by("pk")), list(others.defer("raw", "extra").order_by("number")))


def ambiguous_of(run: ImportRun) -> list[dict]:
    """The rows that wait for a person, as plain data for the command line."""
    rows = run.rows.filter(outcome=ImportRow.Outcome.AMBIGUOUS).order_by("number")
    return [
        {"row": number, "name": name, "source_id": source_id, **candidates}
        for number, name, source_id, candidates in rows.values_list("number", "name", "source_id", "candidates")
    ]


def rejected_of(run: ImportRun) -> list[dict]:
    """The refused rows as {row, column, value, reason}, in English."""
    rows = run.rows.filter(outcome=ImportRow.Outcome.REJECTED).only("number", "problems").order_by("number")
    return [
        {"row": row.number, "column": one["column"], "value": one["value"], "reason": wording.reason(one)}
        for row in rows
        for one in row.problems
    ]


def clean_html(text: str) -> SafeString:
    """Text from a register that may hold HTML: only plain formatting and links stay."""
    return mark_safe(
        nh3.clean(text, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer nofollow")
    )


def record_rows(record: dict) -> list[Row]:
    """A system's record for a summary list: known fields in the order of the standards, in words, HTML made harmless."""
    html = set(record.get("html_fields", ()))
    rows = []
    for name, spec in FIELDS.items():
        value = record.get(name)
        if not value or name in ("name", "standard_version"):
            continue
        if spec.kind is Kind.ITEMS:
            shown: object = [_item(Item(**item), name in html) for item in value]
        elif name in html:
            shown = clean_html(value)
        else:
            shown = wording.code(name, value) if spec.kind is Kind.CODE else value.split("\n\n") if "\n\n" in value else value
        rows.append(Row(key=wording.field(name), value=shown))
    return rows


def _item(item: Item, is_html: bool) -> SafeString | str:
    text = clean_html(item.text) if is_html else item.text
    head = ": ".join(part for part in (wording.item_kind(item.kind), item.title) if part)
    tail = ", ".join(part for part in (item.status, item.date) if part)
    words = [part for part in (head, text, tail) if part]
    shown = format_html(" · ".join(["{}"] * len(words)), *words)
    if item.link.startswith(("http://", "https://")):
        return format_html('{} <a class="govuk-link" rel="noopener noreferrer nofollow" href="{}">{}</a>', shown, item.link, item.link)
    return format_html("{} {}", shown, item.link) if item.link else shown


def raw_rows(row: ImportRow) -> list[Row]:
    """The row as it stands in the file, column by column."""
    return [Row(key=column, value=value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for column, value in row.raw.items()]


@dataclass(frozen=True)
class Worded:
    """A remark in words: which column, which value, why."""

    column: str
    value: str
    reason: str


def worded_problems(row: ImportRow) -> list[Worded]:
    """What is to be remarked about a row, in the reader's language."""
    return [Worded(one["column"] or "", one["value"] or "", wording.reason(one)) for one in row.problems]


def worded(problem: Problem) -> Worded:
    """A problem of the engine in the reader's language."""
    return Worded(problem.column or "", problem.value or "", wording.reason({"code": problem.code, "params": problem.params}))


def proposed_mapping(columns: list[str]) -> dict | None:
    """What the names of the columns suggest, for a person to go through."""
    guess = guess_mapping(columns)
    return guess.mapping.data if guess.mapping else None


def mapping_used_before(organisation: Organisation, columns: list[str], *, recent: int = 30) -> dict | None:
    """The mapping that the organisation chose for its last file with these columns."""
    runs = ImportRun.objects.filter(organisation=organisation, state=ImportRun.State.APPLIED).order_by("-pk")
    for run in runs.only("mapping", "detected")[:recent]:
        if run.detected.get("columns") == columns:
            return run.mapping
    return None
