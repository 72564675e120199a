"""Points at which a test kills the process, to see that nothing is left half done. Without TRYGG_TEST_CRASH=1 they do nothing."""

import os

CRASH_EXIT = 137  # what a shell reports for SIGKILL


def crash_point(name: str) -> None:
    """Die here, at once and without cleaning up, when TRYGG_TEST_CRASH=1 and TRYGG_CRASH_AT names this point."""
    if os.environ.get("TRYGG_TEST_CRASH") == "1" and os.environ.get("TRYGG_CRASH_AT") == name:
        os._exit(CRASH_EXIT)
