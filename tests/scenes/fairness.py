"""A bias audit that is done, one that waits for its counts."""

from tests.world import World
from trygg.apps.fairness.tests import scene
from trygg.spine.matters.models import Matter


def add(world: World) -> None:
    matter = Matter.objects.get(key=world.arguments["matter_key"])
    done = scene.done(world.people, matter)
    waiting = scene.declared(world.people, matter)
    world.arguments |= {
        "audit_id": done.pk, "fairness:receive audit_id": waiting.pk, "fairness:rows audit_id": waiting.pk,
    }  # fmt: skip
