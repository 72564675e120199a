"""What the API takes and gives. Names as in the domain model; times in RFC 3339, dates in ISO 8601."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

Text = dict[str, str]


class Problem(Schema):
    """What went wrong, for a person."""

    detail: str


class FieldFault(Schema):
    """One value that could not be read."""

    type: str
    loc: list[str | int]
    msg: str


class Invalid(Schema):
    """Which values could not be read, and why."""

    detail: list[FieldFault]


class Counts(Schema):
    """How many claims stand how."""

    supported: int = 0
    missing: int = 0
    stale: int = 0
    contested: int = 0


class Organisation(Schema):
    slug: str
    name: str


class SystemBrief(Schema):
    id: int
    name: str
    vendor: str
    version: str


class MatterBrief(Schema):
    key: str
    title: str
    kind: str
    stage: str
    owner: Organisation
    diary_number: str
    depth: str
    prohibited: bool
    counts: Counts
    updated_at: datetime


class Children(Schema):
    """The child block, in the officer's words."""

    where: str
    told: str
    say_no: str
    object: str
    human: str
    correct: str


class Fact(Schema):
    """`state`: value, unknown, not_applicable or withheld. A fact that nobody answered is not in the list."""

    name: str
    state: str
    value: Any = None
    said_at: datetime


class MatterDetail(MatterBrief):
    summary: str
    jurisdiction: str
    secrecy: str
    deciding_body: str
    system: SystemBrief | None = None
    children: Children
    facts: list[Fact]
    facts_needed: list[str]


class Reason(Schema):
    status: str
    text: str


class Claim(Schema):
    """`status`: contested, missing, stale, supported or not_required; computed, never typed."""

    id: int
    requirement: str
    framework: str
    origin: str
    status: str
    text: str
    refs: str
    reasons: list[Reason]
    due_on: date | None = None
    changed_at: datetime


class MatterPage(Schema):
    """`count` is of all pages."""

    count: int
    items: list[MatterBrief]


class ClaimList(Schema):
    count: int
    items: list[Claim]


class EntryBrief(Schema):
    """Texts are by language: sv, en, or und (somebody's own words)."""

    slug: str
    title: Text
    summary: Text
    kind: str
    stage: str
    owner: str
    where: str
    ages: list[str]
    settings: list[str]
    prohibited: bool
    counts: Counts
    version: int
    published_at: datetime
    url: str
    json_url: str = Field(alias="json")


class EntryPage(Schema):
    count: int
    items: list[EntryBrief]


class VersionBrief(Schema):
    version: int
    state: str
    published_at: datetime
    retracted_at: datetime | None = None


class EntryDetail(Schema):
    """A published version; of a retracted one only that it was retracted, when and why. `content` is described in docs/register-content.md."""

    slug: str
    url: str
    permanent_url: str
    version: int
    state: str
    published_at: datetime
    retracted_at: datetime | None = None
    reason: Text | None = None
    licence: str
    content_hash: str | None = None
    content: dict[str, Any] | None = None
    versions: list[VersionBrief]
