"""Meetings of any body: agenda, attendance, minutes, actions. Committees and forums add their own to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Membership, Organisation
from trygg.spine.assurance.models import Snapshot
from trygg.spine.matters.models import Matter


class Meeting(models.Model):
    """A meeting of the body that (subject_type, subject_id) names; `organisation` keeps the record of it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Under way")
        CLOSED = "closed", _("Closed")

    body_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="meetings")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    minutes = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "-starts_at"])]

    def __str__(self) -> str:
        return f"{self.body_name} {self.starts_at:%Y-%m-%d}"


class AgendaItem(models.Model):
    """A point of the agenda; about a matter, on the snapshot that was frozen for it, or about neither."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items")
    snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="one_agenda_number")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Whether a member was there. A member without a row has not been noted either way."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="attendance")
    present = models.BooleanField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="one_attendance")]


class Action(models.Model):
    """What was agreed to be done, by whom, until when."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="meeting_actions")
    due_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text
