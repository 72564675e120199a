"""Deny by default: a view without a guard is never called."""

from django.http import HttpRequest, HttpResponse

from trygg.kernel.access.pages import guard_of, sign_in_first


class UnguardedView(RuntimeError):
    """A URL leads to a view that does not say who may open it."""


class AccessMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        guard = guard_of(view)
        if guard is None:
            raise UnguardedView(f"{request.path}: {view.__module__}.{getattr(view, '__name__', view)} has no guard")
        if not guard.public and not request.actor.signed_in:
            return sign_in_first(request)
        return None
