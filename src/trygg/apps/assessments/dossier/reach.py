"""Systems inside systems: how far what is said of a part reaches those who use the whole."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from trygg.spine.matters.models import Component

LEVELS = 4  # how deep inside a system what it contains is looked for


def inside(systems: Any) -> Q:
    """These systems (keys, or a queryset of keys) and what they contain, `LEVELS` down."""
    found, path = Q(pk__in=systems), ""
    for _level in range(LEVELS):
        path = f"{path}__part_of__whole" if path else "part_of__whole"
        found |= Q(**{f"{path}__in": systems})
    return found


def wholes_of(systems: Collection[int]) -> set[int]:
    """These systems and all that contain them, as far up as `inside` looks down."""
    found: set[int] = set()
    ahead = set(systems)
    for _level in range(LEVELS + 1):
        if ahead:
            found |= ahead
            ahead = set(Component.objects.filter(part_id__in=ahead).values_list("whole_id", flat=True)) - found
    return found
