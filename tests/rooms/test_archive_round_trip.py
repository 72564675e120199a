"""An organisation leaves one installation with everything, arrives at an empty one, and leaves it again: the same rows, states and files."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.faults.home import MAKE, PROGRAM, ROOT, environment
from trygg.kernel.ledger.faults import CRASH_EXIT

pytestmark = pytest.mark.full

LATE = """
from datetime import datetime, UTC
timezone.now = lambda: datetime(2026, 11, 30, 12, 0, tzinfo=UTC)  # the time of the world
def now(): return timezone.now()
"""
WORLD = (
    MAKE
    + LATE
    + """
from tests.world import make_world
from trygg.front.cli import setup
from trygg.spine.assurance.services import recompute_after_packs
make_world()
setup.publish(now())
after = 0
while after is not None:
    after = recompute_after_packs(actor=actor, now=now(), after=after)
connection.close()
"""
)
# An installation with the same packs in force: what is worked out from them is comparable then.
PACKS = """
from django.core import serializers
from pathlib import Path
from trygg.spine.frameworks.models import PackVersion
kept = Path(os.environ["PACKS"])
"""
GIVE = PACKS + "kept.write_text(serializers.serialize('json', PackVersion.objects.filter(organisation=None).order_by('pk')))\n"
EMPTY = MAKE + PACKS + "for each in serializers.deserialize('json', kept.read_text()): each.save()\nconnection.close()\n"
COMMAND = LATE + "from trygg.front.cli import main\nsys.argv = ['trygg', *json.loads(os.environ['COMMAND'])]\nmain()\n"
STATES = """
from trygg.spine.assurance.models import Claim, Case
from trygg.kernel.ledger.verify import verify_database
from trygg.kernel.people.models import Organisation, Person
from trygg.spine.publication.models import PublishedEntry
place = Organisation.objects.get(slug="lindvika-bun")
rows = Claim.objects.filter(case__matter__owner=place).select_related("pack", "case__matter")
print(json.dumps({
    "claims": sorted([c.case.matter.key, c.pack.pack_id if c.pack else "", c.requirement_id, c.status] for c in rows),
    "counts": sorted([c.matter.key, c.counts, c.depth, c.prohibited] for c in Case.objects.filter(matter__owner=place)),
    "public": sorted(PublishedEntry.objects.filter(owner=place).values_list("slug", "title__en", "search")),
    "secrets": [person.has_usable_password() for person in Person.objects.all()],
    "verified": verify_database().ok,
}))
"""


# What the product works out anew where a case arrives: when it did, and a sum over the versions of all packs there.
WORKED_OUT = {"data/assurance.case.jsonl": ("recomputed_at", "screening_hash")}


PATIENCE = 600  # a world is made in seconds, and in minutes on a machine that does other things


def started(home: Path, program: str, **more: str) -> subprocess.CompletedProcess:
    given = environment(home, **more)
    return subprocess.run([sys.executable, "-c", PROGRAM + program], env=given, capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT)


def run_in(home: Path, program: str, **more: str) -> str:
    """Run a program in a home; its output."""
    done = started(home, program, **more)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def trygg(home: Path, *arguments: object, **more: str) -> subprocess.CompletedProcess:
    """`trygg ...` in a home, at the time of the world."""
    return started(home, COMMAND, COMMAND=json.dumps([str(argument) for argument in arguments]), **more)


def rows_of(path: Path) -> dict[tuple[str, str, str], dict]:
    """All rows of an archive by file and id, without the keys that they had and without when a case was worked out last."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".jsonl") and not name.startswith("record/"):
                for line in archive.read(name).decode().splitlines():
                    row = json.loads(line)
                    row.pop("was", None)
                    for column in WORKED_OUT.get(name, ()):
                        row.pop(column)
                    found[name, row.get("model", ""), row["id"]] = row
    return found


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """The installation that the organisation leaves."""
    home = tmp_path_factory.mktemp("there")
    run_in(home, WORLD)
    return home


@pytest.fixture(scope="module")
def archive(there, tmp_path_factory):
    path = tmp_path_factory.mktemp("way") / "lindvika.zip"
    done = trygg(there, "archive", "export", "lindvika-bun", "-o", path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def empty(there, tmp_path_factory):
    """An installation with nobody in it."""
    home = tmp_path_factory.mktemp("empty")
    packs = str(home / "packs.json")
    run_in(there, GIVE, PACKS=packs)
    run_in(home, EMPTY, PACKS=packs)
    return home


@pytest.fixture
def here(empty, tmp_path):
    return shutil.copytree(empty, tmp_path / "here")


def everything(home: Path) -> dict[str, int]:
    """How many rows each table has; what came and went stands in the record and in the list of arrivals."""
    program = """
from django.apps import apps
print(json.dumps({m._meta.label: m._base_manager.count() for m in apps.get_models(include_auto_created=True)}))
"""
    counted = json.loads(run_in(home, program))
    left = ("ledger.Entry", "ledger.Detail", "ledger.Tile", "archive.Arrival", "publication.Audience", "archive.Export")
    return {label: count for label, count in counted.items() if label not in left}


def test_it_comes_back_the_same(there, archive, here, tmp_path):
    trial = trygg(here, "archive", "import", archive, "--dry-run")
    assert trial.returncode == 0, trial.stdout + trial.stderr
    assert "Nothing was written." in trial.stdout

    done = trygg(here, "archive", "import", archive)
    assert done.returncode == 0, done.stdout + done.stderr
    again = tmp_path / "again.zip"
    assert trygg(here, "archive", "export", "lindvika-bun", "-o", again).returncode == 0
    assert trygg(here, "archive", "check", again).returncode == 0

    before, after = rows_of(archive), rows_of(again)
    assert len(before) > 150, "the world of the tests has something of everything"
    tables = {name for name, _model, _id in before}
    assert len(tables) > 30
    differing = {key: (before[key], after.get(key)) for key in before if before[key] != after.get(key)}
    assert differing == {}
    # What is new: the sealed record and its file.
    assert {name for name, _model, _id in after.keys() - before.keys()} <= {"data/archive.sealedrecord.jsonl", "data/files.storedfile.jsonl"}

    then, now = json.loads(run_in(there, STATES)), json.loads(run_in(here, STATES))
    for what in ("claims", "counts", "public"):
        assert then[what] == now[what] != [], what
    assert now["verified"]
    assert any(then["secrets"]) and not any(now["secrets"]), "no password came along"


def test_no_secret_is_in_it(there, archive):
    program = """
from trygg.kernel.people.models import Person, Invitation, PurposeLink
from allauth.mfa.models import Authenticator
factors = [a.data.get("secret") or a.data.get("seed") for a in Authenticator.objects.all()]
print(json.dumps([p.password for p in Person.objects.all() if p.has_usable_password()] + factors
    + list(Invitation.objects.values_list("token_hash", flat=True)) + list(PurposeLink.objects.values_list("token_hash", flat=True))))
"""
    secrets = [each for each in json.loads(run_in(there, program)) if each]
    assert len(secrets) > 10
    with zipfile.ZipFile(archive) as opened:
        content = b"".join(opened.read(name) for name in opened.namelist())
    for secret in secrets:
        assert secret.encode() not in content
    assert b"ingrid@norra-vik.example" not in content, "a partner's people are named, not addressed"
    assert b"Ingrid Rask" in content


def test_the_same_state_gives_the_same_bytes(there):
    program = """
from pathlib import Path
import hashlib
from trygg.kernel.archive.leaving import write_archive
from trygg.kernel.people.models import Organisation
place = Organisation.objects.get(slug="lindvika-bun")
print(json.dumps([write_archive(place, Path(os.environ["TRYGG_HOME"]) / f"{n}.zip", now=now()).sha256 for n in "ab"]))
"""
    first, second = json.loads(run_in(there, program))
    assert first == second


POINTS = ("archive.named", "archive.chunk", "archive.late", "archive.before_finish")


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_an_import_that_was_killed_goes_on(archive, here, tmp_path, point):
    killed = trygg(here, "archive", "import", archive, TRYGG_CRASH_AT=point)
    assert killed.returncode == CRASH_EXIT, killed.stdout + killed.stderr
    nobody = """
from trygg.kernel.people.models import Membership
print(json.dumps(Membership.objects.filter(valid_until=None).count()))
"""
    assert json.loads(run_in(here, nobody)) == 0, "nobody has a role before all of it is there"
    assert trygg(here, "archive", "import", archive).returncode == 0
    again = tmp_path / "again.zip"
    assert trygg(here, "archive", "export", "lindvika-bun", "-o", again).returncode == 0
    before, after = rows_of(archive), rows_of(again)
    assert {key for key in before if before[key] != after.get(key)} == set()
    assert "archive.organisation_arrived" in run_in(here, "said()")


@pytest.mark.slow
def test_it_can_be_taken_back_until_somebody_works_in_it(archive, here):
    before = everything(here)
    assert trygg(here, "archive", "import", archive).returncode == 0
    assert everything(here) != before
    assert trygg(here, "archive", "take-back", 1).returncode == 0
    assert everything(here) == before
    assert not [path for path in (here / "files").rglob("*") if path.is_file()], "no file stays behind"

    assert trygg(here, "archive", "import", archive).returncode == 0
    run_in(
        here,
        """
from trygg.kernel.people.services import invite
from trygg.kernel.people.models import Organisation
invite(actor=actor, now=now(), organisation=Organisation.objects.get(slug="lindvika-bun"), email="ny@example.org", role="officer")
""",
    )
    refused = trygg(here, "archive", "take-back", 2)
    assert refused.returncode == 1
    assert "Work has begun" in refused.stderr


@pytest.mark.slow
def test_it_is_not_mixed_into_what_stands_here(there, archive):
    done = trygg(there, "archive", "import", archive)
    assert done.returncode == 1
    assert "is not mixed into it" in done.stderr and "have an account here" in done.stderr


@pytest.mark.slow
def test_beside_the_first_under_another_name_with_the_same_people(there, archive, tmp_path):
    home = shutil.copytree(there, tmp_path / "both")
    before = everything(home)
    done = trygg(home, "archive", "import", archive, "--as-name", "Nya nämnden", "--match-people")
    assert done.returncode == 0, done.stdout + done.stderr
    program = """
from trygg.kernel.people.models import Person, Membership, Organisation
both = Organisation.objects.get(slug="nya-namnden")
print(json.dumps({
    "astrid": Person.objects.filter(email="astrid@lindvika-bun.example").count(),
    "roles": Membership.objects.filter(person__email="astrid@lindvika-bun.example", organisation=both).count(),
    "password": Person.objects.get(email="astrid@lindvika-bun.example").has_usable_password(),
    "others": Membership.objects.exclude(organisation=both).filter(valid_until=None).count(),
}))
"""
    found = json.loads(run_in(home, program))
    assert found == {**found, "astrid": 1, "roles": 1, "password": True}
    taken = trygg(home, "archive", "take-back", 1)
    assert taken.returncode == 0, taken.stderr
    assert everything(home) == before


@pytest.mark.slow
def test_the_old_record_stays_verifiable_where_it_arrives(archive, here):
    assert trygg(here, "archive", "import", archive).returncode == 0
    program = """
from pathlib import Path
from django.conf import settings
from trygg.kernel.archive import record
from trygg.kernel.archive.models import SealedRecord
from trygg.kernel.files.models import StoredFile
[sealed] = SealedRecord.objects.all()
stored = StoredFile.objects.get(subject_type="archive.sealedrecord", subject_id=str(sealed.pk))
lines = [json.loads(line) for line in (Path(settings.TRYGG_FILES) / stored.stored_as).read_text().splitlines()]
fine = record.verify(enumerate(lines, 1))
lines[2]["leaf"] = lines[2]["leaf"].replace("2026", "2025", 1)
altered = record.verify(enumerate(lines, 1))
print(json.dumps({"entries": fine.entries, "said": sealed.entries, "ok": fine.ok, "altered": altered.problems[:1]}))
"""
    found = json.loads(run_in(here, program))
    assert found["ok"] and found["entries"] == found["said"] > 50
    assert found["altered"][0][0] == 3 and "not what was signed" in found["altered"][0][1]


def test_the_sums_can_be_checked_with_other_tools(archive, tmp_path):
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    for line in (tmp_path / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
