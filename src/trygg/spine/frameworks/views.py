"""Pages of the sets of questions: which are in force, what stands in one, uploading one's own, withdrawing."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from trygg.engines.instruments import migration_map
from trygg.kernel.access import Role, may, page
from trygg.kernel.ledger.once import once
from trygg.kernel.people.models import Organisation
from trygg.kernel.ui.parts import Fact, Row
from trygg.kernel.ui.words import fullday
from trygg.packs.schema import languages_of
from trygg.spine.frameworks import correspondence, faults, services, uploads
from trygg.spine.frameworks.comparison import compare
from trygg.spine.frameworks.faults import worded
from trygg.spine.frameworks.forms import UploadForm
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import as_written, own_id, stored_id
from trygg.spine.frameworks.readers import Named
from trygg.spine.frameworks.selectors import engine_pack, instruments_seen, versions_of, words
from trygg.spine.frameworks.selectors import pack as pack_of
from trygg.spine.frameworks.templatetags.packs import said

MANY = 200  # so many faults are shown; all of them are counted


@page()
def instruments(request: HttpRequest) -> HttpResponse:
    """Every set of questions that the actor sees, with its version and state."""
    found = instruments_seen(request.actor)
    context = {
        "own": [version for version in found if version.organisation_id is not None],
        "shipped": [version for version in found if version.organisation_id is None],
        "may_publish": _may_publish(request),
    }
    return render(request, "frameworks/list.html", context)


def _may_publish(request: HttpRequest) -> bool:
    organisation = Organisation.objects.filter(pk=request.actor.organisation_id).first()
    return organisation is not None and may(request.actor, "frameworks.publish_own_pack", organisation)


@page("frameworks.view_pack", by="pack_id")
def version(request: HttpRequest, pack: PackVersion) -> HttpResponse:
    """What stands in one version, what it changed, and its other versions."""
    if pack.kind != "instrument":
        raise Http404
    found, others = engine_pack(pack), versions_of(request.actor, pack)
    before = next((each for each in others if uploads.version_key(each.version) < uploads.version_key(pack.version)), None)
    context = {
        "version": pack,
        "instrument": found,
        "summary": pack_of(pack).summary,
        "count": len(found.items),
        "facts": [
            Fact(_("Published by"), pack.organisation.name if pack.organisation else _("comes with Trygg"), fullday(pack.published_at)),
            Fact(_("Languages"), _languages(languages_of(pack_of(pack).data))),
            Fact(_("Id"), own_id(pack.pack_id)),
        ],
        "foreign": _foreign(languages_of(pack_of(pack).data)),
        "versions": others,
        "before": before,
        "difference": _difference(before, pack) if before else None,
        "manages": may(request.actor, "frameworks.manage_pack", pack),
        "newest": others[0].pk == pack.pk if others else True,
        "mappings": correspondence.mappings_with(request.actor, pack),
    }
    return render(request, "frameworks/version.html", context)


@page("frameworks.view_pack", by="mapping_id")
def mapping(request: HttpRequest, mapping: PackVersion) -> HttpResponse:
    """Which question of one set corresponds to which of another one. To be read: answers are taken over in an assessment."""
    if mapping.kind != "mapping":
        raise Http404
    source, target = correspondence.ends(request.actor, mapping)
    context = {
        "version": mapping,
        "summary": pack_of(mapping).summary,
        "source": source,
        "target": target,
        "both": [each for each in (source, target) if each is not None],
        "pairs": correspondence.pairs(mapping, source, target) if source and target else [],
        "sources": correspondence.source_notes(mapping),
    }
    return render(request, "frameworks/mapping.html", context)


def _difference(old: PackVersion, new: PackVersion) -> dict:
    changes = migration_map(pack_of(new).data, old.version)
    return worded(compare(engine_pack(old), engine_pack(new), changes, (old.content, new.content)))


def _languages(codes: tuple[str, ...]) -> str:
    """Names of languages in the reader's; the code where there is no name."""
    swedish = (get_language() or "en").startswith("sv")
    names = []
    for code in codes:
        try:
            name = str(get_language_info(code)["name_translated"])
        except KeyError:
            name = code
        names.append(name.lower() if swedish else name)
    return ", ".join(names)


def _foreign(codes: tuple[str, ...]) -> str:
    """The language that the reader gets when the reader's own is missing; "" when it is there."""
    if (get_language() or "en").split("-")[0] in codes:
        return ""
    return _languages(("en",) if "en" in codes else codes[:1])


# Publishing -------------------------------------------------------------------------------------------------------------


@page(roles=(Role.ADMINISTRATOR,), methods=("GET", "POST"))
@once
def upload(request: HttpRequest) -> HttpResponse:
    """Two steps: what stands in the file and what is wrong with it; then publishing. The first stores nothing."""
    organisation = Organisation.objects.get(pk=request.actor.organisation_id)
    if request.method == "POST" and "draft" in request.POST:
        return _publish(request, organisation)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        named = Named(timezone.localdate(request.now), given["pack_id"], given["version"])
        draft = uploads.read_upload(given["file"], organisation, named)
        return _preview(request, organisation, draft)
    context = {"form": form, "organisation": organisation}
    return render(request, "frameworks/upload.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, organisation: Organisation, draft: uploads.Draft) -> HttpResponse:
    language = (get_language() or "en").split("-")[0]
    token = uploads.sealed(draft, organisation) if draft.instrument is not None else ""
    if draft.instrument is not None and not token:
        draft = uploads.Draft(None, draft.form, (uploads.too_large(draft.pack.file),))
    context = {
        "organisation": organisation,
        "draft": draft,
        "faults": [faults.fault(problem, language) for problem in draft.problems[:MANY]],
        "count_faults": len(draft.problems),
        "notes": draft.notes[:MANY],
        "token": token,
        "form": UploadForm(),
        "pack": draft.pack,
        "instrument": draft.instrument,
        "facts": _facts(draft) if draft.instrument else [],
        "foreign": _foreign(draft.languages) if draft.pack else "",
        "heading": _heading(draft),
    }
    if draft.instrument is not None:
        standing = PackVersion.objects.filter(pack_id=stored_id(draft.pack.id, organisation.pk), current=True).first()
        context["standing"] = standing
        if standing is not None:
            changes = migration_map(draft.pack.data, standing.version)
            context["difference"] = worded(
                compare(engine_pack(standing), draft.instrument, changes, (standing.content, draft.pack.data))
            )
    return render(request, "frameworks/preview.html", context, status=422 if draft.problems else 200)


def _facts(draft: uploads.Draft) -> list[Row]:
    return [
        Row(_("Title"), said(draft.pack.title)),
        Row(_("Id and version"), f"{draft.pack.id} {draft.pack.version}"),
        Row(_("Languages"), _languages(draft.languages)),
        Row(_("Questions"), str(len(draft.instrument.items))),
    ]


def _heading(draft: uploads.Draft) -> str:
    if draft.problems:
        text = ngettext("One thing is wrong with the file", "%(n)d things are wrong with the file", len(draft.problems))
        return text % {"n": len(draft.problems)}
    return _("“%(title)s” can be published") % {"title": words(draft.pack.title)}


def _publish(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    pack = uploads.opened(request.POST["draft"], organisation)
    if pack is None:
        form = UploadForm({}, {})
        form.errors.clear()
        form.add_error("file", _("The preview is too old, or is not yours. Nothing was published: upload the file again."))
        return render(request, "frameworks/upload.html", {"form": form, "organisation": organisation}, status=422)
    try:
        made = services.publish_own_pack(actor=request.actor, now=request.now, organisation=organisation, pack=pack)
    except ValidationError:  # what was right when it was shown is so no more
        return _preview(request, organisation, uploads.Draft(pack, "pack", tuple(uploads.problems_of(pack, organisation))))
    messages.success(request, _("Published. Matters can begin with it; what is open stays on its version until somebody moves it."))
    return redirect("frameworks:version", pack_id=made.pk)


@page("frameworks.manage_pack", by="pack_id", methods=("GET", "POST"))
def withdraw(request: HttpRequest, pack: PackVersion) -> HttpResponse:
    if request.method == "POST":
        services.withdraw_pack(actor=request.actor, now=request.now, version=pack)
        messages.success(request, _("Withdrawn. Nothing new begins with these questions; what runs goes on."))
        return redirect("frameworks:version", pack_id=pack.pk)
    return render(request, "frameworks/withdraw.html", {"version": pack})


@page("frameworks.manage_pack", by="pack_id", methods=("POST",))
def restore(request: HttpRequest, pack: PackVersion) -> HttpResponse:
    try:
        services.restore_pack(actor=request.actor, now=request.now, version=pack)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("In force again."))
    return redirect("frameworks:version", pack_id=pack.pk)


@page("frameworks.view_pack", by="pack_id")
def download(request: HttpRequest, pack: PackVersion) -> HttpResponse:
    """The version as a file that can be uploaded again."""
    written = as_written(pack_of(pack))
    body = json.dumps(dict(written.data), ensure_ascii=False, indent=1)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{written.id}-{written.version}.json"'
    return answer
