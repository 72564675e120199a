"""Answers of the demo's assessments, by section of the instrument *child-rights screening*."""

READING = {
    "gain": {
        "benefit_named": "named_measured", "alternative_compared": "compared_written", "effect_followed": "measured_internal",
        "learning_effect": "followed",
    },
    "heard": {
        "heard_who": ["affected_children", "parents", "professionals"], "heard_changed": "changed", "feedback_given": "answer_given",
        "say_no": "same_goal",
    },
    "safe": {
        "danger_told": "human_at_once", "human_contact": "named_open", "child_harms_reviewed": "reviewed_measures", "worst_harm": "setback",
        "worst_harm_measure": "works_checked", "acts_human": "says_machine", "keeps_longer": ["none_of_these"], "reporting_duty": "trained_only",
    },
    "fair": {
        "groups_checked": "measured_gap", "gap_handled": "being_worked_on", "retest_after_update": "not_known", "fairness_limit": "nobody_decided",
        "over_documented": "no_records_used", "aids_tested": "users_and_standard", "languages_work": "some_worse", "equal_access": "same_for_all",
    },
    "data": {
        "data_needed": "all_checked", "use_limited": "in_contract", "deleted_in_time": "dated_tested", "dpia_children": "children_inferred",
        "inner_life": ["none_of_these"], "correct_everywhere": "tried_works",
    },
    "answer": {
        "told_children": "written_for_children", "complaint_route": "child_route_deadline", "help_after_harm": "agreed_help",
        "overseer": "named_may_pause", "human_decides": "human_reasons", "steers_case": "no_score", "budget_set": "whole_life",
        "literacy_offered": ["children", "parents", "staff"],
    },
    "vendor": {
        "v_group_tests": "tested_shared", "v_training_data": "never_used", "v_abuse_safeguards": "blocked_tested", "v_danger_tests": "tested_fixed",
        "v_age_limits": "built_by_age", "v_attention_money": "nobody_earns", "v_supply_shown": ["datasets_screened", "energy_stated"],
    },
}  # fmt: skip
READING_NOTES = {
    "benefit_named": "Lästempo och lust att läsa följs varje termin på båda skolorna.",
    "heard_changed": "Barnen ville kunna stänga av rösten. Det går nu.",
    "groups_checked": "Barn som lär sig svenska får oftare sina ord felhörda: 186 av 1 000 ord mot 120.",
    "languages_work": "Arabiska och somaliska som modersmål är sämre. Leverantören tränar om till våren.",
}

PRESCHOOL = {
    "gain": {"benefit_named": "named_measured"},
    "heard": {"heard_who": ["affected_children", "parents", "professionals"], "heard_changed": "changed", "say_no": "same_goal"},
    "safe": {"danger_told": "cannot_tell", "human_contact": "named_open"},
    "fair": {"groups_checked": "gone_through"},
    "data": {"data_needed": "no_child_data"},
    "answer": {"told_children": "written_for_children", "overseer": "named_may_pause"},
}

ABSENCE = {
    "gain": {"benefit_named": "named_only", "alternative_compared": "compared_talked", "effect_followed": "not_measured", "learning_effect": "not_learning"},
    "heard": {"heard_who": ["professionals"], "heard_changed": "too_early", "feedback_given": "no_answer", "say_no": "cannot"},
    "fair": {
        "groups_checked": "not_examined", "retest_after_update": "not_told", "fairness_limit": "nobody_decided", "over_documented": "not_checked",
        "aids_tested": "no_screen", "languages_work": "no_language", "equal_access": "nothing_needed",
    },
    "answer": {
        "told_children": "adults_only", "complaint_route": "adult_route", "help_after_harm": "usual_care", "overseer": "named_may_pause",
        "human_decides": "human_reasons", "steers_case": "can_challenge", "budget_set": "some_of_it", "literacy_offered": ["staff"],
    },
}  # fmt: skip

CERTIFICATE = """Ordverket AB (påhittat bolag)
Intyg om leverantörskedjan, version 3.1 av Ordstigen

Träningsdata är inspelningar med samtycke och genomsökta efter olagligt material.
Energi: 0,4 Wh för en läsning på tio minuter, mätt i egen drift.
"""
