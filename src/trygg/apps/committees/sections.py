"""What committees say in papers about a matter: advice with its reasons and conditions, dissent, the decision. Groups, never names."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.committees import words
from trygg.apps.committees.models import Advice, Decision, Dissent, Item
from trygg.apps.committees.selectors import PublicAdvice, answer_line, items_about, public_advice
from trygg.kernel.access import Actor
from trygg.kernel.ui.words import fullday
from trygg.spine.matters.models import Matter
from trygg.spine.papers import package, record, sections

State = Item.State


def register() -> None:
    """Called once, when the application starts."""
    sections.register("committees.advice", 70, advice, missing=lambda: _("No committee has given advice."))
    sections.register("committees.dissent", 75, dissent)
    sections.register("committees.decision", 80, decision, missing=lambda: _("No decision has been taken in answer to an advice."))
    package.register_content("advice", content)
    record.register_subjects(subjects)


def advised(matter: Matter, actor: Actor, now: datetime) -> list[tuple[Item, PublicAdvice]]:
    """Items with their advice, latest first, that the actor may see."""
    today = timezone.localdate(now)
    return [(item, public_advice(item, today=today)) for item in items_about(actor, matter) if item.reached(State.ADVISED)]


def advice(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """The latest advice; in the full report earlier ones, too. Before there is one: which committee has the matter before it."""
    found = advised(matter, actor, now)
    if not found:
        return _waiting(matter, actor)
    item, latest = found[0]
    kind = words.kind_with_count(latest.kind_words.lower(), len(latest.conditions))
    said = [latest.reasons, latest.tally_words]
    if latest.preliminary:
        said.append(_("The committee was not quorate, so the advice is preliminary."))
    conditions = [_condition(condition) for condition in latest.conditions]
    listed = [sections.items(*conditions, numbered=True)] if conditions else []
    short = [*(sections.text(line) for line in said if line), *listed]
    blocks = list(short)
    head = [_("Group"), _("Seats"), _("For"), _("Against"), _("Abstained"), _("Recused")]
    rows = [[g.name, *map(str, (g.seats, g.yes, g.no, g.abstain, g.recused))] for g in latest.groups]
    blocks.append(sections.table(head, rows, [3, 1, 1, 1, 1.2, 1.2], _("Votes by group")))
    blocks.append(sections.items(*({"lead": _("Met") if met else _("Not met"), "text": line} for met, line in latest.rules)))
    ways = [[way["name"], way["pros"], way["cons"]] for way in item.ways]
    if ways:
        blocks += [sections.heading(_("Ways to decide")), sections.table([_("Way"), _("For"), _("Against")], ways, [1, 1.3, 1.3])]
    for _item, earlier in found[1:]:
        blocks.append(sections.heading(_("Earlier: %(committee)s, %(day)s") % {"committee": earlier.committee, "day": fullday(earlier.met_on)}))
        blocks.append(sections.text(f"{earlier.kind_words}. {earlier.reasons}"))
    heading = _("%(committee)s: %(kind)s") % {"committee": latest.committee, "kind": kind}
    proposed = {"text": item.proposal, "by": latest.committee} if item.proposal else None
    return {"heading": heading, "report": short, "blocks": blocks, **({"proposal": proposed} if proposed else {})}


def _waiting(matter: Matter, actor: Actor) -> dict[str, Any] | None:
    items = items_about(actor, matter)
    if not items:
        return None
    line = _("%(committee)s has it before it, and meets on %(day)s. It has not given its advice yet.")
    said = [line % {"committee": item.committee.name, "day": fullday(item.meeting.starts_at)} for item in items]
    return {"heading": _("What the committee says"), "blocks": [sections.text(text) for text in said], "missing": [_("No committee has given advice.")]}


def _condition(condition: Any) -> dict[str, str]:
    who = ", ".join(part for part in (condition.owner, fullday(condition.due_on) if condition.due_on else "") if part)
    taken = {True: _("taken on"), False: _("not taken on"), None: ""}[condition.taken_on]
    note = "; ".join(part for part in (who, taken) if part)
    return {"text": condition.text, "note": f"({note})" if note else ""}


def dissent(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """Dissenting opinions on the latest advice in their own words; None before there is an advice."""
    found = advised(matter, actor, now)
    if not found:
        return None
    quotes = [sections.quote(text, by) for text, by in found[0][1].dissents]
    return {"heading": _("Dissent"), "blocks": quotes or [sections.text(_("Nobody wrote a dissenting opinion."))]}


def decision(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """The answer of the body that decides, or its silence."""
    found = advised(matter, actor, now)
    if not found:
        return None
    latest = found[0][1]
    blocks = [sections.text(answer_line(latest))]
    if latest.decision is None:
        return {"heading": _("The decision"), "blocks": blocks, "missing": [answer_line(latest)]}
    if latest.decision.reasons:
        blocks.append(sections.text(latest.decision.reasons))
    if latest.decision.minute_reference:
        blocks.append(sections.text(_("Minutes: %(reference)s") % {"reference": latest.decision.minute_reference}))
    return {"heading": _("The decision"), "blocks": blocks}


# The decision package -----------------------------------------------------------------------------------


def content(actor: Actor, matter: Matter, now: datetime) -> list[dict[str, Any]]:
    """Advices and decisions as data, as anyone may read them: votes by group, nobody by name."""
    return [
        {
            "committee": one.committee, "question": one.question, "kind": one.kind, "reasons": one.reasons, "met_on": one.met_on,
            "given_at": one.given_at, "preliminary": one.preliminary, "sha256": one.content_hash, "snapshot_sha256": one.snapshot_hash,
            "proposal": item.proposal,
            "groups": [
                {"group": g.name, "seats": g.seats, "yes": g.yes, "no": g.no, "abstain": g.abstain, "recused": g.recused} for g in one.groups
            ],
            "conditions": [{"text": c.text, "owner": c.owner, "due_on": c.due_on, "taken_on": c.taken_on} for c in one.conditions],
            "dissents": [{"text": text, "by": by} for text, by in one.dissents],
            "decision": one.decision and {
                "body": one.decision.body, "answer": one.decision.answer, "reasons": one.decision.reasons,
                "decided_on": one.decision.decided_on, "minute_reference": one.decision.minute_reference,
            },
        }
        for item, one in advised(matter, actor, now)
    ]  # fmt: skip


def subjects(matter: Matter) -> Iterable[tuple[str, Iterable[int]]]:
    """What the record names of the committees' work on the matter."""
    items = Item.objects.filter(agenda__matter=matter)
    yield Item._meta.label_lower, items.values_list("pk", flat=True)
    yield Dissent._meta.label_lower, Dissent.objects.filter(item__in=items).values_list("pk", flat=True)
    yield Advice._meta.label_lower, Advice.objects.filter(item__in=items).values_list("pk", flat=True)
    yield Decision._meta.label_lower, Decision.objects.filter(advice__item__in=items).values_list("pk", flat=True)
