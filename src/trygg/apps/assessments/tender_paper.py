"""Tender questions and contract clauses as words for a page and as a Word file that a procurement officer goes on writing in.

What hangs on the questions of an instrument is chosen by its answers (`engines.instruments.tender`); names come from the matter. A
clause is a proposal: page and paper say that a lawyer reads it first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx import Document
from docx.oxml import OxmlElement
from docx.shared import Mm

from trygg.engines.depth import Depth as EngineDepth
from trygg.engines.instruments import Instrument, Visibility
from trygg.engines.instruments.tender import (
    Chosen,
    Clause,
    Selection,
    Support,
    TenderQuestion,
    Weight,
    filled,
    selection,
)
from trygg.kernel.ui.documents import blank_word, word
from trygg.kernel.ui.words import fullday
from trygg.spine.assurance.models import Depth
from trygg.spine.assurance.selectors import ref_words
from trygg.spine.frameworks.selectors import words


@dataclass(frozen=True)
class About:
    """What the texts are filled with. Whatever is empty stands in brackets in the paper, to be filled in by hand."""

    buyer: str = ""
    system: str = ""
    reference: str = ""

    def values(self) -> dict[str, str]:
        return {
            "buyer": self.buyer or _("[the buyer]"),
            "system": self.system or _("[the system]"),
            "reference": self.reference or _("[reference]"),
        }


@dataclass(frozen=True)
class Line:
    """A tender question or a clause in words. `number`: A3 or B2. `unsure`: which questions must be answered to know if it belongs."""

    number: str
    title: str
    text: str
    must: bool
    from_question: str
    refs: str
    source: str
    verified: str
    checked: str
    unsure: tuple[str, ...]

    @property
    def verified_words(self) -> str:
        return _verified_words(self.verified)


@dataclass(frozen=True)
class Paper:
    """Everything that page and file say, in the language that is active."""

    questions: tuple[Line, ...]
    clauses: tuple[Line, ...]
    left_out: tuple[str, ...]
    depth: str
    values: Mapping[str, str]

    @property
    def musts(self) -> tuple[Line, ...]:
        return tuple(line for line in self.questions if line.must)

    @property
    def shoulds(self) -> tuple[Line, ...]:
        return tuple(line for line in self.questions if not line.must)

    @property
    def unsure(self) -> tuple[Line, ...]:
        return tuple(line for line in (*self.questions, *self.clauses) if line.unsure)

    @property
    def summary(self) -> str:
        """How many of each: the answer that the page gives."""
        asked = ngettext("%(n)d question", "%(n)d questions", len(self.questions)) % {"n": len(self.questions)}
        clauses = ngettext("%(n)d clause", "%(n)d clauses", len(self.clauses)) % {"n": len(self.clauses)}
        return _("%(questions)s to those who tender and %(clauses)s for the contract") % {
            "questions": asked,
            "clauses": clauses,
        }

    @property
    def warning(self) -> str:
        return _(
            "The clauses are proposals. A lawyer must read them, together with the rest of the contract and the rules of this "
            "purchase, before they are used."
        )


def paper(
    data: Mapping[str, Any], instrument: Instrument, asked: Visibility, depth: EngineDepth, about: About
) -> Paper:
    """The paper in the active language: what belongs to the matter at this depth, with these answers."""
    chosen = selection(data, asked)
    values = about.values()
    sources = data.get("sources") or {}
    questions = sorted(
        chosen.questions, key=lambda each: each.thing.weight is Weight.SHOULD
    )  # must first; else as they stand
    return Paper(
        questions=tuple(
            _question(f"A{number}", each, instrument, sources, values) for number, each in enumerate(questions, start=1)
        ),
        clauses=tuple(
            _clause(f"B{number}", each, instrument, sources, values)
            for number, each in enumerate(chosen.clauses, start=1)
        ),
        left_out=_left_out(chosen),
        depth=str(Depth(depth.value).label),
        values=values,
    )


def _question(
    number: str, each: Chosen[TenderQuestion], instrument: Instrument, sources: Mapping, values: Mapping[str, str]
) -> Line:
    thing = each.thing
    line = _line(number, each, thing.support, instrument, sources)
    title, text = filled(words(thing.question), values), filled(words(thing.evidence), values)
    return replace(line, title=title, text=text, must=thing.weight is Weight.MUST)


def _clause(
    number: str, each: Chosen[Clause], instrument: Instrument, sources: Mapping, values: Mapping[str, str]
) -> Line:
    line = _line(number, each, each.thing.support, instrument, sources)
    return replace(line, title=filled(words(each.thing.title), values), text=filled(words(each.thing.text), values))


def _line(number: str, each: Chosen, support: Support, instrument: Instrument, sources: Mapping) -> Line:
    source = sources.get(support.source) or {}
    return Line(
        number=number,
        title="",
        text="",
        must=False,
        from_question=words(instrument.items[each.thing.item].text),
        refs=" · ".join(dict.fromkeys(ref_words(ref) for ref in support.refs)),
        source=source.get("title", support.source),
        verified=support.verified,
        checked=str(source.get("checked", "")),
        unsure=tuple(words(instrument.items[name].text) for name in each.open_items if name in instrument.items),
    )


def _verified_words(verified: str) -> str:
    match verified:
        case "yes":
            return _("verified")
        case "partly":
            return _("partly verified")
    return _("not verified")


def _left_out(chosen: Selection) -> tuple[str, ...]:
    """What is not in it, and why, so that nobody takes the paper for everything there is."""
    found = []
    if n := chosen.deeper:
        text = ngettext(
            "%(n)d more belongs to questions that are asked only in a more thorough assessment.",
            "%(n)d more belong to questions that are asked only in a more thorough assessment.", n,
        )  # fmt: skip
        found.append(text % {"n": n})
    if n := chosen.ruled_out:
        found.append(
            ngettext("%(n)d is left out because of your answers.", "%(n)d are left out because of your answers.", n)
            % {"n": n}
        )
    if n := chosen.waiting:
        text = ngettext(
            "%(n)d belongs to a question that is not asked until others are answered.",
            "%(n)d belong to questions that are not asked until others are answered.", n,
        )  # fmt: skip
        found.append(text % {"n": n})
    return tuple(found)


# Word -----------------------------------------------------------------------------------------------------------------


def word_file(
    data: Mapping[str, Any],
    instrument: Instrument,
    asked: Visibility,
    depth: EngineDepth,
    about: About,
    language: str,
    now: datetime,
) -> bytes:
    """The paper as a Word file in `language`."""
    with translation.override(language):
        found = word_data(paper(data, instrument, asked, depth, about), now)
        return word(template, found, language, title=found["title"])


def word_data(found: Paper, now: datetime) -> dict[str, Any]:
    """What the template asks for, in the active language."""
    values = found.values
    return {
        "title": _("Tender questions and contract clauses: %(system)s") % {"system": values["system"]},
        "line": f"{values['buyer']} · {values['reference']} · {fullday(timezone.localdate(now))}",
        "draft": {"heading": _("A draft: read this first"), "text": found.warning,
                  "note": _("Made in Trygg from the answers in the matter. Change it, add to it, and take out what does not fit.")},
        "summary": _("%(counts)s. Depth of the assessment: %(depth)s.") % {"counts": found.summary, "depth": found.depth.lower()},
        "left_out": list(found.left_out),
        "asked": {
            "heading": _("A. Questions to those who tender"),
            "groups": [
                group
                for group in (
                    _group(_("Must"), _("A tender that does not meet these is not accepted."), found.musts),
                    _group(_("Should"), _("These are weighed when tenders are compared."), found.shoulds),
                )
                if group["rows"]
            ],
            "head": [_("Number"), _("Question"), _("Proof to attach"), _("The tenderer's answer")],
        },
        "clauses": {
            "heading": _("B. Clauses for the contract"),
            "rows": [
                {"title": f"{line.number}. {line.title}", "text": line.text, "refs": _refs_line(line)} for line in found.clauses
            ],
        },
        "own": {
            "heading": _("C. For the buyer only: take this part out before anything is sent"),
            "text": _("Where each text comes from, and whether somebody has verified it. What is not verified is general knowledge: check it."),
            "head": [_("Number"), _("Comes from your answer to"), _("References"), _("Source")],
            "rows": [
                {"number": line.number, "from": line.from_question, "refs": line.refs, "source": _source_line(line)}
                for line in (*found.questions, *found.clauses)
            ],
            "unsure_heading": _("Kept until you have answered"),
            "unsure": [f"{line.number}: {'; '.join(line.unsure)}" for line in found.unsure],
        },
    }  # fmt: skip


def _group(heading: str, text: str, lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "heading": heading,
        "text": text,
        "rows": [{"number": line.number, "question": line.title, "proof": line.text} for line in lines],
    }


def _refs_line(line: Line) -> str:
    said = _("Reference: %(refs)s.") % {"refs": line.refs or line.source}
    if line.verified == "yes":
        return said
    doubt = _("The source is only partly verified.") if line.verified == "partly" else _("The source is not verified.")
    return f"{said} [{doubt}]"


def _source_line(line: Line) -> str:
    said = f"{line.source} ({line.verified_words})"
    checked = _("checked %(day)s") % {"day": line.checked}
    return f"{said}, {checked}" if line.checked else said


def template(language: str) -> Document:
    """The paper with Jinja tags, in our look."""
    document = blank_word(language)
    line = document.add_paragraph
    line("{{ line }}", style="Quiet")
    document.add_heading("{{ title }}", level=1)
    box = document.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
    box.paragraphs[0].add_run("{{ draft.heading }}").bold = True
    box.add_paragraph("{{ draft.text }}")
    box.add_paragraph("{{ draft.note }}", style="Quiet")
    line("{{ summary }}")
    _each(document, "text in left_out", "{{ text }}", "List Bullet")
    document.add_heading("{{ asked.heading }}", level=2)
    line("{%p for group in asked.groups %}")
    document.add_heading("{{ group.heading }}", level=3)
    line("{{ group.text }}")
    _table(
        document,
        "asked.head",
        "row in group.rows",
        ("{{ row.number }}", "{{ row.question }}", "{{ row.proof }}", ""),
        (20, 60, 48, 42),
    )
    line("{%p endfor %}")
    document.add_heading("{{ clauses.heading }}", level=2)
    line("{{ draft.text }}", style="Quiet")
    line("{%p for clause in clauses.rows %}")
    document.add_heading("{{ clause.title }}", level=3)
    line("{{ clause.text }}")
    line("{{ clause.refs }}", style="Quiet")
    line("{%p endfor %}")
    document.add_page_break()
    document.add_heading("{{ own.heading }}", level=2)
    line("{{ own.text }}")
    _table(
        document,
        "own.head",
        "row in own.rows",
        ("{{ row.number }}", "{{ row.from }}", "{{ row.refs }}", "{{ row.source }}"),
        (20, 50, 44, 56),
    )
    line("{%p if own.unsure %}")
    document.add_heading("{{ own.unsure_heading }}", level=3)
    _each(document, "text in own.unsure", "{{ text }}", "List Bullet")
    line("{%p endif %}")
    return document  # fmt: skip


def _each(document: Document, loop: str, text: str, style: str) -> None:
    document.add_paragraph(f"{{%p for {loop} %}}")
    document.add_paragraph(text, style=style)
    document.add_paragraph("{%p endfor %}")


def _table(document: Document, head: str, loop: str, cells: Sequence[str], widths: Sequence[int]) -> None:
    """A table whose first row is marked as its heading and repeats on each page; `widths` in millimetres."""
    table = document.add_table(rows=4, cols=len(cells), style="Table Grid")
    table.autofit = False
    for number, cell in enumerate(table.rows[0].cells):
        cell.paragraphs[0].add_run(f"{{{{ {head}[{number}] }}}}").bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    table.rows[1].cells[0].text = f"{{%tr for {loop} %}}"
    for cell, text in zip(table.rows[2].cells, cells, strict=True):
        cell.text = text
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
