"""Words that are explained: `{{ text|terms }}` in running text, `{% words_in text %}` below a heading or a label."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeData, SafeString

from trygg.kernel.ui import glossary

register = template.Library()


@register.filter
def terms(text) -> SafeString | str:
    """The text with its terms explained, each where it stands first on the page. Never inside a link, a heading or a button:
    there `words_in` says them below."""
    if text is None:
        return ""
    return glossary.marked_up(text if isinstance(text, str) else str(text))


@register.inclusion_tag("ui/components/words_in.html")
def words_in(*texts) -> dict:
    """A line with the terms of these texts that the page has not explained yet; nothing when there are none."""
    language = glossary.language_now()
    found = glossary.new_terms(*(str(text) for text in texts if text and not isinstance(text, SafeData)))
    words = format_html_join(", ", "{}", ((glossary.explained(term, words, language),) for term, words in found))
    return {"words": words, "count": len(found)}
