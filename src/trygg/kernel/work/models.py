"""Tasks and in-app notifications. Words are made at the edge from a code and parameters, in the reader's language."""

from django.db import models
from django.db.models import Q

from trygg.kernel.people.models import Membership, Organisation, Person


class Task(models.Model):
    """Something that waits for one person, or for anyone with a role in an organisation."""

    code = models.CharField(max_length=60)  # registered with its wording: work.register_task
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=300)  # where it is done
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tasks")
    assignee = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=24, blank=True)  # when nobody in particular
    made_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject_type", "subject_id", "organisation"], condition=Q(done_at=None), name="one_open_task"
            )
        ]
        indexes = [models.Index(fields=["assignee", "done_at"]), models.Index(fields=["organisation", "role", "done_at"])]


class Notification(models.Model):
    """A line for one person: what happened, where to look."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["person", "read_at"])]
