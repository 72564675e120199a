"""`trygg ledger`: exit codes, words, and an offline verifier that needs nothing else."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from trygg.front.cli.ledger import app
from trygg.kernel.access import Actor
from trygg.kernel.ledger import keys
from trygg.kernel.ledger.actions import ACTIONS, register_action
from trygg.kernel.ledger.models import Detail
from trygg.kernel.ledger.uow import unit_of_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def record(settings, tmp_path, monkeypatch):
    settings.TRYGG_LEDGER_KEY = tmp_path / "keys" / "ledger.key"
    settings.TRYGG_LEDGER_ORIGIN = "log.example/ledger"
    monkeypatch.setattr("trygg.kernel.ledger.actions.ACTIONS", dict(ACTIONS))
    register_action("test.thing_done", "Thing done", "Sak gjord")
    keys.make_key()
    for number in range(5):
        with unit_of_work(actor=Actor.system("test"), now=datetime(2026, 9, 1, tzinfo=UTC)) as uow:
            uow.record("test.thing_done", details={"title": "x"}, number=number)


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "checkpoint.txt"
    path.write_text(run("checkpoint").stdout, encoding="utf-8")
    return path


@pytest.fixture
def exported(tmp_path, kept):
    path = tmp_path / "ledger.jsonl"
    assert run("export", path).exit_code == 0
    return path


def test_a_whole_record_is_fine(kept):
    result = run("verify", "--checkpoint", kept)
    assert (result.exit_code, "Nothing was altered." in result.stdout) == (0, True)


def test_it_says_what_it_cannot_exclude(exported):
    for arguments in ([], ["--file", exported, "--key", run("key").stdout.strip()]):
        result = run("verify", *arguments)
        assert (result.exit_code, "Cannot exclude truncation" in result.stdout) == (0, True)


def test_an_altered_record_is_exit_1_and_named(kept):
    Detail.objects.filter(entry=2).delete()
    result = run("verify", "--checkpoint", kept, "--language", "sv")
    assert result.exit_code == 1
    assert "! Uppgiften ”title” i post 2 saknas" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "--file", "x"],
        ["verify", "--file", "/nowhere/x", "--key", "KEY"],
        ["verify", "--key", "nonsense+x"],
        ["verify", "--key", "/nowhere"],
        ["verify", "--checkpoint", "/nowhere"],
        ["export", "/nowhere/x"],
        ["verify", "--nonsense"],
        ["nonsense"],
    ],
)
def test_wrong_use_is_exit_2(arguments):
    key = str(keys.public_key())
    assert run(*[key if argument == "KEY" else argument for argument in arguments]).exit_code == 2


def test_without_a_key_it_says_where_it_should_be(settings, kept, tmp_path):
    settings.TRYGG_LEDGER_KEY.unlink()
    for command in (["verify"], ["key"], ["checkpoint"], ["export", tmp_path / "x"]):
        result = run(*command)
        assert (result.exit_code, "there is no ledger key at" in result.stderr) == (2, True)


def offline(tmp_path, *arguments):
    """Run the verifier in a process of its own, with no settings, no home and no Django to import."""
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from trygg.front.cli.ledger import app\n"
        f"app({['verify', *map(str, arguments)]!r})"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "TRYGG_HOME": "/nowhere"}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_offline_verifier_needs_the_file_and_the_key_only(exported, kept, tmp_path):
    key = tmp_path / "key.txt"
    key.write_text(run("key").stdout, encoding="utf-8")
    result = offline(tmp_path, "--file", exported, "--key", key, "--checkpoint", kept)
    assert (result.returncode, "Nothing was altered." in result.stdout) == (0, True), result.stderr
    lines = exported.read_text(encoding="utf-8").splitlines(keepends=True)
    exported.write_text("".join(line for line in lines if '"index":3,' not in line), encoding="utf-8")
    result = offline(tmp_path, "--file", exported, "--key", key, "--checkpoint", kept)
    assert result.returncode == 1
    assert "entries 3 to 3" in result.stdout
