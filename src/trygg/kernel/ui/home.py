"""The home page: what waits for me. Rooms put cards beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.kernel.access import page
from trygg.kernel.ui.parts import Task
from trygg.kernel.work.selectors import Waiting, notifications_of, waiting_for
from trygg.kernel.work.services import mark_notifications_read


@dataclass(frozen=True)
class Card:
    order: int
    template: str
    context: Callable[[HttpRequest], dict | None]


CARDS: list[Card] = []


def register(*, order: int, template: str, context: Callable[[HttpRequest], dict | None]) -> None:
    """Put a card on the home page: `context(request)` gives what the template needs as `panel`, None for no card."""
    CARDS.append(Card(order, template, context))


def heading(waiting: Waiting) -> str:
    """The answer: how much waits."""
    if not waiting.count:
        return _("Nothing waits for you")
    return _("What waits for you")


def lede(waiting: Waiting) -> str:
    if not waiting.count:
        return _("When someone asks for your part, it appears here, and by when.")
    many = ngettext("One thing", "%(n)d things", waiting.count) % {"n": waiting.count}
    if not waiting.late:
        return _("%(many)s, none of them late.") % {"many": many}
    return ngettext("%(many)s, one of them late.", "%(many)s, %(n)d of them late.", waiting.late) % {"many": many, "n": waiting.late}


@page(methods=("GET", "POST"))
def home(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        mark_notifications_read(actor=request.actor, now=request.now)
        messages.success(request, _("Marked as read."))
        return redirect("home")
    waiting = waiting_for(request.actor, today=timezone.localdate(request.now))
    heaps = [(_("Now"), waiting.now), (_("This week"), waiting.week), (_("Later"), waiting.later)]
    shown = [(card.template, card.context(request)) for card in sorted(CARDS, key=lambda card: card.order)]
    context = {
        "heading": heading(waiting),
        "lede": lede(waiting),
        "heaps": [
            (name, [Task(title=t.heading, url=t.path, why=t.why, icon=t.icon, due=t.due_on) for t in tasks]) for name, tasks in heaps if tasks
        ],
        "cards": [(template, panel) for template, panel in shown if panel is not None],
        "notifications": [(row, text) for row, text in notifications_of(request.actor) if row.read_at is None],
    }
    return render(request, "ui/home.html", context)
