"""How deep a case goes. Shared by the assurance and the instruments engines."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering


@total_ordering
class Depth(Enum):
    """Light (under an hour) < standard < full (anything near child protection)."""

    LIGHT = "light"
    STANDARD = "standard"
    FULL = "full"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Depth):
            return NotImplemented
        order = list(Depth)
        return order.index(self) < order.index(other)
