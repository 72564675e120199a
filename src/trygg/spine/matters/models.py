"""Systems, their components, matters, facts, sharing. What is judged, and what is known about it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Jurisdiction, Membership, Organisation, Person


class Source(models.TextChoices):
    """Where a system's record came from."""

    TYPED = "typed", _("Typed in")
    IMPORTED = "imported", _("Imported")


class System(models.Model):
    """A product. The register record that came in is kept whole: mapped fields in `record`, all else in `extra`, source in `raw`."""

    name = models.TextField()
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="systems")  # who keeps this record
    vendor = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="products")
    vendor_name = models.TextField(blank=True)
    version = models.CharField(max_length=80, blank=True)
    summary = models.TextField(blank=True)
    origin = models.CharField(max_length=10, choices=Source.choices, default=Source.TYPED)
    source = models.CharField(max_length=80, blank=True)  # name of the standard or register it was imported from
    source_id = models.CharField(max_length=300, blank=True)
    match_key = models.CharField(max_length=64, blank=True, db_index=True)  # SHA-256 of source, publisher, name, URL
    record = models.JSONField(default=dict, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    raw = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["owner", "source", "source_id"]), models.Index(fields=["-updated_at", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "source", "source_id"], condition=~Q(source_id=""), name="one_system_per_source_id"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Component(models.Model):
    """`part` is contained in `whole`: a learning platform that embeds a video site."""

    whole = models.ForeignKey(System, on_delete=models.PROTECT, related_name="components")
    part = models.ForeignKey(System, on_delete=models.PROTECT, related_name="part_of")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whole", "part"], name="one_component"),
            models.CheckConstraint(condition=~Q(whole=models.F("part")), name="not_part_of_itself"),
        ]


class Opening(models.Model):
    """Matters that were opened for many systems as one act. It can be taken back as one, as long as nothing was added to them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="openings")
    kind = models.CharField(max_length=12)
    accountable = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField(default=0)  # systems that had a matter already
    opened_by = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict, blank=True)  # what undoing took back, and what it left

    class Meta:
        ordering = ["-opened_at", "-pk"]

    def get_absolute_url(self) -> str:
        return reverse("matters:opening", args=[self.pk])


class Matter(models.Model):
    """What has a case: an AI system that an organisation uses, one that children meet anyway, or a plan."""

    class Kind(models.TextChoices):
        DEPLOYMENT = "deployment", _("A system that we use")
        EXPOSURE = "exposure", _("A system that children meet anyway")
        PLAN = "plan", _("A plan or decision")

    class Stage(models.TextChoices):
        IDEA = "idea", _("Idea")
        PROCUREMENT = "procurement", _("Procurement")
        TRIAL = "trial", _("Trial")
        IN_USE = "in_use", _("In use")
        PAUSED = "paused", _("Paused")
        RETIRED = "retired", _("Retired")
        DRAFT = "draft", _("Draft")
        CONSULTED = "consulted", _("Consulted")
        DECIDED = "decided", _("Decided")
        FOLLOWED_UP = "followed_up", _("Followed up")

    class Secrecy(models.TextChoices):
        OPEN = "open", _("Open")
        INTERNAL = "internal", _("Internal")
        SECRET = "secret", _("Secret")

    key = models.SlugField(max_length=80, unique=True)
    title = models.TextField()
    summary = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    stage_before_pause = models.CharField(max_length=12, blank=True)
    pause_reason = models.TextField(blank=True)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="matters")
    system = models.ForeignKey(System, null=True, blank=True, on_delete=models.PROTECT, related_name="matters")
    system_version = models.CharField(max_length=80, blank=True)
    accountable = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="accountable_for")
    overseer = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="oversees")
    deciding_body = models.CharField(max_length=200, blank=True)
    deciding_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="decides_on"
    )
    jurisdiction = models.CharField(max_length=2, choices=Jurisdiction.choices)
    diary_number = models.CharField(max_length=60, blank=True)
    secrecy = models.CharField(max_length=8, choices=Secrecy.choices, default=Secrecy.INTERNAL)
    retention = models.CharField(max_length=200, blank=True)
    # The child block's words for people; what rules ask for are facts.
    children_where = models.TextField(blank=True)  # which schools, services
    children_told = models.TextField(blank=True)
    children_say_no = models.TextField(blank=True)
    children_object = models.TextField(blank=True)
    children_human = models.TextField(blank=True)
    children_correct = models.TextField(blank=True)
    opening = models.ForeignKey(Opening, null=True, blank=True, on_delete=models.PROTECT, related_name="matters")
    created_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["-updated_at", "-id"]), models.Index(fields=["owner", "-updated_at"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matters:case", args=[self.key])

    @property
    def in_use(self) -> bool:
        return self.stage == self.Stage.IN_USE


DEPLOYMENT_STAGES = (Matter.Stage.IDEA, Matter.Stage.PROCUREMENT, Matter.Stage.TRIAL, Matter.Stage.IN_USE, Matter.Stage.RETIRED)
PLAN_STAGES = (Matter.Stage.DRAFT, Matter.Stage.CONSULTED, Matter.Stage.DECIDED, Matter.Stage.FOLLOWED_UP)


class FactState(models.TextChoices):
    VALUE = "value", _("Known")
    UNKNOWN = "unknown", _("We do not know yet")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
    WITHHELD = "withheld", _("Withheld")


class Fact(models.Model):
    """(matter, name) -> a value, or why there is none. A fact without a row is unanswered."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="facts")
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=16, choices=FactState.choices)
    value = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    said_by = models.CharField(max_length=120)  # name and organisation as they were
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "name"], name="one_fact_per_matter")]
        ordering = ["name"]


class Share(models.Model):
    """An act of sharing: what, with whom, for which purpose, on which ground, until when. It ends by itself."""

    class Level(models.TextChoices):
        READ = "read", _("Read")
        COMMENT = "comment", _("Read and comment")
        WORK = "work", _("Work in it")

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shared_matters")
    level = models.CharField(max_length=8, choices=Level.choices)
    purpose = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-starts_at", "-pk"]


class ImportRun(models.Model):
    """One import of a register file: staged, checked, applied in one short transaction, undone as one act."""

    class State(models.TextChoices):
        STAGING = "staging", _("Being read")
        READY = "ready", _("Ready to apply")
        FAILED = "failed", _("Could not be read")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_runs")
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    detected = models.JSONField(default=dict, blank=True)  # encoding, delimiter, sheet
    state = models.CharField(max_length=10, choices=State.choices)
    stage_note = models.CharField(max_length=300, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    report = models.JSONField(default=dict, blank=True)
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def get_absolute_url(self) -> str:
        return reverse("matters:import_run", args=[self.pk])


class ImportRow(models.Model):
    """A staged row: what will happen to it, and afterwards what stood there before (so that it can be undone)."""

    class Outcome(models.TextChoices):
        CREATE = "create", _("New")
        UPDATE = "update", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        AMBIGUOUS = "ambiguous", _("A person must choose")
        REJECTED = "rejected", _("Rejected")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as in the file, the heading is row 1
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    name = models.TextField(blank=True)
    record = models.JSONField(default=dict)
    extra = models.JSONField(default=dict)
    raw = models.JSONField(default=dict)
    source_id = models.CharField(max_length=300, blank=True)
    match_key = models.CharField(max_length=64, blank=True)
    problems = models.JSONField(default=list)  # [{column, value, reason, code}]
    candidates = models.JSONField(default=list)  # ids of systems that match, when ambiguous
    system = models.ForeignKey(System, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_staged_row")]
