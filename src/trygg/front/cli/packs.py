"""`trygg packs`: begin content packs, check them before they are published, print their schemas."""

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from trygg.front.cli.common import problem, say, wrong

app = typer.Typer(help="Content packs: rules, frameworks, instruments, mappings, words.", no_args_is_help=True)


class PackKind(StrEnum):
    INSTRUMENT = "instrument"
    FRAMEWORK = "framework"
    RULES = "rules"
    MAPPING = "mapping"
    GLOSSARY = "glossary"


class SchemaOf(StrEnum):
    INSTRUMENT = "instrument"
    FRAMEWORK = "framework"
    RULES = "rules"
    MAPPING = "mapping"
    GLOSSARY = "glossary"
    COMMON = "common"


class Output(StrEnum):
    TEXT = "text"
    JSON = "json"


class ReportAs(StrEnum):
    HTML = "html"
    CSV = "csv"
    XLSX = "xlsx"


class Only(StrEnum):
    UNVERIFIED = "unverified"
    CHANGED = "changed"


@app.callback()
def _group() -> None:
    """Content packs: rules, frameworks, instruments, mappings, words."""


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="A pack, or a folder of packs (.yaml).")],
) -> None:
    """Check packs whole: form, references, both languages, their own tests. All problems are listed."""
    from trygg.packs.check import check_paths

    for path in paths:
        if not path.exists():
            wrong(f"{path}: there is no such file or folder.")
    count = sum(len(list(path.rglob("*.yaml"))) if path.is_dir() else 1 for path in paths)
    if not count:
        wrong("There is no pack (.yaml) there.")
    problems = check_paths(paths)
    for one in problems:
        say(str(one))
    if problems:
        problem(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in {count} pack{'s' if count > 1 else ''}.")
    say(f"{count} pack{'s' if count > 1 else ''}: nothing wrong.")


@app.command()
def new(
    pack_id: Annotated[
        str, typer.Argument(metavar="ID", help="Id of the pack: lower case, digits and single hyphens.")
    ],
    kind: Annotated[
        PackKind, typer.Option(help="instrument, framework, rules, mapping or glossary.")
    ] = PackKind.INSTRUMENT,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder that ID.yaml is written into.")] = Path(
        "."
    ),
    languages: Annotated[
        str, typer.Option(help="Languages of its texts, with commas between; the first is that of reference.")
    ] = "en,sv",
    format: Annotated[Output, typer.Option(help="text or json.")] = Output.TEXT,
) -> None:
    """Begin a pack: a commented file that passes the check as it is. Never writes over a file."""
    from trygg.packs.loader import Kind
    from trygg.packs.starting import new_pack
    from trygg.packs.writing import write_whole

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", pack_id) or len(pack_id) > 80:
        wrong(f"«{pack_id}» is no id of a pack: lower case, digits and single hyphens, at most 80 characters.")
    spoken = [each.strip() for each in languages.split(",") if each.strip()]
    for each in spoken:
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,8})?", each):
            wrong(f"«{each}» is no code of a language, such as en, sv or zh-Hant.")
    if not spoken or len(set(spoken)) < len(spoken):
        wrong("Give each language once: --languages en,sv.")
    try:
        text = new_pack(Kind(kind.value), pack_id, datetime.now(UTC).date().isoformat(), spoken)
    except ValueError as error:
        wrong(f"{str(error).capitalize()}.")
    target = output / f"{pack_id}.yaml"
    if output.exists() and not output.is_dir():
        wrong(f"{output} is no folder.")
    if target.exists():
        wrong(f"{target} is there already.")
    output.mkdir(parents=True, exist_ok=True)
    write_whole(target, text.encode())
    if format is Output.JSON:
        say(json.dumps({"written": str(target), "id": pack_id, "kind": kind.value, "languages": spoken}))
    else:
        say(f"{target} written. Change it, and run: trygg packs check {target}")


@app.command()
def schema(
    kind: Annotated[
        SchemaOf, typer.Argument(metavar="KIND", help="instrument, framework, rules, mapping, glossary or common.")
    ],
) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of pack; what all kinds share is in it."""
    from trygg.packs.schema import published

    say(json.dumps(published(kind.value), ensure_ascii=False, indent=1))


@app.command()
def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("content-report.html"),
    format: Annotated[
        ReportAs | None, typer.Option(help="html, csv or xlsx; otherwise what the file's name ends with.")
    ] = None,
    pack: Annotated[list[str] | None, typer.Option(help="Only this pack; may be given several times.")] = None,
    only: Annotated[Only | None, typer.Option(help="Only what is unverified, or changed since --since.")] = None,
    since: Annotated[
        Path | None, typer.Option(help="An earlier report as CSV, for --only changed.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Every text of the content beside its source, flag and readability, for those who proof-read it."""
    from trygg.packs.catalogue import read_builtin
    from trygg.packs.report import NoReport, as_csv, as_html, as_workbook, chosen, read_earlier, totals
    from trygg.packs.writing import write_whole

    ending = output.suffix.lower().lstrip(".")
    kind = format or next((each for each in ReportAs if each.value == ending), None)
    if kind is None:
        wrong(f"{output} ends with none of .html, .csv and .xlsx: say --format.")
    if (only is Only.CHANGED) != (since is not None):
        wrong("--only changed and --since REPORT.csv belong together: changed since that report.")
    packs = read_builtin()
    for name in pack or ():
        if name not in {each.id for each in packs}:
            wrong(f"«{name}» is no pack. There are {', '.join(each.id for each in packs)}.")
    if pack:
        packs = [each for each in packs if each.id in pack]
    earlier = None
    if since is not None:
        try:
            earlier = read_earlier(since.read_text("utf-8-sig"))
        except (NoReport, UnicodeDecodeError, OSError) as error:
            wrong(f"{since} is no content report as CSV: {error}.")
    found = chosen(packs, only.value if only else "", earlier)
    day = datetime.now(UTC).date().isoformat()
    about = f", only what is {only.value}" if only else ""
    made = {
        ReportAs.HTML: lambda: as_html(found, day, about).encode(),
        ReportAs.CSV: lambda: as_csv(found),
        ReportAs.XLSX: lambda: as_workbook(found),
    }[kind]()
    output.parent.mkdir(parents=True, exist_ok=True)
    write_whole(output, made)
    all_of_it = totals(found)
    flags = ", ".join(f"{all_of_it.flags.get(flag, 0)} {words}" for flag, words in FLAG_WORDS.items())
    say(
        f"{output}: {all_of_it.texts} texts, {all_of_it.statements} statements ({flags}), {sum(all_of_it.hard.values())} texts too hard."
    )


FLAG_WORDS = {"yes": "verified", "partly": "partly", "no": "not verified"}
