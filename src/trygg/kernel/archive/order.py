"""Which table comes before which: what a row links to stands before it. Links that run in a circle are filled in afterwards."""

from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.db.models import Field, ManyToManyField

from trygg.kernel.archive.registry import Registered, registered


@dataclass(frozen=True)
class Table:
    """A registered model in its place. `late`: columns that link to what comes after it, or to rows of its own."""

    what: Registered
    late: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.what.label

    @cached_property
    def foreign(self) -> dict[str, str]:
        """Columns that are foreign keys, and the label of what they lead to."""
        return {each.name: target_of(each) for each in self.what.fields if each.is_relation}

    @cached_property
    def many(self) -> dict[str, str]:
        return {each.name: target_of(each) for each in self.what.many}

    @cached_property
    def columns(self) -> frozenset[str]:
        """All names that a line of its file may have."""
        return frozenset(("id", *(each.name for each in self.what.fields), *self.many))

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.what.fields}


def target_of(each: Field | ManyToManyField) -> str:
    return each.related_model._meta.label_lower


def in_order() -> list[Table]:
    """All registered tables. The same for the same models, whatever the order in which rooms registered them."""
    models = registered()
    # Three kinds of ties: a row must have it; it may be empty; it is no foreign key. The weakest gives way where they run in a circle.
    must: dict[str, set[str]] = {label: set() for label in models}
    may: dict[str, set[str]] = {label: set() for label in models}
    soft: dict[str, set[str]] = {label: set() for label in models}
    for label, one in models.items():
        for each in (*one.fields, *one.many):
            if each.is_relation and target_of(each) in models and target_of(each) != label:
                (may if each.null else must)[label].add(target_of(each))
        for link in one.links.values():
            needed = models if getattr(link, "needed", False) else link.targets  # whether its subject travels is known by then
            soft[label] |= {target for target in needed if target in models and target != label}
    done: list[str] = []
    placed: set[str] = set()
    while len(done) < len(models):
        for ties in ((must, may, soft), (must, may), (must,)):
            free = sorted(label for label in models if label not in placed and all(tie[label] <= placed for tie in ties))
            if free:
                break
        else:
            raise ValueError(f"tables that must stand before one another: {sorted(models.keys() - placed)}")
        done.append(free[0])
        placed.add(free[0])
    place = {label: number for number, label in enumerate(done)}
    return [Table(models[label], _late(models[label], place)) for label in done]


def _late(one: Registered, place: dict[str, int]) -> tuple[str, ...]:
    own = place[one.label]
    late = [
        each.name for each in one.fields if each.is_relation and target_of(each) in place and place[target_of(each)] >= own and each.null
    ]
    # A subject or a page can be any row, so these come last of all.
    late += [
        name for name, link in one.links.items()
        if any(place.get(target, -1) >= own for target in link.targets) or getattr(link, "late", False)
    ]  # fmt: skip
    return tuple(late)


def trygg_models() -> list[str]:
    """Labels of all models of Trygg itself."""
    return sorted(model._meta.label_lower for model in apps.get_models() if model.__module__.startswith("trygg."))
