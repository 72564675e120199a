"""Page references as people write them: "12-14, 20", "s. 12–14", "pp. 12 and 20"."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Pages = list[list[int]]  # [[first, last], ...], in order
LAST, MOST = 9999, 20
PREFIX = re.compile(r"^\s*(?:pages?|pp?|sidan|sidorna|sidor|sid|ss?)\b\.?\s*", re.IGNORECASE)
APART = re.compile(r"\s*(?:,|;|\band\b|\boch\b|&)\s*", re.IGNORECASE)
ONE = re.compile(r"(\d{1,6})(?:\s*(?:[-\u2010-\u2015\u2212]|to|till)\s*(\d{1,6}))?", re.IGNORECASE)


def pages_in(text: str) -> Pages:
    """The pages that a reference names; [] for an empty one. ValidationError says what cannot be read, and how to write it."""
    rest = PREFIX.sub("", text.strip())
    if not rest:
        if text.strip():
            raise ValidationError(_not_read(text))
        return []
    found: Pages = []
    for part in APART.split(rest):
        match = ONE.fullmatch(PREFIX.sub("", part).strip())
        if match is None:
            raise ValidationError(_not_read(part or text))
        first, last = int(match[1]), int(match[2] or match[1])
        if first < 1 or last > LAST:
            raise ValidationError(_("Pages go from 1 to %(last)d. “%(text)s” does not.") % {"last": LAST, "text": part.strip()})
        if last < first:
            raise ValidationError(_("“%(text)s” goes backwards. Write the first page first, for example 12-14.") % {"text": part.strip()})
        found.append([first, last])
    if len(found) > MOST:
        raise ValidationError(_("At most %(most)d places can be named. Name the most important ones.") % {"most": MOST})
    return sorted(found)


def _not_read(text: str) -> str:
    return _("“%(text)s” is no page. Write for example 12-14, 20.") % {"text": text.strip()[:40]}


def pages_words(pages: Pages) -> str:
    """The reference in the reader's language: p. 12; pp. 12–14, 20. Empty without pages."""
    if not pages:
        return ""
    named = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in pages)
    several = len(pages) > 1 or pages[0][0] != pages[0][1]
    return ngettext("p. %(pages)s", "pp. %(pages)s", 2 if several else 1) % {"pages": named}


def pages_text(pages: Pages) -> str:
    """The reference as it stands in an input."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in pages)
