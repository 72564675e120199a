"""What all commands share: exit codes, plain words, and Django only when it is needed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

FINE, PROBLEM, WRONG_USE = 0, 1, 2


def say(line: str = "") -> None:
    typer.echo(line)


def wrong(message: str) -> NoReturn:
    """Stop: the command was used wrongly."""
    typer.echo(message, err=True)
    raise typer.Exit(WRONG_USE)


def problem(message: str) -> NoReturn:
    """Stop: something is wrong, or could not be done."""
    typer.echo(message, err=True)
    raise typer.Exit(PROBLEM)


def django() -> None:
    """Load the settings and the applications. English: what commands say is the language of the log."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trygg.config.settings")
    import django as package
    from django.conf import settings
    from django.utils import translation

    try:
        settings.INSTALLED_APPS  # noqa: B018  (the settings are read on first use)
    except (ValueError, ImportError) as error:
        wrong(f"A setting is wrong: {error}")
    package.setup()
    translation.activate("en")


@contextmanager
def plain_faults() -> Iterator[None]:
    """Expected faults end the command in words and exit code 1 (2 for wrong settings); what nobody expected keeps its traceback."""
    try:
        yield
    except Exception as error:
        words, code = _words(error)
        if words is None:
            raise
        typer.echo(words, err=True)
        raise typer.Exit(code) from None


NO_ROOM = "The disk is full, or a file may not grow so large (`ulimit -f`). Nothing was left half done. Make room and try again."
NOT_WRITTEN = (
    "The database could not be written: the disk is full, a file may not grow so large (`ulimit -f`), or the disk is failing. "
    "Nothing was left half done. Make room and try again; if it stays, run `trygg doctor`."
)


def _words(error: Exception) -> tuple[str | None, int]:
    from trygg.kernel.ledger.faults import disk_fault

    kind, text = f"{type(error).__module__}.{type(error).__name__}", str(error).strip()
    if kind.startswith("django.db.utils."):
        lower = text.lower()
        if "no such table" in lower or "does not exist" in lower or "no such column" in lower:
            return "The database is not set up, or is of an older version: run `trygg setup`.", PROBLEM
        if fault := disk_fault(error):
            return (NO_ROOM if fault == "disk_full" else NOT_WRITTEN), PROBLEM
        if kind.endswith("OperationalError"):
            return f"The database cannot be used: {text}. Run `trygg doctor`.", PROBLEM
        return None, PROBLEM
    if kind == "django.core.exceptions.ValidationError":
        return "\n".join(_messages(error)), PROBLEM
    if kind in ("django.core.exceptions.ImproperlyConfigured", "environs.exceptions.EnvError") or kind.startswith("environs."):
        return f"A setting is wrong: {text}", WRONG_USE
    if kind == "trygg.kernel.ledger.keys.LedgerKeyMissing":
        return text[:1].upper() + text[1:], PROBLEM
    if kind == "sqlite3.OperationalError" and disk_fault(error):  # a copy of the database, past Django
        return NO_ROOM, PROBLEM
    if isinstance(error, OSError) and disk_fault(error):
        return NO_ROOM, PROBLEM
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'}: {error.strerror or text}", PROBLEM
    return None, PROBLEM


def _messages(error: Any) -> list[str]:
    if hasattr(error, "message_dict"):
        return [f"{name}: {text}" for name, texts in error.message_dict.items() for text in texts]
    return list(error.messages)


def organisation_named(slug: str) -> Any:
    """The organisation with this slug; stops with those there are when there is none."""
    from trygg.kernel.people.models import Organisation

    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none yet: run `trygg setup`"
        wrong(f"There is no organisation «{slug}». There are: {known}.")
    return found
