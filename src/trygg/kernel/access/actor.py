"""The Actor: a person, an integration or the system, in one organisation, with one role preset, at one time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Role(StrEnum):
    """The role presets. What each may do is said by the rules of the rooms, and listed in docs/roles.md."""

    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    CONTRIBUTOR = "contributor"
    VENDOR = "vendor"
    COMMITTEE_MEMBER = "committee_member"
    COMMITTEE_SECRETARY = "committee_secretary"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    DATA_STEWARD = "data_steward"
    ANALYST = "analyst"
    AUDITOR = "auditor"


LONG_AGO = datetime.min.replace(tzinfo=UTC)  # an actor without a stated time sees nothing that depends on one


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and when: rules that depend on time (a share that ends) read `at`, never the clock."""

    kind: str  # person | integration | system | anonymous
    id: str
    name: str = ""
    person_id: int | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    role: Role | None = None
    stakeholder_group: str = ""
    guest: bool = False  # came by a one-purpose link: sees what is given to the membership by name, nothing of the organisation's
    partnership_ids: tuple[int, ...] = ()  # partnerships of the organisation, in force at `at`
    at: datetime = LONG_AGO

    @classmethod
    def system(cls, purpose: str) -> "Actor":
        """The product itself, doing `purpose` (a job's or a command's name)."""
        return cls(kind="system", id=purpose, name=purpose)

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def signed_in(self) -> bool:
        return self.kind == "person" and self.person_id is not None

    def has_role(self, *roles: Role) -> bool:
        """True when the actor acts in one of `roles`."""
        return self.role in roles


ANONYMOUS = Actor(kind="anonymous", id="anonymous")
