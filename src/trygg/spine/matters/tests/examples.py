"""One example call of each public service, for the test that runs them all."""

from datetime import timedelta

from tests.world import BEFORE, NOW, People
from trygg.kernel.access import Actor
from trygg.kernel.ledger import Example, example
from trygg.spine.matters import services
from trygg.spine.matters.imports import keeping, reading
from trygg.spine.matters.imports import services as imports
from trygg.spine.matters.many import services as many
from trygg.spine.matters.models import FactState, Share, System
from trygg.spine.matters.services import FactAnswer
from trygg.spine.matters.tests import scene


def but(people: People, *allowed: str) -> tuple[Actor, ...]:
    """Everyone else."""
    return tuple(actor for who, actor in people.actors().items() if who not in allowed)


def writers_only(people: People) -> tuple[Actor, ...]:
    return but(people, "officer", "administrator")


@example("matters.add_system")
def add_system(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "owner": people.board, "name": "Absence score"}
    return Example(call, denied=writers_only(people), records=("matters.system_added",))


@example("matters.edit_system")
def edit_system(people: People) -> Example:
    system = scene.system_of(people)
    call = {"actor": people.actor("officer"), "now": NOW, "system": system, "name": "Tutor", "vendor_name": "Läslyft", "summary": "Reads."}
    return Example(call, denied=writers_only(people), records=("matters.system_edited",))


@example("matters.link_vendor")
def link_vendor(people: People) -> Example:
    system = scene.system_of(people)
    System.objects.filter(pk=system.pk).update(vendor=None)
    system.refresh_from_db()
    call = {"actor": people.actor("officer"), "now": NOW, "system": system, "vendor": people.vendor}
    return Example(call, denied=writers_only(people), records=("matters.vendor_linked",))


@example("matters.add_component")
def add_component(people: People) -> Example:
    whole, part = scene.system_of(people), scene.system_of(people, "Video site")
    call = {"actor": people.actor("officer"), "now": NOW, "whole": whole, "part": part}
    return Example(call, denied=writers_only(people), records=("matters.component_added",))


@example("matters.announce_version")
def announce_version(people: People) -> Example:
    call = {"actor": people.actor("vendor"), "now": NOW, "system": scene.matter_of(people).system, "version": "4.0"}
    return Example(call, denied=but(people, "officer", "administrator", "vendor"), records=("matters.version_announced",))


@example("matters.create_matter")
def create_matter(people: People) -> Example:
    call = {
        "actor": people.actor("officer"), "now": NOW, "owner": people.board, "kind": "deployment", "title": "Absence score",
        "new_system": {"name": "Absence score"},
    }  # fmt: skip
    records = ("matters.system_added", "matters.matter_created", "matters.facts_answered")
    return Example(call, denied=writers_only(people), records=records)


@example("matters.edit_matter")
def edit_matter(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "changes": {"diary_number": "2026-0412"}}
    return Example(call, denied=writers_only(people), records=("matters.matter_edited",))


@example("matters.answer_facts")
def answer_facts(people: People) -> Example:
    answers = {"touches_children": FactAnswer(FactState.VALUE, True)}
    call = {"actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "answers": answers}
    return Example(call, denied=writers_only(people), records=("matters.facts_answered",))


@example("matters.set_stage")
def set_stage(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "stage": "procurement"}
    return Example(call, denied=writers_only(people), records=("matters.stage_set",))


@example("matters.pause_matter")
def pause_matter(people: People) -> Example:
    matter = scene.matter_of(people, stage="in_use", staffed=True)
    call = {"actor": people.actor("safeguarding_lead"), "now": NOW, "matter": matter, "reason": "It read aloud what it should not."}
    return Example(call, denied=but(people, "officer", "safeguarding_lead"), records=("matters.matter_paused",))


@example("matters.resume_matter")
def resume_matter(people: People) -> Example:
    matter = scene.matter_of(people, stage="in_use", staffed=True)
    services.pause_matter(actor=people.actor("safeguarding_lead"), now=BEFORE, matter=matter, reason="It read aloud what it should not.")
    call = {"actor": people.actor("officer"), "now": NOW, "matter": matter, "reason": "The vendor mended it, and we tried it."}
    return Example(call, denied=but(people, "officer"), records=("matters.matter_resumed",))


@example("matters.share_matter")
def share_matter(people: People) -> Example:
    call = {
        "actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "organisation": people.agency, "level": "read",
        "purpose": "To say what the police see", "legal_basis": "10 kap. 2 § OSL", "ends_at": NOW + timedelta(days=30),
    }  # fmt: skip
    return Example(call, denied=writers_only(people), records=("matters.matter_shared",))


@example("matters.end_share")
def end_share(people: People) -> Example:
    services.share_matter(**share_matter(people).call | {"now": BEFORE})
    call = {"actor": people.actor("partner"), "now": NOW, "share": Share.objects.get()}
    return Example(call, denied=but(people, "officer", "administrator", "partner"), records=("matters.share_ended",))


def openings(people: People):
    """Two systems, and what opening matters for them takes."""
    systems = [scene.system_of(people), scene.system_of(people, "Absence score")]
    return {
        "actor": people.actor("officer"), "now": NOW, "owner": people.board, "systems": systems, "kind": "deployment",
        "accountable": people.memberships["officer"],
    }  # fmt: skip


@example("matters.open_matters")
def open_matters(people: People) -> Example:
    records = ("matters.matter_created", "matters.matter_created", "matters.matters_opened")
    return Example(openings(people), denied=writers_only(people), records=records)


@example("matters.undo_opening")
def undo_opening(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "opening": many.open_matters(**openings(people))}
    return Example(call, denied=writers_only(people), records=("matters.opening_undone",))


@example("matters.begin_import")
def begin_import(people: People) -> Example:
    kept = keeping.keep("register.csv", [scene.table()])
    found = reading.look_at(kept)
    call = {
        "actor": people.actor("officer"), "now": NOW, "organisation": people.board, "kept": kept, "detected": found.detected,
        "mapping": found.mapping,
    }  # fmt: skip
    return Example(call, denied=writers_only(people), records=("matters.import_begun",))


@example("matters.choose_mapping")
def choose_mapping(people: People) -> Example:
    run = scene.staged(people)
    call = {"actor": people.actor("officer"), "now": NOW, "run": run, "mapping": run.mapping}
    return Example(call, denied=writers_only(people), records=("matters.import_mapped",))


@example("matters.finish_staging")
def finish_staging(people: People) -> Example:
    run = scene.begun(people)
    reading.stage_rows(run)
    return Example({"actor": people.actor("officer"), "now": NOW, "run": run}, denied=writers_only(people), records=("matters.import_staged",))


@example("matters.fail_import")
def fail_import(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "run": scene.begun(people), "code": "empty", "params": {}, "text": "It has no rows."}
    return Example(call, denied=writers_only(people), records=("matters.import_failed",))


@example("matters.choose_match")
def choose_match(people: People) -> Example:
    run = scene.staged(people, scene.table([scene.CHATBOT, scene.CHATBOT]))
    call = {"actor": people.actor("officer"), "now": NOW, "row": run.rows.first(), "choice": imports.NEW}
    return Example(call, denied=writers_only(people), records=("matters.import_match_chosen",))


@example("matters.refresh_import")
def refresh_import(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "run": scene.staged(people)}
    return Example(call, denied=writers_only(people), records=("matters.import_compared",))


@example("matters.apply_import")
def apply_import(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "run": scene.staged(people)}
    return Example(call, denied=writers_only(people), records=("matters.import_applied",))


@example("matters.undo_import")
def undo_import(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "run": scene.applied(people)}
    return Example(call, denied=writers_only(people), records=("matters.import_undone",))


@example("matters.discard_import")
def discard_import(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "run": scene.staged(people)}
    return Example(call, denied=writers_only(people), records=("matters.import_discarded",))
