"""Mail: a fixed sentence and a link, through an outbox that leaves after the commit. What fails is tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from trygg.kernel.people.models import Outbox

MOST_TRIES = 8


@dataclass(frozen=True)
class Attachment:
    """A small text file that goes with a mail; never holds more than the mail may."""

    name: str
    media_type: str
    content: bytes


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
    "meeting": (
        lambda: _("You are called to a meeting"),
        lambda p: _("%(body)s meets. The entry for your calendar says when and where. Sign in to see more.") % p,
    ),
    "meeting_moved": (
        lambda: _("A meeting has another time or place"),
        lambda p: _("The meeting of %(body)s has another time or place. The entry replaces the one in your calendar.") % p,
    ),
    "waiting": (lambda: _("Something waits for you in Trygg"), lambda p: _("Sign in to see what it is.")),
}


def send_mail(
    work, *, to: str, code: str, params: dict, path: str, now: datetime, language: str = "en", attach: Callable[[], Attachment] | None = None
) -> Outbox:
    """Put a mail into the outbox: a fixed sentence and a link, never content. It leaves after the commit. `attach` makes a file in the
    mail's language."""
    subject, body = MAIL_TEXTS[code]
    with override(language):
        text = body(params) + (f"\n\n{settings.BASE_URL}{path}\n" if path else "\n")
        file = attach() if attach else None
        return Outbox.objects.create(
            to=to, subject=subject(), body=text, made_at=now, file_name=file.name if file else "",
            file_type=file.media_type if file else "", file=file.content.decode() if file else "",
        )  # fmt: skip


def send_outbox(*, now: datetime, limit: int = 100) -> int:
    """Send waiting messages; returns how many left. A message that fails keeps its error and waits for the next run."""
    sent = 0
    for pk in Outbox.objects.filter(sent_at=None, tries__lt=MOST_TRIES).order_by("pk").values_list("pk", flat=True)[:limit]:
        message = Outbox.objects.get(pk=pk)
        try:
            mail = EmailMessage(message.subject, message.body, to=[message.to])
            if message.file_name:
                mail.attach(message.file_name, message.file, message.file_type)
            mail.send()
        except OSError as error:
            Outbox.objects.filter(pk=pk).update(tries=message.tries + 1, last_error=str(error)[:300])
            continue
        Outbox.objects.filter(pk=pk).update(sent_at=now, tries=message.tries + 1, body="", file="", last_error="")
        sent += 1
    return sent
