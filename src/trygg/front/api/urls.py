"""The API: /api/v1/. Deny by default: an endpoint that does not say otherwise needs a signed-in person."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from ninja import NinjaAPI

from trygg.front.api import endpoints
from trygg.kernel.access import Actor, page, third_party

# The guard of Django's side is open, since ninja answers 401 in JSON itself; `auth` below is what decides.
third_party("ninja.", public=True)


def signed_in(request: HttpRequest) -> Actor | None:
    """The actor of a session. None (401) for anyone else."""
    return request.actor if request.actor.signed_in else None


class TryggAPI(NinjaAPI):
    """NinjaAPI without pages of its own: they load scripts from elsewhere; the description is guarded like any page."""

    def _get_urls(self):
        own = [path("", root, name="api-root"), path("openapi.json", openapi, name="openapi-json")]
        return own + [url for router in self._get_bound_routers() for url in router.urls_paths(router.prefix)]

    def get_openapi_operation_id(self, operation) -> str:
        """The endpoint's own name: clients are generated from it, and it outlives a move of the module."""
        return operation.view_func.__name__


api = TryggAPI(
    title="Trygg",
    version="1",
    description="Matters and their claims, for who is signed in; the public register, for everyone.",
    auth=signed_in,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-1",
)


@page(public=True)
def root(request: HttpRequest) -> HttpResponse:
    return redirect("api-1:openapi-json")


@page(public=True)
def openapi(request: HttpRequest) -> JsonResponse:
    """The description of the API (OpenAPI 3.1)."""
    return JsonResponse(api.get_openapi_schema())


@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": "You may not do this."}, status=403)


api.add_router("/matters", endpoints.matters)
api.add_router("/register", endpoints.register)
