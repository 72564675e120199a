"""Rounding before publication."""

BASE = 5
RATE_DECIMALS = 3


def rounded(count: int, base: int = BASE) -> int:
    """The nearest multiple of `base`; halves go up. 0 stays 0."""
    return base * ((2 * count + base) // (2 * base))


def rounded_rate(rate: float) -> float:
    """To a tenth of a percentage point. It blunts, and hides nothing: suppression must hold as if it were exact."""
    return round(rate, RATE_DECIMALS) + 0.0
