"""The unit of work: one act, one transaction, recorded last.

    with unit_of_work(actor=actor, now=now) as uow:
        matter = Matter.objects.create(...)
        uow.changed(MatterCreated(matter.pk))
        uow.record("matters.matter_created", matter, kind=matter.kind, details={"title": matter.title})

On leaving: listeners are told the changes (the spine recomputes what depends on them), the entries are appended in one batch,
the transaction commits. An exception anywhere leaves nothing behind. `record()` is the only way into the ledger.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from trygg.engines.translog import leaves, tiles
from trygg.engines.translog.merkle import HASH_SIZE, leaf_hash
from trygg.kernel.ledger import once
from trygg.kernel.ledger.actions import action_named
from trygg.kernel.ledger.faults import crash_point
from trygg.kernel.ledger.models import Detail, Entry, Tile

Listener = Callable[["UnitOfWork", list[Any]], None]

log = logging.getLogger("trygg.ledger")
MAX_ROUNDS = 10
UNIQUE_VIOLATION = "23505"  # PostgreSQL; SQLite lets one act through after the other, so checks hold there
ADVISORY_LOCK = 0x74727967676C6F67  # "trygglog": one writer of the ledger at a time
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE")

_open: ContextVar["UnitOfWork | None"] = ContextVar("trygg_unit_of_work", default=None)
_listeners: list[Listener] = []


class NestedUnitOfWork(RuntimeError):
    """A unit of work was opened, or a public service called, inside another."""


class UnrecordedWrite(RuntimeError):
    """A unit of work wrote to the database, or announced changes, and recorded nothing."""


class UnitOfWorkClosed(RuntimeError):
    """A change or record came after the unit of work had been left."""


class ListenersDoNotSettle(RuntimeError):
    """Listeners kept announcing changes for more than MAX_ROUNDS rounds."""


@dataclass(slots=True, eq=False)
class Record:
    """An act to be appended. `index` is its place in the ledger once the unit of work has appended it."""

    action: str
    subject_type: str
    subject_id: str
    organisation_id: int | None
    public: dict[str, Any]
    secrets: dict[str, leaves.Secret]
    index: int | None = None


@dataclass(eq=False)
class UnitOfWork:
    """One act of `actor` at `now`."""

    actor: Any
    now: datetime
    records: list[Record] = field(default_factory=list)
    _changes: list[Any] = field(default_factory=list)
    _unheard: list[Any] = field(default_factory=list)
    _appended: list[Callable[[], None]] = field(default_factory=list)
    _nothing: bool = False
    _wrote: bool = False
    _closed: bool = False

    def changed(self, change: Any) -> None:
        """Announce a typed change to the listeners."""
        self._check_open()
        self._changes.append(change)
        self._unheard.append(change)

    def record(
        self,
        action: str,
        subject: models.Model | tuple[str, Any] | None = None,
        *,
        details: dict[str, Any] | None = None,
        organisation: Any = None,
        **public: Any,
    ) -> Record:
        """Put an act into the ledger.

        `subject`: a saved row, or (type, id). `public` goes into the leaf for good: nothing that tells of a person.
        `details` goes beside it, bound by salted commitments, and can be erased. `organisation` (row or id) is whose act it
        is, the actor's when not given. UnknownAction for an unregistered action; NotJson for a value without a JSON form.
        """
        self._check_open()
        action_named(action)
        subject_type, subject_id = _subject(subject)
        record = Record(
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            organisation_id=self.actor.organisation_id
            if organisation is None
            else getattr(organisation, "pk", organisation),
            public=leaves.plain(public),
            secrets={name: leaves.conceal(value) for name, value in (details or {}).items()},
        )
        leaves.canonical(record.public)  # a value that cannot be written shows here, where the mistake is
        self.records.append(record)
        return record

    def nothing_happened(self) -> None:
        """Say that this unit of work changed nothing (a double submit, an import without news), so it need record nothing."""
        self._check_open()
        self._nothing = True

    def after_commit(self, function: Callable[[], Any]) -> None:
        """Call `function` once everything is committed. What must not be lost goes through an outbox row instead."""
        transaction.on_commit(function)

    def after_append(self, function: Callable[[], None]) -> None:
        """Call `function` in the same transaction once the records have their index. For what points at an entry."""
        self._check_open()
        self._appended.append(function)

    def _check_open(self) -> None:
        if self._closed:
            raise UnitOfWorkClosed("this unit of work is over: nothing can be added to it")

    def _note_writes(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        result = execute(sql, params, many, context)
        if not self._wrote and sql.lstrip()[:7].upper().startswith(WRITES):
            # An INSERT ... RETURNING counts no rows before they are fetched; an UPDATE or DELETE that met no row wrote nothing.
            self._wrote = sql.lstrip()[:6].upper() not in ("UPDATE", "DELETE") or context["cursor"].rowcount != 0
        return result

    def _finish(self) -> None:
        rounds = 0
        while self._unheard:
            rounds += 1
            if rounds > MAX_ROUNDS:
                raise ListenersDoNotSettle(f"still {self._unheard!r} after {MAX_ROUNDS} rounds")
            heard, self._unheard = self._unheard, []
            for listener in _listeners:
                listener(self, heard)
        self._closed = True
        if self.records:
            _append(self.actor, self.now, self.records)
            for function in self._appended:
                function()
        elif self._changes or self._wrote:
            raise UnrecordedWrite("this unit of work changed something and recorded nothing: call uow.record(...)")
        elif not self._nothing:
            raise UnrecordedWrite("this unit of work recorded nothing: call uow.record(...), or uow.nothing_happened()")


@contextmanager
def unit_of_work(*, actor: Any, now: datetime) -> Iterator[UnitOfWork]:
    """Open the outermost transaction for one act. NestedUnitOfWork inside another, RuntimeError inside any other transaction.

    On PostgreSQL two acts may pass each other's checks and want the same unique value: the later one ends in a ValidationError.
    """
    if unit_of_work_open():
        raise NestedUnitOfWork("a unit of work is open already: pass it on instead of opening another")
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    uow = UnitOfWork(actor, now)
    token = _open.set(uow)
    form = None
    try:
        with transaction.atomic(durable=True):
            form = once.claim(now)
            crash_point("act.begun")
            with connection.execute_wrapper(uow._note_writes):
                yield uow
                crash_point("act.written")
                uow._finish()
            once.settle(form, uow.records[-1] if uow.records else None)
            crash_point("act.recorded")
        crash_point("act.committed")
    except BaseException as error:
        once.release(form)
        if isinstance(error, IntegrityError) and getattr(error.__cause__, "sqlstate", "") == UNIQUE_VIOLATION:
            log.warning("two acts wanted the same at the same moment: %s", error)
            raise ValidationError(_("Somebody else saved the same at the same moment. Look at what is there now, then send it again.")) from error
        raise
    finally:
        uow._closed = True
        _open.reset(token)


@contextmanager
def recorded_later() -> Iterator[None]:
    """One transaction for a draft or a single ballot: no act of its own, the saved section or the closed vote is recorded for it."""
    with transaction.atomic(durable=True):
        crash_point("act.begun")
        yield
        crash_point("act.written")
    crash_point("act.committed")


def unit_of_work_open() -> bool:
    """True inside a unit of work."""
    return _open.get() is not None


def on_change(listener: Listener) -> Listener:
    """Register `listener(uow, changes)`: called before each commit with the changes announced since it was last called."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def _subject(subject: models.Model | tuple[str, Any] | None) -> tuple[str, str]:
    if subject is None:
        return "", ""
    if isinstance(subject, models.Model):
        if subject.pk is None:
            raise ValueError(f"{subject._meta.label} has no key yet: save it before it is recorded")
        return subject._meta.label_lower, str(subject.pk)
    kind, key = subject
    return str(kind), str(key)


def _append(actor: Any, now: datetime, records: Sequence[Record]) -> None:
    """Write the records as the next entries, in one batch. The caller holds the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    edge = Tile.objects.filter(level=0).order_by("-position").values_list("position", "data").first()
    size = 0 if edge is None else edge[0] * tiles.WIDTH + len(edge[1]) // HASH_SIZE
    entries, details = [], []
    for index, record in enumerate(records, start=size):
        record.index = index
        leaf = leaves.make_leaf(
            index=index,
            action=record.action,
            actor_kind=actor.kind,
            actor_id=str(actor.id),
            organisation_id=record.organisation_id,
            at=now,
            subject_type=record.subject_type,
            subject_id=record.subject_id,
            public=record.public,
            commitments={
                name: leaves.commitment(name, secret.salt, secret.value) for name, secret in record.secrets.items()
            },
        )
        entries.append(
            Entry(
                index=index,
                action=record.action,
                actor_kind=actor.kind,
                actor_id=str(actor.id),
                organisation_id=record.organisation_id,
                at=now,
                subject_type=record.subject_type,
                subject_id=record.subject_id,
                leaf=leaf,
                leaf_hash=leaf_hash(leaf),
            )
        )
        details += [
            Detail(entry_id=index, name=name, salt=secret.salt, value=secret.value)
            for name, secret in record.secrets.items()
        ]
    Entry.objects.bulk_create(entries)
    if details:
        Detail.objects.bulk_create(details)

    def read(level: int, position: int) -> bytes:
        if level == 0 and edge is not None and edge[0] == position:
            return bytes(edge[1])
        return bytes(Tile.objects.filter(level=level, position=position).values_list("data", flat=True).first() or b"")

    changed = tiles.append(read, size, [entry.leaf_hash for entry in entries])
    Tile.objects.bulk_create(
        [Tile(level=level, position=position, data=data) for (level, position), data in changed.items()],
        update_conflicts=True,
        unique_fields=["level", "position"],
        update_fields=["data"],
    )
