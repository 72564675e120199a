"""A closed vote as data: outcome, tally by group, movement, power. Made once, when voting closes; shown ever after."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from trygg.apps.committees import charter as charters
from trygg.apps.committees.models import Item, Seat
from trygg.apps.committees.standing import Standing
from trygg.engines.deliberation import (
    Ballot,
    Charter,
    RuleError,
    decisive_seats,
    evaluate,
    movement,
    power_as_voted,
    power_on_paper,
)
from trygg.engines.deliberation import Seat as EngineSeat

# First opinion and vote on a proposal that fit one another: what is not here is a change of mind.
SUPPORTING = ("support", "support_with_conditions")


def sealed_hash(item: Item, what: str, answers: Mapping[int, Any]) -> str:
    """SHA-256 of answers by seat, salted with the item's seal: whoever holds both can check it, nobody can guess it."""
    content = {"item": item.pk, "what": what, "snapshot": item.snapshot.content_hash, "seal": item.seal,
               "answers": [[seat, answer] for seat, answer in sorted(answers.items())]}  # fmt: skip
    return digest(content)


def digest(content: Any) -> str:
    """SHA-256 of plain data, written in one way only."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def power(charter: Charter, seats: list[Seat]) -> list[dict[str, Any]]:
    """Each group's share of seats and of power (normalised Banzhaf) on paper. Empty when the charter does not fit the seats."""
    try:
        found = power_on_paper(charter, [EngineSeat(str(seat.pk), seat.stakeholder_group) for seat in seats])
    except RuleError:
        return []
    return _shares(found)


def _shares(powers) -> list[dict[str, Any]]:
    return [
        {"group": group, "seats": one.seats, "seat_share": float(one.seat_share), "banzhaf_share": float(one.banzhaf_share)}
        for group, one in powers.groups.items()
    ]


def result(charter: Charter, roll: list[Standing], votes: Mapping[int, str], opinions: Mapping[int, str], supporting: bool) -> dict[str, Any]:
    """The whole result of a vote on a proposal; `supporting`: the proposal is to support. RuleError when the charter does not fit."""
    seats = [standing.engine_seat() for standing in roll]
    ballots = {str(seat): Ballot(ballot) for seat, ballot in votes.items()}
    outcome = evaluate(charter, seats, ballots)
    moved = movement(seats, {str(seat): opinion for seat, opinion in opinions.items()}, {k: str(v) for k, v in ballots.items()})
    fitting = {(first, "yes" if (first in SUPPORTING) == supporting else "no") for first in _OPINIONS}
    decisive = decisive_seats(charter, seats, ballots)
    return {
        "passed": outcome.passed,
        "carried": outcome.carried,
        "quorum": {"met": outcome.quorum.met, "present": outcome.quorum.present, "needed": outcome.quorum.needed,
                   "base": outcome.quorum.base, "base_of": str(outcome.quorum.base_of)},
        "tally": _tally(outcome.tally),
        "groups": {
            group: {"seats": one.seats, "eligible": one.eligible, "present": one.present, "agrees": one.agrees, **_tally(one.tally)}
            for group, one in outcome.groups.items()
        },
        "marks": [[s.seat.stakeholder_group, mark(s, votes)] for s in roll],
        "before": [[s.seat.stakeholder_group, opinions[s.seat.pk]] for s in roll if s.seat.pk in opinions],
        "reasons": [{"code": str(r.code), "met": r.met, "params": r.params} for r in outcome.reasons],
        "changed": [[group, first, final, count] for (group, first, final), count in sorted(moved.changed(fitting).items())],
        "decisive": {"seats": len(decisive), "groups": sorted({s.group for s in seats if s.id in decisive})},
        "power": _shares(power_on_paper(charter, seats)),
        "power_as_voted": _shares(power_as_voted(charter, seats)),
        "charter": charters.dump(charter),
    }  # fmt: skip


def mark(standing: Standing, votes: Mapping[int, str]) -> str:
    """How a seat is drawn: yes, no, abstain, out (recused), absent, or silent."""
    if standing.outside:
        return "out"
    if standing.present is not True:
        return "absent"
    return votes.get(standing.seat.pk, "silent")


def _tally(tally) -> dict[str, int]:
    return {"yes": tally.yes, "no": tally.no, "abstain": tally.abstain, "silent": tally.silent}


_OPINIONS = ("support", "support_with_conditions", "come_back", "advise_against")
