"""How much of the questions is asked: more, or, with a reason, fewer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments import services
from trygg.apps.assessments.content import with_all
from trygg.apps.assessments.forms import DepthForm, posted
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.not_asked import not_asked
from trygg.apps.assessments.questions import Reading
from trygg.apps.assessments.selectors import Overview, overview_of
from trygg.engines.depth import Depth
from trygg.kernel.access import page
from trygg.spine.assurance.models import Depth as DepthWords


@page("assessments.manage_assessment", by="assessment_id", methods=("GET", "POST"))
def depth(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Answer more of the questions than the matter asks for, and back again with a reason."""
    assessment = with_all(assessment.pk)
    view = overview_of(request.actor, assessment)
    if not assessment.is_open:
        messages.info(request, _("It is locked. Take it up again as a new revision, then choose how much is asked."))
        return redirect("assessments:overview", assessment_id=assessment.pk)
    now = Depth(view.depth)
    choices = _choices(assessment, view)
    form = DepthForm(choices, any(Depth(each) < now for each, _words, _hint in choices), posted(request), initial={"depth": now.value})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_depth(
                actor=request.actor,
                now=request.now,
                assessment=assessment,
                depth=form.cleaned_data["depth"],
                reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as error:
            for name, problems in getattr(error, "error_dict", {None: error.messages}).items():
                form.add_error(name if name in form.fields else None, problems)
        else:
            messages.success(request, _("Changed. Everything that was answered is kept."))
            return redirect("assessments:overview", assessment_id=assessment.pk)
    context = {"form": form, "assessment": assessment, "overview": view, "rest": not_asked(view.reading)}
    return render(request, "assessments/depth.html", context, status=422 if form.errors else 200)


def _choices(assessment: Assessment, view: Overview) -> list[tuple[str, str, str]]:
    """(depth, its name, how many questions it asks with the answers there are) of each that may be chosen."""
    least = Depth(assessment.matter.case.depth) if hasattr(assessment.matter, "case") else Depth.LIGHT
    found = []
    for each in Depth:
        if each < least:
            continue
        reading = Reading(view.reading.instrument, each, view.reading.values, view.reading.evidence, view.reading.phase)
        count = len(reading.asked.visible)
        hint = ngettext("%(count)d question, by what is answered so far.", "%(count)d questions, by what is answered so far.", count)
        words = str(DepthWords(each.value).label)
        if each.value == view.depth:
            words = _("%(depth)s, as now") % {"depth": words}
        found.append((each.value, words, hint % {"count": count}))
    return found
