"""The result as tables and as a tagged PDF, from the audit's own data."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from trygg.apps.fairness import pictures
from trygg.apps.fairness.models import Audit
from trygg.apps.fairness.question import question_of
from trygg.apps.fairness.selectors import Result
from trygg.engines.fairness import finding, warning
from trygg.engines.fairness.wording import group_name, metric_name, number, percent, points, reference_name, whole
from trygg.kernel.ui import documents
from trygg.kernel.ui.words import fullday

TEMPLATE = Path(documents.__file__).resolve().parent / "papers" / "report.typ"
SHOWN = ("fpr", "fnr", "selection_rate")
MOST_GROUPS = 60


def _metrics(document: Mapping[str, Any]) -> tuple[str, ...]:
    return SHOWN if document["method"]["columns"]["outcome"] else ("selection_rate",)


def group_head(document: Mapping[str, Any], language: str) -> list[str]:
    """Heads of the table of groups."""
    names = [metric_name(metric, document, language) for metric in _metrics(document)]
    return [_("Group"), _("Children"), *[name[:1].upper() + name[1:] for name in names]]


def group_rows(document: Mapping[str, Any], language: str) -> list[list[str]]:
    """Everybody and every group of one attribute, with each rate and its interval; hidden ones stay listed."""
    found = []
    for group in document["groups"]:
        if len(group["attributes"]) > 1:
            continue
        cells = [group_name(group["attributes"], language), whole(group["n"], language)]
        for metric in _metrics(document):
            cells.append(_rate(group["metrics"][metric], language))
        found.append(cells)
    return found[:MOST_GROUPS]


def _rate(rate: Mapping[str, Any], language: str) -> str:
    if rate["state"] == "suppressed":
        return whole(None, language)
    if rate["value"] is None:
        return _("undefined")
    return _("%(rate)s (%(low)s to %(high)s)") % {
        "rate": percent(rate["value"], language), "low": number(100 * rate["low"], language), "high": number(100 * rate["high"], language),
    }  # fmt: skip


def change(audit: Audit, language: str) -> list[list[str]]:
    """Against the audit that this one repeats: each declared comparison then and now. Of what may be published only."""
    before = audit.previous
    if before is None or before.public is None or audit.public is None:
        return []
    old = {_key(row): row for row in before.public["comparisons"]}
    found = []
    for row in audit.public["comparisons"]:
        was = old.get(_key(row))
        if row["primary"] and was is not None:
            found.append(
                [
                    metric_name(row["metric"], audit.public, language),
                    group_name(row["group"], language),
                    reference_name(row, language),
                    *(_told(one, language) for one in (was, row)),
                ]
            )
    return found


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        row["metric"],
        tuple(sorted(row["group"].items())),
        tuple(sorted((row["reference"] or {}).items())),
        row["reference_kind"],
    )


def _told(row: Mapping[str, Any], language: str) -> str:
    if row["difference"] is None:
        return pictures.verdict_word(row["verdict"], row["reason"])
    return _("%(difference)s points: %(verdict)s") % {
        "difference": points(row["difference"], language), "verdict": pictures.verdict_word(row["verdict"], row["reason"]),
    }  # fmt: skip


def pdf(audit: Audit, result: Result, language: str, today: date) -> bytes:
    """The report as PDF/UA-1. The language is the reader's; gettext is on it already."""
    document, question = result.document, question_of(audit.question)
    rows = result.primary
    blocks: list[dict[str, Any]] = [
        {"kind": "list", "items": [{"text": finding(row, document, language)} for row in rows]}
    ]
    picture = pictures.paper_picture(rows, document, language)
    if picture:
        alt = _("Differences between groups, with what is sure and the limit that was set beforehand")
        blocks.append({"kind": "picture", "svg": picture, "alt": alt, "width": 150})
    blocks.append({"kind": "table", "head": pictures.head(), "rows": pictures.table_rows(rows, document, language)})
    further = [row for row in document["comparisons"] if not row["primary"] and row["verdict"] == "disparity_shown"]
    data = {
        "title": result.headline(language),
        "kind": _("Bias audit %(number)s") % {"number": audit.number},
        "organisation": audit.matter.owner.name,
        "body": audit.matter.title,
        "reference": audit.matter.diary_number,
        "foot": _("Exact figures: for the agency only") if result.exact else _("Small groups are hidden and counts rounded to 5"),
        "limit": 0,
        "tight": False,
        "summary": audit.title,
        "facts": [
            {"label": _("Declared"), "value": fullday(audit.declared_at.date())},
            {"label": _("Data until"), "value": fullday(audit.data_from) if audit.data_from else "–"},
            {"label": _("Printed"), "value": fullday(today)},
        ],
        "proposal": {"heading": "", "text": "", "note": ""},
        "contents": "",
        "shortened": "",
        "sections": [
            {"heading": _("What was found"), "content": blocks},
            *_section(_("To look into"), [{"kind": "list", "items": [{"text": finding(row, document, language)} for row in further[:12]]}] if further else []),
            {"heading": _("Every group"), "content": [{"kind": "table", "head": group_head(document, language), "rows": group_rows(document, language)}]},
            {"heading": _("What to know before relying on it"), "content": [{"kind": "list", "items": _warned(document, language)}]},
            {"heading": _("What was decided before anyone looked"), "content": _declared(audit, question.command())},
            {"heading": _("How it was worked out"), "content": [{"kind": "text", "text": _method(document)}]},
        ],
    }  # fmt: skip
    return documents.typst_pdf(TEMPLATE, data, language, made=audit.finished_at)


def _warned(document: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    items = [{"text": warning(one["code"], one["params"], language)} for one in document["warnings"]]
    return items or [{"text": _("Nothing in particular.")}]


def _section(heading: str, content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"heading": heading, "content": content}] if content else []


def _declared(audit: Audit, command: str) -> list[dict[str, Any]]:
    items = [{"lead": _("Why a difference of this size matters"), "text": audit.reason}]
    if audit.outcome_source:
        items.append({"lead": _("Who decided what turned out to be true"), "text": audit.outcome_source})
    items += [
        {"lead": _("Declared by"), "text": audit.declared_by},
        {"lead": _("The same audit again"), "text": command},
    ]
    return [{"kind": "list", "items": items}]


def _method(document: Mapping[str, Any]) -> str:
    method = document["method"]
    versions = ", ".join(f"{name} {said}" for name, said in method["versions"].items())
    return _(
        "Rates with Wilson's intervals, differences with Newcombe's, %(primary)s declared comparisons after Holm, %(exploratory)s others after "
        "Benjamini and Hochberg. Counts %(cube)s. %(versions)s. The method and its sources: docs/fairness-method.md."
    ) % {
        "primary": method["comparisons"]["primary"], "exploratory": method["comparisons"]["exploratory"],
        "cube": method["cube_hash"][:16], "versions": versions,
    }  # fmt: skip
