"""What waits for members, secretaries and those who answer an advice: tasks and notifications, and their wording."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from trygg.apps.committees.models import Item, Seat
from trygg.kernel.access import Role
from trygg.kernel.work.registry import register_notification, register_task
from trygg.kernel.work.tasks import close_task, notify, open_task

GIVE_OPINION, CAST_VOTE = "committees.give_opinion", "committees.cast_vote"
CLOSE_VOTING, WRITE_ADVICE = "committees.close_voting", "committees.write_advice"
ANSWER_ADVICE = "committees.answer_advice"
ITEM, SEAT_AT_ITEM = "committees.item", "committees.seat_at_item"


def register() -> None:
    """Called once, when the application starts."""
    register_task(
        GIVE_OPINION, icon="sealed", heading=lambda p: _("Give your first opinion: %(title)s") % p,
        why=lambda p: _("Nobody reads it before all have answered."),
    )  # fmt: skip
    register_task(
        CAST_VOTE, icon="committee", heading=lambda p: _("Vote: %(title)s") % p,
        why=lambda p: _("The vote is open until the secretary closes it."),
    )  # fmt: skip
    register_task(
        CLOSE_VOTING, icon="committee", heading=lambda p: _("Close the vote: %(title)s") % p,
        why=lambda p: _("The result is worked out and recorded when you close it."),
    )  # fmt: skip
    register_task(
        WRITE_ADVICE, icon="pencil", heading=lambda p: _("Write the advice: %(title)s") % p,
        why=lambda p: _("The vote is closed. Those who decide wait for the reasons."),
    )  # fmt: skip
    register_task(
        ANSWER_ADVICE, icon="document", heading=lambda p: _("Answer the advice: %(title)s") % p,
        why=lambda p: _("%(committee)s has given its advice. The answer is in writing, with reasons; silence is shown in public.") % p,
    )  # fmt: skip
    register_notification("committees.item_called", text=lambda p: _("%(committee)s takes up “%(title)s”.") % p)
    register_notification("committees.opinions_opened", text=lambda p: _("The first opinions about “%(title)s” are open.") % p)
    register_notification("committees.voting_closed", text=lambda p: _("The vote about “%(title)s” is closed.") % p)
    register_notification("committees.advice_given", text=lambda p: _("%(committee)s has given its advice on “%(title)s”.") % p)
    register_notification("committees.decision_recorded", text=lambda p: _("There is an answer to the advice on “%(title)s”.") % p)


def path_of(item: Item) -> str:
    return reverse("committees:item", args=[item.pk])


def params_of(item: Item) -> dict:
    return {"title": item.title, "committee": item.committee.name}


def _seat_key(item: Item, seat: Seat) -> str:
    return f"{item.pk}-{seat.pk}"


def ask_seats(work, code: str, item: Item, seats: Iterable[Seat], now: datetime) -> None:
    """A task for each of these members."""
    for seat in seats:
        open_task(
            work, code=code, params=params_of(item), path=path_of(item), subject_type=SEAT_AT_ITEM, subject_id=_seat_key(item, seat),
            organisation_id=seat.membership.organisation_id, assignee_id=seat.membership_id, now=now,
        )  # fmt: skip


def release_seats(work, code: str, item: Item, seats: Iterable[Seat], now: datetime) -> None:
    """Close these members' tasks."""
    for seat in seats:
        close_task(work, code=code, subject_type=SEAT_AT_ITEM, subject_id=_seat_key(item, seat), now=now)


def ask_secretary(work, code: str, item: Item, now: datetime) -> None:
    open_task(
        work, code=code, params=params_of(item), path=path_of(item), subject_type=ITEM, subject_id=str(item.pk),
        organisation_id=item.committee.organisation_id, role=Role.COMMITTEE_SECRETARY, now=now,
    )  # fmt: skip


def release_secretary(work, code: str, item: Item, now: datetime) -> None:
    close_task(work, code=code, subject_type=ITEM, subject_id=str(item.pk), now=now)


def ask_for_answer(work, item: Item, due_on: date, now: datetime) -> None:
    """A task for the accountable person; for the owner's officers when there is none."""
    accountable = item.matter.accountable
    open_task(
        work, code=ANSWER_ADVICE, params=params_of(item), path=reverse("committees:decision", args=[item.pk]), subject_type=ITEM,
        subject_id=str(item.pk), organisation_id=accountable.organisation_id if accountable else item.matter.owner_id,
        assignee_id=accountable.pk if accountable else None, role="" if accountable else Role.OFFICER, due_on=due_on, now=now,
    )  # fmt: skip


def tell(work, code: str, item: Item, person_ids: Iterable[int], now: datetime) -> None:
    notify(work, person_ids=person_ids, code=code, params=params_of(item), path=path_of(item), now=now)
