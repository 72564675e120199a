"""The owner's pages of the public register: where it stands, writing, previewing, approving, publishing, retracting."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from trygg.kernel.access import may, page
from trygg.spine.matters import panels
from trygg.spine.matters.models import Matter
from trygg.spine.matters.views import add_errors
from trygg.spine.publication import forms, reusable, selectors, services
from trygg.spine.publication.checks import measured, problems_in
from trygg.spine.publication.models import EntryVersion, RegisterEntry
from trygg.spine.publication.readings import page_of, reading_named
from trygg.spine.publication.rich import plain
from trygg.spine.publication.texts import LANGUAGES, tongue


@page("matters.view_matter", by="matter_key", field="key")
def overview(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """Where the matter stands in the public register, and what comes next."""
    matter, actor = matter_key, request.actor
    entry = selectors.entry_of(actor, matter)
    versions = selectors.versions_of(actor, entry) if entry else []
    waiting = next((version for version in versions if version.is_open), None)
    current = entry.current if entry else None
    published = current if current and current.state == EntryVersion.State.PUBLISHED else None
    context = {
        "matter": matter,
        "entry": entry,
        "versions": versions,
        "waiting": waiting,
        "published": published,
        "retracted": current if current and not published else None,
        "differences": selectors.differences(published, matter, request.now) if published else [],
        "may_draft": may(actor, "publication.draft_entry", matter),
        "may_approve": bool(waiting) and may(actor, "publication.approve_entry", waiting),
        "may_publish": bool(waiting) and may(actor, "publication.publish_entry", waiting),
        "may_retract": bool(entry) and may(actor, "publication.retract_entry", entry),
        "mine": bool(waiting) and waiting.made_by_id == actor.person_id,
    }
    return render(request, "publication/overview.html", context)


@page("publication.draft_entry", by="matter_key", field="key", methods=("GET", "POST"))
def draft(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """Write the texts of one language; the rest of the page comes from the case."""
    matter = matter_key
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else tongue()
    standing = {code: dict(typed) for code, typed in selectors.latest_texts(request.actor, matter).items()}
    form = forms.TextsForm(
        request.POST or None, language=language, typed=standing.get(language, {}), hints=_hints(matter)
    )
    form.initial["shared"] = selectors.latest_shared(request.actor, matter)
    if request.method == "POST" and form.is_valid():
        standing[language] = form.typed()
        try:
            version = services.draft_entry(actor=request.actor, now=request.now, matter=matter, texts=standing, shared=form.cleaned_data["shared"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Saved. This is how the public will see it."))
            return redirect("publication:version", version_id=version.pk)
    waiting = selectors.open_version(request.actor, matter)
    context = {
        "matter": matter, "form": form, "language": language, "languages": _language_links(language),
        "to_correct": waiting.to_correct if waiting else "", "approved": bool(waiting) and waiting.state == EntryVersion.State.APPROVED,
        "measured": [found for found in measured(standing) if found.language == language], "shareable": len(reusable.built(matter)),
    }  # fmt: skip
    return render(request, "publication/draft.html", context, status=422 if form.errors else 200)


def _hints(matter: Matter) -> dict[str, str]:
    """What the page shows when a field is left empty."""
    standing = {
        "headline": matter.title,
        "summary": matter.summary,
        "say_no": matter.children_say_no,
        "human": matter.children_human,
    }
    return {
        name: _("Left empty, it says: %(text)s") % {"text": Truncator(plain(text)).chars(160)}
        for name, text in standing.items()
        if text
    }


def _language_links(present: str) -> list[tuple[str, str, bool]]:
    names = {"sv": _("In Swedish"), "en": _("In English")}
    return [(f"?language={code}", names[code], code == present) for code in LANGUAGES]


@page("publication.view_version", by="version_id")
def version(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    """A version exactly as the public sees it, or will, with a bar above that says where it stands and what comes next."""
    matter, actor = version.entry.matter, request.actor
    problems = problems_in(version.content) if version.is_open else []
    context = page_of(version.content, reading_named(request.GET.get("reading", ""))) | {
        "version": version,
        "matter": matter,
        "problems": problems,
        "blocked": any(problem.blocks for problem in problems),
        "hard": [found for found in measured(version.texts) if found.faults],
        "may_ask": may(actor, "publication.ask_for_approval", version),
        "may_approve": may(actor, "publication.approve_entry", version),
        "may_return": may(actor, "publication.return_draft", version),
        "may_publish": may(actor, "publication.publish_entry", version),
        "mine": version.made_by_id == actor.person_id,
        "preview": True,
    }
    return render(request, "publication/preview.html", context)


@page("publication.ask_for_approval", by="version_id", methods=("GET", "POST"))
def ask(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    form = forms.AskForm(
        request.POST or None, approvers=selectors.approvers_for(request.actor, version, now=request.now)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_approval(
                actor=request.actor, now=request.now, version=version, approver=form.cleaned_data["approver"]
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Asked. You see it here as soon as it is approved."))
            return redirect("publication:overview", matter_key=version.entry.matter.key)
    context = {"form": form, "version": version, "matter": version.entry.matter}
    return render(request, "publication/ask.html", context, status=422 if form.errors else 200)


@page("publication.approve_entry", by="version_id", methods=("POST",))
def approve(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    """From the preview: the hash of what was read comes with it."""
    try:
        services.approve_entry(
            actor=request.actor, now=request.now, version=version, content_hash=request.POST.get("content_hash", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("publication:version", version_id=version.pk)
    messages.success(request, _("Approved. It can be published now."))
    return redirect("publication:version", version_id=version.pk)


@page("publication.return_draft", by="version_id", methods=("GET", "POST"))
def send_back(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    form = forms.ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.return_draft(actor=request.actor, now=request.now, version=version, reason=form.cleaned_data["reason"])
        messages.success(request, _("Sent back. The one who wrote it is asked to correct it."))
        return redirect("publication:overview", matter_key=version.entry.matter.key)
    context = {"form": form, "version": version, "matter": version.entry.matter}
    return render(request, "publication/return.html", context, status=422 if form.errors else 200)


@page("publication.publish_entry", by="version_id", methods=("POST",))
def publish(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    services.publish_entry(actor=request.actor, now=request.now, version=version)
    messages.success(request, _("Published. Everyone can read it now."))
    return redirect("publication:overview", matter_key=version.entry.matter.key)


@page("publication.retract_entry", by="entry_id", methods=("GET", "POST"))
def retract(request: HttpRequest, entry: RegisterEntry) -> HttpResponse:
    form = forms.RetractForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.retract_entry(actor=request.actor, now=request.now, entry=entry, **form.cleaned_data)
        messages.success(request, _("The page is retracted. It says so, and why."))
        return redirect("publication:overview", matter_key=entry.matter.key)
    context = {"form": form, "entry": entry, "matter": entry.matter}
    return render(request, "publication/retract.html", context, status=422 if form.errors else 200)


def _standing(request: HttpRequest, matter: Matter) -> tuple[EntryVersion | None, EntryVersion | None]:
    """(current version, the one on its way), read once for a case page."""
    kept = panels.kept(request)
    if ("publication", matter.pk) not in kept:
        kept["publication", matter.pk] = selectors.standing_versions(request.actor, matter)
    return kept["publication", matter.pk]


def panel_of(request: HttpRequest, matter: Matter) -> dict | None:
    """The panel on the case page: where the matter stands in the register, and whether the published page still says how it is."""
    current, waiting = _standing(request, matter)
    may_draft = panels.can(request, matter, "publication.draft_entry")
    if current is None and waiting is None and not may_draft:
        return None
    published = current if current and current.state == EntryVersion.State.PUBLISHED else None
    return {
        "matter": matter,
        "published": published,
        "retracted": bool(current) and published is None,
        "waiting": waiting,
        "differences": selectors.differences(published, matter, request.now, panels.kept(request)) if published else [],
        "may_draft": may_draft,
    }


def deed_of(request: HttpRequest, matter: Matter) -> tuple[int, str, str, str] | None:
    """What may be the case page's one main action: a page that waits to be read, or to be published."""
    if not request.actor.signed_in:
        return None
    _current, waiting = _standing(request, matter)
    if waiting is None:
        return None
    url = reverse("publication:version", args=[waiting.pk])
    if may(request.actor, "publication.approve_entry", waiting):
        return (40, _("Read and approve the public page"), url, _("A colleague wrote it and asks for your eyes."))
    if may(request.actor, "publication.publish_entry", waiting):
        return (45, _("Publish the page"), url, _("It is approved. Everyone can read it once you publish it."))
    return None
