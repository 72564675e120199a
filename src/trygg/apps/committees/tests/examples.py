"""One example call of each public service of committees."""

from django.utils import timezone

from tests.world import NOW, People
from trygg.apps.committees.models import Item
from trygg.apps.committees.services import write_dissent
from trygg.apps.committees.tests.scene import CHARTER, MEETS, PROPOSAL, Scene, make_scene
from trygg.kernel.ledger import Example, example

OTHERS = ("officer", "auditor", "outsider", "viktor")


def refused(scene: Scene, *who: str) -> tuple:
    return tuple(scene.actor(name) for name in who)


@example("committees.create_committee")
def create_committee(people: People) -> Example:
    return Example(
        call={"actor": people.actor("committee_secretary"), "now": NOW, "organisation": people.board, "name": "Etiska rådet", "slug": "etik",
              "charter": CHARTER},
        denied=tuple(people.actor(who) for who in ("officer", "committee_member", "auditor", "outsider", "vendor")),
        records=("committees.committee_created",),
    )  # fmt: skip


@example("committees.set_charter")
def set_charter(people: People) -> Example:
    scene = make_scene(people)
    charter = {**CHARTER, "rule": {"kind": "simple"}}
    return Example(
        call={"actor": scene.secretary, "now": NOW, "committee": scene.committee, "charter": charter, "answer_days": 10},
        denied=refused(scene, *OTHERS, "bo"),
        records=("committees.charter_set",),
    )


@example("committees.fill_seat")
def fill_seat(people: People) -> Example:
    scene = make_scene(people)
    call = {"committee": scene.committee, "membership": scene.members["gustav"], "stakeholder_group": "policymakers"}
    return Example(
        call={"actor": scene.secretary, "now": NOW, **call}, denied=refused(scene, *OTHERS, "bo"), records=("committees.seat_filled",)
    )


@example("committees.end_seat")
def end_seat(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": MEETS, "seat": scene.seats["bo"]}, denied=refused(scene, *OTHERS, "bo"),
        records=("committees.seat_ended",),
    )  # fmt: skip


@example("committees.plan_meeting")
def plan_meeting(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": NOW, "committee": scene.committee, "starts_at": MEETS, "place": "Rum Granen"},
        denied=refused(scene, *OTHERS, "bo", "administrator"),
        records=("meetings.meeting_planned",),
    )


@example("committees.call_item")
def call_item(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": NOW, "meeting": scene.meeting, "matter": scene.matter, "title": "May it be used?"},
        denied=refused(scene, *OTHERS, "bo"),
        records=("assurance.snapshot_made", "meetings.item_added", "committees.item_called"),
    )


@example("committees.declare_interest")
def declare_interest(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.actor("bo"), "now": NOW, "item": scene.called(), "text": "My child is in the trial.", "stand_aside": True},
        denied=refused(scene, *OTHERS, "gustav"),
        records=("committees.interest_declared", "committees.member_recused"),
    )


@example("committees.note_recusal")
def note_recusal(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": NOW, "item": scene.called(), "seat": scene.seats["bo"], "reason": "Owns shares."},
        denied=refused(scene, *OTHERS, "bo"),
        records=("committees.member_recused",),
    )


@example("committees.ask_opinions")
def ask_opinions(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": NOW, "item": scene.called()}, denied=refused(scene, *OTHERS, "bo"),
        records=("committees.opinions_asked",),
    )  # fmt: skip


@example("committees.give_opinion")
def give_opinion(people: People) -> Example:
    """The last answer: it opens all of them, and that is what is recorded."""
    scene = make_scene(people)
    item = scene.asked()
    for who in scene.seats:
        if who != "bo":
            scene.opinion(item, who)
    return Example(
        call={"actor": scene.actor("bo"), "now": MEETS, "item": item, "opinion": "support", "reason": "It helps."},
        denied=refused(scene, *OTHERS, "gustav"),
        records=("committees.opinions_opened",),
    )


@example("committees.open_opinions")
def open_opinions(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": MEETS, "item": scene.asked()}, denied=refused(scene, *OTHERS, "bo"),
        records=("committees.opinions_opened",),
    )  # fmt: skip


@example("committees.write_notes")
def write_notes(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": MEETS, "item": scene.discussed(), "notes": "For: it helps."},
        denied=refused(scene, *OTHERS, "bo"),
        records=("committees.notes_written",),
    )


@example("committees.open_voting")
def open_voting(people: People) -> Example:
    scene = make_scene(people)
    item = scene.discussed()
    scene.open_meeting()
    return Example(
        call={"actor": scene.secretary, "now": MEETS, "item": item, "kind": "support", "proposal": PROPOSAL},
        denied=refused(scene, *OTHERS, "bo"),
        records=("committees.voting_opened",),
    )


@example("committees.cast_vote")
def cast_vote(people: People) -> Example:
    """Not recorded by itself: a closed vote is, once, by its hash."""
    scene = make_scene(people)
    return Example(
        call={"actor": scene.actor("bo"), "now": MEETS, "item": scene.proposed(), "ballot": "yes"}, denied=refused(scene, *OTHERS, "gustav"),
    )  # fmt: skip


@example("committees.close_voting")
def close_voting(people: People) -> Example:
    scene = make_scene(people)
    item = scene.proposed()
    scene.vote(item, bo="yes", elsa="no")
    return Example(
        call={"actor": scene.secretary, "now": MEETS, "item": item}, denied=refused(scene, *OTHERS, "bo"), records=("committees.voting_closed",)
    )


@example("committees.take_new_proposal")
def take_new_proposal(people: People) -> Example:
    scene = make_scene(people)
    item = scene.counted(bo="no", elsa="no", amara="yes")
    return Example(
        call={"actor": scene.secretary, "now": MEETS, "item": item}, denied=refused(scene, *OTHERS, "bo"), records=("committees.proposal_fell",)
    )


@example("committees.write_dissent")
def dissent(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.actor("elsa"), "now": MEETS, "item": scene.counted(), "text": "Nobody asked us."},
        denied=refused(scene, *OTHERS, "gustav"),
        records=("committees.dissent_written",),
    )


@example("committees.join_dissent")
def join_dissent(people: People) -> Example:
    scene = make_scene(people)
    written = write_dissent(actor=scene.actor("elsa"), now=MEETS, item=scene.counted(), text="Nobody asked us.")
    return Example(
        call={"actor": scene.actor("ali"), "now": MEETS, "dissent": written}, denied=refused(scene, *OTHERS, "gustav"),
        records=("committees.dissent_joined",),
    )  # fmt: skip


@example("committees.give_advice")
def give_advice(people: People) -> Example:
    scene = make_scene(people)
    return Example(
        call={"actor": scene.secretary, "now": MEETS, "item": scene.counted(), "reasons": "It helps."},
        denied=refused(scene, *OTHERS, "bo"),
        records=("committees.advice_given",),
    )


@example("committees.record_decision")
def record_decision(people: People) -> Example:
    scene = make_scene(people)
    item: Item = scene.advised()
    call = {"answer": "follows", "reasons": "The board follows.", "decided_on": timezone.localdate(MEETS), "minute_reference": "§ 112"}
    return Example(
        call={"actor": scene.officer, "now": MEETS, "item": item, "taken": [c.pk for c in item.conditions.all()], **call},
        denied=refused(scene, "bo", "committee_secretary", "auditor", "outsider", "viktor"),
        records=("assurance.evidence_added", "assurance.condition_added", "assurance.condition_added", "committees.decision_recorded"),
    )
