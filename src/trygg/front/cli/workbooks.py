"""`trygg instruments import` and `trygg instruments answers`: packs and answers from and to Excel. Needs no database."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from trygg.front.cli.common import problem, say, wrong

answers = typer.Typer(help="Answers to and from Excel workbooks.", no_args_is_help=True)


class Output(StrEnum):
    TEXT = "text"
    JSON = "json"


class Depth(StrEnum):
    LIGHT = "light"
    STANDARD = "standard"
    FULL = "full"


def write_workbook(pack: Any, output: Path) -> None:
    """Writes a sound instrument as a workbook. Ends the command with everything that no cell can hold."""
    from trygg.engines.instruments.workbook import WorkbookRefused
    from trygg.engines.instruments.workbook_packs import pack_to_workbook
    from trygg.packs.writing import write_whole

    try:
        raw = pack_to_workbook(pack.data)
    except WorkbookRefused as refused:
        problem("\n".join([*map(str, refused.problems), "Nothing was written."]))
    write_whole(output, raw)


def import_(
    workbook: Annotated[
        Path, typer.Argument(metavar="WORKBOOK", help="A workbook that `export --format xlsx` made (.xlsx).")
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The folder that the pack is written into; made when it is not there."),
    ],
    format: Annotated[Output, typer.Option(help="text or json.")] = Output.TEXT,
) -> None:
    """A workbook as a pack. Lists everything that is wrong, with sheet and cell or path; then writes nothing."""
    from trygg.engines.instruments.workbook_packs import pack_from_workbook
    from trygg.packs.check import check_packs
    from trygg.packs.loader import PackUnreadable, pack_from_data
    from trygg.packs.writing import write_pack

    raw = _bytes(workbook)
    if output.exists() and not output.is_dir():
        wrong(f"{output} is no folder.")
    data, problems = pack_from_workbook(raw)
    if problems:
        _refuse(workbook, [_row(one) for one in problems], format)
    try:
        found = check_packs([pack_from_data(data, workbook.name)])
        if not found:
            target = output / f"{data['id']}.yaml"
            output.mkdir(parents=True, exist_ok=True)
            write_pack(data, target)
    except PackUnreadable as error:
        found = [error.problem]
    if found:
        _refuse(workbook, [{"path": one.path, "code": one.code, "reason": one.reason} for one in found], format)
    told = {"written": str(target), "id": data["id"], "version": data["version"]}
    say(
        json.dumps(told, ensure_ascii=False)
        if format is Output.JSON
        else f"{target}: {data['id']} {data['version']} written."
    )


@answers.callback()
def _answers() -> None:
    """Answers to and from Excel workbooks."""


@answers.command("export")
def export_answers(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A pack, a folder with one, or the id of a shipped one.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write (.xlsx).")],
    given: Annotated[
        Path | None,
        typer.Option("--answers", help="Answers that are there already: JSON, by id of the question, or under `data`."),
    ] = None,
    language: Annotated[
        str,
        typer.Option(help="Languages, with commas between; the first is that of the lists. Default: all of the pack."),
    ] = "",
    phase: Annotated[str, typer.Option(help="Mark what is not asked in this phase.")] = "",
    depth: Annotated[
        Depth, typer.Option(help="Mark what is not asked at this depth: light, standard or full.")
    ] = Depth.FULL,
) -> None:
    """Questions and answers as a workbook to fill in: one row a question, drop-down lists where one chooses."""
    from trygg.engines.conditions import value_from_data
    from trygg.engines.depth import Depth as EngineDepth
    from trygg.engines.instruments import expand
    from trygg.engines.instruments.workbook import WorkbookRefused
    from trygg.engines.instruments.workbook_answers import answers_to_workbook, entries_of
    from trygg.front.cli.scores import instrument_from
    from trygg.packs.writing import write_whole

    if output.is_dir() or not output.absolute().parent.is_dir():
        wrong(f"{output} cannot be written: give a file in a folder that is there.")
    instrument = instrument_from(pack)
    spoken = [each.strip() for each in language.split(",") if each.strip()]
    for each in spoken:
        if each not in instrument.languages:
            wrong(f"{instrument.id} does not stand in «{each}». Its languages: {', '.join(instrument.languages)}.")
    if phase and phase not in [each.id for each in instrument.phases]:
        wrong(
            f"There is no phase «{phase}» in {instrument.id}. There are: {', '.join(each.id for each in instrument.phases) or 'none'}."
        )
    there, notes = _given(given) if given else ({}, {})
    instrument = expand(instrument, entries_of(instrument, there))
    unknown = [name for name in there if name not in instrument.items]
    if unknown:
        problem(f"{given}: {instrument.id} has no question {', '.join(unknown[:20])}.")
    try:
        values = {name: value_from_data(value) for name, value in there.items()}
        raw = answers_to_workbook(instrument, values, spoken, notes=notes, depth=EngineDepth(depth.value), phase=phase)
    except WorkbookRefused as refused:
        problem("\n".join([*map(str, refused.problems), "Nothing was written."]))
    except ValueError as error:
        problem(f"{given}: {error}")
    write_whole(output, raw)
    say(f"{len(instrument.items)} questions, {len(there)} answers written to {output}.")


@answers.command("import")
def import_answers(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A pack, a folder with one, or the id of a shipped one.")],
    workbook: Annotated[Path, typer.Argument(metavar="WORKBOOK", help="A workbook that was filled in (.xlsx).")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write the answers (.json); otherwise they are printed."),
    ] = None,
    format: Annotated[Output, typer.Option(help="text or json: how what is wrong is said.")] = Output.TEXT,
) -> None:
    """The answers of a workbook as JSON, as `trygg instruments score` reads them. When anything is wrong, all of it is listed."""
    from trygg.engines.conditions import value_to_data
    from trygg.engines.instruments import expand
    from trygg.engines.instruments.workbook_answers import answers_from_workbook, entries_in
    from trygg.front.cli.scores import instrument_from
    from trygg.packs.writing import write_whole

    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        wrong(f"{output} cannot be written: give a file in a folder that is there.")
    instrument = instrument_from(pack)
    raw = _bytes(workbook)
    instrument = expand(instrument, entries_in(raw, instrument))
    filled, problems = answers_from_workbook(raw, instrument)
    if problems:
        _refuse(workbook, [_row(one) for one in problems], format)
    told = {
        "instrument": instrument.id, "version": instrument.version,
        "data": {name: value_to_data(value) for name, value in filled.answers.items()}, "notes": filled.notes,
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if output is None:
        say(text)
        return
    write_whole(output, (text + "\n").encode())
    say(f"{len(filled.answers)} answers written to {output}.")


def _bytes(path: Path) -> bytes:
    from trygg.engines.instruments.workbook import LIMITS

    if not path.is_file():
        wrong(f"{path}: there is no such file.")
    with path.open("rb") as stream:
        return stream.read(LIMITS.xlsx_bytes + 1)


def _given(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """(answers, notes) of a file of JSON."""
    from trygg.front.cli.scores import answers_from

    if not path.is_file():
        wrong(f"{path}: there is no such file.")
    records = answers_from(path)
    if len(records) != 1:
        wrong(f"{path}: one set of answers is expected; there are {len(records)}.")
    (record,) = records
    data, notes = record.get("data"), record.get("notes")
    if not isinstance(data, dict):
        return record, {}
    return data, {str(name): str(text) for name, text in notes.items() if text} if isinstance(notes, dict) else {}


def _row(one: Any) -> dict[str, str]:
    return {"sheet": one.sheet, "cell": one.cell, "code": one.code, "reason": one.reason}


def _refuse(file: Path, rows: list[dict[str, str]], format: Output) -> NoReturn:
    """Everything that is wrong, and the end."""
    if format is Output.JSON:
        say(json.dumps({"file": str(file), "written": None, "problems": rows}, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            where = [row[word] for word in ("sheet", "cell", "path") if row.get(word)]
            typer.echo(": ".join([str(file), *where, row["reason"]]), err=True)
    problem(f"{len(rows)} problem{'s' if len(rows) > 1 else ''}: nothing was written.")
