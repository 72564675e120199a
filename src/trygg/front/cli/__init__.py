"""`trygg`: the command line. Exit codes: 0 fine, 1 a problem was found, 2 wrong use."""

from typing import Annotated

import typer

from trygg import __version__
from trygg.front.cli import (
    archives,
    backup,
    consultations,
    demo,
    doctor,
    fairness,
    instruments,
    ledger,
    packs,
    papers,
    registers,
    serve,
    setup,
    status,
    worker,
)
from trygg.front.cli.common import plain_faults

app = typer.Typer(
    name="trygg",
    help="The shared workspace for AI systems that touch children. State lives in TRYGG_HOME (./var).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("setup")(setup.setup)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("status")(status.status)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(archives.app, name="archive")
app.command("papers")(papers.papers)
app.command("package")(papers.package)
app.add_typer(registers.importing, name="import")
app.add_typer(registers.exporting, name="export")
app.add_typer(packs.app, name="packs")
app.add_typer(fairness.app, name="fairness")
app.add_typer(instruments.app, name="instruments")
app.add_typer(ledger.app, name="ledger")
app.add_typer(consultations.app, name="consultations")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"trygg {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")] = False,
) -> None:
    """The shared workspace for AI systems that touch children. State lives in TRYGG_HOME (./var)."""


def main() -> None:
    """The console script."""
    import sys

    try:
        with plain_faults():
            app()
    except typer.Exit as stop:
        sys.exit(stop.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
