"""Committees: seats by stakeholder group, and an item's way from interests to advice and the answer of those who decide."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Membership, Organisation, StakeholderGroup
from trygg.spine.assurance.models import Claim, Snapshot
from trygg.spine.matters.models import Matter
from trygg.spine.meetings.models import AgendaItem, Meeting

BODY = "committees.committee"


class Committee(models.Model):
    """Advises, never decides. `organisation` keeps its record; `owners` set it up together, that one among them."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    purpose = models.TextField(blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="committees_kept")
    owners = models.ManyToManyField(Organisation, related_name="committees")
    charter = models.JSONField()  # quorum and rule, as charter.dump gives them
    charter_version = models.PositiveIntegerField(default=1)
    answer_days = models.PositiveSmallIntegerField(default=14)  # in which those who decide answer an advice
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A member's place, for one stakeholder group, from a day until a day."""

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="seats")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="seats")
    stakeholder_group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["stakeholder_group", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "membership"], condition=Q(valid_until=None), name="one_open_seat")
        ]

    def in_force(self, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


class AdviceKind(models.TextChoices):
    SUPPORT = "support", _("Support")
    WITH_CONDITIONS = "support_with_conditions", _("Support with conditions")
    COME_BACK = "come_back", _("Come back with more")
    ADVISE_AGAINST = "advise_against", _("Advise against")
    REFER = "refer", _("Refer to another body")


class Opinion(models.TextChoices):
    """First opinions: what a member thinks before anyone has spoken."""

    SUPPORT = "support", _("Support")
    WITH_CONDITIONS = "support_with_conditions", _("Support with conditions")
    COME_BACK = "come_back", _("Come back with more")
    ADVISE_AGAINST = "advise_against", _("Advise against")


class Item(models.Model):
    """A matter before the committee. Its state moves forward; only a proposal that fell leads back to the discussion."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Interests")
        OPINIONS = "opinions", _("First opinions")
        DISCUSSION = "discussion", _("Discussion")
        VOTING = "voting", _("Vote")
        COUNTED = "counted", _("Vote closed")
        ADVISED = "advised", _("Advice given")
        ANSWERED = "answered", _("Answered by the body that decides")

    agenda = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="committee_item")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="items")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    proposal_kind = models.CharField(max_length=24, choices=AdviceKind.choices, blank=True)
    proposal = models.TextField(blank=True)
    notes = models.TextField(blank=True)  # of the discussion
    ways = models.JSONField(default=list)  # ways to decide: [{"name", "pros", "cons"}]
    fallen = models.JSONField(default=list)  # proposals that were not carried: [{"kind", "proposal", "tally", "hash", ...}]
    opinions_opened_at = models.DateTimeField(null=True, blank=True)
    voting_opened_at = models.DateTimeField(null=True, blank=True)
    voting_closed_at = models.DateTimeField(null=True, blank=True)
    seal = models.CharField(max_length=64)  # salt of the two hashes: votes are few, a plain hash could be guessed
    opinions_hash = models.CharField(max_length=64, blank=True)
    votes_hash = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict)  # computed when voting closed: results.Result as data

    class Meta:
        ordering = ["-agenda__meeting__starts_at", "agenda__number"]

    def __str__(self) -> str:
        return self.agenda.title

    @property
    def title(self) -> str:
        return self.agenda.title

    @property
    def matter(self) -> Matter:
        return self.agenda.matter

    @property
    def snapshot(self) -> Snapshot:
        return self.agenda.snapshot

    @property
    def meeting(self) -> Meeting:
        return self.agenda.meeting

    def reached(self, state: str) -> bool:
        """True when the item stands at `state` or beyond it."""
        order = list(Item.State)
        return order.index(Item.State(self.state)) >= order.index(Item.State(state))


class Interest(models.Model):
    """What a member says of an own interest in the matter."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="interests")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="interests")
    text = models.CharField(max_length=500)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="one_interest")]


class Recusal(models.Model):
    """A member stands outside the item. Those barred by rule (vendors, the deciding line) need no row: see standing."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="recusals")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(max_length=300)
    noted_by = models.CharField(max_length=120)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="one_recusal")]


class SealedOpinion(models.Model):
    """A first opinion. Nobody but its giver reads it before all are opened."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="opinions")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="opinions")
    opinion = models.CharField(max_length=24, choices=Opinion.choices)
    reason = models.CharField(max_length=1000, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["seat"]
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="one_sealed_opinion")]


class Vote(models.Model):
    class Ballot(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        ABSTAIN = "abstain", _("I abstain")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="votes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="votes")
    ballot = models.CharField(max_length=8, choices=Ballot.choices)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["seat"]
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="one_vote")]


class Condition(models.Model):
    """Part of the proposal that is voted on. Taken on by a decision it becomes a claim of the case."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.JSONField()  # {"en": ..., "sv": ...}, or one of them
    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="conditions")
    due_on = models.DateField(null=True, blank=True)
    taken_on = models.BooleanField(null=True)  # None: not answered yet
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.SET_NULL, related_name="committee_conditions")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="one_condition_number")]

    def words(self, language: str) -> str:
        """The text in `language`, or in the one that there is."""
        return self.text.get(language) or next((text for text in self.text.values() if text), "")


class Dissent(models.Model):
    """A dissenting opinion in the member's own words; others may put themselves behind it."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="dissents")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="dissents")
    text = models.CharField(max_length=2000)
    written_at = models.DateTimeField()
    joined = models.ManyToManyField(Seat, related_name="dissents_joined", blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "seat"], name="one_dissent")]


class Advice(models.Model):
    """What the committee says, and by which rule it came to say so. Immutable."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="advice")
    kind = models.CharField(max_length=24, choices=AdviceKind.choices)
    reasons = models.TextField()
    preliminary = models.BooleanField(default=False)  # the vote carried, but the committee was not quorate
    charter = models.JSONField()
    charter_version = models.PositiveIntegerField()
    result = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    written_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    answer_due_on = models.DateField()

    def unanswered(self, today: date) -> bool:
        """True when the agreed day has passed and those who decide have not answered."""
        return self.answer_due_on < today and not hasattr(self, "decision")


class Decision(models.Model):
    """The answer of the body that decides."""

    class Answer(models.TextChoices):
        FOLLOWS = "follows", _("Follows the advice")
        PARTLY = "partly", _("Follows it in part")
        NOT = "not", _("Does not follow it")

    advice = models.OneToOneField(Advice, on_delete=models.PROTECT, related_name="decision")
    body_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="decisions")
    answer = models.CharField(max_length=8, choices=Answer.choices)
    reasons = models.TextField()
    decided_on = models.DateField()
    minute_reference = models.CharField(max_length=120)
    content_hash = models.CharField(max_length=64)
    recorded_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
