"""The common record of a register: one shape for what the standards say in many.

Field ids follow the common fields of the comparison of registers (Dutch publication standard 1.0, UK ATRS, Eurocities
ATS, US federal inventory 2025, EU AI Act Annex VIII).
"""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from .errors import Problem


class Kind(StrEnum):
    """What a common field holds."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list field: a law, an impact assessment, a risk, a data source, a link, a supplier."""

    text: str = ""
    title: str = ""
    link: str = ""
    kind: str = ""
    date: str = ""
    status: str = ""

    def as_dict(self) -> dict[str, str]:
        """Only what is filled in."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A common field: id, what it holds, and its longest text in each standard that limits it (characters)."""

    id: str
    kind: Kind = Kind.TEXT
    max_length: dict[str, int] = field(default_factory=dict)
    standard_name: dict[str, str] = field(default_factory=dict)


NL = "nl-1.0"

FIELDS: dict[str, FieldSpec] = {
    spec.id: spec
    for spec in (
        FieldSpec("name", max_length={NL: 100}, standard_name={NL: "name"}),
        FieldSpec("publisher", max_length={NL: 100}, standard_name={NL: "organization"}),
        FieldSpec("unit"),
        FieldSpec("contact", max_length={NL: 500}, standard_name={NL: "contact_email"}),
        FieldSpec("accountable"),
        FieldSpec("summary", max_length={NL: 400}, standard_name={NL: "description_short"}),
        FieldSpec("status", Kind.CODE, standard_name={NL: "status"}),
        FieldSpec("start", Kind.DATE, max_length={NL: 7}, standard_name={NL: "begin_date"}),
        FieldSpec("end", Kind.DATE, max_length={NL: 7}, standard_name={NL: "end_date"}),
        FieldSpec("purpose", max_length={NL: 2500}, standard_name={NL: "goal"}),
        FieldSpec("alternatives", max_length={NL: 2500}, standard_name={NL: "proportionality"}),
        FieldSpec("risk_class", Kind.CODE, standard_name={NL: "publication_category"}),
        FieldSpec("risk_justification"),
        FieldSpec("legal_basis", Kind.ITEMS, max_length={NL: 2500}, standard_name={NL: "lawful_basis"}),
        FieldSpec("impact_assessments", Kind.ITEMS, max_length={NL: 2500}, standard_name={NL: "impacttoetsen"}),
        FieldSpec("risks", Kind.ITEMS, max_length={NL: 2500}, standard_name={NL: "risks"}),
        FieldSpec("oversight", max_length={NL: 2500}, standard_name={NL: "human_intervention"}),
        FieldSpec("appeal"),
        FieldSpec("data_used", Kind.ITEMS, max_length={NL: 2500}, standard_name={NL: "source_data"}),
        FieldSpec("how_it_works", max_length={NL: 5000}, standard_name={NL: "methods_and_models"}),
        FieldSpec("supplier", Kind.ITEMS, max_length={NL: 200}, standard_name={NL: "provider"}),
        FieldSpec("monitoring"),
        FieldSpec("training"),
        FieldSpec("consultation"),
        FieldSpec("links", Kind.ITEMS, max_length={NL: 500}),
        FieldSpec("certificates", Kind.ITEMS),
        FieldSpec("visibility"),
        FieldSpec("language", Kind.CODE, standard_name={NL: "lang"}),
        FieldSpec("standard_version", standard_name={NL: "standard_version"}),
    )
}

STATUSES = ("in_development", "trial", "in_use", "paused", "retired")
RISK_CLASSES = ("high", "presumed_high_but_not", "impactful", "other")

#: Where a matter of an imported record begins; a person may move it.
STAGE_OF_STATUS = {
    "in_development": "procurement",
    "trial": "trial",
    "in_use": "in_use",
    "paused": "paused",
    "retired": "retired",
}


@dataclass(slots=True)
class RegisterRecord:
    """One record of a register.

    Text fields hold the text as it came (HTML too: `html_fields` names the fields that hold it; sanitise when
    rendering, escape all others). List fields hold `Item`s. `status` and `risk_class` hold a code of `STATUSES` or
    `RISK_CLASSES`, or the text of the source where it fits none. Dates are YYYY, YYYY-MM or YYYY-MM-DD, or the text of
    the source. `standard` names the standard of the source. `raw` is the source row whole, without its empty cells
    where the source was a table; `extra` is {standard: {field: value}} for all that no common field took up.
    """

    name: str
    source: str
    source_id: str = ""
    standard: str = ""
    publisher: str = ""
    unit: str = ""
    contact: str = ""
    accountable: str = ""
    summary: str = ""
    status: str = ""
    start: str = ""
    end: str = ""
    purpose: str = ""
    alternatives: str = ""
    risk_class: str = ""
    risk_justification: str = ""
    legal_basis: tuple[Item, ...] = ()
    impact_assessments: tuple[Item, ...] = ()
    risks: tuple[Item, ...] = ()
    oversight: str = ""
    appeal: str = ""
    data_used: tuple[Item, ...] = ()
    how_it_works: str = ""
    supplier: tuple[Item, ...] = ()
    monitoring: str = ""
    training: str = ""
    consultation: str = ""
    links: tuple[Item, ...] = ()
    certificates: tuple[Item, ...] = ()
    visibility: str = ""
    language: str = ""
    standard_version: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, dict[str, Any]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    html_fields: tuple[str, ...] = ()
    row: int | None = None

    def link(self, *kinds: str) -> str:
        """The first link of one of `kinds` (of any kind without), or an empty text."""
        for item in self.links:
            if item.link and (not kinds or item.kind in kinds):
                return item.link
        return ""
