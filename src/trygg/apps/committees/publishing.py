"""What the committee's advice and its answer say on a matter's public page: groups and own words, never a member's name.

First opinions and changes of mind stay around the table; votes are told by group.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.committees import words
from trygg.apps.committees.models import AdviceKind, Condition, Dissent, Item
from trygg.apps.committees.selectors import answer_line, items_about, public_advice
from trygg.kernel.access import Actor
from trygg.kernel.people.models import StakeholderGroup
from trygg.kernel.ui.words import fullday
from trygg.spine.matters.models import Matter
from trygg.spine.publication import sections

LANGUAGES = ("en", "sv")
CHILD = {
    AdviceKind.SUPPORT: lambda: _("They said yes."),
    AdviceKind.WITH_CONDITIONS: lambda: _("They said yes, if some things get better."),
    AdviceKind.COME_BACK: lambda: _("They want to know more first."),
    AdviceKind.ADVISE_AGAINST: lambda: _("They said no."),
    AdviceKind.REFER: lambda: _("They asked someone else to look at it."),
}


def register() -> None:
    """Called once, when the application starts."""
    sections.register("committees.advice", 20, advice_section, missing=lambda: _("No committee has given advice."))
    sections.register("committees.decision", 30, decision_section)


def _latest(matter: Matter) -> Item | None:
    """The item of the latest advice. What stands here is public by its nature, so no reader is asked for."""
    advised = (item for item in items_about(Actor.system("publication"), matter) if item.reached(Item.State.ADVISED))
    return next(advised, None)


def advice_section(matter: Matter, now: datetime) -> dict | None:
    """The latest advice with its votes by group, conditions and dissent; None before there is one."""
    item = _latest(matter)
    if item is None:
        return None
    advice = item.advice
    conditions = list(item.conditions.select_related("owner__organisation"))
    dissents = list(item.dissents.select_related("seat").prefetch_related("joined"))
    paragraphs = [sections.said(advice.reasons), sections.both(lambda: words.tally_line(advice.result["tally"]))]
    if advice.preliminary:
        paragraphs.append(sections.both(lambda: _("The committee was not quorate, so the advice is preliminary.")))
    return {
        "heading": sections.both(lambda: _("Advice from %(committee)s") % {"committee": item.committee.name}),
        "lede": sections.both(lambda: _kind(advice.kind, len(conditions))),
        "date": timezone.localdate(advice.given_at).isoformat(),
        "child": sections.both(lambda: _for_children(item)),
        "paragraphs": paragraphs,
        "items": [_condition(condition) for condition in conditions],
        "quotes": [_quote(dissent) for dissent in dissents],
        "seats": _seats(item),
        "facts": [
            {"label": sections.both(lambda: _("Frozen snapshot")), "value": sections.both(lambda: fullday(item.snapshot.made_at))},
            {"label": sections.both(lambda: _("Check code of the advice")), "value": sections.said(advice.content_hash[:16])},
        ],
    }


def decision_section(matter: Matter, now: datetime) -> dict | None:
    """The answer of the body that decides, or its silence; None before there is an advice to answer."""
    item = _latest(matter)
    if item is None:
        return None
    answer = public_advice(item, today=timezone.localdate(now))
    decision = answer.decision
    if decision is None:
        return {
            "heading": sections.both(lambda: _("Answer of the body that decides")),
            "lede": sections.both(lambda: answer_line(answer)),
        }
    stored = item.advice.decision
    left_out = [condition for condition in item.conditions.all() if condition.taken_on is False]
    return {
        "heading": sections.both(lambda: _("%(body)s answers") % {"body": decision.body}),
        "lede": sections.both(lambda: str(stored.get_answer_display())),
        "date": decision.decided_on.isoformat(),
        "paragraphs": [sections.said(decision.reasons)],
        "items": [{"text": _text(condition), "note": sections.both(lambda: _("not taken on"))} for condition in left_out],
        "facts": [{"label": sections.both(lambda: _("Reference of the minutes")), "value": sections.said(decision.minute_reference)}],
    }


def _kind(kind: str, conditions: int) -> str:
    said = words.kind_with_count(words.kind(kind).lower(), conditions)
    return said[:1].upper() + said[1:]


def _for_children(item: Item) -> str:
    young = item.result["groups"].get(StakeholderGroup.CHILDREN, {}).get("present", 0)
    who = _("A group of children and grown-ups has talked about this.") if young else _("A group of grown-ups has talked about this.")
    return f"{who} {CHILD[AdviceKind(item.advice.kind)]()}"


def _text(condition: Condition) -> dict[str, str]:
    """A condition in the languages it was written in."""
    return {language: condition.text[language] for language in LANGUAGES if condition.text.get(language)} or sections.said(condition.words("en"))


def _condition(condition: Condition) -> dict:
    found: dict = {"text": _text(condition)}
    if condition.owner is not None:
        found["note"] = sections.said(condition.owner.organisation.name)
    if condition.due_on is not None:
        found["due_on"] = condition.due_on.isoformat()
    return found


def _quote(dissent: Dissent) -> dict:
    joined = list(dissent.joined.all())
    return {"text": sections.said(dissent.text), "by": sections.both(lambda: words.dissent_by(dissent, joined))}


def _seats(item: Item) -> list[dict]:
    marks = item.advice.result["marks"]
    rows = []
    for group in StakeholderGroup.values:
        votes = [vote for name, vote in marks if name == group]
        if votes:
            rows.append({"group": sections.both(lambda group=group: words.group_name(group)), "places": len(votes), "votes": sorted(votes, reverse=True)})
    return rows
