"""Reads of bias audits, restricted to the actor."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from trygg.apps.fairness.models import Audit
from trygg.engines.fairness import findings, headline
from trygg.engines.fairness.wording import order
from trygg.kernel.access import Actor, may, restrict
from trygg.spine.matters.models import Matter


def audits_of(actor: Actor, matter: Matter) -> QuerySet[Audit]:
    """The audits of a matter, newest first, without their figures."""
    return restrict(actor, "fairness.view_audit").filter(matter=matter).defer("exact", "public")


def audits_seen(actor: Actor) -> QuerySet[Audit]:
    """All audits that the actor may see, newest first, without their figures."""
    return restrict(actor, "fairness.view_audit").select_related("matter__owner").defer("exact", "public")


@dataclass(frozen=True)
class Result:
    """What a reader may see of a finished audit. `exact`: with counts that stay inside the agency."""

    document: dict[str, Any]
    exact: bool

    def headline(self, language: str) -> str:
        return headline(self.document, language)

    def findings(self, language: str) -> list[str]:
        return findings(self.document, language)

    @property
    def primary(self) -> list[dict[str, Any]]:
        """Declared comparisons, gravest first."""
        return order([row for row in self.document["comparisons"] if row["primary"]])

    @property
    def exploratory(self) -> int:
        return sum(not row["primary"] for row in self.document["comparisons"])


def result_of(actor: Actor, audit: Audit, *, exact: bool = True) -> Result | None:
    """The exact result for those who may see it, otherwise what may be published; None before there is any."""
    if exact and audit.exact is not None and may(actor, "fairness.view_exact", audit):
        return Result(audit.exact, True)
    return Result(audit.public, False) if audit.public is not None else None
