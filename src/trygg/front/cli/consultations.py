"""`trygg consultations`: what is in the votes of a conversation. Needs no database."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from trygg.front.cli.common import say, wrong

app = typer.Typer(help="Consultations: opinion groups, what unites and what divides.", no_args_is_help=True)
SHOWN = 160  # letters of a statement on a screen
PLAIN = {
    "few_participants": "Too few participants for opinion groups: these are counts of everybody.",
    "no_clear_groups": "No opinion groups: people do not stand further apart than chance makes them. These are counts of everybody.",
    "all_alike": "No opinion groups: there are fewer than three different opinions. These are counts of everybody.",
}


class Output(StrEnum):
    TEXT = "text"
    JSON = "json"


@app.callback()
def _group() -> None:
    """Consultations: opinion groups, what unites and what divides."""


@app.command()
def analyse(
    votes: Annotated[Path, typer.Argument(metavar="VOTES", help="CSV with comment-id, voter-id and vote (1, 0, -1).")],
    comments: Annotated[
        Path | None, typer.Option("--comments", help="CSV with comment-id, moderated (1, 0, -1) and comment-body.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="The same seed gives the same groups.")] = 0,
    format: Annotated[Output, typer.Option("--format")] = Output.TEXT,
) -> None:
    """Opinion groups of the votes that Polis exports, what sets each apart, and what all of them share."""
    from trygg.engines.deliberation import opinions
    from trygg.engines.deliberation.opinions import polis, report

    try:
        statements = None if comments is None else polis.read_statements(comments)
        found = opinions.analyse(
            polis.read_votes(votes, statements),
            None if statements is None else statements.moderation,
            opinions.Options(seed=seed),
        )
    except polis.FileError as refused:
        wrong(str(refused))
    data = report.as_data(found, None if statements is None else statements.texts)
    if format == Output.JSON:
        say(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        _print(data)


def _print(data: dict[str, Any]) -> None:
    method = data["method"]
    say(f"{method['participants']} participants, {method['statements']} statements, {method['votes']} votes.")
    if data["k"]:
        sizes = ", ".join(f"{group}: {size}" for group, size in data["sizes"].items())
        say(f"{data['k']} opinion groups among the {method['in_conversation']} who voted often enough ({sizes}).")
    else:
        say(PLAIN[data["plain"]])
    words = {one["id"]: one.get("text", "").strip().replace("\n", " ")[:SHOWN] for one in data["statements"]}
    for heading, side in (("Most agree", "agree"), ("Most disagree", "disagree")):
        _list(heading, [(one["statement"], one["votes"], one["seen"]) for one in data["consensus"][side]], side, words)
    for group, ones in data["representative"].items():
        say(f"\nWhat sets group {group} apart")
        for one in ones:
            say(
                f"  {one['side']:<8} {one['votes']:>6} of {one['seen']:<6} #{one['statement']} {words[one['statement']]}"
            )


def _list(heading: str, ones: list[tuple[str, int, int]], side: str, words: dict[str, str]) -> None:
    if not ones:
        return
    say(f"\n{heading}")
    for statement, count, seen in ones:
        say(f"  {side:<8} {count:>6} of {seen:<6} #{statement} {words[statement]}")
