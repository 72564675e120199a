"""Evidence files: content-addressed, outside the web root, downloaded only through an access check."""

from django.db import models

from trygg.kernel.people.models import Organisation


class StoredFile(models.Model):
    """A file that belongs to a subject (an answer, a claim): who may see the subject may download it, unless it is quarantined."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=120)
    uploaded_by = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    quarantined_at = models.DateTimeField(null=True, blank=True)
    quarantine_reason = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]
