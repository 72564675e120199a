"""Typed changes of evidence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EvidenceChanged:
    """Evidence, conditions or objections of a case changed."""

    matter_id: int
