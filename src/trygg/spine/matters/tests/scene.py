"""What the tests of this room begin with, made through services."""

import csv
import io
from datetime import datetime

from tests.world import BEFORE, NOW, People
from trygg.kernel.access import Actor
from trygg.spine.matters import services
from trygg.spine.matters.imports import jobs, keeping, reading
from trygg.spine.matters.imports import services as imports
from trygg.spine.matters.models import ImportRun, Matter, System

COLUMNS = ("id", "name", "organisation", "description", "url", "note")
CHATBOT = ("A1", "Chatbot for parents", "Lindvika", "Answers questions.", "https://lindvika.example/a", "<b>ours</b>")
ABSENCE = ("A2", "Absence score", "Lindvika", "Says who may stop coming.", "", "=1+1")
MATCHING = ("", "School matching", "Lindvika", "Places pupils.", "https://lindvika.example/m", "")
ROWS = (CHATBOT, ABSENCE, MATCHING)


def system_of(people: People, name: str = "Läslyft Tutor") -> System:
    """A system that the board keeps, of the vendor."""
    officer = people.actor("officer", BEFORE)
    return services.add_system(actor=officer, now=BEFORE, owner=people.board, name=name, vendor=people.vendor, version="3.1")


def matter_of(people: People, *, stage: str = "", staffed: bool = False) -> Matter:
    """A matter of the board about a system; `staffed`: the officer answers for it, the safeguarding lead may pause it."""
    officer = people.actor("officer", BEFORE)
    matter = services.create_matter(
        actor=officer, now=BEFORE, owner=people.board, kind="deployment", title="Reading tutor", system=system_of(people), stage=stage
    )
    if staffed:
        changes = {"accountable": people.memberships["officer"], "overseer": people.memberships["safeguarding_lead"]}
        services.edit_matter(actor=officer, now=BEFORE, matter=matter, changes=changes)
    return matter


def table(rows=ROWS, columns=COLUMNS, delimiter=",") -> bytes:
    """A register file as CSV."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([columns, *rows])
    return stream.getvalue().encode()


def begun(people: People, content: bytes | None = None, *, name: str = "register.csv", actor: Actor | None = None, now: datetime = NOW) -> ImportRun:
    """A run whose file is kept and whose mapping is what the columns suggest."""
    kept = keeping.keep(name, [table() if content is None else content])
    found = reading.look_at(kept)
    return imports.begin_import(
        actor=actor or people.actor("officer"), now=now, organisation=people.board, kept=kept, detected=found.detected, mapping=found.mapping
    )


def staged(people: People, content: bytes | None = None, **more) -> ImportRun:
    """A run that was read."""
    return jobs.read(begun(people, content, **more))


def applied(people: People, content: bytes | None = None, *, now: datetime = NOW, **more) -> ImportRun:
    """A run that was applied."""
    return imports.apply_import(actor=people.actor("officer"), now=now, run=staged(people, content, now=now, **more))
