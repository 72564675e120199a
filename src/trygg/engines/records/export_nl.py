"""Export to the Dutch publication standard 1.0, JSON and CSV, with a list of what the standard would refuse.

Fields, lengths, permitted values: MinBZK/Algoritmeregister @ 4885a05, backend/app/schemas/config/v1_0.json. Nothing
is cut or left out silently: what is too long, missing, unknown to the standard or without a place in it is listed.
"""

import csv
import html
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TextIO

from . import guard
from .errors import Problem, shown
from .mapping import Mapper, shipped_mapping
from .model import NL, Item, RegisterRecord
from .rows import Row
from .transforms import as_text, fold, is_empty

#: field -> (longest text or None, required)
NL_FIELDS: dict[str, tuple[int | None, bool]] = {
    "name": (100, True),
    "description_short": (400, True),
    "organization": (100, True),
    "category": (None, False),
    "status": (None, True),
    "begin_date": (7, False),
    "end_date": (7, False),
    "contact_email": (500, True),
    "website": (500, False),
    "publication_category": (None, True),
    "url": (500, False),
    "goal": (2500, False),
    "proportionality": (2500, False),
    "human_intervention": (2500, False),
    "risks": (2500, False),
    "lawful_basis": (2500, False),
    "lawful_basis_grouping": (500, False),
    "process_index_url": (500, False),
    "impacttoetsen_grouping": (500, False),
    "impacttoetsen": (2500, False),
    "source_data": (2500, False),
    "source_data_grouping": (500, False),
    "methods_and_models": (5000, False),
    "provider": (200, False),
    "publiccode": (500, False),
    "lang": (None, True),
    "standard_version": (None, False),
    "source_id": (100, False),
    "tags": (2500, False),
    "lars": (None, False),
    "publication_dt": (None, False),
}
PERMITTED = {
    "status": ("In ontwikkeling", "In gebruik", "Buiten gebruik"),
    "publication_category": ("Hoog-risico AI-systeem", "Impactvolle algoritmes", "Overige algoritmes"),
    "lang": ("nld",),
}
# The standard has no word for a trial or a pause: those are left as they are and listed, for a person to decide.
_STATUS = {"in_development": "In ontwikkeling", "in_use": "In gebruik", "retired": "Buiten gebruik"}
_RISK = {"high": "Hoog-risico AI-systeem", "impactful": "Impactvolle algoritmes", "other": "Overige algoritmes"}
_LANGUAGE = {"nl": "nld", "en": "eng", "fy": "fry", "sv": "swe"}
_TEXTS = {
    "name": "name",
    "publisher": "organization",
    "contact": "contact_email",
    "summary": "description_short",
}
_RICH = {
    "purpose": "goal",
    "alternatives": "proportionality",
    "oversight": "human_intervention",
    "how_it_works": "methods_and_models",
}
_LISTS = {
    "legal_basis": ("lawful_basis", "lawful_basis_grouping"),
    "impact_assessments": ("impacttoetsen", "impacttoetsen_grouping"),
    "data_used": ("source_data", "source_data_grouping"),
    "risks": ("risks", None),
}
_LINKS = {"website": "website", "register": "url", "code": "publiccode", "processing_record": "process_index_url"}
_COLUMNS_OF = {
    **{field: (column,) for field, column in (*_TEXTS.items(), *_RICH.items())},
    **{field: tuple(column for column in columns if column) for field, columns in _LISTS.items()},
    "status": ("status",),
    "risk_class": ("publication_category",),
    "start": ("begin_date",),
    "end": ("end_date",),
    "supplier": ("provider",),
    "links": tuple(_LINKS.values()),
    "language": ("lang",),
}
_NO_PLACE = (
    "unit", "accountable", "risk_justification", "appeal", "monitoring", "training", "consultation", "certificates",
    "visibility",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NlExport:
    """One record in the standard, and what the standard would say against it."""

    row: dict[str, Any]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=64)
def _mapper(columns: tuple[str, ...]) -> Mapper:
    return Mapper(shipped_mapping("nl-1.0"), columns)


def to_nl(record: RegisterRecord) -> NlExport:
    """A record in the fields of the standard.

    A record that came in this standard keeps its values as they came, also those that the standard does not know;
    only common fields that were changed since are written anew. Any other record is put together from its common
    fields: plain text becomes HTML where the standard expects HTML.
    """
    problems: list[Problem] = []
    if record.standard == NL and record.raw:
        row = _native(record, problems)
    else:
        empty = dict.fromkeys(name for name, (_, required) in NL_FIELDS.items() if required)
        row = empty | _converted(record, problems)
    problems.extend(_against(record, row))
    return NlExport(row, tuple(problems))


def _native(record: RegisterRecord, problems: list[Problem]) -> dict[str, Any]:
    mapper = _mapper(tuple(record.raw))
    before = mapper.record(Row(0, record.raw))
    row = dict(record.raw)
    changed = {
        field
        for field in _COLUMNS_OF
        if not isinstance(before, RegisterRecord) or getattr(before, field) != getattr(record, field)
    }
    if changed:
        converted = _converted(record, problems)
        for field in changed:
            for column in _COLUMNS_OF[field]:
                row[mapper.found.get(column, column)] = converted.get(column)
    return row


def _converted(record: RegisterRecord, problems: list[Problem]) -> dict[str, Any]:
    row: dict[str, Any] = {column: getattr(record, field) for field, column in _TEXTS.items()}
    row |= {column: _rich(getattr(record, field), field in record.html_fields) for field, column in _RICH.items()}
    row["status"] = _STATUS.get(record.status, record.status)
    row["publication_category"] = _RISK.get(record.risk_class, record.risk_class)
    row["lang"] = _LANGUAGE.get(record.language, record.language)
    row["standard_version"] = "1.0"
    row["source_id"] = record.source_id
    for field, column in (("start", "begin_date"), ("end", "end_date")):
        value = getattr(record, field)
        row[column] = value
        if len(value) == 10 and value[4] == value[7] == "-":
            row[column] = value[:7]
            problems.append(_problem(record, "less_precise", column, value))
    for field, (text_column, group_column) in _LISTS.items():
        texts, group = _texts_and_group(getattr(record, field), field in record.html_fields, group_column is not None)
        row[text_column] = texts
        if group_column:
            row[group_column] = group
    row["provider"] = "; ".join(item.title for item in record.supplier if item.title)
    for item in record.links:
        place = _LINKS.get(item.kind)
        if place and not row.get(place):
            row[place] = item.link or item.text
        else:
            problems.append(_problem(record, "no_place", f"links ({item.kind})", item.link or item.text))
    for field in _NO_PLACE:
        if value := getattr(record, field):
            problems.append(_problem(record, "no_place", field, as_text(value)))
    return {column: value for column, value in row.items() if not is_empty(value)}


def _texts_and_group(items: tuple[Item, ...], is_html: bool, grouped: bool) -> tuple[str, list[dict[str, str | None]]]:
    texts, group = [], []
    for item in items:
        if grouped and (item.title or item.link) and not item.text:
            group.append({"title": item.title or item.kind or item.link, "link": item.link or None})
            continue
        words = ": ".join(part for part in (item.title, item.text, item.status, item.date, item.link) if part)
        label = f"{item.kind.replace('_', ' ')}: " if item.kind else ""
        texts.append(_rich(label, False) + _rich(words, is_html))
    return texts[0] if len(texts) == 1 else "".join(f"<p>{text}</p>" for text in texts), group


def _rich(text: str, is_html: bool) -> str:
    return text if is_html else html.escape(text, quote=False).replace("\n", "<br>")


def _against(record: RegisterRecord, row: dict[str, Any]) -> Iterable[Problem]:
    found = _mapper(tuple(row)).found
    for column, (longest, required) in NL_FIELDS.items():
        value = row.get(found.get(column, column))
        if is_empty(value):
            if required:
                yield _problem(record, "required", column, "")
            continue
        if longest is not None:
            for text in _texts(value):
                if len(text) > longest:
                    yield _problem(record, "too_long", column, text, length=len(text), limit=longest)
        if column in PERMITTED and fold(as_text(value)) not in map(fold, PERMITTED[column]):
            yield _problem(record, "not_permitted", column, as_text(value))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from (as_text(one) for one in value.values() if one is not None)
    else:
        yield as_text(value)


def _problem(record: RegisterRecord, code: str, column: str, value: str, **params: Any) -> Problem:
    about = {"standard": "The Dutch standard 1.0", "record": record.name, "source_id": record.source_id}
    return Problem(code, record.row, column, shown(value), params={**about, **params})


def write_nl_json(records: Iterable[RegisterRecord], stream: TextIO) -> list[Problem]:
    """The records as a JSON list, one a line; returns what the standard would refuse or has no place for."""
    problems: list[Problem] = []
    start = "[\n"
    for record in records:
        export = to_nl(record)
        problems.extend(export.problems)
        stream.write(start + json.dumps(export.row, ensure_ascii=False, allow_nan=False))
        start = ",\n"
    stream.write("[]\n" if start == "[\n" else "\n]\n")
    return problems


def write_nl_csv(records: Collection[RegisterRecord], stream: TextIO, *, delimiter: str = ",") -> list[Problem]:
    """The records as CSV, lists as JSON text, cells guarded (see `guard`); returns the same list as for JSON.

    `records` is gone through twice. CSV has one kind of nothing: null, empty text and absence become an empty cell.
    Open the stream with newline="" and, for Excel, encoding utf-8-sig.
    """
    columns = dict.fromkeys(NL_FIELDS)
    for record in records:
        if record.standard == NL:
            columns.update(dict.fromkeys(record.raw))
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow([guard.guard(column) for column in columns])
    problems: list[Problem] = []
    for record in records:
        export = to_nl(record)
        problems.extend(export.problems)
        writer.writerow([guard.guard(_cell(export.row.get(column))) for column in columns])
    return problems


def _cell(value: Any) -> str:
    if is_empty(value):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
