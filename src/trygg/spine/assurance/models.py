"""The assurance case: claims, evidence, status, snapshots. Only `recompute` writes a claim's status."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Membership
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter


class Depth(models.TextChoices):
    LIGHT = "light", _("Light review")
    STANDARD = "standard", _("Standard review")
    FULL = "full", _("Full review")


class Status(models.TextChoices):
    """Strongest first."""

    CONTESTED = "contested", _("Contested")
    MISSING = "missing", _("Missing")
    STALE = "stale", _("Stale")
    SUPPORTED = "supported", _("Supported")
    NOT_REQUIRED = "not_required", _("Not required")


class Case(models.Model):
    """One per matter. `screening` is the stored result with the hashes of its inputs."""

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="case")
    depth = models.CharField(max_length=8, choices=Depth.choices, default=Depth.LIGHT)
    screening = models.JSONField(default=dict)
    screening_hash = models.CharField(max_length=64, blank=True)
    prohibited = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)  # {supported: n, ...} over required claims, for lists
    recomputed_at = models.DateTimeField(null=True)
    next_change_at = models.DateField(null=True, db_index=True)  # the first day on which time alone changes something


class CaseFramework(models.Model):
    """Whether a framework applies to the case, at which depth, and why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="frameworks")
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT)
    applies = models.BooleanField(null=True)  # None: cannot tell yet
    depth = models.CharField(max_length=8, choices=Depth.choices)
    because = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "pack"], name="one_framework_per_case")]


class Claim(models.Model):
    """What must hold: a requirement of a framework, or a condition that a decision set."""

    class Origin(models.TextChoices):
        REQUIREMENT = "requirement", _("Requirement")
        CONDITION = "condition", _("Condition of a decision")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="claims")
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.REQUIREMENT)
    pack = models.ForeignKey(PackVersion, null=True, blank=True, on_delete=models.PROTECT)
    requirement_id = models.CharField(max_length=120)  # for a condition: decision-N-condition-M
    text = models.JSONField(default=dict)  # a condition's own words: {"sv": ..., "en": ...} or {"und": ...}
    order = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.MISSING)
    reasons = models.JSONField(default=list)  # [{code, params}]
    next_change_at = models.DateField(null=True)
    changed_at = models.DateTimeField()
    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "pack", "requirement_id"], name="one_claim_per_requirement"),
            models.UniqueConstraint(fields=["case", "requirement_id"], condition=Q(pack=None), name="one_claim_per_condition"),
        ]
        indexes = [models.Index(fields=["case", "status"])]


class Evidence(models.Model):
    """What supports or contests. `kind` and `key` match needs (`document`/`dpia`); `claim` binds it to one claim only."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        CONTESTS = "contests", _("Contests")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=40)  # answers | document | decision | condition_met | concern ...
    key = models.CharField(max_length=120, blank=True)
    params = models.JSONField(default=dict)  # for answers: the completed answers that count
    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.SUPPORTS)
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    source_type = models.CharField(max_length=60, blank=True)  # e.g. "assessments.assessment"
    source_id = models.CharField(max_length=60, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    system_version = models.CharField(max_length=80, blank=True)  # the version that the evidence is about
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)  # contesting evidence that was answered
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["case", "kind", "key"])]


class CaseDocument(models.Model):
    """A document that was written before, attached to many claims as one act: each place is a piece of evidence with its pages."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    dated_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    system_version = models.CharField(max_length=80, blank=True)  # the version that it is about; empty: bound to none
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    attached_by = models.CharField(max_length=200, blank=True)
    attached_at = models.DateTimeField(null=True, blank=True)  # None: it counts nowhere
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sha256"], condition=Q(removed_at=None), name="one_case_document_per_file")
        ]

    def __str__(self) -> str:
        return self.title


class Snapshot(models.Model):
    """An immutable copy of a case, with the hashes of packs, answers and evidence: what committees advise on."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_snapshot_number")]
