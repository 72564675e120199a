"""Papers: the decision that is proposed, in the officer's words; and Word templates of an organisation's own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Organisation
from trygg.spine.matters.models import Matter

TEMPLATE_FILES = "papers.wordtemplate"  # subject type of the files


class PaperName(models.TextChoices):
    REPORT = "report", _("Committee report, two pages")
    FULL = "full", _("Full report")


class ProposedDecision(models.Model):
    """What those who decide are asked to decide. `text` by language; blank ones are left out."""

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="proposed_decision")
    text = models.JSONField(default=dict)  # {"sv": ..., "en": ...}
    written_by = models.CharField(max_length=330)
    written_at = models.DateTimeField()


class WordTemplate(models.Model):
    """A Word file that an organisation's papers are written into. The one without `ended_at` counts; without one the standard does."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="word_templates")
    paper = models.CharField(max_length=6, choices=PaperName.choices)
    language = models.CharField(max_length=5)
    uploaded_by = models.CharField(max_length=330)
    uploaded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["paper", "language", "-uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "paper", "language"], condition=Q(ended_at=None), name="one_word_template"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.paper} {self.language}"
