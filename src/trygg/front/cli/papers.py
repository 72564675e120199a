"""`trygg papers` and `trygg package`: a matter on paper, and as a package that can be verified without Trygg."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from trygg.front.cli.common import django, say, wrong


class PaperName(StrEnum):
    REPORT = "report"
    FULL = "full"


class Form(StrEnum):
    PDF = "pdf"
    DOCX = "docx"


class Language(StrEnum):
    EN = "en"
    SV = "sv"


Key = Annotated[str, typer.Argument(help="The matter's key, as in its address.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="Where to write.")]


def papers(
    matter: Key,
    output: Output,
    paper: Annotated[PaperName, typer.Option(help="report: two pages; full: everything.")] = PaperName.REPORT,
    format: Annotated[Form, typer.Option(help="pdf (tagged) or docx.")] = Form.PDF,
    language: Annotated[Language, typer.Option(help="Of the paper.")] = Language.EN,
) -> None:
    """Write a paper about a matter: the committee report of two pages, or the full report."""
    _folder(output)
    django()
    from django.utils import timezone

    from trygg.kernel.access import Actor
    from trygg.spine.papers.assembling import paper_of
    from trygg.spine.papers.selectors import template_bytes
    from trygg.spine.papers.word import word_of

    found, actor = _matter(matter), Actor.system("papers")
    made = paper_of(found, actor, paper.value, language.value, timezone.now())
    if format is Form.PDF:
        output.write_bytes(made.pdf)
    else:
        output.write_bytes(word_of(made.data, language.value, template_bytes(actor, found.owner, paper.value, language.value)))
    say(f"{output} written")


def package(matter: Key, output: Output) -> None:
    """Write the decision package of a matter; docs/verify_package.py verifies it offline. The record is signed as it is now."""
    _folder(output)
    django()
    from django.utils import timezone

    from trygg.kernel.access import Actor
    from trygg.spine.papers.package import write_package

    found = _matter(matter)
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("wb") as file:
            manifest = write_package(file, found, Actor.system("package"), timezone.now())
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    say(f"{output} written: {len(manifest['files'])} files, record of {manifest['record']['size']} entries")


def _folder(output: Path) -> None:
    if output.is_dir() or not output.absolute().parent.is_dir():
        wrong(f"{output} cannot be written: give a file in a folder that is there.")


def _matter(key: str) -> Any:
    from trygg.spine.matters.models import Matter

    found = Matter.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(Matter.objects.order_by("-updated_at").values_list("key", flat=True)[:5])
        wrong(f"There is no matter «{key}». The newest: {known or 'none yet'}.")
    return found
