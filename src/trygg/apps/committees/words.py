"""Words for rules, reasons, opinions and members, in the reader's language."""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.committees.models import AdviceKind, Dissent, Opinion, Seat
from trygg.apps.committees.standing import Bar
from trygg.engines.deliberation import RuleError, RuleErrorCode
from trygg.kernel.people.models import StakeholderGroup

FRACTIONS = {
    Fraction(1, 2): lambda: _("half"), Fraction(1, 3): lambda: _("one third"), Fraction(2, 3): lambda: _("two thirds"),
    Fraction(3, 4): lambda: _("three quarters"), Fraction(1): lambda: _("all"),
}  # fmt: skip


def group_name(group: str) -> str:
    return str(StakeholderGroup(group).label)


def listed(words: Iterable[str]) -> str:
    """A, B and C."""
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def groups_named(groups: Iterable[str]) -> str:
    return listed(group_name(group).lower() for group in groups)


def share(text: str) -> str:
    fraction = Fraction(text)
    return FRACTIONS[fraction]() if fraction in FRACTIONS else str(fraction)


def base(name: str) -> str:
    return {"eligible": _("the seats that are not recused"), "seats": _("all seats"), "cast": _("the votes for and against")}[name]


# --- the charter ---------------------------------------------------------------------------------------------------


def charter_lines(charter: Mapping[str, Any]) -> list[str]:
    """The charter's rules, a sentence each."""
    return [*_quorum_lines(charter["quorum"]), *_rule_lines(charter["rule"])]


def _quorum_lines(quorum: Mapping[str, Any]) -> list[str]:
    params = {"share": share(quorum["share"]), "base": base(quorum.get("base", "eligible"))}
    if quorum.get("more_than"):
        lines = [_("Quorum: more than %(share)s of %(base)s are present.") % params]
    else:
        lines = [_("Quorum: at least %(share)s of %(base)s are present.") % params]
    for need in quorum.get("presence") or ():
        n = need.get("at_least", 1)
        lines.append(
            ngettext("At least one from %(groups)s is present.", "At least %(n)d from %(groups)s are present.", n)
            % {"n": n, "groups": groups_named(need["groups"])}
        )
    return lines


def _rule_lines(rule: Mapping[str, Any]) -> list[str]:
    match rule["kind"]:
        case "simple":
            return [_("Majority: more vote for than against.")]
        case "absolute":
            return [_("Absolute majority: more than half of %(base)s vote for.") % {"base": base(rule.get("base", "eligible"))}]
        case "qualified":
            params = {"share": share(rule["share"]), "base": base(rule.get("base", "eligible"))}
            return [_("Qualified majority: at least %(share)s of %(base)s vote for.") % params]
        case "double":
            lines = _rule_lines(rule.get("overall") or {"kind": "simple"})
            if rule.get("groups_needed"):
                n = rule["groups_needed"]
                lines.append(
                    ngettext(
                        "Double majority: at least %(n)d group has more for than against.",
                        "Double majority: at least %(n)d groups have more for than against.", n,
                    ) % {"n": n}
                )  # fmt: skip
            if rule.get("named"):
                lines.append(_("These groups must each have more for than against: %(groups)s.") % {"groups": groups_named(rule["named"])})
            return lines
        case "block":
            lines = _rule_lines(rule.get("overall") or {"kind": "simple"})
            named = groups_named(rule["groups"])
            if rule.get("at_least"):
                return [*lines, _("At least %(n)d of %(groups)s vote for.") % {"n": rule["at_least"], "groups": named}]
            return [*lines, _("More of %(groups)s, taken together, vote for than against.") % {"groups": named}]
        case "consensus":
            n = rule.get("objections_allowed", 0)
            line = ngettext("Consensus: at most %(n)d vote against.", "Consensus: at most %(n)d votes against.", n) % {"n": n} if n else _(
                "Consensus: nobody votes against."
            )
            return [line, _("Who abstains counts as against.")] if rule.get("abstention_blocks") else [line]
    return []


def reason_line(reason: Mapping[str, Any]) -> str:
    """One test that the rule made, with its numbers."""
    p = reason["params"]
    match reason["code"]:
        case "quorum":
            return _("Quorum: %(present)d of %(base)d seats present, %(needed)d needed") % p
        case "presence":
            return _("%(present)d present from %(names)s, %(needed)d needed") % {**p, "names": groups_named(p["groups"])}
        case "more_yes_than_no":
            return _("%(yes)d for and %(no)d against") % p
        case "enough_yes":
            return _("%(yes)d for, %(needed)d needed") % p
        case "enough_groups":
            return _("%(agreeing)d of %(groups)d groups agree, %(needed)d needed") % p
        case "group_agrees":
            name = group_name(p["group"])
            return (_("%(group)s agree") if reason["met"] else _("%(group)s do not agree")) % {"group": name}
        case "group_left_out":
            return _("%(group)s: every seat is recused, so the group was not asked") % {"group": group_name(p["group"])}
        case "block_agrees":
            return _("%(names)s together: %(yes)d for and %(no)d against") % {**p, "names": groups_named(p["groups"])}
        case "block_yes":
            return _("%(names)s together: %(yes)d for, %(needed)d needed") % {**p, "names": groups_named(p["groups"])}
        case "block_left_out":
            return _("%(names)s: every seat is recused, so they were not asked") % {"names": groups_named(p["groups"])}
        case "some_yes":
            return _("%(yes)d for, at least one needed") % p
        case "few_objections":
            return _("%(objections)d against, at most %(allowed)d allowed") % p
    return reason["code"]


def rule_error(error: RuleError) -> str:
    """Why a charter cannot be used, and what to do."""
    match error.code:
        case RuleErrorCode.UNKNOWN_GROUP:
            return _("The charter names %(group)s, but no seat belongs to them. Fill a seat or change the charter.") % {
                "group": group_name(str(error.params["group"])).lower()
            }
        case RuleErrorCode.TOO_FEW_GROUPS:
            return _("The rule needs %(needed)d groups to agree, but only %(groups)d have seats. Fill seats or change the charter.") % error.params
        case RuleErrorCode.TOO_FEW_SEATS:
            return _("The charter needs %(needed)d seats of groups that have only %(seats)d. Fill seats or change the charter.") % error.params
        case RuleErrorCode.NO_GROUP_NAMED:
            return _("Say how many groups must agree, or which.")
        case RuleErrorCode.SHARE_NOT_EXACT | RuleErrorCode.SHARE_OUT_OF_RANGE:
            return _("A share is written as a fraction between 0 and 1, such as 1/2 or 2/3. More than all can never be met.")
        case RuleErrorCode.COUNT_OUT_OF_RANGE:
            return _("A number of seats, groups or objections is out of range.")
    return _("The charter and the votes do not fit one another: %(problem)s") % {"problem": str(error)}


# --- members -------------------------------------------------------------------------------------------------------

BARS = {
    Bar.VENDOR: lambda: _("works for a vendor of AI systems"),
    Bar.ANSWERS_FOR_IT: lambda: _("answers for the system or may pause it"),
    Bar.OWNER_LINE: lambda: _("is an officer of the organisation that owns the matter"),
    Bar.DECIDING_LINE: lambda: _("belongs to the organisation that decides"),
}
BARRED = {
    Bar.VENDOR: lambda: _("You work for a vendor of AI systems. Vendors may be heard, but they give no opinion and no vote."),
    Bar.ANSWERS_FOR_IT: lambda: _("You answer for this system, or may pause it. Who answers for it does not advise on it."),
    Bar.OWNER_LINE: lambda: _("You are an officer of the organisation that owns the matter. The line of those who decide does not advise."),
    Bar.DECIDING_LINE: lambda: _("You belong to the organisation that decides on the matter. Those who decide do not advise themselves."),
}


def bar(code: Bar) -> str:
    """Why a member is barred, as a clause after the name."""
    return BARS[code]()


def barred(code: Bar) -> str:
    """Said to the member."""
    return BARRED[code]()


MEMBERS = {
    "children": lambda n: ngettext("%(n)d youth member", "%(n)d youth members", n),
    "parents": lambda n: ngettext("%(n)d member for parents", "%(n)d members for parents", n),
    "safeguarding": lambda n: ngettext("%(n)d member for safeguarding professionals", "%(n)d members for safeguarding professionals", n),
    "developers": lambda n: ngettext("%(n)d member for AI developers", "%(n)d members for AI developers", n),
    "policymakers": lambda n: ngettext("%(n)d member for policymakers", "%(n)d members for policymakers", n),
    "researchers": lambda n: ngettext("%(n)d member for researchers", "%(n)d members for researchers", n),
    "civil_society": lambda n: ngettext("%(n)d member for civil society", "%(n)d members for civil society", n),
}


def members(groups: Iterable[str]) -> str:
    """Members by group, without names: 2 youth members and 1 member for parents."""
    order = list(StakeholderGroup.values)
    counted = Counter(groups)
    return listed(MEMBERS[group](n) % {"n": n} for group, n in sorted(counted.items(), key=lambda pair: order.index(pair[0])))


def dissent_by(dissent: Dissent, joined: Iterable[Seat]) -> str:
    """Whose own words they are, by group."""
    with_them = [seat.stakeholder_group for seat in joined]
    by = members([dissent.seat.stakeholder_group])
    return _("%(members)s, supported by %(others)s") % {"members": by, "others": members(with_them)} if with_them else by


def opinion(value: str) -> str:
    return str(Opinion(value).label) if value in Opinion.values else value


def opinions(values: Iterable[str]) -> str:
    """1 support, 2 advise against."""
    counted = Counter(values)
    return ", ".join(f"{counted[value]} {str(Opinion(value).label).lower()}" for value in Opinion.values if counted[value])


def kind(value: str) -> str:
    return str(AdviceKind(value).label)


BALLOTS = {"yes": lambda: _("for"), "no": lambda: _("against"), "abstain": lambda: _("abstention")}


def changed_line(change: list) -> str:
    """One change of mind: 1 member for parents went from come back with more to against."""
    group, first, final, count = change
    return _("%(members)s went from “%(first)s” to “%(final)s”") % {
        "members": members([group] * count), "first": opinion(first).lower(), "final": BALLOTS[final](),
    }  # fmt: skip


def tally_line(tally: Mapping[str, int]) -> str:
    """7 voted for and 3 against. 1 abstained."""
    line = _("%(yes)d voted for and %(no)d against.") % {"yes": tally["yes"], "no": tally["no"]}
    if tally["abstain"]:
        line += " " + ngettext("%(n)d abstained.", "%(n)d abstained.", tally["abstain"]) % {"n": tally["abstain"]}
    if tally["silent"]:
        line += " " + ngettext("%(n)d gave no vote.", "%(n)d gave no vote.", tally["silent"]) % {"n": tally["silent"]}
    return line


def kind_with_count(kind: str, conditions: int) -> str:
    """support with two conditions: the number is said where there are conditions."""
    if not conditions:
        return kind
    return ngettext("support with %(n)d condition", "support with %(n)d conditions", conditions) % {"n": conditions}


def outside_line(n: int) -> str:
    return ngettext("%(n)d member took no part, being recused.", "%(n)d members took no part, being recused.", n) % {"n": n}


def counted(n: int) -> str:
    """A small number in letters, as a heading begins: Three."""
    return {1: _("One"), 2: _("Two"), 3: _("Three")}.get(n, str(n))
