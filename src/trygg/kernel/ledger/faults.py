"""What an act may die of: the points at which a test kills the process, to see that nothing is left half done (without
TRYGG_TEST_CRASH=1 they do nothing), and a disk that is full."""

import errno
import os

CRASH_EXIT = 137  # what a shell reports for SIGKILL


def crash_point(name: str) -> None:
    """Die here, at once and without cleaning up, when TRYGG_TEST_CRASH=1 and TRYGG_CRASH_AT names this point."""
    if os.environ.get("TRYGG_TEST_CRASH") == "1" and os.environ.get("TRYGG_CRASH_AT") == name:
        os._exit(CRASH_EXIT)


def disk_fault(error: BaseException) -> str | None:
    """`disk_full` or `disk_failed` when that is why the database or a file could not be written, None for any other fault.

    A limit on the size of a file counts as a full disk: nothing more can be written there.
    """
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "disk_full"
    words = str(error).lower()
    if "disk is full" in words or "no space left" in words or "file too large" in words:
        return "disk_full"
    return "disk_failed" if "disk i/o error" in words or "readonly database" in words else None
