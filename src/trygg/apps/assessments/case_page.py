"""What assessments put on the case page, and where the next step of a claim leads."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.score import RaisedWords, score_words
from trygg.apps.assessments.selectors import Overview, assessments_of, overviews_of, packs_to_start
from trygg.spine.assurance.selectors import register_next_step
from trygg.spine.matters import panels
from trygg.spine.matters.models import Matter


def _newest(request: HttpRequest, matter: Matter) -> list[Overview]:
    """The newest revision of each assessment that the actor may see, read once for a case page."""
    kept = panels.kept(request)
    if ("assessments", matter.pk) not in kept:
        newest: dict[str, Assessment] = {}
        for assessment in assessments_of(request.actor, matter):
            assessment.matter = matter  # with what was read of it
            if assessment.instrument_id not in newest or assessment.revision > newest[assessment.instrument_id].revision:
                newest[assessment.instrument_id] = assessment
        kept["assessments", matter.pk] = overviews_of(request.actor, list(newest.values()))
    return kept["assessments", matter.pk]


def panel(request: HttpRequest, matter: Matter) -> dict | None:
    """Assessments of the matter with their progress, and what may be begun: by name what a claim asks for, the rest behind a link.
    None when there is neither."""
    overviews = _newest(request, matter)
    may_start = panels.can(request, matter, "assessments.start_assessment")
    packs = packs_to_start(request.actor, matter) if may_start else []
    if not overviews and not packs:
        return None
    asked_for = [(pack.pk, said(pack.title)) for pack in packs if pack.asked_for]
    for overview in overviews:
        overview.__dict__["result"] = _result(overview) if overview.whole else None
    return {"overviews": overviews, "packs": asked_for, "more": len(packs) > len(asked_for), "matter": matter, "may_start": may_start}


def _result(overview: Overview) -> tuple[str, list[str], list[RaisedWords]] | None:
    """(level, questions whose answer says stop, those that would if their statement were verified) of what is answered; None where
    there is none of them."""
    instrument = overview.reading.instrument
    flagged = any(choice.flag for item in instrument.items.values() for choice in item.choices)
    if not instrument.scales and not flagged and not any(item.matrix for item in instrument.items.values()):
        return None
    found = score_words(overview.reading)
    answered = bool(overview.reading.asked.answers)
    level = found.title if found.headline is not None and answered else ""
    stops = [raised.question for raised in found.stops]
    return (level, stops, found.warnings) if level or stops or found.warnings else None


def deed(request: HttpRequest, matter: Matter) -> tuple[int, str, str, str] | None:
    """Go on with the open assessment, when a section waits for this actor."""
    for overview in _newest(request, matter):
        line = overview.next_line() if overview.assessment.state == Assessment.State.OPEN else None
        if line is not None:
            return (
                50,
                _("Answer “%(section)s”") % {"section": line.title},
                reverse("assessments:section", args=[line.section.pk]),
                _("It is the next section of %(title)s.") % {"title": overview.title},
            )
    return None


def next_step(matter: Matter, instrument: str) -> tuple[str, str] | None:
    """Where answers that a claim needs are given: the open assessment, else the page that starts one. Asked for each claim
    of a case page, so what was found is kept on the matter."""
    newest = matter.__dict__.get("newest_assessments")
    if newest is None:
        rows = Assessment.objects.filter(matter=matter).order_by("revision").values_list("instrument_id", "pk")
        newest = matter.__dict__["newest_assessments"] = dict(rows)
    if instrument in newest:
        return _("Answer the questions"), reverse("assessments:overview", args=[newest[instrument]])
    return _("Begin the questions"), reverse("assessments:start", args=[matter.key])


def register() -> None:
    panels.register("assessments", order=30, template="assessments/panel.html", context=panel, asks=("assessments.start_assessment",))
    panels.register_deed(deed)
    register_next_step("answers", next_step)
