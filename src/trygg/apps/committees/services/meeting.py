"""Calling a meeting and its items; interests and recusals; asking for opinions; notes."""

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.committees import waiting
from trygg.apps.committees.models import BODY, Committee, Interest, Item, Recusal, Seat
from trygg.apps.committees.services.opinions import open_when_complete
from trygg.apps.committees.services.shared import at_state, locked
from trygg.apps.committees.standing import standings
from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.spine.assurance.evidence import case_of, make_snapshot
from trygg.spine.matters.models import Matter
from trygg.spine.meetings import calendar, steps
from trygg.spine.meetings.models import Meeting

State = Item.State
BEFORE_COUNTED = (State.PLANNED, State.OPINIONS, State.DISCUSSION, State.VOTING)


@service("committees.plan_meeting")
def plan_meeting(*, actor: Actor, now: datetime, committee: Committee, starts_at: datetime, place: str = "") -> Meeting:
    """Call a meeting of the committee. Its members get a mail with an entry for their calendars."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_committee", committee)
        meeting = steps.plan_meeting(
            work, body_name=committee.name, organisation=committee.organisation, subject_type=BODY, subject_id=str(committee.pk),
            starts_at=starts_at, place=place, now=now,
        )  # fmt: skip
        calendar.invite(work, meeting, moved=0, now=now)
    return meeting


@service("committees.call_item")
def call_item(*, actor: Actor, now: datetime, meeting: Meeting, matter: Matter, title: str) -> Item:
    """Take up a matter at a meeting: its case is frozen, and the committee advises on that and nothing else.

    `title` is the question, as the councillors will read it.
    """
    with unit_of_work(actor=actor, now=now) as work:
        committee = Committee.objects.get(pk=meeting.subject_id) if meeting.subject_type == BODY else None
        if committee is None:
            raise Denied("committees.run_committee")
        require(actor, "committees.run_committee", committee)
        require(actor, "matters.view_matter", matter)
        if not title.strip():
            raise ValidationError({"title": _("Write the question that the committee is asked.")})
        if Item.objects.filter(committee=committee, agenda__meeting=meeting, agenda__matter=matter).exists():
            raise ValidationError({"matter": _("The matter is on the agenda of this meeting already.")})
        snapshot = make_snapshot(work, case=case_of(matter), now=now)
        agenda = steps.put_on_agenda(work, meeting=meeting, title=title, matter=matter, snapshot=snapshot)
        item = Item.objects.create(agenda=agenda, committee=committee, seal=secrets.token_hex(32))
        people = [standing.seat.membership.person_id for standing in standings(item)]
        waiting.tell(work, "committees.item_called", item, people, now)
        work.record("committees.item_called", item, organisation=committee.organisation_id, matter=matter.pk, snapshot=snapshot.content_hash)
    return item


@service("committees.declare_interest")
def declare_interest(*, actor: Actor, now: datetime, item: Item, text: str, stand_aside: bool = False) -> Interest:
    """Say that one has an interest in the matter; `stand_aside` recuses at once. Else the committee decides whether it matters."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.take_part", item)
        item = locked(item)
        at_state(item, *BEFORE_COUNTED)
        mine = next((s.seat for s in standings(item) if s.seat.membership_id == actor.membership_id), None)
        if mine is None:
            raise Denied("committees.take_part")
        if not text.strip():
            raise ValidationError({"text": _("Say in a sentence what your interest is.")})
        interest = Interest.objects.filter(item=item, seat=mine).first() or Interest(item=item, seat=mine, declared_at=now)
        stands_aside = stand_aside and not item.recusals.filter(seat=mine).exists()
        if interest.pk and interest.text == text.strip() and not stands_aside:
            work.nothing_happened()
            return interest
        interest.text, interest.declared_at = text.strip(), now
        interest.full_clean()
        interest.save()
        work.record("committees.interest_declared", item, organisation=item.committee.organisation_id, details={"text": interest.text})
        if stands_aside:
            _recuse(work, item, mine, reason=interest.text, now=now)
    if stands_aside:
        open_when_complete(item, now)
    return interest


@service("committees.note_recusal")
def note_recusal(*, actor: Actor, now: datetime, item: Item, seat: Seat, reason: str) -> Recusal:
    """Note that a member is recused from an item: by the member's own word, or as the committee found."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        at_state(item, *BEFORE_COUNTED)
        if seat.pk not in {standing.seat.pk for standing in standings(item)}:
            raise ValidationError({"seat": _("That seat does not belong to this meeting.")})
        if not reason.strip():
            raise ValidationError({"reason": _("Say why, in a sentence: it is kept in the record.")})
        standing = item.recusals.filter(seat=seat).first()
        if standing is not None:
            work.nothing_happened()
            return standing
        recusal = _recuse(work, item, seat, reason=reason.strip(), now=now)
    open_when_complete(item, now)
    return recusal


def _recuse(work, item: Item, seat: Seat, *, reason: str, now: datetime) -> Recusal:
    """From now on the member takes no part: an answer that is still sealed, and an open vote, are taken out."""
    recusal = Recusal(item=item, seat=seat, reason=reason[:300], noted_by=work.actor.name[:120], noted_at=now)
    recusal.full_clean()
    recusal.save()
    if item.state == State.OPINIONS:
        item.opinions.filter(seat=seat).delete()
    item.votes.filter(seat=seat).delete()
    for code in (waiting.GIVE_OPINION, waiting.CAST_VOTE):
        waiting.release_seats(work, code, item, [seat], now)
    work.record(
        "committees.member_recused", item, organisation=item.committee.organisation_id, group=seat.stakeholder_group,
        details={"reason": recusal.reason, "seat": seat.pk},
    )  # fmt: skip
    return recusal


@service("committees.ask_opinions")
def ask_opinions(*, actor: Actor, now: datetime, item: Item) -> Item:
    """Ask the members for sealed first opinions. Asked again by a double submit, nothing changes."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        if item.state == State.OPINIONS:
            work.nothing_happened()
            return item
        at_state(item, State.PLANNED)
        expected = [standing.seat for standing in standings(item) if standing.expected]
        if not expected:
            raise ValidationError(_("Nobody can be asked: every seat is empty, recused or barred. Fill seats first."))
        item.state = State.OPINIONS
        item.save(update_fields=["state"])
        waiting.ask_seats(work, waiting.GIVE_OPINION, item, expected, now)
        work.record("committees.opinions_asked", item, organisation=item.committee.organisation_id, asked=len(expected))
    return item


@service("committees.write_notes")
def write_notes(*, actor: Actor, now: datetime, item: Item, notes: str) -> Item:
    """Keep what was said, in the secretary's words: what speaks for, what against, what is not known."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        at_state(item, State.DISCUSSION, State.VOTING, State.COUNTED)
        if item.notes == notes:
            work.nothing_happened()
            return item
        item.notes = notes
        item.save(update_fields=["notes"])
        work.record("committees.notes_written", item, organisation=item.committee.organisation_id, details={"notes": notes})
    return item
