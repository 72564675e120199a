"""Matters: the list, the case page, facts, stage, people, pausing, sharing. Imports stand in `imports/views.py`."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.kernel.access import Role, may, page, restrict
from trygg.kernel.ledger.actions import describe
from trygg.kernel.ledger.models import Entry
from trygg.kernel.ledger.once import once
from trygg.kernel.people.models import Membership
from trygg.kernel.ui.parts import Action, Event, Fact, Stage, StatusHeader
from trygg.spine.frameworks.selectors import current_facts
from trygg.spine.matters import forms, panels, services
from trygg.spine.matters.fact_forms import FactsForm
from trygg.spine.matters.imports.selectors import record_rows
from trygg.spine.matters.models import DEPLOYMENT_STAGES, PLAN_STAGES, Matter, Share, System
from trygg.spine.matters.rounds import FROM_MATTER, first_round
from trygg.spine.matters.selectors import (
    fact_value,
    matters_seen,
    running_shares,
    search_matters,
    search_systems,
    vendors_here,
)

PER_PAGE = 25
WRITERS = (Role.OFFICER, Role.ADMINISTRATOR)


def add_errors(form, error: ValidationError) -> None:
    """Put a service's refusal beside the field that it names, or above the form."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


@page()
def matter_list(request: HttpRequest) -> HttpResponse:
    text, kind, stage = request.GET.get("q", ""), request.GET.get("kind", ""), request.GET.get("stage", "")
    rows = search_matters(matters_seen(request.actor), text, kind=kind, stage=stage)
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": listed, "q": text, "kind": kind, "stage": stage, "kinds": Matter.Kind.choices, "stages": Matter.Stage.choices,
        "may_create": request.actor.has_role(*WRITERS),
    }  # fmt: skip
    return render(request, "matters/list.html", context)


# What the case page shows of a matter besides its own columns.
SHOWN = ("owner", "system", "accountable__person", "overseer__person", "deciding_organisation")
DEEDS_ON_PAGE = ("matters.edit_matter", "matters.pause_matter", "matters.resume_matter", "matters.answer_facts")
panels.ask(*DEEDS_ON_PAGE)


@page("matters.view_matter", by="matter_key", field="key", related=SHOWN)
def case(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """The case page: what stands, what is missing, what went stale, what is contested; the rooms' panels below."""
    matter = matter_key
    deed = panels.main_deed(request, matter)
    context = {
        "matter": matter,
        "header": status_header(matter, deed),
        "main_panels": panels.shown(request, matter, aside=False),
        "aside_panels": panels.shown(request, matter, aside=True),
        "events": history(request, matter),
        "shares": running_shares(request.actor, matter),
        "may_edit": panels.can(request, matter, "matters.edit_matter"),
        "may_pause": panels.can(request, matter, "matters.pause_matter"),
        "may_resume": panels.can(request, matter, "matters.resume_matter"),
        "may_answer": panels.can(request, matter, "matters.answer_facts"),
    }
    return render(request, "matters/case.html", context)


def status_header(matter: Matter, deed: tuple[str, str, str] | None) -> StatusHeader:
    """Stage, who answers, who may pause, who decides, and the one main action."""
    stages = PLAN_STAGES if matter.kind == Matter.Kind.PLAN else DEPLOYMENT_STAGES
    present = matter.stage_before_pause if matter.stage == Matter.Stage.PAUSED else matter.stage
    nobody = _("nobody yet")
    people = [
        Fact(_("Accountable person"), *_named(matter.accountable, nobody)),
        Fact(_("Can pause at once"), *_named(matter.overseer, nobody)),
        Fact(_("Decides"), matter.deciding_body or nobody, ""),
        Fact(_("Belongs to"), matter.owner.name, ""),
    ]
    kind = " · ".join(part for part in (matter.get_kind_display(), matter.diary_number, _depth(matter)) if part)
    return StatusHeader(
        heading=matter.title, kind=kind, stages=[Stage(str(stage.label)) for stage in stages], stage=list(stages).index(present),
        facts=people, action=Action(*deed) if deed else None,
    )  # fmt: skip


def _named(membership: Membership | None, nobody: str) -> tuple[str, str]:
    return (membership.person.shown_name, membership.title or membership.get_role_display()) if membership else (nobody, "")


def _depth(matter: Matter) -> str:
    found = getattr(matter, "case", None)
    return str(found.get_depth_display()) if found else ""


def history(request: HttpRequest, matter: Matter, limit: int = 8) -> list[Event]:
    """The latest acts about the matter, from the ledger, in words."""
    rows = Entry.objects.filter(subject_type="matters.matter", subject_id=str(matter.pk)).order_by("-index")[:limit]
    return [Event(when=timezone.localtime(entry.at).date(), title=describe(entry, get_language()), text="", url="") for entry in rows]


@page(roles=WRITERS, methods=("GET", "POST"))
@once
def new_matter(request: HttpRequest) -> HttpResponse:
    systems = search_systems(request.actor)[:500]
    known = System.objects.filter(pk__in=[s.pk for s in systems])
    form = forms.NewMatterForm(request.POST or None, systems=known, vendors=vendors_here())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = None
        if given["kind"] != Matter.Kind.PLAN and not given["system"]:
            new = {"name": given["system_name"], **{name: given[name] for name in ("vendor", "vendor_name", "version", "summary")}}
        owner = restrict(request.actor, "matters.create_matter").get()
        try:
            matter = services.create_matter(
                actor=request.actor, now=request.now, owner=owner, kind=given["kind"], title=given["title"], summary=given["summary"],
                system=None if given["kind"] == Matter.Kind.PLAN else given["system"], new_system=new, diary_number=given["diary_number"],
            )  # fmt: skip
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The matter is open. Answer the first questions: they decide which rules apply."))
            return redirect("matters:facts", matter_key=matter.key)
    return render(request, "matters/new.html", {"form": form}, status=422 if form.errors else 200)


@page("matters.answer_facts", by="matter_key", field="key", methods=("GET", "POST"))
def facts(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """The facts that decide which rules apply. First those that are still needed; all of them on request."""
    matter = matter_key
    standing = {fact.name: fact for fact in matter.facts.all()}
    declared = [fact for fact in current_facts() if matter.kind in {kind.value for kind in fact.applies} and fact.id not in FROM_MATTER]
    show_all = request.GET.get("show") == "all"
    found = getattr(matter, "case", None)
    needed = {need["fact"] for need in (found.screening.get("needed", []) if found else [])}
    wanted = declared if show_all else first_round(declared, needed, {name: fact_value(fact) for name, fact in standing.items()})
    form = FactsForm(request.POST or None, facts=wanted, standing=standing, language=get_language())
    if request.method == "POST" and form.is_valid():
        try:
            names = services.answer_facts(actor=request.actor, now=request.now, matter=matter, answers=form.answers())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("%(count)d answers saved. This is what follows from them.") % {"count": len(names)})
            return redirect("matters:case", matter_key=matter.key)
    context = {"form": form, "matter": matter, "show_all": show_all, "count": len(wanted), "all_count": len(declared)}
    return render(request, "matters/facts.html", context, status=422 if form.errors else 200)


@page("matters.edit_matter", by="matter_key", field="key", methods=("GET", "POST"))
def edit(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    matter = matter_key
    people = restrict(request.actor, "people.view_membership").filter(valid_until=None).select_related("person", "organisation")
    organisations = restrict(request.actor, "people.view_organisation").order_by("name")
    standing = Matter.objects.get(pk=matter.pk)  # the form writes into its instance before the service compares
    form = forms.MatterForm(request.POST or None, instance=standing, people=people, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_matter(actor=request.actor, now=request.now, matter=matter, changes=form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("matters:case", matter_key=matter.key)
    return render(request, "matters/edit.html", {"form": form, "matter": matter}, status=422 if form.errors else 200)


@page("matters.edit_matter", by="matter_key", field="key", methods=("GET", "POST"))
def stage(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    form = forms.StageForm(request.POST or None, matter=matter_key)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_stage(actor=request.actor, now=request.now, matter=matter_key, stage=form.cleaned_data["stage"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The stage is changed."))
            return redirect("matters:case", matter_key=matter_key.key)
    return render(request, "matters/stage.html", {"form": form, "matter": matter_key}, status=422 if form.errors else 200)


def _with_reason(request: HttpRequest, matter: Matter, act, template: str, done: str) -> HttpResponse:
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(actor=request.actor, now=request.now, matter=matter, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, done)
            return redirect("matters:case", matter_key=matter.key)
    return render(request, template, {"form": form, "matter": matter}, status=422 if form.errors else 200)


@page("matters.pause_matter", by="matter_key", field="key", methods=("GET", "POST"))
def pause(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    return _with_reason(
        request, matter_key, services.pause_matter, "matters/pause.html", _("The matter is paused. Those who answer for it have been told.")
    )


@page("matters.resume_matter", by="matter_key", field="key", methods=("GET", "POST"))
def resume(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    return _with_reason(request, matter_key, services.resume_matter, "matters/resume.html", _("The matter is taken up again."))


@page("matters.share_matter", by="matter_key", field="key", methods=("GET", "POST"))
@once
def share(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    matter = matter_key
    organisations = restrict(request.actor, "people.view_organisation").exclude(pk=matter.owner_id).order_by("name")
    form = forms.ShareForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        last = given.pop("ends_on") + timedelta(days=1)
        ends_at = timezone.make_aware(datetime.combine(last, time.min))
        try:
            services.share_matter(actor=request.actor, now=request.now, matter=matter, ends_at=ends_at, **given)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Shared. It ends by itself after the last day."))
            return redirect("matters:case", matter_key=matter.key)
    context = {"form": form, "matter": matter, "shares": running_shares(request.actor, matter)}
    return render(request, "matters/share.html", context, status=422 if form.errors else 200)


@page("matters.end_share", by="share_id", methods=("POST",))
def end_share(request: HttpRequest, share: Share) -> HttpResponse:
    services.end_share(actor=request.actor, now=request.now, share=share)
    messages.success(request, _("The sharing has ended."))
    return redirect("matters:case", matter_key=share.matter.key)


@page()
def system_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    listed = Paginator(search_systems(request.actor, text), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "matters/systems.html", {"page_obj": listed, "q": text, "may_create": request.actor.has_role(*WRITERS)})


@page("matters.view_system", by="system_id")
def system(request: HttpRequest, system: System) -> HttpResponse:
    """A system's record: what was said of it, and where it came from."""
    context = {
        "system": system,
        "rows": record_rows(system.record),
        "parts": [component.part for component in system.components.select_related("part")],
        "matters": restrict(request.actor, "matters.view_matter").filter(system=system),
        "may_announce": may(request.actor, "matters.announce_version", system),
        "may_edit": may(request.actor, "matters.edit_system", system),
    }
    return render(request, "matters/system.html", context)


@page("matters.edit_system", by="system_id", methods=("GET", "POST"))
def vendor(request: HttpRequest, system: System) -> HttpResponse:
    """Say which company's product it is."""
    form = forms.VendorForm(request.POST or None, vendors=vendors_here(), initial={"vendor": system.vendor_id})
    if request.method == "POST" and form.is_valid():
        services.link_vendor(actor=request.actor, now=request.now, system=system, vendor=form.cleaned_data["vendor"])
        messages.success(request, _("What the company says of the product now reaches you."))
        return redirect("matters:system", system_id=system.pk)
    return render(request, "matters/vendor.html", {"form": form, "system": system}, status=422 if form.errors else 200)


@page("matters.announce_version", by="system_id", methods=("GET", "POST"))
def version(request: HttpRequest, system: System) -> HttpResponse:
    form = forms.VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.announce_version(actor=request.actor, now=request.now, system=system, version=form.cleaned_data["version"])
        messages.success(request, _("Everyone who uses the system sees which claims went stale."))
        return redirect("matters:system", system_id=system.pk)
    return render(request, "matters/version.html", {"form": form, "system": system}, status=422 if form.errors else 200)
