"""A requirement + its evidence + a moment + the depth -> its status, with reasons as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ..conditions import Verdict, as_data, dates, evaluate
from ..depth import Depth
from .model import Framework, Need, Requirement
from .needs import NEEDS, Code, Evidence, Moment, NeedKinds, NeedResult, NeedState, Reason, Stance
from .screening import FrameworkLine


class Status(StrEnum):
    """Strongest first."""

    CONTESTED = "contested"
    MISSING = "missing"
    STALE = "stale"
    SUPPORTED = "supported"
    NOT_REQUIRED = "not_required"


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """The status of one claim. Until `next_change` (None: never) time alone changes nothing about it.

    `needs` is empty when the claim is not required, unless somebody contests it.
    """

    status: Status
    reasons: tuple[Reason, ...]
    needs: tuple[NeedResult, ...] = ()
    next_change: date | None = None


def requirement_status(
    requirement: Requirement,
    evidence: Iterable[Evidence],
    at: Moment,
    depth: Depth,
    facts: Mapping[str, Any],
    framework: FrameworkLine | None = None,
    kinds: NeedKinds = NEEDS,
) -> ClaimStatus:
    """The status of a requirement at this depth.

    `evidence` is all that may bear on this claim; contesting evidence must be about it. `framework` is the screening's
    line of its framework; without one the framework applies. Somebody who contests a claim is heard also where it was
    not required. A requirement that cannot be told to apply is required, and says so.
    """
    applies = evaluate(requirement.applies_when, facts, at.on)
    excuse = _excuse(requirement, applies, depth, framework)
    changes = _later(dates(requirement.applies_when), at)
    pieces = tuple(evidence)
    if excuse is not None and not _contesting(pieces, at):
        changes += _contest_changes(pieces, at)
        return ClaimStatus(Status.NOT_REQUIRED, (excuse,), (), min(changes, default=None))
    judged = needs_status(requirement.needs, pieces, at, kinds)
    doubts = tuple(_doubts(applies, framework)) if excuse is None else (excuse,)
    changes += [judged.next_change] if judged.next_change else []
    return ClaimStatus(judged.status, (*judged.reasons, *doubts), judged.needs, min(changes, default=None))


def needs_status(
    needs: Sequence[Need], evidence: Iterable[Evidence], at: Moment, kinds: NeedKinds = NEEDS
) -> ClaimStatus:
    """The status of anything that has needs and is required: also a condition that a decision set.

    Contested when contesting evidence is valid on the day; otherwise as bad as the worst of its needs.
    """
    pieces = tuple(evidence)
    results = tuple(kinds.check(need, pieces, at) for need in needs)
    contests = tuple(_contesting(pieces, at))
    states = {result.state for result in results}
    if contests:
        status = Status.CONTESTED
    elif NeedState.MISSING in states:
        status = Status.MISSING
    elif NeedState.STALE in states:
        status = Status.STALE
    else:
        status = Status.SUPPORTED
    order = (NeedState.MISSING, NeedState.STALE, NeedState.MET)
    worst_first = sorted(results, key=lambda result: order.index(result.state))
    reasons = (*contests, *(reason for result in worst_first for reason in result.reasons))
    changes = [result.changes_on for result in results if result.changes_on] + _contest_changes(pieces, at)
    return ClaimStatus(status, reasons, results, min(changes, default=None))


def framework_statuses(
    framework: Framework,
    evidence: Mapping[str, Sequence[Evidence]] | Sequence[Evidence],
    at: Moment,
    line: FrameworkLine,
    facts: Mapping[str, Any],
    depth: Depth | None = None,
    kinds: NeedKinds = NEEDS,
) -> dict[str, ClaimStatus]:
    """The status of every requirement of a framework, by id. `evidence`: one list for all of them, or a list by id.
    `depth` is the line's own unless another is given (a case may be deeper than one of its frameworks)."""
    return {
        requirement.id: requirement_status(
            requirement,
            evidence.get(requirement.id, ()) if isinstance(evidence, Mapping) else evidence,
            at,
            depth or line.depth,
            facts,
            line,
            kinds,
        )
        for requirement in framework.requirements
    }


def _excuse(requirement: Requirement, applies: Verdict, depth: Depth, framework: FrameworkLine | None) -> Reason | None:
    if framework is not None and framework.applies is False:
        because = as_data(framework.because)
        return Reason(Code.FRAMEWORK_DOES_NOT_APPLY, {"framework": framework.pack, "because": because})
    if applies.truth is False:
        return Reason(Code.DOES_NOT_APPLY, {"because": as_data(applies.because)})
    if depth < requirement.depth:
        return Reason(Code.BELOW_DEPTH, {"depth": depth.value, "asked_from": requirement.depth.value})
    return None


def _doubts(applies: Verdict, framework: FrameworkLine | None) -> Iterable[Reason]:
    if applies.truth is None:
        yield Reason(Code.MAY_NOT_APPLY, {"facts": list(applies.needs)})
    if framework is not None and framework.applies is None:
        yield Reason(Code.FRAMEWORK_MAY_NOT_APPLY, {"framework": framework.pack, "facts": list(framework.needs)})


def _contesting(evidence: Iterable[Evidence], at: Moment) -> list[Reason]:
    return [
        Reason(
            Code.CONTESTED_BY,
            {"source": e.source, "kind": e.kind, "key": e.key, "since": e.valid_from.isoformat()},
        )
        for e in evidence
        if e.stance is Stance.CONTESTS and e.valid_from <= at.on and (e.valid_until is None or at.on <= e.valid_until)
    ]


def _contest_changes(evidence: Iterable[Evidence], at: Moment) -> list[date]:
    days = []
    for piece in evidence:
        if piece.stance is Stance.CONTESTS:
            days.append(piece.valid_from)
            if piece.valid_until is not None and piece.valid_until < date.max:
                days.append(piece.valid_until + timedelta(days=1))
    return _later(days, at)


def _later(days: Iterable[date], at: Moment) -> list[date]:
    return [day for day in days if day > at.on]
