"""What the assurance case puts on other pages: the picture and claims on the case page, the main action, next steps."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trygg.kernel.ui import home, navigation
from trygg.kernel.work.selectors import open_count
from trygg.spine.assurance.selectors import ORDER, case_view, register_next_step
from trygg.spine.matters import panels
from trygg.spine.matters.selectors import matters_seen

FIRST_CLAIMS = 6


def register() -> None:
    """Called once, when the application starts."""
    panels.register("assurance.case", order=10, template="assurance/panel.html", context=case_panel)
    panels.register("assurance.rules", order=60, template="assurance/rules_panel.html", context=case_panel)
    panels.register_deed(deed)
    navigation.register(10, gettext_lazy("To do"), "home", may=lambda actor: actor.signed_in, count=open_count, section="home")
    navigation.register(20, gettext_lazy("Matters"), "matters:list", may=lambda actor: actor.signed_in)
    home.register(order=10, template="assurance/home_cases.html", context=home_cases)
    register_next_step("document", lambda matter, document: None)


def case_panel(request, matter) -> dict | None:
    """The case in words, worked out once for a page."""
    kept = panels.kept(request)
    if ("case", matter.pk) not in kept:
        kept["case", matter.pk] = case_view(request.actor, matter, may_act=panels.can(request, matter, "matters.answer_facts"))
    view = kept["case", matter.pk]
    if view is None:
        return None
    everything = request.GET.get("claims") == "all"
    shown = view.claims if everything else [claim for claim in view.claims if claim.status != "supported"][:FIRST_CLAIMS]
    return {"view": view, "matter": matter, "all": everything, "claims": shown, "may_attach": panels.can(request, matter, "matters.answer_facts")}


def deed(request, matter):
    """The page's main action, when the case has one: what is contested, or what is still to be answered."""
    panel = case_panel(request, matter)
    if panel is None:
        return None
    view = panel["view"]
    if view.prohibitions:
        return (5, _("Read why it must not be used"), "#rules", _("A prohibited practice can neither be tried nor used."))
    if view.counts.get("contested"):
        claim = view.claims[0]
        return (10, _("Look into the objection"), claim.url, _("It hinders a decision as long as it is open."))
    if view.needed and panels.can(request, matter, "matters.answer_facts"):
        url = reverse("matters:facts", args=[matter.key])
        why = _("%(n)d facts are not known yet; they decide which rules apply.") % {"n": len(view.needed)}
        return (30, _("Answer what decides the rules"), url, why)
    return None


def home_cases(request) -> dict | None:
    """The newest cases, small, on the home page."""
    shown = []
    for matter in matters_seen(request.actor)[:3]:
        counts = matter.case.counts if hasattr(matter, "case") else {}
        shown.append((matter, [state for state in ORDER for _n in range(counts.get(state, 0))]))
    return {"matters": shown} if shown else None
