"""Evidence, and whether it meets a need. Kinds of needs are registered; each has one pure checker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ..conditions import (
    NOT_APPLICABLE,
    UNANSWERED,
    Subject,
    Withheld,
    as_data,
    dates,
    evaluate,
    is_missing,
    names,
    value_from_data,
)
from .model import Need


class Stance(StrEnum):
    SUPPORTS = "supports"
    CONTESTS = "contests"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What supports or contests a claim.

    `kind` and `key` match needs: ("document", "dpia"), ("answers", "child-rights-screening"). For answers `params`
    holds `{"answers": {item: value}}`, only those that count (hidden ones dropped), and under `outdated` the items that were
    taken over from someone who says something else by now. It is good from `valid_from` to `valid_until`, both included; a need's
    `max_age` may end it sooner. `system_version`: the version it is about, empty when it is bound to none.
    """

    kind: str
    source: str
    valid_from: date
    key: str = ""
    stance: Stance = Stance.SUPPORTS
    valid_until: date | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    hash: str = ""
    system_version: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """The day on which a status is computed, and the version of the system that is in use ("" when there is none)."""

    on: date
    system_version: str = ""


class Code(StrEnum):
    """Why a need or a claim has its status. Worded elsewhere, in the reader's language; params as listed."""

    SUPPORTED_BY = "supported_by"  # need, source, until (or null)
    NO_EVIDENCE = "no_evidence"  # need, kind
    NONE_OF = "none_of"  # need, alternatives: [{kind, key: the instrument's id, label: words by language, or null}]
    ITEMS_UNANSWERED = "items_unanswered"  # need, source, items
    ITEMS_WITHHELD = "items_withheld"  # need, source, items
    ANSWERS_SAY_NO = "answers_say_no"  # need, source, because
    ANSWERS_CANNOT_TELL = "answers_cannot_tell"  # need, source, items
    CANNOT_BE_MET_YET = "cannot_be_met_yet"  # need, kind
    NOT_VALID_YET = "not_valid_yet"  # need, source, from
    TOO_OLD = "too_old"  # need, source, from, max_age, ended
    ENDED = "ended"  # need, source, ended
    EARLIER_VERSION = "earlier_version"  # need, source, then, now
    ITEMS_OUTDATED = "items_outdated"  # need, source, items
    NOT_EXAMINED = "not_examined"  # need, source, groups
    DISPARITY_SHOWN = "disparity_shown"  # need, source, comparisons
    NOT_ENOUGH_DATA = "not_enough_data"  # need, source, comparisons
    LIMIT_TOO_WIDE = "limit_too_wide"  # need, source, delta, used
    CONTESTED_BY = "contested_by"  # source, kind, key, since
    BELOW_DEPTH = "below_depth"  # depth, asked_from
    DOES_NOT_APPLY = "does_not_apply"  # because
    MAY_NOT_APPLY = "may_not_apply"  # facts
    NO_LONGER_ASKED = "no_longer_asked"  # the framework's newest version does not have it
    FRAMEWORK_DOES_NOT_APPLY = "framework_does_not_apply"  # framework, because
    FRAMEWORK_MAY_NOT_APPLY = "framework_may_not_apply"  # framework, facts


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as JSON data."""

    code: Code
    params: Mapping[str, Any] = field(default_factory=dict)


class NeedState(StrEnum):
    MET = "met"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class NeedResult:
    """How one need stands. `changes_on`: the first later day on which time alone may change it."""

    need: str
    kind: str
    state: NeedState
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...] = ()
    changes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether one piece of evidence is the right one for a need, leaving its age aside; `code` says why not."""

    ok: bool
    code: Code = Code.NO_EVIDENCE
    params: Mapping[str, Any] = field(default_factory=dict)


Checker = Callable[[Need, Sequence[Evidence], Moment], NeedResult]


class NeedKinds:
    """The kinds of evidence that this installation can produce, with how a need of each is checked."""

    def __init__(self) -> None:
        self._checkers: dict[str, Checker] = {}

    def register(self, kind: str, checker: Checker) -> None:
        """Make a kind known. The checker is pure; it gets the supporting evidence of its kind. Raises ValueError when
        another checker holds that kind already."""
        if self._checkers.get(kind, checker) is not checker:
            raise ValueError(f"evidence kind {kind!r} is registered already")
        self._checkers[kind] = checker

    def kinds(self) -> frozenset[str]:
        return frozenset(self._checkers)

    def check(self, need: Need, evidence: Iterable[Evidence], at: Moment) -> NeedResult:
        """The state of one need. An unregistered kind is missing and says that it cannot be met yet here."""
        if need.any_of:
            pieces = tuple(evidence)
            return one_of(need, [self.check(each, pieces, at) for each in need.any_of], pieces)
        checker = self._checkers.get(need.kind)
        if checker is None:
            reason = Reason(Code.CANNOT_BE_MET_YET, {"need": need.id, "kind": need.kind})
            return NeedResult(need.id, need.kind, NeedState.MISSING, (reason,))
        mine = [e for e in evidence if e.kind == need.kind and e.stance is Stance.SUPPORTS]
        return checker(need, mine, at)


def one_of(need: Need, results: Sequence[NeedResult], evidence: Sequence[Evidence]) -> NeedResult:
    """The state that the best alternative gives. Answers that say no are not outweighed by better ones that are no newer:
    two instruments that contradict each other settle nothing until somebody has looked again."""
    begins = {piece.source: piece.valid_from for piece in evidence}

    def newest(result: NeedResult) -> date:
        return max((begins[source] for source in result.sources if source in begins), default=date.min)

    against = [result for result in results if any(reason.code is Code.ANSWERS_SAY_NO for reason in result.reasons)]
    since = max(map(newest, against), default=date.min)
    changes = min((result.changes_on for result in results if result.changes_on), default=None)
    for state in (NeedState.MET, NeedState.STALE):
        holding = [result for result in results if result.state is state and newest(result) > since]
        if holding:
            best = max(holding, key=newest)
            return NeedResult(need.id, need.kind, state, best.reasons, best.sources, changes)
    nothing = (Code.NO_EVIDENCE, Code.CANNOT_BE_MET_YET)
    begun = [each for each in results if each.state is NeedState.MISSING and each.reasons[0].code not in nothing]
    if begun:
        reasons = tuple(reason for result in begun for reason in result.reasons)
        sources = tuple(source for result in begun for source in result.sources)
        return NeedResult(need.id, need.kind, NeedState.MISSING, reasons, sources, changes)
    named = [
        {"kind": each.kind, "key": each.params.get("instrument", ""), "label": dict(each.label) if each.label else None}
        for each in need.any_of
    ]
    reason = Reason(Code.NONE_OF, {"need": need.id, "alternatives": named})
    return NeedResult(need.id, need.kind, NeedState.MISSING, (reason,), (), changes)


def best_of(
    need: Need, evidence: Sequence[Evidence], at: Moment, fit: Callable[[Need, Evidence, date], Fit]
) -> NeedResult:
    """The state that the best piece of evidence gives: fitting and good, else fitting and run out, else nothing.

    What most checkers are made of: `fit` judges one piece, age and version are judged here.
    """
    changes = [day for day in (dates(need.when) if need.when else ()) if day > at.on]
    good: list[tuple[date | None, Evidence]] = []
    run_out: list[tuple[Evidence, Reason]] = []
    missing: list[tuple[Evidence, Reason]] = []
    for piece in evidence:
        judged = fit(need, piece, at.on)
        base = {"need": need.id, "source": piece.source}
        if piece.valid_from > at.on:
            changes.append(piece.valid_from)
            missing.append((piece, Reason(Code.NOT_VALID_YET, {**base, "from": piece.valid_from.isoformat()})))
        elif not judged.ok:
            missing.append((piece, Reason(judged.code, {**base, **judged.params})))
        elif (reason := _run_out(need, piece, at, base)) is not None:
            run_out.append((piece, reason))
        else:
            good.append((last_good_day(piece, need.max_age), piece))
    if good:
        until, piece = max(good, key=lambda pair: (pair[0] or date.max, pair[1].valid_from))
        if until is not None and until < date.max:
            changes.append(until + timedelta(days=1))
        params = {"need": need.id, "source": piece.source, "until": until.isoformat() if until else None}
        return _result(need, NeedState.MET, Reason(Code.SUPPORTED_BY, params), (piece.source,), changes)
    for state, pairs in ((NeedState.STALE, run_out), (NeedState.MISSING, missing)):
        if pairs:
            piece, reason = max(pairs, key=lambda pair: pair[0].valid_from)
            return _result(need, state, reason, (piece.source,), changes)
    nothing = Reason(Code.NO_EVIDENCE, {"need": need.id, "kind": need.kind})
    return _result(need, NeedState.MISSING, nothing, (), changes)


def last_good_day(piece: Evidence, max_age: int | None) -> date | None:
    """The last good day: the evidence's own end, or `max_age` days after its beginning. None: good for ever."""
    ends = [] if piece.valid_until is None else [piece.valid_until]
    if max_age is not None and max_age <= (date.max - piece.valid_from).days:
        ends.append(piece.valid_from + timedelta(days=max_age))
    return min(ends) if ends else None


def check_any(need: Need, evidence: Sequence[Evidence], at: Moment) -> NeedResult:
    """Checker for kinds where any good evidence will do: a decision, a condition reported as met."""
    return best_of(need, evidence, at, lambda need, piece, on: Fit(True))


def check_document(need: Need, evidence: Sequence[Evidence], at: Moment) -> NeedResult:
    """A document of the kind that the need names."""
    mine = [piece for piece in evidence if piece.key == need.params["document"]]
    return best_of(need, mine, at, lambda need, piece, on: Fit(True))


def check_answers(need: Need, evidence: Sequence[Evidence], at: Moment) -> NeedResult:
    """Answers to the need's instrument: its items are answered and its condition holds. Only the newest answers count:
    a better answer from last year does not outweigh this year's."""
    mine = [piece for piece in evidence if piece.key == need.params["instrument"]]
    begun = [piece for piece in mine if piece.valid_from <= at.on]
    latest = [max(begun, key=lambda piece: piece.valid_from)] if begun else []
    return best_of(need, [*latest, *(piece for piece in mine if piece.valid_from > at.on)], at, _answers_fit)


def _answers_fit(need: Need, piece: Evidence, on: date) -> Fit:
    answers = {item: value_from_data(value) for item, value in (piece.params.get("answers") or {}).items()}
    given = {item: answers.get(item, UNANSWERED) for item in need.items}
    withheld = [item for item, value in given.items() if isinstance(value, Withheld)]
    if withheld:
        return Fit(False, Code.ITEMS_WITHHELD, {"items": withheld})
    open_ = [item for item, value in given.items() if is_missing(value) and value is not NOT_APPLICABLE]
    if open_:
        return Fit(False, Code.ITEMS_UNANSWERED, {"items": open_})
    if need.when is None:
        return Fit(True)
    verdict = evaluate(need.when, answers, on)
    if verdict.truth is None:
        return Fit(False, Code.ANSWERS_CANNOT_TELL, {"items": list(verdict.needs)})
    return Fit(verdict.truth, Code.ANSWERS_SAY_NO, {"because": as_data(verdict.because)})


def _run_out(need: Need, piece: Evidence, at: Moment, base: Mapping[str, Any]) -> Reason | None:
    end = last_good_day(piece, need.max_age)
    if end is not None and end < at.on:
        params = {**base, "ended": end.isoformat()}
        if piece.valid_until is not None and piece.valid_until <= end:
            return Reason(Code.ENDED, params)
        return Reason(Code.TOO_OLD, {**params, "from": piece.valid_from.isoformat(), "max_age": need.max_age})
    if piece.system_version and at.system_version and piece.system_version != at.system_version:
        return Reason(Code.EARLIER_VERSION, {**base, "then": piece.system_version, "now": at.system_version})
    rests_on = {*need.items, *(names(need.when, Subject.ITEM) if need.when else ())}
    outdated = [item for item in piece.params.get("outdated") or () if item in rests_on]
    return Reason(Code.ITEMS_OUTDATED, {**base, "items": outdated}) if outdated else None


def _result(
    need: Need, state: NeedState, reason: Reason, sources: tuple[str, ...], changes: Sequence[date]
) -> NeedResult:
    return NeedResult(need.id, need.kind, state, (reason,), sources, min(changes, default=None))


NEEDS = NeedKinds()
"""The kinds of this installation. Rooms add theirs at start-up with `register`."""

register = NEEDS.register

register("answers", check_answers)
register("document", check_document)
register("decision", check_any)
