"""SurveyJS, in and out: surveys as packs, packs as surveys, answers as SurveyJS and Canada's AIA keep them."""

from .aia import looks_like_aia
from .answers import Record, record
from .expressions import ExpressionError, parse_expression
from .jsontext import MAX_BYTES, parse_json, too_large
from .notes import Note, SurveyErrors
from .reader import Options, Reading, read_survey
from .writer import Writing, write_survey

__all__ = [
    "MAX_BYTES", "ExpressionError", "Note", "Options", "Reading", "Record", "SurveyErrors", "Writing", "looks_like_aia",
    "parse_expression", "parse_json", "read_survey", "record", "too_large", "write_survey",
]  # fmt: skip
