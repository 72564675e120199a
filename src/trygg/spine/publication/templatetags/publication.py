"""How texts of a published version come onto a page: always cleaned, with their language."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from trygg.kernel.ui.parts import Claim, Reason
from trygg.spine.publication import readings
from trygg.spine.publication.rich import plain, rich
from trygg.spine.publication.texts import pick, tongue

register = template.Library()


@register.filter
def said(text) -> SafeString | str:
    """A Text in one line, in the reader's language where it is known; marked when it is in another."""
    words, language = pick(text)
    if language and language != tongue():
        return format_html('<span lang="{}">{}</span>', language, plain(words))
    return plain(words)


@register.filter
def told(text) -> SafeString:
    """A Text with its paragraphs; a plain string too."""
    return rich(text) if isinstance(text, str) else readings.said_html(text)


@register.filter
def isodate(value: str) -> date | None:
    """The date of an ISO text."""
    return date.fromisoformat(value) if value else None


@register.filter
def as_claims(rows) -> list[Claim]:
    """Claims of the content as the component takes them: the expert's words, every reason, roles as owners."""
    return [
        Claim(
            title=said(row["text"]["expert"]), status=row["status"], refs=said(row["refs"]),
            reasons=[Reason(reason["status"], said(reason["text"])) for reason in row["reasons"]], owner=said(row["owner"]),
            due=isodate(row["due_on"]),
        )
        for row in rows
    ]  # fmt: skip


@register.filter
def as_reasons(rows, reading: str = "plain") -> list[Reason]:
    """Claims as short lines: the plain or the child's words; what contests a claim stands behind it."""
    found = []
    for row in rows:
        words = str(said(row["text"][reading])) or str(said(row["text"]["expert"]))
        against = next((said(reason["text"]) for reason in row["reasons"] if reason["status"] == "contested"), "")
        found.append(Reason(row["status"], f"{words} {against}".strip() if reading == "plain" else words))
    return found


@register.filter
def as_seats(rows) -> list:
    return readings.seat_rows(rows)


@register.filter
def told_or_html(value) -> SafeString:
    """An answer that is HTML already stays; any other is made into paragraphs."""
    return value if isinstance(value, SafeString) and str(value).lstrip().startswith("<") else rich(str(value))


@register.simple_tag
def url_mail(address: str) -> str:
    return f"mailto:{address}"
