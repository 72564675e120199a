"""Questionnaires as data: load, decide what is asked, check answers, score with an explanation, carry to a new version."""

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
from .batch import Result, Scorer, score_many
from .foreign import aia_points, choice_for, foreign_value, from_foreign, hyphen_points, to_foreign
from .load import LANGUAGES, exact, item_rows, load_instrument
from .mapping import End, Mapping, Relation, load_mapping, translated
from .mapping import Line as MappingLine
from .mapping import reverse as reverse_mapping
from .migrate import Carried, Change, Do, Fate, Migration, Why, migrate, migration_map
from .model import (
    REPEATED,
    Adjustment,
    Band,
    Basis,
    Choice,
    Convention,
    Dimension,
    EvidenceRule,
    Flag,
    Heading,
    Instrument,
    InstrumentError,
    Item,
    Matrix,
    Measure,
    Named,
    Obligation,
    Repeat,
    Rounding,
    Row,
    Rule,
    Scale,
    Section,
    Threshold,
)
from .points import Applied, Conclusion, Total, band_bound, band_of, conclude
from .repeats import entry_item, expand
from .scoring import Assessment, Line, LineState, Mode, Part, RaisedFlag, ScaleScore, assess, raised_as
from .whatif import Kind, Step, WhatIf, what_if

__all__ = [
    "LANGUAGES", "REPEATED", "Adjustment", "Applied", "Assessment", "Band", "Basis", "Carried", "Change", "Choice",
    "CompletionCode", "CompletionProblem", "Conclusion", "Convention", "Dimension", "Do", "End", "EvidenceRule", "Fate", "Flag",
    "Heading", "Hidden", "HiddenWhy", "Instrument", "InstrumentError", "Item", "Kind", "Line", "LineState", "Mapping",
    "MappingLine", "Matrix",
    "Measure", "Migration", "Mode", "Named", "Obligation", "Part", "Progress", "RaisedFlag", "Relation", "Repeat", "Result",
    "Rounding", "Row", "Rule", "Scale", "ScaleScore", "Scorer", "Section", "Step", "Threshold", "Total", "Visibility",
    "WhatIf", "Why", "aia_points", "answer_problems", "assess", "band_bound", "band_of", "choice_for",
    "completion_problems", "conclude", "entry_item", "exact", "expand", "foreign_value", "from_foreign",
    "hyphen_points", "item_rows", "load_instrument", "load_mapping", "migrate", "migration_map", "progress", "raised_as",
    "reverse_mapping", "score_many", "to_foreign", "translated", "visibility", "what_if",
]  # fmt: skip
