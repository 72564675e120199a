"""Systems for which matters can be opened."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Membership
from trygg.spine.matters.models import ImportRow, ImportRun, Matter, Opening, System
from trygg.spine.matters.selectors import search_systems


def systems_without_matter(actor: Actor, text: str = "", *, run: ImportRun | None = None) -> QuerySet[System]:
    """Systems that the actor's organisation keeps and has no matter about, by name; only those of one import when given."""
    own = Matter.objects.filter(owner_id=actor.organisation_id, system=OuterRef("pk"))
    rows = search_systems(actor, text).filter(~Exists(own), owner_id=actor.organisation_id).defer("raw", "extra")
    if run is not None:
        rows = rows.filter(Exists(ImportRow.objects.filter(run=run, system=OuterRef("pk"))))
    return rows.order_by("name", "pk").distinct()


def chosen_systems(actor: Actor, keys: Iterable[str]) -> list[System]:
    """The systems with these keys, of those for which a matter can be opened."""
    return list(systems_without_matter(actor).filter(pk__in=[key for key in keys if key.isdecimal() and len(key) < 19]))


def answerable(actor: Actor) -> QuerySet[Membership]:
    """Who can be made accountable."""
    return restrict(actor, "people.view_membership").filter(valid_until=None).select_related("person", "organisation")


def matters_of(actor: Actor, opening: Opening) -> QuerySet[Matter]:
    """The matters of an opening that the actor may see, by title."""
    return restrict(actor, "matters.view_matter").filter(opening=opening).order_by("title", "pk")
