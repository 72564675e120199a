"""Archives that were made, organisations that arrived in one, and the record that each brought along."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Organisation


class Export(models.Model):
    """An archive of an organisation: asked for, written in the background, fetched, deleted after some days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready to fetch")
        FAILED = "failed", _("Could not be written")
        CANCELLED = "cancelled", _("Cancelled")
        DELETED = "deleted", _("Deleted")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    purpose = models.CharField(max_length=300)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetched = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    report = models.JSONField(default=dict)
    fault = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.asked_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("archive:export", args=[self.pk])


class Arrival(models.Model):
    """An organisation that came in an archive: where its import stands, and whether it was taken back."""

    class State(models.TextChoices):
        COMING = "coming", _("Coming in")
        HERE = "here", _("Here")
        LEAVING = "leaving", _("Being taken back")
        TAKEN_BACK = "taken_back", _("Taken back")

    sha256 = models.CharField(max_length=64)
    about = models.JSONField()
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMING)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    stage = models.PositiveIntegerField(default=0)  # how far it has come: stages that are done, lines of the next that are in
    line = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entry = models.BigIntegerField(null=True)  # its entry in the record: what comes after it was done here

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=models.Q(state__in=("coming", "leaving")), name="one_arrival_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.about.get('organisation', {}).get('name', '')} {self.state}"


class Arrived(models.Model):
    """Which row here a row of the archive became, and which key it had where it came from (the old record speaks of that)."""

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="rows")
    label = models.CharField(max_length=100)
    row_id = models.CharField(max_length=300)
    key = models.BigIntegerField()
    was = models.CharField(max_length=40, blank=True)
    made = models.BooleanField(default=True)  # False: it was here before, and is only linked

    class Meta:
        constraints = [models.UniqueConstraint(fields=["arrival", "label", "row_id"], name="one_arrived_row")]
        indexes = [models.Index(fields=["arrival", "label", "key"], name="archive_arrived_key")]

    def __str__(self) -> str:
        return f"{self.label} {self.row_id}"


class SealedRecord(models.Model):
    """What the organisation's record was where it came from. Its entries lie in a file; they are verified against this checkpoint."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=300)  # the other host's public key, as the archive says it
    checkpoint = models.TextField(blank=True)
    entries = models.PositiveBigIntegerField()
    archive = models.CharField(max_length=64)  # SHA-256 of the archive that it came in
    archived_at = models.DateTimeField()
    came_at = models.DateTimeField()

    class Meta:
        ordering = ["came_at", "pk"]

    def __str__(self) -> str:
        return f"{self.key} {self.entries}"
