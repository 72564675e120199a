"""Typed changes that frameworks announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PacksPublished:
    """Other versions of packs are current: every case is to be worked out anew (by a job, not in this transaction)."""

    pack_ids: tuple[str, ...]
