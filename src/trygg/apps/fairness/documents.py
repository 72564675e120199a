"""Audits that were made inside an agency, as they come in: JSON of the form trygg-audit/1, nothing else, and nothing exact."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from trygg.engines.fairness import AUDIT_FORMAT, Verdict
from trygg.engines.fairness.spec import METRICS

LARGEST = 20 * 1024**2
NEEDED = ("rows", "attributes", "groups", "comparisons", "warnings", "method")
VERDICTS = tuple(Verdict)
KEYS = {
    "rows", "attributes", "groups", "comparisons", "warnings", "method", "format", "gaps", "calibration", "thresholds", "auc", "values",
    "top_k", "within", "periods",
}  # fmt: skip


class Refused(ValueError):
    """The file is no audit that may come in; the message says what is wrong and what to do."""


def read_document(content: bytes) -> dict[str, Any]:
    """The document, checked. Raises Refused."""
    if len(content) > LARGEST:
        raise Refused(too_large())
    try:
        document = json.loads(content, parse_constant=_not_finite)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused(_("The file is not JSON. Send the file that the command wrote with --format json.")) from error
    if not isinstance(document, dict) or document.get("format") != AUDIT_FORMAT:
        found = document.get("format") if isinstance(document, dict) else None
        raise Refused(
            _(
                "The file is not an audit of the form %(form)s (found: %(found)s). Make it with the command on this page."
            )
            % {"form": AUDIT_FORMAT, "found": str(found)[:60] if found else _("none")}
        )
    missing = [name for name in NEEDED if name not in document]
    if missing or not isinstance(document["method"], dict):
        raise Refused(
            _("The audit is not whole: %(missing)s is missing. Make it again.")
            % {"missing": ", ".join(missing) or "method"}
        )
    unknown = sorted(set(document) - KEYS)
    if unknown:
        raise Refused(
            _("The audit holds something that this version does not know: %(names)s.")
            % {"names": ", ".join(unknown)[:200]}
        )
    if document["method"].get("disclosure") != "public":
        raise Refused(
            _(
                "These are exact figures, which stay inside the agency. Make the audit again with --disclosure public and send that one."
            )
        )
    _check(document)
    return document


def too_large() -> str:
    return _(
        "The file is larger than 20 MB. An audit is small: send the file that trygg fairness audit wrote, not the rows."
    )


def _not_finite(word: str) -> None:
    raise ValueError(word)


def _check(document: Mapping[str, Any]) -> None:
    """Shape of what pages read, and nothing in it that could tell of few children."""
    try:
        for group in document["groups"]:
            _names(group["attributes"])
            counts = [group["n"], *group["counts"].values()]
            if any(count is not None and (not isinstance(count, int) or count < 0 or count % 5) for count in counts):
                raise Refused(
                    _("Counts of the group %(group)s are not rounded to 5, as what leaves an agency must be.")
                    % {"group": group["attributes"]}
                )
            if set(group["metrics"]) - set(METRICS):
                raise Refused(_("The audit has a measure that this version does not know."))
        for row in document["comparisons"]:
            _names(row["group"])
            if row["metric"] not in METRICS or row["verdict"] not in VERDICTS:
                raise Refused(_("The audit has a measure or a verdict that this version does not know."))
            for name in ("difference", "low", "high", "material"):
                if row[name] is not None and not -1 <= float(row[name]) <= 1:
                    raise Refused(_("A difference lies outside -1 to 1: the file was changed after it was made."))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(
            _("The audit is not whole: something is missing in a group or a comparison. Make it again.")
        ) from error


def _names(group: Mapping[str, Any]) -> None:
    for name, value in group.items():
        if not isinstance(name, str) or not (value is None or isinstance(value, str)) or len(str(value)) > 300:
            raise Refused(_("The audit names a group in a way that this version does not know."))
