"""A form that is sent twice acts once, also without script: the double click, the reload, the answer that got lost on its way.

    @page(roles=WRITERS, methods=("GET", "POST"))
    @once
    def new_matter(request): ...            # the form in its template holds {% once %}

The form carries a token. The first unit of work of the request remembers it, together with what was sent, in the transaction of
the act itself. The same form with the same content, sent again, is led to where the first one led. Another content is another
act: who goes back, corrects and sends is not mistaken for a double click. A POST without a token is not guarded.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from trygg.kernel.ledger.models import Sent

FIELD = "form_token"
SHORTEST, LONGEST = 20, 100  # of a token that we made
PATIENCE = 2.0  # seconds that a second reply waits for the first to say where it leads
STEP = 0.05


class SentBefore(Exception):
    """This form acted already, in another request."""


@dataclass
class _Form:
    key: str
    claimed: bool = False


_expected: ContextVar[_Form | None] = ContextVar("trygg_form", default=None)


def new_token() -> str:
    """What a form carries when it is shown; `{% once %}` writes it."""
    return secrets.token_urlsafe(24)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a guarded view (below `@page`) that makes something by one service and then redirects."""

    @wraps(view)
    def sent(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not SHORTEST <= len(token) <= LONGEST:
            return view(request, **kwargs)
        form = _Form(_key(request))
        if Sent.objects.filter(key=form.key).exists():
            return _led_to_the_first(request, form.key)
        try:
            with _expecting(form):
                answer = view(request, **kwargs)
        except SentBefore:
            return _led_to_the_first(request, form.key)
        if form.claimed and answer.status_code in (302, 303):
            Sent.objects.filter(key=form.key).update(place=answer["Location"][:500])
        return answer

    sent.once = True
    return sent


@contextmanager
def _expecting(form: _Form) -> Iterator[None]:
    before = _expected.set(form)
    try:
        yield
    finally:
        _expected.reset(before)


def _key(request: HttpRequest) -> str:
    """Who sent what, where: the token with all other fields and the files' content, as one hash."""
    digest = hashlib.sha256()

    def add(*parts: str) -> None:
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)

    add(str(request.actor.membership_id or ""), request.path)
    for name in sorted(request.POST):
        if name != "csrfmiddlewaretoken":
            add(name, *request.POST.getlist(name), "")
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            add(name, upload.name or "")
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.hexdigest()


def claim(now: datetime) -> _Form | None:
    """In the transaction of a unit of work: remember the form that this request sent, if it has one. SentBefore when another
    request was first; a second unit of work of the same request claims nothing."""
    form = _expected.get()
    if form is None or form.claimed:
        return None
    try:
        with transaction.atomic():  # waits for another request that holds the same key
            Sent.objects.create(key=form.key, at=now)
    except IntegrityError as error:
        raise SentBefore from error
    form.claimed = True
    return form


def settle(form: _Form | None, record: Any) -> None:
    """In the same transaction: what the form made, which is what its last record is about."""
    if form is not None and record is not None:
        Sent.objects.filter(key=form.key).update(subject_type=record.subject_type, subject_id=record.subject_id)


def release(form: _Form | None) -> None:
    """The transaction was taken back: the form may act yet."""
    if form is not None:
        form.claimed = False


def _led_to_the_first(request: HttpRequest, key: str) -> HttpResponse:
    """Where the first one led. It may be on its way there still: between its commit and its reply lies a moment."""
    waited = 0.0
    while (row := Sent.objects.get(key=key)).place == "" and waited < PATIENCE:
        time.sleep(STEP)
        waited += STEP
    messages.info(request, _("This form was sent twice. It counts once: nothing was made a second time."))
    return HttpResponseRedirect(row.place or _page_of(row) or request.get_full_path())


def _page_of(row: Sent) -> str:
    """The page of what was made, for a first request that died between its commit and its reply."""
    try:
        found = apps.get_model(row.subject_type)._default_manager.filter(pk=row.subject_id).first()
    except (LookupError, ValueError):
        return ""
    return found.get_absolute_url() if hasattr(found, "get_absolute_url") else ""


def forget_sent(*, before: datetime) -> int:
    """Drop what was remembered before that time; returns how many. For the nightly job: no page stays open that long."""
    return Sent.objects.filter(at__lt=before).delete()[0]
