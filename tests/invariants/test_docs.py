"""Every act that the ledger can hold is documented; the migrations are whole; the catalogues are whole.

`TRYGG_UPDATE=1 pytest tests/invariants/test_docs.py` writes the document anew.
"""

import os
from importlib import import_module

import pytest

from tests.invariants.source import ROOT, module_name, modules
from trygg.kernel.ledger.actions import ACTIONS

for path in modules():
    if "register_action(" in path.read_text("utf-8"):
        import_module(module_name(path))

HEAD = """# Acts in the record

What the ledger can hold. Made from the rooms' `actions.py` (`make docs`); a test compares. Words in braces come from the
entry's public part.

"""


def document() -> str:
    """docs/ledger-actions.md as it should be."""
    rooms: dict[str, list] = {}
    for action in sorted(ACTIONS.values(), key=lambda action: action.name):
        if not action.name.startswith("test."):
            rooms.setdefault(action.name.partition(".")[0], []).append(action)
    parts = [HEAD]
    for room, actions in rooms.items():
        rows = "".join(f"| `{a.name}` | {a.en} | {a.sv} |\n" for a in actions)
        parts.append(f"## {room}\n\n| act | English | Swedish |\n|---|---|---|\n{rows}\n")
    return "".join(parts).rstrip() + "\n"


def test_every_act_is_documented():
    path = ROOT / "docs" / "ledger-actions.md"
    if os.environ.get("TRYGG_UPDATE"):
        path.write_text(document(), "utf-8")
    assert path.exists() and path.read_text("utf-8") == document(), "make docs"


@pytest.mark.django_db
def test_no_migration_is_missing():
    from django.core.management import call_command

    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail("models changed: make migrations")


def test_the_catalogues_are_whole():
    from trygg.kernel.ui.i18n_extract import check

    assert check() == [], "make messages, then translate"
