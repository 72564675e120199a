"""One example call of each public service of files."""

from tests.world import NOW, People
from trygg.kernel.access import Role
from trygg.kernel.files.models import StoredFile
from trygg.kernel.ledger import Example, example


def stored_file(people: People, **fields) -> StoredFile:
    """A row as `store_file` makes it, of a subject that anyone of the board may see in these tests."""
    given = {
        "subject_type": "tests.thing", "subject_id": "1", "organisation": people.board, "name": "protokoll.txt", "media_type": "text/plain",
        "size": 5, "sha256": "ab" * 32, "stored_as": "ab/" + "ab" * 32, "uploaded_by": "Leila Nordin", "uploaded_at": NOW, **fields,
    }  # fmt: skip
    return StoredFile.objects.create(**given)


@example("files.quarantine_file")
def quarantine_file(people: People) -> Example:
    who = (Role.OFFICER, Role.CONTRIBUTOR, Role.VENDOR, Role.AUDITOR, "partner", "outsider")
    return Example(
        call={"actor": people.actor(Role.SAFEGUARDING_LEAD), "now": NOW, "stored": stored_file(people), "reason": "May show abuse"},
        denied=tuple(people.actor(name) for name in who),
        records=("files.file_quarantined",),
    )
