"""`trygg packs`: check content packs before they are published."""

from pathlib import Path
from typing import Annotated

import typer

from trygg.front.cli.common import problem, say, wrong

app = typer.Typer(help="Content packs: rules, frameworks, instruments.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Content packs: rules, frameworks, instruments."""


@app.command()
def check(paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="A pack, or a folder of packs (.yaml).")]) -> None:
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
