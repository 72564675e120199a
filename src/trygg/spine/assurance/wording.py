"""Reasons are data; here they become sentences in the reader's language."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.kernel.ui.words import fullday
from trygg.spine.assurance.models import Depth, Status
from trygg.spine.frameworks.selectors import words

STATE_OF = {
    "supported_by": "supported",
    "too_old": "stale",
    "ended": "stale",
    "earlier_version": "stale",
    "items_outdated": "stale",
    "contested_by": "contested",
}
KINDS = {
    "answers": lambda: _("answers in the assessment"),
    "document": lambda: _("a document"),
    "decision": lambda: _("a decision by the responsible body"),
    "fairness_audit": lambda: _("a bias audit"),
    "consultation": lambda: _("a consultation with children"),
    "training": lambda: _("training"),
    "agreement": lambda: _("an agreement on data"),
    "condition_met": lambda: _("proof that the condition is met"),
}


def reason_state(reason: Mapping) -> str:
    """Which of the four states' icon stands before the reason."""
    return STATE_OF.get(reason["code"], "missing")


def kind_word(kind: str) -> str:
    """What kind of evidence it is, in words."""
    return KINDS[kind]() if kind in KINDS else kind


def reason_text(reason: Mapping, titles: Mapping[str, str], facts: Mapping[str, str]) -> str:
    """One sentence. `titles`: evidence id -> title; `facts`: fact name -> question."""
    p = reason.get("params") or {}
    title = titles.get(str(p.get("source", "")), "")
    match reason["code"]:
        case "supported_by":
            until = p.get("until")
            return _("«%(title)s» holds until %(day)s.") % {"title": title, "day": _day(until)} if until else _("«%(title)s» holds.") % {"title": title}
        case "no_evidence":
            return _("There is no %(kind)s yet.") % {"kind": _without_article(p.get("kind", ""))}
        case "none_of":
            named = [f"«{words(each['label'])}»" if each.get("label") else kind_word(each["kind"]) for each in p.get("alternatives", [])]
            return _("One of these is enough, and none is here yet: %(list)s.") % {"list": ", ".join(dict.fromkeys(named))}
        case "items_unanswered":
            n = len(p.get("items", []))
            return ngettext("One question in the assessment has no answer.", "%(n)d questions in the assessment have no answer.", n) % {"n": n}
        case "items_withheld":
            return _("An answer is withheld, so it cannot be told.")
        case "answers_say_no":
            return _("The answers in the assessment say that it does not hold.")
        case "answers_cannot_tell":
            return _("The answers do not settle it: something is not known yet.")
        case "cannot_be_met_yet":
            return _("It needs %(kind)s, which cannot be made here yet.") % {"kind": kind_word(p.get("kind", ""))}
        case "not_valid_yet":
            return _("«%(title)s» holds from %(day)s.") % {"title": title, "day": _day(p.get("from"))}
        case "too_old" | "ended":
            return _("«%(title)s» ran out on %(day)s.") % {"title": title, "day": _day(p.get("ended"))}
        case "earlier_version":
            return _("«%(title)s» is about version %(then)s. Version %(now)s is in use.") % {"title": title, "then": p.get("then"), "now": p.get("now")}
        case "items_outdated":
            return ngettext(
                "In «%(title)s» it rests on an answer that the vendor has changed since.",
                "In «%(title)s» it rests on %(n)d answers that the vendor has changed since.",
                len(p.get("items", [])),
            ) % {"title": title, "n": len(p.get("items", []))}
        case "not_examined":
            groups = ", ".join(p.get("groups", []))
            if groups:
                return _("«%(title)s» did not look at %(groups)s.") % {"title": title, "groups": groups}
            return _("«%(title)s» declared no comparison that answers this.") % {"title": title}
        case "disparity_shown":
            return ngettext(
                "«%(title)s» shows a difference that was called too large beforehand.",
                "«%(title)s» shows %(n)d differences that were called too large beforehand.",
                p.get("comparisons", 1),
            ) % {"title": title, "n": p.get("comparisons", 1)}
        case "not_enough_data":
            return _("«%(title)s» can't tell: there are too few children, or the difference is not shown to be small.") % {"title": title}
        case "limit_too_wide":
            return _("«%(title)s» allowed a larger difference (%(used)s points) than the claim does (%(delta)s).") % {
                "title": title, "used": f"{100 * p.get('used', 0):g}", "delta": f"{100 * p.get('delta', 0):g}",
            }  # fmt: skip
        case "contested_by":
            return _("%(title)s. It was raised on %(day)s and is not settled.") % {"title": title.rstrip("."), "day": _day(p.get("since"))}
        case "below_depth":
            asked, now = (str(Depth(p[name]).label).lower() for name in ("asked_from", "depth"))
            return _("This is a %(now)s. It is asked from a %(depth)s.") % {"depth": asked, "now": now}
        case "no_longer_asked":
            return _("The newest version of the framework does not ask for it any more.")
        case "does_not_apply":
            return _("It does not apply here.") + _because(p.get("because"), facts)
        case "may_not_apply" | "framework_may_not_apply":
            return _("Whether it applies cannot be told yet: %(facts)s") % {"facts": "; ".join(facts.get(f, f) for f in p.get("facts", []))}
        case "framework_does_not_apply":
            return _("The framework does not apply here.") + _because(p.get("because"), facts)
    return reason["code"]


def _without_article(kind: str) -> str:
    words = {
        "answers": _("answer in the assessment"), "document": _("document of that kind"), "decision": _("decision"),
        "fairness_audit": _("bias audit"), "consultation": _("consultation"), "training": _("training"),
        "agreement": _("agreement"), "condition_met": _("proof"),
    }  # fmt: skip
    return words.get(kind, kind)


def _because(grounds: list | None, facts: Mapping[str, str]) -> str:
    named = [f"{facts.get(g['name'], g['name'])} {said_of(g['name'], g.get('value'), facts)}" for g in grounds or []]
    return " " + _("Why: %(facts)s.") % {"facts": "; ".join(named)} if named else ""


class FactWords(dict[str, str]):
    """Fact name -> its question; and the words of its choices. `public`: counts under `SMALL` are not told, since a handful of
    children may be known to their neighbours."""

    def __init__(self, questions: Mapping[str, str], choices: Mapping[str, Mapping[str, str]], *, public: bool = False):
        super().__init__(questions)
        self.choices, self.public = choices, public


SMALL = 10


def said_of(name: str, value: object, facts: Mapping[str, str]) -> str:
    """The value of the fact of that name in words: a choice by its label."""
    labels = facts.choices.get(name, {}) if isinstance(facts, FactWords) else {}
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(member, str(member)) for member in value)
    if isinstance(facts, FactWords) and facts.public and isinstance(value, int | float) and not isinstance(value, bool) and value < SMALL:
        return _("fewer than %(number)d") % {"number": SMALL}
    return labels[value] if isinstance(value, str) and value in labels else said(value)


def said(value: object) -> str:
    """A fact's value in words."""
    match value:
        case True:
            return _("Yes")
        case False:
            return _("No")
        case {"state": "unknown"}:
            return _("not known yet")
        case {"state": "not_applicable"}:
            return _("does not apply")
        case {"state": "unanswered"} | None:
            return _("not answered")
        case {"state": "withheld"}:
            return _("withheld")
        case list() | tuple():
            return ", ".join(str(member) for member in value)
    return str(value)


def _day(value: str | None) -> str:
    return fullday(date.fromisoformat(value)) if value else ""


def sentence(counts: Mapping[str, int]) -> str:
    """How things stand, in one or two sentences."""
    total = sum(counts.get(state, 0) for state in Status.values if state != Status.NOT_REQUIRED)
    if not total:
        return _("No claims yet. Answer the first questions, then they appear here.")
    first = _("Of %(total)d claims %(supported)d are supported.") % {"total": total, "supported": counts.get("supported", 0)}
    open_ = counts.get("contested", 0)
    if open_:
        first += " " + ngettext("One is contested.", "%(n)d are contested.", open_) % {"n": open_}
    return first
