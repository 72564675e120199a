"""The guard of a page: each view says who may open it, first of all. A URL without a guard answers nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.module_loading import import_string

from trygg.kernel.access.actor import Actor, Role
from trygg.kernel.access.rules import RULES, Denied, restrict


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here afterwards. What was sent in a form is kept on a page of its own."""
    if request.method == "POST":
        return import_string(settings.SIGNED_OUT_VIEW)(request)
    from django.contrib.auth.views import redirect_to_login  # imports the user model, which itself needs this package

    return redirect_to_login(request.get_full_path())


@dataclass(frozen=True)
class Guard:
    """Who may open a page: everyone (`public`), who is signed in, who has one of `roles`, or by an access rule on one row."""

    public: bool = False
    roles: tuple[Role, ...] = ()
    action: str | None = None
    by: str | None = None
    field: str = "pk"
    methods: tuple[str, ...] = ("GET", "HEAD")
    related: tuple[str, ...] = ()  # read with the row, for a page that shows them

    def admits(self, actor: Actor, kwargs: dict) -> bool:
        """What the guard says of `actor` and a URL's arguments: the truth that the test of all URLs compares answers with."""
        if self.public:
            return self.action is None or self.row(actor, kwargs) is not None
        if not actor.signed_in or (self.roles and actor.role not in self.roles):
            return False
        return self.action is None or self.row(actor, kwargs) is not None

    def row(self, actor: Actor, kwargs: dict) -> Model | None:
        """The row that the URL names, if the rule shows it to `actor`."""
        rows = restrict(actor, self.action).filter(**{self.field: kwargs[self.by]})
        return (rows.select_related(*self.related) if self.related else rows).first()


def page(
    action: str | None = None, *, by: str | None = None, field: str = "pk", roles: tuple[Role, ...] = (), public: bool = False,
    methods: tuple[str, ...] = ("GET",), related: tuple[str, ...] = (),
) -> Callable:
    """Guard a view.

    `@page()` for anyone signed in; `@page(public=True)`; `@page(roles=(Role.OFFICER,))`;
    `@page("matters.view", by="matter_id")`: the view gets the row instead of the URL argument, under the argument's name
    less `_id`/`_slug`; a row that the actor may not see is a 404, never a hint that it exists. `related` (as for
    `select_related`) is read with it. Other methods than `methods` are refused.
    """
    allowed = tuple(dict.fromkeys((*methods, "HEAD") if "GET" in methods else methods))
    guard = Guard(public=public, roles=roles, action=action, by=by, field=field, methods=allowed, related=related)
    if action and not by:
        raise TypeError(f"page({action!r}) needs `by`, the URL argument that names the row")

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs) -> HttpResponse:
            actor: Actor = request.actor
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if not public and not actor.signed_in:
                return sign_in_first(request)
            if roles and not public and actor.role not in roles:
                raise Denied(action or view.__name__)
            if action:
                row = guard.row(actor, kwargs)
                if row is None:
                    raise Http404
                name = by.removesuffix("_id").removesuffix("_slug")
                kwargs = {key: value for key, value in kwargs.items() if key != by} | {name: row}
            return view(request, **kwargs)

        guarded.guard = guard
        return guarded

    return decorate


THIRD_PARTY: dict[str, Guard] = {}


def third_party(prefix: str, *, public: bool) -> None:
    """Say who may open the views of a library whose module starts with `prefix` (sign-in pages)."""
    THIRD_PARTY[prefix] = Guard(public=public, methods=("GET", "HEAD", "POST"))


def guard_of(view: Callable) -> Guard | None:
    """The guard of a view, None when it has none."""
    own = getattr(view, "guard", None)
    if own is not None:
        return own
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    return next((guard for prefix, guard in THIRD_PARTY.items() if module.startswith(prefix)), None)


def rules_used() -> set[str]:
    """Names of all rules, for the tests that look for unused ones."""
    return set(RULES)
