"""Who acts in a request, and what time it is: the edge reads both, once."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from trygg.kernel.access import ANONYMOUS, Role
from trygg.kernel.people.selectors import actor_for

SESSION_KEY = "membership_id"
ONE_PURPOSE = "one_purpose"  # the session was opened by a link and a code: it is that membership or nobody
MFA_FREE = ("/accounts/", "/static/", "/language/")


class ActorMiddleware:
    """Sets `request.now` and `request.actor`. An administrator without a second factor is led to set one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        request.actor = ANONYMOUS
        if request.user.is_authenticated:
            chosen = request.session.get(SESSION_KEY)
            request.actor = actor_for(request.user, membership_id=chosen, now=request.now)
            if request.session.get(ONE_PURPOSE):
                request.actor = replace(request.actor, guest=True) if request.actor.membership_id == chosen else ANONYMOUS
            if request.actor.role == Role.ADMINISTRATOR and not request.path.startswith(MFA_FREE) and not has_second_factor(request.user):
                return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)


def has_second_factor(person) -> bool:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
