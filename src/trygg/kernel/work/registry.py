"""Wording of tasks and notifications: a code and parameters are stored, the sentence is made in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass

Wording = Callable[[dict], str]


@dataclass(frozen=True)
class TaskKind:
    heading: Wording
    why: Wording
    icon: str


TASKS: dict[str, TaskKind] = {}
NOTIFICATIONS: dict[str, Wording] = {}


def register_task(code: str, *, heading: Wording, why: Wording, icon: str = "pencil") -> None:
    """Say how a task with this code reads. The heading is the act: "Answer section 3"."""
    if code in TASKS:
        raise ValueError(f"two wordings for the task {code}")
    TASKS[code] = TaskKind(heading, why, icon)


def register_notification(code: str, *, text: Wording) -> None:
    """Say how a notification with this code reads: one sentence, without answers or concern texts."""
    if code in NOTIFICATIONS:
        raise ValueError(f"two wordings for the notification {code}")
    NOTIFICATIONS[code] = text
