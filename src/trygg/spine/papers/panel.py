"""What papers put on the case page."""

from typing import Any

from django.http import HttpRequest

from trygg.kernel.access import Role
from trygg.spine.matters import panels
from trygg.spine.matters.models import Matter
from trygg.spine.papers import package
from trygg.spine.papers.selectors import proposal_of


def register() -> None:
    """Called once, when the application starts."""
    panels.register(
        "papers.papers", order=70, template="papers/panel.html", context=panel_of, aside=True, asks=("papers.propose_decision",)
    )
    package.register()


def panel_of(request: HttpRequest, matter: Matter) -> dict[str, Any]:
    """Papers to download, and the proposed decision."""
    return {
        "matter": matter,
        "proposal": proposal_of(request.actor, matter),
        "keeps_templates": request.actor.has_role(Role.ADMINISTRATOR),
        "may_propose": panels.can(request, matter, "papers.propose_decision"),
    }
