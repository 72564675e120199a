"""Dates and numbers as people write them, in the language of the page. Babel's CLDR data would say "3 dec. 2026" or add commas; we don't."""

from datetime import date, datetime, timedelta

from django.template.defaultfilters import capfirst
from django.utils import dates, timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

NBSP = "\u00a0"
NNBSP = "\u202f"


def local(value: date | datetime) -> date | datetime:
    """A moment in the time zone of the installation; a date as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def shortday(value: date | datetime | None) -> str:
    """3 December / 3 december."""
    if not value:
        return ""
    value = local(value)
    return f"{value.day}{NBSP}{month(value.month)}"


def month(number: int) -> str:
    name = str(dates.MONTHS[number])
    return name if (get_language() or "en").startswith("en") else name.lower()


def weekday(value: date) -> str:
    name = str(dates.WEEKDAYS[value.weekday()])
    return name if (get_language() or "en").startswith("en") else name.lower()


def day(value: date | datetime | None) -> str:
    """Thursday 3 December / torsdag 3 december."""
    return f"{weekday(local(value))} {shortday(value)}" if value else ""


def fullday(value: date | datetime | None) -> str:
    """3 December 2026."""
    return f"{shortday(value)}{NBSP}{local(value).year}" if value else ""


def clock(value: datetime | None) -> str:
    """13:00."""
    return local(value).strftime("%H:%M") if value else ""


def moment(value: datetime | None) -> str:
    """Thursday 3 December, 13:00 / torsdag 3 december kl. 13:00."""
    if not value:
        return ""
    # Translators: a day, then a time of day
    return pgettext("moment", "%(day)s, %(time)s") % {"day": day(value), "time": clock(value)}


def number(value, decimals: int | None = None) -> str:
    """1,000 in English, 1 000 in Swedish (a non-breaking space)."""
    if value is None or value == "":
        return ""
    english = (get_language() or "en").startswith("en")
    try:
        text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,}"
    except (TypeError, ValueError):
        return str(value)
    return text if english else text.replace(",", NBSP).replace(".", ",")


def percent(share, decimals: int = 0) -> str:
    """0.61 as 61 %, with a space that does not break."""
    if share is None or share == "":
        return ""
    return f"{number(float(share) * 100, int(decimals))}{NBSP}%"


def due_words(due: date, today: date) -> tuple[str, str, bool]:
    """(headline, line under it, late) of a deadline: ("Tuesday", "24 November", False)."""
    due = local(due).date() if isinstance(due, datetime) else due
    days = (due - today).days
    if days < 0:
        headline = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": number(-days)}
        return headline, gettext("was due %(date)s") % {"date": shortday(due)}, True
    if days == 0:
        return gettext("Today"), shortday(due), False
    if due - today == timedelta(days=1):
        return gettext("Tomorrow"), shortday(due), False
    year = "" if due.year == today.year else f"{NBSP}{due.year}"
    return capfirst(weekday(due)), shortday(due) + year, False
