"""Reads of systems, matters and facts."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from trygg.engines.conditions import NOT_APPLICABLE, UNKNOWN, FactValue, Withheld, normalise
from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.models import Fact, FactState, Matter, Share, System


def matters_seen(actor: Actor) -> QuerySet[Matter]:
    """Matters that the actor may see, newest change first, with what a list shows."""
    rows = restrict(actor, "matters.view_matter").select_related("owner", "system", "case")
    # What a list never shows is large: the screening, and a register record as it came.
    return rows.defer("case__screening", "system__record", "system__extra", "system__raw").order_by("-updated_at", "-pk")


def search_matters(rows: QuerySet[Matter], text: str = "", *, kind: str = "", stage: str = "") -> QuerySet[Matter]:
    """Matters whose title, summary, diary number or system has every word of `text`; of one kind and stage when given."""
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(title__icontains=word) | Q(summary__icontains=word) | Q(diary_number__icontains=word) | Q(system__name__icontains=word)
        )
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(stage=stage) if stage else rows


def search_systems(actor: Actor, text: str = "") -> QuerySet[System]:
    """Systems that the actor may see, with every word of `text` in name, vendor or summary."""
    rows = restrict(actor, "matters.view_system").select_related("owner", "vendor").order_by("-updated_at", "-pk")
    for word in text.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(vendor_name__icontains=word) | Q(summary__icontains=word))
    return rows


def fact_value(fact: Fact) -> FactValue:
    """A stored fact as the engines take it."""
    match fact.state:
        case FactState.UNKNOWN:
            return UNKNOWN
        case FactState.NOT_APPLICABLE:
            return NOT_APPLICABLE
        case FactState.WITHHELD:
            return Withheld(fact.reason)
    return normalise(fact.value)


def facts_of(matters: Iterable[int], types: Mapping[str, str] | None = None) -> dict[int, dict[str, FactValue]]:
    """Facts by matter id, one query for all. Values of type `date` (by `types`) become dates."""
    ids = list(matters)
    found: dict[int, dict[str, FactValue]] = {pk: {} for pk in ids}
    for fact in Fact.objects.filter(matter_id__in=ids):
        value = fact_value(fact)
        if types and types.get(fact.name) == "date" and isinstance(value, str):
            value = date.fromisoformat(value)
        found[fact.matter_id][fact.name] = value
    return found


def running_shares(actor: Actor, matter: Matter) -> QuerySet[Share]:
    """With whom a matter is shared right now."""
    return matter.shares.filter(ended_at=None, starts_at__lte=actor.at, ends_at__gt=actor.at).select_related("organisation")


def vendors_here() -> QuerySet[Organisation]:
    """Vendors that have an account on this installation. That a company is here is no secret to those who buy from it."""
    return Organisation.objects.filter(kind=Organisation.Kind.VENDOR).order_by("name")
