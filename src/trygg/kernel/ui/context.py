"""What every page knows. Lazy: a page that shows no navigation pays nothing for it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from trygg.kernel.access.actor import ANONYMOUS, Role
from trygg.kernel.ui import navigation

ROLE_WORDS = {
    Role.ADMINISTRATOR: _("administrator"),
    Role.OFFICER: _("officer"),
    Role.CONTRIBUTOR: _("contributor"),
    Role.VENDOR: _("vendor"),
    Role.COMMITTEE_MEMBER: _("committee member"),
    Role.COMMITTEE_SECRETARY: _("committee secretary"),
    Role.SAFEGUARDING_LEAD: _("safeguarding lead"),
    Role.DATA_STEWARD: _("data steward"),
    Role.ANALYST: _("analyst"),
    Role.AUDITOR: _("auditor"),
}
SCHEMES = ("light", "dark")


def page(request: HttpRequest) -> dict:
    """Context processor."""
    actor = getattr(request, "actor", ANONYMOUS)
    scheme = request.COOKIES.get("scheme", "")
    present = get_language()
    return {
        "actor": actor,
        "actor_role": ROLE_WORDS.get(actor.role, ""),
        "site_name": settings.SITE_NAME,
        "today": timezone.localdate(getattr(request, "now", None)),
        "navigation": SimpleLazyObject(lambda: navigation.items(request)),
        "footer_links": SimpleLazyObject(navigation.footer_links),
        "help_url": navigation.help_url(),
        "home_url": navigation.url_or_none("home") or "/",
        "sign_out_url": navigation.url_or_none("account_logout") if actor.signed_in else None,
        "sign_in_url": navigation.url_or_none("account_login"),
        "language_url": navigation.url_or_none("ui:language"),
        "other_languages": [(code, name) for code, name in settings.LANGUAGES if code != present],
        "leave_url": settings.TRYGG_LEAVE_URL,
        "scheme": scheme if scheme in SCHEMES else "",
        "scheme_url": navigation.url_or_none("ui:scheme"),
        "schemes": [("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
        "own_address": request.get_full_path(),
    }
