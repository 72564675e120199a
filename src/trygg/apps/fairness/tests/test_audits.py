"""An audit from its declaration to the claim: what is refused, what is kept, what is deleted."""

import copy
import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.world import NOW
from trygg.apps.fairness import documents, jobs, keeping, services
from trygg.apps.fairness.evidence import check_audit, findings
from trygg.apps.fairness.models import Audit, RowFile
from trygg.apps.fairness.question import AuditError, Question, question_of
from trygg.apps.fairness.selectors import result_of
from trygg.apps.fairness.tests import scene
from trygg.engines.assurance import Evidence, Moment, Need, NeedState
from trygg.kernel.access import Actor, Denied, Role
from trygg.kernel.ledger.models import Entry
from trygg.spine.assurance.models import Evidence as Piece

pytestmark = pytest.mark.django_db


def test_the_question_comes_back_as_it_was_declared(people):
    audit = scene.declared(people)
    assert question_of(audit.question) == scene.QUESTION
    assert audit.question_hash == scene.QUESTION.digest()
    entry = Entry.objects.filter(action="fairness.audit_declared").latest("pk")
    assert audit.question_hash in json.dumps(entry.public if hasattr(entry, "public") else str(entry.leaf))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"outcome_source": ""}, "outcome_source"),
        ({"question": Question(("sex",), "flagged", "0")}, "primary"),
    ],
)
def test_nothing_is_declared_without_reason_comparison_and_source(people, change, field):
    call = {
        "actor": people.actor(Role.ANALYST), "now": NOW, "matter": scene.matter_of(people), "title": "T", "question": scene.QUESTION,
        "reason": scene.REASON, "outcome_source": scene.OUTCOME,
    }  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        services.declare_audit(**call | change)
    assert field in refused.value.message_dict
    assert not Audit.objects.exists()


def test_a_question_that_no_table_can_answer_is_refused(people):
    with pytest.raises(AuditError, match="fnr:tongue"):
        scene.declared(
            people, question=Question(("sex",), "flagged", "0", outcome="harm", primary=(("fnr", "tongue"),))
        )


def test_numbers_are_of_the_matter(people):
    matter = scene.matter_of(people)
    assert [scene.declared(people, matter).number for _ in range(2)] == [1, 2]
    assert scene.declared(people).number == 1


def test_counts_from_the_agency_give_the_result_and_nothing_exact(people):
    audit = scene.done(people)
    assert audit.state == Audit.State.DONE
    assert audit.exact is None
    verdicts = {row["verdict"] for row in audit.public["comparisons"] if row["primary"] and "tongue" in row["group"]}
    assert verdicts == {"disparity_shown"}
    found = result_of(people.actor(Role.ANALYST), audit)
    assert not found.exact
    assert "other" in found.headline("en")


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("favourable", "1", "favourable"),
        ("material", {"fpr": 0.2, "fnr": 0.1, "selection_rate": 0.05}, "material"),
        ("outcome", "report", "outcome"),
    ],
)
def test_an_answer_to_another_question_is_refused(people, column, value, word):
    document = copy.deepcopy(scene.documents()[1])
    method = document["method"]
    if column == "favourable":
        method["decision"]["favourable"] = value
    elif column == "material":
        method["material"] = method["material"] | value
    else:
        method["columns"][column] = value
    with pytest.raises(ValidationError, match=word):
        services.receive_audit(
            actor=people.actor(Role.ANALYST),
            now=NOW,
            audit=scene.declared(people),
            document=document,
            data_from=scene.DATA_FROM,
        )
    assert Audit.objects.get().state == Audit.State.DECLARED


def test_what_was_answered_is_not_answered_again(people):
    audit = scene.done(people)
    with pytest.raises(ValidationError, match="can't be done now"):
        services.receive_audit(
            actor=people.actor(Role.ANALYST),
            now=NOW,
            audit=audit,
            document=scene.documents(0.0)[1],
            data_from=scene.DATA_FROM,
        )


def test_data_from_days_to_come_is_refused(people):
    with pytest.raises(ValidationError, match="day to come"):
        services.receive_audit(
            actor=people.actor(Role.ANALYST), now=NOW, audit=scene.declared(people), document=scene.documents()[1],
            data_from=NOW.date() + timedelta(days=2),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: json.dumps(scene.documents()[0]), "exact figures"),
        (lambda found: "[" * 100_000, "not JSON"),
        (lambda found: "{}", "not an audit"),
        (lambda found: json.dumps({**found, "rows_of_children": [1]}), "does not know"),
        (
            lambda found: json.dumps({name: value for name, value in found.items() if name != "groups"}),
            "groups is missing",
        ),
        (lambda found: json.dumps({**found, "groups": [{**found["groups"][0], "n": 4003}]}), "not rounded"),
        (
            lambda found: json.dumps({**found, "comparisons": [{**found["comparisons"][0], "verdict": "fine"}]}),
            "verdict",
        ),
        (lambda found: json.dumps({**found, "comparisons": [{**found["comparisons"][0], "difference": 7}]}), "outside"),
        (lambda found: json.dumps({**found, "comparisons": [{"metric": "fpr"}]}), "not whole"),
        (lambda found: json.dumps(found).replace('"rows": ', '"rows": NaN, "x": ', 1), "not JSON"),
    ],
)
def test_a_file_that_may_not_come_in_is_refused_in_words(change, words):
    with pytest.raises(documents.Refused, match=words):
        documents.read_document(change(scene.documents()[1]).encode())


def test_a_file_that_the_command_wrote_comes_in():
    public = scene.documents()[1]
    assert documents.read_document(json.dumps(public).encode()) == json.loads(json.dumps(public))


def run(audit: Audit, capture) -> Audit:
    """Count the rows as the worker does."""
    with capture(execute=True):
        return jobs.count(Audit.objects.select_related("rows", "matter").get(pk=audit.pk))


def test_rows_are_counted_and_gone(people, django_capture_on_commit_callbacks):
    audit = scene.with_rows(people)
    path = keeping.path_of(audit.rows.sha256, audit.rows.file_name)
    assert path.exists()
    assert path.stat().st_mode & 0o077 == 0
    run(audit, django_capture_on_commit_callbacks)
    audit.refresh_from_db()
    assert audit.state == Audit.State.DONE
    assert audit.exact["rows"] == 6000
    assert audit.public["method"]["disclosure"] == "public"
    assert not path.exists()
    assert RowFile.objects.get().deleted_at is not None
    jobs.count_in_background.call(audit.pk)  # a second worker finds nothing to do
    assert Audit.objects.get().finished_at == audit.finished_at


def test_rows_that_cannot_be_counted_are_gone_too_and_may_be_sent_again(people, django_capture_on_commit_callbacks):
    audit = scene.with_rows(people, content=b"child,sex,flagged,harm\n1,girl,0,1\n2,boy,1,0\n")
    run(audit, django_capture_on_commit_callbacks)
    audit.refresh_from_db()
    assert audit.state == Audit.State.FAILED
    assert "tongue" in audit.fault["text"]
    assert not any(keeping.folder().glob("[0-9a-f]*"))
    again = scene.with_rows(people, audit=audit)
    run(again, django_capture_on_commit_callbacks)
    again.refresh_from_db()
    assert again.state == Audit.State.DONE


def test_rows_need_a_day_of_deletion_that_is_near(people):
    call = {
        "actor": people.actor(Role.ANALYST), "now": NOW, "audit": scene.declared(people), "file_name": "rows.csv", "sha256": "0" * 64,
        "size": 1, "controller": "Barnnämnden", "basis": "task", "dpia": "BUN 2026/17", "data_from": scene.DATA_FROM,
    }  # fmt: skip
    for day in (NOW.date() - timedelta(days=2), NOW.date() + timedelta(days=200)):
        with pytest.raises(ValidationError, match="90 days"):
            services.receive_rows(**call, delete_on=day)
    with pytest.raises(ValidationError):
        services.receive_rows(**call | {"dpia": " "}, delete_on=date(2026, 11, 29))
    assert not RowFile.objects.exists()


def test_rows_go_when_their_day_has_passed_whatever_became_of_them(people, django_capture_on_commit_callbacks):
    audit = scene.with_rows(people)
    path = keeping.path_of(audit.rows.sha256, audit.rows.file_name)
    nightly = Actor.system("nightly")
    assert services.delete_rows_due(actor=nightly, now=NOW) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.delete_rows_due(actor=nightly, now=NOW + timedelta(days=30)) == 1
    audit.refresh_from_db()
    assert (audit.state, audit.fault["code"]) == (Audit.State.FAILED, "too_late")
    assert not path.exists()
    with pytest.raises(Denied):
        services.delete_rows_due(actor=people.actor(Role.ADMINISTRATOR), now=NOW)


def test_exact_figures_are_for_those_who_may_see_the_rows(people, django_capture_on_commit_callbacks):
    audit = scene.with_rows(people)
    run(audit, django_capture_on_commit_callbacks)
    audit.refresh_from_db()
    assert result_of(people.actor(Role.ANALYST), audit).exact
    assert not result_of(people.actor(Role.CONTRIBUTOR), audit).exact
    assert not result_of(people.actor(Role.ANALYST), audit, exact=False).exact


def need(**params) -> Need:
    return Need(id="audit", kind="fairness_audit", params=params, max_age=365)


def checked(document: dict, wanted: Need) -> tuple[NeedState, str]:
    piece = Evidence("fairness_audit", "1", scene.DATA_FROM, params=findings(document))
    found = check_audit(wanted, [piece], Moment(NOW.date()))
    return found.state, found.reasons[0].code.value


def test_only_a_difference_that_is_shown_to_be_small_supports_a_claim():
    gap, none = scene.documents()[1], scene.documents(0.0)[1]
    assert checked(gap, need()) == (NeedState.MISSING, "disparity_shown")
    assert checked(gap, need(metric="fpr", groups=["tongue"])) == (NeedState.MISSING, "disparity_shown")
    assert checked(none, need()) == (NeedState.MET, "supported_by")
    assert checked(none, need(groups=["sex"])) == (NeedState.MET, "supported_by")
    assert checked(none, need(groups=["disability"])) == (NeedState.MISSING, "not_examined")
    assert checked(none, need(metric="fnr")) == (NeedState.MISSING, "not_examined")
    assert checked(none, need(delta=0.02)) == (NeedState.MISSING, "limit_too_wide")
    unsure = copy.deepcopy(none)
    for row in unsure["comparisons"]:
        row["verdict"] = "not_enough_data"
    assert checked(unsure, need()) == (NeedState.MISSING, "not_enough_data")


def test_a_newer_audit_is_not_outweighed_by_a_kinder_older_one():
    older = Evidence("fairness_audit", "1", date(2026, 5, 1), params=findings(scene.documents(0.0)[1]))
    newer = Evidence("fairness_audit", "2", scene.DATA_FROM, params=findings(scene.documents()[1]))
    assert check_audit(need(), [older, newer], Moment(NOW.date())).state == NeedState.MISSING


def test_used_it_is_evidence_and_withdrawn_it_is_none(people):
    audit = scene.done(people)
    analyst = people.actor(Role.ANALYST)
    services.use_audit(actor=analyst, now=NOW, audit=audit)
    piece = Piece.objects.get(kind="fairness_audit", withdrawn_at=None)
    assert piece.valid_from == scene.DATA_FROM
    with pytest.raises(ValidationError, match="Say why"):
        services.withdraw_audit(actor=analyst, now=NOW, audit=audit, because=" ")
    services.withdraw_audit(actor=analyst, now=NOW, audit=audit, because="The export was cut off.")
    assert not Piece.objects.filter(kind="fairness_audit", withdrawn_at=None).exists()
    with pytest.raises(ValidationError, match="can't be done now"):
        services.use_audit(actor=analyst, now=NOW, audit=audit)


def test_what_a_crash_left_behind_is_swept_up(people):
    sha256, _size = keeping.keep("rows.csv", [b"left behind"])
    later = NOW + timedelta(days=3650)
    assert keeping.forget_strays(needed={sha256}, before=later) == 0
    assert keeping.forget_strays(needed=set(), before=later) >= 1
    assert not keeping.path_of(sha256, "rows.csv").exists()
