"""Ledger actions of bias audits and their wording."""

from trygg.kernel.ledger import register_action

register_action(
    "fairness.audit_declared",
    en="Bias audit {number} was declared before anyone looked: {primary}",
    sv="Granskning {number} av snedvridning slogs fast innan någon hade tittat: {primary}",
)
register_action(
    "fairness.rows_received",
    en="Rows for bias audit {number} came in, to be deleted by {delete_on}",
    sv="Rader till granskning {number} kom in och ska raderas senast {delete_on}",
)
register_action(
    "fairness.rows_deleted",
    en="The rows of bias audit {number} were deleted",
    sv="Raderna till granskning {number} raderades",
)
register_action(
    "fairness.audit_finished",
    en="Bias audit {number} was worked out: {verdicts}",
    sv="Granskning {number} räknades fram: {verdicts}",
)
register_action(
    "fairness.audit_failed",
    en="Bias audit {number} could not be worked out ({reason})",
    sv="Granskning {number} gick inte att räkna fram ({reason})",
)
register_action(
    "fairness.audit_used",
    en="Bias audit {number} was put before the claims",
    sv="Granskning {number} lades till grund för påståendena",
)
register_action(
    "fairness.audit_withdrawn",
    en="Bias audit {number} was withdrawn",
    sv="Granskning {number} drogs tillbaka",
)
