"""What is committed: no host names of registries, no paths of one machine, no generated or secret files."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.invariants.source import ROOT

# Written apart, so that this file does not name them itself.
HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js.", "registry" + ".yarnpkg", "deb" + ".debian", "files.python" + "hosted", "cdn" + ".playwright"]
PATHS = ["/" + "work/", "/" + "root/", "/" + "home/", ".py" + "env/"]
NEVER = re.compile(r"(^|/)(\.env|.*\.sqlite3|.*\.pem|.*\.key|uv\.lock|node_modules|\.DS_Store)(/|$)")
BINARY = {".png", ".woff2", ".ttf", ".xlsx", ".docx", ".pdf", ".ico", ".zip", ".gz", ".jpg", ".ods", ".odt"}
# Real register files say where they were published; that a path begins like a machine's is chance there.
DATA = re.compile(r"(^|/)(data|fixtures)/")


@cache
def tracked() -> tuple[Path, ...]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def lines_with(words: list[str]) -> list[str]:
    found = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in BINARY or DATA.search(name):
            continue
        text = path.read_text("utf-8", "replace")
        if any(word in text for word in words):
            found += [f"{name}:{n}: {line.strip()[:160]}" for n, line in enumerate(text.splitlines(), 1) if any(word in line for word in words)]
    return found


def test_no_file_names_the_host_of_a_registry():
    assert lines_with(HOSTS) == []


def test_no_file_names_a_path_of_one_machine():
    # /home/ is also a page of Trygg: only what looks like a folder of a person counts.
    assert [line for line in lines_with(PATHS) if not re.search(r"""["'(=\s]/home/["'?)\s,#\]]|}/home/|home/"|/home/$""", line)] == []


def test_the_lock_has_hashes_and_no_addresses():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    pins = re.findall(r"^[a-z0-9][^\s=]*==.*$(?:\n    .*)*", lock, re.MULTILINE)
    assert len(pins) > 50 and all("--hash=sha256:" in pin for pin in pins)


def test_every_dependency_is_in_the_lock():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.match(r"[A-Za-z0-9._-]+", name).group().lower().replace("_", "-") for name in wanted}
    locked = set(re.findall(r"^([a-z0-9][^\s=]*)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert names - locked == set(), "make lock"


def test_nothing_is_committed_that_is_made_or_secret():
    assert [path for path in (p.relative_to(ROOT).as_posix() for p in tracked()) if NEVER.search(path)] == []


def test_text_files_end_with_a_line_break_and_have_no_carriage_returns():
    wrong = []
    for path in tracked():
        if path.suffix in {".py", ".html", ".md", ".toml", ".yaml", ".yml", ".css", ".js", ".po", ".sh"} and not DATA.search(path.as_posix()):
            content = path.read_bytes()
            if content and (not content.endswith(b"\n") or b"\r" in content):
                wrong.append(path.relative_to(ROOT).as_posix())
    assert wrong == []
