"""Where archives lie until they are fetched: in a folder of their own that no page serves and no backup copies."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from trygg.kernel.archive.models import Export


def folder() -> Path:
    """The folder, for its owner's eyes only."""
    found = Path(settings.TRYGG_HOME) / "archives"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def path_of(export_id: int) -> Path:
    """Where the archive of an export lies once it is written."""
    return folder() / f"export-{export_id}.zip"


def forget_strays(*, before: datetime) -> int:
    """Delete what a killed worker left, and archives of exports that are over; returns how many. For the nightly job."""
    kept = {path_of(pk).name for pk in Export.objects.filter(state=Export.State.READY).values_list("pk", flat=True)}
    strays = [path for path in folder().iterdir() if path.is_file() and path.name not in kept and path.stat().st_mtime < before.timestamp()]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)
