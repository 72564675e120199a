"""No room for a file (RLIMIT_FSIZE: a file may not grow): a message that says what to do, an exit code, nothing half written."""

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.home import MAKE, PROGRAM, ROOT, environment, run_in

pytestmark = pytest.mark.slow
KB = 1024
OFFICER = "leila@lindvika-bun.example"


@pytest.fixture(scope="module")
def first_home(tmp_path_factory):
    """A world with a case, so that a record and a database of some size are there."""
    home = tmp_path_factory.mktemp("home")
    program = """
from tests.world import World, People
from tests.scenes import matters
world = World(People.make())
matters.add(world)
connection.close()
"""
    run_in(home, MAKE + program)
    return home


@pytest.fixture
def home(first_home, tmp_path):
    return shutil.copytree(first_home, tmp_path / "home")


def limited(home: Path, most: int, *command: str) -> subprocess.CompletedProcess:
    """A program that may write no file larger than `most` bytes."""
    return subprocess.run(
        [sys.executable, *command], env=environment(home, TMPDIR=str(home.parent)), capture_output=True, text=True, timeout=120, cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess) -> str:
    """What a command said that could not do its work: exit 1, no traceback, what to do."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr[-2000:])
    assert "Traceback" not in done.stderr
    assert "disk is full" in done.stderr
    assert "try again" in done.stderr or "read it again" in done.stderr
    return done.stderr


def files_below(folder: Path) -> set[str]:
    """Every file, without what SQLite and the log keep beside the database."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and ".sqlite3-" not in path.name}


STATE = """
from trygg.kernel.files.models import StoredFile
from trygg.spine.matters.models import ImportRow, ImportRun, System
said(
    files=StoredFile.objects.count(), systems=System.objects.count(), runs=list(ImportRun.objects.values_list("state", flat=True)),
    rows=ImportRow.objects.count(),
)
"""


def state(home: Path) -> dict:
    return json.loads(run_in(home, STATE))


UPLOAD = """
from django.core.files.uploadedfile import SimpleUploadedFile
from trygg.spine.assurance.models import Claim
from trygg.spine.assurance.selectors import wanted_documents
page = as_(OFFICER)
page.raise_request_exception = False
LIMIT
claim = next(claim for claim in Claim.objects.order_by("pk") if wanted_documents(claim))
upload = SimpleUploadedFile("report.txt", b"evidence " * (SIZE // 9))
sent = {"document": wanted_documents(claim)[0][0], "title": "A report that is long", "file": upload}
answer = page.post(f"/case/claims/{claim.pk}/document/", sent)
print(answer.status_code, answer.content.decode())
"""


@pytest.mark.parametrize(
    ("size", "status", "words"),
    [
        (600 * KB, 422, "the disk is full or not writable. Nothing was kept."),  # held in memory, then written into the store
        (3000 * KB, 507, "Tell those who run Trygg that there is no room left."),  # too large for memory: it fails while it comes in
    ],
)
def test_an_upload_of_evidence(home, size, status, words):
    before, stood = state(home), files_below(home)
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({300 * KB},) * 2)"
    program = UPLOAD.replace("OFFICER", repr(OFFICER)).replace("SIZE", str(size)).replace("LIMIT", limit)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + program], env=environment(home, TMPDIR=str(home.parent)), capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.startswith(str(status)), (done.stdout[:300], done.stderr[-2000:])
    assert words in done.stdout
    assert (state(home), files_below(home)) == (before, stood)
    assert not list(home.parent.glob("*.upload*")), "the half-written upload was left behind"


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "register.csv"
    lines = [f"S{n},System {n},Lindvika,{'words ' * 40}{n}" for n in range(3000)]
    path.write_text("id,name,organisation,description\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("most", [300 * KB, 1500 * KB], ids=["the file does not fit", "its rows do not fit"])
def test_an_import(home, register, most):
    before, stood = state(home), files_below(home)
    refused(limited(home, most, "-m", "trygg", "import", "systems", str(register), "--organisation", "lindvika-bun", "--mapping", "generic"))
    found = state(home)
    assert (found["systems"], found["sound"]) == (before["systems"], True)
    assert found["rows"] % 500 == before["rows"] % 500, "a chunk of staged rows is there in half"
    assert [name for name in files_below(home) - stood if "/." in name or name.endswith(".part")] == []
    whole = subprocess.run(
        [sys.executable, "-m", "trygg", "import", "systems", str(register), "--organisation", "lindvika-bun", "--mapping", "generic"],
        env=environment(home), capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert (whole.returncode, state(home)["systems"]) == (0, before["systems"] + 3000)


def test_the_export_of_the_record(home, tmp_path):
    target = tmp_path / "record.jsonl"
    refused(limited(home, 20 * KB, "-m", "trygg", "ledger", "export", str(target)))
    assert list(tmp_path.glob("*record*")) + list(tmp_path.glob(".record*")) == []
    target.write_text("an earlier export")
    refused(limited(home, 20 * KB, "-m", "trygg", "ledger", "export", str(target)))
    assert target.read_text() == "an earlier export"


def test_the_export_of_the_systems(home, tmp_path):
    target = tmp_path / "systems.json"
    refused(limited(home, 1, "-m", "trygg", "export", "systems", "--standard", "json", "--output", str(target)))
    assert list(tmp_path.glob("*systems*")) + list(tmp_path.glob(".systems*")) == []


@pytest.mark.parametrize("most", [100 * KB, 3000 * KB], ids=["the copy of the database does not fit", "the tar does not fit"])
def test_a_backup(home, tmp_path, most):
    run_in(home, "from pathlib import Path\nPath(os.environ['TRYGG_HOME'], 'files', 'zz').write_bytes(os.urandom(2500 * 1024))\n")
    stood, target = files_below(home), tmp_path / "backup.tar"
    refused(limited(home, most, "-m", "trygg", "backup", str(target)))
    assert list(tmp_path.glob("*backup*")) + list(tmp_path.glob(".backup*")) == []
    assert files_below(home) == stood
    assert state(home)["sound"]
