"""Answers that one has already: the preview with a tick for each, taking over what is ticked, and taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments.content import load_whole, with_all
from trygg.apps.assessments.dossier import services
from trygg.apps.assessments.dossier.forms import TakeForm
from trygg.apps.assessments.dossier.models import Taking
from trygg.apps.assessments.dossier.offers import Offers, offers_for
from trygg.apps.assessments.dossier.views.drafting import refused
from trygg.apps.assessments.forms import posted
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.selectors import overview_of
from trygg.kernel.access import page, restrict
from trygg.kernel.ledger.once import once


@page("assessments.reuse_answers", by="assessment_id", methods=("GET", "POST"))
@once
def reuse(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Question by question: where an answer is already, how the two questions relate, the old text and the new place."""
    assessment = with_all(assessment.pk)
    offers = _offers(request, assessment)
    form = TakeForm(offers, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            taking = services.take_over(
                actor=request.actor, now=request.now, assessment=assessment, keys=form.cleaned_data["take"],
                seen=request.POST.get("seen", ""),
            )  # fmt: skip
        except ValidationError as error:
            refused(form, error)
        else:
            return _taken(request, taking)
    if form.is_bound and form.errors:
        offers = _offers(request, assessment)  # what is offered now: something may have changed
    view = overview_of(request.actor, assessment)
    ticked = form.ticked()
    items = view.reading.instrument.items
    titles = {section.id: said(section.title) for section in view.reading.instrument.sections}
    groups: dict[str, list] = {}
    for name, given in offers.by_item.items():
        lines = [{"given": each, "ticked": each.key in ticked, "id": f"take-{n}-{name}"} for n, each in enumerate(given)]
        groups.setdefault(items[name].section, []).append((said(items[name].text), lines))
    context = {
        "form": form,
        "overview": view,
        "assessment": assessment,
        "offers": offers,
        "groups": [(titles[section], questions) for section, questions in groups.items()],
        "takings": list(restrict(request.actor, "assessments.undo_taking").filter(assessment=assessment).prefetch_related("rows")),
    }
    return render(request, "assessments/dossier/reuse.html", context, status=422 if form.errors else 200)


def _offers(request: HttpRequest, assessment: Assessment) -> Offers:
    mine = restrict(request.actor, "assessments.answer_section").filter(assessment=assessment)
    return offers_for(request.actor, load_whole(assessment), list(mine))


def _taken(request: HttpRequest, taking: Taking) -> HttpResponse:
    rows = list(taking.rows.select_related("answer"))
    look = sum(row.answer.unconfirmed for row in rows)
    text = ngettext("One answer is taken over.", "%(n)d answers are taken over.", len(rows)) % {"n": len(rows)}
    if look:
        text += " " + ngettext(
            "One of them counts when somebody has looked through it.", "%(n)d of them count when somebody has looked through them.", look
        ) % {"n": look}
    else:
        text += " " + _("They count when their sections are saved.")
    messages.success(request, text)
    return redirect("assessments:overview", assessment_id=taking.assessment_id)


@page("assessments.undo_taking", by="taking_id", methods=("POST",))
def undo(request: HttpRequest, taking: Taking) -> HttpResponse:
    """Take a whole taking back."""
    try:
        services.undo_taking(actor=request.actor, now=request.now, taking=taking)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken back. The questions are blank again."))
    return redirect("assessments:reuse", assessment_id=taking.assessment_id)
