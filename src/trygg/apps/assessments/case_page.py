"""What assessments put on the case page, and where the next step of a claim leads."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from trygg.apps.assessments.matrix import picture_of
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.offering import offers
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.score import RaisedWords, score_words
from trygg.apps.assessments.selectors import Overview, assessments_of, overviews_of
from trygg.spine.assurance.selectors import register_next_step
from trygg.spine.matters import panels
from trygg.spine.matters.models import Matter

NAMED = 3  # questions to begin that the case page names


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
    found = offers(request.actor, matter) if may_start else []
    if not overviews and not found:
        return None
    # One thing to begin with; once that is begun, also what else claims lead to.
    asked_for = [(offer.pack.pk, said(offer.pack.title)) for offer in found if offer.asked_for][: NAMED if overviews else 1]
    for overview in overviews:
        overview.__dict__["result"] = _result(overview) if overview.whole else None
        drawn = picture_of(overview.reading) if overview.whole else None
        overview.__dict__["worst"] = drawn.headline if drawn is not None and drawn.worst else ""
    return {"overviews": overviews, "packs": asked_for, "more": len(found) > len(asked_for), "matter": matter, "may_start": may_start}


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
    newest = _newest_rows(matter)
    if instrument in newest:
        pk, state = newest[instrument]
        open_still = state == Assessment.State.OPEN
        words = _("Answer the questions") if open_still else _("See the answers, or take them up again")
        return words, reverse("assessments:overview", args=[pk])
    return _("Begin the questions"), f"{reverse('assessments:start', args=[matter.key])}?instrument={instrument}"


def _newest_rows(matter: Matter) -> dict[str, tuple[int, str]]:
    """Instrument -> its newest assessment of the matter and how that stands, read once for a matter at hand."""
    if "newest_assessments" not in matter.__dict__:
        rows = Assessment.objects.filter(matter=matter).order_by("revision").values_list("instrument_id", "pk", "state")
        matter.__dict__["newest_assessments"] = {instrument: (pk, state) for instrument, pk, state in rows}
    return matter.__dict__["newest_assessments"]


def begun(matter: Matter, instrument: str) -> bool:
    """Whether somebody has begun to answer these questions for the matter."""
    return instrument in _newest_rows(matter)


def register() -> None:
    panels.register("assessments", order=30, template="assessments/panel.html", context=panel, asks=("assessments.start_assessment",))
    panels.register_deed(deed)
    register_next_step("answers", next_step, begun)
