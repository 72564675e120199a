"""Erasing a detail from the record, so that the record stays whole and the person's data is gone."""

from typing import Any

from trygg.engines.translog.leaves import ERASURE
from trygg.kernel.access import Denied, restrict
from trygg.kernel.ledger.models import Detail
from trygg.kernel.ledger.registry import service
from trygg.kernel.ledger.uow import Record, UnitOfWork, unit_of_work


class NothingToErase(LookupError):
    """The entry has no such detail, or it is erased already."""


@service("ledger.erase_detail")
def erase_detail(*, actor: Any, now: Any, entry: int, name: str, reason: str) -> Record:
    """Erase detail `name` of entry number `entry`: its salt and value are deleted, and an entry says so.

    The commitment stays in the leaf and opens to nothing. Denied unless it is the actor's organisation's act; NothingToErase if
    there is no such detail; ValueError without a reason, which is itself a detail of the new entry.
    """
    if not reason.strip():
        raise ValueError("say why the detail is erased")
    with unit_of_work(actor=actor, now=now) as uow:
        if not restrict(actor, "ledger.erase_detail").filter(index=entry).exists():
            raise Denied("ledger.erase_detail")
        return _erase(uow, entry, name, reason)


def _erase(uow: UnitOfWork, entry: int, name: str, reason: str) -> Record:
    detail = Detail.objects.select_for_update().filter(entry_id=entry, name=name).first()
    if detail is None or detail.erased_by_id is not None:
        raise NothingToErase(f"entry {entry} has no detail «{name}» that could be erased")
    record = uow.record(
        ERASURE,
        ("ledger.entry", entry),
        organisation=detail.entry.organisation_id,
        details={"reason": reason},
        entry=entry,
        detail=name,
    )
    detail.salt, detail.value = b"", ""
    uow.after_append(lambda: _blank(detail, record))
    return record


def _blank(detail: Detail, record: Record) -> None:
    detail.erased_by_id = record.index
    detail.save(update_fields=["salt", "value", "erased_by"])
