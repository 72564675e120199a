"""Filters and tags of the templates of assessments."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString, mark_safe

from trygg.apps.assessments import matrix_svg
from trygg.apps.assessments.matrix import MatrixPicture
from trygg.kernel.ui import charts

register = template.Library()


@register.filter
def at(mapping: Mapping, key: str) -> object:
    """What a mapping holds at a key; None when there is nothing."""
    return mapping.get(key) if mapping else None


@register.simple_tag(name="matrix_svg")
def matrix_svg_tag(picture: MatrixPicture) -> SafeString:
    """The picture of rights and groups, in the page's colours. Every word in it is escaped where it is drawn."""
    return mark_safe(matrix_svg.drawn(picture))


@register.simple_tag
def matrix_mark(step: int) -> SafeString:
    """One mark of the picture, by itself; beside a word, so hidden from those who listen."""
    inner = charts.in_page(matrix_svg.mark(step, 20, 20))
    return mark_safe(f'<svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">{inner}</svg>')
