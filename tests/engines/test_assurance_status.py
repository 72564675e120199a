"""A claim's status: from evidence, age, version, depth; with reasons and the day on which time changes it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.assurance import (
    NEEDS,
    Code,
    Evidence,
    Moment,
    NeedKinds,
    NeedState,
    Stance,
    Status,
    as_data,
    best_of,
    check_any,
    framework_statuses,
    load_framework,
    needs,
    needs_status,
    requirement_status,
    screen_framework,
)
from trygg.engines.assurance.needs import Fit, check_answers, check_document
from trygg.engines.conditions import UNKNOWN
from trygg.engines.depth import Depth

T = {"en": "x", "sv": "x"}
NOW = date(2026, 11, 22)
DAY = timedelta(days=1)
DOCUMENT = {"id": "protocol", "kind": "document", "document": "crisis-protocol", "max_age": 365, "label": T}
DECISION = {"id": "decided", "kind": "decision", "max_age": 730}
ANSWERS = {
    "id": "answered",
    "kind": "answers",
    "instrument": "screening",
    "items": ["heard_who"],
    "when": {"item": "heard_who", "includes": "children"},
    "max_age": 365,
}


def frame(*needs_data, **words):
    raw = {
        "id": "heard",
        "group": "g",
        "claim": T,
        "plain": T,
        "child": T,
        "about": "harm",
        "depth": "light",
        "answered_by": "officer",
        "needs": list(needs_data),
        "source": "S",
        "verified": "yes",
        "next": T,
        **words,
    }
    return load_framework(
        {
            "id": "frame",
            "version": "1.0.0",
            "title": T,
            "applies_when": {"fact": "children", "is": True},
            "groups": [{"id": "g", "title": T}],
            "requirements": [raw],
        }
    )


def status(needs_data, evidence, version="", facts=None, **words):
    requirement = frame(*needs_data, **words).requirements[0]
    return requirement_status(requirement, evidence, Moment(NOW, version), Depth.FULL, facts or {})


def document(days_ago=10, **words):
    return Evidence("document", "doc:1", NOW - timedelta(days=days_ago), key="crisis-protocol", **words)


def answers(days_ago=10, source="a:1", **given_answers):
    start = NOW - timedelta(days=days_ago)
    return Evidence("answers", source, start, key="screening", params={"answers": given_answers})


def concern(days_ago=1, **words):
    return Evidence("concern", "concern:7", NOW - timedelta(days=days_ago), stance=Stance.CONTESTS, **words)


def codes(claim):
    return [reason.code for reason in claim.reasons]


# ---- supported, missing, stale


def test_good_evidence_supports_until_it_is_too_old():
    claim = status([DOCUMENT], [document(10)])
    end = NOW - timedelta(days=10) + timedelta(days=365)
    assert (claim.status, claim.next_change) == (Status.SUPPORTED, end + DAY)
    assert as_data(claim.reasons) == [
        {"code": "supported_by", "params": {"need": "protocol", "source": "doc:1", "until": end.isoformat()}}
    ]
    assert status([DOCUMENT], [document(365)]).status is Status.SUPPORTED
    stale = status([DOCUMENT], [document(366)])
    assert (stale.status, codes(stale), stale.next_change) == (Status.STALE, [Code.TOO_OLD], None)


def test_evidence_that_ends_by_itself_is_stale_the_day_after():
    assert status([DOCUMENT], [document(10, valid_until=NOW)]).status is Status.SUPPORTED
    claim = status([DOCUMENT], [document(10, valid_until=NOW - DAY)])
    assert (claim.status, codes(claim)) == (Status.STALE, [Code.ENDED])


def test_no_evidence_is_missing_and_says_of_which_kind():
    claim = status([DOCUMENT], [])
    assert claim.status is Status.MISSING
    assert as_data(claim.reasons) == [{"code": "no_evidence", "params": {"need": "protocol", "kind": "document"}}]


def test_another_document_does_not_help():
    assert status([DOCUMENT], [replace(document(), key="dpia")]).status is Status.MISSING


def test_evidence_from_tomorrow_is_missing_today_and_changes_tomorrow():
    claim = status([DOCUMENT], [document(-1)])
    assert (claim.status, codes(claim), claim.next_change) == (Status.MISSING, [Code.NOT_VALID_YET], NOW + DAY)


def test_the_best_evidence_counts_and_the_first_to_run_out_of_several_needs_decides():
    both = [document(400), replace(document(5), source="doc:2"), Evidence("decision", "d:1", NOW - timedelta(days=700))]
    claim = status([DOCUMENT, DECISION], both)
    assert claim.status is Status.SUPPORTED
    assert claim.needs[0].sources == ("doc:2",)
    assert claim.next_change == NOW + timedelta(days=31)


def test_the_worst_need_decides_and_stands_first():
    claim = status([DECISION, DOCUMENT], [document(400)])
    assert (claim.status, codes(claim)) == (Status.MISSING, [Code.NO_EVIDENCE, Code.TOO_OLD])
    assert [need.state for need in claim.needs] == [NeedState.MISSING, NeedState.STALE]


def test_evidence_about_another_version_is_stale():
    about = document(10, system_version="1.0")
    assert status([DOCUMENT], [about], version="1.0").status is Status.SUPPORTED
    claim = status([DOCUMENT], [about], version="2.0")
    assert claim.status is Status.STALE
    assert claim.reasons[0].params["then"] == "1.0"
    assert status([DOCUMENT], [document(10)], version="2.0").status is Status.SUPPORTED


# ---- answers


def test_answers_support_when_the_items_are_answered_and_the_condition_holds():
    assert status([ANSWERS], [answers(heard_who=["children"])]).status is Status.SUPPORTED


@pytest.mark.parametrize(
    ("given_answers", "code"),
    [
        ({}, Code.ITEMS_UNANSWERED),
        ({"heard_who": {"state": "unknown"}}, Code.ITEMS_UNANSWERED),
        ({"heard_who": {"state": "withheld", "reason": "law"}}, Code.ITEMS_WITHHELD),
        ({"heard_who": ["parents"]}, Code.ANSWERS_SAY_NO),
        ({"heard_who": {"state": "not_applicable"}}, Code.ANSWERS_SAY_NO),
    ],
)
def test_answers_that_do_not_are_missing_and_say_why(given_answers, code):
    claim = status([ANSWERS], [answers(**given_answers)])
    assert (claim.status, codes(claim)) == (Status.MISSING, [code])


def test_a_condition_over_an_item_that_is_not_answered_cannot_be_told():
    need = {**ANSWERS, "when": {"item": "changed", "is": "yes"}}
    claim = status([need], [answers(heard_who=["children"])])
    assert (codes(claim), claim.reasons[0].params["items"]) == ([Code.ANSWERS_CANNOT_TELL], ["changed"])


def test_the_newest_answers_count_even_if_older_ones_were_better():
    older, newer = answers(100, "a:1", heard_who=["children"]), answers(1, "a:2", heard_who=["parents"])
    assert status([ANSWERS], [newer, older]).status is Status.MISSING


def test_answers_to_another_instrument_do_not_help():
    assert codes(status([ANSWERS], [replace(answers(heard_who=["children"]), key="dpia")])) == [Code.NO_EVIDENCE]


# ---- contested


def test_a_concern_contests_whatever_supports_and_detail_stays():
    claim = status([DOCUMENT], [document(), concern()])
    assert (claim.status, codes(claim)) == (Status.CONTESTED, [Code.CONTESTED_BY, Code.SUPPORTED_BY])
    assert claim.needs[0].state is NeedState.MET


def test_a_settled_concern_no_longer_contests():
    claim = status([DOCUMENT], [document(), concern(9, valid_until=NOW - DAY)])
    assert claim.status is Status.SUPPORTED


def test_somebody_who_contests_is_heard_where_nothing_was_required():
    skipped = requirement_status(
        frame(DOCUMENT, depth="full").requirements[0], [concern()], Moment(NOW), Depth.LIGHT, {}
    )
    assert (skipped.status, skipped.reasons[-1].code) == (Status.CONTESTED, Code.BELOW_DEPTH)


# ---- not required


def test_below_its_depth_a_requirement_is_not_required_and_says_why():
    requirement = frame(DOCUMENT, depth="full").requirements[0]
    claim = requirement_status(requirement, [], Moment(NOW), Depth.STANDARD, {})
    assert claim.status is Status.NOT_REQUIRED
    assert as_data(claim.reasons) == [{"code": "below_depth", "params": {"depth": "standard", "asked_from": "full"}}]


def test_what_does_not_apply_is_not_required_and_what_may_apply_is():
    words = {"applies_when": {"fact": "camera", "is": True}}
    out = status([DOCUMENT], [], facts={"camera": False}, **words)
    assert (out.status, codes(out)) == (Status.NOT_REQUIRED, [Code.DOES_NOT_APPLY])
    maybe = status([DOCUMENT], [], facts={"camera": UNKNOWN}, **words)
    assert (maybe.status, codes(maybe)) == (Status.MISSING, [Code.NO_EVIDENCE, Code.MAY_NOT_APPLY])


def test_a_framework_that_does_not_apply_requires_nothing():
    framework = frame(DOCUMENT)
    for facts, expected in (({"children": False}, "not_required"), ({}, "missing"), ({"children": True}, "missing")):
        line = screen_framework(framework, facts, NOW)
        assert framework_statuses(framework, [], Moment(NOW), line, facts)["heard"].status == expected


def test_a_requirement_that_begins_to_apply_on_a_day_says_which():
    claim = status([DOCUMENT], [], applies_when={"date": "on_or_after", "value": "2027-12-02"})
    assert (claim.status, claim.next_change) == (Status.NOT_REQUIRED, date(2027, 12, 2))


def test_answers_that_somebody_took_back_are_stale_where_something_rests_on_them():
    def claim(*outdated):
        answers = Evidence("answers", "a", NOW, key="screening", params={"answers": {"heard_who": ["children"]}, "outdated": outdated})
        return status([ANSWERS], [answers])

    assert claim("another").status is claim().status is Status.SUPPORTED
    stale = claim("another", "heard_who")
    assert stale.status is Status.STALE
    assert as_data(stale.reasons)[0]["code"] == "items_outdated"
    assert as_data(stale.reasons)[0]["params"]["items"] == ["heard_who"]


# ---- kinds


def test_a_kind_that_nobody_registered_cannot_be_met_yet():
    need = {"id": "heard", "kind": "consultation", "groups": ["9-12"]}
    piece = Evidence("consultation", "heard:1", NOW)
    claim = status([need], [piece])
    assert claim.status is Status.MISSING
    assert as_data(claim.reasons) == [
        {"code": "cannot_be_met_yet", "params": {"need": "heard", "kind": "consultation"}}
    ]


def test_a_room_registers_a_kind_with_its_own_checker():
    def checker(need, evidence, at):
        return best_of(need, evidence, at, lambda need, piece, on: Fit(piece.params["gap"] <= need.params["delta"]))

    kinds = NeedKinds()
    kinds.register("fairness_audit", checker)
    need = frame({"id": "audit", "kind": "fairness_audit", "delta": 0.1}).requirements[0].needs[0]
    for gap, expected in ((0.05, Status.SUPPORTED), (0.5, Status.MISSING)):
        audit = Evidence("fairness_audit", "audit:1", NOW, params={"gap": gap})
        assert needs_status([need], [audit], Moment(NOW), kinds).status is expected


def test_a_kind_is_registered_once():
    kinds = NeedKinds()
    kinds.register("x", check_any)
    kinds.register("x", check_any)
    with pytest.raises(ValueError, match="registered already"):
        kinds.register("x", check_document)
    assert {"answers", "document", "decision"} <= NEEDS.kinds()
    assert needs.register == NEEDS.register
    assert check_answers is not check_any


# ---- time

offsets = st.integers(-800, 800)
pieces = st.builds(
    lambda kind, key, start, end, stance, version, who: Evidence(
        kind,
        "e",
        NOW + timedelta(days=start),
        key=key,
        valid_until=None if end is None else NOW + timedelta(days=start + end),
        stance=stance,
        system_version=version,
        params={"answers": {"heard_who": who}},
    ),
    st.sampled_from(["document", "answers", "decision"]),
    st.sampled_from(["crisis-protocol", "screening"]),
    offsets,
    st.none() | st.integers(0, 500),
    st.sampled_from([Stance.SUPPORTS, Stance.SUPPORTS, Stance.CONTESTS]),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from([["children"], ["parents"], []]),
)


@given(st.lists(pieces, max_size=5), st.integers(0, 1500), st.sampled_from(list(Depth)))
def test_time_alone_changes_nothing_before_the_next_change(evidence, later, depth):
    words = {"applies_when": {"date": "before", "value": "2028-01-01"}, "depth": "standard"}
    requirement = frame(DOCUMENT, DECISION, ANSWERS, **words).requirements[0]

    def on(day):
        return requirement_status(requirement, evidence, Moment(day, "1"), depth, {})

    today = on(NOW)
    assert today.next_change is None or today.next_change > NOW
    last = NOW + timedelta(days=later)
    if today.next_change is not None:
        last = min(last, today.next_change - DAY)
    assert on(last).status is today.status
    assert [need.state for need in on(last).needs] == [need.state for need in today.needs]


@given(st.lists(pieces, max_size=5))
def test_more_supporting_evidence_never_makes_a_document_worse(evidence):
    def state(given_evidence):
        return needs_status(frame(DOCUMENT).requirements[0].needs, given_evidence, Moment(NOW)).needs[0].state

    order = [NeedState.MISSING, NeedState.STALE, NeedState.MET]
    assert order.index(state([*evidence, document()])) >= order.index(state(evidence))


# One of several ---------------------------------------------------------------------------------------------------------


def either(*more):
    """A need that answers to `deep`, answers to `wide` or a paper meets."""
    from trygg.engines.assurance.model import _need

    rows = [
        {"id": f"by-{name}", "kind": "answers", "instrument": name, "items": ["q"], "when": {"item": "q", "is": "yes"}, "max_age": 30}
        for name in ("deep", "wide")
    ]
    paper = {"id": "by-paper", "kind": "document", "document": "paper", "label": {"en": "The paper", "sv": "Papperet"}}
    return _need({"id": "shown", "any_of": [*rows, paper, *more]}, "needs[0]")


def replied(instrument, value, on):
    return Evidence("answers", f"{instrument}-{on}", on, key=instrument, params={"answers": {"q": value}})


def judged(*pieces, on=date(2026, 11, 22)):
    return NEEDS.check(either(), pieces, Moment(on))


def test_one_of_several_is_enough_and_the_reason_names_that_one():
    found = judged(replied("wide", "yes", date(2026, 11, 20)))
    assert (found.state, [reason.code for reason in found.reasons]) == ("met", [Code.SUPPORTED_BY])
    assert found.reasons[0].params["source"] == "wide-2026-11-20" and found.changes_on == date(2026, 12, 21)
    assert judged(Evidence("document", "p", date(2026, 1, 1), key="paper")).state == "met"


def test_with_none_of_them_every_way_is_named_once():
    found = judged()
    assert found.state == "missing" and [reason.code for reason in found.reasons] == [Code.NONE_OF]
    assert [(each["kind"], each["key"]) for each in found.reasons[0].params["alternatives"]] == [
        ("answers", "deep"), ("answers", "wide"), ("document", ""),
    ]  # fmt: skip
    assert found.reasons[0].params["alternatives"][2]["label"] == {"en": "The paper", "sv": "Papperet"}


def test_what_was_begun_says_what_it_lacks_and_the_others_are_silent():
    begun = Evidence("answers", "begun", date(2026, 11, 1), key="deep", params={"answers": {}})
    assert [reason.code for reason in judged(begun).reasons] == [Code.ITEMS_UNANSWERED]
    assert judged(begun, replied("wide", "yes", date(2026, 11, 1))).state == "met"


@pytest.mark.parametrize(
    ("yes", "no", "state"),
    [(20, 10, "met"), (10, 20, "missing"), (20, 20, "missing")],
)
def test_a_no_that_is_as_new_is_not_outweighed_by_a_yes_elsewhere(yes, no, state):
    found = judged(replied("deep", "yes", date(2026, 11, yes)), replied("wide", "no", date(2026, 11, no)))
    assert found.state == state
    assert found.reasons[0].code == (Code.SUPPORTED_BY if state == "met" else Code.ANSWERS_SAY_NO)


def test_a_no_counts_also_when_the_yes_has_run_out_and_an_older_paper_stands():
    paper = Evidence("document", "p", date(2026, 1, 1), key="paper")
    assert judged(paper, replied("deep", "no", date(2026, 11, 20))).state == "missing"
    assert judged(replied("deep", "yes", date(2026, 9, 1))).state == "stale"
    assert judged(replied("deep", "yes", date(2026, 9, 1)), replied("wide", "yes", date(2026, 11, 1))).state == "met"


def test_a_claim_whose_ways_nobody_has_built_yet_says_so_only_when_there_is_no_other():
    need = either({"id": "by-oracle", "kind": "oracle"})
    assert NEEDS.check(need, [replied("deep", "yes", date(2026, 11, 1))], Moment(date(2026, 11, 2))).state == "met"
    assert NEEDS.check(need, [], Moment(date(2026, 11, 2))).reasons[0].code == Code.NONE_OF
