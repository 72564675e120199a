"""Documents that were written before, and the claims that they may be attached to: kinds, how long they count, words."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from trygg.kernel.ui.words import fullday
from trygg.spine.assurance.models import CaseDocument, Claim, Status
from trygg.spine.assurance.pagerefs import Pages
from trygg.spine.assurance.selectors import claim_title, claims_of, requirement_of, wanted_documents

SOURCE = "assurance.document"  # source type of the evidence, subject type of the file
BACKGROUND = "background"  # kind of evidence that meets no need: something to read


@dataclass(frozen=True)
class Place:
    """Where a document bears on a claim. `kind`: the kind of document that the claim asks for, or BACKGROUND."""

    claim: Claim
    kind: str
    pages: Pages


def longest(claim: Claim, kind: str) -> int | None:
    """For how many days after its date a document of a kind may count for a claim; None when there is no limit."""
    _framework, requirement = requirement_of(claim)
    if requirement is None:
        return None
    ages = [need.max_age for need in requirement.evidence if need.kind == "document" and need.params["document"] == kind]
    return None if not ages or None in ages else max(ages)


def good_until(claim: Claim, kind: str, dated_on: date, valid_until: date | None) -> date | None:
    """The last day on which a document counts for a claim: never later than the claim allows."""
    days = longest(claim, kind)
    if days is None:
        return valid_until
    end = dated_on + timedelta(days=days)
    return end if valid_until is None else min(end, valid_until)


@dataclass(frozen=True)
class Asked:
    """A claim as the page that attaches lists it. `kinds`: (kind, words, how long a document counts)."""

    claim: Claim
    title: str
    kinds: tuple[tuple[str, str, int | None], ...]


def claims_to_attach(document: CaseDocument, standing: Container[int] = ()) -> list[Asked]:
    """The claims that ask for documents, and those that are missing or stale; those that ask for documents first."""
    found = []
    for claim in claims_of(document.case):
        kinds = tuple((kind, label, longest(claim, kind)) for kind, label in wanted_documents(claim))
        asked = claim.status != Status.NOT_REQUIRED and (kinds or claim.status in (Status.MISSING, Status.STALE))
        if asked or claim.pk in standing:
            _framework, requirement = requirement_of(claim)
            found.append(Asked(claim, claim_title(claim, requirement), kinds))
    return sorted(found, key=lambda asked: (not asked.kinds, asked.claim.status == Status.SUPPORTED, asked.claim.order))


def ended_words(claim: Claim, kind: str, dated_on: date, today: date) -> str:
    """That a document of that day is too old for a claim, in words; "" when it is not."""
    days = longest(claim, kind)
    if days is None or dated_on + timedelta(days=days) >= today:
        return ""
    return _("Too old for this claim since %(day)s: it shows as stale, not as supported.") % {"day": fullday(dated_on + timedelta(days=days))}
