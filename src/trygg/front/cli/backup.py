"""`trygg backup` and `trygg restore`: one tar file with the database, the files and a manifest; never the keys.

The database is copied while others write (SQLite's backup API, or pg_dump), the files after it: they are named by their content and
never change, so the copy holds every file that its database names.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer

from trygg import __version__
from trygg.front.cli.common import PROBLEM, django, problem, say, wrong

FORMAT = "trygg-backup/1"
MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FOLDERS = ("files", "imports")
BLOCK = 1024 * 1024


def backup(file: Annotated[Path, typer.Argument(help="Where to write the backup (.tar).")]) -> None:
    """Write a consistent copy of the database and the files. The keys are not in it: keep a copy of them elsewhere."""
    if file.exists():
        wrong(f"{file} is there already. A backup never overwrites: choose another name.")
    if not file.absolute().parent.is_dir():
        wrong(f"{file} cannot be written: give a file in a folder that is there.")
    django()
    from django.conf import settings
    from django.db import connection

    from trygg.front.cli.serve import check_ready

    check_ready()
    partial = file.with_name(f".{file.name}.{os.getpid()}.part")
    with tempfile.TemporaryDirectory(dir=settings.TRYGG_HOME, prefix=".backup-") as folder:
        database = Path(folder) / DATABASE[connection.vendor]
        record = _ledger()  # before the copy: others may write meanwhile, and the copy must hold at least this
        copy_database(database)
        members = {database.name: database, **dict(_files_of(Path(settings.TRYGG_HOME)))}
        manifest = {
            "format": FORMAT, "version": __version__, "made_at": datetime.now(UTC).isoformat(), "database": connection.vendor,
            "ledger": record, "members": {name: {"sha256": _sha256(path), "size": path.stat().st_size} for name, path in members.items()},
        }  # fmt: skip
        try:
            _write_tar(partial, manifest, members)
            os.replace(partial, file)
        finally:
            partial.unlink(missing_ok=True)
    size = file.stat().st_size
    say(f"{file}: database, {len(members) - 1} files, {size / 1e6:.1f} MB.")
    say(f"The keys in {settings.TRYGG_KEYS} are not in it. Without the ledger key nothing new can be signed after a restore.")


def copy_database(target: Path) -> None:
    """A copy of the database as it stands at one moment."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        import sqlite3
        from contextlib import closing

        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}"], settings.DATABASES["default"])
    target.chmod(0o600)


def _run(command: list[str], database: dict[str, Any]) -> None:
    """Run a program of PostgreSQL; the password goes through the environment, where no process list shows it."""
    if shutil.which(command[0]) is None:
        problem(f"{command[0]} is needed for a PostgreSQL database and is not on this machine: install PostgreSQL's client programs.")
    given = {"PGHOST": database["HOST"], "PGPORT": database["PORT"], "PGUSER": database["USER"], "PGPASSWORD": database["PASSWORD"]}
    environment = {**os.environ, "PGDATABASE": database["NAME"], **{name: value for name, value in given.items() if value}}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        problem(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


def _files_of(home: Path) -> Iterator[tuple[str, Path]]:
    """Names inside the backup, and where the files are. What is half written (a leading dot) stays out."""
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(home).as_posix(), path


def _ledger() -> dict[str, Any]:
    from trygg.kernel.ledger import keys, selectors

    tree = selectors.tree()
    try:
        key = str(keys.public_key())
    except keys.LedgerKeyMissing:
        key = None
    return {"size": tree.size, "root": tree.root().hex(), "public_key": key}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_tar(path: Path, manifest: dict[str, Any], members: dict[str, Path]) -> None:
    content = json.dumps(manifest, indent=1, sort_keys=True).encode()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            _add(archive, MANIFEST, io.BytesIO(content), len(content))
            for name, source in members.items():
                with source.open("rb") as reading:
                    _add(archive, name, reading, manifest["members"][name]["size"])
        stream.flush()
        os.fsync(stream.fileno())


def _add(archive: tarfile.TarFile, name: str, stream: Any, size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    archive.addfile(info, stream)


# Restoring ------------------------------------------------------------------------------------------------------------


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that `trygg backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Also where there is something: what is there is set aside, not deleted.")] = False,
) -> None:
    """Put a backup in place, whole or not at all, and verify the record. Stop `trygg serve` and `trygg worker` first."""
    if not file.is_file():
        wrong(f"{file}: there is no such file.")
    django()
    from django.conf import settings
    from django.db import connection

    home, vendor = Path(settings.TRYGG_HOME), connection.vendor
    standing = _standing(home)
    if standing and not force:
        wrong(f"{home} is not empty ({', '.join(standing)}). Restore into another TRYGG_HOME, or give --force to set aside what is there.")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
        manifest = unpack(file, Path(folder))
        if manifest["database"] != vendor:
            wrong(f"The backup is of a {manifest['database']} database; this installation uses {vendor} (DATABASE_URL).")
        connection.close()
        aside = _set_aside(home) if standing else None
        try:
            _put_in_place(Path(folder), home, manifest)
        except BaseException:
            if aside:
                _bring_back(aside, home)
            raise
    say(f"Restored: the backup of {manifest['made_at'][:16].replace('T', ' ')} UTC, {len(manifest['members']) - 1} files.")
    if aside:
        say(f"What stood here before is in {aside}.")
    _verify(manifest)


def _standing(home: Path) -> list[str]:
    """What is in the home besides keys and logs."""
    from django.conf import settings
    from django.db import connection

    found = [name for name in FOLDERS if (home / name).is_dir() and any((home / name).iterdir())]
    if connection.vendor == "sqlite":
        database = Path(settings.DATABASES["default"]["NAME"])
        return ([database.name] if database.exists() and database.stat().st_size else []) + found
    return (["tables in the database"] if connection.introspection.table_names() else []) + found


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack and compare every member with the manifest; stops with exit code 1 when anything is amiss, before anything is changed."""
    try:
        with tarfile.open(file, "r:*") as archive:
            first = archive.next()
            if first is None or first.name != MANIFEST or not first.isreg():
                problem(f"{file} is no backup of Trygg: it does not begin with {MANIFEST}.")
            manifest = json.loads(archive.extractfile(first).read(64 * BLOCK))
            if manifest.get("format") != FORMAT:
                problem(f"{file} has the form {manifest.get('format')!r}; this version reads {FORMAT}.")
            waiting = dict(manifest["members"])
            while (member := archive.next()) is not None:
                expected = waiting.pop(member.name, None)
                if expected is None or not member.isreg() or not _safe(member.name):
                    problem(f"{file} is damaged or was altered: «{member.name}» is not in its manifest. Nothing was changed.")
                _unpack_one(archive, member, folder / member.name, expected, file)
    except (tarfile.TarError, json.JSONDecodeError, EOFError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        problem(f"{file} is damaged or is no backup of Trygg ({error}). Nothing was changed.")
    if waiting:
        problem(f"{file} is cut off: «{next(iter(waiting))}» is missing. Nothing was changed.")
    return manifest


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    known = name in DATABASE.values() or (len(path.parts) > 1 and path.parts[0] in FOLDERS)
    return known and not path.is_absolute() and ".." not in path.parts


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path, expected: dict[str, Any], file: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with archive.extractfile(member) as reading, target.open("wb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            writing.write(block)
    target.chmod(0o600)
    if digest.hexdigest() != expected["sha256"]:
        problem(f"{file} is damaged or was altered: «{member.name}» is not what its manifest says. Nothing was changed.")


def _set_aside(home: Path) -> Path:
    from django.conf import settings
    from django.db import connection

    aside = home / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    for folder in FOLDERS:
        if (home / folder).exists():
            os.replace(home / folder, aside / folder)
    if connection.vendor == "sqlite":
        database = Path(settings.DATABASES["default"]["NAME"])
        for path in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
            if path.exists():
                os.replace(path, aside / path.name)
    else:
        copy_database(aside / DATABASE["postgresql"])
        connection.close()
    return aside


def _bring_back(aside: Path, home: Path) -> None:
    """After a restore that failed: everything where it was. (PostgreSQL restores in one transaction of its own.)"""
    from django.conf import settings

    for path in aside.iterdir():
        target = home / path.name if path.name in FOLDERS else Path(settings.DATABASES["default"]["NAME"]).with_name(path.name)
        if path.name == DATABASE["postgresql"]:
            continue
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(path, target)


def _put_in_place(unpacked: Path, home: Path, manifest: dict[str, Any]) -> None:
    from django.conf import settings

    for folder in FOLDERS:
        if (unpacked / folder).exists():
            if (home / folder).exists():
                (home / folder).rmdir()  # empty, or it would have been set aside
            os.replace(unpacked / folder, home / folder)
    database = unpacked / DATABASE[manifest["database"]]
    if manifest["database"] == "sqlite":
        target = Path(settings.DATABASES["default"]["NAME"])
        for end in ("-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(database, target)
    else:
        name = settings.DATABASES["default"]["NAME"]
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={name}", str(database)]
        _run(command, settings.DATABASES["default"])


def _verify(manifest: dict[str, Any]) -> None:
    """The record as `trygg ledger verify` sees it; with the backup's own public key where this installation has none."""
    from django.core.management import call_command

    from trygg.engines.translog.notes import PublicKey
    from trygg.kernel.ledger import keys, selectors
    from trygg.kernel.ledger.verify import verify_database

    said = manifest["ledger"]
    if selectors.tree_size() < said["size"] or selectors.tree(said["size"]).root().hex() != said["root"]:
        problem("The record in the restored database is not the one that the backup's manifest names. Run `trygg ledger verify`.")
    try:
        key = keys.public_key()
    except keys.LedgerKeyMissing as missing:
        key = PublicKey.parse(said["public_key"]) if said["public_key"] else None
        say(f"Note: {missing}. Until then nothing can be signed.")
    findings = verify_database(None, key)
    for finding in findings:
        if finding.problem:
            say(f"! {finding.statement('en')}")
    if not findings.ok:
        say("The record was altered.")
        raise typer.Exit(PROBLEM)
    say(f"Ledger verified: {findings.entries} entries, nothing was altered.")
    call_command("migrate", verbosity=0, interactive=False)
