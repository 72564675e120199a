"""Writes that rooms compose inside their own unit of work: tasks, notifications, outgoing mail."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from django.conf import settings

from trygg.kernel.work.models import Notification, Outbox, Task
from trygg.kernel.work.registry import NOTIFICATIONS, TASKS


def open_task(
    work, *, code: str, params: dict, path: str, subject_type: str, subject_id: str, organisation_id: int, now: datetime,
    assignee_id: int | None = None, role: str = "", due_on: date | None = None,
) -> Task:  # fmt: skip
    """Open a task, or bring the open one with the same code and subject up to date. One open task per subject and organisation."""
    if code not in TASKS:
        raise KeyError(f"the task {code} has no wording")
    task, _made = Task.objects.update_or_create(
        code=code, subject_type=subject_type, subject_id=str(subject_id), organisation_id=organisation_id, done_at=None,
        defaults={"params": params, "path": path, "assignee_id": assignee_id, "role": role, "due_on": due_on},
        create_defaults={
            "params": params, "path": path, "assignee_id": assignee_id, "role": role, "due_on": due_on, "made_at": now,
        },
    )  # fmt: skip
    return task


def close_task(
    work, *, code: str, subject_type: str, subject_id: str, now: datetime, organisation_id: int | None = None
) -> int:
    """Close the open tasks of a subject; returns how many there were."""
    where = Q(code=code, subject_type=subject_type, subject_id=str(subject_id), done_at=None)
    if organisation_id is not None:
        where &= Q(organisation_id=organisation_id)
    return Task.objects.filter(where).update(done_at=now, done_by=work.actor.name)


def notify(work, *, person_ids: Iterable[int], code: str, params: dict, path: str, now: datetime) -> None:
    """Tell people, in the product only. The one who acts is not told of the own act."""
    if code not in NOTIFICATIONS:
        raise KeyError(f"the notification {code} has no wording")
    Notification.objects.bulk_create(
        Notification(person_id=pk, code=code, params=params, path=path, made_at=now)
        for pk in sorted(set(person_ids))
        if pk != work.actor.person_id
    )


MAIL_TEXTS = {
    "invitation": (
        lambda: _("You are invited to Trygg"),
        lambda p: _("%(organisation)s invites you to Trygg. Open this link to accept. It works once, until %(until)s.") % p,
    ),
    "purpose_link": (
        lambda: _("You are asked to take part in Trygg"),
        lambda p: _("%(organisation)s asks for your part. Open this link; a code is then sent to this address.") % p,
    ),
    "purpose_code": (
        lambda: _("Your code for Trygg"),
        lambda p: _("Your code is %(code)s. It works for 24 hours. Never give it to anyone.") % p,
    ),
    "waiting": (lambda: _("Something waits for you in Trygg"), lambda p: _("Sign in to see what it is.")),
}


def send_mail(work, *, to: str, code: str, params: dict, path: str, now: datetime, language: str = "en") -> Outbox:
    """Put a mail into the outbox: a fixed sentence and a link, never content. It leaves after the commit."""
    subject, body = MAIL_TEXTS[code]
    with override(language):
        text = body(params) + (f"\n\n{settings.BASE_URL}{path}\n" if path else "\n")
        return Outbox.objects.create(to=to, subject=subject(), body=text, made_at=now)
