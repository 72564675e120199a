"""`{{ text|said }}`: a text of a pack in the reader's language; in another one, and marked so, where it is missing in that."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from trygg.spine.frameworks.selectors import language_of, words

register = template.Library()


@register.filter
def said(text) -> str:
    """The text, in a span with its language when that is not the reader's."""
    shown = words(text)
    language = language_of(text)
    if not shown or language == (get_language() or "en").split("-")[0]:
        return shown
    return format_html('<span lang="{}">{}</span>', language, shown)
