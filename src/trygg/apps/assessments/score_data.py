"""The score of an assessment for programs: exact numbers as text, ids instead of words."""

from collections.abc import Mapping
from typing import Any

from trygg.apps.assessments.questions import Reading
from trygg.apps.assessments.score import level_range, score_of
from trygg.engines.instruments import Scale, ScaleScore, Total, band_bound, band_of
from trygg.engines.instruments.points import rounded
from trygg.engines.instruments.scoring import Assessment
from trygg.spine.frameworks.answer_words import plain_number


def score_data(reading: Reading, head: Mapping[str, Any]) -> dict[str, Any]:
    """The same as data: exact numbers as text, ids instead of words."""
    found = score_of(reading)
    instrument = reading.instrument
    totals = {score.scale: Total(score.points, score.out_of) for score in found.scores}
    return {
        **head,
        "depth": reading.depth.value,
        "phase": reading.phase,
        "mode": str(found.mode),
        "flags": [
            {"item": each.item, "choice": each.choice, "flag": str(each.flag), "unverified_stop": each.unverified}
            for each in found.flags
        ],
        "scales": [_scale_data(instrument.scale(score.scale), score, found, totals, reading) for score in found.scores],
        "not_counted": {name: str(hidden.why) for name, hidden in found.not_counted.items()},
    }


def _scale_data(
    scale: Scale, score: ScaleScore, found: Assessment, totals: Mapping[str, Total], reading: Reading
) -> dict[str, Any]:
    low, high = level_range(scale, score, found, totals, reading)
    raw = band_of(scale, rounded(score.points, scale.rounding), score.out_of)
    return {
        "scale": scale.id,
        "rule": str(scale.rule),
        "points": plain_number(score.points),
        "out_of": plain_number(score.out_of),
        "current": plain_number(score.current),
        "raw_level": scale.bands.index(raw) + 1 if raw else None,
        "level": score.level,
        "levels": len(scale.bands),
        "band": score.band,
        "complete": score.complete,
        "can_become": {
            "points": [plain_number(score.minimum), plain_number(score.maximum)],
            "level": [low, high],
        },
        "adjustments": [
            {
                "adjustment": each.adjustment,
                "held": each.held,
                "before": plain_number(each.before),
                "after": plain_number(each.after),
                "reached": None if each.reached is None else plain_number(each.reached),
                "needed": None if each.needed is None else plain_number(each.needed),
            }
            for each in score.applied
        ],
        "bands": [
            {
                "band": band.id,
                "upto": None if (bound := band_bound(scale, band, score.out_of)) is None else plain_number(bound),
                "inclusive": band.inclusive,
            }
            for band in scale.bands
        ],
        "lines": [
            {
                "item": line.item,
                "state": str(line.state),
                "points": plain_number(line.points),
                "maximum": plain_number(line.maximum),
                "parts": [{"choice": part.choice, "points": plain_number(part.points)} for part in line.parts],
                "dropped": list(line.outside),
            }
            for line in score.lines
        ],
    }
