"""Files that are no packs yet: SurveyJS and Excel, made the data of a pack by the engines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trygg.engines.instruments.surveyjs import Options, SurveyErrors, parse_json, read_survey
from trygg.packs.loader import Problem


@dataclass(frozen=True)
class Named:
    """What a pack must say and a SurveyJS file does not: given beside it in the form."""

    on: date
    id: str = ""
    version: str = ""


@dataclass(frozen=True)
class Found:
    """`data`: the pack, None when something is wrong. `notes`: (path, reason) of what was changed and left out."""

    data: Mapping[str, Any] | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def survey(raw: bytes, file: str, named: Named) -> Found:
    options = Options(id=named.id, version=named.version or "1.0.0", date=named.on.isoformat(), file=file)
    try:
        reading = read_survey(parse_json(raw), options)
    except SurveyErrors as errors:
        return Found(None, tuple(Problem(file, each.path, each.code, each.reason) for each in errors.problems))
    return Found(reading.data, (), tuple((each.path, each.reason) for each in reading.notes))


def workbook(raw: bytes, file: str, named: Named) -> Found:
    from trygg.engines.instruments.workbook_packs_read import pack_from_workbook  # Excel takes 40 MB

    data, problems = pack_from_workbook(raw)
    if problems:
        return Found(None, tuple(Problem(file, f"{each.sheet} {each.cell}".strip(), each.code, each.reason) for each in problems))
    return Found(data)


READERS = {"surveyjs": survey, "workbook": workbook}
