"""Writes that rooms compose inside their own unit of work: tasks and notifications."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from trygg.kernel.work.models import Notification, Task
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


@dataclass(frozen=True)
class Opening:
    """One task of many that are opened at once; the fields are those of `open_task`."""

    params: dict
    path: str
    subject_id: str
    organisation_id: int
    assignee_id: int | None = None
    role: str = ""
    due_on: date | None = None


def open_tasks(work, *, code: str, subject_type: str, tasks: Sequence[Opening], now: datetime) -> None:
    """What `open_task` does, for many at once: a fixed number of queries for any number of tasks."""
    if code not in TASKS:
        raise KeyError(f"the task {code} has no wording")
    wanted = {(str(task.subject_id), task.organisation_id): task for task in tasks}
    rows = Task.objects.filter(code=code, subject_type=subject_type, done_at=None, subject_id__in=[key for key, _owner in wanted])
    standing = {(row.subject_id, row.organisation_id): row for row in rows}
    changed = [row for key, row in standing.items() if key in wanted]
    for row in changed:
        task = wanted[row.subject_id, row.organisation_id]
        row.params, row.path, row.assignee_id, row.role, row.due_on = task.params, task.path, task.assignee_id, task.role, task.due_on
    if changed:
        Task.objects.bulk_update(changed, ["params", "path", "assignee_id", "role", "due_on"], batch_size=500)
    Task.objects.bulk_create(
        Task(
            code=code, subject_type=subject_type, subject_id=key[0], organisation_id=key[1], params=task.params, path=task.path,
            assignee_id=task.assignee_id, role=task.role, due_on=task.due_on, made_at=now,
        )
        for key, task in wanted.items()
        if key not in standing
    )  # fmt: skip


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
