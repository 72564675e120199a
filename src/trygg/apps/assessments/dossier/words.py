"""Wording of the tasks of dossiers. They name the product and the matter, never an answer."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trygg.apps.assessments.dossier.services.publishing import REVIEW
from trygg.kernel.work.registry import register_task


def _heading(params: dict) -> str:
    if params.get("because") == "withdrawn":
        return _("The vendor has withdrawn version %(number)s of its dossier on %(product)s: look at your answers") % params
    return _("Look at what the vendor changed in its dossier on %(product)s") % params


def _why(params: dict) -> str:
    changed = int(params.get("changed") or 0)
    if not changed:
        return _("%(matter)s. Nothing that you took over is different; read what is new.") % params
    text = ngettext(
        "%(matter)s. One answer that you took over is not what the vendor says now.",
        "%(matter)s. %(changed)d answers that you took over are not what the vendor says now.",
        changed,
    )
    return text % {"matter": params.get("matter", ""), "changed": changed}


def register() -> None:
    register_task(REVIEW, heading=_heading, why=_why, icon="document")
