"""Cases of others that a matter may start from: on this installation and read from files, the nearest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, restrict
from trygg.spine.matters.models import Fact, FactState, Matter
from trygg.spine.publication.casefile import case_of, source_of
from trygg.spine.publication.index import folded
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.reusable import Source
from trygg.spine.publication.rich import plain
from trygg.spine.publication.texts import words_of


class Nearness(IntEnum):
    """How near another's case is to one's own; the nearest first."""

    SAME_SYSTEM = 0  # the same row of the register of systems, or the same name and vendor
    SIMILAR = 1  # the same kind of matter, for children of the same ages or in the same setting
    OTHER = 2


@dataclass(frozen=True)
class OtherCase:
    """Another's case. `here`: the id of its published version, when it stands on this installation; else that of the file read."""

    case: Mapping[str, Any]
    nearness: Nearness
    here: int | None = None
    outside: int | None = None

    @property
    def title(self) -> str:
        return plain(words_of(self.case["title"]))

    @property
    def summary(self) -> str:
        return plain(words_of(self.case["summary"]))

    @property
    def who(self) -> str:
        """The organisation, and the municipality above it."""
        organisation, host = self.case["organisation"], self.case["host"]
        return organisation if host in organisation else f"{organisation}, {host}"

    @property
    def published_on(self) -> date:
        return date.fromisoformat(self.case["published_on"])

    @property
    def system(self) -> str:
        """The system in a line, with the vendor and the version."""
        system = self.case["system"]
        if system is None:
            return ""
        named = ", ".join(part for part in (system["name"], system["vendor"]) if part)
        return _("%(system)s, version %(version)s") % {"system": named, "version": system["version"]} if system["version"] else named

    @property
    def said(self) -> list[tuple[str, str, date | None]]:
        """(who, what, when): what a committee advised, what was decided."""
        return [
            (plain(words_of(said["heading"])), plain(words_of(said["lede"])), date.fromisoformat(said["date"]) if said["date"] else None)
            for said in self.case["said"]
        ]

    @property
    def answers(self) -> int:
        return sum(len(piece["answers"]) for piece in self.case["pieces"])

    @property
    def address(self) -> str:
        """Where its page is read: of a file only an address that a browser opens as a page."""
        address = self.case["address"]
        return address if address.startswith(("https://", "http://")) else ""

    @cached_property
    def source(self) -> Source:
        return source_of(self.case)


def others_for(actor: Actor, matter: Matter) -> list[OtherCase]:
    """Everything that the matter may start from, the nearest first, then the newest."""
    near = _Near(matter)
    found = [_here(version, near) for version in _shared(actor, matter)]
    outside = restrict(actor, "publication.view_outside_case").filter(owner_id=matter.owner_id)
    found += [OtherCase(row.content, near.of(row.content, None), outside=row.pk) for row in outside]
    return sorted(found, key=lambda other: (other.nearness, -other.published_on.toordinal(), other.title))


def other_here(actor: Actor, matter: Matter, version_id: int) -> OtherCase | None:
    """One that is published on this installation now."""
    version = _shared(actor, matter).filter(pk=version_id).first()
    return _here(version, _Near(matter)) if version else None


def other_outside(actor: Actor, matter: Matter, outside_id: int) -> OtherCase | None:
    """One that the matter's owner read from a file."""
    row = restrict(actor, "publication.view_outside_case").filter(owner_id=matter.owner_id, pk=outside_id).first()
    return OtherCase(row.content, _Near(matter).of(row.content, None), outside=row.pk) if row else None


def _shared(actor: Actor, matter: Matter):
    """Versions that stand in the register now, of other owners, with something to start from."""
    listed = restrict(actor, "publication.read_register").exclude(owner_id=matter.owner_id)
    rows = restrict(actor, "publication.read_version").filter(
        shared=True, state=EntryVersion.State.PUBLISHED, pk__in=listed.values("version_id"), content__has_key="reusable"
    )
    return rows.select_related("entry__matter")


def _here(version: EntryVersion, near: "_Near") -> OtherCase:
    case = case_of(version)
    return OtherCase(case, near.of(case, version.entry.matter.system_id), here=version.pk)


class _Near:
    """How near cases are to one matter; what is asked of the matter is read once."""

    def __init__(self, matter: Matter):
        self.matter = matter

    @cached_property
    def _facts(self) -> dict[str, set[str]]:
        rows = Fact.objects.filter(matter=self.matter, name__in=("age_bands", "setting"), state=FactState.VALUE)
        return {row.name: set(row.value if isinstance(row.value, list) else [str(row.value)]) for row in rows}

    @cached_property
    def _system(self) -> tuple[str, str] | None:
        system = self.matter.system
        if system is None:
            return None
        return folded(system.name), folded(system.vendor_name or (system.vendor.name if system.vendor else ""))

    def of(self, case: Mapping[str, Any], system_id: int | None) -> Nearness:
        system = case["system"]
        if system_id is not None and system_id == self.matter.system_id:
            return Nearness.SAME_SYSTEM
        if self._system and system and self._system == (folded(system["name"]), folded(system["vendor"])):
            return Nearness.SAME_SYSTEM
        shared = self._facts.get("age_bands", set()) & set(case["ages"]) or self._facts.get("setting", set()) & set(case["settings"])
        return Nearness.SIMILAR if shared and case["kind"] == self.matter.kind else Nearness.OTHER
