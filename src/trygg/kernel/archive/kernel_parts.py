"""What the kernel's own tables put into an archive: organisations, people, files, tasks; and what never leaves."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from trygg.kernel.archive.fields import Inside, Path, Subject
from trygg.kernel.archive.models import Arrival, Arrived, Export, SealedRecord
from trygg.kernel.archive.registry import Reference, leave_out, leave_out_app, register
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import ALLOWED
from trygg.kernel.ledger.models import Checkpoint, Detail, Entry, Sent, Tile
from trygg.kernel.people.models import (
    Invitation,
    Membership,
    Organisation,
    Outbox,
    Partnership,
    PartnershipMember,
    Person,
    PurposeLink,
)
from trygg.kernel.work.models import Notification, Task

NOBODY = "reference.invalid"  # no mail ever reaches it (RFC 2606)
Found = Callable[[str, str], Any]
RECORD_FILE = "archive.sealedrecord"


def person_id(person: Person) -> str:
    """A name for a person that tells no address, and is the same wherever the person goes."""
    name, _at, place = person.email.partition("@")
    if place == NOBODY:
        return name
    return "p-" + hashlib.sha256(person.email.lower().encode()).hexdigest()[:20]


def _named_person(person: Person) -> dict[str, Any]:
    return {"display_name": "Youth member" if person.youth else person.display_name}


def _same_person(values: Mapping[str, Any], found: Found) -> Person | None:
    return Person.objects.filter(email=f"{values['id']}@{NOBODY}", is_active=False).first()


def _make_person(values: Mapping[str, Any], found: Found, host: Organisation, now: Any) -> Person:
    """Somebody elsewhere, as a name: without an address, and unable to sign in."""
    return Person(
        email=f"{values['id']}@{NOBODY}", display_name=values["display_name"], youth=bool(values["youth"]), is_active=False,
        password=make_password(None), created_at=now,
    )  # fmt: skip


def _same_organisation(values: Mapping[str, Any], found: Found) -> Organisation | None:
    return Organisation.objects.filter(slug=values["slug"], name=values["name"]).first()


def _make_organisation(values: Mapping[str, Any], found: Found, host: Organisation, now: Any) -> Organisation:
    return Organisation(
        name=values["name"], slug=values["slug"], kind=values["kind"], jurisdiction=values["jurisdiction"], created_at=now
    )


def _same_membership(values: Mapping[str, Any], found: Found) -> Membership | None:
    return Membership.objects.filter(
        person_id=found("people.person", values["person"]), organisation_id=found("people.organisation", values["organisation"]),
        role=values["role"], guest=True,
    ).exclude(valid_until=None).first()  # fmt: skip


def _make_membership(values: Mapping[str, Any], found: Found, host: Organisation, now: Any) -> Membership:
    """Over before it began: a name beside an act of long ago opens nothing to anybody."""
    return Membership(
        person_id=found("people.person", values["person"]), organisation_id=found("people.organisation", values["organisation"]),
        role=values["role"], stakeholder_group=values["stakeholder_group"], title=values["title"], guest=True, valid_from=now, valid_until=now,
    )  # fmt: skip


def _file(line: dict[str, Any]) -> str | None:
    sha256 = line.get("sha256")
    if line.get("stored_as") != f"{str(sha256)[:2]}/{sha256}":
        return "stored_as: it is not the place that its sum gives"
    if line.get("media_type") not in ALLOWED:
        return f"media_type: «{str(line.get('media_type'))[:40]}» is no kind of file that is kept here"
    return None


def register_kernel() -> None:
    """Called once, when the applications are loaded."""
    register(
        Organisation, rows=lambda organisation: Q(pk=organisation.pk), key=("slug",),
        reference=Reference(fields=("name", "slug", "kind", "jurisdiction"), find=_same_organisation, make=_make_organisation),
    )  # fmt: skip
    register(
        Person, rows=lambda organisation: Q(memberships__organisation=organisation), key=person_id,
        never={"password": lambda: make_password(None), "last_login": None}, found_by=("email",),
        reference=Reference(fields=("display_name", "youth"), find=_same_person, make=_make_person, values=_named_person, id=person_id),
    )  # fmt: skip
    register(
        Membership, owner="organisation", key=("organisation", "person", "role"),
        reference=Reference(
            fields=("person", "organisation", "role", "stakeholder_group", "title"), find=_same_membership, make=_make_membership
        ),
    )  # fmt: skip
    register(StoredFile, owner="organisation", key=("sha256",), links={"subject_id": Subject("subject_type", of="files")}, check=_file)
    register(
        Task, owner="organisation", key=("code", "made_at"),
        links={
            "subject_id": Subject("subject_type", needed=True, of="tasks"), "path": Path(),
            "params": Inside(("file", "files.storedfile"), paths=("where",)),
        },
    )  # fmt: skip
    register(SealedRecord, owner="organisation", key=("archive",))
    leave_out(Invitation, why="an invitation is a key: it opens this installation only, and is sent anew from the next one")
    leave_out(PurposeLink, why="a one-purpose link is a key: it opens this installation only")
    leave_out(Outbox, why="mail that waits leads to pages of this installation; it is sent from here")
    leave_out(Partnership, why="a partnership belongs to several organisations; it is agreed anew where one of them arrives")
    leave_out(PartnershipMember, why="who works with whom is agreed anew where an organisation arrives; the record says who did")
    leave_out(Notification, why="a line that somebody was to read once; what happened stands in the rows and in the record")
    leave_out(Entry, why="carried as it was hashed, with proofs: record/entries.jsonl")
    leave_out(Detail, why="carried beside its entry: record/entries.jsonl")
    leave_out(Tile, why="the tree is of all organisations; each entry carries its own proof")
    leave_out(Checkpoint, why="the newest one is carried: record/entries.jsonl")
    leave_out(Sent, why="forms sent on this installation, remembered for a month so that none acts twice")
    leave_out(Export, why="archives made here; each stands in the record")
    leave_out(Arrival, why="what arrived on this installation; it stands in the record")
    leave_out(Arrived, why="which row became which on this installation")
    leave_out_app("contenttypes", why="tables of this installation")
    leave_out_app("auth", why="Django's permissions; Trygg has rules of its own and uses none")
    leave_out_app("sessions", why="sign-ins on this installation")
    leave_out_app("django_tasks_database", why="work in the background of this installation")
    leave_out_app("account", why="addresses for signing in on this installation; the address travels with the person")
    leave_out_app("mfa", why="secrets of second factors never leave; a second factor is set up anew")
    leave_out_app("socialaccount", why="ties to a sign-in service of this installation")
