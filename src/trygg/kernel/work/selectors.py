"""What waits for me, and what I was told."""

from dataclasses import dataclass
from datetime import date, timedelta

from trygg.kernel.access import Actor, restrict
from trygg.kernel.work.models import Notification, Task
from trygg.kernel.work.registry import NOTIFICATIONS, TASKS


@dataclass(frozen=True)
class WordedTask:
    """A task in the reader's language. `days_late` is 0 when it is not late."""

    heading: str
    why: str
    icon: str
    path: str
    due_on: date | None
    days_late: int


def _worded(task: Task, today: date) -> WordedTask:
    kind = TASKS[task.code]
    late = (today - task.due_on).days if task.due_on and task.due_on < today else 0
    return WordedTask(str(kind.heading(task.params)), str(kind.why(task.params)), kind.icon, task.path, task.due_on, late)


@dataclass(frozen=True)
class Waiting:
    """Open tasks in three heaps: late or due today, within a week, later or without a date."""

    now: list[WordedTask]
    week: list[WordedTask]
    later: list[WordedTask]

    @property
    def count(self) -> int:
        return len(self.now) + len(self.week) + len(self.later)

    @property
    def late(self) -> int:
        return sum(1 for task in self.now if task.days_late)


def open_count(actor: Actor) -> int:
    """How many tasks wait for the actor."""
    return restrict(actor, "work.view_task").filter(done_at=None).count()


def waiting_for(actor: Actor, *, today: date, limit: int = 100) -> Waiting:
    """The actor's open tasks, soonest first."""
    heaps: tuple[list, list, list] = ([], [], [])
    for task in restrict(actor, "work.view_task").filter(done_at=None)[:limit]:
        due = task.due_on
        heap = 0 if due and due <= today else 1 if due and due <= today + timedelta(days=7) else 2
        heaps[heap].append(_worded(task, today))
    return Waiting(*heaps)


def notifications_of(actor: Actor, *, limit: int = 30) -> list[tuple[Notification, str]]:
    """The newest notifications with their sentence."""
    rows = restrict(actor, "work.view_notification")[:limit]
    return [(row, str(NOTIFICATIONS[row.code](row.params))) for row in rows]
