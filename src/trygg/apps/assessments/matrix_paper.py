"""The picture of rights and groups of children for papers: the worst place in a sentence, the picture, and the same as data."""

from typing import Any

from django.utils import translation

from trygg.apps.assessments.content import load_whole
from trygg.apps.assessments.matrix import MatrixPicture, picture_of
from trygg.apps.assessments.matrix_svg import drawn
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.questions import Reading
from trygg.spine.matters.models import Matter


def matrix_picture(assessment: Assessment, language: str) -> str:
    """The picture of an assessment as SVG for paper, in a language; "" where nobody has answered about rights and groups. The caller has
    checked that all of the assessment may be seen."""
    with translation.override(language):
        found = picture_of(load_whole(assessment).reading)
        return drawn(found, page=False) if found else ""


def for_matter(matter: Matter, language: str) -> dict[str, Any] | None:
    """The newest answers of the matter about rights and groups: of several assessments that whose worst place is gravest. None where there
    are none. The caller has checked that the matter and its assessments may be seen whole."""
    newest: dict[str, Assessment] = {}
    rows = Assessment.objects.filter(matter=matter).exclude(state=Assessment.State.SUPERSEDED).select_related("pack", "matter__case")
    for assessment in rows.order_by("revision"):
        newest[assessment.instrument_id] = assessment
    found = [content for each in newest.values() if (content := for_reading(load_whole(each).reading, language)) is not None]
    return max(found, key=lambda content: content["gravity"], default=None)


def for_reading(reading: Reading, language: str) -> dict[str, Any] | None:
    """What an assessment, as it is read, says of rights and groups of children. Keys: `headline`, the worst place in a sentence; `svg`, for
    paper; `rows`, the rights under their areas; `groups`; `cells`, one for each right and group; `table` (`head`, `rows`), the same as text;
    `left_out`, what nobody has looked at; `gravity`, to compare two."""
    with translation.override(language):
        found = picture_of(reading)
        return _content(found) if found else None


def _content(found: MatrixPicture) -> dict[str, Any]:
    worst = {(line.right, cell.group) for line, cell in found.worst}
    gravity = max(((cell.step, cell.points) for _line, cell in found.worst), default=(0, 0))
    return {
        "headline": found.headline,
        "sentence": found.sentence,
        "svg": drawn(found, page=False),
        "rows": [{"area": area, "right": line.name, "gains": line.gains} for area, lines in found.areas for line in lines],
        "groups": list(found.groups),
        "cells": [
            {
                "right": line.name,
                "group": cell.group,
                "seen": cell.seen,
                "word": cell.word if cell.seen else "",
                "step": cell.step if cell.seen else None,
                "lasting": cell.lasting,
                "worst": (line.right, cell.group) in worst,
                "levels": dict(zip(found.dimensions, cell.levels, strict=True)),
            }
            for _area, lines in found.areas
            for line in lines
            for cell in line.cells
        ],
        "table": {"head": found.head, "rows": found.rows},
        "left_out": found.left_out,
        "gravity": (gravity[0], float(gravity[1])),
    }
