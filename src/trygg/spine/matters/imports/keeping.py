"""The register file itself: kept under its hash until its import is over, never inside the web root."""

import errno
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from trygg.engines.records import DEFAULT_LIMITS
from trygg.spine.matters.models import ImportRun

BLOCK = 1024 * 1024
LARGEST = max(DEFAULT_LIMITS.csv_bytes, DEFAULT_LIMITS.xlsx_bytes, DEFAULT_LIMITS.json_bytes)
NEEDED_IN = (ImportRun.State.STAGING, ImportRun.State.READY, ImportRun.State.FAILED)


class CannotKeep(Exception):
    """The file was not kept; `code` is too_large, empty or disk_full."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class KeptFile:
    """A register file in our keeping. `name` is what the person called it."""

    name: str
    sha256: str
    size: int

    @property
    def path(self) -> Path:
        return path_of(self.sha256)


def folder() -> Path:
    return Path(settings.TRYGG_HOME) / "imports"


def path_of(sha256: str) -> Path:
    """Where the file with this hash is kept."""
    return folder() / sha256


def keep(name: str, chunks: Iterable[bytes]) -> KeptFile:
    """Write the file whole to disk, then under its hash. Raises CannotKeep; then nothing is left of it."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder() / f".{os.getpid()}-{id(chunks)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
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
        os.replace(partial, path_of(digest.hexdigest()))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise CannotKeep("disk_full") from error
        raise
    finally:
        partial.unlink(missing_ok=True)
    return KeptFile(Path(name).name[-200:] or "file", digest.hexdigest(), size)


def keep_copy(path: Path) -> KeptFile:
    """Keep a copy of a file of this machine. Raises CannotKeep, or OSError when it cannot be read."""
    with path.open("rb") as stream:
        return keep(path.name, iter(lambda: stream.read(BLOCK), b""))


def forget(sha256: str) -> None:
    """Delete the kept file, unless another import still needs it."""
    if sha256 and not ImportRun.objects.filter(stored_as=sha256, state__in=NEEDED_IN).exists():
        path_of(sha256).unlink(missing_ok=True)


def forget_strays(*, before: datetime) -> int:
    """Delete kept files older than `before` that no import needs (an upload never begun); returns how many. For the nightly job."""
    if not folder().is_dir():
        return 0
    needed = set(ImportRun.objects.filter(state__in=NEEDED_IN).values_list("stored_as", flat=True))
    old = [path for path in folder().iterdir() if path.stat().st_mtime < before.timestamp()]
    strays = [path for path in old if path.name not in needed]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)
