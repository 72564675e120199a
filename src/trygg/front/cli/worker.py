"""`trygg worker`: work in the background, mail, and what time alone brings about."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from trygg.front.cli.common import django, say

log = logging.getLogger("trygg.worker")
HEARTBEAT = "worker.heartbeat"
PAUSE = 1.0
MAIL_EVERY = timedelta(seconds=20)
CHECKPOINT_EVERY = timedelta(hours=1)
MOST_ROUNDS = 1000
FORMS_KEPT = timedelta(days=30)  # so long a form that was sent is known again


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what waits, then end.")] = False,
    parent: Annotated[int | None, typer.Option("--with", hidden=True, help="End when this process has ended.")] = None,
) -> None:
    """Do the work that pages leave to the background: imports, mail, the record's hourly checkpoint, what is due by date."""
    django()
    from trygg.front.cli.serve import check_ready

    check_ready()
    loop = Loop(parent)
    signal.signal(signal.SIGTERM, loop.stop)
    signal.signal(signal.SIGINT, loop.stop)
    if not once:
        say("The worker is running (stop with Ctrl+C)")
    loop.run(once=once)


@dataclass
class Duties:
    """What is done by the clock, and when it was done last. All of it may be done again without harm."""

    mailed: datetime | None = None
    signed: datetime | None = None
    day: date | None = None

    def do(self, now: datetime) -> None:
        """Do what is due at `now`."""
        from django.utils import timezone

        if self.mailed is None or now - self.mailed >= MAIL_EVERY:
            self.mailed = now
            _attempt("mail", lambda: send_mail(now))
        if self.day != timezone.localdate(now):
            self.day = timezone.localdate(now)
            _attempt("what is due by date", lambda: nightly(now))
        if self.signed is None or now - self.signed >= CHECKPOINT_EVERY:
            self.signed = now
            _attempt("checkpoint", lambda: sign(now))


def _attempt(name: str, duty: Callable[[], Any]) -> None:
    """A duty that fails is logged and comes up again; the worker goes on."""
    try:
        duty()
    except Exception:
        log.exception("%s failed", name)


def send_mail(now: datetime) -> None:
    """Send what waits in the outbox."""
    from trygg.kernel.people.mail import send_outbox

    sent = send_outbox(now=now)
    if sent:
        log.info("%d messages sent", sent)


def sign(now: datetime) -> None:
    """Sign the record as it is."""
    from trygg.kernel.ledger.checkpoints import make_checkpoint

    make_checkpoint(now=now)


def nightly(now: datetime) -> None:
    """Once a day, and when the worker starts: evidence grows old; stray uploads, old sessions, sent forms and done tasks go."""
    from django.core.management import call_command

    from trygg.kernel.access import Actor
    from trygg.kernel.archive import keeping as archives
    from trygg.kernel.archive.services.exporting import delete_expired
    from trygg.kernel.ledger.once import forget_sent
    from trygg.spine.assurance.services import move_time_forward
    from trygg.spine.matters.imports.keeping import forget_strays

    for _ in range(MOST_ROUNDS):
        if not move_time_forward(actor=Actor.system("nightly"), now=now):
            break
    forget_strays(before=now - timedelta(days=1))
    forget_rows(now)
    delete_expired(actor=Actor.system("nightly"), now=now)
    archives.forget_strays(before=now - timedelta(days=1))
    forget_sent(before=now - FORMS_KEPT)
    call_command("clearsessions")
    call_command("prune_db_task_results", verbosity=0)


def forget_rows(now: datetime) -> None:
    """Rows of bias audits go when their day has passed, and what a crash left behind."""
    from trygg.apps.fairness import keeping
    from trygg.apps.fairness.models import RowFile
    from trygg.apps.fairness.services import delete_rows_due
    from trygg.kernel.access import Actor

    while delete_rows_due(actor=Actor.system("nightly"), now=now):
        pass
    needed = set(RowFile.objects.filter(deleted_at=None).values_list("sha256", flat=True))
    keeping.forget_strays(needed=needed, before=now - timedelta(days=1))


class Loop:
    """Tasks from the queue one after another, and the duties in between, until told to stop."""

    def __init__(self, parent: int | None = None) -> None:
        self.parent, self.duties, self._stopping = parent, Duties(), threading.Event()

    def stop(self, *_signal: object) -> None:
        self._stopping.set()

    @property
    def orphaned(self) -> bool:
        """True when the server that started this worker is gone."""
        return self.parent is not None and os.getppid() != self.parent

    def run(self, *, once: bool = False) -> None:
        from django.conf import settings
        from django.db import close_old_connections
        from django.utils import timezone

        heartbeat = Path(settings.TRYGG_HOME) / HEARTBEAT
        while not self._stopping.is_set() and not self.orphaned:
            close_old_connections()
            heartbeat.touch(mode=0o600)
            self.duties.do(timezone.now())
            _attempt("tasks", work_off)
            if once:
                return
            self._stopping.wait(PAUSE)
        heartbeat.unlink(missing_ok=True)


def work_off() -> None:
    """Run the tasks that wait, one after another; nothing to do where tasks run at once."""
    from django.utils.crypto import get_random_string
    from django_tasks import task_backends
    from django_tasks_db import DatabaseBackend
    from django_tasks_db.management.commands.db_worker import Worker

    if isinstance(task_backends["default"], DatabaseBackend):
        Worker(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=1,
            worker_id=get_random_string(32), excluded_queue_names=[],
        ).run()  # fmt: skip
