"""Leaving with everything: what an archive holds, asking for one, fetching it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.kernel.access import Denied, Role, page, restrict
from trygg.kernel.archive import jobs, selectors
from trygg.kernel.archive.forms import ExportForm
from trygg.kernel.archive.models import Export
from trygg.kernel.archive.services import exporting
from trygg.kernel.ledger.once import once
from trygg.kernel.ui.parts import Job
from trygg.kernel.ui.words import number

PER_PAGE = 20
State = Export.State
FAULTS = {
    "disk_full": lambda: _("The disk is full. Tell those who run Trygg; then ask again."),
    "disk_failed": lambda: _("The disk could not be written. Tell those who run Trygg; then ask again."),
    "no_key": lambda: _("The record's key is missing, so the record could not be put in. Tell those who run Trygg."),
    "other": lambda: _("Something went wrong that nobody expected. Tell those who run Trygg; it stands in the log."),
}


@page(roles=(Role.ADMINISTRATOR, Role.AUDITOR))
def overview(request: HttpRequest) -> HttpResponse:
    """Archives that were made, and records that came along from elsewhere."""
    listed = Paginator(selectors.exports_seen(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": listed, "records": selectors.records_of(request.actor),
        "may_ask": restrict(request.actor, "archive.export_organisation").exists(),
    }  # fmt: skip
    return render(request, "archive/overview.html", context)


@page(roles=(Role.ADMINISTRATOR,), methods=("GET", "POST"))
@once
def ask(request: HttpRequest) -> HttpResponse:
    """What it would hold and how sensitive that is, before it is made."""
    organisation = restrict(request.actor, "archive.export_organisation").first()
    if organisation is None:
        raise Denied("archive.export_organisation")
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = exporting.ask_for_export(
                actor=request.actor, now=request.now, organisation=organisation, purpose=form.cleaned_data["purpose"]
            )
        except ValidationError as error:
            form.add_error("purpose" if hasattr(error, "error_dict") else None, error.messages)
        else:
            jobs.start(asked)
            return redirect("archive:export", export_id=asked.pk)
    context = {"form": form, "organisation": organisation, "holds": selectors.preview(organisation), "days": exporting.KEPT.days}
    return render(request, "archive/ask.html", context, status=422 if form.errors else 200)


@page("archive.manage_export", by="export_id")
def export(request: HttpRequest, export: Export) -> HttpResponse:
    """One archive: being written, ready, over."""
    over = export.state == State.READY and export.expires_at <= request.now
    context = {
        "export": export, "heading": _heading(export, over), "over": over, "held": _total(export, "held_back"),
        "rows": _total(export, "rows"), "outside": _total(export, "outside"), "named": _total(export, "named"),
        "fault": FAULTS.get(export.fault, FAULTS["other"])() if export.state == State.FAILED else "",
        "megabytes": f"{export.size / 1e6:.1f}",
    }  # fmt: skip
    if export.state in exporting.UNDER_WAY:
        percent = 100 * export.done // export.total if export.total else None
        so_far = _("%(n)s rows are written. You can leave this page; it goes on.") % {"n": number(export.done)}
        context["job"] = Job(name=_("Writing the archive"), percent=percent, text=so_far, refresh=3)
    return render(request, "archive/export.html", context)


def _total(export: Export, name: str) -> int:
    return sum(export.report.get(name, {}).values())


def _heading(export: Export, over: bool) -> str:
    match export.state:
        case State.WAITING | State.WRITING:
            return _("The archive is being written")
        case State.READY if not over:
            return _("The archive is ready to fetch")
        case State.FAILED:
            return _("The archive could not be written")
        case State.CANCELLED:
            return _("The archive was deleted before its time")
    return _("The archive is not kept any more")


@page("archive.manage_export", by="export_id", methods=("POST",))
def fetch(request: HttpRequest, export: Export) -> HttpResponse:
    """The file. A button and not a link: each fetch is recorded."""
    try:
        path = exporting.fetch_export(actor=request.actor, now=request.now, export=export)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("archive:export", export_id=export.pk)
    name = f"trygg-{export.organisation.slug}-{timezone.localdate(export.finished_at).isoformat()}.zip"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "no-store"
    return response


@page("archive.manage_export", by="export_id", methods=("POST",))
def again(request: HttpRequest, export: Export) -> HttpResponse:
    """Begin anew with an archive whose writing stands still."""
    if export.state in exporting.UNDER_WAY:
        jobs.start(export)
        messages.success(request, _("The writing begins anew."))
    return redirect("archive:export", export_id=export.pk)


@page("archive.manage_export", by="export_id", methods=("POST",))
def cancel(request: HttpRequest, export: Export) -> HttpResponse:
    exporting.cancel_export(actor=request.actor, now=request.now, export=export)
    messages.success(request, _("The archive is deleted."))
    return redirect("archive:export", export_id=export.pk)
