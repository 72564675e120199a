"""The lines of the public list as HTML. A line depends on nothing but what it shows, so it is rendered once and kept."""

from collections.abc import Iterable
from html import escape

from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from trygg.spine.publication.models import PublishedEntry

KEPT = 4000
STATES = ("contested", "missing", "stale", "supported")
_lines: dict[tuple, str] = {}


def lines(rows: Iterable[PublishedEntry], carried: str = "") -> SafeString:
    """The lines of `rows` in the reader's language; `carried` is the query string that their links take along."""
    language = get_language() or ""
    made = [_line(row, language) for row in rows]
    if carried:
        made = [_carrying(line, row.slug, carried) for line, row in zip(made, rows, strict=True)]
    return mark_safe("".join(made))


def _line(row: PublishedEntry, language: str) -> str:
    # The key is everything that the template shows: what is kept can never be out of date.
    key = (
        language, row.slug, str(row.title), str(row.summary), row.where, row.kind, row.stage, row.owner_name, row.prohibited, str(row.counts),
    )  # fmt: skip
    if key not in _lines:
        if len(_lines) >= KEPT:
            _lines.clear()
        _lines[key] = get_template("public/row.html").render({"row": row, "shown_states": STATES})
    return _lines[key]


def _carrying(line: str, slug: str, carried: str) -> str:
    address = f'href="{reverse("public:entry", args=[slug])}'
    return line.replace(f'{address}"', f'{address}?{escape(carried)}"')
