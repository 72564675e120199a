"""Organisations, partnerships, people, memberships, invitations and one-purpose links."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trygg.kernel.access import Role


class StakeholderGroup(models.TextChoices):
    CHILDREN = "children", _("Children and young people")
    PARENTS = "parents", _("Parents and guardians")
    SAFEGUARDING = "safeguarding", _("Safeguarding professionals")
    DEVELOPERS = "developers", _("AI developers")
    POLICYMAKERS = "policymakers", _("Policymakers")
    RESEARCHERS = "researchers", _("Researchers")
    CIVIL_SOCIETY = "civil_society", _("Civil society")


class Jurisdiction(models.TextChoices):
    SWEDEN = "SE", _("Sweden")
    EU = "EU", _("European Union, another country than Sweden")
    UK = "UK", _("England and the rest of the United Kingdom")


class RoleChoice(models.TextChoices):
    ADMINISTRATOR = Role.ADMINISTRATOR.value, _("Administrator")
    OFFICER = Role.OFFICER.value, _("Officer")
    CONTRIBUTOR = Role.CONTRIBUTOR.value, _("Contributor")
    VENDOR = Role.VENDOR.value, _("Vendor")
    COMMITTEE_MEMBER = Role.COMMITTEE_MEMBER.value, _("Committee member")
    COMMITTEE_SECRETARY = Role.COMMITTEE_SECRETARY.value, _("Committee secretary")
    SAFEGUARDING_LEAD = Role.SAFEGUARDING_LEAD.value, _("Safeguarding lead")
    DATA_STEWARD = Role.DATA_STEWARD.value, _("Data steward")
    ANALYST = Role.ANALYST.value, _("Analyst")
    AUDITOR = Role.AUDITOR.value, _("Auditor")


class Organisation(models.Model):
    """An authority or partner of its own: in Sweden each municipal board is one. `parent` is the municipality of a board."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality or council")
        BOARD = "board", _("Municipal board")
        SCHOOL = "school", _("School")
        SOCIAL_SERVICES = "social_services", _("Social services")
        POLICE = "police", _("Police")
        HEALTH = "health", _("Health service")
        NGO = "ngo", _("Non-governmental organisation")
        UNIVERSITY = "university", _("University")
        VENDOR = "vendor", _("AI vendor")
        OTHER = "other", _("Other")

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    jurisdiction = models.CharField(max_length=2, choices=Jurisdiction.choices)
    contact_email = models.EmailField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Partnership(models.Model):
    """Organisations that work together. Belonging to one shows nothing by itself: sharing is an act of its own."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class PartnershipMember(models.Model):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnership_memberships")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organisation"], condition=Q(left_at=None), name="one_partnership_membership")
        ]


class PersonManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone who signs in. `display_name` is what others see: for members under 18 the product shows "youth member" instead."""

    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    youth = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = PersonManager()

    class Meta:
        ordering = ["display_name", "pk"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name that others may see."""
        return str(_("Youth member")) if self.youth else self.display_name

    @property
    def distinct_name(self) -> str:
        """The name in a list to choose from: two youth members are told apart by a number, never by a name or its letters."""
        return _("Youth member %(number)s") % {"number": self.pk} if self.youth else self.display_name

    # allauth and the admin-less auth app ask for these.
    is_staff = False
    is_superuser = False

    def get_full_name(self) -> str:
        return self.shown_name

    def get_short_name(self) -> str:
        return self.shown_name


class Membership(models.Model):
    """A person in one organisation with one role preset, from a day until a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=RoleChoice.choices)
    stakeholder_group = models.CharField(max_length=16, choices=StakeholderGroup.choices, blank=True)
    title = models.CharField(max_length=120, blank=True)
    guest = models.BooleanField(default=False)  # made by a one-purpose link: the organisation itself has not vouched for the person
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(valid_until=None), name="one_open_membership_per_role"
            )
        ]
        ordering = ["organisation__name", "pk"]

    def in_force(self, now: datetime) -> bool:
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


class Invitation(models.Model):
    """A way in for one address, once. Only a hash of the token is kept."""

    email = models.EmailField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=24, choices=RoleChoice.choices)
    stakeholder_group = models.CharField(max_length=16, choices=StakeholderGroup.choices, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class PurposeLink(models.Model):
    """A link for one purpose: who holds it and receives the code by e-mail acts as one membership, and lands on one page."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="purpose_links")
    path = models.CharField(max_length=300)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class Outbox(models.Model):
    """A message that leaves after the commit. Never carries answers or concern texts, only a link."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    file_name = models.CharField(max_length=100, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file = models.TextField(blank=True)  # a calendar entry
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
