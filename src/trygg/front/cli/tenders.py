"""`trygg instruments tender`: tender questions and contract clauses of a pack as a Word file. Needs no database."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from trygg.front.cli.common import django, problem, say, wrong


class Depth(StrEnum):
    LIGHT = "light"
    STANDARD = "standard"
    FULL = "full"


class Language(StrEnum):
    EN = "en"
    SV = "sv"


def tender(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A pack, a folder with one, or the id of a shipped one.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The Word file to write (.docx).")],
    answers: Annotated[
        Path | None, typer.Option(help="Answers (JSON, one object): they choose what belongs to the purchase.")
    ] = None,
    depth: Annotated[Depth, typer.Option(help="light, standard or full.")] = Depth.FULL,
    language: Annotated[Language, typer.Option(help="en or sv.")] = Language.EN,
    buyer: Annotated[str, typer.Option(help="Who buys; otherwise a bracket to fill in.")] = "",
    system: Annotated[str, typer.Option(help="What is bought; otherwise a bracket to fill in.")] = "",
    reference: Annotated[str, typer.Option(help="Diary number; otherwise a bracket to fill in.")] = "",
) -> None:
    """Tender questions and contract clauses as a Word file. Clauses are proposals: a lawyer reads them before they are used."""
    from trygg.engines.depth import Depth as Deep
    from trygg.engines.instruments import load_instrument, visibility
    from trygg.engines.instruments.tender import has_tender
    from trygg.front.cli.scores import pack_from, sound

    if output.is_dir() or not output.absolute().parent.is_dir():
        wrong(f"{output} cannot be written: give a file in a folder that is there.")
    found = pack_from(pack)
    sound(found)
    if not has_tender(found.data):
        wrong(
            f"{found.id} has neither tender questions nor contract clauses. Of the shipped packs «ai-procurement» has."
        )
    instrument = load_instrument(found.data)
    asked = visibility(instrument, _answers(answers, instrument) if answers else {}, Deep(depth.value))
    django()
    from trygg.apps.assessments.tender_paper import About, paper, word_file

    about = About(buyer, system, reference)
    content = word_file(found.data, instrument, asked, Deep(depth.value), about, language.value, datetime.now(UTC))
    output.write_bytes(content)
    made = paper(found.data, instrument, asked, Deep(depth.value), about)
    say(f"{output}: {made.summary}.")
    for line in made.left_out:
        say(line)
    say(made.warning)


def _answers(path: Path, instrument: Any) -> dict[str, Any]:
    """The one record of answers in a file. Ends the command when a question is not there, or an answer does not fit it."""
    from trygg.engines.instruments import answer_problems
    from trygg.front.cli.scores import answers_from

    if not path.is_file():
        wrong(f"{path}: there is no such file.")
    records = answers_from(path)
    if len(records) != 1:
        wrong(f"{path}: one record of answers is expected, there are {len(records)}.")
    faults = []
    for name, value in records[0].items():
        item = instrument.items.get(name)
        if item is None:
            faults.append(f"{path}: there is no question «{name}» in {instrument.id}.")
        elif answer_problems(item, value):
            known = f" Choices: {', '.join(item.choice_ids)}." if item.choice_ids else ""
            faults.append(f"{path}: {value!r} is no answer to «{name}».{known}")
    if faults:
        problem("\n".join(faults))
    return records[0]
