"""Typed changes that matters announce to the open unit of work; the assurance case listens."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MatterChanged:
    """A matter's own fields changed: stage, system version, people."""

    matter_id: int


@dataclass(frozen=True)
class FactsChanged:
    """Facts of a matter changed."""

    matter_id: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class SystemVersionChanged:
    """A system got another version: evidence about the old one no longer holds by itself."""

    system_id: int
