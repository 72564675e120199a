"""Panels on the case page: rooms put theirs there when the application starts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from trygg.spine.matters.models import Matter


@dataclass(frozen=True)
class Panel:
    """`context(request, matter)` gives what the template needs, None when there is nothing to show to this actor."""

    name: str
    order: int
    template: str
    context: Callable[[HttpRequest, Matter], dict | None]
    aside: bool = False


PANELS: dict[str, Panel] = {}


def register(
    name: str, *, order: int, template: str, context: Callable[[HttpRequest, Matter], dict | None], aside: bool = False
) -> None:
    """Put a panel on the case page, in the main column or in the aside."""
    if name in PANELS:
        raise ValueError(f"two panels are called {name}")
    PANELS[name] = Panel(name, order, template, context, aside)


def shown(request: HttpRequest, matter: Matter, *, aside: bool) -> list[tuple[str, dict]]:
    """(template, context) of the panels to show, in order."""
    panels = sorted((panel for panel in PANELS.values() if panel.aside == aside), key=lambda panel: panel.order)
    made = ((panel.template, panel.context(request, matter)) for panel in panels)
    return [(template, context) for template, context in made if context is not None]


Deed = Callable[[HttpRequest, Matter], "tuple[int, str, str, str] | None"]
DEEDS: list[Deed] = []


def register_deed(deed: Deed) -> None:
    """Register what may be the page's one main action: `(urgency, text, url, why)`, the most urgent (lowest) is shown."""
    DEEDS.append(deed)


def main_deed(request: HttpRequest, matter: Matter) -> tuple[str, str, str] | None:
    """(text, url, why) of the most urgent thing to do, None when nothing waits for this actor."""
    found = [deed for deed in (make(request, matter) for make in DEEDS) if deed is not None]
    return min(found)[1:] if found else None
