"""One's own answers beside those of the municipality whose case one began with."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.selectors import overview_of
from trygg.apps.assessments.theirs import compare
from trygg.kernel.access import page
from trygg.spine.publication.texts import words_of


@page("assessments.view_whole", by="assessment_id", related=("pack", "matter__case", "matter__system"))
def theirs(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Where one differs, what nobody has looked at yet, what is the same, and what could not come along."""
    view = overview_of(request.actor, assessment)
    found = compare(view.held)
    if found is None:
        raise Http404
    sections = {line.section.section_id: line.section.pk for line in view.lines}
    context = {
        "overview": view,
        "assessment": assessment,
        "found": found,
        "groups": [
            ("differs", [(pair, sections.get(pair.item.section)) for pair in found.differing]),
            ("theirs", [(pair, sections.get(pair.item.section)) for pair in found.unconfirmed]),
            ("same", [(pair, sections.get(pair.item.section)) for pair in found.same]),
        ],
        "left": [
            {name: words_of(left[name]) for name in ("question", "words", "why")} | {"note": left["note"]}
            for left in found.began.left
        ],
    }
    return render(request, "assessments/theirs.html", context)
