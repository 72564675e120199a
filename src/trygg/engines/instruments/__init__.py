"""Questionnaires as data: load, decide what is asked, check answers, score with an explanation."""

from .answers import (
    CompletionCode,
    CompletionProblem,
    Hidden,
    HiddenWhy,
    Progress,
    Visibility,
    answer_problems,
    completion_problems,
    progress,
    visibility,
)
from .model import (
    Band,
    Choice,
    EvidenceRule,
    Flag,
    Instrument,
    InstrumentError,
    Item,
    Scale,
    Section,
    load_instrument,
)
from .scoring import Assessment, Part, RaisedFlag, ScaleScore, assess, band_of

__all__ = [
    "Assessment", "Band", "Choice", "CompletionCode", "CompletionProblem", "EvidenceRule", "Flag", "Hidden",
    "HiddenWhy", "Instrument", "InstrumentError", "Item", "Part", "Progress", "RaisedFlag", "Scale", "ScaleScore",
    "Section", "Visibility", "answer_problems", "assess", "band_of", "completion_problems", "load_instrument",
    "progress", "visibility",
]  # fmt: skip
