"""Free text is looked at in one place: whatever a person sends in a form that is taken, in every room."""

import re

from django.http import HttpRequest, HttpResponse

from trygg.kernel.safeguard.warn import warn

# Not free text: an address that is asked for, secrets, and what a form carries for itself.
NOT_FREE = frozenset({
    "csrfmiddlewaretoken", "form_token", "once", "content_hash", "next", "language", "scheme",
    "email", "login", "password", "password1", "password2", "oldpassword", "code", "token", "slug",
})  # fmt: skip
MARK = re.compile(r"[0-9a-f-]{32,}")  # a hash or an identifier, by chance with something like a phone number in it


class WarnMiddleware:
    """After a form was taken (it led to another page), the writer is told of what looks like something about one person.
    Answers that are saved as they are written stay on their page, which warns by itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method == "POST" and answer.status_code in (302, 303):
            warn(request, *free_texts(request))
        return answer


def free_texts(request: HttpRequest) -> list[str]:
    """What somebody wrote in the form: every field, also of forms that are made while the program runs, but those of NOT_FREE."""
    return [
        value for name, values in request.POST.lists() if name not in NOT_FREE
        for value in values if value and not MARK.fullmatch(value)
    ]  # fmt: skip
