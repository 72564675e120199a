"""The product itself, as `trygg demo` serves it: a home of its own, made once for all browser tests that walk through it."""

import atexit
import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from functools import cache
from pathlib import Path

START = 240  # seconds: the world is made first


class Site:
    """`TRYGG_SITE=home:port` walks through one that runs already, for writing tests."""

    def __init__(self):
        if running := os.environ.get("TRYGG_SITE"):
            home, _colon, port = running.rpartition(":")
            self.home, self.port, self.base = Path(home), int(port), f"http://127.0.0.1:{port}"
            return
        self.home = Path(tempfile.mkdtemp(prefix="trygg-browser-"))
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = self.home / "server.log"
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "trygg", "demo", "--port", str(self.port)], env=self.env, stdout=log, stderr=subprocess.STDOUT
            )
        atexit.register(self.stop)
        self._wait()

    @property
    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TRYGG_") and name != "DATABASE_URL"}
        return kept | {"TRYGG_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings", "TRYGG_LANGUAGE": "en"}

    def _wait(self) -> None:
        for _try in range(START * 4):
            assert self.server.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.base}/register/", timeout=5):
                return
            time.sleep(0.25)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        if self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()

    def trygg(self, *arguments: str) -> subprocess.CompletedProcess:
        """A command of the program, beside the server."""
        return subprocess.run([sys.executable, "-m", "trygg", *arguments], env=self.env, capture_output=True, text=True, timeout=120)

    def sql(self, statement: str, *values) -> list[tuple]:
        """What only somebody with the database can do: look, or end a session."""
        with contextlib.closing(sqlite3.connect(self.home / "trygg.sqlite3", timeout=20)) as connection, connection:
            return connection.execute(statement, values).fetchall()


@cache
def site() -> Site:
    return Site()
