"""Filters of the templates of assessments."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping, key: str) -> object:
    """What a mapping holds at a key; None when there is nothing."""
    return mapping.get(key) if mapping else None
