"""From content to page: what each reading shows. Plain values for the template, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from trygg.kernel.ui.parts import QA, Course, Row, SeatRow, Stone
from trygg.kernel.ui.words import number
from trygg.spine.matters.models import Matter
from trygg.spine.publication.rich import plain, rich
from trygg.spine.publication.texts import Text, pick, tongue, words_of

PARENT, CHILD, DETAILS = "parent", "child", "details"
ALIASES = {"all": DETAILS, "expert": DETAILS}
SHOWN_AT_ONCE = 4
URGENT = ("contested", "missing", "stale", "supported")


def reading_named(word: str) -> str:
    """The reading that a reader asked for; parent for anything else."""
    word = ALIASES.get(word, word)
    return word if word in (PARENT, CHILD, DETAILS) else PARENT


def marked(html: str, language: str) -> SafeString:
    """HTML with its language, where that is another than the page's."""
    if language and language != tongue():
        return mark_safe(f'<div lang="{language}">{html}</div>')
    return mark_safe(html)


def said_html(text: Text | None) -> SafeString:
    """A Text as HTML, cleaned or escaped."""
    words, language = pick(text)
    return marked(rich(words), language) if words else mark_safe("")


def line(text: Text | None) -> str:
    """A Text as one line without markup."""
    return plain(words_of(text))


@dataclass(frozen=True)
class Piece:
    """A heading and what stands under it, on a child's page."""

    icon: str
    heading: str
    body: SafeString


def page_of(content: Mapping, reading: str) -> dict:
    """The context of a page in one reading."""
    made = {PARENT: _parent, CHILD: _child, DETAILS: _details}[reading](content)
    return {
        "content": content,
        "reading": reading,
        "host_name": content["owner"]["host"],
        "jurisdiction": content["jurisdiction"],
        "prohibited": content["case"]["prohibited"],
        "forbidden": [rule for rule in content["case"]["rules"] if rule["result"] == "prohibited"],
        **made,
    }


# Parents ----------------------------------------------------------------------------------------


def _parent(content: Mapping) -> dict:
    claims = content["case"]["claims"]
    unsettled = [claim for claim in claims if claim["status"] != "supported"]
    return {
        "heading": line(content["headline"]) or line(content["title"]),
        "lede": said_html(content["summary"]),
        "questions": _questions(content),
        "unsettled": unsettled[:SHOWN_AT_ONCE],
        "more_unsettled": unsettled[SHOWN_AT_ONCE:],
        "open_sentence": open_sentence(content["case"]["counts"]),
        "sections": [section for section in content["sections"] if not section.get("expert")],
        "brief": _brief(content),
        "stage_words": stage_words(content["stage"]),
    }


def _questions(content: Mapping) -> list[QA]:
    """What a parent asks first. A question without an answer is asked all the same: the hole is shown."""
    answers, children = content["answers"], content["children"]
    nothing = _("We have not written this down yet.")
    plan = content["kind"] == Matter.Kind.PLAN
    asked = []
    if not plan:
        asked.append(QA(_("Must my child take part?"), _say_no(content) or nothing, "question"))
        asked.append(
            QA(_("What happens with what it learns about my child?"), said_html(answers["data"]) or nothing, "lock")
        )
    asked.append(QA(_("How do I get hold of a human?"), said_html(answers["human"]) or nothing, "people"))
    optional = [
        (_("Where do children meet it?"), children["where"], "school"),
        (_("How are children told?"), children["told"], "comment"),
        (_("How do I object?"), children["object"], "question"),
        (_("How is something wrong put right?"), children["correct"], "pencil"),
    ]
    return asked + [QA(question, said_html(text), icon) for question, text, icon in optional if text]


def _say_no(content: Mapping) -> SafeString:
    """The answer first, in one word, when the fact is known; then the officer's words."""
    first = {
        "same_goal": pgettext("must my child take part?", "No."),
        "worse": _("No, but the other way is not as good."),
        "cannot": pgettext("must my child take part?", "Yes."),
    }.get(content["can_say_no"] or "", "")
    words = said_html(content["answers"]["say_no"])
    if not first:
        return words
    begun = (
        plain(words_of(content["answers"]["say_no"]))
        .casefold()
        .startswith((first.casefold(), first.rstrip(".").casefold() + ","))
    )
    if begun:
        return words
    bold = format_html("<b>{}</b>", first)
    return mark_safe(f"<p>{bold} {words[3:]}" if words.startswith("<p>") else f"<p>{bold}</p>{words}")


def _brief(content: Mapping) -> list[tuple[str, str]]:
    """What holds (at most three), then how much does not: (status, sentence)."""
    case = content["case"]
    held = [claim for claim in case["claims"] if claim["status"] == "supported"]
    lines = [("supported", line(claim["text"]["plain"])) for claim in held[:3]]
    if len(held) > 3:
        more = len(held) - 3
        lines.append(
            (
                "supported",
                ngettext("%(n)s more thing is in order", "%(n)s more things are in order", more) % {"n": number(more)},
            )
        )
    return lines + [
        (status, words)
        for status in ("missing", "stale", "contested")
        if (words := count_words(status, case["counts"].get(status, 0)))
    ]


def count_words(status: str, n: int) -> str:
    """How much of what must hold has a status, as a sentence; empty for none."""
    if not n:
        return ""
    words = {
        "contested": lambda: ngettext("%(n)s thing is contested", "%(n)s things are contested", n),
        "missing": lambda: ngettext("%(n)s thing is missing", "%(n)s things are missing", n),
        "stale": lambda: ngettext("%(n)s thing is out of date", "%(n)s things are out of date", n),
        "supported": lambda: ngettext("%(n)s thing is in order", "%(n)s things are in order", n),
    }[status]()
    return words % {"n": number(n)}


def open_sentence(counts: Mapping[str, int]) -> str:
    """What is not settled, in one sentence."""
    if not sum(counts.get(status, 0) for status in URGENT):
        return _("We have not worked out yet what must hold for children here.")
    found = [
        words for status in ("contested", "missing", "stale") if (words := count_words(status, counts.get(status, 0)))
    ]
    if not found:
        return _("Everything that we must show is shown.")
    if len(found) > 1:
        # Translators: the last of several: "2 things are contested, 3 things are missing and 1 thing is out of date"
        return _("%(first)s and %(last)s.") % {"first": ", ".join(found[:-1]), "last": found[-1]}
    return f"{found[0]}."


def stage_words(stage: str) -> str:
    """Where it stands, as a sentence."""
    return {
        Matter.Stage.IDEA: _("It is an idea. It is not used."),
        Matter.Stage.PROCUREMENT: _("It is being bought. It is not used yet."),
        Matter.Stage.TRIAL: _("It is being tried."),
        Matter.Stage.IN_USE: _("It is in use."),
        Matter.Stage.PAUSED: _("It is paused. It is not used right now."),
        Matter.Stage.RETIRED: _("It is no longer used."),
        Matter.Stage.DRAFT: _("It is a draft. Nothing is decided."),
        Matter.Stage.CONSULTED: _("People have been asked. Nothing is decided."),
        Matter.Stage.DECIDED: _("It is decided."),
        Matter.Stage.FOLLOWED_UP: _("It is decided, and has been followed up."),
    }.get(stage, "")


# Children ---------------------------------------------------------------------------------------


def _child(content: Mapping) -> dict:
    child, plan = content["child"], content["kind"] == Matter.Kind.PLAN
    title = line(content["title"])
    ask = _("We do not know yet. Ask a grown-up.")
    pieces = [
        Piece(
            "listen" if not plan else "document",
            _("What does it do?") if not plan else _("What is it about?"),
            said_html(child["summary"]) or rich(_("Nobody has written it for you yet. Ask a grown-up to tell you.")),
        )
    ]
    if not plan:
        pieces.append(
            Piece(
                "info",
                _("Is it a human?"),
                rich(_("No. It is a computer program. People call it AI. Sometimes it is wrong.")),
            )
        )
    pieces.append(
        Piece(
            "people",
            _("Who decides?"),
            said_html(child["decides"])
            or rich(_("Grown-ups decide. Did something go wrong? Tell a grown-up whom you trust.")),
        )
    )
    if not plan:
        pieces.append(
            Piece("tick", _("Do I have to?"), said_html(child["say_no"]) or rich(_child_say_no(content) or ask))
        )
        pieces.append(Piece("lock", _("Is anything about me kept?"), said_html(child["data"]) or rich(ask)))
    pieces += [
        Piece("comment", line(section["heading"]), said_html(section["child"]))
        for section in content["sections"]
        if section.get("child")
    ]
    unsettled = [
        claim
        for claim in content["case"]["claims"]
        if claim["status"] in ("contested", "missing") and line(claim["text"]["child"])
    ]
    return {
        "heading": line(child["headline"]) or (_("What is %(title)s?") % {"title": title}),
        "pieces": pieces,
        "ready": not any(content["case"]["counts"].get(status, 0) for status in ("contested", "missing", "stale")),
        "judged": bool(content["case"]["claims"]),
        "unsettled": unsettled[:3],
        "off": content["stage"]
        not in (Matter.Stage.TRIAL, Matter.Stage.IN_USE, Matter.Stage.DECIDED, Matter.Stage.FOLLOWED_UP),
    }


def _child_say_no(content: Mapping) -> str:
    return {
        "same_goal": _("No. You may say no. Then you do it in another way."),
        "worse": _("No. You may say no. But the other way is not as good."),
        "cannot": _("Yes. Everyone has to. You may ask why."),
    }.get(content["can_say_no"] or "", "")


# Everything -------------------------------------------------------------------------------------


def _details(content: Mapping) -> dict:
    case = content["case"]
    return {
        "heading": line(content["title"]),
        "lede": said_html(content["summary"]),
        "rows": _rows(content),
        "courses": _courses(case),
        "counts": case["counts"],
        "open_sentence": open_sentence(case["counts"]),
        "sections": content["sections"],
        "questions": _questions(content),
        "stage_words": stage_words(content["stage"]),
    }


def _courses(case: Mapping) -> list[Course]:
    names = {framework["id"]: line(framework["title"]) for framework in case["frameworks"]}
    found: dict[str, list[Stone]] = {}
    for claim in case["claims"]:
        name = names.get(claim["framework"]) or (claim["framework"] or _("Conditions of the decision"))
        found.setdefault(name, []).append(Stone(claim["status"], line(claim["text"]["expert"])))
    return [Course(name, stones=stones) for name, stones in found.items()]


def _rows(content: Mapping) -> list[Row]:
    """The head of the matter as a list of facts; what is not known is said."""
    system, decides, roles = content["system"] or {}, content["decides"], content["roles"]
    unknown = _("not stated")
    kinds, stages = dict(Matter.Kind.choices), dict(Matter.Stage.choices)
    rows = [
        Row(_("Name"), line(content["title"])),
        Row(_("Kind"), str(kinds.get(content["kind"], content["kind"]))),
        Row(_("Stage"), str(stages.get(content["stage"], content["stage"]))),
        Row(_("Owner"), content["owner"]["name"]),
        Row(_("Answers for it"), line(roles["accountable"]) or unknown),
        Row(_("Can pause it at once"), line(roles["overseer"]) or unknown),
        Row(_("Decides on it"), ", ".join(filter(None, (decides["body"], decides["organisation"]))) or unknown),
        Row(_("Decides about the child"), line(decides["about_the_child"]) or unknown),
    ]
    if system:
        rows += [
            Row(_("System"), plain(system["name"])),
            Row(_("Made by"), plain(system["vendor"]) or unknown),
            Row(_("Version"), system["version"] or unknown),
        ]
        if system["parts"]:
            rows.append(Row(_("Contains"), [plain(part) for part in system["parts"]]))
    audience = content["audience"]
    rows += [
        Row(_("Ages"), ", ".join(line(choice["label"]) for choice in audience["ages"]) or unknown),
        Row(_("Setting"), ", ".join(line(choice["label"]) for choice in audience["settings"]) or unknown),
        Row(_("Diary number"), content["diary_number"] or unknown),
    ]
    return rows


def seat_rows(seats: list[Mapping]) -> list[SeatRow]:
    """A section's seats as the component takes them."""
    return [
        SeatRow(line(seat["group"]), seat["places"], line(seat.get("before")), seat.get("votes", ())) for seat in seats
    ]
