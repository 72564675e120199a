"""A home of its own for each test that kills processes or takes their disk away: made once, copied for each test."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, os, sys
from datetime import UTC, datetime
import django
django.setup()
from django.utils import timezone
timezone.now = lambda: datetime(2026, 11, 29, 13, 0, tzinfo=UTC)  # when the committee of the tests meets
from django.db import connection
from django.test import Client
from trygg.kernel.access import Actor
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.ledger.models import Entry, Sent
actor = Actor.system("tests")
def now(): return timezone.now()
def as_(email):
    from tests.world import sign_in
    from trygg.kernel.people.selectors import actor_from_membership
    member = Membership.objects.get(person__email=email)
    return sign_in(Client(HTTP_HOST="localhost"), actor_from_membership(member, now=now()))
def die_at(point): os.environ["TRYGG_CRASH_AT"] = point
def said(**more):
    from trygg.kernel.ledger.verify import verify_database
    cursor = connection.cursor()
    cursor.execute("PRAGMA integrity_check")
    sound = cursor.fetchone()[0] == "ok" and verify_database().ok
    print(json.dumps({"sound": sound, "acts": list(Entry.objects.values_list("action", flat=True)), **more}))
"""

MAKE = """
from django.core.management import call_command
from trygg.kernel.ledger import keys
call_command("migrate", verbosity=0)
keys.make_key()
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    path = os.pathsep.join(filter(None, (str(ROOT), str(ROOT / "src"), kept.get("PYTHONPATH"))))
    return kept | {
        "TRYGG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings", "TRYGG_TEST_CRASH": "1", "PYTHONPATH": path,
        "TRYGG_TASKS": "django_tasks.backends.immediate.ImmediateBackend",
    } | more  # fmt: skip


def run_in(home: Path, program: str, *, code: int = 0, **more: str) -> str:
    """Run a program in a home; its output. `code`: how it must end."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + program], env=environment(home, **more), capture_output=True, text=True, timeout=120, cwd=ROOT
    )
    assert done.returncode == code, done.stderr[-3000:]
    return done.stdout


def trygg(home: Path, *arguments: object, **more: str) -> subprocess.CompletedProcess:
    """`trygg ...` in a home."""
    command = [sys.executable, "-m", "trygg", *map(str, arguments)]
    return subprocess.run(command, env=environment(home, **more), capture_output=True, text=True, timeout=120, cwd=ROOT)
