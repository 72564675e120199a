"""Texts from outside on a page: HTML is cleaned, anything else is escaped and keeps its paragraphs."""

import re
from html import unescape

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "a", "blockquote"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
# Only text with such a tag is taken for HTML: "children <12 years" is not.
HTML = re.compile(
    r"</?(?:p|br|ul|ol|li|strong|b|em|i|a|div|span|table|t[rdh]|h[1-6]|blockquote)(?:\s[^>]*)?/?>", re.IGNORECASE
)
BREAKS = re.compile(r"<(?:br|/p|/li|/div|/h[1-6]|/tr)\b[^>]*>", re.IGNORECASE)


def is_html(text: str) -> bool:
    return bool(HTML.search(text))


def rich(text: str) -> SafeString:
    """HTML for the page: cleaned (nh3), or made from plain text, a paragraph at each empty line."""
    if is_html(text):
        cleaned = nh3.clean(
            text, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
        )
        return mark_safe(cleaned)
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return mark_safe("".join("<p>" + escape(part).replace("\n", "<br>") + "</p>" for part in parts))


def plain(text: str) -> str:
    """The words without any markup, in one line: for headings, lists, search."""
    if not is_html(text):
        return " ".join(text.split())
    return " ".join(
        unescape(nh3.clean(BREAKS.sub(" ", text), tags=set(), clean_content_tags={"script", "style"})).split()
    )
