"""`trygg serve`: the pages, and in the embedded set-up the worker beside them."""

import errno
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from trygg.front.cli.common import django, problem, say

PAGE_PROCESSES = 2
THREADS, WAITING = 4, 128  # of each process
RESTART_AFTER = 5.0


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on. Put a proxy with HTTPS before anything but this machine.")] = "127.0.0.1",
    with_worker: Annotated[
        bool | None, typer.Option("--worker/--no-worker", help="Run a worker beside it. By default with SQLite, not with PostgreSQL.")
    ] = None,
) -> None:
    """Serve the pages on this machine."""
    django()
    check_ready()
    check_port(host, port)
    run(host, port, with_worker)


def check_ready() -> None:
    """Stop unless the database is there and of this version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        problem("The database is not set up, or is of an older version: run `trygg setup` first.")
    connection.close()


def check_port(host: str, port: int) -> None:
    """Stop when another program has the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = port + 1 if port < 65535 else port - 1
                problem(f"Port {port} is taken by another program. Choose another: --port {other}")
            if error.errno == errno.EACCES:
                problem(f"Port {port} needs more rights than you have. Choose one above 1023: --port 8000")
            problem(f"{host}:{port} cannot be listened on: {error.strerror}")


def run(host: str, port: int, with_worker: bool | None = None) -> None:
    """Serve until stopped."""
    from django.conf import settings
    from django.db import connection
    from granian import Granian
    from granian.constants import Interfaces

    embedded = connection.vendor == "sqlite" and "db.DatabaseBackend" in settings.TASKS["default"]["BACKEND"]
    connection.close()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # empty here: the files are found where they lie
    beside = WorkerBeside() if (embedded if with_worker is None else with_worker) else None
    server = Granian(
        "trygg.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=PAGE_PROCESSES, websockets=False,
        blocking_threads=THREADS, backpressure=WAITING, respawn_failed_workers=True, log_access=False,
    )  # fmt: skip
    if beside is not None:
        server.on_startup(beside.start)
        server.on_shutdown(beside.stop)
    say(f"Trygg is at http://{'[' + host + ']' if ':' in host else host}:{port}/ (stop with Ctrl+C)")
    try:
        server.serve()
    finally:
        if beside is not None:
            beside.stop()


class WorkerBeside:
    """A worker process that is started again when it ends, until the server stops."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen | None = None
        self._keeper: threading.Thread | None = None

    def start(self) -> None:
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "trygg", "worker", "--with", str(os.getpid())])
            self._process.wait()
            self._stopping.wait(RESTART_AFTER)

    def stop(self) -> None:
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
