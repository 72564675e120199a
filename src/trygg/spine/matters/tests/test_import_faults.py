"""An import that is killed at any point, or whose disk is full, leaves nothing half written, and goes on or is discarded."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trygg.kernel.ledger.faults import CRASH_EXIT

ROWS = 1200

PROGRAM = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.db import connection
from django.utils import timezone
from trygg.kernel.access import Actor
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.imports import jobs, keeping, reading, services
from trygg.spine.matters.models import ImportRow, ImportRun, System
actor = Actor.system("tests")
def now(): return timezone.now()
def begin(path):
    kept = keeping.keep_copy(Path(path))
    found = reading.look_at(kept)
    return services.begin_import(actor=actor, now=now(), organisation=Organisation.objects.get(), kept=kept, detected=found.detected, mapping=found.mapping)
def said():
    run = ImportRun.objects.latest("pk")
    numbers = list(run.rows.order_by("number").values_list("number", flat=True))
    cursor = connection.cursor()
    cursor.execute("PRAGMA integrity_check")
    print(json.dumps({"state": run.state, "read": run.rows_read, "rows": len(numbers), "twice": len(numbers) - len(set(numbers)),
        "systems": System.objects.count(), "report": run.report, "note": run.stage_note, "sound": cursor.fetchone()[0]}))
"""


@pytest.fixture(scope="module")
def first_home(tmp_path_factory):
    """A home with a database and one organisation, made once."""
    home = tmp_path_factory.mktemp("home")
    program = (
        PROGRAM
        + """
from django.core.management import call_command
from trygg.kernel.people.services import add_organisation
call_command("migrate", verbosity=0)
add_organisation(actor=actor, now=now(), name="Lindvika", slug="lindvika", kind="municipality", jurisdiction="SE")
connection.close()
"""
    )
    run_in(home, program)
    return home


def run_in(home: Path, program: str, *, crash_at: str = "", code: int = 0) -> str:
    environment = {
        "PATH": os.environ["PATH"], "TRYGG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings",
        "TRYGG_TEST_CRASH": "1", "TRYGG_CRASH_AT": crash_at,
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def home(first_home, tmp_path):
    return shutil.copytree(first_home, tmp_path / "home")


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "register.csv"
    lines = [f"S{n},System {n},Lindvika,{'words ' * 20}{n}" for n in range(ROWS)]
    path.write_text("id,name,organisation,description\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def state(home: Path) -> dict:
    return json.loads(run_in(home, PROGRAM + "said()"))


BEGIN = "run = begin({path!r})\n"
READ = "jobs.read(ImportRun.objects.latest('pk'))\n"
APPLY = "services.apply_import(actor=actor, now=now(), run=ImportRun.objects.latest('pk'))\n"
UNDO = "services.undo_import(actor=actor, now=now(), run=ImportRun.objects.latest('pk'))\n"
DISCARD = "services.discard_import(actor=actor, now=now(), run=ImportRun.objects.latest('pk'))\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "staged"),
    [
        ("import.stage.before_chunk", 0),
        ("import.stage.in_chunk", 0),
        ("import.stage.after_chunk", 500),
        ("import.stage.before_finish", ROWS),
    ],
)
def test_killed_while_reading_it_goes_on_where_it_stopped(home, register, point, staged):
    run_in(home, PROGRAM + BEGIN.format(path=str(register)) + READ, crash_at=point, code=CRASH_EXIT)
    found = state(home)
    assert (found["state"], found["read"], found["rows"], found["sound"]) == ("staging", staged, staged, "ok")
    run_in(home, PROGRAM + READ)
    found = state(home)
    assert (found["state"], found["rows"], found["twice"], found["systems"]) == ("ready", ROWS, 0, 0)


@pytest.mark.slow
def test_killed_while_reading_it_can_be_discarded(home, register):
    run_in(home, PROGRAM + BEGIN.format(path=str(register)) + READ, crash_at="import.stage.after_chunk", code=CRASH_EXIT)
    run_in(home, PROGRAM + DISCARD)
    found = state(home)
    assert (found["state"], found["rows"], found["systems"]) == ("discarded", 0, 0)
    assert list((home / "imports").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("point", ["import.apply.begun", "import.apply.half", "import.apply.before_commit"])
def test_killed_while_applying_nothing_is_in_the_register_and_it_can_be_applied(home, register, point):
    run_in(home, PROGRAM + BEGIN.format(path=str(register)) + READ)
    run_in(home, PROGRAM + APPLY, crash_at=point, code=CRASH_EXIT)
    found = state(home)
    assert (found["state"], found["systems"], found["sound"]) == ("ready", 0, "ok")
    run_in(home, PROGRAM + APPLY)
    assert (state(home)["state"], state(home)["systems"]) == ("applied", ROWS)


@pytest.mark.slow
def test_killed_right_after_the_commit_it_is_applied_and_once_only(home, register):
    run_in(home, PROGRAM + BEGIN.format(path=str(register)) + READ)
    run_in(home, PROGRAM + APPLY, crash_at="import.apply.after_commit", code=CRASH_EXIT)
    assert (state(home)["state"], state(home)["systems"]) == ("applied", ROWS)
    run_in(home, PROGRAM + APPLY)
    assert state(home)["systems"] == ROWS


@pytest.mark.slow
def test_killed_while_undoing_all_of_it_is_still_there(home, register):
    run_in(home, PROGRAM + BEGIN.format(path=str(register)) + READ + APPLY)
    run_in(home, PROGRAM + UNDO, crash_at="import.undo.half", code=CRASH_EXIT)
    assert (state(home)["state"], state(home)["systems"]) == ("applied", ROWS)
    run_in(home, PROGRAM + UNDO)
    assert (state(home)["state"], state(home)["systems"]) == ("undone", 0)


FULL = """
from django.db import connection
def fill(pages):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        count = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {count + pages}")
"""


@pytest.mark.slow
def test_a_full_disk_while_reading_is_said_and_leaves_no_rows(home, register):
    run_in(home, PROGRAM + FULL + BEGIN.format(path=str(register)) + "fill(40)\n" + READ)
    found = state(home)
    assert (found["state"], found["rows"], found["systems"], found["sound"]) == ("failed", 0, 0, "ok")
    assert found["report"]["failure"]["code"] == "disk_full"
    assert found["note"].startswith("The disk is full")


@pytest.mark.slow
def test_a_full_disk_while_applying_leaves_nothing_in_the_register(home, register):
    run_in(home, PROGRAM + BEGIN.format(path=str(register)) + READ)
    applying = "from django.db import OperationalError\nfill(10)\ntry:\n    " + APPLY + "    raise SystemExit(9)\n"
    applying += "except OperationalError as error:\n    print(services.fault_of(error))\n"
    assert run_in(home, PROGRAM + FULL + applying).strip() == "disk_full"
    found = state(home)
    assert (found["state"], found["systems"], found["sound"]) == ("ready", 0, "ok")
    run_in(home, PROGRAM + APPLY)
    assert state(home)["systems"] == ROWS


def test_an_upload_that_does_not_fit_on_the_disk_leaves_nothing(settings, tmp_path):
    from trygg.spine.matters.imports import keeping

    settings.TRYGG_HOME = tmp_path

    def chunks():
        yield b"a,b\n"
        raise OSError(28, "No space left on device")

    with pytest.raises(keeping.CannotKeep) as caught:
        keeping.keep("x.csv", chunks())
    assert caught.value.code == "disk_full"
    assert list((tmp_path / "imports").iterdir()) == []


def test_an_upload_that_is_too_large_or_empty_leaves_nothing(settings, tmp_path, monkeypatch):
    from trygg.spine.matters.imports import keeping

    settings.TRYGG_HOME = tmp_path
    monkeypatch.setattr(keeping, "LARGEST", 10)
    for content, code in (([b"x" * 6, b"x" * 6], "too_large"), ([], "empty")):
        with pytest.raises(keeping.CannotKeep) as caught:
            keeping.keep("x.csv", content)
        assert caught.value.code == code
    assert list((tmp_path / "imports").iterdir()) == []
