"""Two pages for a councillor who never signs in: the question, the proposal, how things stand, the advice, the ways to decide.

Content comes from the frozen snapshot and the advice. What is too long for two pages is shortened, and the paper says so.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx import Document
from docx.oxml import OxmlElement

from trygg.apps.committees import words
from trygg.apps.committees.models import Item
from trygg.apps.committees.selectors import PublicAdvice, answer_line, public_advice
from trygg.apps.committees.snapshots import SnapshotView, answer_of, fact_of, snapshot_view
from trygg.kernel.ui.documents import blank_word, typst_pdf, word
from trygg.kernel.ui.parts import PICTURE_ORDER, STATUS_WORDS
from trygg.kernel.ui.words import fullday, number, shortday

TEMPLATE = Path(__file__).resolve().parent / "templates" / "committees" / "papers" / "paper.typ"
CUT = " […]"
State = Item.State


@dataclass(frozen=True)
class Room:
    """How much of each text there is room for, in characters; None: all of it."""

    summary: int | None = None
    proposal: int | None = None
    reasons: int | None = None
    dissent: int | None = None
    cell: int | None = None
    missing: int = 5
    tight: bool = False


# Tried in turn, until two pages hold it.
ROOMS = (
    Room(),
    Room(summary=500, missing=4, tight=True),
    Room(400, 500, 700, 600, 160, 3, True),
    Room(300, 400, 450, 300, 110, 2, True),
    Room(180, 300, 250, 150, 70, 1, True),
)  # fmt: skip


class Cutter:
    """Shortens texts at a word, and remembers that it did."""

    def __init__(self) -> None:
        self.cut = False

    def __call__(self, text: str, room: int | None) -> str:
        text = text.strip()
        if room is None or len(text) <= room:
            return text
        self.cut = True
        return text[: room - len(CUT)].rsplit(" ", 1)[0].rstrip(" .,;:") + CUT


def pdf(item: Item, language: str, *, now: datetime) -> bytes:
    """The paper as tagged PDF (PDF/UA-1), at most two A4 pages."""
    return _fitted(item, language, now)[1]


def word_file(item: Item, language: str, *, now: datetime) -> bytes:
    """The paper as a Word file, with the same content as the PDF."""
    data = _fitted(item, language, now)[0]
    return word(_word_template, data, language, title=data["title"])


def _fitted(item: Item, language: str, now: datetime) -> tuple[dict[str, Any], bytes]:
    for room in ROOMS:
        data = content(item, language, now=now, room=room)
        try:
            return data, typst_pdf(TEMPLATE, data, language, made=now)
        except typst.TypstError as error:
            if "longer than two pages" not in str(error) or room is ROOMS[-1]:
                raise
    raise AssertionError("unreachable")


def content(item: Item, language: str, *, now: datetime, room: Room = ROOMS[0]) -> dict[str, Any]:
    """Everything that the paper says, in `language`."""
    with translation.override(language):
        snapshot = snapshot_view(item.snapshot)
        advice = public_advice(item, today=timezone.localdate(now)) if item.reached(State.ADVISED) else None
        cut = Cutter()
        matter = item.matter
        data = {
            "title": item.title,
            "organisation": snapshot.owner,
            "body": snapshot.deciding_body,
            "reference": snapshot.diary_number,
            "foot": _("What the committee read was frozen on %(day)s. Check code %(code)s") % {"day": fullday(item.snapshot.made_at), "code": snapshot.code},
            "summary": cut(snapshot.summary, room.summary),
            "proposal": {
                "heading": _("Proposal") if item.proposal else _("What is asked"),
                "text": cut(item.proposal, room.proposal) if advice and item.proposal else item.title,
                "note": _people(matter),
            },
            "stands": _stands(snapshot),
            "missing": _missing(snapshot, room, cut),
            "children": {"heading": _("Which children"), "lines": _children(item, snapshot, cut, room)},
            "worst": {"heading": _("The worst that can happen"), "lines": _worst(item, snapshot)},
            "advice": _advice(item, advice, room, cut),
            "votes": _votes(advice),
            "dissent": {
                "heading": _("Dissenting opinion"),
                "rows": [{"text": f"”{cut(text, room.dissent)}”", "by": by} for text, by in (advice.dissents if advice else [])],
            },
            "ways": {
                "heading": ngettext("One way to decide", "%(n)s ways to decide", len(ways_of(item))) % {"n": words.counted(len(ways_of(item)))},
                "head": [_("Way"), _("For"), _("Against")],
                "rows": [[f"{letter}. {way['name']}", cut(way["pros"], room.cell), cut(way["cons"], room.cell)]
                         for letter, way in zip("ABC", ways_of(item), strict=False)],
            },
            "next": {"heading": _("What happens next"), "lines": _next(item, advice)},
            "words": {"framework": _("Area"), "picture": _("Claims"), "tally": _("Supported")},
            "tight": room.tight,
        }  # fmt: skip
        data["shortened"] = _("Texts that end with […] are shortened to fit two pages. They stand whole in the register.") if cut.cut else ""
        return data


def ways_of(item: Item) -> list[dict[str, str]]:
    """The ways to decide: those that the secretary wrote, else the three that there always are."""
    if item.ways:
        return [dict(way) for way in item.ways]
    if not item.result:
        return []
    tally, n = item.result["tally"], item.conditions.count()
    burden = ngettext("One condition must be met in time", "%(n)d conditions must be met in time", n) % {"n": n} if n else _("None that the committee named")
    return [
        {"name": _("Follow the advice"), "cons": burden,
         "pros": _("The committee stands behind it, with %(yes)d votes against %(no)d") % {"yes": tally["yes"], "no": tally["no"]}},
        {"name": _("Follow it in part"), "pros": _("What cannot be done now is left out, with reasons"),
         "cons": _("The committee weighed its advice as a whole")},
        {"name": _("Do not follow it"), "pros": _("The body is free to weigh otherwise"), "cons": _("The reasons are published beside the advice")},
    ]  # fmt: skip


def small(text: str) -> str:
    """With a small first letter, to stand inside a sentence."""
    return text[:1].lower() + text[1:]


def closed(text: str) -> str:
    """With an end mark, to stand before another sentence."""
    return text if text.endswith((".", "!", "?", "…", "]")) else f"{text}."


def _people(matter) -> str:
    said = []
    if matter.accountable:
        said.append(_("Accountable: %(name)s.") % {"name": matter.accountable.person.shown_name})
    if matter.overseer:
        said.append(_("Can pause it at once: %(name)s.") % {"name": matter.overseer.person.shown_name})
    return " ".join(said)


def _stands(snapshot: SnapshotView) -> dict[str, Any]:
    courses = []
    for course in snapshot.courses:
        statuses = sorted((stone.status for stone in course.stones), key=PICTURE_ORDER.index)
        held = statuses.count("supported")
        courses.append({"name": course.name, "stones": statuses, "tally": _("%(held)d of %(all)d") % {"held": held, "all": len(statuses)},
                        **{status: statuses.count(status) for status in PICTURE_ORDER}})  # fmt: skip
    total = sum(snapshot.counts.values())
    sentence = _("%(total)d things must hold: %(supported)d are supported, %(missing)d are missing, %(stale)d are stale and %(contested)d are contested.")
    return {
        "heading": _("How things stand"),
        "sentence": sentence % {"total": total, **snapshot.counts} if total else snapshot.sentence,
        "courses": courses,
        "key": [{"status": status, "word": str(STATUS_WORDS[status])} for status in ("supported", "missing", "stale", "contested")],
    }


def _missing(snapshot: SnapshotView, room: Room, cut: Cutter) -> dict[str, Any]:
    """What is wrong first: prohibitions, then contested and missing claims."""
    rows = [{"status": _("Prohibited"), "text": cut(f"{title}. {statement}", 240)} for title, statement in snapshot.prohibitions]
    open_claims = [claim for claim in snapshot.claims if claim.status in ("contested", "missing", "stale")]
    rows += [{"status": str(STATUS_WORDS[claim.status]), "text": claim.title} for claim in open_claims]
    left = len(rows) - room.missing
    rows = rows[: room.missing]
    if left > 0:
        rows.append({"status": _("And"), "text": ngettext("one more, in the frozen snapshot", "%(n)d more, in the frozen snapshot", left) % {"n": left}})
    return {"heading": _("What is not settled"), "rows": rows}


def _children(item: Item, snapshot: SnapshotView, cut: Cutter, room: Room) -> list[str]:
    content = item.snapshot.content
    lines = []
    count, ages, groups = (fact_of(content, name) for name in ("children_count", "age_bands", "child_groups"))
    if count:
        n = int(float(count[0]))
        lines.append(ngettext("About %(n)s child in a year.", "About %(n)s children in a year.", n) % {"n": number(n)})
    if ages:
        lines.append(_("Ages: %(ages)s.") % {"ages": words.listed(ages)})
    if content["matter"]["children"].get("where"):
        lines.append(closed(cut(content["matter"]["children"]["where"], room.cell)))
    if groups:
        lines.append(_("Think of in particular: %(groups)s.") % {"groups": words.listed(map(small, groups))})
    if not lines:
        return [_("Which children it concerns has not been answered.")]
    return [" ".join(lines)]


def _worst(item: Item, snapshot: SnapshotView) -> list[str]:
    content = item.snapshot.content
    harm, measure = answer_of(content, "worst_harm"), answer_of(content, "worst_harm_measure")
    if not harm:
        lines = [_("Nobody has answered yet how bad the worst harm to a child could be.")]
    else:
        lines = [_("The worst harm that could realistically befall a child: %(harm)s.") % {"harm": harm[:1].lower() + harm[1:]}]
        if measure:
            lines.append(_("Is there a measure against it, and does it work? %(measure)s.") % {"measure": measure})
    return [" ".join(lines)]


def _advice(item: Item, advice: PublicAdvice | None, room: Room, cut: Cutter) -> dict[str, Any]:
    committee = item.committee.name
    if advice is None:
        return {"heading": _("%(committee)s has not given its advice yet") % {"committee": committee}, "conditions": [], "conditions_heading": "",
                "lines": [_("It meets on %(day)s.") % {"day": fullday(item.meeting.starts_at)}]}  # fmt: skip
    kind = words.kind_with_count(advice.kind_words.lower(), len(advice.conditions))
    lines = [cut(advice.reasons, room.reasons), advice.tally_words]
    if advice.preliminary:
        lines.append(_("The committee was not quorate, so the advice is preliminary."))
    return {
        "heading": _("%(committee)s: %(kind)s") % {"committee": committee, "kind": kind},
        "lines": lines,
        "conditions_heading": _("Conditions"),
        "conditions": [{"text": cut(c.text, room.cell), "note": _condition_note(c)} for c in advice.conditions],
    }


def _condition_note(condition) -> str:
    parts = [condition.owner, shortday(condition.due_on) if condition.due_on else ""]
    said = ", ".join(part for part in parts if part)
    return f"({said})" if said else ""


def _votes(advice: PublicAdvice | None) -> dict[str, Any]:
    head = [_("Group"), _("Seats"), _("For"), _("Against"), _("Abstained"), _("Recused")]
    rows = [[g.name, *map(str, (g.seats, g.yes, g.no, g.abstain, g.recused))] for g in (advice.groups if advice else [])]
    return {"head": head, "rows": rows}


def _next(item: Item, advice: PublicAdvice | None) -> list[str]:
    if advice is None:
        return [_("The committee gives its advice, and those who decide answer it in writing.")]
    lines = [answer_line(advice)]
    if advice.decision:
        lines.append(_("Conditions that are taken on are followed up in the case, with owner and day."))
    else:
        lines.append(_("The answer is in writing, with reasons. Advice, dissent and answer are published in the register."))
    lines.append(_("When the system, the law or an answer changes, what depends on it goes stale, and the accountable person is asked."))
    return [" ".join(lines)]


# --- Word ------------------------------------------------------------------------------------------------------------


def _word_template(language: str) -> Document:
    """The paper with Jinja tags, in our look."""
    document = blank_word(language)
    line = document.add_paragraph
    line("{{ organisation }}{% if body %} · {{ body }}{% endif %}{% if reference %} · {{ reference }}{% endif %}", style="Quiet")
    document.add_heading("{{ title }}", level=1)
    line("{{ summary }}")
    document.add_heading("{{ proposal.heading }}", level=2)
    box = document.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
    box.paragraphs[0].add_run("{{ proposal.text }}").bold = True
    box.add_paragraph("{{ proposal.note }}", style="Quiet")
    document.add_heading("{{ stands.heading }}", level=2)
    line("{{ stands.sentence }}")
    _word_table(
        document, ["{{ words.framework }}", *(f"{{{{ stands.key[{n}].word }}}}" for n in range(4))], "course in stands.courses",
        ["{{ course.name }}", "{{ course.supported }}", "{{ course.missing }}", "{{ course.stale }}", "{{ course.contested }}"],
    )  # fmt: skip
    _word_list(document, "missing.rows", "{{ missing.heading }}", "{{ row.status }}: {{ row.text }}", "List Bullet")
    for part in ("children", "worst"):
        _word_lines(document, part)
    document.add_page_break()
    _word_lines(document, "advice")
    _word_list(document, "advice.conditions", "{{ advice.conditions_heading }}", "{{ row.text }} {{ row.note }}", "List Number", level=3)
    _word_table(
        document, [f"{{{{ votes.head[{n}] }}}}" for n in range(6)], "vote in votes.rows", [f"{{{{ vote[{n}] }}}}" for n in range(6)],
        when="votes.rows",
    )  # fmt: skip
    _word_list(document, "dissent.rows", "{{ dissent.heading }}", "{{ row.text }} {{ row.by }}", "Normal", level=3)
    document.add_heading("{{ ways.heading }}", level=2)
    _word_table(document, [f"{{{{ ways.head[{n}] }}}}" for n in range(3)], "way in ways.rows", [f"{{{{ way[{n}] }}}}" for n in range(3)])
    _word_lines(document, "next")
    line("{{ shortened }}", style="Quiet")
    line("{{ foot }}", style="Quiet")
    return document


def _word_lines(document: Document, part: str) -> None:
    document.add_heading(f"{{{{ {part}.heading }}}}", level=2)
    document.add_paragraph(f"{{%p for text in {part}.lines %}}")
    document.add_paragraph("{{ text }}")
    document.add_paragraph("{%p endfor %}")


def _word_list(document: Document, rows: str, heading: str, text: str, style: str, level: int = 2) -> None:
    document.add_paragraph(f"{{%p if {rows} %}}")
    document.add_heading(heading, level=level)
    document.add_paragraph(f"{{%p for row in {rows} %}}")
    document.add_paragraph(text, style=style)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endif %}")


def _word_table(document: Document, head: list[str], each: str, cells: list[str], when: str = "") -> None:
    """A table whose first row is marked as its heading and repeats; `each` is the loop over its rows."""
    if when:
        document.add_paragraph(f"{{%p if {when} %}}")
    table = document.add_table(rows=4, cols=len(head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    _repeats(table.rows[0])
    table.rows[1].cells[0].text = f"{{%tr for {each} %}}"
    for cell, text in zip(table.rows[2].cells, cells, strict=True):
        cell.text = text
    table.rows[3].cells[0].text = "{%tr endfor %}"
    if when:
        document.add_paragraph("{%p endif %}")


def _repeats(row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
