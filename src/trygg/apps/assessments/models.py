"""Assessments: an instrument answered for a matter, its sections, answers, kept texts, comments and sign-offs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import Membership, Organisation, Person
from trygg.spine.assurance.models import Depth
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter


class Assessment(models.Model):
    """One instrument version for one matter. A locked one is never touched: reopening makes the next revision of it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        LOCKED = "locked", _("Locked")
        SUPERSEDED = "superseded", _("Continued in a newer one")

    class Because(models.TextChoices):
        """Why there is another revision."""

        STARTED = "started", _("Started")
        REOPENED = "reopened", _("Reopened")
        UPGRADED = "upgraded", _("Moved to a newer version of the questions")
        PHASE = "phase", _("The next phase")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assessments")
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    instrument_id = models.SlugField(max_length=80)  # the pack's id, so that one instrument is open once
    depth = models.CharField(max_length=8, choices=Depth.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    phase = models.CharField(max_length=80, blank=True)  # of the instrument; blank where it has none
    entries = models.JSONField(default=dict, blank=True)  # repeated section -> [[entry id, its name], ...]
    revision = models.PositiveIntegerField(default=1)
    because = models.CharField(max_length=10, choices=Because.choices, default=Because.STARTED)
    carried = models.JSONField(null=True, blank=True)  # after an upgrade: each old answer and what became of it
    previous = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    started_by = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    locked_by = models.CharField(max_length=200, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_content = models.JSONField(null=True, blank=True)  # what `lock_hash` is the hash of
    lock_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "instrument_id"], condition=Q(state="open"), name="one_open_assessment"
            ),
            models.UniqueConstraint(fields=["matter", "instrument_id", "revision"], name="one_assessment_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class SectionAssignment(models.Model):
    """A section and who answers it. `saved_answers` is what counts: the section as it was when someone last said it was done."""

    class State(models.TextChoices):
        TODO = "todo", _("Not begun")
        BEGUN = "begun", _("Begun")
        DONE = "done", _("Done")
        SIGNED = "signed", _("Signed")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sections")
    section_id = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessment_sections")
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="assessment_sections"
    )  # None: anyone in the organisation
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.TODO)
    saved_answers = models.JSONField(null=True, blank=True)  # {item id: {"value": ..., "note": ..., "files": [sha256]}}
    saved_hash = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "section_id"], name="one_assessment_section")]
        indexes = [models.Index(fields=["organisation", "state"])]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.section_id}"


class Answer(models.Model):
    """The value and the note of one item. `revision` grows with each change: a page says which one it was loaded with."""

    class Origin(models.TextChoices):
        TYPED = "typed", _("Typed here")
        REUSED = "reused", _("Reused")
        VENDOR = "vendor", _("From the vendor")

    section = models.ForeignKey(SectionAssignment, on_delete=models.CASCADE, related_name="answers")
    item_id = models.CharField(max_length=80)
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.TYPED)
    origin_note = models.CharField(max_length=300, blank=True)
    unconfirmed = models.BooleanField(default=False)  # taken over, and nobody here stands by it yet: it never counts
    answered_by = models.CharField(max_length=330)  # name and organisation as they were
    answered_by_id = models.CharField(max_length=60, blank=True)  # the actor's id, to say "you"
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["section", "item_id"], name="one_answer_per_item")]

    def __str__(self) -> str:
        return f"{self.section_id}/{self.item_id}"


class StartedFrom(models.Model):
    """Whose published case a matter's answers to an instrument began with, and what these answers were. It stays as it was through
    all revisions, so that each can be compared with it. `left`: what could not come along."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    instrument_id = models.SlugField(max_length=80)
    organisation = models.CharField(max_length=200)
    title = models.TextField()
    number = models.PositiveIntegerField()  # of the published version
    published_on = models.DateField()
    address = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=40)  # of the questions that they answered
    content_hash = models.CharField(max_length=64)  # of the case that was read
    answers = models.JSONField()  # {item here: {"value", "note"}}
    left = models.JSONField(default=list)  # [{"question", "words", "note", "why"}], Texts
    taken_by = models.CharField(max_length=330)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["matter", "instrument_id"], name="one_case_started_from")]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.instrument_id}"


class AnswerVersion(models.Model):
    """A text that was not put in the answer's place, or was replaced there, when two people wrote at once. Never deleted."""

    class Why(models.TextChoices):
        AT_ONCE = "at_once", _("Written at the same time")
        REPLACED = "replaced", _("Replaced by a choice between two answers")

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    why = models.CharField(max_length=8, choices=Why.choices, default=Why.AT_ONCE)
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
                fields=["answer", "written_by_id", "loaded"],
                condition=Q(settled_at=None),
                name="one_open_version_per_page",
            )
        ]


class Comment(models.Model):
    """Said about an item, inside its card. `token` comes from the form: the same form sent twice gives one comment."""

    section = models.ForeignKey(SectionAssignment, on_delete=models.CASCADE, related_name="comments")
    item_id = models.CharField(max_length=80)
    author = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    author_organisation = models.CharField(max_length=200)
    text = models.TextField()
    token = models.CharField(max_length=40)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["section", "token"], name="one_comment_per_form")]


class SignOff(models.Model):
    """An organisation stands by what its sections say; `content_hash` is over these sections as they were saved."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="signoffs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "organisation"],
                condition=Q(withdrawn_at=None),
                name="one_signoff_per_organisation",
            )
        ]


class SecondReading(models.Model):
    """The same questions answered once more, alone. Until it is done, neither reader sees what the other wrote."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="second_readings")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="second_readings")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "membership"], condition=Q(withdrawn_at=None), name="one_second_reading_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.membership_id}"


class SecondAnswer(models.Model):
    """What a second reader answered. `settled`: what was chosen where the two differed."""

    class Settled(models.TextChoices):
        OPEN = "", _("Not settled")
        FIRST = "first", _("The first answer stands")
        SECOND = "second", _("The second answer was taken over")

    reading = models.ForeignKey(SecondReading, on_delete=models.CASCADE, related_name="answers")
    item_id = models.CharField(max_length=80)
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField()
    settled = models.CharField(max_length=6, choices=Settled.choices, blank=True)
    settled_by = models.CharField(max_length=330, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reading", "item_id"], name="one_second_answer_per_item")]

    def __str__(self) -> str:
        return f"{self.reading_id}/{self.item_id}"


# The models of the part `dossier`: Django looks for them here.
from trygg.apps.assessments.dossier.models import (  # noqa: E402
    Dossier,
    DossierAnswer,
    DossierName,
    DossierReview,
    DossierText,
    DossierVersion,
    Taken,
    Taking,
)

__all__ = [
    "Answer", "AnswerVersion", "Assessment", "Comment", "Dossier", "DossierAnswer", "DossierName", "DossierReview",
    "DossierText", "DossierVersion", "SecondAnswer", "SecondReading", "SectionAssignment", "SignOff", "Taken", "Taking",
]  # fmt: skip
