"""Two releases of the same table, subtracted: what came between must not be a few children."""

from .rounding import BASE


def differs_by_few(new: int, old: int, few: int, old_is_rounded: bool) -> bool:
    """Whether the change since an earlier release could be 1 to few - 1. `old` may be rounded to BASE: then it could be up to half a base off.

    Where the rounded new count equals the old one nothing is learnt from it.
    """
    if old_is_rounded:
        slack = BASE // 2
        return BASE * ((2 * new + BASE) // (2 * BASE)) != old and abs(new - old) - slack < few
    return 0 < abs(new - old) < few
