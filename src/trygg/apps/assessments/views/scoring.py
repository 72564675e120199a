"""The score with its arithmetic, the same as data, and trying other answers."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from trygg.apps.assessments.content import with_all
from trygg.apps.assessments.forms import posted
from trygg.apps.assessments.matrix import picture_of
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.score import score_words
from trygg.apps.assessments.score_data import score_data
from trygg.apps.assessments.score_picture import level_picture
from trygg.apps.assessments.selectors import overview_of
from trygg.apps.assessments.whatif_words import TryForm, tried, what_if_words
from trygg.kernel.access import page


@page("assessments.view_whole", by="assessment_id")
def score(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The level, and every step that leads to it."""
    view = overview_of(request.actor, with_all(assessment.pk))
    words = score_words(view.reading)
    context = {
        "overview": view,
        "assessment": assessment,
        "score": words,
        "matrix": picture_of(view.reading),
        "picture": level_picture(words.headline) if words.headline and words.headline.begun else None,
        "sections": {line.section.section_id: line.section.pk for line in view.lines},
    }
    return render(request, "assessments/score.html", context)


@page("assessments.view_whole", by="assessment_id")
def score_json(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The score as data, to be checked elsewhere: exact numbers as text."""
    head = {
        "assessment": assessment.pk,
        "matter": assessment.matter.key,
        "instrument": assessment.instrument_id,
        "version": assessment.pack.version,
        "pack": assessment.pack.content_hash,
        "revision": assessment.revision,
        "state": assessment.state,
        "lock_hash": assessment.lock_hash,
    }
    data = score_data(overview_of(request.actor, with_all(assessment.pk)).reading, head)
    answer = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"score-{assessment.instrument_id}-{assessment.pk}-{assessment.revision}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page("assessments.view_whole", by="assessment_id", methods=("GET", "POST"))
def what_if(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """What would change the result. What is tried is sent by POST so that answers stand in no address; nothing is stored."""
    view = overview_of(request.actor, with_all(assessment.pk))
    before = score_words(view.reading)
    form = TryForm(view.reading, posted(request))
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = tried(view.reading, form.values(), before)
    context = {
        "overview": view,
        "assessment": assessment,
        "score": before,
        "form": form,
        "groups": form.groups(),
        "outcome": outcome,
        "found": what_if_words(view.reading, before),
        "sections": {line.section.section_id: line.section.pk for line in view.lines},
    }
    return render(request, "assessments/what_if.html", context, status=422 if form.errors else 200)
