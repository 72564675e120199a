"""Panels on the case page: rooms put theirs there when the application starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from trygg.kernel.access import allowed
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
ASKED: dict[str, None] = {}  # what panels and the page itself ask about a matter, in the order of registration


def register(
    name: str, *, order: int, template: str, context: Callable[[HttpRequest, Matter], dict | None], aside: bool = False,
    asks: Sequence[str] = (),
) -> None:
    """Put a panel on the case page, in the main column or in the aside. `asks`: rules on the matter that it asks for by `can`."""
    if name in PANELS:
        raise ValueError(f"two panels are called {name}")
    ask(*asks)
    PANELS[name] = Panel(name, order, template, context, aside)


def ask(*actions: str) -> None:
    """Say that `can` will be asked for these rules."""
    ASKED.update(dict.fromkeys(actions))


def kept(request: HttpRequest) -> dict:
    """What parts of one case page read and others need too. It ends with the request, and the page writes nothing."""
    return request.__dict__.setdefault("_case_page", {})


def can(request: HttpRequest, matter: Matter, action: str) -> bool:
    """What `may` says of the actor and the matter. All that was announced is asked in one query, once for a page."""
    found = kept(request)
    if ("can", matter.pk) not in found:
        found["can", matter.pk] = allowed(request.actor, matter, *ASKED)
    if action not in ASKED:
        raise KeyError(f"{action} was not announced by panels.ask")
    return action in found["can", matter.pk]


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
