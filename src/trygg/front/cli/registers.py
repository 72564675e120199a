"""`trygg import systems` and `trygg export systems`: register files in and out."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from trygg.front.cli.common import NO_ROOM, django, organisation_named, problem, say, wrong

importing = typer.Typer(help="Bring in register files.", no_args_is_help=True)
exporting = typer.Typer(help="Give systems out again.", no_args_is_help=True)
LISTED = 20


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class Standard(StrEnum):
    NL = "nl-1.0"
    JSON = "json"
    CSV = "csv"


@importing.callback()
def _importing() -> None:
    """Bring in register files."""


@exporting.callback()
def _exporting() -> None:
    """Give systems out again."""


@importing.command("systems")
def import_systems(
    file: Annotated[Path, typer.Argument(help="Register file: CSV, XLSX or JSON.")],
    organisation: Annotated[str, typer.Option(help="Short name of the organisation that keeps the systems.")],
    mapping: Annotated[
        str | None, typer.Option(help="A mapping that comes with Trygg: nl-1.0, uk-atrs-index, us-federal-2025, generic.")
    ] = None,
    map_file: Annotated[Path | None, typer.Option("--map", help="A mapping of your own (YAML, see docs/import.md).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; nothing comes in.")] = False,
    format: Annotated[Format, typer.Option(help="text or json.")] = Format.TEXT,
) -> None:
    """Read a register file and bring its systems in, all at once. Rows that a person must choose about are listed and left out."""
    if mapping and map_file:
        wrong("Give either --mapping or --map, not both.")
    if not file.is_file():
        wrong(f"{file}: there is no such file.")
    own = _read_mapping(map_file) if map_file else None
    django()
    from trygg.engines.records import ReadError

    place = organisation_named(organisation)
    try:
        result = _run_import(file, place, mapping, own, dry_run)
    except ReadError as error:
        problem("\n".join(str(one) for one in error.errors))
    if format is Format.JSON:
        say(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _say_import(result)


def _read_mapping(path: Path) -> dict[str, Any]:
    from trygg.engines.records import MappingError, load_mapping

    try:
        return load_mapping(path.read_text("utf-8"), path.name).data
    except OSError as error:
        wrong(f"{path}: {error.strerror}")
    except UnicodeDecodeError:
        wrong(f"{path}: the mapping is not UTF-8 text.")
    except MappingError as error:
        wrong(str(error))


def _mapping_for(found: Any, name: str | None) -> dict[str, Any]:
    from trygg.engines.records import SHIPPED, shipped_mapping

    if name == "generic":
        if found.mapping is None:
            wrong(f"No column of the file looks like a name. Write a mapping (--map). Its columns: {', '.join(found.detected['columns'])}")
        return found.mapping
    if name is not None:
        if name not in SHIPPED:
            wrong(f"There is no mapping «{name}». There are: {', '.join(SHIPPED)}; or write your own and give it with --map.")
        return shipped_mapping(name).data
    if not found.sure:
        wrong(
            f"The columns are those of no standard that Trygg knows. Give --mapping ({', '.join(SHIPPED)}) or --map FILE. "
            f"Columns: {', '.join(found.detected['columns'])}"
        )
    return found.mapping


def _run_import(file: Path, place: Any, name: str | None, own: dict[str, Any] | None, dry_run: bool) -> dict[str, Any]:
    from django.utils import timezone

    from trygg.kernel.access import Actor
    from trygg.spine.matters.imports import jobs, keeping, reading, selectors, services, wording

    actor = Actor.system("import")
    try:
        kept = keeping.keep_copy(file)
    except keeping.CannotKeep as error:
        reasons = {"too_large": "is too large: split it.", "empty": "is empty.", "disk_full": f"cannot be copied. {NO_ROOM}"}
        problem(f"{file} {reasons[error.code]}")
    try:
        found = reading.look_at(kept)
        mapping = own or _mapping_for(found, name)
        run = services.begin_import(
            actor=actor, now=timezone.now(), organisation=place, kept=kept, detected=found.detected, mapping=mapping
        )
    except BaseException:
        keeping.forget(kept.sha256)
        raise
    run = jobs.read(run)
    if run.state != run.State.READY:
        problem(run.stage_note or "The file could not be read.")
    outcome = {
        "file": str(file), "mapping": mapping["id"], "detected": [wording.note(one) for one in found.detected["notes"]], "run": run.pk,
        "dry_run": dry_run, "ambiguous": selectors.ambiguous_of(run), "rejected": selectors.rejected_of(run),
        "remarks": selectors.remark_count(run),
    }  # fmt: skip
    if dry_run:
        counts = run.report["counts"]
        services.discard_import(actor=actor, now=timezone.now(), run=run)
    else:
        try:
            run = services.apply_import(actor=actor, now=timezone.now(), run=run)
        except services.RegisterChanged:  # someone worked in the register meanwhile: compare once more
            run = services.refresh_import(actor=actor, now=timezone.now(), run=run)
            outcome["ambiguous"] = selectors.ambiguous_of(run)
            run = services.apply_import(actor=actor, now=timezone.now(), run=run)
        counts = run.report["counts"]
    done = {"created": counts["create"], "updated": counts["update"], "unchanged": counts["unchanged"]}
    return {"rows": sum(counts.values()), **done, **outcome}


def _say_import(result: dict[str, Any]) -> None:
    for line in result["detected"]:
        say(line)
    would = "would be " if result["dry_run"] else ""
    say(
        f"{result['rows']} rows: {result['created']} {would}created, {result['updated']} {would}updated, {result['unchanged']} unchanged, "
        f"{len(result['ambiguous'])} wait for a person, {len(result['rejected'])} rejected."
    )
    for one in result["rejected"][:LISTED]:
        where = f", {one['column']}" if one["column"] else ""
        say(f"  row {one['row']}{where}: {one['reason']}")
    for one in result["ambiguous"][:LISTED]:
        others = ", ".join(f"row {n}" for n in one["rows"][:5])
        systems = ", ".join(f"system {pk}" for pk in one["systems"][:5])
        say(f"  row {one['row']}, {one['name'][:60]}: may be the same as {'; '.join(part for part in (systems, others) if part)}")
    left = max(0, len(result["rejected"]) - LISTED) + max(0, len(result["ambiguous"]) - LISTED)
    if left:
        say(f"  and {left} more: --format json lists all of them")


@exporting.command("systems")
def export_systems(
    standard: Annotated[Standard, typer.Option(help="nl-1.0 (JSON, or CSV by the suffix of the file), json or csv.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write.")],
    organisation: Annotated[str | None, typer.Option(help="Only the systems of this organisation.")] = None,
) -> None:
    """Write the systems to a file. What a standard has no place for, or finds too long, is listed; nothing is cut."""
    if output.is_dir() or not output.absolute().parent.is_dir():
        wrong(f"{output} cannot be written: give a file in a folder that is there.")
    django()
    from trygg.kernel.access import Actor
    from trygg.spine.matters.imports import exporting as systems

    place = organisation_named(organisation) if organisation else None
    records = systems.records_for(Actor.system("export"), place)
    problems = systems.write_file(records, standard.value, output)
    say(f"{len(records)} systems written to {output}")
    for one in problems:
        about = one.params.get("source_id") or one.params.get("record", "")
        typer.echo(f"{about}: {one.column}: {one.reason}", err=True)
    if problems:
        typer.echo(f"{len(problems)} remarks: the file holds everything, but {standard.value} asks for what is said above.", err=True)


