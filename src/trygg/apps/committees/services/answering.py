"""The answer of the body that decides: it follows the advice, in part, or not; the conditions it takes on become claims."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.apps.committees import waiting
from trygg.apps.committees.models import Condition, Decision, Item
from trygg.apps.committees.results import digest
from trygg.apps.committees.services.shared import at_state, locked
from trygg.apps.committees.standing import standings
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.work.tasks import open_task
from trygg.spine.assurance.evidence import add_condition, add_evidence, case_of

Answer = Decision.Answer
DECISION = "committees.decision"


@service("committees.record_decision")
def record_decision(
    *, actor: Actor, now: datetime, item: Item, answer: str, reasons: str, decided_on: date, minute_reference: str,
    taken: Collection[int] = (),
) -> Decision:  # fmt: skip
    """Record what the body decided. `taken`: keys of the conditions that it takes on; they become claims with owner and day.

    To follow is to take on all; in part, or not, says so by what is left out. The decision is evidence in the case.
    """
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "committees.record_decision", item)
        item = locked(item)
        at_state(item, Item.State.ADVISED)
        advice, matter = item.advice, item.matter
        conditions = list(item.conditions.select_related("owner"))
        _check(answer, reasons, decided_on, minute_reference, set(taken), conditions, timezone.localdate(now), timezone.localdate(advice.given_at))
        organisation = matter.deciding_organisation or matter.owner
        decision = Decision(
            advice=advice, body_name=matter.deciding_body or organisation.name, organisation=organisation, answer=answer,
            reasons=reasons.strip(), decided_on=decided_on, minute_reference=minute_reference.strip(), recorded_by=actor.name[:120],
            recorded_at=now,
        )  # fmt: skip
        decision.content_hash = digest(
            {"advice": advice.content_hash, "answer": answer, "reasons": decision.reasons, "decided_on": decided_on,
             "minute_reference": decision.minute_reference, "taken": sorted(taken)}
        )  # fmt: skip
        decision.full_clean()
        decision.save()
        item.state = Item.State.ANSWERED
        item.save(update_fields=["state"])
        _carry_into_case(work, item, decision, conditions, set(taken), now)
        waiting.release_secretary(work, waiting.ANSWER_ADVICE, item, now)
        people = {standing.seat.membership.person_id for standing in standings(item)}
        waiting.tell(work, "committees.decision_recorded", item, people, now)
        work.record(
            "committees.decision_recorded", decision, organisation=organisation.pk, answer=answer, decided_on=decided_on,
            hash=decision.content_hash, taken=len(set(taken)), matter=matter.pk,
            details={"reasons": decision.reasons, "minute_reference": decision.minute_reference},
        )  # fmt: skip
    return decision


def _check(
    answer: str, reasons: str, decided_on: date, minute_reference: str, taken: set[int], conditions: list[Condition], today: date,
    advised_on: date,
) -> None:  # fmt: skip
    known = {condition.pk for condition in conditions}
    faults: dict[str, str] = {}
    if answer not in Answer.values:
        faults["answer"] = _("Choose whether the body follows the advice.")
    if not reasons.strip():
        faults["reasons"] = _("Write the reasons of the body. The committee and the public read them.")
    if not minute_reference.strip():
        faults["minute_reference"] = _("Give the reference of the minutes, such as § 112.")
    if decided_on > today:
        faults["decided_on"] = _("The day lies ahead. Record the decision when it is taken.")
    elif decided_on < advised_on:
        faults["decided_on"] = _("The day lies before the advice. A decision that answers it comes after it.")
    if taken - known:
        faults["taken"] = _("That condition does not belong to the advice.")
    elif answer == Answer.FOLLOWS and taken != known:
        faults["taken"] = _("To follow the advice is to take on all its conditions. Choose “in part” to leave some out.")
    elif answer == Answer.NOT and taken:
        faults["taken"] = _("Who does not follow the advice takes on no conditions. Choose “in part” to take some on.")
    if faults:
        raise ValidationError(faults)


def _carry_into_case(work, item: Item, decision: Decision, conditions: list[Condition], taken: set[int], now: datetime) -> None:
    case = case_of(item.matter)
    add_evidence(
        work, case=case, kind="decision", key="", title=f"{decision.body_name}, {decision.minute_reference}", source_type=DECISION,
        source_id=str(decision.pk), valid_from=decision.decided_on, content_hash=decision.content_hash,
        system_version=item.snapshot.content["matter"].get("system_version", ""), now=now,
    )  # fmt: skip
    for condition in conditions:
        condition.taken_on = condition.pk in taken
        if condition.taken_on:
            condition.claim = add_condition(
                work, case=case, requirement_id=f"decision-{decision.pk}-condition-{condition.number}", text=condition.text,
                owner=condition.owner, due_on=condition.due_on, now=now,
            )  # fmt: skip
            _ask_owner(work, item, condition, now)
        condition.save(update_fields=["taken_on", "claim"])


def _ask_owner(work, item: Item, condition: Condition, now: datetime) -> None:
    """Who shows that the condition is met has it as a task, worded by the assurance case."""
    if condition.owner is None or condition.claim is None:
        return
    open_task(
        work, code="assurance.own_claim", params={"title": item.matter.title, "claim": condition.text},
        path=f"/case/claims/{condition.claim.pk}/", subject_type="assurance.claim", subject_id=str(condition.claim.pk),
        organisation_id=condition.owner.organisation_id, assignee_id=condition.owner_id, due_on=condition.due_on, now=now,
    )  # fmt: skip
