"""Open matters for many systems: choose them, look at what will happen, open them as one act, take that back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.kernel.access import Role, may, page, restrict
from trygg.kernel.ledger.once import once
from trygg.spine.matters.many import selectors, services
from trygg.spine.matters.many.forms import OpenManyForm
from trygg.spine.matters.models import ImportRun, Matter, Opening, System

PER_PAGE = 100
LISTED = 25
WRITERS = (Role.OFFICER, Role.ADMINISTRATOR)


@page(roles=WRITERS, methods=("GET", "POST"))
@once
def choose(request: HttpRequest) -> HttpResponse:
    """First the systems, then what is common to them; nothing is opened before `confirm`."""
    if request.method == "GET":
        return _list(request)
    if request.POST.get("scope") == "found":
        systems = list(_found(request)[: services.MOST])
    else:
        systems = selectors.chosen_systems(request.actor, request.POST.getlist("system"))
    if not systems:
        return _list(request, problem=_("Choose at least one system that has no matter yet."))
    if len(systems) > services.MOST:
        return _list(request, problem=_("At most %(most)d matters can be opened at once. Choose fewer.") % {"most": services.MOST})
    return _preview(request, systems)


def _asked(request: HttpRequest) -> tuple[str, ImportRun | None]:
    """What the list is narrowed to: words, and one import."""
    given = request.GET if request.method == "GET" else request.POST
    run = given.get("run", "")
    seen = restrict(request.actor, "matters.view_import").filter(pk=run).first() if run.isdecimal() and len(run) < 19 else None
    return given.get("q", ""), seen


def _found(request: HttpRequest):
    text, run = _asked(request)
    return selectors.systems_without_matter(request.actor, text, run=run)


def _list(request: HttpRequest, problem: str = "") -> HttpResponse:
    text, run = _asked(request)
    listed = Paginator(_found(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": listed, "q": text, "run": run, "all": request.GET.get("all") == "1", "problem": problem, "most": services.MOST,
        "narrowed": bool(text or run),
    }  # fmt: skip
    return render(request, "matters/many/choose.html", context, status=422 if problem else 200)


def _preview(request: HttpRequest, systems: list[System]) -> HttpResponse:
    confirmed = request.POST.get("confirm") == "1"
    form = OpenManyForm(request.POST if confirmed else None, people=selectors.answerable(request.actor))
    if confirmed and form.is_valid():
        owner = restrict(request.actor, "matters.create_matter").get()
        try:
            made = services.open_matters(actor=request.actor, now=request.now, owner=owner, systems=systems, **form.cleaned_data)
        except ValidationError as error:
            for name, faults in (error.error_dict if hasattr(error, "error_dict") else {None: error}).items():
                form.add_error(name, faults)
        else:
            text = ngettext("One matter is open.", "%(count)d matters are open.", made.count) % {"count": made.count}
            messages.success(request, text)
            return redirect(made)
    stages = [str(Matter.Stage(services.stage_of(system)).label) for system in systems]
    context = {
        "form": form, "systems": list(zip(systems, stages, strict=True)), "count": len(systems),
        "left": _found(request).count() - len(systems) if request.POST.get("scope") == "found" else 0, "most": services.MOST,
        "asked": len(set(request.POST.getlist("system"))),
    }  # fmt: skip
    return render(request, "matters/many/preview.html", context, status=422 if form.errors else 200)


@page("matters.view_opening", by="opening_id")
def opening(request: HttpRequest, opening: Opening) -> HttpResponse:
    """What was opened as one act, and what undoing it left."""
    listed = Paginator(selectors.matters_of(request.actor, opening), LISTED).get_page(request.GET.get("page"))
    context = {"opening": opening, "page_obj": listed, "may_undo": opening.undone_at is None and may(request.actor, "matters.undo_opening", opening)}
    return render(request, "matters/many/opening.html", context)


@page("matters.undo_opening", by="opening_id", methods=("POST",))
def undo(request: HttpRequest, opening: Opening) -> HttpResponse:
    done = services.undo_opening(actor=request.actor, now=request.now, opening=opening)
    gone = done.report.get("deleted", 0)
    messages.success(request, ngettext("One matter is taken back.", "%(count)d matters are taken back.", gone) % {"count": gone})
    return redirect(done)
