"""A published page, one that waits for approval, and a draft."""

from tests.world import NOW, World
from tests.world import add as add_member
from trygg.kernel.access import Role
from trygg.kernel.people.selectors import actor_from_membership
from trygg.spine.matters.services import create_matter
from trygg.spine.publication import services
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.tests import scene

from tests.scenes.assessments import lock_small  # isort: skip


def add(world: World) -> None:
    published = scene.published(world.people, scene.matter_of(world.people, "Ordstigen för alla"))
    asked = scene.asked(world.people, scene.matter_of(world.people, "Platsvis"))
    drafted = scene.drafted(world.people, scene.matter_of(world.people, "Ordrätt"))
    approved = scene.approved(world.people, scene.matter_of(world.people, "Tidiga signaler"))
    read = services.read_case_file(actor=world.people.actor("officer"), now=NOW, matter=published.entry.matter, data=scene.case_file())
    theirs = _of_others(world)
    world.arguments |= {
        "outside_id": read.pk, "publication:other_here version_id": theirs.pk,
        "public:case_json slug": theirs.entry.slug, "public:version_case_json slug": theirs.entry.slug,
        "publication version_id": drafted.pk, "publication:publish version_id": approved.pk,
        "publication:approve version_id": asked.pk, "publication:return version_id": asked.pk,
        "entry_id": published.entry_id, "slug": published.entry.slug, "number": published.number,
    }  # fmt: skip


def _of_others(world: World) -> EntryVersion:
    """Another municipality's page, with something to start from: the small questions of the assessments' room, locked."""
    people = world.people
    officer, second = people.actor("outsider"), actor_from_membership(add_member(people.stranger, "Rhys Owen", Role.OFFICER), now=NOW)
    matter = create_matter(
        actor=officer, now=NOW, owner=people.stranger, kind="deployment", title="Word Path in Thornbury", summary="Reading aloud.",
        new_system={"name": "Word Path", "vendor_name": "Läslyft AB", "version": "4.2"},
    )  # fmt: skip
    lock_small(matter, officer)
    version = services.draft_entry(actor=officer, now=NOW, matter=matter, texts=scene.TEXTS, shared=True)
    services.ask_for_approval(actor=officer, now=NOW, version=version)
    version = services.approve_entry(actor=second, now=NOW, version=version, content_hash=version.content_hash)
    return services.publish_entry(actor=officer, now=NOW, version=version)
