"""The components, as docs/ui.md lists them. Each has its own template in templates/ui/components."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from trygg.kernel.ledger import once as sent_once
from trygg.kernel.safeguard.templatetags.safeguarding import safeguarding_box
from trygg.kernel.ui import parts, words

register = template.Library()

for name in ("day", "shortday", "fullday", "moment", "clock"):
    register.filter(name, getattr(words, name))


@register.filter
def number(value, decimals=None) -> str:
    return words.number(value, None if decimals is None else int(decimals))


@register.filter
def percent(value, decimals=0) -> str:
    return words.percent(value, decimals)


@register.filter(needs_autoescape=True)
def nobreak(text, autoescape=True) -> SafeString:
    """Keeps AI-system and the like on one line."""
    escaped = conditional_escape(text) if autoescape else text
    return mark_safe(re.sub(r"\bAI-[\w]+", r'<span class="t-nowrap">\g<0></span>', str(escaped)))


@register.filter
def get(mapping, key):
    """mapping[key], empty when it is not there."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def is_list(value) -> bool:
    return isinstance(value, list | tuple)


@register.simple_tag
def once() -> SafeString:
    """Beside `{% csrf_token %}` in a form that makes something: sent twice, it acts once."""
    return format_html('<input type="hidden" name="{}" value="{}">', sent_once.FIELD, sent_once.new_token())


# Small marks ------------------------------------------------------------------------------------


def part(thing, key: str, default=""):
    """Field of a dataclass or dict."""
    value = thing.get(key, default) if isinstance(thing, Mapping) else getattr(thing, key, default)
    return default if value is None else value


def icon_html(name: str, turns: bool = False) -> SafeString:
    if not name:
        return mark_safe("")
    return format_html(
        '<svg class="t-icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        " t-icon--turns" if turns else "",
        static("vendor/trygg/icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, turns: bool = False) -> SafeString:
    return icon_html(name, turns)


@register.simple_tag
def picture(name: str) -> SafeString:
    """One of the two drawings for children's pages: pic-book, pic-talk."""
    return format_html(
        '<svg class="t-pic" viewBox="0 0 200 150" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("vendor/trygg/icons.svg"),
        name,
    )


def word_of(status: str, reading: str = "") -> str:
    return str((parts.CHILD_STATUS_WORDS if reading == "child" else parts.STATUS_WORDS)[str(status)])


@register.simple_tag
def status_word(status: str, reading: str = "") -> str:
    return word_of(status, reading)


@register.simple_tag
def state_chip(status: str, reading: str = "") -> SafeString:
    return format_html(
        '<span class="t-state t-state--{}">{}{}</span>', status, icon_html(str(status)), word_of(status, reading)
    )


@register.simple_tag
def stone(status: str, title: str = "", url: str = "", reading: str = "") -> SafeString:
    hidden = f"{word_of(status, reading)}: {title}" if title else word_of(status, reading)
    inner = format_html('<span class="govuk-visually-hidden">{}</span>{}', hidden, icon_html(str(status)))
    if url:
        return format_html('<a class="t-stone t-stone--{}" href="{}" title="{}">{}</a>', status, url, title, inner)
    return format_html('<span class="t-stone t-stone--{}">{}</span>', status, inner)


@register.simple_tag
def strip(statuses: Iterable[str]) -> SafeString:
    """The small picture. It says nothing to a screen reader: the numbers stand beside it in words."""
    ordered = sorted((str(status) for status in statuses), key=parts.PICTURE_ORDER.index)
    stones = format_html_join(
        "", '<li><span class="t-stone t-stone--{}"></span></li>', ((status,) for status in ordered)
    )
    return format_html('<ul class="t-strip" aria-hidden="true">{}</ul>', stones)


# The picture of a case --------------------------------------------------------------------------


def count_statuses(courses: Iterable) -> Counter:
    return Counter(str(part(stone, "status")) for course in courses for stone in part(course, "stones", ()))


@register.inclusion_tag("ui/components/four_numbers.html")
def four_numbers(counts: Mapping, reading: str = "") -> dict:
    return {"numbers": [(status, counts.get(status, 0), word_of(status, reading)) for status in parts.NUMBER_ORDER]}


def ordered_courses(courses: Iterable) -> list[dict]:
    shown = []
    for course in courses:
        stones = sorted(
            part(course, "stones", ()), key=lambda stone: parts.PICTURE_ORDER.index(str(part(stone, "status")))
        )
        held = sum(str(part(stone, "status")) == "supported" for stone in stones)
        shown.append(
            {
                "name": part(course, "name"),
                "note": part(course, "note"),
                "stones": stones,
                "held": held,
                "all": len(stones),
            }
        )
    return shown


@register.inclusion_tag("ui/components/courses.html")
def courses(courses: Iterable, reading: str = "") -> dict:
    return {"courses": ordered_courses(courses), "reading": reading}


@register.inclusion_tag("ui/components/case_picture.html")
def case_picture(
    courses: Iterable, heading: str = "", sentence: str = "", id: str = "picture", reading: str = ""
) -> dict:
    courses = list(courses)
    return {
        "courses": courses,
        "counts": count_statuses(courses),
        "heading": heading or gettext("How things stand"),
        "sentence": sentence,
        "id": id,
        "reading": reading,
        "linked": any(part(s, "url") for c in courses for s in part(c, "stones", ())),
    }


# Claims -----------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/claim_row.html")
def claim_row(claim, level: int = 3) -> dict:
    due = part(claim, "due")
    return {"claim": claim, "level": level, "due_date": due if isinstance(due, date | datetime) else None, "due": due}


@register.inclusion_tag("ui/components/claim_list.html")
def claim_list(claims: Iterable, level: int = 3) -> dict:
    return {
        "claims": sorted(claims, key=lambda claim: parts.LIST_ORDER.index(str(part(claim, "status")))),
        "level": level,
    }


@register.inclusion_tag("ui/components/reasons.html")
def reasons(reasons: Iterable) -> dict:
    return {"reasons": reasons}


# Status header ----------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/status_header.html")
def status_header(header) -> dict:
    return {"header": header}


@register.inclusion_tag("ui/components/stages.html")
def stages(stages: Sequence, present: int | None) -> dict:
    return {
        "stages": [part(stage, "name") if not isinstance(stage, str) else stage for stage in stages],
        "present": present,
    }


@register.inclusion_tag("ui/components/steps.html")
def steps(names: Sequence[str], present: int) -> dict:
    return {"names": names, "present": present}


@register.inclusion_tag("ui/components/facts.html")
def facts(facts: Iterable) -> dict:
    return {"facts": facts}


@register.inclusion_tag("ui/components/act.html")
def act(text: str, url: str, why: str = "") -> dict:
    return {"text": text, "url": url, "why": why}


@register.inclusion_tag("ui/components/submit.html")
def submit(text: str, why: str = "", name: str = "", value: str = "", secondary: bool = False, icon: str = "") -> dict:
    """The button of a form; `secondary` for the second one, `name` and `value` when a form has two."""
    return {"text": text, "why": why, "name": name, "value": value, "secondary": secondary, "icon": icon}


# Time and work ----------------------------------------------------------------------------------


def as_day(value) -> date | None:
    if isinstance(value, datetime):
        return words.local(value).date()
    return value or None


@register.inclusion_tag("ui/components/timeline.html", takes_context=True)
def timeline(context, events: Iterable) -> dict:
    today = context.get("today")
    rows = sorted(events, key=lambda event: (as_day(part(event, "when")), str(part(event, "when"))), reverse=True)
    shown = [
        {
            "event": event,
            "ahead": bool(today) and as_day(part(event, "when")) > today,
            "year": bool(today) and as_day(part(event, "when")).year != today.year,
        }
        for event in rows
    ]
    return {"rows": shown}


@register.inclusion_tag("ui/components/task_list.html", takes_context=True)
def task_list(context, tasks: Iterable, level: int = 3) -> dict:
    today = context.get("today")
    rows = []
    for task in tasks:
        due = part(task, "due", None)
        headline, under, late = words.due_words(due, today) if due else ("", "", False)
        rows.append({"task": task, "headline": headline, "under": part(task, "note") or under, "late": late})
    return {"rows": rows, "level": level}


@register.inclusion_tag("ui/components/empty.html")
def empty_state(heading: str, text: str = "", level: int = 3) -> dict:
    """Not called `empty`: inside a {% for %} that word belongs to the loop."""
    return {"heading": heading, "text": text, "level": level}


@register.inclusion_tag("ui/components/job.html")
def job(job, id: str = "job") -> dict:
    return {"job": job, "id": id}


@register.inclusion_tag("ui/components/saved.html")
def saved(text: str = "", form: str = "", ok: bool = True) -> dict:
    """`form` is the id of the form that is saved by itself."""
    return {"text": text, "form": form, "ok": ok}


# Committee --------------------------------------------------------------------------------------


@register.simple_tag
def vote(kind: str) -> SafeString:
    symbol, word = parts.VOTES[kind]
    css = {"yes": "yes", "no": "no"}.get(kind, "out")
    return format_html('<span class="t-vote t-vote--{}">{}{}</span>', css, icon_html(symbol), word)


@register.inclusion_tag("ui/components/seats.html")
def seats(rows: Iterable, before: bool = True, caption: str = "") -> dict:
    """`before`: also what each group thought before the discussion, where that is known."""
    rows = list(rows)
    return {"rows": rows, "before": before and any(row.before for row in rows), "caption": caption or gettext("Votes by group")}


@register.inclusion_tag("ui/components/sealed.html")
def sealed(given: int, waiting: int) -> dict:
    """Sealed answers are counted, never named."""
    return {"given": range(given), "waiting": range(waiting), "number": given, "all": given + waiting}


@register.inclusion_tag("ui/components/dissent.html")
def dissent(text: str, by: str = "") -> dict:
    return {"text": text, "by": by}


# Lists and tables -------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Iterable) -> dict:
    return {"rows": rows}


@register.inclusion_tag("ui/components/table.html")
def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence], numeric: str = "", hide_caption: bool = False
) -> dict:
    columns = {int(column) for column in str(numeric).split()}
    cells = [
        [
            {"value": value, "numeric": index in columns, "url": part(value, "url"), "text": part(value, "text")}
            for index, value in enumerate(row)
        ]
        for row in rows
    ]
    return {
        "caption": caption,
        "head": [(text, index in columns) for index, text in enumerate(head)],
        "rows": cells,
        "hide_caption": hide_caption,
    }


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context, page: Page, parameter: str = "page") -> dict:
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request else {}
        query[parameter] = number
        return "?" + (query.urlencode() if request else f"{parameter}={number}")

    pages = [
        (n, address(n) if isinstance(n, int) else "")
        for n in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "pages": pages,
        "previous": address(page.number - 1) if page.has_previous() else "",
        "next": address(page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("ui/components/files.html")
def files(items: Iterable) -> dict:
    return {"items": items}


@register.inclusion_tag("ui/components/qa.html")
def qa(items: Iterable) -> dict:
    return {"items": items}


@register.inclusion_tag("ui/components/rules.html")
def rules(items: Iterable) -> dict:
    """Short lines with a state icon each: (status, text)."""
    return {"items": [(part(i, "status"), part(i, "text")) if not isinstance(i, tuple) else i for i in items]}


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(*pairs) -> dict:
    return {"links": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("ui/components/reading_switch.html", takes_context=True)
def reading_switch(context, present: str = "parent") -> dict:
    request = context.get("request")

    def address(key: str) -> str:
        query = request.GET.copy() if request else {}
        query["reading"] = key
        return "?" + (query.urlencode() if request else f"reading={key}")

    return {"readings": [(key, symbol, word, address(key)) for key, symbol, word in parts.READINGS], "present": present}


@register.inclusion_tag("ui/components/listen.html")
def listen() -> dict:
    """Have the page read aloud by the device; shown only where script and a voice in the page's language are there."""
    return {}


@register.inclusion_tag("ui/components/chart.html")
def chart(picture) -> dict:
    """`picture` is what ui.charts.svg gave: our own SVG, in which texts are escaped."""
    return {"picture": picture, "svg": mark_safe(part(picture, "svg"))}


# Forms and messages -----------------------------------------------------------------------------


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(*forms) -> dict:
    found = []
    for form in forms:
        if not form or not getattr(form, "errors", None):
            continue
        found += [("", message) for message in form.non_field_errors()]
        for bound in form:
            target = "" if bound.is_hidden else getattr(bound, "summary_target", bound.id_for_label)
            found += [(target, message) for message in getattr(bound, "shown_errors", bound.errors)]
    return {"errors": found}


# Help -------------------------------------------------------------------------------------------


@register.inclusion_tag("safeguard/help_box.html", takes_context=True)
def help_box(context) -> dict:
    """A trusted adult first, then the numbers of `jurisdiction` in the context; words and numbers are kernel/safeguard's."""
    return safeguarding_box(context)


@register.inclusion_tag("ui/components/leave_link.html", takes_context=True)
def leave_link(context, short: bool = False) -> dict:
    return {"leave_url": context.get("leave_url", "https://www.yr.no/"), "short": short}


# Blocks that take content -----------------------------------------------------------------------


def framed(name: str, content: str, **values) -> SafeString:
    return template.loader.get_template(f"ui/components/{name}.html").render({"content": content, **values})


@register.simple_block_tag
def card(content, heading: str = "", quiet: bool = False, level: int = 2):
    return framed("card", content, heading=heading, quiet=quiet, level=level)


@register.simple_block_tag
def details(content, summary: str, open: bool = False):
    return framed("details", content, summary=summary, open=open)


@register.simple_block_tag
def inset(content):
    return framed("inset", content)


@register.simple_block_tag
def warning(content):
    return framed("warning", content)


@register.simple_block_tag
def notification(content, heading: str = "", success: bool = False, id: str = "notification"):
    return framed("notification", content, heading=heading, success=success, id=id)


@register.simple_block_tag
def capture(content):
    """Keeps what is inside in a variable: {% capture as name %}...{% endcapture %}."""
    return mark_safe(content.strip())
