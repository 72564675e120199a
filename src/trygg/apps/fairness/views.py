"""Pages of bias audits: all of them, declaring one, the audit, bringing counts or rows, using, repeating, withdrawing."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.fairness import documents, forms, jobs, keeping, pictures, report, selectors, services
from trygg.apps.fairness.models import Audit
from trygg.apps.fairness.pages import language
from trygg.apps.fairness.question import AuditError, measure_word, question_of
from trygg.engines.fairness import finding, warning
from trygg.kernel.access import may, page, require
from trygg.kernel.ledger.once import once
from trygg.kernel.ui.parts import Job
from trygg.spine.matters.models import Matter

PER_PAGE = 25
STAGES = {
    "reading": lambda: _("Reading the rows"),
    "counting": lambda: _("Counting groups"),
    "comparing": lambda: _("Comparing groups"),
    "protecting": lambda: _("Hiding what could tell about single children"),
}
State = Audit.State


def put_errors(form, error: ValidationError) -> None:
    """What a service refused, at the field it is about, otherwise above the form."""
    if hasattr(error, "error_dict"):
        for name, found in error.message_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, error)


def _sent(request: HttpRequest):
    """What was sent; also when nothing was filled in."""
    return request.POST if request.method == "POST" else None


@page()
def audits(request: HttpRequest) -> HttpResponse:
    """All audits that the reader may see."""
    listed = Paginator(selectors.audits_seen(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "fairness/list.html", {"page_obj": listed})


@page("fairness.declare_audit", by="matter_key", field="key", methods=("GET", "POST"))
@once
def declare(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """Say what is asked, before anyone looks."""
    return _declare(request, matter_key, None)


@page("fairness.run_audit", by="audit_id", methods=("GET", "POST"))
@once
def repeat(request: HttpRequest, audit: Audit) -> HttpResponse:
    """The same question again, of newer data."""
    return _declare(request, audit.matter, audit)


def _declare(request: HttpRequest, matter: Matter, previous: Audit | None) -> HttpResponse:
    initial = {}
    if previous is not None:
        initial = forms.DeclareForm.initial_of(question_of(previous.question))
        initial |= {"title": previous.title, "reason": previous.reason, "outcome_source": previous.outcome_source}
    form = forms.DeclareForm(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "reason", "outcome_source")}
        try:
            made = services.declare_audit(
                actor=request.actor,
                now=request.now,
                matter=matter,
                question=form.question(),
                previous=previous,
                **given,
            )
        except ValidationError as error:
            put_errors(form, error)
        except AuditError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The question is declared and stands in the record. Now the data may be looked at.")
            )
            return redirect("fairness:audit", audit_id=made.pk)
    context = {"form": form, "matter": matter, "previous": previous}
    return render(request, "fairness/declare.html", context, status=422 if form.errors else 200)


@page("fairness.view_audit", by="audit_id")
def audit(request: HttpRequest, audit: Audit) -> HttpResponse:
    """One audit: waiting for data, being worked out, its result."""
    question = question_of(audit.question)
    runs = may(request.actor, "fairness.run_audit", audit)
    context = {
        "audit": audit, "matter": audit.matter, "question": question, "runs": runs, "rows": getattr(audit, "rows", None),
        "sizes": [(measure_word(metric, language()), f"{100 * size:g}") for metric, size in question.material.items()],
        "primary": [(measure_word(metric, language()), attribute) for metric, attribute in question.primary],
        "command": question.command(), "used": _used(audit), "repeats": audit.repeats.order_by("number"),
    }  # fmt: skip
    if audit.state == State.WORKING:
        words = STAGES.get(audit.stage, STAGES["reading"])()
        text = _("You can leave this page; it goes on. The rows are deleted when they are counted.")
        context["job"] = Job(name=words, percent=None, text=text, refresh=3)
    result = (
        selectors.result_of(request.actor, audit, exact=request.GET.get("figures") != "public")
        if audit.finished_at
        else None
    )
    if result is not None:
        context |= _result_context(audit, result)
    return render(request, "fairness/audit.html", context)


def _used(audit: Audit) -> bool:
    from trygg.apps.fairness.evidence import SOURCE
    from trygg.spine.assurance.models import Evidence

    return Evidence.objects.filter(source_type=SOURCE, source_id=str(audit.pk), withdrawn_at=None).exists()


def _result_context(audit: Audit, result: selectors.Result) -> dict:
    said, document = language(), result.document
    rows = result.primary
    further = [row for row in document["comparisons"] if not row["primary"] and row["verdict"] == "disparity_shown"]
    return {
        "result": result, "headline": result.headline(said), "document": document,
        "findings": [(pictures.state_of(row["verdict"]), finding(row, document, said)) for row in rows],
        "further": [finding(row, document, said) for row in further[:12]],
        "picture": pictures.difference_picture(rows, document, said),
        "calibration": pictures.calibration_picture(document, said),
        "threshold_rows": pictures.threshold_rows(document, said),
        "threshold_head": [_("Group"), _("Threshold"), _("Wrongly flagged"), _("Missed"), _("Flagged at all")],
        "group_head": report.group_head(document, said), "group_rows": report.group_rows(document, said),
        "warnings": [warning(one["code"], one["params"], said) for one in document["warnings"]],
        "other_figures": audit.exact is not None and audit.public is not None,
        "change": report.change(audit, said),
        "change_head": [_("Measure"), _("Group"), _("Compared with"), _("Then"), _("Now")],
    }  # fmt: skip


@page("fairness.run_audit", by="audit_id", methods=("GET", "POST"))
@once
def receive(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Take in the counts that the command made inside the agency."""
    form = forms.DocumentForm(_sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > documents.LARGEST:
                raise documents.Refused(documents.too_large())
            document = documents.read_document(upload.read())
            services.receive_audit(
                actor=request.actor,
                now=request.now,
                audit=audit,
                document=document,
                data_from=form.cleaned_data["data_from"],
            )
        except documents.Refused as error:
            form.add_error("file", str(error))
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The result is here."))
            return redirect("fairness:audit", audit_id=audit.pk)
    context = {"form": form, "audit": audit, "matter": audit.matter, "command": question_of(audit.question).command()}
    return render(request, "fairness/receive.html", context, status=422 if form.errors else 200)


@page("fairness.run_audit", by="audit_id", methods=("GET", "POST"))
@once
def rows(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Take in rows, count them in the background, delete them."""
    today = timezone.localdate(request.now)
    form = forms.RowsForm(_sent(request), request.FILES or None, initial={"delete_on": forms.last_day(today)})
    if request.method == "POST" and form.is_valid() and _take_rows(request, audit, form):
        messages.success(request, _("The rows are here and are being counted."))
        return redirect("fairness:audit", audit_id=audit.pk)
    return render(
        request,
        "fairness/rows.html",
        {"form": form, "audit": audit, "matter": audit.matter},
        status=422 if form.errors else 200,
    )


def _take_rows(request: HttpRequest, audit: Audit, form: forms.RowsForm) -> bool:
    """Whether the rows were taken in; otherwise the form says why, and nothing is kept."""
    given = {name: form.cleaned_data[name] for name in ("controller", "basis", "dpia", "delete_on", "data_from")}
    upload = form.cleaned_data["file"]
    try:
        sha256, size = keeping.keep(upload.name, upload.chunks())
    except keeping.CannotKeep as error:
        words = {
            "too_large": _("The file is larger than 2 GB. Run the command inside the agency instead."),
            "empty": _("The file is empty. Choose it again."),
            "ending": _("The file is of a kind that can't be read."),
        }
        form.add_error("file", words[error.code])
        return False
    except OSError:
        form.add_error("file", _("The file could not be kept; the disk may be full. Tell those who run Trygg."))
        return False
    try:
        services.receive_rows(
            actor=request.actor, now=request.now, audit=audit, file_name=upload.name, sha256=sha256, size=size, **given
        )
    except ValidationError as error:
        keeping.forget(sha256, upload.name)
        put_errors(form, error)
        return False
    jobs.start(audit)
    return True


@page("fairness.run_audit", by="audit_id", methods=("GET", "POST"))
@once
def use(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Put the result before the claims that ask for a bias audit."""
    form = forms.UseForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.use_audit(
                actor=request.actor, now=request.now, audit=audit, valid_until=form.cleaned_data["valid_until"]
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The claims that ask for a bias audit are worked out again."))
            return redirect("matters:case", matter_key=audit.matter.key)
    context = {"form": form, "audit": audit, "matter": audit.matter}
    return render(request, "fairness/use.html", context, status=422 if form.errors else 200)


@page("fairness.run_audit", by="audit_id", methods=("GET", "POST"))
def withdraw(request: HttpRequest, audit: Audit) -> HttpResponse:
    """Take it out of use, with a reason."""
    form = forms.WithdrawForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_audit(
                actor=request.actor, now=request.now, audit=audit, because=form.cleaned_data["because"]
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The audit is withdrawn. It stays readable."))
            return redirect("fairness:audit", audit_id=audit.pk)
    context = {"form": form, "audit": audit, "matter": audit.matter}
    return render(request, "fairness/withdraw.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest, audit: Audit) -> selectors.Result:
    """The result to be downloaded; exact figures only where they are asked for by name, and only for those who may see them."""
    exact = request.GET.get("figures") == "exact"
    if exact:
        require(request.actor, "fairness.view_exact", audit)
    found = selectors.result_of(request.actor, audit, exact=exact)
    if found is None or (exact and not found.exact):
        raise Http404
    return found


@page("fairness.view_audit", by="audit_id")
def report_pdf(request: HttpRequest, audit: Audit) -> HttpResponse:
    """The report as a tagged PDF."""
    found = _wanted(request, audit)
    response = HttpResponse(
        report.pdf(audit, found, language(), timezone.localdate(request.now)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="bias-audit-{audit.matter.key}-{audit.number}.pdf"'
    return response


@page("fairness.view_audit", by="audit_id")
def audit_json(request: HttpRequest, audit: Audit) -> HttpResponse:
    """The same as data."""
    found = _wanted(request, audit)
    response = HttpResponse(json.dumps(found.document, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="bias-audit-{audit.matter.key}-{audit.number}.json"'
    return response
