"""How audits travel with the organisation that owns their matter. Rows never do: they are deleted as soon as they are counted."""

from trygg.apps.fairness.models import Audit, RowFile
from trygg.kernel.archive.registry import register

OWNER = "matter__owner"


def register_archive() -> None:
    register(Audit, owner=OWNER, key=("matter", "number"))
    register(RowFile, owner=f"audit__{OWNER}", key=("audit",))
