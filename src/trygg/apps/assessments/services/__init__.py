"""Writes of assessments."""

from trygg.apps.assessments.services.answering import Saved, autosave_answers, save_section, settle_version
from trygg.apps.assessments.services.deepening import change_depth
from trygg.apps.assessments.services.discussing import (
    MAX_COMMENT,
    attach_file,
    comment,
    remove_attached_file,
    resolve_comment,
)
from trygg.apps.assessments.services.obliging import fulfil_obligation
from trygg.apps.assessments.services.repeating import add_entry, name_entry, remove_entry
from trygg.apps.assessments.services.second_reading import (
    ask_second_reader,
    finish_second_reading,
    save_second_answers,
    settle_difference,
    withdraw_second_reading,
)
from trygg.apps.assessments.services.signing import lock_assessment, reopen_assessment, sign_off, withdraw_sign_off
from trygg.apps.assessments.services.starting import assign_section, start_assessment
from trygg.apps.assessments.services.taking_over import begin_from_case
from trygg.apps.assessments.services.upgrading import (
    ChangedMeanwhile,
    begin_next_phase,
    may_be_undone,
    next_phase_of,
    undo_upgrade,
    upgrade_assessment,
)

__all__ = [
    "MAX_COMMENT",
    "ChangedMeanwhile",
    "Saved",
    "add_entry",
    "ask_second_reader",
    "assign_section",
    "attach_file",
    "autosave_answers",
    "begin_from_case",
    "begin_next_phase",
    "change_depth",
    "comment",
    "finish_second_reading",
    "fulfil_obligation",
    "lock_assessment",
    "may_be_undone",
    "name_entry",
    "next_phase_of",
    "remove_attached_file",
    "remove_entry",
    "reopen_assessment",
    "resolve_comment",
    "save_second_answers",
    "save_section",
    "settle_difference",
    "settle_version",
    "sign_off",
    "start_assessment",
    "undo_upgrade",
    "upgrade_assessment",
    "withdraw_second_reading",
    "withdraw_sign_off",
]
