"""Reading the outbox as its receiver would."""

import re

from trygg.kernel.people.models import Outbox


def newest_mail(to: str) -> Outbox:
    return Outbox.objects.filter(to=to).latest("pk")


def code_in_mail(to: str) -> str:
    """The code of the newest mail, as it is written there."""
    return re.search(r"\d{4} \d{4}", newest_mail(to).body).group()


def path_in_mail(to: str) -> str:
    """Where the link of the newest mail leads on this host."""
    return re.search(r"http\S+?(/people/\S+)", newest_mail(to).body).group(1)
