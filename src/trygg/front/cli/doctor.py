"""`trygg doctor`: what is wrong with an installation, in words."""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from trygg.front.cli.common import FINE, PROBLEM, django, say

LEAST_SPACE, LITTLE_SPACE = 500_000_000, 2_000_000_000
WORKER_SILENT = 600
MAIL_WAITS = 3600


class Level(StrEnum):
    FINE = "fine"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what, how it stands, and what to do."""

    check: str
    level: Level
    words: str


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def doctor(format: Annotated[Format, typer.Option(help="text or json.")] = Format.TEXT) -> None:
    """Say what is wrong with this installation, and what to do. Exit 1 when there is a problem; notes are no problem."""
    django()
    findings = list(examine())
    if format is Format.JSON:
        say(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        signs = {Level.FINE: "·", Level.NOTE: "~", Level.PROBLEM: "!"}
        for one in findings:
            say(f"{signs[one.level]} {one.check}: {one.words}")
        count = sum(one.level is Level.PROBLEM for one in findings)
        say(f"{count} problem{'s' if count != 1 else ''}." if count else "Nothing is wrong.")
    raise typer.Exit(PROBLEM if any(one.level is Level.PROBLEM for one in findings) else FINE)


def examine() -> Iterator[Finding]:
    """Look at everything. A check that fails itself is a problem, and the others go on."""
    reachable = True
    for name, check in CHECKS:
        if name in NEED_DATABASE and not reachable:
            continue
        try:
            for level, words in check():
                reachable = reachable and not (name in ("database", "migrations") and level is Level.PROBLEM)
                yield Finding(name, level, words)
        except Exception as error:  # noqa: BLE001  (what is broken here is what is asked)
            reachable = reachable and name not in ("database", "migrations")
            yield Finding(name, Level.PROBLEM, f"could not be examined: {error}")


Words = Iterator[tuple[Level, str]]


def _settings() -> Any:
    from django.conf import settings

    return settings


def home() -> Words:
    folder = Path(_settings().TRYGG_HOME)
    if not folder.is_dir():
        yield Level.PROBLEM, f"{folder} is not there: run `trygg setup`"
        return
    yield Level.FINE, str(folder)


def disk() -> Words:
    free = shutil.disk_usage(Path(_settings().TRYGG_HOME)).free
    words = f"{free / 1e9:.1f} GB free"
    if free < LEAST_SPACE:
        yield Level.PROBLEM, f"{words}: make room, or imports and uploads will fail"
    elif free < LITTLE_SPACE:
        yield Level.NOTE, f"{words}: that is little"
    else:
        yield Level.FINE, words


def database() -> Words:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield Level.PROBLEM, f"cannot be reached: {str(error).strip()}. Look at DATABASE_URL, and whether the server runs"
        return
    yield Level.FINE, f"{connection.vendor} can be reached"


def migrations() -> Words:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Level.PROBLEM, f"{len(waiting)} changes of the tables wait: run `trygg setup`"
    else:
        yield Level.FINE, "the tables are of this version"


def keys() -> Words:
    settings = _settings()
    for path, why in (
        (Path(settings.TRYGG_LEDGER_KEY), "without it nothing can be signed: run `trygg setup`, or put the key back"),
        (Path(settings.TRYGG_KEYS) / "django.key", "sessions and links are signed with it"),
    ):
        if not path.exists():
            from os import environ

            if path.name == "django.key" and (environ.get("TRYGG_SECRET_KEY") or environ.get("TRYGG_SECRET_KEY_FILE")):
                continue
            yield Level.PROBLEM, f"{path} is missing: {why}"
        elif stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Level.PROBLEM, f"{path} can be read by others: chmod 600 {path}"
        else:
            yield Level.FINE, f"{path.name} is there, for its owner only"
    if any(Path(settings.TRYGG_LEDGER_KEY).is_relative_to(folder) for folder in (settings.TRYGG_BACKUPS, settings.TRYGG_FILES)):
        yield Level.PROBLEM, "the ledger key lies among files or backups: whoever gets those could sign another record"
    from trygg.kernel.ledger.keys import signer

    if Path(settings.TRYGG_LEDGER_KEY).exists():
        signer()


def ledger() -> Words:
    from trygg.kernel.ledger.selectors import latest_checkpoint, tree_size

    if str(_settings().TRYGG_LEDGER_ORIGIN) == "trygg.local/ledger":
        yield Level.NOTE, "TRYGG_LEDGER_ORIGIN is the default: name the record after your own address, once, before it is published"
    latest, size = latest_checkpoint(), tree_size()
    if latest is None:
        yield Level.NOTE, "no checkpoint was signed yet: the worker signs one every hour"
    elif latest.size > size:
        yield Level.PROBLEM, f"the record has {size} entries and a checkpoint signs {latest.size}: run `trygg ledger verify`"
    else:
        yield Level.FINE, f"{size} entries, signed up to {latest.size}"


def packs() -> Words:
    from trygg.packs.catalogue import read_builtin
    from trygg.spine.frameworks.models import PackVersion

    shipped = {pack.hash: f"{pack.id} {pack.version}" for pack in read_builtin()}
    there = set(PackVersion.objects.filter(content_hash__in=shipped).values_list("content_hash", flat=True))
    missing = [name for key, name in shipped.items() if key not in there]
    if missing:
        yield Level.PROBLEM, f"not published: {', '.join(missing)}. Run `trygg setup`"
    else:
        yield Level.FINE, f"all {len(shipped)} that come with this version are published"


def people() -> Words:
    from trygg.kernel.access import Role
    from trygg.kernel.people.models import Membership, Organisation

    if not Organisation.objects.exists():
        yield Level.PROBLEM, "no organisation yet: trygg setup --organisation NAME --slug S --admin EMAIL"
    elif not Membership.objects.filter(role=Role.ADMINISTRATOR, valid_until=None).exists():
        yield Level.NOTE, "no administrator yet: has the invitation been opened?"
    else:
        yield Level.FINE, "there is an organisation, and an administrator"


def worker() -> Words:
    from django.utils import timezone

    from trygg.front.cli.worker import HEARTBEAT

    heartbeat = Path(_settings().TRYGG_HOME) / HEARTBEAT
    silent = timezone.now().timestamp() - heartbeat.stat().st_mtime if heartbeat.exists() else None
    if silent is None:
        yield Level.PROBLEM, "no worker is running: imports, mail and dates stand still. `trygg serve` starts one; else run `trygg worker`"
    elif silent > WORKER_SILENT:
        yield Level.PROBLEM, f"the worker was last heard {silent / 60:.0f} minutes ago: start it again"
    else:
        yield Level.FINE, "a worker is running"


def mail() -> Words:
    from datetime import timedelta

    from django.utils import timezone

    from trygg.kernel.people.mail import MOST_TRIES
    from trygg.kernel.people.models import Outbox

    settings = _settings()
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield Level.NOTE, f"messages are written to {settings.EMAIL_FILE_PATH} and reach nobody: set TRYGG_EMAIL_BACKEND and TRYGG_SMTP_HOST"
    waiting = Outbox.objects.filter(sent_at=None)
    failed = waiting.filter(tries__gte=MOST_TRIES).count()
    late = waiting.filter(tries__lt=MOST_TRIES, made_at__lt=timezone.now() - timedelta(seconds=MAIL_WAITS)).count()
    last = waiting.exclude(last_error="").order_by("-pk").values_list("last_error", flat=True).first()
    if failed or late:
        yield Level.PROBLEM, f"{failed} messages were given up, {late} wait for more than an hour{f': {last}' if last else ''}"
    elif not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield Level.FINE, "nothing is stuck"


def helplines() -> Words:
    from trygg.kernel.people.models import Organisation
    from trygg.kernel.safeguard.helplines import LINES
    from trygg.kernel.safeguard.helplines import helplines as lines_of

    used = set(Organisation.objects.values_list("jurisdiction", flat=True)) or set(LINES)
    doubtful = [f"{line.name} {line.number} ({place})" for place in sorted(used) for line in lines_of(place) if not line.verified]
    if doubtful:
        yield Level.NOTE, f"not verified: {', '.join(doubtful)}. Call them, then set TRYGG_HELPLINES"
    else:
        yield Level.FINE, "every number that is shown was verified"


def security() -> Words:
    settings = _settings()
    host = urlsplit(settings.BASE_URL).hostname or ""
    local = host in ("localhost", "127.0.0.1", "::1")
    if settings.DEBUG:
        yield Level.PROBLEM, "TRYGG_DEBUG is on: errors show the inside to everyone. Turn it off"
    if local:
        yield Level.NOTE, f"TRYGG_BASE_URL is {settings.BASE_URL}: links in messages lead to this machine only"
    elif not settings.SECURE or not settings.BASE_URL.startswith("https://"):
        yield Level.PROBLEM, "without HTTPS passwords can be read on the way: put a proxy with a certificate before it and set TRYGG_HTTPS=1"
    if not local and host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield Level.PROBLEM, f"TRYGG_ALLOWED_HOSTS does not name {host}: its pages answer 400"
    if not settings.DEBUG and settings.SECURE and not local:
        yield Level.FINE, "debug off, HTTPS on"


CHECKS: tuple[tuple[str, Callable[[], Words]], ...] = (
    ("home", home), ("disk", disk), ("database", database), ("migrations", migrations), ("keys", keys), ("ledger", ledger),
    ("packs", packs), ("people", people), ("worker", worker), ("mail", mail), ("helplines", helplines), ("security", security),
)  # fmt: skip
NEED_DATABASE = ("migrations", "ledger", "packs", "people", "mail", "helplines")
