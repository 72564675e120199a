"""Overview, starting, giving sections to those who answer, signatures, lock, new revision."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments import services
from trygg.apps.assessments.dossier.offers import questions_offered
from trygg.apps.assessments.forms import AssignForm, StartForm, posted
from trygg.apps.assessments.models import Assessment, SectionAssignment, SignOff
from trygg.apps.assessments.not_asked import not_asked
from trygg.apps.assessments.offering import offers
from trygg.apps.assessments.questions import instrument_of, said
from trygg.apps.assessments.score import flags_words, score_of, score_words
from trygg.apps.assessments.selectors import (
    Overview,
    assessments_of,
    newer_pack,
    organisations_to_ask,
    overview_of,
    people_to_ask,
    waiting_to_sign,
)
from trygg.apps.assessments.theirs import compare
from trygg.apps.assessments.views.reading import readings_of
from trygg.apps.assessments.views.upgrading import notices
from trygg.engines.instruments.tender import has_tender
from trygg.kernel.access import Actor, may, page
from trygg.kernel.ledger.once import once
from trygg.kernel.ui.parts import Action
from trygg.spine.assurance.models import Depth
from trygg.spine.matters.models import Matter

State = SectionAssignment.State


def _refused(form: Form, error: ValidationError) -> None:
    """A service's refusal beside the field that it names, or above the form."""
    if hasattr(error, "error_dict"):
        for name, problems in error.error_dict.items():
            form.add_error(name if name in form.fields else None, problems)
    else:
        form.add_error(None, error)


@page("assessments.start_assessment", by="matter_key", field="key", methods=("GET", "POST"))
@once
def start(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """Choose the questions to begin with."""
    matter = matter_key
    found = offers(request.actor, matter)
    wanted = [offer for offer in found if offer.pack.pack_id == request.GET.get("instrument")]
    likely = next((offer.pack.pk for offer in wanted or found if wanted or offer.asked_for or len(found) == 1), None)
    depth = matter.case.depth if hasattr(matter, "case") else "light"
    form = StartForm(found, depth, posted(request), initial={"pack": request.GET.get("pack") or likely})
    if request.method == "POST" and form.is_valid():
        pack = form.packs[form.cleaned_data["pack"]]
        try:
            made = services.start_assessment(
                actor=request.actor, now=request.now, matter=matter, pack=pack, depth=depth
            )
        except ValidationError as error:
            _refused(form, error)
        else:
            messages.success(request, _("You can begin. Give sections to others, or answer them yourself."))
            return redirect("assessments:overview", assessment_id=made.pk)
    begun = [(assessment, said(assessment.pack.title)) for assessment in assessments_of(request.actor, matter)]
    context = {"form": form, "matter": matter, "packs": found, "begun": begun}
    return render(request, "assessments/start.html", context, status=422 if form.errors else 200)


@page("assessments.view_assessment", by="assessment_id")
def overview(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Sections, who answers them and by when; what comes next; signatures; the lock."""
    view = overview_of(request.actor, assessment)
    manages = may(request.actor, "assessments.manage_assessment", assessment)
    following = Assessment.objects.filter(previous=assessment).first()
    context = {
        "overview": view,
        "assessment": assessment,
        "title": view.title,
        "heading": _heading(view),
        "lede": _lede(request.actor, view),
        "depth_words": Depth(view.depth).label,
        "action": _main_action(request.actor, view, manages),
        "manages": manages,
        "rest": not_asked(view.reading) if view.whole else None,
        "may_lighten": hasattr(assessment.matter, "case") and assessment.matter.case.depth != view.depth,
        "score": score_words(view.reading) if view.whole and view.reading.instrument.scales else None,
        "has_tender": view.whole and has_tender(assessment.pack.content),
        "readings": readings_of(request, assessment),
        "may_ask_reader": manages and assessment.is_open,
        "flags": flags_words(view.reading.instrument, score_of(view.reading)) if view.whole else [],
        "beside": compare(view.held) if view.whole and view.held else None,
        "organisations": waiting_to_sign(view) if view.whole else [],
        "already": questions_offered(request.actor, view),
        "own_signature": next((s for s in view.signoffs if _withdrawable(request.actor, s)), None),
        "following": following if following and may(request.actor, "assessments.view_assessment", following) else None,
        **notices(request, assessment, manages),
    }
    return render(request, "assessments/overview.html", context)


def _heading(view: Overview) -> str:
    """The state of things as the page's heading."""
    if view.assessment.state == Assessment.State.SUPERSEDED:
        return _("%(title)s goes on in a newer revision") % {"title": view.title}
    if not view.assessment.is_open:
        return _("%(title)s is locked") % {"title": view.title}
    left = len(view.lines) - view.done
    if view.all_signed:
        return _("All have signed %(title)s") % {"title": view.title}
    if not left:
        return _("All sections of %(title)s are done") % {"title": view.title}
    text = ngettext("One section of %(title)s is left", "%(count)d sections of %(title)s are left", left)
    return text % {"count": left, "title": view.title}


def _lede(actor: Actor, view: Overview) -> str:
    """Who is waited for."""
    if not view.assessment.is_open:
        return _("The answers can be read, not changed.")
    others = {
        line.who for line in view.lines if line.section.state in (State.TODO, State.BEGUN) and not line.answerable
    }
    given = {
        line.who
        for line in view.lines
        if line.section.state in (State.TODO, State.BEGUN) and line.section.organisation_id != actor.organisation_id
    }
    if view.whole and (others | given):
        return _("Waiting for %(names)s.") % {"names": ", ".join(sorted(others | given))}
    return ""


def _withdrawable(actor: Actor, signoff: SignOff) -> bool:
    return signoff.withdrawn_at is None and may(actor, "assessments.withdraw_sign_off", signoff)


def _main_action(actor: Actor, view: Overview, manages: bool) -> Action | None:
    """The one thing to do next for this actor."""
    line = view.next_line()
    if line is not None:
        begun = line.section.state == State.BEGUN
        words = _("Go on with “%(section)s”") if begun else _("Answer “%(section)s”")
        count = _("%(answered)d of %(asked)d questions have an answer.") % {
            "answered": line.answered,
            "asked": line.asked,
        }
        return Action(words % {"section": line.title}, reverse("assessments:section", args=[line.section.pk]), count)
    own = view.of_organisation(actor.organisation_id)
    ready = own and all(mine.section.state in (State.DONE, State.SIGNED) for mine in own)
    if (
        ready
        and any(mine.section.state == State.DONE for mine in own)
        and may(actor, "assessments.sign_off", view.assessment)
    ):
        why = _("You then stand by what they say. You can take it back until the assessment is locked.")
        return Action(_("Sign your sections"), reverse("assessments:sign", args=[view.assessment.pk]), why)
    if manages and view.assessment.is_open and view.all_signed:
        why = _("Nothing can be changed after that without a new revision.")
        return Action(_("Lock the assessment"), reverse("assessments:lock", args=[view.assessment.pk]), why)
    return None


@page("assessments.assign_section", by="section_id", methods=("GET", "POST"))
def assign(request: HttpRequest, section: SectionAssignment) -> HttpResponse:
    """Give a section to someone to answer."""
    assessment = section.assessment
    organisations = organisations_to_ask(request.actor, assessment)
    people = people_to_ask(request.actor, organisations, now=request.now)
    present = f"m{section.membership_id}" if section.membership_id else f"o{section.organisation_id}"
    form = AssignForm(organisations, people, posted(request), initial={"who": present, "due_on": section.due_on})
    found = next(s for s in instrument_of(assessment).sections if s.id == section.section_id)
    if request.method == "POST" and form.is_valid():
        organisation, membership = form.chosen()
        try:
            services.assign_section(
                actor=request.actor,
                now=request.now,
                section=section,
                organisation=organisation,
                membership=membership,
                due_on=form.cleaned_data["due_on"],
            )
        except ValidationError as error:
            _refused(form, error)
        else:
            name = membership.person.shown_name if membership else organisation.name
            messages.success(
                request, _("%(name)s answers “%(section)s”.") % {"name": name, "section": said(found.title)}
            )
            return redirect("assessments:overview", assessment_id=assessment.pk)
    context = {
        "form": form,
        "section": section,
        "assessment": assessment,
        "overview": overview_of(request.actor, assessment),
        "section_title": said(found.title),
        "section_path": reverse("assessments:section", args=[section.pk]),
        "for_vendor": sum("vendor" in item.asked_of for item in found.items),
        "count": len(found.items),
    }
    return render(request, "assessments/assign.html", context, status=422 if form.errors else 200)


@page("assessments.sign_off", by="assessment_id", methods=("GET", "POST"))
def sign(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Read through what one signs, and sign."""
    form = Form(posted(request))
    if request.method == "POST":
        try:
            services.sign_off(actor=request.actor, now=request.now, assessment=assessment)
        except ValidationError as error:
            form.is_valid()
            _refused(form, error)
        else:
            messages.success(
                request, _("Signed for %(organisation)s.") % {"organisation": request.actor.organisation_name}
            )
            return redirect("assessments:overview", assessment_id=assessment.pk)
    view = overview_of(request.actor, assessment)
    context = {
        "form": form,
        "overview": view,
        "assessment": assessment,
        "own": view.of_organisation(request.actor.organisation_id),
    }
    return render(request, "assessments/sign.html", context, status=422 if form.errors else 200)


@page("assessments.withdraw_sign_off", by="signoff_id", methods=("GET", "POST"))
def withdraw(request: HttpRequest, signoff: SignOff) -> HttpResponse:
    """Take the own organisation's signature back."""
    if request.method == "POST":
        services.withdraw_sign_off(actor=request.actor, now=request.now, signoff=signoff)
        messages.success(request, _("The signature is taken back. The sections can be changed again."))
        return redirect("assessments:overview", assessment_id=signoff.assessment_id)
    context = {"signoff": signoff, "overview": overview_of(request.actor, signoff.assessment)}
    return render(request, "assessments/withdraw.html", context)


@page("assessments.manage_assessment", by="assessment_id", methods=("GET", "POST"))
def lock(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Lock what all have signed."""
    form = Form(posted(request))
    if request.method == "POST":
        try:
            services.lock_assessment(actor=request.actor, now=request.now, assessment=assessment)
        except ValidationError as error:
            form.is_valid()
            _refused(form, error)
        else:
            messages.success(request, _("The assessment is locked."))
            return redirect("assessments:overview", assessment_id=assessment.pk)
    view = overview_of(request.actor, assessment)
    context = {"form": form, "overview": view, "assessment": assessment, "organisations": waiting_to_sign(view)}
    return render(request, "assessments/lock.html", context, status=422 if form.errors else 200)


@page("assessments.manage_assessment", by="assessment_id", methods=("GET", "POST"))
def reopen(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Take a locked assessment up again as a new revision on the same questions; newer ones have a page of their own."""
    newer = newer_pack(request.actor, assessment)
    form = Form(posted(request))
    if request.method == "POST":
        try:
            made = services.reopen_assessment(
                actor=request.actor,
                now=request.now,
                assessment=assessment,
            )
        except ValidationError as error:
            form.is_valid()
            _refused(form, error)
        else:
            messages.success(
                request, _("This is revision %(number)d. The earlier one stays as it was.") % {"number": made.revision}
            )
            return redirect("assessments:overview", assessment_id=made.pk)
    context = {
        "form": form,
        "assessment": assessment,
        "overview": overview_of(request.actor, assessment),
        "newer": newer,
    }
    return render(request, "assessments/reopen.html", context, status=422 if form.errors else 200)
