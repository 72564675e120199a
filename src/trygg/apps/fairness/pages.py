"""What bias audits put on other pages: the case page, where the next step of a claim leads, and the public register."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.apps.fairness.models import Audit
from trygg.apps.fairness.selectors import audits_of
from trygg.engines.fairness import findings, headline
from trygg.spine.assurance.selectors import register_next_step
from trygg.spine.matters import panels
from trygg.spine.matters.models import Matter
from trygg.spine.publication import sections

SHOWN = 5


def panel(request: HttpRequest, matter: Matter) -> dict | None:
    """Audits of the matter, and that one may be declared. None where there is neither, and for plans."""
    if matter.kind == Matter.Kind.PLAN:
        return None
    audits = list(audits_of(request.actor, matter)[:SHOWN])
    may_declare = panels.can(request, matter, "fairness.declare_audit")
    if not audits and not may_declare:
        return None
    done = next((audit.pk for audit in audits if audit.state == Audit.State.DONE), None)
    sentence = ""
    if done is not None:
        document = Audit.objects.values_list("public", flat=True).get(pk=done)
        sentence = headline(document, language())
    return {"audits": audits, "may_declare": may_declare, "matter": matter, "sentence": sentence}


def language() -> str:
    """The reader's language, of those in which findings are worded."""
    return "sv" if (get_language() or "en").startswith("sv") else "en"


def next_step(matter: Matter, key: str) -> tuple[str, str] | None:
    """Where the bias audit that a claim needs is made: the newest one under way, else the page that declares one."""
    kept = matter.__dict__
    if "newest_audit" not in kept:
        rows = Audit.objects.filter(matter=matter).exclude(state=Audit.State.WITHDRAWN)
        kept["newest_audit"] = rows.order_by("-number").values_list("pk", flat=True).first()
    if kept["newest_audit"] is not None:
        return _("Look at the bias audit"), reverse("fairness:audit", args=[kept["newest_audit"]])
    return _("Plan a bias audit"), reverse("fairness:declare", args=[matter.key])


def section(matter: Matter, now: datetime) -> dict | None:
    """What the newest audit found, as it may be published."""
    audit = Audit.objects.filter(matter=matter, state=Audit.State.DONE).order_by("-number").first()
    if audit is None or audit.public is None or audit.finished_at is None:
        return None
    document = audit.public
    both = {name: findings(document, name) for name in ("en", "sv")}
    return {
        "heading": sections.both(lambda: _("Are different children treated alike?")),
        "lede": {name: headline(document, name) for name in ("en", "sv")},
        "child": sections.both(
            lambda: _("Someone has counted if the AI makes more mistakes for some children than for others.")
        ),
        "date": timezone.localdate(audit.finished_at).isoformat(),
        "paragraphs": [{"en": english, "sv": swedish} for english, swedish in zip(both["en"], both["sv"], strict=True)][:8],
        "facts": [
            {"label": sections.both(lambda: _("Decided before anyone looked")), "value": sections.said(timezone.localdate(audit.declared_at).isoformat())},
            {"label": sections.both(lambda: _("The data is from")), "value": sections.said(str(audit.data_from or ""))},
        ],
    }  # fmt: skip


def missing() -> str:
    return _("Nobody has examined whether it makes more mistakes for some groups of children than for others.")


def register() -> None:
    """Called once, when the application starts."""
    panels.register(
        "fairness", order=35, template="fairness/panel.html", context=panel, asks=("fairness.declare_audit",)
    )
    register_next_step("fairness_audit", next_step)
    sections.register("fairness.audit", 45, section, missing=missing)
