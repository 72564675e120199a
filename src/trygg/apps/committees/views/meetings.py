"""A meeting of a committee: agenda, attendance, minutes, actions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from trygg.apps.committees import forms, selectors, services
from trygg.apps.committees.models import Committee
from trygg.kernel.access import may, page, restrict
from trygg.kernel.ledger.once import once
from trygg.spine.matters.selectors import matters_seen
from trygg.spine.meetings import calendar
from trygg.spine.meetings import services as meeting_services
from trygg.spine.meetings.models import Action, Meeting
from trygg.spine.meetings.selectors import actions_of, attendance_of, expected_at


def status(form) -> int:
    return 422 if form.errors else 200


def committee_of(meeting: Meeting) -> Committee:
    return Committee.objects.get(pk=meeting.subject_id)


def people_seen(actor):
    return restrict(actor, "people.view_membership").filter(valid_until=None).select_related("person", "organisation")


@page("meetings.view_meeting", by="meeting_id")
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return render(request, "committees/meeting.html", meeting_context(request, meeting))


@page("meetings.view_meeting", by="meeting_id")
def calendar_entry(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The meeting for one's own calendar."""
    content = calendar.entry_of(meeting, now=request.now, moved=calendar.times_moved(meeting))
    answer = HttpResponse(content, content_type=calendar.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{calendar.FILE_NAME}"'
    return answer


def meeting_context(request: HttpRequest, meeting: Meeting) -> dict:
    committee = committee_of(meeting)
    noted = attendance_of(meeting)
    members = expected_at(meeting)
    items = selectors.items_of(request.actor, meeting)
    return {
        "meeting": meeting,
        "committee": committee,
        "items": items,
        "present": [member for member in members if noted.get(member.pk) is True],
        "absent": [member for member in members if noted.get(member.pk) is False],
        "unnoted": [member for member in members if member.pk not in noted],
        "expected": len(members),
        "actions": list(actions_of(meeting)),
        "may_run": may(request.actor, "meetings.manage_meeting", meeting),
        "may_see_committee": may(request.actor, "committees.view_committee", committee),
    }


@page("committees.run_committee", by="committee_slug", field="slug", methods=("GET", "POST"))
@once
def plan(request: HttpRequest, committee: Committee) -> HttpResponse:
    form = forms.MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.plan_meeting(
            actor=request.actor, now=request.now, committee=committee, starts_at=form.starts_at, place=form.cleaned_data["place"]
        )
        messages.success(request, _("The meeting is called. Take up the matters next: each is frozen as it stands."))
        return redirect("committees:meeting", meeting_id=made.pk)
    return render(request, "committees/plan.html", {"form": form, "committee": committee}, status=status(form))


@page("meetings.manage_meeting", by="meeting_id", methods=("GET", "POST"))
def move(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = forms.MeetingForm(request.POST or None, initial=forms.MeetingForm.initial_of(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            meeting_services.move_meeting(
                actor=request.actor, now=request.now, meeting=meeting, starts_at=form.starts_at, place=form.cleaned_data["place"]
            )
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("Time and place are changed."))
            return redirect("committees:meeting", meeting_id=meeting.pk)
    return render(request, "committees/plan.html", {"form": form, "meeting": meeting, "committee": committee_of(meeting)}, status=status(form))


@page("meetings.manage_meeting", by="meeting_id", methods=("GET", "POST"))
@once
def call_item(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = forms.CallItemForm(request.POST or None, matters=matters_seen(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            item = services.call_item(actor=request.actor, now=request.now, meeting=meeting, **form.cleaned_data)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The matter is on the agenda, and what is known about it is frozen."))
            return redirect("committees:item", item_id=item.pk)
    return render(request, "committees/call_item.html", {"form": form, "meeting": meeting}, status=status(form))


@page("meetings.manage_meeting", by="meeting_id", methods=("GET", "POST"))
def attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    members = expected_at(meeting)
    noted = [str(pk) for pk, present in attendance_of(meeting).items() if present]
    sent = request.POST if request.method == "POST" else None
    form = forms.AttendanceForm(sent, members=members, initial={"present": noted})
    if request.method == "POST" and form.is_valid():
        try:
            meeting_services.note_attendance(actor=request.actor, now=request.now, meeting=meeting, present=form.keys())
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("Attendance is noted."))
            return redirect("committees:meeting", meeting_id=meeting.pk)
    return render(request, "committees/attendance.html", {"form": form, "meeting": meeting}, status=status(form))


def _turn(request: HttpRequest, meeting: Meeting, service, done: str) -> HttpResponse:
    """Open or close: a button without a form. A refusal is shown on the meeting's page."""
    try:
        service(actor=request.actor, now=request.now, meeting=meeting)
    except ValidationError as error:
        context = meeting_context(request, meeting) | {"problems": error.messages}
        return render(request, "committees/meeting.html", context, status=422)
    messages.success(request, done)
    return redirect("committees:meeting", meeting_id=meeting.pk)


@page("meetings.manage_meeting", by="meeting_id", methods=("POST",))
def open_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return _turn(request, meeting, meeting_services.open_meeting, _("The meeting is open."))


@page("meetings.manage_meeting", by="meeting_id", methods=("POST",))
def close_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return _turn(request, meeting, meeting_services.close_meeting, _("The meeting is closed."))


@page("meetings.manage_meeting", by="meeting_id", methods=("GET", "POST"))
def minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = forms.MinutesForm(sent, initial={"minutes": meeting.minutes})
    if request.method == "POST" and form.is_valid():
        meeting_services.write_minutes(actor=request.actor, now=request.now, meeting=meeting, minutes=form.cleaned_data["minutes"])
        messages.success(request, _("The notes are saved."))
        return redirect("committees:meeting", meeting_id=meeting.pk)
    return render(request, "committees/minutes.html", {"form": form, "meeting": meeting}, status=status(form))


@page("meetings.manage_meeting", by="meeting_id", methods=("GET", "POST"))
@once
def add_action(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = forms.ActionForm(request.POST or None, items=meeting.agenda.all(), people=people_seen(request.actor))
    if request.method == "POST" and form.is_valid():
        meeting_services.add_action(actor=request.actor, now=request.now, **form.cleaned_data)
        messages.success(request, _("It is noted, and waits for the person who does it."))
        return redirect("committees:meeting", meeting_id=meeting.pk)
    return render(request, "committees/action.html", {"form": form, "meeting": meeting}, status=status(form))


@page("meetings.finish_action", by="action_id", methods=("POST",))
def finish_action(request: HttpRequest, action: Action) -> HttpResponse:
    meeting_services.finish_action(actor=request.actor, now=request.now, action=action)
    messages.success(request, _("Noted as done."))
    return redirect("committees:meeting", meeting_id=action.item.meeting_id)
