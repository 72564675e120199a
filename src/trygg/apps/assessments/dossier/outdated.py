"""Which answers rest on something that the vendor has changed since, and what the evidence of an assessment says of that."""

from collections.abc import Collection, Mapping
from typing import Any

from trygg.apps.assessments.dossier.models import Taken
from trygg.apps.assessments.questions import content_hash


def stands(row: Taken) -> bool:
    """Whether the answer still is what was taken over: whoever has written another one answers for that."""
    return row.answer.value == row.value


def outdated_items(assessments: Collection[int]) -> dict[int, set[str]]:
    """Assessment -> questions whose answer was taken over and is outdated. One query."""
    rows = Taken.objects.filter(answer__section__assessment__in=assessments, current=True).exclude(outdated_by=None)
    found: dict[int, set[str]] = {}
    for row in rows.select_related("answer__section"):
        if stands(row):
            found.setdefault(row.answer.section.assessment_id, set()).add(row.answer.item_id)
    return found


def evidence_content(counting: Mapping[str, Any], outdated: Collection[str]) -> tuple[dict[str, Any], str]:
    """(params, hash) of the evidence that answers give."""
    named = sorted(set(outdated) & counting.keys())
    params: dict[str, Any] = {"answers": dict(counting)}
    if not named:
        return params, content_hash(counting)
    params["outdated"] = named
    return params, content_hash(params)
