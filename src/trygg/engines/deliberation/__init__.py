"""Decisions of a committee with stakeholder groups: was it quorate, did it pass, whose voice counted.

Plain values in, plain values out; exact integers and fractions throughout. `rules` holds the
decision rules, `charter` decides one vote, `power` says how much say each group has under a rule, `movement` sets
first opinions against final votes.
"""

from trygg.engines.deliberation.charter import (
    Ballot,
    Charter,
    GroupTally,
    Outcome,
    Presence,
    Quorum,
    QuorumResult,
    Tally,
    decisive_seats,
    evaluate,
)
from trygg.engines.deliberation.movement import NOT_GIVEN, Matrix, Movement, movement
from trygg.engines.deliberation.power import (
    GroupPower,
    GroupPowers,
    Power,
    PowerTable,
    WeightedGame,
    power_as_voted,
    power_on_paper,
    weighted_power,
)
from trygg.engines.deliberation.rules import (
    AbsoluteMajority,
    Base,
    BlockConsent,
    Consensus,
    DoubleMajority,
    EmptyGroup,
    QualifiedMajority,
    Reason,
    ReasonCode,
    RuleError,
    RuleErrorCode,
    Seat,
    SimpleMajority,
    consensus_minus_one,
)

__all__ = [
    "NOT_GIVEN",
    "AbsoluteMajority",
    "Ballot",
    "Base",
    "BlockConsent",
    "Charter",
    "Consensus",
    "DoubleMajority",
    "EmptyGroup",
    "GroupPower",
    "GroupPowers",
    "GroupTally",
    "Matrix",
    "Movement",
    "Outcome",
    "Power",
    "PowerTable",
    "Presence",
    "QualifiedMajority",
    "Quorum",
    "QuorumResult",
    "Reason",
    "ReasonCode",
    "RuleError",
    "RuleErrorCode",
    "Seat",
    "SimpleMajority",
    "Tally",
    "WeightedGame",
    "consensus_minus_one",
    "decisive_seats",
    "evaluate",
    "movement",
    "power_as_voted",
    "power_on_paper",
    "weighted_power",
]
