"""An archive that is ready to be fetched."""

from tests.world import World
from trygg.kernel.archive.tests import examples


def add(world: World) -> None:
    world.arguments["export_id"] = examples.ready(world.people).pk
