"""What the assurance case puts on other pages: the picture and claims on the case page, the main action, next steps."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trygg.kernel.access import may
from trygg.kernel.ui import home, navigation
from trygg.spine.assurance.selectors import case_view, register_next_step
from trygg.spine.matters import panels
from trygg.spine.matters.selectors import matters_seen


def register() -> None:
    """Called once, when the application starts."""
    panels.register("assurance.case", order=10, template="assurance/panel.html", context=case_panel)
    panels.register("assurance.rules", order=20, template="assurance/rules_panel.html", context=case_panel)
    panels.register_deed(deed)
    navigation.register(20, gettext_lazy("Matters"), "matters:list", may=lambda actor: actor.signed_in)
    home.register(order=10, template="assurance/home_cases.html", context=home_cases)
    register_next_step("document", lambda matter, document: None)


def case_panel(request, matter) -> dict | None:
    """The case in words, worked out once for a page."""
    cache = request.__dict__.setdefault("_case_views", {})
    if matter.pk not in cache:
        cache[matter.pk] = case_view(request.actor, matter)
    view = cache[matter.pk]
    return None if view is None else {"view": view, "matter": matter, "all": request.GET.get("claims") == "all"}


def deed(request, matter):
    """The page's main action, when the case has one: what is contested, or what is still to be answered."""
    panel = case_panel(request, matter)
    if panel is None:
        return None
    view = panel["view"]
    if view.counts.get("contested"):
        claim = view.claims[0]
        return (10, _("Look into the objection"), claim.url, _("It hinders a decision as long as it is open."))
    if view.needed and may(request.actor, "matters.answer_facts", matter):
        url = reverse("matters:facts", args=[matter.key])
        why = _("%(n)d facts are not known yet; they decide which rules apply.") % {"n": len(view.needed)}
        return (30, _("Answer what decides the rules"), url, why)
    return None


def home_cases(request) -> dict | None:
    """The newest cases, small, on the home page."""
    matters = list(matters_seen(request.actor)[:3])
    return {"matters": matters} if matters else None
