"""A set of questions of the board, in two versions; and a mapping, of those that are published with the matters."""

from tests.world import World
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.tests import examples


def add(world: World) -> None:
    examples.published(world.people)
    world.arguments["frameworks:file pack_id"] = world.arguments["pack_id"] = examples.published(world.people, "1.1.0").pk
    world.arguments["mapping_id"] = PackVersion.objects.filter(kind="mapping", current=True).earliest("pack_id").pk
