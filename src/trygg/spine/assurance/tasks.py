"""What goes wrong on a matter in use becomes a task with a clock for the accountable person."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.kernel.access import Role
from trygg.kernel.work.models import Task
from trygg.kernel.work.registry import register_notification, register_task
from trygg.kernel.work.tasks import open_task
from trygg.spine.assurance.models import Case
from trygg.spine.frameworks.selectors import words
from trygg.spine.matters.models import Matter

CODE = "assurance.settle_claims"
CONTESTED_DAYS, STALE_DAYS = 10, 30


def register() -> None:
    """Wording of the tasks and notifications."""
    register_task(
        CODE,
        heading=lambda p: _("Settle what no longer holds in %(title)s") % p,
        why=lambda p: _("It is in use, and %(contested)s are contested, %(stale)s are stale.")
        % {
            "contested": ngettext("%d claim", "%d claims", p["contested"]) % p["contested"],
            "stale": ngettext("%d claim", "%d claims", p["stale"]) % p["stale"],
        },
        icon="contested",
    )
    register_notification("matter_paused", text=lambda p: _("%(title)s was paused. The reason is on the case page.") % p)
    register_notification("claim_contested", text=lambda p: _("A claim about %(title)s was contested.") % p)
    register_task(
        "assurance.own_claim",
        heading=lambda p: _("Show that this holds: %(claim)s") % {"claim": words(p["claim"])},
        why=lambda p: _("You answer for this claim about %(title)s.") % p,
        icon="evidence",
    )


def escalate(work, matters: list[Matter], cases: dict[int, Case], *, today: date) -> None:
    """Open or close the task of each matter: open while it is in use and a claim is stale or contested."""
    troubled = [m for m in matters if m.in_use and (cases[m.pk].counts.get("contested") or cases[m.pk].counts.get("stale"))]
    calm = [str(m.pk) for m in matters if m not in troubled]
    if calm:
        Task.objects.filter(Q(code=CODE, subject_type="matters.matter", subject_id__in=calm, done_at=None)).update(
            done_at=work.now, done_by="Trygg"
        )
    standing = dict(
        Task.objects.filter(
            code=CODE, subject_type="matters.matter", subject_id__in=[str(m.pk) for m in troubled], done_at=None
        ).values_list("subject_id", "due_on")
    )
    for matter in troubled:
        counts = cases[matter.pk].counts
        days = CONTESTED_DAYS if counts.get("contested") else STALE_DAYS
        due = min(filter(None, (standing.get(str(matter.pk)), today + timedelta(days=days))))
        open_task(
            work, code=CODE, params={"title": matter.title, "contested": counts["contested"], "stale": counts["stale"]},
            path=f"/matters/{matter.key}/", subject_type="matters.matter", subject_id=str(matter.pk),
            organisation_id=matter.accountable.organisation_id if matter.accountable else matter.owner_id, now=work.now,
            assignee_id=matter.accountable_id, role="" if matter.accountable_id else Role.OFFICER.value, due_on=due,
        )  # fmt: skip
