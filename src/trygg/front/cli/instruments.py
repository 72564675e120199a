"""`trygg instruments`: surveys as packs, packs as surveys, scores of many answers. Needs no database."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from trygg.front.cli import tenders, workbooks
from trygg.front.cli.common import problem, say, wrong

app = typer.Typer(help="Questionnaires: from and to SurveyJS, scores of answers.", no_args_is_help=True)
LISTED = 40
app.command("import")(workbooks.import_)
app.command("tender")(tenders.tender)
app.add_typer(workbooks.answers, name="answers")


class Output(StrEnum):
    TEXT = "text"
    JSON = "json"


class Convention(StrEnum):
    AUTO = "auto"
    AIA = "aia"
    TRYGG = "trygg"


class ScoreMode(StrEnum):
    COMPLETED = "completed"
    LIVE = "live"


class Depth(StrEnum):
    LIGHT = "light"
    STANDARD = "standard"
    FULL = "full"


class Target(StrEnum):
    SURVEYJS = "surveyjs"
    XLSX = "xlsx"


@app.callback()
def _group() -> None:
    """Questionnaires: from and to SurveyJS, scores of answers."""


@app.command()
def convert(
    survey: Annotated[Path, typer.Argument(metavar="SURVEY", help="A SurveyJS file (.json).")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The folder that the pack is written into; made when it is not there."),
    ],
    id: Annotated[str, typer.Option("--id", help="Id of the pack; otherwise from the name of the file.")] = "",
    version: Annotated[str, typer.Option("--version", help="Version of the pack, such as 1.0.0.")] = "",
    convention: Annotated[Convention, typer.Option(help="auto, aia (Canada's AIA) or trygg.")] = Convention.AUTO,
    format: Annotated[Output, typer.Option(help="text or json.")] = Output.TEXT,
) -> None:
    """A SurveyJS survey as a pack. Says what was changed and what was left out; writes nothing when something is wrong."""
    from trygg.engines.instruments.surveyjs import MAX_BYTES, Options, SurveyErrors, parse_json, read_survey, too_large
    from trygg.engines.instruments.surveyjs.ids import PACK
    from trygg.packs.check import check_packs
    from trygg.packs.loader import PackUnreadable, pack_from_data
    from trygg.packs.writing import write_pack

    _fitting(id, version, PACK)
    if not survey.is_file():
        wrong(f"{survey}: there is no such file.")
    if output.exists() and not output.is_dir():
        wrong(f"{output} is no folder.")
    today = datetime.now(UTC).date().isoformat()
    options = Options(id, version, today, convention=convention.value, file=survey.name)
    try:
        if (size := survey.stat().st_size) > MAX_BYTES:
            raise too_large(size, MAX_BYTES)
        reading = read_survey(parse_json(survey.read_bytes()), options)
    except SurveyErrors as errors:
        _refuse(survey, [(one.path, one.code, one.reason) for one in errors.problems], format)
    data = reading.data
    if reading.carried:  # what travelled beside the survey may have been edited by anybody
        found = check_packs([pack_from_data(data, survey.name)])
        if found:
            _refuse(survey, [(one.path, one.code, one.reason) for one in found], format)
    target = output / f"{data['id']}.yaml"
    try:
        output.mkdir(parents=True, exist_ok=True)
        write_pack(data, target)
    except PackUnreadable as error:
        _refuse(survey, [(error.problem.path, error.problem.code, error.problem.reason)], format)
    _say_converted(target, data, [(one.path, one.code, one.reason) for one in reading.notes], format)


@app.command()
def score(
    pack: Annotated[
        str,
        typer.Argument(metavar="PACK", help="A pack, a folder with one, the id of a shipped one, or a SurveyJS file."),
    ],
    answers: Annotated[
        Path, typer.Argument(metavar="ANSWERS", help="Answers: JSON (one object, a list) or JSON lines.")
    ],
    mode: Annotated[
        ScoreMode,
        typer.Option(help="completed: what is hidden or no choice is dropped first; live: everything counts."),
    ] = (ScoreMode.COMPLETED),
    phase: Annotated[str, typer.Option(help="Only what is asked in this phase.")] = "",
    depth: Annotated[Depth, typer.Option(help="light, standard or full.")] = Depth.FULL,
    format: Annotated[Output, typer.Option(help="text or json.")] = Output.TEXT,
) -> None:
    """Scores of answers, one result for each record. With json a list: every point of every question."""
    from trygg.front.cli.scores import Scores, answers_from, instrument_from

    instrument = instrument_from(pack)
    if phase and phase not in [each.id for each in instrument.phases]:
        known = ", ".join(each.id for each in instrument.phases) or "none"
        wrong(f"There is no phase «{phase}» in {instrument.id}. There are: {known}.")
    if not answers.is_file():
        wrong(f"{answers}: there is no such file.")
    records = answers_from(answers)
    results = [*map(Scores(instrument, mode.value, phase, depth.value), records)]
    if format is Output.JSON:
        say("[" + ",\n ".join(json.dumps(result, ensure_ascii=False) for result in results) + "]")
        return
    for number, result in enumerate(results, start=1):
        say(_line(number, result))


@app.command()
def export(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A pack, a folder with one, or the id of a shipped one.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write.")],
    format: Annotated[Target, typer.Option(help="surveyjs or xlsx (Excel).")] = Target.SURVEYJS,
) -> None:
    """A pack as a SurveyJS survey, or as an Excel workbook. Converting or importing it gives the same pack again."""
    from trygg.engines.instruments.surveyjs import write_survey
    from trygg.front.cli.scores import pack_from, sound
    from trygg.packs.writing import write_whole

    if output.is_dir() or not output.absolute().parent.is_dir():
        wrong(f"{output} cannot be written: give a file in a folder that is there.")
    found = pack_from(pack)
    sound(found)
    if format is Target.XLSX:
        workbooks.write_workbook(found, output)
        say(f"{found.id} {found.version} written to {output}.")
        return
    writing = write_survey(found.data)
    write_whole(output, (json.dumps(writing.survey, ensure_ascii=False, indent=1) + "\n").encode())
    say(f"{found.id} {found.version} written to {output}.")
    for note in writing.notes:
        say(f"  {note}")


def _fitting(id: str, version: str, form: Any) -> None:
    if id and (not form.match(id) or len(id) > 80):
        wrong(f"«{id}» is no id of a pack: lower case, digits and single hyphens.")
    parts = version.split(".")
    if version and (len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts)):
        wrong(f"«{version}» is no version such as 1.0.0.")


Said = list[tuple[str, str, str]]  # path, code, reason


def _refuse(survey: Path, found: Said, format: Output) -> NoReturn:
    """Everything that is wrong, and the end."""
    if format is Output.JSON:
        say(json.dumps({"file": str(survey), "written": None, "problems": _rows(found)}, ensure_ascii=False, indent=2))
    else:
        for path, _, reason in found:
            typer.echo(f"{survey}: {path or 'the whole file'}: {reason}", err=True)
    problem(f"{len(found)} problem{'s' if len(found) > 1 else ''}: nothing was written.")


def _rows(found: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"path": path, "code": code, "reason": reason} for path, code, reason in found]


def _say_converted(target: Path, data: dict[str, Any], notes: Said, format: Output) -> None:
    from trygg.engines.instruments import item_rows

    items = [row for section in data["sections"] for _, row, _ in item_rows(section, "")]
    scored = sum(any("points" in choice for choice in row.get("choices", ())) for row in items)
    told = {
        "written": str(target), "id": data["id"], "version": data["version"], "convention": data.get("convention", "trygg"),
        "languages": data.get("languages", ["en", "sv"]), "sections": len(data["sections"]), "questions": len(items),
        "scored": scored,
    }  # fmt: skip
    if format is Output.JSON:
        say(json.dumps({**told, "notes": _rows(notes)}, ensure_ascii=False, indent=2))
        return
    say(
        f"{target}: {told['sections']} sections, {len(items)} questions, {scored} of them scored, in {', '.join(told['languages'])}."
    )
    for path, _, reason in notes[:LISTED]:
        say(f"  {path or 'the whole file'}: {reason}")
    if len(notes) > LISTED:
        say(f"  and {len(notes) - LISTED} more: --format json lists all of them")


def _line(number: int, result: dict[str, Any]) -> str:
    """One record in words."""
    parts = [
        f"{scale}: {one['points']} of {one['maximum']}" + (f" -> {one['current']}" if one["current"] != one["points"] else "")
        + (f", level {one['level']}" if one["level"] else "")
        for scale, one in result["scales"].items()
    ]  # fmt: skip
    flags = [f"{one['flag']} ({one['question']})" for one in result["flags"]]
    aside = [f"{len(result[word])} {word}" for word in ("dropped", "unknown") if result[word]]
    return f"{number}. " + "; ".join([*parts, *flags, *aside] or ["nothing is scored"])
