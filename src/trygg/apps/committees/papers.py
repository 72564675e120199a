"""Two pages for a councillor who never signs in: the question, the proposal, how things stand, the advice, the ways to decide.

Content comes from the frozen snapshot and the advice; it is drawn, and shortened to two pages, as all papers are (spine/papers).
"""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.committees import words
from trygg.apps.committees.models import Item
from trygg.apps.committees.selectors import PublicAdvice, answer_line, public_advice
from trygg.apps.committees.snapshots import SnapshotView, answer_of, fact_of, snapshot_view
from trygg.kernel.ui.documents import Blocks
from trygg.kernel.ui.parts import PICTURE_ORDER, STATUS_WORDS
from trygg.kernel.ui.words import fullday, number, shortday
from trygg.spine.papers import sections
from trygg.spine.papers.assembling import PAGES, Paper, fitted
from trygg.spine.papers.shortening import Cutter, Room, shortened
from trygg.spine.papers.word import word_of

MOST_MISSING = 5
State = Item.State

# Tried in turn, until two pages hold it: every condition, dissent and way stays, shorter and shorter.
ROOMS = (
    Room(entries=None, rows=None),
    Room(text=700, entry=240, entries=None, rows=None, tight=True),
    Room(text=450, entry=160, entries=None, rows=None, tight=True),
    Room(text=300, entry=110, entries=None, rows=None, tight=True),
    Room(text=180, entry=70, entries=None, rows=None, tight=True),
    Room(text=120, entry=60, entries=6, rows=8, courses=False, tight=True),
    Room(text=100, entry=60, entries=2, rows=4, courses=False, tight=True),
)


def pdf(item: Item, language: str, *, now: datetime) -> bytes:
    """The paper as tagged PDF (PDF/UA-1), at most two A4 pages."""
    return paper_of(item, language, now).pdf


def word_file(item: Item, language: str, *, now: datetime) -> bytes:
    """The paper as a Word file, with the same content as the PDF."""
    return word_of(paper_of(item, language, now).data, language)


def paper_of(item: Item, language: str, now: datetime) -> Paper:
    """The paper in the first room in which two pages hold it."""
    return fitted(lambda room: content(item, language, now=now, room=room), language, now, rooms=ROOMS)


def content(item: Item, language: str, *, now: datetime, room: Room = ROOMS[0]) -> dict[str, Any]:
    """Everything that the paper says, in `language`, as the template of all papers takes it."""
    with translation.override(language):
        snapshot = snapshot_view(item.snapshot)
        advice = public_advice(item, today=timezone.localdate(now)) if item.reached(State.ADVISED) else None
        cut = Cutter(room)
        parts = [
            ("stands", _("How things stand"), _stands(snapshot)),
            ("missing", _("What is not settled"), _missing(snapshot)),
            ("children", _("Which children"), [sections.text(line) for line in _children(item)]),
            ("worst", _("The worst that can happen"), [sections.text(line) for line in _worst(item)]),
            ("advice", *_advice(item, advice)),
            ("ways", *_ways(item)),
            ("next", _("What happens next"), [sections.text(line) for line in _next(item, advice)]),
        ]
        shown, was_cut = [], False
        for name, heading, blocks in parts:
            short, cut_here = shortened(blocks, room, 0)
            was_cut = was_cut or cut_here
            if short:
                shown.append({"name": name, "number": 0, "heading": cut.entry(heading), "content": Blocks(short), "break": name == "advice"})
        data = {
            "kind": "",
            "title": cut.text(item.title),
            "organisation": snapshot.owner,
            "body": snapshot.deciding_body,
            "reference": snapshot.diary_number,
            "date": fullday(timezone.localdate(now)),
            "foot": _("What the committee read was frozen on %(day)s. Check code %(code)s") % {"day": fullday(item.snapshot.made_at), "code": snapshot.code},
            "summary": cut.text(snapshot.summary),
            "facts": [],
            "proposal": {
                "heading": _("Proposal") if item.proposal else _("What is asked"),
                "text": cut.text(item.proposal) if advice and item.proposal else cut.text(item.title),
                "note": cut.entry(_people(item.matter)),
            },
            "sections": shown,
            "limit": PAGES,
            "tight": room.tight,
            "contents": "",
        }  # fmt: skip
        note = _("Texts that end with […] are shortened to fit two pages. They stand whole in the register.")
        return data | {"shortened": note if was_cut or cut.cut else ""}


def ways_of(item: Item) -> list[dict[str, str]]:
    """The ways to decide: those that the secretary wrote, else the three that there always are."""
    if item.ways:
        return [dict(way) for way in item.ways]
    if not item.result or not item.reached(State.ADVISED):  # the votes stay among the members until the advice is given
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


def _stands(snapshot: SnapshotView) -> list[dict[str, Any]]:
    courses = []
    for course in snapshot.courses:
        statuses = sorted((stone.status for stone in course.stones), key=PICTURE_ORDER.index)
        tally = _("%(held)d of %(all)d") % {"held": statuses.count("supported"), "all": len(statuses)}
        courses.append({"name": course.name, "stones": statuses, "tally": tally})
    total = sum(snapshot.counts.values())
    sentence = _("%(total)d things must hold: %(supported)d are supported, %(missing)d are missing, %(stale)d are stale and %(contested)d are contested.")
    said = [sections.text(sentence % {"total": total, **snapshot.counts} if total else snapshot.sentence)]
    if not courses:
        return said
    keys = [{"status": status, "word": str(STATUS_WORDS[status])} for status in ("supported", "missing", "stale", "contested")]
    labels = {"framework": _("Area"), "picture": _("Claims"), "tally": _("Supported")}
    return [*said, {"kind": "courses", "courses": courses, "words": labels, "key": keys}]


def _missing(snapshot: SnapshotView) -> list[dict[str, Any]]:
    """What is wrong first: prohibitions, then contested and missing claims."""
    rows = [{"lead": _("Prohibited"), "text": f"{title}. {statement}"} for title, statement in snapshot.prohibitions]
    open_claims = [claim for claim in snapshot.claims if claim.status in ("contested", "missing", "stale")]
    rows += [{"lead": str(STATUS_WORDS[claim.status]), "text": claim.title} for claim in open_claims]
    left = len(rows) - MOST_MISSING
    rows = rows[:MOST_MISSING]
    if left > 0:
        rows.append({"lead": _("And"), "text": ngettext("one more, in the frozen snapshot", "%(n)d more, in the frozen snapshot", left) % {"n": left}})
    return [sections.items(*rows)] if rows else []


def _children(item: Item) -> list[str]:
    content = item.snapshot.content
    lines = []
    count, ages, groups = (fact_of(content, name) for name in ("children_count", "age_bands", "child_groups"))
    if count:
        n = int(float(count[0]))
        lines.append(ngettext("About %(n)s child in a year.", "About %(n)s children in a year.", n) % {"n": number(n)})
    if ages:
        lines.append(_("Ages: %(ages)s.") % {"ages": words.listed(ages)})
    if content["matter"]["children"].get("where"):
        lines.append(closed(content["matter"]["children"]["where"]))
    if groups:
        lines.append(_("Think of in particular: %(groups)s.") % {"groups": words.listed(map(small, groups))})
    return [" ".join(lines) if lines else _("Which children it concerns has not been answered.")]


def _worst(item: Item) -> list[str]:
    content = item.snapshot.content
    harm, measure = answer_of(content, "worst_harm"), answer_of(content, "worst_harm_measure")
    if not harm:
        lines = [_("Nobody has answered yet how bad the worst harm to a child could be.")]
    else:
        lines = [_("The worst harm that could realistically befall a child: %(harm)s.") % {"harm": harm[:1].lower() + harm[1:]}]
        if measure:
            lines.append(_("Is there a measure against it, and does it work? %(measure)s.") % {"measure": measure})
    return [" ".join(lines)]


def _advice(item: Item, advice: PublicAdvice | None) -> tuple[str, list[dict[str, Any]]]:
    """(heading, blocks): the advice with its conditions, votes by group and dissent; before it, when the committee meets."""
    committee = item.committee.name
    if advice is None:
        heading = _("%(committee)s has not given its advice yet") % {"committee": committee}
        return heading, [sections.text(_("It meets on %(day)s.") % {"day": fullday(item.meeting.starts_at)})]
    kind = words.kind_with_count(advice.kind_words.lower(), len(advice.conditions))
    blocks = [sections.text(advice.reasons), sections.text(advice.tally_words)]
    if advice.preliminary:
        blocks.append(sections.text(_("The committee was not quorate, so the advice is preliminary.")))
    if advice.conditions:
        rows = [{"text": condition.text, "note": _condition_note(condition)} for condition in advice.conditions]
        blocks += [sections.heading(_("Conditions")), sections.items(*rows, numbered=True)]
    head = [_("Group"), _("Seats"), _("For"), _("Against"), _("Abstained"), _("Recused")]
    groups = [[g.name, *map(str, (g.seats, g.yes, g.no, g.abstain, g.recused))] for g in advice.groups]
    if groups:
        blocks.append(sections.table(head, groups, [3.2, 0.9, 0.7, 0.9, 1.2, 1.1]))
    if advice.dissents:
        blocks += [sections.heading(_("Dissenting opinion")), *(sections.quote(f"”{text}”", by) for text, by in advice.dissents)]
    return _("%(committee)s: %(kind)s") % {"committee": committee, "kind": kind}, blocks


def _ways(item: Item) -> tuple[str, list[dict[str, Any]]]:
    ways = ways_of(item)
    if not ways:
        return "", []
    heading = ngettext("One way to decide", "%(n)s ways to decide", len(ways)) % {"n": words.counted(len(ways))}
    rows = [[f"{letter}. {way['name']}", way["pros"], way["cons"]] for letter, way in zip("ABC", ways, strict=False)]
    return heading, [sections.table([_("Way"), _("For"), _("Against")], rows, [1, 1.3, 1.3])]


def _condition_note(condition) -> str:
    parts = [condition.owner, shortday(condition.due_on) if condition.due_on else ""]
    said = ", ".join(part for part in parts if part)
    return f"({said})" if said else ""


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
