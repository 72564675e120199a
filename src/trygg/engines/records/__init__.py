"""Register files in and out: read, map to the common record, match, export. Pure Python, no Django.

Typical use::

    source = open_source(path, name=upload_name)          # says what it detected: source.info.describe()
    guess = guess_mapping(source.info.columns)            # or load_mapping(yaml_text), shipped_mapping("nl-1.0")
    mapper = Mapper(guess.mapping, source.info.columns)
    for chunk in source.chunks(500):                      # ReadError here: throw away what was staged
        for row in chunk:
            record = mapper.record(row)                   # RegisterRecord, or Problem where the row is refused
"""

from .errors import MappingError, Problem, ReadError
from .export_all import (
    from_dict,
    load_csv,
    load_json,
    to_dict,
    write_csv,
    write_json,
    write_source_csv,
    write_source_json,
)
from .export_nl import NL_FIELDS, NlExport, to_nl, write_nl_csv, write_nl_json
from .guess import Guess, guess_mapping, propose_mapping
from .identity import Ambiguous, DuplicateFinder, MatchKey, find_duplicates, match_key, normal_text, normal_url
from .limits import DEFAULT_LIMITS, Limits
from .mapping import SHIPPED, Mapper, Mapping, build_mapping, load_mapping, shipped_mapping
from .model import FIELDS, RISK_CLASSES, STAGE_OF_STATUS, STATUSES, FieldSpec, Item, Kind, RegisterRecord
from .rows import Envelope, Note, Row
from .source import Source, SourceInfo, open_source

__all__ = [
    "DEFAULT_LIMITS",
    "FIELDS",
    "NL_FIELDS",
    "RISK_CLASSES",
    "SHIPPED",
    "STAGE_OF_STATUS",
    "STATUSES",
    "Ambiguous",
    "DuplicateFinder",
    "Envelope",
    "FieldSpec",
    "Guess",
    "Item",
    "Kind",
    "Limits",
    "Mapper",
    "Mapping",
    "MappingError",
    "MatchKey",
    "NlExport",
    "Note",
    "Problem",
    "ReadError",
    "RegisterRecord",
    "Row",
    "Source",
    "SourceInfo",
    "build_mapping",
    "find_duplicates",
    "from_dict",
    "guess_mapping",
    "load_csv",
    "load_json",
    "load_mapping",
    "match_key",
    "normal_text",
    "normal_url",
    "open_source",
    "propose_mapping",
    "shipped_mapping",
    "to_dict",
    "to_nl",
    "write_csv",
    "write_json",
    "write_nl_csv",
    "write_nl_json",
    "write_source_csv",
    "write_source_json",
]
