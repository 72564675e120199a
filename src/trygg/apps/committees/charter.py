"""The voting part of a charter as data: read, written, checked. Words for it stand in `words`."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from trygg.engines.deliberation import (
    AbsoluteMajority,
    Base,
    BlockConsent,
    Charter,
    Consensus,
    DoubleMajority,
    EmptyGroup,
    Presence,
    QualifiedMajority,
    Quorum,
    RuleError,
    Seat,
    SimpleMajority,
    evaluate,
)
from trygg.engines.deliberation.rules import Majority, Rule
from trygg.kernel.people.models import StakeholderGroup


class CharterError(ValueError):
    """The data is no charter. The message says where."""


def load(data: Mapping[str, Any]) -> Charter:
    """The engine's charter. CharterError for data that is none; RuleError for numbers that cannot be."""
    try:
        return Charter(quorum=_quorum(data["quorum"]), rule=_rule(data["rule"]))
    except RuleError:
        raise
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise CharterError(f"this is no charter: {error!r}") from error


def dump(charter: Charter) -> dict[str, Any]:
    """The charter as JSON; shares as text, so that two thirds stay two thirds."""
    quorum = charter.quorum
    return {
        "quorum": {
            "share": str(quorum.share),
            "more_than": quorum.more_than,
            "base": quorum.base.value,
            "presence": [
                {"groups": list(need.groups), "at_least": need.at_least, "share": str(need.share) if need.share else None}
                for need in quorum.presence
            ],
        },
        "rule": _dump_rule(charter.rule),
    }


def problem(charter: Charter, groups: Iterable[str]) -> RuleError | None:
    """What makes the charter impossible for a committee with seats of these groups, None when nothing does."""
    seats = [Seat(str(number), group) for number, group in enumerate(groups)]
    if not seats:
        return None
    try:
        evaluate(charter, seats, {})
    except RuleError as error:
        return error
    return None


def _groups(names: Iterable[str]) -> tuple[str, ...]:
    names = tuple(names)
    unknown = set(names) - set(StakeholderGroup.values)
    if unknown:
        raise ValueError(f"no stakeholder group is called {', '.join(sorted(unknown))}")
    return names


def _quorum(data: Mapping[str, Any]) -> Quorum:
    presence = tuple(
        Presence(_groups(need["groups"]), need.get("at_least", 1), Fraction(need["share"]) if need.get("share") else None)
        for need in data.get("presence") or ()
    )
    return Quorum(Fraction(data["share"]), data.get("more_than", False), Base(data.get("base", "eligible")), presence)


def _majority(data: Mapping[str, Any]) -> Majority:
    match data["kind"]:
        case "simple":
            return SimpleMajority()
        case "absolute":
            return AbsoluteMajority(Base(data.get("base", "eligible")))
        case "qualified":
            return QualifiedMajority(Fraction(data["share"]), Base(data.get("base", "eligible")))
    raise ValueError(f"no majority is called {data['kind']!r}")


def _rule(data: Mapping[str, Any]) -> Rule:
    empty = EmptyGroup(data.get("empty_group", "left_out"))
    overall = data.get("overall") or {"kind": "simple"}
    match data["kind"]:
        case "double":
            return DoubleMajority(data.get("groups_needed", 0), _groups(data.get("named") or ()), _majority(overall), empty)
        case "block":
            return BlockConsent(_groups(data["groups"]), data.get("at_least"), _majority(overall), empty)
        case "consensus":
            return Consensus(data.get("objections_allowed", 0), data.get("abstention_blocks", False))
    return _majority(data)


def _dump_rule(rule: Rule) -> dict[str, Any]:
    match rule:
        case SimpleMajority():
            return {"kind": "simple"}
        case AbsoluteMajority():
            return {"kind": "absolute", "base": rule.base.value}
        case QualifiedMajority():
            return {"kind": "qualified", "share": str(rule.share), "base": rule.base.value}
        case DoubleMajority():
            return {
                "kind": "double", "groups_needed": rule.groups_needed, "named": list(rule.named),
                "overall": _dump_rule(rule.overall), "empty_group": rule.empty_group.value,
            }  # fmt: skip
        case BlockConsent():
            return {
                "kind": "block", "groups": list(rule.groups), "at_least": rule.at_least, "overall": _dump_rule(rule.overall),
                "empty_group": rule.empty_group.value,
            }  # fmt: skip
        case Consensus():
            return {"kind": "consensus", "objections_allowed": rule.objections_allowed, "abstention_blocks": rule.abstention_blocks}
    raise TypeError(f"no rule: {rule!r}")
