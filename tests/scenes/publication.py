"""A published page, one that waits for approval, and a draft."""

from tests.world import World
from trygg.spine.publication.tests import scene


def add(world: World) -> None:
    published = scene.published(world.people, scene.matter_of(world.people, "Ordstigen för alla"))
    asked = scene.asked(world.people, scene.matter_of(world.people, "Platsvis"))
    drafted = scene.drafted(world.people, scene.matter_of(world.people, "Ordrätt"))
    approved = scene.approved(world.people, scene.matter_of(world.people, "Tidiga signaler"))
    world.arguments |= {
        "publication version_id": drafted.pk, "publication:publish version_id": approved.pk,
        "publication:approve version_id": asked.pk, "publication:return version_id": asked.pk,
        "entry_id": published.entry_id, "slug": published.entry.slug, "number": published.number,
    }  # fmt: skip
