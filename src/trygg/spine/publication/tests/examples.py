"""One example call of each public service, for the test that runs them all."""

from tests.world import NOW, People
from trygg.kernel.ledger import Example, example
from trygg.spine.publication.tests import scene


def everyone_else(people: People, *but: str) -> tuple:
    return tuple(actor for who, actor in people.actors().items() if who not in but)


@example("publication.draft_entry")
def draft_entry(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "texts": scene.TEXTS}
    return Example(
        call, denied=everyone_else(people, "officer", "administrator"), records=("publication.entry_drafted",)
    )


@example("publication.read_case_file")
def read_case_file(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "data": scene.case_file()}
    return Example(call, denied=everyone_else(people, "officer", "administrator"), records=("publication.case_file_read",))


@example("publication.ask_for_approval")
def ask_for_approval(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "version": scene.drafted(people)}
    return Example(
        call, denied=everyone_else(people, "officer", "administrator"), records=("publication.approval_asked",)
    )


@example("publication.return_draft")
def return_draft(people: People) -> Example:
    call = {
        "actor": people.actor("administrator"),
        "now": NOW,
        "version": scene.asked(people),
        "reason": "Say who decides.",
    }
    return Example(
        call, denied=everyone_else(people, "officer", "administrator"), records=("publication.draft_returned",)
    )


@example("publication.approve_entry")
def approve_entry(people: People) -> Example:
    version = scene.asked(people)
    call = {
        "actor": people.actor("administrator"),
        "now": NOW,
        "version": version,
        "content_hash": version.content_hash,
    }
    return Example(call, denied=everyone_else(people, "administrator"), records=("publication.entry_approved",))


@example("publication.publish_entry")
def publish_entry(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "version": scene.approved(people)}
    return Example(
        call, denied=everyone_else(people, "officer", "administrator"), records=("publication.entry_published",)
    )


@example("publication.retract_entry")
def retract_entry(people: People) -> Example:
    entry = scene.published(people).entry
    call = {
        "actor": people.actor("officer"),
        "now": NOW,
        "entry": entry,
        "reason": "wrong",
        "note": "The hours were wrong.",
    }
    return Example(
        call, denied=everyone_else(people, "officer", "administrator"), records=("publication.entry_retracted",)
    )
