"""Mail leaves after the commit, from the outbox; what fails is tried again."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction

from trygg.kernel.work.models import Outbox

MOST_TRIES = 8


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
        with transaction.atomic():
            Outbox.objects.filter(pk=pk).update(sent_at=now, tries=message.tries + 1, body="", last_error="")
        sent += 1
    return sent
