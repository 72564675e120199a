"""`trygg ledger`: verify the record, export it, print its key, sign a checkpoint.

`verify --file` needs the file and the key, no database and no settings: nothing of Django is imported for it.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from trygg.engines.translog.export import verify_export
from trygg.engines.translog.findings import Findings
from trygg.engines.translog.notes import NoteError, PublicKey
from trygg.front.cli.common import FINE, PROBLEM, WRONG_USE, django

app = typer.Typer(help="The tamper-evident record of every act.", no_args_is_help=True)

Language = Annotated[str, typer.Option(help="Language of the findings: en or sv.", envvar="TRYGG_LANGUAGE")]


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Option(help="An export to verify, instead of this installation's database.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The record's public key (name+hash+base64), or a file with it.")
    ] = None,
    checkpoint: Annotated[Path | None, typer.Option(help="A signed checkpoint that was kept elsewhere.")] = None,
    language: Language = "en",
) -> None:
    """Say whether the record was altered. Exit 0: no; 1: yes, and where; 2: wrong use."""
    if file is not None and key is None:
        _wrong("--file needs --key: the record's public key, from somewhere else than the file")
    public_key = _key(key)
    note = _text(checkpoint) if checkpoint else None
    if file is not None:
        try:
            findings = verify_export(file, public_key, note)
        except OSError as error:
            _wrong(f"{file} cannot be read: {error.strerror}")
    else:
        findings = _verify_here(note, public_key)
    _say(findings, language)
    raise typer.Exit(FINE if findings.ok else PROBLEM)


@app.command()
def export(file: Annotated[Path, typer.Argument(help="Where to write the export.")]) -> None:
    """Write the whole record to a file that anyone can verify offline."""
    django()
    from trygg.kernel.ledger.faults import disk_fault
    from trygg.kernel.ledger.keys import LedgerKeyMissing
    from trygg.kernel.ledger.verify import export as write

    try:
        count = write(file, now=datetime.now(UTC))
    except LedgerKeyMissing as error:
        _wrong(str(error))
    except OSError as error:
        if disk_fault(error):
            raise  # worded where all commands' faults are
        _wrong(f"{file} cannot be written: {error.strerror}")
    typer.echo(f"{count} entries written to {file}")


@app.command()
def key() -> None:
    """Print the public key. Publish it where this installation's administrators cannot change it."""
    django()
    from trygg.kernel.ledger.keys import LedgerKeyMissing, public_key

    try:
        typer.echo(str(public_key()))
    except LedgerKeyMissing as error:
        _wrong(str(error))


@app.command()
def checkpoint() -> None:
    """Sign the record as it is now, and print the checkpoint to hand to witnesses."""
    django()
    from trygg.kernel.ledger.checkpoints import LedgerInconsistent, make_checkpoint
    from trygg.kernel.ledger.keys import LedgerKeyMissing

    try:
        typer.echo(make_checkpoint(now=datetime.now(UTC)).note, nl=False)
    except LedgerKeyMissing as error:
        _wrong(str(error))
    except LedgerInconsistent as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(PROBLEM) from None


def _verify_here(note: str | None, public_key: PublicKey | None) -> Findings:
    django()
    from trygg.kernel.ledger.keys import LedgerKeyMissing
    from trygg.kernel.ledger.verify import verify_database

    try:
        return verify_database(note, public_key)
    except LedgerKeyMissing as error:
        _wrong(str(error))


def _say(findings: Findings, language: str) -> None:
    swedish = language.split("-")[0] == "sv"
    typer.echo(
        f"{findings.entries} {'poster' if swedish else 'entries'}, {'rot' if swedish else 'root'} {findings.root.hex()}"
    )
    for finding in findings:
        typer.echo(f"{'!' if finding.problem else '·'} {finding.statement(language)}")
    fine, bad = (
        ("Inget har ändrats.", "Registret har ändrats.")
        if swedish
        else ("Nothing was altered.", "The record was altered.")
    )
    typer.echo(fine if findings.ok else bad)


def _key(given: str | None) -> PublicKey | None:
    if given is None:
        return None
    try:
        return PublicKey.parse(given if "+" in given and not Path(given).is_file() else _text(Path(given)))
    except NoteError as error:
        _wrong(f"--key: {error}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        _wrong(f"{path} cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        _wrong(f"{path} is not a text file")


def _wrong(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG_USE)
