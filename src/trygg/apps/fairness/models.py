"""Bias audits: what was asked before anyone looked, the rows as long as they are needed, and what was found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from trygg.spine.matters.models import Matter


class Audit(models.Model):
    """One audit of a matter. Its question is declared before results are shown and never changes; another question is another audit."""

    class State(models.TextChoices):
        DECLARED = "declared", _("Declared, nothing looked at")
        WORKING = "working", _("Being worked out")
        FAILED = "failed", _("Could not be worked out")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Origin(models.TextChoices):
        CUBE = "cube", _("Counts that were made inside the agency")
        ROWS = "rows", _("Rows that were uploaded")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="audits")
    number = models.PositiveIntegerField()  # of the matter's audits
    title = models.CharField(max_length=200)
    question = models.JSONField()  # as question.Question says
    question_hash = models.CharField(max_length=64)
    reason = models.TextField()  # why a difference of this size matters
    outcome_source = models.TextField(blank=True)  # who decided what the outcome was, and how
    system_version = models.CharField(max_length=80, blank=True)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeats")
    declared_by = models.CharField(max_length=330)
    declared_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DECLARED)
    stage = models.CharField(max_length=20, blank=True)  # of the work: reading, counting, comparing
    fault = models.JSONField(null=True, blank=True)  # {"code", "text"} of what could not be read
    origin = models.CharField(max_length=4, choices=Origin.choices, blank=True)
    data_from = models.DateField(null=True, blank=True)  # the last day that the data is about
    exact = models.JSONField(null=True, blank=True)  # for those who may see the rows themselves
    public = models.JSONField(null=True, blank=True)  # what may be published; the only one when counts came in
    cube_hash = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ["-declared_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["matter", "number"], name="one_audit_number")]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"audit {self.matter_id}/{self.number}"


class RowFile(models.Model):
    """Rows about children, kept under their hash until the counts are made or the day has come. What stays is that they were here."""

    class Basis(models.TextChoices):
        TASK = "task", _("GDPR 6.1 e: a task in the public interest")
        OBLIGATION = "obligation", _("GDPR 6.1 c: a legal obligation")
        SENSITIVE = "sensitive", _("GDPR 9.2 g: sensitive data, important public interest laid down in law")
        BIAS = "bias", _("AI Act, article 4a: sensitive data to find and correct bias")

    audit = models.OneToOneField(Audit, on_delete=models.CASCADE, related_name="rows")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    controller = models.CharField(max_length=200)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    dpia = models.CharField(max_length=300)  # where the data protection impact assessment is
    delete_on = models.DateField()
    uploaded_by = models.CharField(max_length=330)
    uploaded_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["uploaded_at"]

    def __str__(self) -> str:
        return f"rows of {self.audit_id}"
