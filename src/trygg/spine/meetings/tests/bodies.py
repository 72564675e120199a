"""A body for the tests of meetings: the board itself, which its secretary leads and everyone in it sees."""

from datetime import timedelta

from tests.world import NOW, People
from trygg.kernel.ledger import unit_of_work
from trygg.kernel.people.models import Membership, Organisation
from trygg.spine.meetings import bodies, steps
from trygg.spine.meetings.models import AgendaItem, Meeting
from trygg.spine.meetings.selectors import as_ids

BODY = "tests.board"
MEETS = NOW + timedelta(days=2)


def _of(actor, *roles):
    rows = Organisation.objects.filter(pk=actor.organisation_id)
    return as_ids(rows if not roles or str(actor.role) in roles else rows.none())


def register_board() -> None:
    """Make boards bodies that meet, for the rest of the test run: no other room asks for them."""
    if BODY not in bodies.BODIES:
        bodies.register(
            BODY, view=_of, manage=lambda actor: _of(actor, "committee_secretary"),
            members=lambda meeting: Membership.objects.filter(organisation_id=meeting.subject_id),
            path=lambda meeting: f"/tests/meetings/{meeting.pk}/",
        )  # fmt: skip


def meeting_of(people: People) -> tuple[Meeting, AgendaItem]:
    """A planned meeting of the board with one item."""
    with unit_of_work(actor=people.actor("committee_secretary"), now=NOW) as work:
        meeting = steps.plan_meeting(
            work, body_name="Nämnden", organisation=people.board, subject_type=BODY, subject_id=str(people.board.pk), starts_at=MEETS, now=NOW
        )
        item = steps.put_on_agenda(work, meeting=meeting, title="Frågan")
    return meeting, item
