"""Writes of systems, matters, facts and sharing. Imports stand in `imports/`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Organisation
from trygg.kernel.work.tasks import notify
from trygg.spine.matters.changes import FactsChanged, MatterChanged, SystemVersionChanged
from trygg.spine.matters.models import (
    DEPLOYMENT_STAGES,
    PLAN_STAGES,
    Component,
    Fact,
    FactState,
    Matter,
    Share,
    System,
)

EDITABLE = (
    "title", "summary", "system_version", "deciding_body", "diary_number", "secrecy", "retention", "children_where",
    "children_told", "children_say_no", "children_object", "children_human", "children_correct", "accountable", "overseer",
    "deciding_organisation",
)  # fmt: skip


@dataclass(frozen=True)
class FactAnswer:
    """What someone says about a fact: a value, or why there is none."""

    state: str
    value: object = None
    reason: str = ""


def free_key(title: str) -> str:
    """A key for a new matter, from its title; a number is added when it is taken."""
    stem = slugify(title)[:60].strip("-") or "matter"
    taken = set(Matter.objects.filter(key__startswith=stem).values_list("key", flat=True))
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, len(taken) + 3) if f"{stem}-{n}" not in taken)


@service("matters.add_system")
def add_system(
    *, actor: Actor, now: datetime, owner: Organisation, name: str, vendor: Organisation | None = None, vendor_name: str = "",
    version: str = "", summary: str = "",
) -> System:  # fmt: skip
    """Register a product by hand."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.create_matter", owner)
        return _add_system(
            work, owner=owner, name=name, vendor=vendor, vendor_name=vendor_name, version=version, summary=summary, now=now
        )


def _add_system(work, *, owner, name, now, vendor=None, vendor_name="", version="", summary="") -> System:
    system = System(
        owner=owner, name=name.strip(), vendor=vendor, vendor_name=vendor_name or (vendor.name if vendor else ""),
        version=version, summary=summary, created_at=now, updated_at=now,
    )  # fmt: skip
    system.full_clean()
    system.save()
    work.record("matters.system_added", system, organisation=owner.pk, details={"name": system.name})
    return system


@service("matters.edit_system")
def edit_system(*, actor: Actor, now: datetime, system: System, name: str, vendor_name: str, summary: str) -> System:
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.edit_system", system)
        system.name, system.vendor_name, system.summary, system.updated_at = name.strip(), vendor_name, summary, now
        system.full_clean()
        system.save()
        work.record("matters.system_edited", system, organisation=system.owner_id, details={"name": system.name})
    return system


@service("matters.link_vendor")
def link_vendor(*, actor: Actor, now: datetime, system: System, vendor: Organisation | None) -> System:
    """Say that the product is this vendor's, or, with None, nobody's here. The vendor then sees the record and what it says of the
    product reaches everybody who uses it; of the matters it sees nothing. ValidationError for an organisation that is no vendor."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.edit_system", system)
        if vendor is not None and vendor.kind != Organisation.Kind.VENDOR:
            raise ValidationError({"vendor": _("“%(name)s” is no vendor.") % {"name": vendor.name}})
        if system.vendor_id == (vendor.pk if vendor else None):
            work.nothing_happened()
            return system
        system.vendor, system.updated_at = vendor, now
        system.vendor_name = system.vendor_name or (vendor.name if vendor else "")
        system.save(update_fields=["vendor", "vendor_name", "updated_at"])
        work.record("matters.vendor_linked", system, organisation=system.owner_id, vendor=vendor.pk if vendor else None)
    return system


@service("matters.add_component")
def add_component(*, actor: Actor, now: datetime, whole: System, part: System, note: str = "") -> Component:
    """Say that `whole` contains `part`. ValidationError when that would make a circle."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.edit_system", whole)
        require(actor, "matters.view_system", part)
        if whole.pk in _parts_of(part):
            raise ValidationError({"part": _("«%(part)s» already contains «%(whole)s».") % {"part": part, "whole": whole}})
        component = Component(whole=whole, part=part, note=note)
        component.full_clean()
        component.save()
        work.record("matters.component_added", whole, organisation=whole.owner_id, part=part.pk)
    return component


def _parts_of(system: System) -> set[int]:
    """Keys of `system` and of all that it contains, at any depth."""
    found, ahead = set(), {system.pk}
    while ahead:
        found |= ahead
        ahead = set(Component.objects.filter(whole_id__in=ahead).values_list("part_id", flat=True)) - found
    return found


@service("matters.announce_version")
def announce_version(*, actor: Actor, now: datetime, system: System, version: str) -> System:
    """Another version is in use: evidence about the old one goes stale in every matter that uses the system."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.announce_version", system)
        if not version.strip():
            raise ValidationError({"version": _("Say which version it is, as the vendor writes it.")})
        put_in_use(work, systems=[system], version=version, now=now)
    return system


def put_in_use(work, *, systems: Sequence[System], version: str, now: datetime) -> None:
    """Another version of these systems is in use. The caller has asked whether the actor may announce it; a fixed number of queries
    for any number of systems and matters."""
    version = version.strip()
    for system in systems:
        system.version, system.updated_at = version, now
        work.changed(SystemVersionChanged(system.pk))
        work.record("matters.version_announced", system, organisation=system.owner_id, version=version)
    ids = [system.pk for system in systems]
    System.objects.filter(pk__in=ids).update(version=version, updated_at=now)
    Matter.objects.filter(system_id__in=ids).update(system_version=version, updated_at=now)


@service("matters.create_matter")
def create_matter(
    *, actor: Actor, now: datetime, owner: Organisation, kind: str, title: str, system: System | None = None,
    new_system: Mapping | None = None, summary: str = "", diary_number: str = "", stage: str = "", facts: Mapping[str, FactAnswer] | None = None,
) -> Matter:  # fmt: skip
    """Open a matter. A deployment and an exposure are about a system: an existing one, or `new_system` (fields of add_system)."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.create_matter", owner)
        if new_system is not None:
            system = _add_system(work, owner=owner, now=now, **new_system)
        elif system is not None:
            require(actor, "matters.view_system", system)
        if kind != Matter.Kind.PLAN and system is None:
            raise ValidationError({"system": _("Say which system the matter is about.")})
        matter = Matter(
            key=free_key(title), title=title.strip(), kind=kind, owner=owner, system=system, summary=summary,
            system_version=system.version if system else "", diary_number=diary_number, jurisdiction=owner.jurisdiction,
            stage=stage or (Matter.Stage.DRAFT if kind == Matter.Kind.PLAN else Matter.Stage.IDEA),
            created_by_id=actor.person_id, created_at=now, updated_at=now,
        )  # fmt: skip
        matter.full_clean(exclude=["key"])
        _check_stage(matter, matter.stage)
        matter.save()
        given = {"jurisdiction": FactAnswer(FactState.VALUE, owner.jurisdiction), **(facts or {})}
        _save_facts(work, matter=matter, answers=given, now=now)
        work.changed(MatterChanged(matter.pk))
        work.record("matters.matter_created", matter, organisation=owner.pk, kind=kind, key=matter.key, details={"title": title})
    return matter


def _check_stage(matter: Matter, stage: str) -> None:
    known = PLAN_STAGES if matter.kind == Matter.Kind.PLAN else DEPLOYMENT_STAGES
    if stage not in known:
        raise ValidationError({"stage": _("That stage does not belong to this kind of matter.")})


@service("matters.edit_matter")
def edit_matter(*, actor: Actor, now: datetime, matter: Matter, changes: Mapping[str, object]) -> Matter:
    """Change fields of a matter: any of EDITABLE. ValidationError names the field that is wrong."""
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.edit_matter", matter)
        changed = [name for name, value in changes.items() if getattr(matter, name) != value]
        if not changed:
            work.nothing_happened()
            return matter
        for name in changed:
            setattr(matter, name, changes[name])
        matter.updated_at = now
        matter.full_clean()
        matter.save(update_fields=[*changed, "updated_at"])
        work.changed(MatterChanged(matter.pk))
        words = {name: str(changes[name]) for name in changed if isinstance(changes[name], str)}
        work.record("matters.matter_edited", matter, organisation=matter.owner_id, fields=sorted(changed), details=words)
    return matter


@service("matters.answer_facts")
def answer_facts(*, actor: Actor, now: datetime, matter: Matter, answers: Mapping[str, FactAnswer]) -> list[str]:
    """Save what is known about a matter; returns the names whose answer changed. The case is screened anew before the commit."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.answer_facts", matter)
        names = _save_facts(work, matter=matter, answers=answers, now=now)
        if not names:
            work.nothing_happened()
    return names


def _save_facts(work, *, matter: Matter, answers: Mapping[str, FactAnswer], now: datetime) -> list[str]:
    """Write the answers that differ from what stands. Which facts exist and what values they take is the form's to check."""
    standing = {fact.name: fact for fact in Fact.objects.filter(matter=matter, name__in=list(answers))}
    who = ", ".join(part for part in (work.actor.name, work.actor.organisation_name) if part)
    rows = []
    for name, answer in answers.items():
        old = standing.get(name)
        if old and (old.state, old.value, old.reason) == (answer.state, answer.value, answer.reason):
            continue
        rows.append(
            Fact(matter=matter, name=name, state=answer.state, value=answer.value, reason=answer.reason, said_by=who[:120], said_at=now)
        )
    if not rows:
        return []
    Fact.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["matter", "name"],
        update_fields=["state", "value", "reason", "said_by", "said_at"],
    )  # fmt: skip
    Matter.objects.filter(pk=matter.pk).update(updated_at=now)
    names = sorted(row.name for row in rows)
    work.changed(FactsChanged(matter.pk, tuple(names)))
    details = {row.name: {"state": row.state, "value": row.value, "reason": row.reason} for row in rows}
    work.record("matters.facts_answered", matter, organisation=matter.owner_id, names=names, count=len(names), details=details)
    return names


@service("matters.set_stage")
def set_stage(*, actor: Actor, now: datetime, matter: Matter, stage: str) -> Matter:
    """Move a matter on (or back). A paused one is taken up by `resume_matter` instead; a system with a prohibited use never goes
    into use."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.edit_matter", matter)
        if matter.stage == Matter.Stage.PAUSED:
            raise ValidationError({"stage": _("The matter is paused. The accountable person takes it up again first.")})
        _check_stage(matter, stage)
        case = getattr(matter, "case", None)
        if stage in (Matter.Stage.TRIAL, Matter.Stage.IN_USE) and case is not None and case.prohibited:
            raise ValidationError({"stage": _("A prohibited practice cannot be tried or used. Read why on the case page.")})
        matter.stage, matter.updated_at = stage, now
        matter.save(update_fields=["stage", "updated_at"])
        work.changed(MatterChanged(matter.pk))
        work.record("matters.stage_set", matter, organisation=matter.owner_id, stage=stage)
    return matter


@service("matters.pause_matter")
def pause_matter(*, actor: Actor, now: datetime, matter: Matter, reason: str) -> Matter:
    """Pause at once, with a reason: the overseer's right, which needs nobody's leave."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.pause_matter", matter)
        if not reason.strip():
            raise ValidationError({"reason": _("Say why, in a sentence or two. Those who answer for the matter read it at once.")})
        if matter.stage == Matter.Stage.PAUSED:
            work.nothing_happened()
            return matter
        matter.stage_before_pause, matter.stage = matter.stage, Matter.Stage.PAUSED
        matter.pause_reason, matter.updated_at = reason.strip(), now
        matter.save(update_fields=["stage_before_pause", "stage", "pause_reason", "updated_at"])
        people = [m.person_id for m in (matter.accountable, matter.overseer) if m]
        notify(work, person_ids=people, code="matter_paused", params={"title": matter.title}, path=f"/matters/{matter.key}/", now=now)
        work.changed(MatterChanged(matter.pk))
        work.record("matters.matter_paused", matter, organisation=matter.owner_id, details={"reason": reason})
    return matter


@service("matters.resume_matter")
def resume_matter(*, actor: Actor, now: datetime, matter: Matter, reason: str) -> Matter:
    """Take a paused matter up again at the stage where it stood, with a reason."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.resume_matter", matter)
        if not reason.strip():
            raise ValidationError({"reason": _("Say what was settled, in a sentence or two.")})
        if matter.stage != Matter.Stage.PAUSED:
            work.nothing_happened()
            return matter
        matter.stage, matter.stage_before_pause, matter.pause_reason = matter.stage_before_pause, "", ""
        matter.updated_at = now
        matter.save(update_fields=["stage_before_pause", "stage", "pause_reason", "updated_at"])
        work.changed(MatterChanged(matter.pk))
        work.record("matters.matter_resumed", matter, organisation=matter.owner_id, stage=matter.stage, details={"reason": reason})
    return matter


@service("matters.share_matter")
def share_matter(
    *, actor: Actor, now: datetime, matter: Matter, organisation: Organisation, level: str, purpose: str, legal_basis: str,
    ends_at: datetime,
) -> Share:  # fmt: skip
    """Share a matter with an organisation that one works with: for a purpose, on a ground, until a day."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.share_matter", matter)
        require(actor, "people.view_organisation", organisation)
        if ends_at <= now:
            raise ValidationError({"ends_at": _("The last day must lie ahead.")})
        Share.objects.filter(matter=matter, organisation=organisation, ended_at=None).update(ended_at=now)
        share = Share(
            matter=matter, organisation=organisation, level=level, purpose=purpose, legal_basis=legal_basis, starts_at=now,
            ends_at=ends_at, shared_by=actor.name,
        )  # fmt: skip
        share.full_clean()
        share.save()
        work.record(
            "matters.matter_shared", matter, organisation=matter.owner_id, level=level, receiver=organisation.pk,
            until=ends_at, details={"purpose": purpose, "legal_basis": legal_basis},
        )  # fmt: skip
    return share


@service("matters.end_share")
def end_share(*, actor: Actor, now: datetime, share: Share) -> None:
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.end_share", share)
        share.ended_at = now
        share.save(update_fields=["ended_at"])
        work.record("matters.share_ended", share.matter, organisation=share.matter.owner_id, receiver=share.organisation_id)


