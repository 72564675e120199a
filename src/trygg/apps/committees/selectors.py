"""Reads of committees: who sits where, how an item stands, what a snapshot says, and the advice as the public may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.apps.committees import charter as charters
from trygg.apps.committees import words
from trygg.apps.committees.access import my_seats
from trygg.apps.committees.models import (
    BODY,
    Advice,
    Committee,
    Condition,
    Decision,
    Dissent,
    Interest,
    Item,
    Recusal,
    SealedOpinion,
    Seat,
    Vote,
)
from trygg.apps.committees.results import mark, power
from trygg.apps.committees.standing import Standing, seats_in_force, standings
from trygg.kernel.access import Actor, allowed, restrict
from trygg.kernel.people.models import Membership, StakeholderGroup
from trygg.kernel.ui import parts
from trygg.kernel.ui.words import fullday, local
from trygg.spine.matters.models import Matter
from trygg.spine.meetings.models import Meeting
from trygg.spine.meetings.selectors import meetings_of

State = Item.State
ITEM_RELATED = (
    "committee__organisation", "agenda__meeting", "agenda__snapshot", "agenda__matter__owner", "agenda__matter__accountable__person",
    "agenda__matter__overseer__person", "agenda__matter__deciding_organisation",
)  # fmt: skip
ITEM_SHOWN = (*ITEM_RELATED, "advice__decision__organisation")  # what an item's page reads with it
CONDITIONS = Prefetch("conditions", Condition.objects.select_related("owner__person", "owner__organisation", "claim"))
DISSENTS = Prefetch(
    "dissents",
    Dissent.objects.select_related("seat__membership__person").prefetch_related(Prefetch("joined", Seat.objects.order_by("pk"))),
)


# --- committees ----------------------------------------------------------------------------------------------------


def committees_seen(actor: Actor) -> QuerySet[Committee]:
    return restrict(actor, "committees.view_committee").select_related("organisation").order_by("name", "pk")


@dataclass(frozen=True)
class GroupSeats:
    """A stakeholder group at the table, or its hole. Shares are of all seats, and of power (normalised Banzhaf)."""

    group: str
    name: str
    seats: list[Seat]
    seat_share: float | None = None
    banzhaf_share: float | None = None


@dataclass(frozen=True)
class Composition:
    groups: list[GroupSeats]
    rules: list[str]
    problem: str
    count: int

    @property
    def missing(self) -> list[str]:
        return [group.name for group in self.groups if not group.seats]


def composition(committee: Committee, at: datetime) -> Composition:
    """Who sits for whom, who is missing at the table, and how much say each group has under the rule."""
    seats = seats_in_force(committee, at)
    charter = charters.load(committee.charter)
    shares = {row["group"]: row for row in power(charter, seats)} if seats else {}
    impossible = charters.problem(charter, [seat.stakeholder_group for seat in seats])
    groups = [
        GroupSeats(
            group=group, name=words.group_name(group), seats=[seat for seat in seats if seat.stakeholder_group == group],
            seat_share=shares.get(group, {}).get("seat_share"), banzhaf_share=shares.get(group, {}).get("banzhaf_share"),
        )
        for group in StakeholderGroup.values
    ]  # fmt: skip
    return Composition(groups, words.charter_lines(committee.charter), words.rule_error(impossible) if impossible else "", len(seats))


def meetings_of_committees(actor: Actor, committees: list[Committee]) -> QuerySet[Meeting]:
    return meetings_of(actor, BODY, [committee.pk for committee in committees])


def members_of(meeting: Meeting) -> QuerySet[Membership]:
    """The memberships that hold a seat at the time of a meeting: for spine/meetings."""
    committee = Committee.objects.get(pk=meeting.subject_id)
    return Membership.objects.filter(pk__in=[seat.membership_id for seat in seats_in_force(committee, meeting.starts_at)])


def path_of_meeting(meeting: Meeting) -> str:
    return reverse("committees:meeting", args=[meeting.pk])


def items_of(actor: Actor, meeting: Meeting) -> list[Item]:
    """The meeting's items that the actor may see, in the order of the agenda."""
    rows = restrict(actor, "committees.view_item").filter(agenda__meeting=meeting).select_related(*ITEM_RELATED)
    return list(rows.order_by("agenda__number"))


# --- an item -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """An opened first opinion and who gave it."""

    seat: Seat
    opinion: str
    reason: str

    @property
    def opinion_words(self) -> str:
        return words.opinion(self.opinion)


@dataclass(frozen=True)
class ItemView:
    """An item as one actor may see it: what is sealed for the actor is not in it at all."""

    item: Item
    roll: list[Standing]
    mine: Standing | None
    runs: bool
    sees_opinions: bool
    sees_result: bool
    decides: bool = False
    answered: int = 0
    expected: int = 0
    voted: int = 0
    voters: int = 0
    own_opinion: SealedOpinion | None = None
    own_vote: Vote | None = None
    own_interest: Interest | None = None
    own_dissent: Dissent | None = None
    opinions: list[Given] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    dissents: list[Dissent] = field(default_factory=list)
    interests: list[Interest] = field(default_factory=list)
    recusals: list[Recusal] = field(default_factory=list)
    advice: Advice | None = None
    decision: Decision | None = None

    @property
    def inside(self) -> bool:
        """The actor is a member who takes part."""
        return self.mine is not None and not self.mine.outside

    @property
    def outside(self) -> list[Standing]:
        return [standing for standing in self.roll if standing.outside]


def item_view(actor: Actor, item: Item) -> ItemView:
    """What the actor may see of an item that it may see. A fixed number of queries for any number of seats, answers and conditions."""
    roll = standings(item)
    mine = next((standing for standing in roll if standing.seat.membership_id == actor.membership_id), None)
    seat = mine.seat if mine else None
    advised = item.reached(State.ADVISED)
    asked = ["committees.run_item"]
    if advised:
        asked.append("committees.record_decision")
    if item.reached(State.DISCUSSION):
        asked.append("committees.view_opinions")
    if item.state == State.COUNTED:
        asked.append("committees.view_votes")
    can = allowed(actor, item, *asked)
    runs, sees_opinions = "committees.run_item" in can, "committees.view_opinions" in can
    sees_result = advised or "committees.view_votes" in can
    table = runs or mine is not None  # around the table: sees who declared what, and the proposal
    expected = {standing.seat.pk for standing in roll if standing.expected}
    voters = {standing.seat.pk for standing in roll if standing.present is True and not standing.outside}
    shows_conditions = advised or (table and item.reached(State.VOTING))
    prefetch_related_objects([item], *([CONDITIONS] if shows_conditions else []), *([DISSENTS] if sees_result else []))
    dissents = list(item.dissents.all()) if sees_result else []
    interests = list(item.interests.select_related("seat__membership__person")) if table else []
    answered, voted = _given_counts(item, expected, voters) if table else (0, 0)
    advice = getattr(item, "advice", None) if advised else None
    return ItemView(
        item=item, roll=roll, mine=mine, runs=runs, sees_opinions=sees_opinions, sees_result=sees_result,
        decides="committees.record_decision" in can,
        answered=answered, expected=len(expected), voted=voted, voters=len(voters),
        own_opinion=item.opinions.filter(seat=seat).first() if seat else None,
        own_vote=item.votes.filter(seat=seat).first() if seat else None,
        own_interest=next((interest for interest in interests if seat and interest.seat_id == seat.pk), None),
        own_dissent=item.dissents.filter(seat=seat).first() if seat and item.state == State.COUNTED else None,
        opinions=_opinions(item, roll) if sees_opinions else [],
        conditions=list(item.conditions.all()) if shows_conditions else [],
        dissents=dissents, interests=interests,
        recusals=list(item.recusals.select_related("seat__membership__person")) if table else [],
        advice=advice, decision=getattr(advice, "decision", None) if advice else None,
    )  # fmt: skip


def _given_counts(item: Item, expected: set[int], voters: set[int]) -> tuple[int, int]:
    """How many of those who are asked have answered and voted: numbers only, what is sealed is not read."""

    def count(rows: QuerySet) -> Subquery:
        counted = rows.filter(item=OuterRef("pk")).order_by().values("item").annotate(n=Count("pk")).values("n")
        return Subquery(counted)

    row = Item.objects.filter(pk=item.pk).values_list(
        count(SealedOpinion.objects.filter(seat__in=expected)), count(Vote.objects.filter(seat__in=voters))
    )
    answered, voted = row.get()
    return answered or 0, voted or 0


def _opinions(item: Item, roll: list[Standing]) -> list[Given]:
    given = {row.seat_id: row for row in item.opinions.all()}
    return [
        Given(standing.seat, given[standing.seat.pk].opinion, given[standing.seat.pk].reason)
        for standing in roll
        if standing.seat.pk in given and not standing.outside
    ]


def seat_rows(result: Mapping[str, Any], before: bool) -> list[parts.SeatRow]:
    """The result by stakeholder group, before (when the reader may see it) and after. Groups without a seat are left out."""
    rows = []
    for group in StakeholderGroup.values:
        marks = [vote for name, vote in result["marks"] if name == group]
        if not marks:
            continue
        first = words.opinions(opinion for name, opinion in result["before"] if name == group) if before else ""
        rows.append(parts.SeatRow(group=words.group_name(group), places=len(marks), before=first or ("–" if before else ""), votes=marks))
    return rows


def silent_rows(roll: list[Standing]) -> list[parts.SeatRow]:
    """The seats before there is a result: who is outside, who is absent, who waits."""
    rows = []
    for group in StakeholderGroup.values:
        marks = ["waiting" if standing.expected else mark(standing, {}) for standing in roll if standing.seat.stakeholder_group == group]
        if marks:
            rows.append(parts.SeatRow(group=words.group_name(group), places=len(marks), votes=marks))
    return rows


def my_open_items(actor: Actor) -> QuerySet[Item]:
    """Items that are under way in the committees where the actor sits."""
    rows = restrict(actor, "committees.view_item").filter(committee__in=my_seats(actor).values("committee_id"))
    return rows.exclude(state__in=(State.ADVISED, State.ANSWERED)).select_related(*ITEM_RELATED)


# --- advice, for the case page and for publication -------------------------------------------------------------------


def items_about(actor: Actor, matter: Matter) -> list[Item]:
    """Items about a matter that the actor may see, latest first."""
    rows = restrict(actor, "committees.view_item").filter(agenda__matter=matter).select_related(*ITEM_RELATED, "advice__decision")
    return list(with_advice(rows).order_by("-agenda__meeting__starts_at", "-pk"))


def with_advice(rows: QuerySet[Item]) -> QuerySet[Item]:
    """Items with the conditions and dissents of their advice, read for all of them at once."""
    return rows.prefetch_related(CONDITIONS, DISSENTS)


@dataclass(frozen=True)
class PublicCondition:
    text: str
    owner: str
    due_on: date | None
    taken_on: bool | None


@dataclass(frozen=True)
class PublicGroup:
    name: str
    seats: int
    yes: int
    no: int
    abstain: int
    recused: int


@dataclass(frozen=True)
class PublicDecision:
    body: str
    answer: str
    answer_words: str
    reasons: str
    decided_on: date
    minute_reference: str


@dataclass(frozen=True)
class PublicAdvice:
    """An advice as anyone may read it: votes by group, no names; `unanswered` when the agreed day has passed in silence."""

    committee: str
    question: str
    kind: str
    kind_words: str
    reasons: str
    met_on: date
    given_at: datetime
    preliminary: bool
    tally_words: str
    groups: list[PublicGroup]
    rules: list[tuple[bool, str]]
    conditions: list[PublicCondition]
    dissents: list[tuple[str, str]]  # (words, by whom)
    answer_due_on: date
    unanswered: bool
    decision: PublicDecision | None
    content_hash: str
    snapshot_hash: str


def public_advices(actor: Actor, matter: Matter, *, today: date) -> list[PublicAdvice]:
    """The advices on a matter in the reader's language, latest first. For publication: nothing that names a member is in them."""
    items = [item for item in items_about(actor, matter) if item.reached(State.ADVISED)]
    return [public_advice(item, today=today) for item in items]


def public_advice(item: Item, *, today: date) -> PublicAdvice:
    """One advice. The caller has checked that the item may be seen."""
    prefetch_related_objects([item], CONDITIONS, DISSENTS)
    advice, language = item.advice, (get_language() or "en").split("-")[0]
    decision = getattr(advice, "decision", None)
    return PublicAdvice(
        committee=item.committee.name, question=item.title, kind=advice.kind, kind_words=words.kind(advice.kind), reasons=advice.reasons,
        met_on=local(item.meeting.starts_at).date(), given_at=advice.given_at, preliminary=advice.preliminary,
        tally_words=words.tally_line(advice.result["tally"]), groups=_public_groups(advice.result),
        rules=[(reason["met"], words.reason_line(reason)) for reason in advice.result["reasons"]],
        conditions=[
            PublicCondition(c.words(language), c.owner.organisation.name if c.owner else "", c.due_on, c.taken_on)
            for c in item.conditions.all()
        ],
        dissents=[
            (dissent.text, words.dissent_by(dissent, dissent.joined.all()))
            for dissent in item.dissents.all()
        ],
        answer_due_on=advice.answer_due_on, unanswered=advice.unanswered(today),
        decision=decision and PublicDecision(
            decision.body_name, decision.answer, str(decision.get_answer_display()), decision.reasons, decision.decided_on,
            decision.minute_reference,
        ),
        content_hash=advice.content_hash, snapshot_hash=advice.snapshot_hash,
    )  # fmt: skip


def _public_groups(result: Mapping[str, Any]) -> list[PublicGroup]:
    rows = []
    for group in StakeholderGroup.values:
        found = result["groups"].get(group)
        if found:
            rows.append(
                PublicGroup(
                    words.group_name(group), found["seats"], found["yes"], found["no"], found["abstain"], found["seats"] - found["eligible"]
                )
            )
    return rows


def answer_line(advice: PublicAdvice) -> str:
    """Where the answer stands, in one sentence."""
    if advice.decision:
        return _("%(body)s: %(answer)s, %(day)s.") % {
            "body": advice.decision.body, "answer": advice.decision.answer_words.lower(), "day": fullday(advice.decision.decided_on)
        }  # fmt: skip
    if advice.unanswered:
        return _("No answer yet. It was due on %(day)s.") % {"day": fullday(advice.answer_due_on)}
    return _("The answer is due on %(day)s.") % {"day": fullday(advice.answer_due_on)}
