"""import-linter's contracts: the layers, the order inside kernel and spine and every room, engines without Django."""

import os
import subprocess
import sys
from pathlib import Path

from tests.invariants.source import PACKAGE, ROOT, imported_names, modules

LINTER = Path(sys.executable).with_name("lint-imports")


def test_the_contracts_are_kept(tmp_path):
    environment = os.environ | {"COLUMNS": "200", "PYTHONPATH": str(ROOT / "src")}
    result = subprocess.run([LINTER, "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]


def test_engines_and_packs_import_neither_django_nor_what_stands_above():
    """The same as a contract, by reading: it also sees what a cache or an unbuilt graph would hide."""
    above = ("trygg.kernel", "trygg.spine", "trygg.apps", "trygg.front", "trygg.config", "django")
    for path in modules():
        if path.relative_to(PACKAGE).parts[0] in ("engines", "packs"):
            assert [name for name, _what, _line in imported_names(path) if name.startswith(above)] == [], path


def test_every_room_is_installed_and_has_the_inner_order():
    """The contract for the inside of rooms goes by file names: a package of another name would pass by it."""
    from django.apps import apps

    installed = {config.name for config in apps.get_app_configs()}
    for layer in ("kernel", "spine", "apps"):
        for room in sorted((PACKAGE / layer).iterdir()):
            if (room / "models.py").exists() or (room / "models").is_dir():
                assert f"trygg.{layer}.{room.name}" in installed, f"{room.name} is not in INSTALLED_APPS"
                assert (room / "migrations" / "0001_initial.py").exists(), f"{room.name} has models and no migration"
