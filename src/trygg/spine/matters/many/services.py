"""Open a matter for each of many systems, as one act; and take that back, as one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.kernel.access import Actor, Denied, require, restrict
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.work.models import Task
from trygg.kernel.work.tasks import notify
from trygg.spine.matters.changes import MatterChanged
from trygg.spine.matters.many import undoing
from trygg.spine.matters.models import Fact, FactState, Matter, Opening, System

MOST = 200  # matters in one act: it takes about 4 s on one core (500: 9 s), and others wait for SQLite for 15 s at most
OPENED = "matters.opened_for_you"
KINDS = (Matter.Kind.DEPLOYMENT, Matter.Kind.EXPOSURE)
# Where a register said how far a system has come, the matter begins there.
STAGES = {"trial": Matter.Stage.TRIAL, "in_use": Matter.Stage.IN_USE, "retired": Matter.Stage.RETIRED}


def told(params: dict[str, Any]) -> str:
    """What the accountable person reads."""
    return ngettext("You answer for a matter that was opened.", "You answer for %(count)d matters that were opened.", params["count"]) % params


def stage_of(system: System) -> str:
    """The stage at which a matter about this system begins."""
    return STAGES.get(system.record.get("status", ""), Matter.Stage.IDEA)


@service("matters.open_matters")
def open_matters(
    *, actor: Actor, now: datetime, owner: Organisation, systems: Sequence[System], kind: str, accountable: Membership
) -> Opening:  # fmt: skip
    """Open a matter for each of the systems, all or none. Those that have a matter of the owner already are left out.

    ValidationError for more than MOST, for none, and for a kind that is not about a system.
    """
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.create_matter", owner)
        require(actor, "people.view_membership", accountable)
        wanted = sorted({system.pk for system in systems})
        if kind not in KINDS:
            raise ValidationError({"kind": _("Say whether you use the systems, or children meet them anyway.")})
        if not accountable.in_force(now):
            raise ValidationError({"accountable": _("That role has ended.")})
        if len(wanted) > MOST:
            raise ValidationError(_("At most %(most)d matters can be opened at once. Choose fewer.") % {"most": MOST})
        seen = restrict(actor, "matters.view_system").filter(pk__in=wanted)
        if seen.distinct().count() != len(wanted):
            raise Denied("matters.view_system")
        taken = set(Matter.objects.filter(owner=owner, system_id__in=wanted).values_list("system_id", flat=True))
        chosen = list(System.objects.filter(pk__in=[pk for pk in wanted if pk not in taken]).defer("raw", "extra").order_by("name", "pk"))
        if not chosen:
            raise ValidationError(_("Choose at least one system that has no matter yet."))
        opening = Opening.objects.create(
            organisation=owner, kind=kind, accountable=accountable, count=len(chosen), left_out=len(taken), opened_by=actor.name[:120], opened_at=now
        )
        matters = Matter.objects.bulk_create(
            Matter(
                key=key, title=system.name, kind=kind, stage=stage_of(system), owner=owner, system=system, system_version=system.version,
                accountable=accountable, jurisdiction=owner.jurisdiction, opening=opening, created_by_id=actor.person_id, created_at=now,
                updated_at=now,
            )
            for system, key in zip(chosen, _free_keys([system.name for system in chosen]), strict=True)
        )  # fmt: skip
        who = ", ".join(part for part in (actor.name, actor.organisation_name) if part)[:120]
        Fact.objects.bulk_create(
            Fact(matter=matter, name="jurisdiction", state=FactState.VALUE, value=owner.jurisdiction, said_by=who, said_at=now)
            for matter in matters
        )
        for matter in matters:
            work.changed(MatterChanged(matter.pk))
            work.record(
                "matters.matter_created", matter, organisation=owner.pk, kind=kind, key=matter.key, opening=opening.pk,
                details={"title": matter.title},
            )  # fmt: skip
        notify(
            work, person_ids=[accountable.person_id], code=OPENED, params={"count": len(matters)}, path=opening.get_absolute_url(), now=now
        )
        work.record("matters.matters_opened", opening, organisation=owner.pk, count=len(matters), left_out=len(taken), kind=kind)
    return opening


def _free_keys(titles: Sequence[str]) -> list[str]:
    """A key for each title, none of them taken, with one query for all."""
    taken, keys = set(Matter.objects.values_list("key", flat=True)), []
    for title in titles:
        stem = slugify(title)[:60].strip("-") or "matter"
        key, number = stem, 1
        while key in taken:
            number += 1
            key = f"{stem}-{number}"
        taken.add(key)
        keys.append(key)
    return keys


@service("matters.undo_opening")
def undo_opening(*, actor: Actor, now: datetime, opening: Opening) -> Opening:
    """Take back the matters of an opening to which nothing was added. The others stay and are listed. Undoing twice undoes once."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "matters.undo_opening", opening)
        if not Opening.objects.filter(pk=opening.pk, undone_at=None).update(undone_at=now):
            opening.refresh_from_db()
            work.nothing_happened()
            return opening
        opening.refresh_from_db()
        matters = {matter.pk: matter for matter in Matter.objects.select_for_update().filter(opening=opening)}
        added = undoing.worked_on(matters)
        edited = {pk for pk, matter in matters.items() if matter.updated_at != opening.opened_at} - added
        gone = sorted(matters.keys() - added - edited)
        Task.objects.filter(subject_type="matters.matter", subject_id__in=[str(pk) for pk in gone], done_at=None).update(
            done_at=now, done_by=actor.name[:120]
        )
        Matter.objects.filter(pk__in=gone).delete()
        kept = [
            {"matter": matter.key, "title": matter.title, "why": "added" if pk in added else "edited"}
            for pk, matter in sorted(matters.items())
            if pk not in gone
        ]
        opening.report = {"deleted": len(gone), "kept": kept}
        opening.save(update_fields=["report"])
        work.record(
            "matters.opening_undone", opening, organisation=opening.organisation_id, deleted=len(gone), kept=len(kept), matters=gone
        )
    return opening
