"""The list of committees, one committee, its charter and seats."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from trygg.apps.committees import forms, selectors, services
from trygg.apps.committees.models import Committee, Seat
from trygg.kernel.access import Role, may, page, restrict
from trygg.kernel.ledger.once import once
from trygg.kernel.people.models import Organisation
from trygg.spine.meetings.models import Meeting

FOUNDERS = (Role.ADMINISTRATOR, Role.COMMITTEE_SECRETARY)
SIMPLE = {"quorum": {"share": "1/2", "more_than": True, "base": "eligible"}, "rule": {"kind": "simple"}}


def status(form) -> int:
    return 422 if form.errors else 200


@page()
def committee_list(request: HttpRequest) -> HttpResponse:
    """Meetings that lie ahead, items under way where the actor sits, and the committees."""
    committees = list(selectors.committees_seen(request.actor))
    meetings = list(selectors.meetings_of_committees(request.actor, committees).exclude(state=Meeting.State.CLOSED))
    context = {
        "committees": committees,
        "meetings": sorted(meetings, key=lambda meeting: meeting.starts_at),
        "my_items": list(selectors.my_open_items(request.actor)),
        "may_create": request.actor.has_role(*FOUNDERS),
    }
    return render(request, "committees/list.html", context)


@page("committees.view_committee", by="committee_slug", field="slug")
def committee(request: HttpRequest, committee: Committee) -> HttpResponse:
    context = {
        "committee": committee,
        "composition": selectors.composition(committee, request.now),
        "meetings": list(selectors.meetings_of_committees(request.actor, [committee])[:20]),
        "owners": committee.owners.order_by("name"),
        "may_manage": may(request.actor, "committees.manage_committee", committee),
        "may_run": may(request.actor, "committees.run_committee", committee),
    }
    return render(request, "committees/committee.html", context)


@page(roles=FOUNDERS, methods=("GET", "POST"))
@once
def new_committee(request: HttpRequest) -> HttpResponse:
    own = Organisation.objects.get(pk=request.actor.organisation_id)
    organisations = restrict(request.actor, "people.view_organisation").exclude(pk=own.pk).order_by("name")
    initial = forms.CharterForm.initial_of(SIMPLE, 14)
    form = forms.CommitteeForm(request.POST or None, organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "slug", "purpose", "owners", "answer_days")}
        try:
            made = services.create_committee(actor=request.actor, now=request.now, organisation=own, charter=form.charter(), **given)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The committee is set up. Fill its seats next."))
            return redirect("committees:committee", committee_slug=made.slug)
    return render(request, "committees/new.html", {"form": form}, status=status(form))


@page("committees.manage_committee", by="committee_slug", field="slug", methods=("GET", "POST"))
def charter(request: HttpRequest, committee: Committee) -> HttpResponse:
    form = forms.CharterForm(request.POST or None, initial=forms.CharterForm.initial_of(committee.charter, committee.answer_days))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_charter(
                actor=request.actor, now=request.now, committee=committee, charter=form.charter(), answer_days=form.cleaned_data["answer_days"]
            )
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The charter is set. Votes that are closed keep the rules they were held under."))
            return redirect("committees:committee", committee_slug=committee.slug)
    context = {"form": form, "committee": committee, "composition": selectors.composition(committee, request.now)}
    return render(request, "committees/charter.html", context, status=status(form))


@page("committees.manage_committee", by="committee_slug", field="slug", methods=("GET", "POST"))
@once
def fill_seat(request: HttpRequest, committee: Committee) -> HttpResponse:
    people = restrict(request.actor, "people.view_membership").filter(valid_until=None).select_related("person", "organisation")
    form = forms.SeatForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            services.fill_seat(actor=request.actor, now=request.now, committee=committee, **form.cleaned_data)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The seat is filled."))
            return redirect("committees:committee", committee_slug=committee.slug)
    return render(request, "committees/seat.html", {"form": form, "committee": committee}, status=status(form))


@page("committees.end_seat", by="seat_id", methods=("POST",))
def end_seat(request: HttpRequest, seat: Seat) -> HttpResponse:
    services.end_seat(actor=request.actor, now=request.now, seat=seat)
    messages.success(request, _("The seat has ended."))
    return redirect("committees:committee", committee_slug=seat.committee.slug)
