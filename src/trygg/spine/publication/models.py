"""Register entries and their versions; the published ones stand once more in a flat, indexed table that the public list reads."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Organisation, Person
from trygg.spine.matters.models import Matter


class RegisterEntry(models.Model):
    """A matter in the public register. `current` is the version last published (or, when it was taken back, retracted)."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="register_entry")
    slug = models.SlugField(max_length=80, unique=True)
    current = models.ForeignKey("EntryVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class EntryVersion(models.Model):
    """What was, or will be, published. `content` is never changed once it is approved; another text is another version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        RETRACTED = "retracted", _("Retracted")

    class Reason(models.TextChoices):
        """Why a page was retracted, in words that were read beforehand: nothing is published that only one person has seen."""

        WRONG = "wrong", _("Something on the page was wrong.")
        PERSONAL = "personal", _("Something on the page told of a person.")
        OUTDATED = "outdated", _("The page no longer described how things are.")
        ENDED = "ended", _("The system or plan is no longer in use.")
        LAW = "law", _("A law or a decision by a court or an authority required it.")

    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    texts = models.JSONField(default=dict)  # what was typed: {"sv": {field: text}, "en": {...}}
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    shared = models.BooleanField(default=False)  # others may start from its locked assessments (content["reusable"])
    made_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+"
    )  # who last saved it, and so saw all of it
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    to_correct = models.TextField(blank=True)  # what the reader asked the maker to correct
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)

    class Meta:
        ordering = ["entry", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_entry_version_number"),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=("draft", "approved")), name="one_open_entry_version"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")), name="approved_by_another_person"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", approved_by=None)
                | Q(state__in=("approved", "published", "retracted"), approved_by__isnull=False),
                name="published_only_when_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number} {self.state}"

    @property
    def is_open(self) -> bool:
        """Still on its way: it can be written anew."""
        return self.state in (self.State.DRAFT, self.State.APPROVED)

    @property
    def is_public(self) -> bool:
        return self.state in (self.State.PUBLISHED, self.State.RETRACTED)


class OutsideCase(models.Model):
    """A case that another installation published, read from its file for `owner` to start from. `content` is as it came."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=200)  # who published it
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    read_by = models.CharField(max_length=200)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-read_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "content_hash"], name="one_outside_case")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.content_hash[:12]}"


class PublishedEntry(models.Model):
    """The current published version of an entry, flat: what the public list shows, sorts, filters and searches."""

    entry = models.OneToOneField(RegisterEntry, primary_key=True, on_delete=models.CASCADE, related_name="published")
    version = models.ForeignKey(EntryVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    slug = models.SlugField(max_length=80, unique=True)
    title = models.JSONField()  # a Text
    summary = models.JSONField()  # a Text, shortened
    where = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=Matter.Kind.choices)
    stage = models.CharField(max_length=12, choices=Matter.Stage.choices)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=200)
    ages = models.CharField(max_length=200, blank=True)  # |6-8|9-12|
    setting = models.CharField(max_length=200, blank=True)  # |school|
    counts = models.JSONField(default=dict)
    prohibited = models.BooleanField(default=False)
    search = models.TextField()  # lower-cased: titles, owner, where, system, summaries
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-entry"], name="published_newest"),
            models.Index(fields=["owner", "-published_at"], name="published_owner"),
            models.Index(fields=["kind", "-published_at"], name="published_kind"),
            models.Index(fields=["stage", "-published_at"], name="published_stage"),
        ]

    def __str__(self) -> str:
        return self.slug


class Audience(models.Model):
    """An age band or setting that some published entry names, with its words: the choices of the public list's filter."""

    class Kind(models.TextChoices):
        AGE = "age", _("Age")
        SETTING = "setting", _("Setting")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=40)
    label = models.JSONField()  # a Text
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["kind", "order", "value"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="one_audience")]

    def __str__(self) -> str:
        return self.value
