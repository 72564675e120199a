"""Public pages: the register, one page a matter in three readings, open data, and the pages behind the footer. No cookie is set."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from trygg.front.public import exports, guides
from trygg.front.public.forms import SearchForm
from trygg.front.public.pages import kept_page
from trygg.front.public.rows import lines
from trygg.kernel.access import page
from trygg.kernel.ledger.keys import LedgerKeyMissing, public_key
from trygg.kernel.ledger.selectors import latest_checkpoint
from trygg.spine.publication import casefile, selectors
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.readings import page_of, reading_named
from trygg.spine.publication.selectors import Search
from trygg.spine.publication.texts import native_of, tongue

PER_PAGE = 20
ALSO = 5  # other entries that the reader's search found, named above a page


@page(public=True)
def front(request: HttpRequest) -> HttpResponse:
    """The address itself: the register for the public, the home page for who is signed in."""
    return redirect("home" if request.actor.signed_in else "public:register")


def base_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def host_of(owners: list) -> dict:
    """The municipality's name and its country's helplines, when everything that is listed belongs to one; else those of all."""
    hosts = {(owner.parent or owner) for owner in owners}
    if len(hosts) != 1:
        listed = {host.jurisdiction for host in hosts}
        own_first = sorted(listed, key=lambda one: (native_of(one) != tongue(), one))
        return {"host_name": settings.SITE_NAME, "jurisdiction": " ".join(own_first)}
    host = hosts.pop()
    return {"host_name": host.name, "jurisdiction": host.jurisdiction}


@page(public=True)
def register(request: HttpRequest) -> HttpResponse:
    """The list: search by words, filters, newest first."""
    owners = selectors.owners_listed(request.actor)
    form = SearchForm(request.GET, owners=owners, audiences=selectors.audiences())
    search = form.search()
    page_obj = Paginator(selectors.register_list(request.actor, search), PER_PAGE).get_page(request.GET.get("page"))
    asked = {name: value for name, value in request.GET.items() if name != "page" and value}
    rows = lines(page_obj.object_list, urlencode({"q": search.text}) if search.text else "")
    host = host_of(owners)

    def made() -> HttpResponse:
        context = {"search_form": form, "search": search, "page_obj": page_obj, "rows": rows, "asked": urlencode(asked), **host}
        return render(request, "public/register.html", context)

    # All that the page shows, besides what every page of this installation and language shows.
    shown = (rows, page_obj.paginator.count, page_obj.number, *form.shown(), *host.values())
    return kept_page(request, shown, made) if not search.text else made()


def _rows(request: HttpRequest):
    form = SearchForm(request.GET, owners=selectors.owners_listed(request.actor), audiences=selectors.audiences())
    return selectors.register_list(request.actor, form.search()).iterator(chunk_size=500)


@page(public=True)
def register_json(request: HttpRequest) -> StreamingHttpResponse:
    """The list as data, with the same search and filters."""
    return StreamingHttpResponse(
        exports.list_json(_rows(request), base_of(request)), content_type="application/json; charset=utf-8"
    )


@page(public=True)
def register_csv(request: HttpRequest) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(
        exports.list_csv(_rows(request), base_of(request)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="register.csv"'
    return answer


def _version(request: HttpRequest, slug: str, number: int | None) -> EntryVersion:
    version = selectors.public_version(request.actor, slug, number)
    if version is None:
        raise Http404
    return version


@page(public=True)
def entry(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """A matter's page: the version published last, or version `number` under its permanent address."""
    version = _version(request, slug, number)
    versions = selectors.public_versions(request.actor, version.entry)
    text = request.GET.get("q", "").strip()[:200]
    also = list(selectors.register_list(request.actor, Search(text)).exclude(slug=slug)[:ALSO]) if text else []
    context = {
        "version": version,
        "versions": versions,
        "earlier": [other for other in versions if other.number != version.number],
        "newest": version.entry.current_id == version.pk,
        "q": text,
        "carried": urlencode({"q": text}) if text else "",
        "also": also,
        "json_url": reverse("public:entry_json", args=[slug])
        if number is None
        else reverse("public:version_json", args=[slug, number]),
        "case_url": reverse("public:version_case_json", args=[slug, version.number]) if version.content.get("reusable") else "",
    }
    if version.state == EntryVersion.State.RETRACTED:
        owner = version.entry.matter.owner
        context |= {"host_name": owner.name, "jurisdiction": version.entry.matter.jurisdiction}
        context["earlier"] = [other for other in context["earlier"] if other.state == EntryVersion.State.PUBLISHED]
        return render(request, "public/retracted.html", context, status=410)
    return render(
        request, "public/entry.html", context | page_of(version.content, reading_named(request.GET.get("reading", "")))
    )


@page(public=True)
def entry_json(request: HttpRequest, slug: str, number: int | None = None) -> JsonResponse:
    """A version with all its content. `content_hash` is SHA-256 of `content` in RFC 8785 form."""
    version = _version(request, slug, number)
    answer = exports.entry_json(version, selectors.public_versions(request.actor, version.entry), base_of(request))
    gone = version.state == EntryVersion.State.RETRACTED
    return JsonResponse(answer, status=410 if gone else 200, json_dumps_params={"ensure_ascii": False})


@page(public=True)
def case_json(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """What another municipality may start from, as a file (docs/case-file.md). Of a retracted version nothing."""
    version = _version(request, slug, number)
    if version.state == EntryVersion.State.RETRACTED:
        return JsonResponse({"state": version.state, "reason": exports.reason_text(version)}, status=410)
    if not version.content.get("reusable"):
        raise Http404
    answer = JsonResponse(
        casefile.written(version, base_of(request), exports.LICENCE), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = f'attachment; filename="case-{slug}-{version.number}.json"'
    return answer


# Behind the footer ------------------------------------------------------------------------------


@page(public=True)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@page(public=True)
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "public/personal_data.html")


@page(public=True)
def log(request: HttpRequest) -> HttpResponse:
    """How anyone checks the record: the public key, the latest checkpoint, the command."""
    try:
        key = str(public_key())
    except LedgerKeyMissing:
        key = ""
    return render(
        request,
        "public/log.html",
        {"key": key, "checkpoint": latest_checkpoint(), "origin": settings.TRYGG_LEDGER_ORIGIN},
    )


@page(public=True)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The latest checkpoint as witnesses take it (C2SP tlog-checkpoint)."""
    latest = latest_checkpoint()
    if latest is None:
        raise Http404
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8")


@page(public=True)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html", {"guides": guides.GUIDES})


@page(public=True)
def guide(request: HttpRequest, role: str) -> HttpResponse:
    found = next((guide for guide in guides.GUIDES if guide.role == role), None)
    if found is None:
        raise Http404
    return render(request, "public/guide.html", {"guide": found})
