"""A proposed decision, and a Word template of the board's own."""

from tests.world import NOW, World
from trygg.kernel.access import Role
from trygg.spine.matters.models import Matter
from trygg.spine.papers import services
from trygg.spine.papers.tests.scene import docx, uploaded


def add(world: World) -> None:
    matter = Matter.objects.get(key=world.arguments["matter_key"])
    services.propose_decision(
        actor=world.people.actor(Role.OFFICER), now=NOW, matter=matter, text={"sv": "Nämnden beslutar att pröva det en termin."}
    )
    template = services.keep_template(
        actor=world.people.actor(Role.ADMINISTRATOR), now=NOW, organisation=world.people.board, paper="full", language="en",
        upload=uploaded(docx("{{ title }}")),
    )  # fmt: skip
    world.arguments |= {"papers template_id": template.pk, "papers paper": "report", "api-1 paper": "report", "papers language": "sv", "papers ending": "pdf"}
