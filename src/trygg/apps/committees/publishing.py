"""What the committee's advice and its answer say on a matter's public page: groups and own words, never a member's name.

First opinions and changes of mind stay around the table; votes are told by group.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.committees import words
from trygg.apps.committees.models import AdviceKind, Condition, Dissent, Item
from trygg.apps.committees.selectors import ITEM_RELATED, answer_line, public_advice, with_advice
from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import StakeholderGroup
from trygg.kernel.ui.words import fullday
from trygg.spine.matters.models import Matter
from trygg.spine.publication import sections

LANGUAGES = ("en", "sv")
ITEMS = "committees.items"  # what the case page keeps under this name: the items that the reader may see
CHILD = {
    AdviceKind.SUPPORT: lambda: _("They said yes."),
    AdviceKind.WITH_CONDITIONS: lambda: _("They said yes, if some things get better."),
    AdviceKind.COME_BACK: lambda: _("They want to know more first."),
    AdviceKind.ADVISE_AGAINST: lambda: _("They said no."),
    AdviceKind.REFER: lambda: _("They asked someone else to look at it."),
}


def register() -> None:
    """Called once, when the application starts."""
    sections.register("committees.advice", 20, advice_section, missing=lambda: _("No committee has given advice."), read=latest_advised)
    sections.register("committees.decision", 30, decision_section, read=latest_advised)


def latest_advised(matter: Matter, kept: dict) -> Item | None:
    """The item of the latest advice, out of `kept` when the page has it already. What stands here is public by its nature, so no
    reader is asked for."""
    rows = restrict(Actor.system("publication"), "committees.view_item").filter(agenda__matter=matter)
    rows = rows.filter(state__in=(Item.State.ADVISED, Item.State.ANSWERED)).order_by("-agenda__meeting__starts_at", "-pk")
    latest = rows.values_list("pk", flat=True).first()
    at_hand = {item.pk: item for item in kept.get((ITEMS, matter.pk), ())}
    if latest is None or latest in at_hand:
        return at_hand.get(latest)
    return with_advice(rows.select_related(*ITEM_RELATED, "advice__decision")).get(pk=latest)


def advice_section(matter: Matter, now: datetime, item: Item | None) -> dict | None:
    """The advice of `item` with its votes by group, conditions and dissent; None before there is one."""
    if item is None:
        return None
    advice = item.advice
    conditions, dissents = list(item.conditions.all()), list(item.dissents.all())
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


def decision_section(matter: Matter, now: datetime, item: Item | None) -> dict | None:
    """The answer of the body that decides, or its silence; None before there is an advice to answer."""
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
