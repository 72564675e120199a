"""`trygg archive`: a whole organisation as one file, checked offline, and taken in elsewhere."""

import hashlib
import tempfile
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from trygg.front.cli.common import django, organisation_named, problem, say, wrong

app = typer.Typer(help="A whole organisation as one file: leave with it, check it, come back.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="An archive (.zip).")]


@app.callback()
def _archive() -> None:
    """A whole organisation as one file: leave with it, check it, come back."""


@app.command("export")
def export(
    organisation: Annotated[str, typer.Argument(help="Short name of the organisation.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the archive.")],
    purpose: Annotated[str, typer.Option(help="What it is for; recorded.")] = "Asked for by the host",
) -> None:
    """Write everything that an organisation has here to one file. It opens without a password: decide first where it is kept."""
    if output.exists():
        wrong(f"{output} is there already. An archive never overwrites: choose another name.")
    if not output.absolute().parent.is_dir():
        wrong(f"{output} cannot be written: give a file in a folder that is there.")
    django()
    from django.utils import timezone

    from trygg.kernel.access import Actor
    from trygg.kernel.archive import jobs
    from trygg.kernel.archive.keeping import path_of
    from trygg.kernel.archive.services import exporting

    place, actor = organisation_named(organisation), Actor.system("archive")
    asked = exporting.ask_for_export(actor=actor, now=timezone.now(), organisation=place, purpose=purpose)
    done = jobs.write(asked)
    if done.state != done.State.READY:
        problem(f"The archive could not be written ({done.fault or done.state}). Run `trygg doctor`.")
    exporting.fetch_export(actor=actor, now=timezone.now(), export=done)
    _move(path_of(done.pk), output)
    exporting.cancel_export(actor=actor, now=timezone.now(), export=done)
    report = done.report
    say(f"{output}: {sum(report['rows'].values())} rows, {report['files']} files, {report['entries']} entries of the record, {done.size / 1e6:.1f} MB.")
    for name, words in (("held_back", "are still sealed or under way"), ("outside", "are about what another organisation keeps")):
        for label, count in sorted(report[name].items()):
            say(f"· {label}: {count} rows stayed behind: they {words}.")
    if report["shut"]:
        say(f"· The content of {report['shut']} files stayed behind: they are in quarantine, or were removed.")
    if report["lost"]:
        say(f"! {report['lost']} files are named in the rows and are not on the disk any more.")
    say(f"SHA-256: {done.sha256}")


def _move(source: Path, target: Path) -> None:
    """To where it is asked for, whole or not at all; it may be on another disk."""
    import os
    import shutil

    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with source.open("rb") as reading, os.fdopen(handle, "wb") as writing:
            shutil.copyfileobj(reading, writing, 1024 * 1024)
            writing.flush()
            os.fsync(writing.fileno())
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


@app.command("check")
def check(
    file: File,
    key: Annotated[str | None, typer.Option(help="The other host's public key (name+hash+base64), from elsewhere than the file.")] = None,
) -> None:
    """Say whether an archive is whole and sound: sums, form, references, record. Needs no network and reads no database."""
    django()
    from trygg.kernel.archive.checking import summary

    for line in summary(_checked(file, key)):
        say(line)
    say("The archive is sound.")


@app.command("import")
def import_(
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come and what stands in the way; nothing comes in.")] = False,
    as_name: Annotated[str, typer.Option("--as-name", help="Name of the organisation here, when its own is taken.")] = "",
    match_people: Annotated[
        bool, typer.Option("--match-people", help="People with an account here, by e-mail address, get their roles with it.")
    ] = False,
    take_packs: Annotated[bool, typer.Option("--take-packs", help="Take in versions of packs that this installation never had.")] = False,
    key: Annotated[str | None, typer.Option(help="The other host's public key, from elsewhere than the file.")] = None,
) -> None:
    """Take in an organisation. What was stopped goes on when the same file is given again; `trygg archive take-back` undoes it."""
    django()
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from trygg.kernel.access import Actor
    from trygg.kernel.archive import coming
    from trygg.kernel.archive.checking import summary
    from trygg.kernel.archive.opening import Archive, NoArchive
    from trygg.kernel.archive.services.arriving import import_organisation

    for line in summary(_checked(file, key)):
        say(line)
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    with Archive(file) as archive:
        wanted = coming.plan(archive, as_name=as_name, match_people=match_people, take_packs=take_packs)
        for line in coming.sentences(wanted):
            say(line)
        if dry_run:
            for reason in wanted.refused:
                say(f"! {reason}")
            say("Nothing was written." if not wanted.refused else "It cannot come like this. Nothing was written.")
            raise typer.Exit(1 if wanted.refused else 0)
        try:
            arrival = import_organisation(
                actor=Actor.system("archive"), now=timezone.now(), archive=archive, sha256=sha256, as_name=as_name,
                match_people=match_people, take_packs=take_packs, progress=_say_progress(),
            )  # fmt: skip
        except NoArchive as error:
            problem(f"{error} Nothing of it was kept.")
        except ValidationError as error:
            problem("\n".join(error.messages))
    _recompute(arrival)
    place = arrival.organisation
    say(f"{place.name} is here: number {arrival.pk}. Nobody's password came along; people choose a new one at «Forgot your password?», or:")
    say(f"  trygg setup --slug {place.slug} --admin E-MAIL")
    say(f"To take it back before anybody works in it: trygg archive take-back {arrival.pk}")


@app.command("take-back")
def take_back(number: Annotated[int, typer.Argument(help="The number that the import gave.")]) -> None:
    """Remove an organisation that came in an archive, as long as nobody has worked in it."""
    django()
    from django.utils import timezone

    from trygg.kernel.access import Actor
    from trygg.kernel.archive.models import Arrival
    from trygg.kernel.archive.services.arriving import take_back_arrival

    arrival = Arrival.objects.filter(pk=number).first()
    if arrival is None:
        wrong(f"There is no import with the number {number}.")
    take_back_arrival(actor=Actor.system("archive"), now=timezone.now(), arrival=arrival)
    say("It is taken back. The record keeps that it came and went.")


def _checked(file: Path, key: str | None) -> Any:
    from django.conf import settings

    from trygg.engines.translog.notes import NoteError, PublicKey
    from trygg.kernel.archive.checking import check_archive
    from trygg.kernel.archive.opening import NoArchive

    if not file.is_file():
        wrong(f"{file}: there is no such file.")
    try:
        trusted = PublicKey.parse(key) if key else None
    except NoteError as error:
        wrong(f"--key: {error}")
    home = Path(settings.TRYGG_HOME)
    with tempfile.TemporaryDirectory(dir=home if home.is_dir() else None, prefix=".archive-") as folder:
        try:
            return check_archive(file, key=trusted, folder=Path(folder))
        except NoArchive as error:
            _unsound(error)


def _unsound(error: Exception) -> NoReturn:
    problem(f"{error}\nThe archive is not sound. Nothing was written.")


def _say_progress() -> Any:
    said = 0

    def progress(name: str, done: int, total: int) -> None:
        nonlocal said
        if total and done * 10 // total > said:
            said = done * 10 // total
            say(f"  {said * 10} %: {name}")

    return progress


def _recompute(arrival: Any) -> None:
    """The cases that came are worked out with the packs and on the day of this installation."""
    from django.utils import timezone

    from trygg.kernel.access import Actor
    from trygg.spine.assurance.services import recompute_after_packs
    from trygg.spine.matters.models import Matter

    first = Matter.objects.filter(owner=arrival.organisation).order_by("pk").values_list("pk", flat=True).first()
    after = None if first is None else first - 1
    while after is not None:
        after = recompute_after_packs(actor=Actor.system("archive"), now=timezone.now(), after=after)
