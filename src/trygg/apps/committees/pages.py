"""What committees put on other pages: the navigation, the case page, the home page; and what they tell spine/meetings."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trygg.apps.committees import publishing, sections, selectors
from trygg.apps.committees.access import manageable_bodies, viewable_bodies
from trygg.apps.committees.models import BODY, Item
from trygg.kernel.access import Actor, Role, restrict
from trygg.kernel.ui import home, navigation
from trygg.spine.matters import panels
from trygg.spine.meetings import bodies
from trygg.spine.meetings.models import Meeting

MEETERS = (Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY, Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)


def register() -> None:
    """Called once, when the application starts."""
    bodies.register(
        BODY, view=viewable_bodies, manage=manageable_bodies, members=selectors.members_of, path=selectors.path_of_meeting
    )  # fmt: skip
    navigation.register(30, gettext_lazy("Meetings"), "committees:list", may=meets)
    panels.register("committees.advice", order=40, template="committees/panel.html", context=advice_panel)
    panels.register_deed(answer_deed)
    publishing.register()
    sections.register()
    home.register(order=20, template="committees/home_meetings.html", context=home_meetings)


def meets(actor: Actor) -> bool:
    """Whether the actor has to do with meetings: by role, or by a seat."""
    return actor.has_role(*MEETERS) or selectors.my_seats(actor).exists()


def items_of_page(request, matter) -> list[Item]:
    """The items about the matter that the actor may see, read once for a case page."""
    kept = panels.kept(request)
    if (publishing.ITEMS, matter.pk) not in kept:
        kept[publishing.ITEMS, matter.pk] = selectors.items_about(request.actor, matter)
    return kept[publishing.ITEMS, matter.pk]


def advice_panel(request, matter) -> dict | None:
    """Advice, decision and dissent on the case page; and that the committee has the matter before it."""
    today = timezone.localdate(request.now)
    shown = [
        (item, selectors.public_advice(item, today=today) if item.reached(Item.State.ADVISED) else None)
        for item in items_of_page(request, matter)
    ]
    if not shown:
        return None
    return {"items": [(item, advice, selectors.answer_line(advice) if advice else "") for item, advice in shown]}


def answer_deed(request, matter):
    """The case page's main action when an advice waits for its answer."""
    unanswered = [item for item in items_of_page(request, matter) if item.state == Item.State.ADVISED]
    rows = Item.objects.filter(pk__in=[item.pk for item in unanswered])
    mine = set(restrict(request.actor, "committees.record_decision", rows).values_list("pk", flat=True)) if unanswered else set()
    for item in unanswered:
        if item.pk in mine:
            late = item.advice.unanswered(timezone.localdate(request.now))
            why = _("The agreed day has passed. The silence is shown in public.") if late else _("The committee waits for a written answer.")
            return (5 if late else 15, _("Answer the advice"), reverse("committees:decision", args=[item.pk]), why)
    return None


def home_meetings(request) -> dict | None:
    """The next meetings, on the home page."""
    if not meets(request.actor):
        return None
    committees = list(selectors.committees_seen(request.actor))
    rows = selectors.meetings_of_committees(request.actor, committees).exclude(state=Meeting.State.CLOSED)
    meetings = list(rows.filter(starts_at__gte=request.now - timedelta(days=1)).order_by("starts_at")[:3])
    return {"meetings": meetings} if meetings else None
