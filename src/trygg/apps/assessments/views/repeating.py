"""Entries of a repeated section: another one, its name, one taken away, and what was said of those that are gone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from trygg.apps.assessments import services
from trygg.apps.assessments.forms import EntryForm, posted
from trygg.apps.assessments.models import SectionAssignment
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.repeated import Repeated, answers_about, repeated
from trygg.apps.assessments.selectors import overview_of, worded
from trygg.engines.instruments import REPEATED
from trygg.kernel.access import page
from trygg.kernel.ledger.once import once


def _repeated(section: SectionAssignment) -> Repeated:
    found = repeated(section)
    if found is None:
        raise Http404
    return found


def _at(section: SectionAssignment, entry: str) -> HttpResponse:
    anchor = f"#h-{section.section_id}{REPEATED}{entry}"
    return HttpResponseRedirect(reverse("assessments:section", args=[section.pk]) + anchor)


@page("assessments.answer_section", by="section_id", methods=("GET", "POST"))
@once
def add_entry(request: HttpRequest, section: SectionAssignment) -> HttpResponse:
    """Name one more, and answer about it."""
    found = _repeated(section)
    form = EntryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_entry(
                actor=request.actor, now=request.now, section=section, name=form.cleaned_data["name"]
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _at(section, made)
    context = {"form": form, "section": section, "overview": overview_of(request.actor, section.assessment), "repeated": found}
    return render(request, "assessments/add_entry.html", context, status=422 if form.errors else 200)


@page("assessments.answer_section", by="section_id", methods=("GET", "POST"))
def entry(request: HttpRequest, section: SectionAssignment, entry: str) -> HttpResponse:
    """Give an entry another name, or take it away."""
    found = _repeated(section)
    names = dict(found.entries)
    if entry not in names:
        raise Http404
    removing = request.method == "POST" and request.POST.get("do") == "remove"
    form = EntryForm(None if removing else posted(request), initial={"name": names[entry]})
    held = answers_about(request.actor, section, entry)
    refusal = ""
    act = {"actor": request.actor, "now": request.now, "section": section, "entry": entry}
    try:
        if removing:
            services.remove_entry(**act, confirmed=bool(request.POST.get("confirmed")))
            messages.success(request, _("“%(entry)s” is taken away.") % {"entry": found.title(entry)})
            return redirect("assessments:section", section_id=section.pk)
        if request.method == "POST" and form.is_valid():
            services.name_entry(**act, name=form.cleaned_data["name"])
            return _at(section, entry)
    except ValidationError as error:
        refusal = " ".join(error.messages)
    context = {
        "form": form,
        "refusal": refusal,
        "section": section,
        "overview": overview_of(request.actor, section.assessment),
        "repeated": found,
        "entry": entry,
        "entry_title": found.title(entry),
        "held": [(said(item.text), worded(item, answer.value), answer) for item, answer in held],
    }
    return render(request, "assessments/entry.html", context, status=422 if form.errors or refusal else 200)


@page("assessments.view_section", by="section_id")
def removed_entries(request: HttpRequest, section: SectionAssignment) -> HttpResponse:
    """What was answered about entries that were taken away. It counts no more."""
    found = repeated(section)
    removed = []
    for gone, _name in found.removed if found else ():
        held = answers_about(request.actor, section, gone)
        removed.append((found.title(gone), [(said(item.text), worded(item, a.value), a) for item, a in held]))
    context = {"section": section, "overview": overview_of(request.actor, section.assessment), "removed": removed}
    return render(request, "assessments/removed_entries.html", context)
