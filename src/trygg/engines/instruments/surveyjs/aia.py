"""Canada's Algorithmic Impact Assessment: how a survey of that shape says what scores, and the scales that follow.

The rules in our own words stand in docs/instruments-surveyjs.md. Source: canada-ca/aia-eia-js (MIT), read 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..foreign import aia_points
from .texts import Texts

RISK, MITIGATION = "risk", "mitigation"
SCORING = ("radiogroup", "dropdown", "checkbox")
_SUFFIXES: Mapping[str, str] = {"-RS": RISK, "-MS": MITIGATION, "-NS": ""}


def suffix(name: Any) -> str | None:
    """The scale that a name ends in ("" for none); None when it ends in nothing of the kind."""
    return next((scale for end, scale in _SUFFIXES.items() if isinstance(name, str) and name.endswith(end)), None)


def scale_of(element: Mapping[str, Any], parent: Any) -> str:
    """The scale that a question scores on, "" for none: by its own name, otherwise by that of what it stands in."""
    if element.get("type", "text") not in SCORING:
        return ""
    own = suffix(element.get("name"))
    return (suffix(parent) or "") if own is None else own


def looks_like_aia(survey: Any) -> bool:
    """Whether any page, panel or question has a name of that kind."""
    below = [survey]
    while below:
        each = below.pop()
        if isinstance(each, list):
            below += each
        elif isinstance(each, Mapping):
            if suffix(each.get("name")) is not None:
                return True
            below += [each[key] for key in ("pages", "elements", "questions", "templateElements") if key in each]
    return False


def points_of(value: Any) -> int | float | str:
    """The points of a choice by its value, as a pack writes them."""
    return number_data(aia_points(value))


def number_data(number: Fraction) -> int | float | str:
    """A number as a pack writes it, exactly: as a number up to 15 digits, otherwise as a text."""
    if number.denominator == 1:
        return int(number) if abs(number) < 10**15 else str(number)
    plain = float(number)
    text = str(plain)
    if Fraction(text) == number and "e" not in text and len(text.partition(".")[2]) <= 15 and abs(number) < 10**15:
        return plain
    return f"{number.numerator}/{number.denominator}"


def scales(texts: Texts) -> list[dict[str, Any]]:
    """Risk, reduced by mitigation, and mitigation. Both stand there also when no question scores on one of them: Canada's
    tool compares 0 with 0.8 of 0 then, which it reaches.

    The maximum is taken over all questions. One phase can reach half of the points of mitigation: 0.8 of that half takes
    15 % off, rounded half up. Levels go by the share of the undiminished maximum.
    """
    reduced = {
        "id": "mitigated",
        "when": {"scale": MITIGATION, "at_least": 0.8, "of": "maximum", "times": 0.5},
        "multiply": 0.85,
        "rounding": "half_up",
        "reason": texts.word("reduced"),
    }
    bands = [
        {"id": f"level-{level}", "title": texts.word("level", numeral), **({"upto": upto} if upto else {})}
        for level, numeral, upto in ((1, "I", 0.25), (2, "II", 0.5), (3, "III", 0.75), (4, "IV", None))
    ]
    risk = {
        "id": RISK, "title": texts.word("risk"), "rule": "sum", "maximum": "all", "measure": "share",
        "adjustments": [reduced], "bands": bands,
    }  # fmt: skip
    return [risk, {"id": MITIGATION, "title": texts.word("mitigation"), "rule": "sum", "maximum": "all"}]
