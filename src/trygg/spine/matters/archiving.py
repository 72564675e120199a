"""How systems, matters and imports travel with an organisation."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.archive.fields import Inside
from trygg.kernel.archive.registry import HeldBack, Reference, register
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.models import Component, Fact, ImportRow, ImportRun, Matter, Opening, Share, System

Found = Callable[[str, str], Any]
PLACE = "people.organisation"


def keeper(values: Mapping[str, Any], found: Found, host: Organisation) -> Organisation:
    """Who keeps what is only named: the other organisation when it is a name itself, otherwise the one that arrives. Nothing is
    written among what another organisation here keeps."""
    from trygg.kernel.archive.coming import name_only

    other = Organisation.objects.filter(pk=found(PLACE, values["owner"])).first()
    return other if other is not None and name_only(other) else host


def _same_system(values: Mapping[str, Any], found: Found) -> System | None:
    """The same vendor and name, in the hands of the same organisation."""
    return System.objects.filter(
        owner_id=found(PLACE, values["owner"]), name=values["name"], vendor_name=values["vendor_name"],
        vendor_id=found(PLACE, values["vendor"]) if values["vendor"] else None,
    ).first()  # fmt: skip


def _make_system(values: Mapping[str, Any], found: Found, host: Organisation, now: datetime) -> System:
    return System(
        name=values["name"], owner=keeper(values, found, host), vendor_id=found(PLACE, values["vendor"]) if values["vendor"] else None,
        vendor_name=values["vendor_name"], version=values["version"], created_at=now, updated_at=now,
    )  # fmt: skip


def _make_matter(values: Mapping[str, Any], found: Found, host: Organisation, now: datetime) -> Matter:
    """Another organisation's matter, as a name. It is never linked to one that stands here: that would open it to others."""
    return Matter(
        key=values["key"], title=values["title"], kind=values["kind"], stage=values["stage"], owner=keeper(values, found, host),
        jurisdiction=values["jurisdiction"], diary_number=values["diary_number"], deciding_body=values["deciding_body"],
        created_at=now, updated_at=now,
    )  # fmt: skip


def register_archive() -> None:
    register(
        System, owner="owner", key=("owner", "name", "vendor_name"),
        reference=Reference(fields=("owner", "name", "vendor", "vendor_name", "version"), find=_same_system, make=_make_system),
    )  # fmt: skip
    register(Component, owner="whole__owner", key=("whole", "part"))
    register(Opening, owner="organisation", key=("organisation", "opened_at"))
    register(
        Matter, owner="owner", key=("key",), renamed=("key",), noted=("diary_number",),
        reference=Reference(
            fields=("owner", "key", "title", "kind", "stage", "jurisdiction", "diary_number", "deciding_body"), make=_make_matter
        ),
    )  # fmt: skip
    register(Fact, owner="matter__owner", key=("matter", "name"))
    register(Share, owner="matter__owner", key=("matter", "organisation"))
    under_way = HeldBack(
        Q(state__in=(ImportRun.State.STAGING, ImportRun.State.READY, ImportRun.State.FAILED)),
        _("Imports of register files that are still under way. Apply or discard them first."),
    )
    register(
        ImportRun, owner="organisation", key=("organisation", "started_at"), held_back=[under_way],
        links={"report": Inside(("undo.kept.*.system", "matters.system"))},
    )  # fmt: skip
    register(
        ImportRow, owner="run__organisation", key=("run", "number"), links={"candidates": Inside(("systems.*", "matters.system"))},
        held_back=[HeldBack(Q(run__state__in=(ImportRun.State.STAGING, ImportRun.State.READY, ImportRun.State.FAILED)), under_way.why)],
    )  # fmt: skip
