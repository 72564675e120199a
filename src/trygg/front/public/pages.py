"""Public pages that are kept once made, for readers of whom nothing is known. What is kept is found by all that it shows, so it is
never out of date and never somebody's."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

KEPT = 64
LONGEST = 300  # an address that nobody made by choosing in the form is not worth keeping
OURS = {"scheme", settings.LANGUAGE_COOKIE_NAME}  # cookies that say how to show a page, not to whom

_pages: OrderedDict[tuple, bytes] = OrderedDict()
_lock = Lock()


def kept_page(request: HttpRequest, shown: tuple, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page that `make` renders from `shown`, made once for its address, language and colours. A reader who is signed in, or who
    comes with any other cookie (a message may wait in it), gets a page of his own."""
    address = request.get_full_path()
    if request.actor.signed_in or not OURS.issuperset(request.COOKIES) or len(address) > LONGEST:
        return make()
    site = (settings.SITE_NAME, settings.TRYGG_LEAVE_URL, str(settings.TRYGG_HELPLINES))
    key = (address, get_language(), request.COOKIES.get("scheme", ""), site, shown)
    with _lock:
        content = _pages.get(key)
        if content is not None:
            _pages.move_to_end(key)
    if content is not None:
        return HttpResponse(content)
    response = make()
    with _lock:
        _pages[key] = response.content
        while len(_pages) > KEPT:
            _pages.popitem(last=False)
    return response
