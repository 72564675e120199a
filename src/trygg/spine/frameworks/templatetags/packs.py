"""`{{ text|said }}`: a text of a pack in the reader's language; in another one, and marked so, where it is missing in that."""

from django import template
from django.utils.translation import get_language, get_language_info

from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import marked, shown_in

register = template.Library()


@register.filter
def said(text) -> str:
    """The text, in a span with its language when that is not the reader's."""
    return marked(text)


@register.inclusion_tag("frameworks/other_language.html")
def other_language(version: PackVersion) -> dict:
    """A line that says in which language questions are shown, when that is not the reader's."""
    code = shown_in(version)
    try:
        name = str(get_language_info(code)["name_translated"]) if code else ""
    except KeyError:
        name = code
    return {"foreign": name.lower() if (get_language() or "en").startswith("sv") else name}
