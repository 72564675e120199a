"""Pages of the import: upload, which column is what, what will happen, what a row is, what came of it; and the export."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.engines.records import ReadError
from trygg.kernel.access import Denied, Role, may, page, restrict
from trygg.kernel.ledger.once import once
from trygg.kernel.ui.parts import Job
from trygg.kernel.ui.words import number
from trygg.spine.matters.imports import exporting, forms, jobs, keeping, reading, selectors, services, wording
from trygg.spine.matters.models import ImportRow, ImportRun

PER_PAGE = 25
LISTED = 2000  # so many remarks on an export are shown; all of them are counted
READERS = (Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
State, Outcome = ImportRun.State, ImportRow.Outcome
CANNOT_KEEP = {
    "too_large": lambda: _("The file is too large. Split it and import the parts."),
    "empty": lambda: _("The file is empty. Choose it again."),
    "disk_full": lambda: _("The disk is full, so the file was not kept. Tell those who run Trygg."),
}


@page(roles=READERS, methods=("GET", "POST"))
@once
def imports(request: HttpRequest) -> HttpResponse:
    """Earlier imports, and a new file."""
    organisation = restrict(request.actor, "matters.import_systems").first()
    if request.method == "POST" and organisation is None:
        raise Denied("matters.import_systems")
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        begun = _begin(request, form, organisation)
        if begun is not None:
            return redirect("matters:import_run" if begun.mapping else "matters:import_columns", run_id=begun.pk)
    listed = Paginator(selectors.imports_seen(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": listed, "may_import": organisation is not None}
    return render(request, "matters/imports/list.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, form: forms.UploadForm, organisation) -> ImportRun | None:
    """Keep the file, look what it is, begin. None when that cannot be, with the reason in the form."""
    upload = form.cleaned_data["file"]
    try:
        kept = keeping.keep(upload.name, upload.chunks())
    except keeping.CannotKeep as error:
        form.add_error("file", CANNOT_KEEP[error.code]())
        return None
    try:
        found = reading.look_at(kept, form.options())
        known = selectors.mapping_used_before(organisation, found.detected["columns"])
        begun = services.begin_import(
            actor=request.actor, now=request.now, organisation=organisation, kept=kept, detected=found.detected,
            mapping=known or (found.mapping if found.sure else None),
        )  # fmt: skip
    except ReadError as error:
        keeping.forget(kept.sha256)
        form.add_error("file", wording.unreadable(error))
        return None
    except (DatabaseError, OSError) as error:
        if services.fault_of(error) is None:
            raise
        keeping.forget(kept.sha256)
        form.add_error("file", CANNOT_KEEP["disk_full"]())
        return None
    if begun.mapping:
        jobs.start(begun)
    return begun


@page("matters.view_import", by="run_id")
def run(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """One import: being read, ready to look at, applied, undone."""
    manages = may(request.actor, "matters.manage_import", run)
    if run.state == State.STAGING and not run.mapping and manages:
        return redirect("matters:import_columns", run_id=run.pk)
    show, text = request.GET.get("show", ""), request.GET.get("q", "")
    counts = services.counts_of(run)
    listed = Paginator(selectors.rows_of(run, show=show, text=text), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run, "manages": manages, "counts": counts, "notes": [wording.note(one) for one in run.detected.get("notes", ())],
        "page_obj": listed, "lines": [(row, selectors.worded_problems(row)[:3]) for row in listed], "show": show, "q": text,
        "filters": [(outcome.value, outcome.label, counts[outcome.value]) for outcome in Outcome],
        "remarks": selectors.remark_count(run), "heading": _heading(run, counts), "lede": _lede(run, counts),
        "mapping_title": _title(run), "failure": wording.failure(run.report) if run.state == State.FAILED else "",
        "undo": run.report.get("undo"),
    }  # fmt: skip
    if run.state == State.STAGING:
        percent = 100 * run.rows_read // run.rows_total if run.rows_total else None
        so_far = _("%(n)s rows so far. You can leave this page; it goes on.") % {"n": number(run.rows_read)}
        context["job"] = Job(name=_("Reading the rows"), percent=percent, text=so_far, refresh=3)
    return render(request, "matters/imports/run.html", context)


def _title(run: ImportRun) -> str:
    title = run.mapping.get("title", {})
    return title.get((get_language() or "en").split("-")[0]) or title.get("en", "")


def _heading(run: ImportRun, counts: dict[str, int]) -> str:
    match run.state:
        case State.STAGING:
            return _("The file is being read")
        case State.FAILED:
            return _("The file could not be read")
        case State.READY:
            return _changes(counts, ready=True)
        case State.APPLIED:
            return _changes(counts, ready=False)
        case State.UNDONE:
            return _("The import is undone")
    return _("The import was discarded")


def _changes(counts: dict[str, int], *, ready: bool) -> str:
    """How many systems come in, or came in, new and changed."""
    many = {"new": number(counts["create"]), "changed": number(counts["update"])}
    if counts["create"] and counts["update"]:
        words = _("%(new)s new and %(changed)s changed systems can come in") if ready else _("%(new)s systems came in, %(changed)s were changed")
    elif counts["create"]:
        words = _("%(new)s new systems can come in") if ready else _("%(new)s new systems came in")
    elif counts["update"]:
        words = _("%(changed)s systems can be changed") if ready else _("%(changed)s systems were changed")
    else:
        words = _("The file holds nothing new") if ready else _("The file held nothing new")
    return words % many


def _lede(run: ImportRun, counts: dict[str, int]) -> str:
    match run.state:
        case State.READY if counts["ambiguous"]:
            return _("%(n)s rows wait for you to say what they are. Those that you leave do not come in.") % {
                "n": number(counts["ambiguous"])
            }
        case State.READY:
            return _("Nothing is in the register yet. It comes in when you import it, all at once, and can be undone.")
        case State.APPLIED if counts["ambiguous"]:
            return _("%(n)s rows were left out, since nobody said what they are. Import the file again to settle them.") % {
                "n": number(counts["ambiguous"])
            }
        case State.DISCARDED:
            return _("Nothing of it came into the register.")
    return ""


@page("matters.manage_import", by="run_id", methods=("GET", "POST"))
def columns(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Which column of the file fills which field."""
    names = run.detected.get("columns", [])
    start = run.mapping or selectors.proposed_mapping(names)
    form = forms.MappingForm(request.POST or None, columns=names, mapping=start, name=f"{run.organisation.slug}-register")
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_mapping(actor=request.actor, now=request.now, run=run, mapping=form.mapping())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            jobs.start(run)
            return redirect("matters:import_run", run_id=run.pk)
    context = {"form": form, "run": run, "notes": [wording.note(one) for one in run.detected.get("notes", ())]}
    return render(request, "matters/imports/columns.html", context, status=422 if form.errors else 200)


@page("matters.view_import", by="run_id", methods=("GET", "POST"))
def row(request: HttpRequest, run: ImportRun, number: int) -> HttpResponse:
    """One row: what it says, what is remarked, and, when it waits for a person, what it is."""
    staged = run.rows.filter(number=number).first()
    if staged is None:
        raise Http404
    asks = run.state == State.READY and "systems" in (staged.candidates or {}) and may(request.actor, "matters.manage_import", run)
    choice = selectors.choice_of(staged)
    form = forms.ChoiceForm(request.POST or None, choice=choice) if asks else None
    if request.method == "POST" and not asks:
        raise Denied("matters.manage_import")
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_match(actor=request.actor, now=request.now, row=staged, choice=form.cleaned_data["choice"])
        except ValidationError as error:
            form.add_error("choice" if hasattr(error, "error_dict") else None, error.messages)
        else:
            messages.success(request, _("Row %(row)s is settled.") % {"row": number})
            following = run.rows.filter(outcome=Outcome.AMBIGUOUS).order_by("number").values_list("number", flat=True).first()
            if following is None:
                return redirect("matters:import_run", run_id=run.pk)
            return redirect("matters:import_row", run_id=run.pk, number=following)
    context = {
        "run": run, "row": staged, "form": form, "choice": choice, "rows": selectors.record_rows(staged.record),
        "raw": selectors.raw_rows(staged), "problems": selectors.worded_problems(staged),
    }  # fmt: skip
    return render(request, "matters/imports/row.html", context, status=422 if form is not None and form.errors else 200)


def _act(request: HttpRequest, run: ImportRun, act: Callable[..., ImportRun], done: Callable[[], str]) -> HttpResponse:
    """Run a service on the import, and come back to its page with what happened in words."""
    try:
        act(actor=request.actor, now=request.now, run=run)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except services.RegisterChanged:
        services.refresh_import(actor=request.actor, now=request.now, run=run)
        messages.error(request, _("The register changed since the file was read, so nothing came in. Look through it again, then import."))
    except (DatabaseError, OSError) as error:
        reason = services.fault_of(error)
        if reason is None:
            raise
        messages.error(request, wording.FAULTS[reason])
    else:
        messages.success(request, done())
    return redirect("matters:import_run", run_id=run.pk)


@page("matters.manage_import", by="run_id", methods=("POST",))
def apply(request: HttpRequest, run: ImportRun) -> HttpResponse:
    return _act(request, run, services.apply_import, lambda: _("The systems are in the register."))


@page("matters.manage_import", by="run_id", methods=("POST",))
def undo(request: HttpRequest, run: ImportRun) -> HttpResponse:
    return _act(request, run, services.undo_import, lambda: _("The import is undone."))


@page("matters.manage_import", by="run_id", methods=("POST",))
def discard(request: HttpRequest, run: ImportRun) -> HttpResponse:
    return _act(request, run, services.discard_import, lambda: _("The import is discarded."))


@page("matters.manage_import", by="run_id", methods=("POST",))
def again(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Go on reading a file whose reading stands still. What was read is not read again."""
    if run.state == State.STAGING and run.mapping:
        jobs.start(run)
        messages.success(request, _("The reading goes on."))
    return redirect("matters:import_run", run_id=run.pk)


@page(roles=READERS)
def export(request: HttpRequest) -> HttpResponse:
    """The systems in a standard, with what is too long for it or has no place in it said beforehand."""
    records, count, listed = exporting.records_for(request.actor), 0, []
    checked = request.GET.get("standard") == "nl-1.0"
    for record, problem in exporting.against(records, "nl-1.0") if checked else ():
        count += 1
        if count <= LISTED:
            listed.append((record.name, selectors.worded(problem)))
    found = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"count": len(records), "checked": checked, "problems": count, "found": found, "listed": LISTED}
    return render(request, "matters/imports/export.html", context)


@page(roles=READERS)
def download(request: HttpRequest, standard: str, form: str) -> HttpResponse:
    if (standard, form) not in (("nl-1.0", "json"), ("nl-1.0", "csv"), ("json", "json"), ("csv", "csv")):
        raise Http404
    stamp = timezone.localdate(request.now).isoformat()
    name = f"systems-{stamp}-{standard}.{form}" if standard == "nl-1.0" else f"systems-{stamp}.{form}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        exporting.write_file(exporting.records_for(request.actor), standard, path)
        stream = path.open("rb")  # stays readable when its folder is gone
    kind = "application/json" if form == "json" else "text/csv; charset=utf-8"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
