"""One example call of each public service of archives."""

import hashlib
import tempfile
from pathlib import Path

from tests.world import NOW, People
from trygg.kernel.access import Actor, Role
from trygg.kernel.archive.leaving import Left, write_archive
from trygg.kernel.archive.models import Arrival, Export
from trygg.kernel.archive.opening import Archive
from trygg.kernel.archive.services import arriving, exporting
from trygg.kernel.ledger import Example, example
from trygg.kernel.people.models import Organisation
from trygg.kernel.people.services import add_organisation

SYSTEM = Actor.system("tests")
OTHERS = (Role.OFFICER, Role.AUDITOR, Role.VENDOR, Role.DATA_STEWARD, "partner", "outsider")


def asked(people: People) -> Export:
    return exporting.ask_for_export(
        actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="Moving to another host"
    )


def ready(people: People) -> Export:
    export = asked(people)
    exporting.begin_writing(export)
    from trygg.kernel.archive.keeping import path_of

    path_of(export.pk).write_bytes(b"an archive")
    return exporting.finish_export(actor=SYSTEM, now=NOW, export=export, left=Left(rows={"people.person": 3}, sha256="ab" * 32, size=10))


def small_archive() -> Path:
    """The archive of an organisation that is not here any more."""
    place = add_organisation(actor=SYSTEM, now=NOW, name="Fiskviks skola", slug="fiskvik", kind="school", jurisdiction="SE")
    path = Path(tempfile.mkdtemp()) / "fiskvik.zip"
    write_archive(place, path, now=NOW)
    Organisation.objects.filter(pk=place.pk).delete()
    return path


def arrival() -> Arrival:
    path = small_archive()
    return arriving.import_organisation(actor=SYSTEM, now=NOW, archive=Archive(path), sha256=sum_of(path))


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _denied(people: People, *more: str) -> tuple[Actor, ...]:
    return tuple(people.actor(name) for name in (*OTHERS, *more))


@example("archive.ask_for_export")
def ask_for_export(people: People) -> Example:
    call = {"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "organisation": people.board, "purpose": "The city archives"}
    return Example(call=call, denied=_denied(people), records=("archive.export_asked",))


@example("archive.finish_export")
def finish_export(people: People) -> Example:
    export = asked(people)
    exporting.begin_writing(export)
    call = {"actor": SYSTEM, "now": NOW, "export": export, "left": Left(sha256="cd" * 32, size=1)}
    return Example(call=call, denied=_denied(people), records=("archive.export_written",))


@example("archive.fail_export")
def fail_export(people: People) -> Example:
    export = asked(people)
    exporting.begin_writing(export)
    call = {"actor": SYSTEM, "now": NOW, "export": export, "fault": "disk_full"}
    return Example(call=call, denied=_denied(people), records=("archive.export_failed",))


@example("archive.cancel_export")
def cancel_export(people: People) -> Example:
    call = {"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "export": asked(people)}
    return Example(call=call, denied=_denied(people), records=("archive.export_cancelled",))


@example("archive.fetch_export")
def fetch_export(people: People) -> Example:
    call = {"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "export": ready(people)}
    return Example(call=call, denied=_denied(people), records=("archive.export_fetched",))


@example("archive.delete_expired")
def delete_expired(people: People) -> Example:
    ready(people)
    return Example(
        call={"actor": SYSTEM, "now": NOW + exporting.KEPT}, denied=_denied(people, Role.ADMINISTRATOR), records=("archive.exports_deleted",)
    )


@example("archive.import_organisation")
def import_organisation(people: People) -> Example:
    path = small_archive()
    call = {"actor": SYSTEM, "now": NOW, "archive": Archive(path), "sha256": sum_of(path)}
    return Example(call=call, denied=_denied(people, Role.ADMINISTRATOR), records=("archive.organisation_arrived",))


@example("archive.take_back_arrival")
def take_back_arrival(people: People) -> Example:
    call = {"actor": SYSTEM, "now": NOW, "arrival": arrival()}
    return Example(call=call, denied=_denied(people, Role.ADMINISTRATOR), records=("archive.arrival_taken_back",))
