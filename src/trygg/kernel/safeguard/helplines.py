"""Whom to call, by jurisdiction. The host sets its own by TRYGG_HELPLINES (JSON: jurisdiction -> list of lines)."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Helpline:
    """`dial` is what a phone dials. `verified` says whether the number was found in a source; `trygg doctor` names those that were not."""

    name: str
    number: str
    dial: str
    verified: bool = True


LINES = {
    "SE": [Helpline("Bris", "116 111", "116111"), Helpline(_("Danger now:"), "112", "112")],
    "UK": [Helpline("Childline", "0800 1111", "08001111", verified=False), Helpline(_("Danger now:"), "999", "999")],
    "EU": [Helpline(_("Danger now:"), "112", "112")],
}


def helplines(jurisdiction: str) -> list[Helpline]:
    """The lines to show for a jurisdiction; those of the EU when it is not known. "SE UK": those of both, each named with its country."""
    several = jurisdiction.split()
    if len(several) < 2:
        return _lines(jurisdiction)
    return [replace(line, name=f"{str(line.name).rstrip(':')} ({one})") for one in several for line in _lines(one)]


def _lines(jurisdiction: str) -> list[Helpline]:
    own = settings.TRYGG_HELPLINES
    if jurisdiction in own:
        return [Helpline(**line) for line in own[jurisdiction]]
    return LINES.get(jurisdiction, LINES["EU"])
