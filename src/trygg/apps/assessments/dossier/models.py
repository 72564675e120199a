"""A vendor's dossier of a product: the draft, the versions that were published, and answers that were taken over from somewhere."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Organisation
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter


class Dossier(models.Model):
    """One product of one vendor, whoever uses it. Which systems it is about follows from the vendor and the product's names."""

    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dossiers")
    title = models.CharField(max_length=200)
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")  # the questions of the draft
    entries = models.JSONField(default=dict, blank=True)  # repeated section -> [[entry id, its name], ...]
    started_by = models.CharField(max_length=330)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["vendor", "title"], name="one_dossier_per_product")]

    def __str__(self) -> str:
        return self.title


class DossierName(models.Model):
    """What the product is called in a record of it: systems of this vendor with this name are the product."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="names")
    name = models.TextField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["dossier", "name"], name="one_dossier_name")]

    def __str__(self) -> str:
        return self.name


class DossierAnswer(models.Model):
    """An answer of the draft; `revision` as that of an answer in an assessment."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="answers")
    item_id = models.CharField(max_length=80)
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    answered_by = models.CharField(max_length=330)
    answered_by_id = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dossier", "item_id"], name="one_dossier_answer")]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.item_id}"


class DossierText(models.Model):
    """A text of the draft that did not get its place, or lost it, when two people wrote at once. Never deleted."""

    answer = models.ForeignKey(DossierAnswer, on_delete=models.CASCADE, related_name="texts")
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    written_by = models.CharField(max_length=330)
    written_by_id = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    loaded = models.CharField(max_length=40, blank=True)  # the mark of the page that it was written on
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=330, blank=True)
    choice = models.CharField(max_length=8, blank=True)  # kept | stored | joined

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "written_by_id", "loaded"], condition=Q(settled_at=None), name="one_open_dossier_text"
            )
        ]


class DossierVersion(models.Model):
    """What was published, for good: another answer needs another version. A version that was withdrawn stays readable."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    system_version = models.CharField(max_length=80)  # which version of the product the answers are about
    entries = models.JSONField(default=dict, blank=True)
    answers = models.JSONField()  # {item id: {"value": ..., "note": ..., "files": [sha256]}}
    content_hash = models.CharField(max_length=64)
    changes = models.TextField(blank=True)  # what is different, in the vendor's own words
    published_by = models.CharField(max_length=330)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=330, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="one_dossier_version")]

    def __str__(self) -> str:
        return f"{self.dossier_id} v{self.number}"

    @property
    def in_force(self) -> bool:
        return self.withdrawn_at is None


class Taking(models.Model):
    """Answers that were taken over in one act. `undoable`: not those that came along to another revision."""

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.CASCADE, related_name="takings")
    taken_by = models.CharField(max_length=330)
    taken_at = models.DateTimeField()
    undoable = models.BooleanField(default=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=330, blank=True)

    class Meta:
        ordering = ["-taken_at", "-pk"]


class Taken(models.Model):
    """One answer and where it came from: a version of a dossier, or another assessment of the same matter. The newest row of an
    answer counts."""

    taking = models.ForeignKey(Taking, on_delete=models.CASCADE, related_name="rows")
    answer = models.ForeignKey("assessments.Answer", on_delete=models.CASCADE, related_name="taken")
    version = models.ForeignKey(DossierVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="taken")
    source = models.ForeignKey(
        "assessments.Assessment", null=True, blank=True, on_delete=models.SET_NULL, related_name="given_away"
    )
    source_item = models.CharField(max_length=80)
    relation = models.CharField(max_length=10)  # of the question it was given to, compared with this one
    remark = models.JSONField(null=True, blank=True)  # what the mapping says about the two questions: {en, sv}
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField()  # of the answer, as it was left by the taking
    current = models.BooleanField(default=True)  # nothing was taken over in its place, and it was not undone
    outdated_by = models.ForeignKey(DossierVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="outdates")
    kept_against = models.ForeignKey(DossierVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="kept")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["answer", "current"])]


class DossierReview(models.Model):
    """At one matter: look at what the vendor changed. One open at a time: a newer version takes the place of the older one."""

    class Because(models.TextChoices):
        PUBLISHED = "published", _("A new version")
        WITHDRAWN = "withdrawn", _("A version was withdrawn")

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="dossier_reviews")
    version = models.ForeignKey(DossierVersion, on_delete=models.PROTECT, related_name="reviews")
    because = models.CharField(max_length=10, choices=Because.choices)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=330, blank=True)
    kept = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="reviews")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "dossier"], condition=Q(done_at=None), name="one_open_dossier_review"
            )
        ]
