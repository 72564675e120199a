"""Dissent, and the advice itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.committees import waiting
from trygg.apps.committees.models import Advice, AdviceKind, Dissent, Item
from trygg.apps.committees.results import digest
from trygg.apps.committees.services.shared import at_state, locked, own_standing
from trygg.apps.committees.standing import standings
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import service, unit_of_work

State = Item.State
# What can be said when no proposal was carried.
WITHOUT_MAJORITY = (AdviceKind.COME_BACK, AdviceKind.ADVISE_AGAINST, AdviceKind.REFER)
WAYS = 3


@service("committees.write_dissent")
def write_dissent(*, actor: Actor, now: datetime, item: Item, text: str) -> Dissent:
    """Write a dissenting opinion in one's own words, after the vote and before the advice. It is published as it stands."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.take_part", item)
        item = locked(item)
        at_state(item, State.COUNTED)
        mine = own_standing(actor, item, standings(item))
        if mine.present is not True:
            raise ValidationError(_("Only members who were present write a dissenting opinion."))
        if not text.strip():
            raise ValidationError({"text": _("Write what you think, in your own words.")})
        dissent = Dissent.objects.filter(item=item, seat=mine.seat).first() or Dissent(item=item, seat=mine.seat)
        if dissent.pk and dissent.text == text.strip():
            work.nothing_happened()
            return dissent
        if dissent.pk:
            dissent.joined.clear()  # they stood behind other words
        dissent.text, dissent.written_at = text.strip(), now
        dissent.full_clean()
        dissent.save()
        work.record(
            "committees.dissent_written", dissent, organisation=item.committee.organisation_id, group=mine.seat.stakeholder_group,
            details={"text": dissent.text},
        )  # fmt: skip
    return dissent


@service("committees.join_dissent")
def join_dissent(*, actor: Actor, now: datetime, dissent: Dissent) -> Dissent:
    """Put oneself behind another member's dissenting opinion."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.join_dissent", dissent)
        item = locked(dissent.item)
        at_state(item, State.COUNTED)
        mine = own_standing(actor, item, standings(item))
        if mine.present is not True:
            raise ValidationError(_("Only members who were present can support a dissenting opinion."))
        if mine.seat.pk == dissent.seat_id or dissent.joined.filter(pk=mine.seat.pk).exists():
            work.nothing_happened()
            return dissent
        dissent.joined.add(mine.seat)
        work.record("committees.dissent_joined", dissent, organisation=item.committee.organisation_id, group=mine.seat.stakeholder_group)
    return dissent


@service("committees.give_advice")
def give_advice(
    *, actor: Actor, now: datetime, item: Item, reasons: str, kind: str = "", ways: Sequence[dict[str, str]] = ()
) -> Advice:  # fmt: skip
    """Write and give the advice. A carried proposal is the advice; without one, `kind` says what the committee answers instead.

    `ways` are up to three ways to decide ({"name", "pros", "cons"}) for those who decide. Those are told, and have the
    charter's days to answer.
    """
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.run_item", item)
        item = locked(item)
        if item.state in (State.ADVISED, State.ANSWERED) and item.advice.reasons == reasons.strip():
            work.nothing_happened()
            return item.advice
        at_state(item, State.COUNTED)
        if not reasons.strip():
            raise ValidationError({"reasons": _("Write the committee's reasons. They are published.")})
        kind = _kind(item, kind)
        item.ways = _ways(ways)
        item.state = State.ADVISED
        item.save(update_fields=["state", "ways"])
        if not item.result["carried"]:
            item.conditions.all().delete()  # they fell with the proposal
        advice = Advice(
            item=item, kind=kind, reasons=reasons.strip(), preliminary=not item.result["quorum"]["met"], charter=item.result["charter"],
            charter_version=item.result["charter_version"], result=item.result, snapshot_hash=item.snapshot.content_hash,
            written_by=actor.name[:120], given_at=now, answer_due_on=timezone.localdate(now) + timedelta(days=item.committee.answer_days),
        )  # fmt: skip
        advice.content_hash = _hash(advice)
        advice.full_clean()
        advice.save()
        waiting.release_secretary(work, waiting.WRITE_ADVICE, item, now)
        waiting.ask_for_answer(work, item, advice.answer_due_on, now)
        roll = standings(item)
        people = {standing.seat.membership.person_id for standing in roll}
        people |= {m.person_id for m in (item.matter.accountable, item.matter.overseer) if m}
        waiting.tell(work, "committees.advice_given", item, people, now)
        work.record(
            "committees.advice_given", advice, organisation=item.committee.organisation_id, kind=kind, preliminary=advice.preliminary,
            snapshot=advice.snapshot_hash, votes=item.votes_hash, hash=advice.content_hash, answer_due_on=advice.answer_due_on,
            matter=item.matter.pk, details={"reasons": advice.reasons},
        )  # fmt: skip
    return advice


def _kind(item: Item, kind: str) -> str:
    if item.result["carried"]:
        if kind and kind != item.proposal_kind:
            raise ValidationError({"kind": _("The committee carried another proposal. The advice is what was voted on.")})
        return item.proposal_kind
    if kind not in WITHOUT_MAJORITY:
        raise ValidationError(
            {"kind": _("The proposal was not carried. Choose what the committee answers instead, or go back to the discussion.")}
        )
    return kind


def _ways(ways: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    kept = [{key: str(way.get(key, "")).strip()[:300] for key in ("name", "pros", "cons")} for way in ways]
    kept = [way for way in kept if any(way.values())]
    if len(kept) > WAYS:
        raise ValidationError({"ways": _("Give at most three ways to decide.")})
    if any(not way["name"] for way in kept):
        raise ValidationError({"ways": _("Name each way to decide.")})
    return kept


def _hash(advice: Advice) -> str:
    item = advice.item
    return digest(
        {
            "question": item.title, "kind": advice.kind, "proposal": item.proposal, "reasons": advice.reasons, "result": advice.result,
            "snapshot": advice.snapshot_hash, "votes": item.votes_hash, "opinions": item.opinions_hash,
            "conditions": [[c.number, c.text, c.owner_id, c.due_on] for c in item.conditions.all()],
            "dissents": [[d.seat.stakeholder_group, d.text] for d in item.dissents.select_related("seat")],
        }
    )  # fmt: skip
