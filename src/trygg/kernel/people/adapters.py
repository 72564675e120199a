"""How allauth behaves here: nobody signs up by themselves, single sign-on meets people who were invited."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.shortcuts import render

from trygg.kernel.people.middleware import ONE_PURPOSE
from trygg.kernel.people.models import Person
from trygg.kernel.people.selectors import actor_for
from trygg.kernel.people.services import note_sign_in


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def post_login(self, request, user, **kwargs):
        """The last step of a sign-in, after the second factor."""
        actor = actor_for(user, membership_id=None, now=request.now)
        if actor.signed_in:
            note_sign_in(actor=actor, now=request.now)
        return super().post_login(request, user, **kwargs)

    def login(self, request, user) -> None:
        """Who signs in with all that signing in asks for is no longer held to the purpose of a link."""
        request.session.pop(ONE_PURPOSE, None)
        super().login(request, user)

    def add_message(self, *args, **kwargs) -> None:
        """The pages say themselves what happened; a banner "you have signed in" helps nobody."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin) -> bool:
        return False

    def pre_social_login(self, request, sociallogin) -> None:
        """Connect a first single sign-on to the invited person with the same address; anyone else is told whom to ask."""
        if sociallogin.is_existing:
            return
        email = next((a.email for a in sociallogin.email_addresses if a.verified), "")
        person = Person.objects.filter(email=email.lower(), is_active=True).first() if email else None
        if person is None:
            raise ImmediateHttpResponse(render(request, "people/not_invited.html", status=403))
        sociallogin.connect(request, person)
