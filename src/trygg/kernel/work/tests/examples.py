"""One example call of each public service of work."""

from tests.world import NOW, People
from trygg.kernel.access import ANONYMOUS, Role
from trygg.kernel.ledger import Example, example
from trygg.kernel.work.models import Notification


@example("work.mark_notifications_read")
def mark_notifications_read(people: People) -> Example:
    officer = people.actor(Role.OFFICER)
    Notification.objects.create(person_id=officer.person_id, code="matter_paused", params={"title": "x"}, path="/", made_at=NOW)
    return Example(call={"actor": officer, "now": NOW}, denied=(ANONYMOUS,), records=("work.notifications_read",))
