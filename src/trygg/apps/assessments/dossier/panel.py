"""What the case page shows of the vendor's dossiers; what the navigation offers a vendor."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trygg.apps.assessments.dossier.access import WRITERS
from trygg.apps.assessments.dossier.models import Dossier, DossierReview, DossierVersion
from trygg.apps.assessments.dossier.selectors import changed_items, dossiers_about, versions_about
from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Organisation
from trygg.kernel.ui import navigation
from trygg.spine.matters import panels
from trygg.spine.matters.models import Matter, System


@dataclass(frozen=True)
class Shown:
    """The newest version for one system of the matter. `part`: a system inside the one that the matter is about."""

    system: System
    version: DossierVersion
    part: bool
    before: DossierVersion | None
    changed: int
    review: DossierReview | None
    other_version: str  # the version of the product that the matter uses, where the dossier is about another


def panel(request: HttpRequest, matter: Matter) -> dict | None:
    """The newest dossiers of the system and of what it contains, with what changed; None when there are none to see."""
    found = versions_about(matter.system, _about(request, matter))
    if not found:
        return None
    ids = [version.pk for _system, version in found]
    seen = set(restrict(request.actor, "assessments.view_dossier_version").filter(pk__in=ids).values_list("pk", flat=True))
    earlier: dict[int, list[DossierVersion]] = {}
    for version in DossierVersion.objects.filter(dossier__in={version.dossier_id for _system, version in found}):
        earlier.setdefault(version.dossier_id, []).append(version)
    reviews = {row.dossier_id: row for row in _open_reviews(request, matter)}
    shown = []
    for system, version in found:
        if version.pk not in seen:
            continue
        before = next((each for each in earlier[version.dossier_id] if each.number < version.number), None)
        own = system.pk == matter.system_id
        shown.append(
            Shown(
                system=system, version=version, part=not own, before=before,
                changed=len(changed_items(before.answers, version.answers)) if before else 0, review=reviews.get(version.dossier_id),
                other_version=matter.system_version if own and matter.system_version != version.system_version else "",
            )
        )  # fmt: skip
    return {"dossiers": shown, "matter": matter} if shown else None


def _about(request: HttpRequest, matter: Matter) -> list[tuple[System, Dossier]]:
    """The dossiers of the matter's system and of what it contains, read once for a case page."""
    kept = panels.kept(request)
    if ("dossiers", matter.pk) not in kept:
        kept["dossiers", matter.pk] = dossiers_about(matter.system)
    return kept["dossiers", matter.pk]


def _open_reviews(request: HttpRequest, matter: Matter) -> list[DossierReview]:
    """What the vendors changed and nobody has looked at yet, read once for a case page."""
    kept = panels.kept(request)
    if ("dossier reviews", matter.pk) not in kept:
        rows = DossierReview.objects.filter(matter=matter, done_at=None).select_related("dossier", "version")
        kept["dossier reviews", matter.pk] = list(rows) if _about(request, matter) else []
    return kept["dossier reviews", matter.pk]


def deed(request: HttpRequest, matter: Matter) -> tuple[int, str, str, str] | None:
    """Look at what the vendor changed, for who edits the matter."""
    reviews = _open_reviews(request, matter)
    if not reviews or not panels.can(request, matter, "matters.edit_matter"):
        return None
    why = _("The dossier on %(product)s has a newer version, or one was withdrawn.") % {"product": reviews[0].dossier.title}
    return 20, gettext("Look at what the vendor changed"), reverse("assessments:dossier_review", args=[reviews[0].pk]), str(why)


def writes_dossiers(actor: Actor) -> bool:
    """Whether the navigation shows the dossiers: to the people of a vendor."""
    if not actor.signed_in or actor.guest or not actor.has_role(*WRITERS):
        return False
    return Organisation.objects.filter(pk=actor.organisation_id, kind=Organisation.Kind.VENDOR).exists()


def register() -> None:
    panels.ask("matters.edit_matter")
    panels.register_deed(deed)
    panels.register("assessments.dossiers", order=28, template="assessments/dossier/panel.html", context=panel)
    navigation.register(25, _("Dossiers"), "assessments:dossiers", may=writes_dossiers)
