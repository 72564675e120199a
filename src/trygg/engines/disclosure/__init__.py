"""Statistical disclosure control of count tables: what may be told without telling about one child.

    hidden = protect(table, primary(table.values ...))

A table is a list of counts and the sums that everybody knows to hold between them (margins). Cells that would tell about few children
are hidden first; then more, until neither subtraction nor a linear program over all margins tells what was hidden.
"""

from .attack import attack
from .differencing import differs_by_few
from .rounding import rounded, rounded_rate
from .suppression import WIDTH, Additive, protect

__all__ = ["WIDTH", "Additive", "attack", "differs_by_few", "protect", "rounded", "rounded_rate"]
