"""Published versions of packs: immutable, content-addressed."""

from django.db import models
from django.db.models import Q

from trygg.kernel.people.models import Organisation


class PackVersion(models.Model):
    """One published version of a pack. `content` is what the loader read; a change of content needs another version."""

    kind = models.CharField(max_length=12)  # rules | framework | instrument
    pack_id = models.SlugField(max_length=80)
    version = models.CharField(max_length=40)
    title = models.JSONField()  # {en, sv}
    content = models.JSONField()
    content_hash = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)  # None: shipped with Trygg
    current = models.BooleanField(default=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "pack_id", "-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pack_id", "version"], name="one_pack_version"),
            models.UniqueConstraint(fields=["pack_id"], condition=Q(current=True), name="one_current_pack_version"),
        ]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.version}"
