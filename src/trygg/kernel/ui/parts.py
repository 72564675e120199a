"""What the component tags take: plain values, no models. A room makes them in its selectors or views."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The order of stones in a course (what holds first), and of rows in a list (what is wrong first).
PICTURE_ORDER = ("supported", "stale", "missing", "contested")
LIST_ORDER = ("contested", "missing", "stale", "supported")
# The order in which the four numbers are read.
NUMBER_ORDER = ("supported", "missing", "stale", "contested")

STATUS_WORDS = {
    "supported": pgettext_lazy("status of a claim", "Supported"),
    "missing": pgettext_lazy("status of a claim", "Missing"),
    "stale": pgettext_lazy("status of a claim", "Stale"),
    "contested": pgettext_lazy("status of a claim", "Contested"),
}
CHILD_STATUS_WORDS = {
    "supported": pgettext_lazy("status, said to a child", "Ready"),
    "missing": pgettext_lazy("status, said to a child", "Not there yet"),
    "stale": pgettext_lazy("status, said to a child", "Too old"),
    "contested": pgettext_lazy("status, said to a child", "Someone disagrees"),
}
VOTES = {
    "yes": ("tick", pgettext_lazy("vote", "yes")),
    "no": ("cross", pgettext_lazy("vote", "no")),
    "abstain": ("", pgettext_lazy("vote", "abstained")),
    "out": ("", pgettext_lazy("vote", "recused")),
    "absent": ("", pgettext_lazy("vote", "absent")),
    "waiting": ("", pgettext_lazy("vote", "waiting")),
    "silent": ("", pgettext_lazy("vote", "gave no vote")),
}
READINGS = (
    ("parent", "people", _("Parent")),
    ("child", "child", _("Child")),
    ("details", "", _("All details")),
)


@dataclass(frozen=True)
class Link:
    """`hidden` is added for screen readers where the text alone does not say of what: "Change" + "name"."""

    text: str
    url: str
    hidden: str = ""


@dataclass(frozen=True)
class Action:
    """The one main thing to do on a page, and what it does next."""

    text: str
    url: str
    why: str = ""


@dataclass(frozen=True)
class Stone:
    """One claim in the picture."""

    status: str
    title: str
    url: str = ""


@dataclass(frozen=True)
class Course:
    """One framework in the picture: its name, a note under it, its stones in any order."""

    name: str
    note: str = ""
    stones: Sequence[Stone] = ()


@dataclass(frozen=True)
class Reason:
    status: str
    text: str


@dataclass(frozen=True)
class Claim:
    """`title` is the claim itself; `next` the link that leads on; `due` a date or words."""

    title: str
    status: str
    refs: str = ""
    reasons: Sequence[Reason] = ()
    next: Link | None = None
    owner: str = ""
    due: date | str | None = None
    id: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Stage:
    name: str


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class StatusHeader:
    """`stage` is the index of the present stage, counted from 0; None when there are no stages."""

    heading: str
    kind: str = ""
    stages: Sequence[Stage] = ()
    stage: int | None = None
    facts: Sequence[Fact] = ()
    action: Action | None = None
    status_note: str = ""


@dataclass(frozen=True)
class Event:
    """One line of a timeline: what happened, and what it changed."""

    when: date | datetime
    title: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Task:
    """`title` is the act itself, `why` one sentence; `note` replaces the line under the weekday."""

    title: str
    url: str
    why: str = ""
    icon: str = "todo"
    due: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Job:
    """`percent` None: under way, nobody knows how far. `refresh` seconds after which the page looks again."""

    name: str
    percent: int | None = None
    text: str = ""
    refresh: int | None = None


@dataclass(frozen=True)
class SeatRow:
    group: str
    places: int
    before: str = ""
    votes: Sequence[str] = ()


@dataclass(frozen=True)
class Row:
    """`value` is text or a list of texts."""

    key: str
    value: object
    change: Link | None = None


@dataclass(frozen=True)
class QA:
    """`answer` is text, or a list of paragraphs."""

    question: str
    answer: object
    icon: str = "question"


@dataclass(frozen=True)
class FileItem:
    text: str
    note: str = ""
    url: str = ""
    icon: str = "document"


@dataclass(frozen=True)
class Picture:
    """A chart: its SVG, the sentence that is its title, and the same figures as a table."""

    svg: str
    title: str
    head: Sequence[str] = ()
    rows: Sequence[Sequence] = field(default_factory=list)
    numeric: str = ""
