"""Pages that belong to no room: language, colour scheme, errors, and the component page for developers."""

import sys
from contextlib import suppress
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from trygg.kernel.access.pages import page
from trygg.kernel.ledger.faults import disk_fault
from trygg.kernel.ui import glossary, navigation
from trygg.kernel.ui.context import SCHEMES
from trygg.kernel.ui.kept import question_of

YEAR = 365 * 24 * 3600
LONG_TEXT = 80  # what is longer than this, or has several words, is shown to the person and not only carried along
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "password1", "password2", "code", "token")


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the person came from, on this host only."""
    there = request.POST.get("next") or request.headers.get("referer") or "/"
    fine = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if fine else "/")


@page(public=True)
def glossary_page(request: HttpRequest) -> HttpResponse:
    """Every word that is explained, in both languages; `?q=` looks for one."""
    asked = request.GET.get("q", "").strip()[:100]
    language = glossary.language_now()
    found = glossary.search(asked, language)
    names = {term.id: glossary.said(term.term, language) for term in glossary.terms()}
    letters: dict[str, list[dict]] = {}
    for term in found:  # what was looked for stands in the order in which it fits
        letters.setdefault("" if asked else names[term.id][:1].upper(), []).append(_entry(term, language, names))
    context = {"q": asked, "terms": found, "letters": list(letters.items())}
    return render(request, "ui/glossary.html", context)


def _entry(term: glossary.Term, language: str, names: dict[str, str]) -> dict:
    both = sorted(term.term, key=lambda code: code != language)
    return {
        "id": term.id,
        "heading": names[term.id],
        "sides": [
            {"language": code, "term": term.term[code], "definition": term.definition[code], "plain": term.plain[code]} for code in both
        ],
        "different": [(glossary.said(each.who, language), glossary.said(each.means, language)) for each in term.used_by],
        "see": [{"id": other, "heading": names[other]} for other in term.see_also],
        "source": glossary.sources()[term.id]["title"],
        "verified": term.verified,
    }


@csrf_exempt  # changes nothing but the language of the reader; so that public pages need no cookie before that
@page(public=True, methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages; kept in a cookie."""
    answer = back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


@csrf_exempt
@page(public=True, methods=("POST",))
def scheme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says (anything else)."""
    answer = back(request)
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES:
        answer.set_cookie(
            "scheme", chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        answer.delete_cookie("scheme", samesite="Lax")
    return answer


@page(public=True)
def components(request: HttpRequest) -> HttpResponse:
    """Every component with realistic content. Only in debug."""
    if not settings.DEBUG:
        raise Http404
    from trygg.kernel.ui import samples

    return render(request, "ui/component_page.html", samples.everything(request))


# Errors -----------------------------------------------------------------------------------------


def error(request: HttpRequest, status: int, heading: str, *lines: str, kept: dict | None = None) -> HttpResponse:
    """A page that says what happened, to what, and what to do next."""
    return render(
        request,
        "ui/errors/page.html",
        {"heading": heading, "lines": [line for line in lines if line], "kept": kept},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(request, 400, _("We could not read what was sent"), _("Go back, reload the page and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(
        request,
        403,
        _("You may not do this in the role you have now"),
        _(
            "It may belong to another organisation or another role. Ask the person who sent you here, or your administrator."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(
        request,
        404,
        _("There is no such page, or it is not shared with you"),
        _("Check the address. If someone has sent you a link, ask them to share the matter with your organisation."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context processors: whatever failed may fail there too. A full disk is named, and the text kept."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OSError | DatabaseError) and disk_fault(fault):
        with suppress(OSError, DatabaseError):
            return disk_full(request)
    text = get_template("ui/errors/server_error.html").render({"site_name": settings.SITE_NAME})
    return HttpResponse(text, status=500)


def disk_full(request: HttpRequest) -> HttpResponse:
    """Nothing more can be written: what to do, and what was typed."""
    try:
        kept = kept_text(request)
    except OSError:  # the upload itself did not fit: what came before it in the form is lost with it
        kept = None
    return error(
        request,
        507,
        _("The disk is full"),
        _("Nothing was saved by the last press of a button. What was saved before is still there."),
        _("Tell those who run Trygg that there is no room left. When there is, send it again."),
        "" if kept else _("Go back to the form: what you wrote usually still stands there."),
        kept=kept,
    )


def kept_text(request: HttpRequest) -> dict | None:
    """What was sent, so that a page can show it and send it again; None when nothing was."""
    sent = [(key, value) for key in request.POST for value in request.POST.getlist(key) if key not in NEVER_KEPT]
    if not sent:
        return None
    long = [(key, value) for key, value in sent if len(value) > LONG_TEXT or len(value.split()) > 1]
    sign_in = navigation.url_or_none("account_login")
    return {
        "action": request.get_full_path(),
        "shown": [(key, value, question_of(request, key)) for key, value in long],
        "hidden": [pair for pair in sent if pair not in long],
        "sign_in": sign_in and f"{sign_in}?{urlencode({'next': request.path})}",
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or cookies are off. The text stays on the page."""
    cookies = (
        _("Your browser did not send our cookie. Allow cookies for this site.")
        if reason == REASON_NO_CSRF_COOKIE
        else ""
    )
    return error(
        request,
        403,
        _("The page was too old to be saved"),
        _("You may have signed out, or signed in again, since you opened it."),
        cookies,
        kept=kept_text(request),
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session is over, and a form was sent: the text is kept on the page and sent again after sign-in."""
    return error(
        request,
        401,
        _("You are signed out"),
        _("You were away for a while, so we signed you out."),
        kept=kept_text(request),
    )
