"""Warnings for free text: what looks like something about one person. The text is kept; the writer is asked to take it out."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

# Swedish personal identity and co-ordination numbers (day + 60), with or without century and dash.
SWEDISH_NUMBER = re.compile(r"(?<!\d)((?:19|20)?\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?!\d)")
UK_NHS_NUMBER = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
UK_NATIONAL_INSURANCE = re.compile(r"(?<![A-Z0-9])[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Z0-9])", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE = re.compile(r"(?<![\d/.-])(?:\+\d{2}|0)[\d() -]{7,14}\d(?!\d)")


@dataclass(frozen=True)
class Warning:
    """`code` names the kind, `found` the place in the text (start, end), `text` says what to do in the reader's language."""

    code: str
    found: tuple[int, int]
    text: str


def luhn(digits: str) -> bool:
    """Luhn's check over the ten digits of a Swedish number (Skatteverket, SKV 704)."""
    total = 0
    for index, digit in enumerate(int(d) for d in digits):
        doubled = digit * 2 if index % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def nhs_check(digits: str) -> bool:
    """The modulus-11 check of an NHS number (NHS Data Dictionary)."""
    rest = 11 - sum(int(d) * weight for d, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return (0 if rest == 11 else rest) == int(digits[9])


def warnings_in(text: str) -> list[Warning]:
    """What in `text` looks like a personal identity number, an e-mail address or a phone number; empty when nothing does."""
    if not text:
        return []
    found: list[Warning] = []
    for match in SWEDISH_NUMBER.finditer(text):
        year, month, day, last = match.groups()
        plausible = 1 <= int(month) <= 12 and (1 <= int(day) <= 31 or 61 <= int(day) <= 91)
        if plausible and luhn(year[-2:] + month + day + last):
            found.append(Warning("identity_number", match.span(),
                _("This looks like a personal identity number. Take it out: Trygg never holds facts about one child.")))
    for match in UK_NHS_NUMBER.finditer(text):
        if nhs_check("".join(match.groups())) and not _covered(match.span(), found):
            found.append(Warning("identity_number", match.span(), _("This looks like an NHS number. Take it out: Trygg never holds facts about one child.")))
    for match in UK_NATIONAL_INSURANCE.finditer(text):
        found.append(Warning("identity_number", match.span(), _("This looks like a National Insurance number. Take it out.")))
    for match in EMAIL.finditer(text):
        found.append(Warning("email", match.span(), _("This looks like an e-mail address. Take it out unless it is a public one.")))
    for match in PHONE.finditer(text):
        if not _covered(match.span(), found):
            found.append(Warning("phone", match.span(), _("This looks like a phone number. Take it out unless it is a public one.")))
    return sorted(found, key=lambda warning: warning.found)


def _covered(span: tuple[int, int], found: list[Warning]) -> bool:
    return any(start <= span[0] < end for start, end in (warning.found for warning in found))
