"""One example call of each public service, for the test that runs them all."""

from tests.world import NOW, SYSTEM, People
from trygg.kernel.ledger import Example, example
from trygg.packs.catalogue import read_builtin


@example("frameworks.publish_packs")
def publish_packs(people: People) -> Example:
    call = {"actor": SYSTEM, "now": NOW, "packs": read_builtin()}
    return Example(call, denied=tuple(people.actors().values()), records=("frameworks.pack_published",))
