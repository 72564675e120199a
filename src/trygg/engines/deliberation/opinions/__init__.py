"""What a crowd thinks: an opinion map, groups of opinion, what unites and divides, from votes on statements.

`collect` or `from_rows` make votes, `analyse` says what is in them, `Analysis.fold_in` places one more person. Below 30
participants, or where groups do not stand apart, there are counts and no groups: in a school class "groups" are noise.
Everything is deterministic: the same votes, options and previous analysis give the same result.
"""

from .analysis import Analysis, Options, Plain, analyse
from .grouping import Groups
from .projection import Projection
from .statistics import (
    Representative,
    Shared,
    Sides,
    consensus,
    count,
    group_informed_consensus,
    representative,
    sides,
    telling,
)
from .votes import Moderation, Votes, VotesError, collect, from_rows

__all__ = [
    "Analysis",
    "Groups",
    "Moderation",
    "Options",
    "Plain",
    "Projection",
    "Representative",
    "Shared",
    "Sides",
    "Votes",
    "VotesError",
    "analyse",
    "collect",
    "consensus",
    "count",
    "from_rows",
    "group_informed_consensus",
    "representative",
    "sides",
    "telling",
]
