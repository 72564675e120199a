"""Whether something was added to a matter since it was opened: then it is not taken back with the others.

Any row of any room that refers to the matter counts as added. What the product works out by itself does not: its room says so here,
with the function that tells what people did there.
"""

from collections.abc import Callable, Collection

from django.db.models import Model, QuerySet

from trygg.spine.matters.models import Fact, Matter

Worked = Callable[[Collection[int]], set[int]]
COMPUTED: dict[type[Model], Worked] = {}


def computed(model: type[Model], worked_on: Worked) -> None:
    """Rows of `model` come by themselves. `worked_on(matter ids)` gives the matters where people did something with them."""
    COMPUTED[model] = worked_on


def referring(model: type[Model], keys: Collection[int] | QuerySet, *, beside: Collection[type[Model]] = ()) -> set[int]:
    """Those of `keys` (rows of `model`) that a row of another model refers to, but for the models `beside`."""
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.related_model in beside:
            continue
        name = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{name}__in": keys if isinstance(keys, QuerySet) else list(keys)})
        found.update(rows.values_list(name, flat=True))
    return found


def worked_on(matter_ids: Collection[int]) -> set[int]:
    """Those of the matters to which somebody added something."""
    found = referring(Matter, matter_ids, beside=(Fact, *COMPUTED))
    for judge in COMPUTED.values():
        found |= judge(matter_ids)
    answered = Fact.objects.filter(matter_id__in=list(matter_ids)).exclude(name="jurisdiction")
    return found | set(answered.values_list("matter_id", flat=True))
