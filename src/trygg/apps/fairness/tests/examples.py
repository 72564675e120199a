"""One example call of each public service of bias audits: the board's analyst asks and answers."""

from datetime import date

from tests.world import NOW, People
from trygg.apps.fairness import keeping
from trygg.apps.fairness.tests import scene
from trygg.kernel.access import Actor, Role
from trygg.kernel.ledger import Example, example

OTHERS = ("outsider", Role.VENDOR, Role.COMMITTEE_MEMBER, Role.AUDITOR, Role.CONTRIBUTOR)


def refused(people: People) -> tuple:
    return tuple(people.actor(name) for name in OTHERS)


@example("fairness.declare_audit")
def declare_audit(people: People) -> Example:
    call = {
        "actor": people.actor(Role.ANALYST), "now": NOW, "matter": scene.matter_of(people), "title": "Are children flagged wrongly?",
        "question": scene.QUESTION, "reason": scene.REASON, "outcome_source": scene.OUTCOME,
    }  # fmt: skip
    return Example(call=call, denied=refused(people), records=("fairness.audit_declared",))


@example("fairness.receive_audit")
def receive_audit(people: People) -> Example:
    call = {
        "actor": people.actor(Role.ANALYST), "now": NOW, "audit": scene.declared(people), "document": scene.documents()[1],
        "data_from": scene.DATA_FROM,
    }  # fmt: skip
    return Example(call=call, denied=refused(people), records=("fairness.audit_finished",))


@example("fairness.receive_rows")
def receive_rows(people: People) -> Example:
    sha256, size = keeping.keep("rows.csv", [scene.rows_csv()])
    call = {
        "actor": people.actor(Role.ANALYST), "now": NOW, "audit": scene.declared(people), "file_name": "rows.csv", "sha256": sha256,
        "size": size, "controller": "Barnnämnden", "basis": "task", "dpia": "BUN 2026/17", "delete_on": date(2026, 11, 29),
        "data_from": scene.DATA_FROM,
    }  # fmt: skip
    return Example(call=call, denied=refused(people), records=("fairness.rows_received",))


@example("fairness.finish_audit")
def finish_audit(people: People) -> Example:
    exact, public = scene.documents()
    call = {
        "actor": Actor.system("fairness"),
        "now": NOW,
        "audit": scene.with_rows(people),
        "exact": exact,
        "public": public,
    }
    return Example(call=call, denied=refused(people), records=("fairness.audit_finished", "fairness.rows_deleted"))


@example("fairness.fail_audit")
def fail_audit(people: People) -> Example:
    call = {
        "actor": Actor.system("fairness"),
        "now": NOW,
        "audit": scene.with_rows(people),
        "code": "no_column",
        "text": "No column.",
    }
    return Example(call=call, denied=refused(people), records=("fairness.audit_failed", "fairness.rows_deleted"))


@example("fairness.use_audit")
def use_audit(people: People) -> Example:
    call = {"actor": people.actor(Role.ANALYST), "now": NOW, "audit": scene.done(people)}
    return Example(call=call, denied=refused(people), records=("assurance.evidence_added", "fairness.audit_used"))


@example("fairness.withdraw_audit")
def withdraw_audit(people: People) -> Example:
    call = {
        "actor": people.actor(Role.ANALYST),
        "now": NOW,
        "audit": scene.done(people),
        "because": "The export was cut off.",
    }
    return Example(call=call, denied=refused(people), records=("fairness.audit_withdrawn",))


@example("fairness.delete_rows_due")
def delete_rows_due(people: People) -> Example:
    scene.with_rows(people)
    later = NOW.replace(month=12)
    call = {"actor": Actor.system("nightly"), "now": later}
    return Example(call=call, denied=refused(people), records=("fairness.rows_deleted",))
