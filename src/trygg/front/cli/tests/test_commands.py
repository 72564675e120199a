"""The commands as an operator meets them: exit codes, plain words, never a traceback for what is to be expected."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
TABLE = "id,name,organisation,description\nA1,Chatbot,Lindvika,Answers\nA2,Score,Lindvika,Counts\nA1,Twin,Lindvika,\n,,Lindvika,x\n"


def trygg(home: Path, *arguments, code: int | None = 0, **environment) -> subprocess.CompletedProcess:
    """Run a command in a home of its own; it must end with `code` and without a traceback."""
    given = {"PATH": os.environ["PATH"], "TRYGG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings", "COLUMNS": "200"}
    command = [sys.executable, "-m", "trygg", *map(str, arguments)]
    done = subprocess.run(command, env=given | environment, capture_output=True, text=True, timeout=180)
    assert "Traceback" not in done.stderr, done.stderr
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def first_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("first") / "home"
    done = trygg(home, "setup", "--organisation", "Lindvika kommun", "--slug", "lindvika", "--admin", "astrid@lindvika.example")
    assert "/people/invitation/" in done.stdout
    return home


@pytest.fixture
def home(first_home, tmp_path):
    return shutil.copytree(first_home, tmp_path / "home")


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Setup, doctor --------------------------------------------------------------------------------------------------------


def test_setup_again_does_no_harm(home):
    done = trygg(home, "setup", "--organisation", "Lindvika kommun", "--slug", "lindvika", "--admin", "astrid@lindvika.example")
    assert "is there already" in done.stdout
    assert "Packs: up to date" in done.stdout
    assert "Nothing was altered." in trygg(home, "ledger", "verify").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--admin", "a@b.example"], "--admin needs --organisation"),
        (["--slug", "nobody"], "give its name"),
        (["--organisation", "X", "--slug", "x", "--jurisdiction", "XX"], "Choose one of SE, EU, UK"),
        (["--slug", "lindvika", "--admin", "astrid"], "no e-mail address"),
    ],
)
def test_setup_says_what_it_was_not_told(home, arguments, said):
    assert said in trygg(home, "setup", *arguments, code=2).stderr


def test_keys_are_for_their_owner_only(home):
    assert {path.stat().st_mode & 0o777 for path in (home / "keys").iterdir()} == {0o600}


def test_doctor_says_what_is_wrong_and_what_to_do(home):
    done = trygg(home, "doctor", "--format", "json", code=1)
    found = {(one["check"], one["level"]) for one in json.loads(done.stdout)}
    assert ("worker", "problem") in found
    assert {check for check, level in found if level == "problem"} == {"worker"}
    (home / "worker.heartbeat").touch()
    assert "Nothing is wrong." in trygg(home, "doctor").stdout


@pytest.mark.parametrize(
    ("harm", "check", "said"),
    [
        (lambda home: (home / "keys" / "ledger.key").unlink(), "keys", "is missing"),
        (lambda home: (home / "keys" / "ledger.key").chmod(0o644), "keys", "can be read by others"),
        (lambda home: (home / "trygg.sqlite3").write_bytes(b""), "migrations", "run `trygg setup`"),
        (lambda home: (home / "trygg.sqlite3").write_bytes(b"no database" * 100), "database", "cannot be reached"),
    ],
)
def test_doctor_finds(home, harm, check, said):
    (home / "worker.heartbeat").touch()
    harm(home)
    problems = [one for one in json.loads(trygg(home, "doctor", "--format", "json", code=1).stdout) if one["level"] == "problem"]
    assert any(one["check"] == check and said in one["words"] for one in problems), problems


def test_doctor_minds_debug_and_missing_https(home):
    settings = {"TRYGG_DEBUG": "1", "TRYGG_BASE_URL": "http://trygg.lindvika.example"}
    said = trygg(home, "doctor", code=1, **settings).stdout
    assert "TRYGG_DEBUG is on" in said
    assert "without HTTPS" in said
    assert "does not name trygg.lindvika.example" in said


# Wrong use ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command"),
        (["status", "nothing"], "There is no matter"),
        (["packs", "check", "nowhere.yaml"], "no such file"),
        (["import", "systems", "nowhere.csv", "--organisation", "lindvika"], "no such file"),
        (["export", "systems", "--standard", "xml", "-o", "x"], "nl-1.0"),
        (["export", "systems", "--standard", "json", "-o", "nowhere/x.json"], "a folder that is there"),
        (["restore", "nowhere.tar"], "no such file"),
        (["backup", "."], "is there already"),
        (["serve", "--port", "70000"], "65535"),
    ],
)
def test_wrong_use_ends_with_two(home, arguments, said):
    assert said in trygg(home, *arguments, code=2).stderr


def test_a_home_without_a_database_is_said(tmp_path):
    for arguments in (["status", "x"], ["serve"], ["backup", tmp_path / "b.tar"], ["worker", "--once"]):
        assert "run `trygg setup`" in trygg(tmp_path / "empty", *arguments, code=1).stderr


def test_a_wrong_setting_is_said(home):
    assert "DATABASE_URL" in trygg(home, "status", "x", code=None, DATABASE_URL="mysql://x").stderr


def test_help_and_offline_verification_need_no_django(home, tmp_path):
    trygg(home, "ledger", "checkpoint")
    trygg(home, "ledger", "export", tmp_path / "ledger.jsonl")
    key = trygg(home, "ledger", "key").stdout.strip()
    settings = {"DJANGO_SETTINGS_MODULE": "no.such.settings"}
    assert "Nothing was altered." in trygg(home, "ledger", "verify", "--file", tmp_path / "ledger.jsonl", "--key", key, **settings).stdout
    assert "Commands" in trygg(home, "--help", **settings).stdout
    assert trygg(home, "--version", **settings).stdout.startswith("trygg ")


# Import and export ----------------------------------------------------------------------------------------------------


def imported(home, register, *more, code=0):
    return trygg(home, "import", "systems", register, "--organisation", "lindvika", "--format", "json", *more, code=code)


def test_import_gives_the_agreed_json(home, register):
    result = json.loads(imported(home, register, "--mapping", "generic").stdout)
    assert (result["rows"], result["created"], result["updated"], result["unchanged"]) == (4, 1, 0, 0)
    assert [(one["row"], one["rows"]) for one in result["ambiguous"]] == [(2, [4]), (4, [2])]
    assert [(one["row"], one["column"], one["reason"][:20]) for one in result["rejected"]] == [(5, "name", "The row has no name.")]
    again = json.loads(imported(home, register, "--mapping", "generic").stdout)
    assert (again["created"], again["unchanged"]) == (0, 1)


def test_a_dry_run_brings_nothing_in(home, register):
    assert json.loads(imported(home, register, "--mapping", "generic", "--dry-run").stdout)["created"] == 1
    assert json.loads(imported(home, register, "--mapping", "generic", "--dry-run").stdout)["created"] == 1
    assert list((home / "imports").iterdir()) == []


def test_a_mapping_of_ones_own(home, register, tmp_path):
    mapping = tmp_path / "own.yaml"
    mapping.write_text(
        "format: trygg-mapping/1\nid: own\ntitle: {en: Own}\nsource: own\nstandard: own\nkey: [[description]]\nfields: {name: {from: name}}\n"
    )
    assert json.loads(imported(home, register, "--map", mapping).stdout)["created"] == 3
    mapping.write_text("format: trygg-mapping/1\nid: own\nfields: {nonsense: {from: name}}\n")
    assert "title" in imported(home, register, "--map", mapping, code=2).stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "no standard that Trygg knows"),
        (["--mapping", "none"], "There is no mapping"),
        (["--mapping", "generic", "--map", "x.yaml"], "not both"),
    ],
)
def test_an_import_says_what_it_was_not_told(home, register, more, said):
    assert said in imported(home, register, *more, code=2).stderr
    assert not (home / "imports").exists() or list((home / "imports").iterdir()) == []


def test_an_unknown_organisation_is_answered_with_those_there_are(home, register):
    assert "lindvika" in trygg(home, "import", "systems", register, "--organisation", "x", code=2).stderr


def test_a_file_that_cannot_be_read_ends_with_one(home, register):
    register.write_text(TABLE + "too,few\n")
    assert "row 6" in imported(home, register, "--mapping", "generic", code=1).stderr
    register.write_bytes(b"%PDF-1.7 x")
    assert "PDF" in imported(home, register, code=1).stderr


def test_export_says_what_the_standard_refuses(home, register, tmp_path):
    imported(home, register, "--mapping", "generic")
    for standard, name in (("json", "a.json"), ("csv", "a.csv"), ("nl-1.0", "n.json"), ("nl-1.0", "n.csv")):
        done = trygg(home, "export", "systems", "--standard", standard, "-o", tmp_path / name)
        assert "1 systems written" in done.stdout
        assert ("asks for this field" in done.stderr) == (standard == "nl-1.0")
        assert "Score" in (tmp_path / name).read_text("utf-8")


# Status, packs, worker ------------------------------------------------------------------------------------------------

MATTER = """
import django; django.setup()
from django.utils import timezone
from trygg.kernel.access import Actor
from trygg.kernel.people.models import Organisation
from trygg.spine.matters.services import FactAnswer, create_matter
create_matter(actor=Actor.system("tests"), now=timezone.now(), owner=Organisation.objects.get(), kind="deployment", title="Reading tutor",
    new_system={"name": "Tutor"}, facts={"touches_children": FactAnswer("value", True)})
"""


def test_status_of_a_matter(home):
    environment = {"PATH": os.environ["PATH"], "TRYGG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings"}
    subprocess.run([sys.executable, "-c", MATTER], env=environment, check=True, timeout=120)
    data = json.loads(trygg(home, "status", "reading-tutor", "--format", "json", code=1).stdout)
    assert (data["matter"], data["stage"], data["prohibited"]) == ("reading-tutor", "idea", False)
    assert data["counts"]["missing"] == sum(claim["status"] == "missing" for claim in data["claims"]) > 0
    assert "missing" in trygg(home, "status", "reading-tutor", code=1).stdout


def test_packs_check(home, tmp_path):
    import trygg as package

    shipped = Path(package.__file__).parent / "packs"
    assert "nothing wrong" in trygg(home, "packs", "check", shipped / "rules", shipped / "framework", shipped / "instrument").stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("kind: rules\nid: x\n")
    done = trygg(home, "packs", "check", broken, code=1)
    assert "broken.yaml" in done.stdout
    assert "problem" in done.stderr


def test_the_worker_sends_mail_and_signs_the_record(home):
    trygg(home, "worker", "--once")
    assert len(list((home / "mail").iterdir())) == 1
    assert "signed up to" in trygg(home, "doctor", code=None).stdout


# Serve ----------------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_named(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} is taken" in trygg(home, "serve", "--port", port, code=1).stderr
        assert f"Port {port} is taken" in trygg(home, "demo", "--port", port, code=1).stderr


def test_serve_answers_and_takes_its_worker_along(home):
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "TRYGG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings"}
    server = subprocess.Popen(
        [sys.executable, "-m", "trygg", "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        answer = None
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5) as response:
                    answer = response.status
            except OSError:
                time.sleep(0.5)
            if answer and (home / "worker.heartbeat").exists():
                break
        assert answer == 200
        assert (home / "worker.heartbeat").exists()
    finally:
        server.terminate()
        server.wait(30)
    for _ in range(40):
        if not (home / "worker.heartbeat").exists():
            break
        time.sleep(0.25)
    assert not (home / "worker.heartbeat").exists()  # the worker takes it away when it ends


# Backup and restore ---------------------------------------------------------------------------------------------------


@pytest.fixture
def saved(home, register, tmp_path):
    imported(home, register, "--mapping", "generic")
    (home / "files" / "ab").mkdir(parents=True)
    (home / "files" / "ab" / "abcd").write_bytes(b"evidence")
    trygg(home, "ledger", "checkpoint")
    trygg(home, "backup", tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


def systems(home, tmp_path):
    path = tmp_path / f"{home.name}.json"
    trygg(home, "export", "systems", "--standard", "json", "-o", path)
    return json.loads(path.read_text("utf-8"))


def test_a_backup_is_restored_and_the_record_verified(home, saved, tmp_path):
    with tarfile.open(saved) as archive:
        names = archive.getnames()
    assert names == ["manifest.json", "database.sqlite3", "files/ab/abcd"]  # no key
    assert saved.stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    done = trygg(other, "restore", saved)
    assert "nothing was altered" in done.stdout
    assert "there is no ledger key" in done.stdout
    assert (other / "files" / "ab" / "abcd").read_bytes() == b"evidence"
    shutil.copytree(home / "keys", other / "keys", dirs_exist_ok=True)
    assert "Nothing was altered." in trygg(other, "ledger", "verify").stdout
    assert systems(other, tmp_path) == systems(home, tmp_path)
    trygg(other, "ledger", "checkpoint")


def test_a_restore_over_something_must_be_forced_and_sets_it_aside(home, saved):
    assert "--force" in trygg(home, "restore", saved, code=2).stderr
    trygg(home, "setup", "--organisation", "Another", "--slug", "another")
    done = trygg(home, "restore", saved, "--force")
    (aside,) = home.glob("before-restore-*")
    assert str(aside) in done.stdout
    assert {path.name for path in aside.iterdir()} >= {"trygg.sqlite3", "files"}
    assert "another" not in trygg(home, "import", "systems", saved, "--organisation", "x", code=2).stderr


def test_a_restore_that_fails_half_way_brings_everything_back(tmp_path, monkeypatch, settings):
    from django.db import connection

    from trygg.front.cli import backup

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL restores in one transaction of its own")
    home, unpacked = tmp_path / "home", tmp_path / "unpacked"
    for folder, text in ((home, "old"), (unpacked, "new")):
        (folder / "files").mkdir(parents=True)
        (folder / "files" / "a").write_text(text)
    (home / "trygg.sqlite3").write_text("old")
    settings.TRYGG_HOME = home
    monkeypatch.setitem(settings.DATABASES, "default", settings.DATABASES["default"] | {"NAME": str(home / "trygg.sqlite3")})
    aside = backup._set_aside(home)
    with pytest.raises(FileNotFoundError):  # the unpacked folder holds no database
        backup._put_in_place(unpacked, home, {"database": "sqlite"})
    assert (home / "files" / "a").read_text() == "new"
    backup._bring_back(aside, home)
    assert ((home / "files" / "a").read_text(), (home / "trygg.sqlite3").read_text()) == ("old", "old")


def altered(saved, tmp_path, change):
    """The backup with its members changed by `change(name, content) -> (name, content) | None`."""
    path = tmp_path / "altered.tar"
    with tarfile.open(saved) as old, tarfile.open(path, "w") as new:
        for member in old:
            made = change(member.name, old.extractfile(member).read())
            if made is not None:
                import io

                info = tarfile.TarInfo(made[0])
                info.size = len(made[1])
                new.addfile(info, io.BytesIO(made[1]))
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, content: (name, b"other" if "abcd" in name else content), "not what its manifest says"),
        (lambda name, content: None if "abcd" in name else (name, content), "is missing"),
        (lambda name, content: ("../abcd" if "abcd" in name else name, content), "not in its manifest"),
        (lambda name, content: (name, content) if name != "manifest.json" else None, "no backup of Trygg"),
    ],
)
def test_an_altered_backup_changes_nothing(saved, tmp_path, change, said):
    other = tmp_path / "other"
    assert said in trygg(other, "restore", altered(saved, tmp_path, change), code=1).stderr
    assert {path.name for path in other.iterdir()} <= {"keys"}


def test_a_cut_off_backup_and_no_backup_are_said(saved, tmp_path):
    cut = tmp_path / "cut.tar"
    cut.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    for path in (cut, Path(__file__)):
        assert "Nothing was changed" in trygg(tmp_path / "other", "restore", path, code=1).stderr


def test_a_backup_while_others_write_is_whole(home, tmp_path):
    writer = subprocess.Popen(
        [sys.executable, "-c", MATTER.replace("create_matter(", "for n in range(40): create_matter(")],
        env={"PATH": os.environ["PATH"], "TRYGG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings"},
    )
    try:
        trygg(home, "backup", tmp_path / "b.tar")
    finally:
        assert writer.wait(180) == 0
    assert "nothing was altered" in trygg(tmp_path / "other", "restore", tmp_path / "b.tar").stdout
