"""Every command, option and setting stands in docs/commands.md."""

import ast
from pathlib import Path

import pytest
import typer.main

from trygg.front.cli import app

ROOT = Path(__file__).parents[5]
TEXT = (ROOT / "docs" / "commands.md").read_text("utf-8")
READERS = {"str", "int", "bool", "list", "json", "float", "secret"}


def commands(group, path=("trygg",)):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_are_documented(name):
    assert f"`{name}" in TEXT
    options = [option for one in COMMANDS[name].params if not getattr(one, "hidden", False) for option in one.opts if option.startswith("--")]
    assert [option for option in options if option not in TEXT and option != "--help"] == []


def settings_read(path: Path) -> set[str]:
    """Names of environment variables that a module of settings reads."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in READERS and node.args[0].value.isupper():
                found.add(node.args[0].value)
    return found


SETTINGS = settings_read(ROOT / "src" / "trygg" / "config" / "settings.py")


def test_settings_are_found():
    assert {"TRYGG_HOME", "DATABASE_URL", "TRYGG_SMTP_PASSWORD"} <= SETTINGS


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_is_documented(name):
    assert f"`{name}`" in TEXT


def test_nothing_is_documented_that_is_not_there():
    documented = {line.split("`")[1] for line in TEXT.splitlines() if line.startswith("| `trygg ")}
    assert {" ".join(word for word in text.split() if word.islower()) for text in documented} == set(COMMANDS)
