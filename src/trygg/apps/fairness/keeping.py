"""Rows about children on disk: under their hash, readable by nobody else, outside the web root, gone as soon as they are counted."""

import hashlib
import os
from collections.abc import Container, Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

LARGEST = 2 * 1024**3
ENDINGS = (".parquet", ".csv", ".arrow", ".feather", ".duckdb", ".db", ".sqlite")


class CannotKeep(Exception):
    """The file was not kept; `code` is too_large, empty or ending."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def folder() -> Path:
    return Path(settings.TRYGG_HOME) / "audits"


def path_of(sha256: str, name: str) -> Path:
    """Where the file is kept; its ending says what it is."""
    return folder() / f"{sha256}{Path(name).suffix.lower()}"


def keep(name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write the file whole, then under its hash: (hash, size). Raises CannotKeep or OSError; then nothing is left of it."""
    if Path(name).suffix.lower() not in ENDINGS:
        raise CannotKeep("ending")
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder() / f".{os.getpid()}-{id(chunks)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
            partial.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise CannotKeep("too_large")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise CannotKeep("empty")
        os.replace(partial, path_of(digest.hexdigest(), name))
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest(), size


def forget(sha256: str, name: str) -> None:
    """Delete the file."""
    path_of(sha256, name).unlink(missing_ok=True)


def forget_strays(*, needed: Container[str], before: datetime) -> int:
    """Delete files older than `before` whose hash nobody needs (an upload that was refused, a deletion cut short); returns how many."""
    if not folder().is_dir():
        return 0
    strays = [
        path for path in folder().iterdir() if path.stem not in needed and path.stat().st_mtime < before.timestamp()
    ]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)
