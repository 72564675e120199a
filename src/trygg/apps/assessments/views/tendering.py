"""Tender questions and contract clauses of an assessment: what its answers choose, on a page and as a Word file."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_info

from trygg.apps.assessments.content import with_all
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.selectors import Overview, overview_of
from trygg.apps.assessments.tender_paper import About, paper, word_file
from trygg.engines.instruments.tender import has_tender
from trygg.kernel.access import page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _overview(request: HttpRequest, assessment: Assessment) -> Overview:
    """Its answers; 404 where nothing in the questions is about a purchase."""
    if not has_tender(assessment.pack.content):
        raise Http404
    return overview_of(request.actor, with_all(assessment.pk))


def _about(assessment: Assessment) -> About:
    matter = assessment.matter
    return About(matter.owner.name, matter.system.name if matter.system else matter.title, matter.diary_number)


@page("assessments.view_whole", by="assessment_id")
def tender(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """What is chosen now, what is left out and why, and the file in each language."""
    view = _overview(request, assessment)
    reading = view.reading
    context = {
        "overview": view,
        "assessment": assessment,
        "paper": paper(
            assessment.pack.content, reading.instrument, reading.asked, reading.depth, _about(view.assessment)
        ),
        "languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
    }
    return render(request, "assessments/tender.html", context)


@page("assessments.view_whole", by="assessment_id")
def tender_word(request: HttpRequest, assessment: Assessment, language: str) -> HttpResponse:
    """The Word file in a language of the site."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    view = _overview(request, assessment)
    reading = view.reading
    content = word_file(
        assessment.pack.content,
        reading.instrument,
        reading.asked,
        reading.depth,
        _about(view.assessment),
        language,
        request.now,
    )
    name = f"tender-{assessment.matter.key}-{language}.docx"
    return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": f'attachment; filename="{name}"'})
