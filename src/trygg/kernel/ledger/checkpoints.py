"""Signed checkpoints, and the witnesses who cosign them. A root on the same host proves nothing until someone else has it."""

from datetime import datetime

from trygg.engines.translog.notes import Checkpoint as Signed
from trygg.engines.translog.notes import Note, NoteError, PublicKey, cosigned_at
from trygg.kernel.ledger import keys, selectors
from trygg.kernel.ledger.models import Checkpoint
from trygg.kernel.ledger.uow import NestedUnitOfWork, unit_of_work_open


class LedgerInconsistent(RuntimeError):
    """The record no longer continues what was signed: signing it would make a fork."""


def make_checkpoint(*, now: datetime) -> Checkpoint:
    """Sign the record as it is committed now; the latest checkpoint if nothing was added since.

    LedgerInconsistent if the record does not continue the latest checkpoint (restored from an older backup, or altered).
    Must stand outside a unit of work: a checkpoint must never outlive its entries.
    """
    if unit_of_work_open():
        raise NestedUnitOfWork("a checkpoint signs what is committed: make it after the unit of work")
    signer = keys.signer()
    latest = selectors.latest_checkpoint()
    tree = selectors.tree()
    if latest is not None:
        if latest.size > tree.size or tree.range_hash(0, latest.size) != bytes(latest.root):
            raise LedgerInconsistent(
                f"the record of {tree.size} entries does not continue the checkpoint signed at {latest.size}: "
                "run `trygg ledger verify`; nothing was signed"
            )
        if latest.size == tree.size:
            return latest
    signed = Signed(signer.name, tree.size, tree.root())
    made, _ = Checkpoint.objects.get_or_create(
        size=signed.size, defaults={"root": signed.root, "note": str(signed.signed(signer)), "at": now}
    )
    return made


def add_cosignature(*, note: str, witness: PublicKey) -> Checkpoint:
    """Keep a witness's cosignature from the note that it sent back. NoteError unless it signed one of our checkpoints."""
    returned = Note.parse(note)
    if cosigned_at(returned, witness) is None:
        raise NoteError(f"{witness.name} did not cosign this note")
    ours = Checkpoint.objects.filter(size=Signed.parse(returned.text).size).first()
    if ours is None or Note.parse(ours.note).text != returned.text:
        raise NoteError("this is no checkpoint of this record")
    kept = Note.parse(ours.note)
    for line in returned.lines_of(witness):
        if line not in kept.signatures:
            kept = kept.cosigned(line)
    ours.note = str(kept)
    ours.save(update_fields=["note"])
    return ours
