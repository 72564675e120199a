"""One example call of each public service, for the test that runs them all."""

from trygg.kernel.ledger.registry import Example, example
from trygg.kernel.ledger.tests.conftest import ADMINISTRATOR, NOW, OUTSIDER
from trygg.kernel.ledger.uow import unit_of_work


@example("ledger.erase_detail")
def erase_detail() -> Example:
    with unit_of_work(actor=ADMINISTRATOR, now=NOW) as uow:
        # The record's only action of its own: erasing the detail of an erasure needs no other room.
        record = uow.record(
            "ledger.detail_erased", ("ledger.entry", 0), details={"reason": "asked for"}, entry=0, detail="title"
        )
    return Example(
        call={"actor": ADMINISTRATOR, "now": NOW, "entry": record.index, "name": "reason", "reason": "named a person"},
        denied=(OUTSIDER,),
        records=("ledger.detail_erased",),
    )
