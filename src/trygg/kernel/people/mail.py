"""Mail: a fixed sentence and a link, through an outbox that leaves after the commit. What fails is tried again."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from trygg.kernel.people.models import Outbox

MOST_TRIES = 8

MAIL_TEXTS = {
    "invitation": (
        lambda: _("You are invited to Trygg"),
        lambda p: _("%(organisation)s invites you to Trygg. Open this link to accept. It works once, until %(until)s.") % p,
    ),
    "purpose_link": (
        lambda: _("You are asked to take part in Trygg"),
        lambda p: _("%(organisation)s asks for your part. Open this link; a code is then sent to this address.") % p,
    ),
    "purpose_code": (
        lambda: _("Your code for Trygg"),
        lambda p: _("Your code is %(code)s. It works for 24 hours. Never give it to anyone.") % p,
    ),
    "waiting": (lambda: _("Something waits for you in Trygg"), lambda p: _("Sign in to see what it is.")),
}


def send_mail(work, *, to: str, code: str, params: dict, path: str, now: datetime, language: str = "en") -> Outbox:
    """Put a mail into the outbox: a fixed sentence and a link, never content. It leaves after the commit."""
    subject, body = MAIL_TEXTS[code]
    with override(language):
        text = body(params) + (f"\n\n{settings.BASE_URL}{path}\n" if path else "\n")
        return Outbox.objects.create(to=to, subject=subject(), body=text, made_at=now)


def send_outbox(*, now: datetime, limit: int = 100) -> int:
    """Send waiting messages; returns how many left. A message that fails keeps its error and waits for the next run."""
    sent = 0
    for pk in Outbox.objects.filter(sent_at=None, tries__lt=MOST_TRIES).order_by("pk").values_list("pk", flat=True)[:limit]:
        message = Outbox.objects.get(pk=pk)
        try:
            EmailMessage(message.subject, message.body, to=[message.to]).send()
        except OSError as error:
            Outbox.objects.filter(pk=pk).update(tries=message.tries + 1, last_error=str(error)[:300])
            continue
        Outbox.objects.filter(pk=pk).update(sent_at=now, tries=message.tries + 1, body="", last_error="")
        sent += 1
    return sent
