"""docs/instruments.md: every word of the format stands there, and its worked example does what the page says."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from trygg.engines.instruments import Fate, assess, load_instrument, migrate, migration_map
from trygg.packs.check import check_packs
from trygg.packs.loader import parse_yaml, read_pack
from trygg.packs.schema import published, schema

TEXT = (Path(__file__).parents[2] / "docs" / "instruments.md").read_text("utf-8")
SPANS = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", TEXT, flags=re.M | re.S))
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S)


def words(node):
    """Every key and every allowed value of the schema."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key == "properties":
                yield from child
            if key in ("enum", "const"):
                yield from child if isinstance(child, list) else [child]
            yield from words(child)
    elif isinstance(node, list):
        for child in node:
            yield from words(child)


@pytest.mark.parametrize("word", sorted(set(words(schema("instrument")))))
def test_every_word_of_the_format_is_explained(word):
    assert any(re.search(rf"\b{re.escape(word)}\b", span) for span in SPANS), (
        f"'{word}' stands nowhere in docs/instruments.md"
    )


def test_the_worked_example_is_right_and_its_tests_pass():
    example = read_pack(BLOCKS[0].encode(), "docs/instruments.md")
    assert [str(problem) for problem in check_packs([example])] == []
    found = assess(load_instrument(example.data), example.data["tests"][0]["answers"], phase="design").score("risk")
    assert {line.item: line.points for line in found.lines} == {"weight": 30, "reversible": 0, "about": 17}
    (applied,) = found.applied
    assert (applied.reached, applied.needed, applied.before, applied.after) == (10, 8, 47, 40)


def test_the_map_of_the_worked_example_carries_answers():
    data = read_pack(BLOCKS[0].encode(), "docs/instruments.md").data
    new = load_instrument(data)
    old = json.loads(json.dumps({**data, "version": "1.0.0"}))
    old["sections"][0]["items"][0]["id"] = "importance"
    for number, name in enumerate(("little", "much")):
        old["sections"][0]["items"][0]["choices"][number]["id"] = {"little": "small", "much": "large"}[name]
    old["sections"][0]["items"][1].pop("visible_when")
    changes = migration_map(data, "1.0.0")
    found = migrate(
        load_instrument(old),
        new,
        {"importance": "large", "tests": "done", "pilot": "not_done", "colour": "red"},
        changes,
    )
    assert found.answers == {"weight": "much", "tested": "done"}
    assert [(each.source, each.fate) for each in found.carried] == [
        ("importance", Fate.MOVED), ("tests", Fate.CONFIRM), ("pilot", Fate.DROPPED), ("colour", Fate.DROPPED),
    ]  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS[1:])
def test_other_examples_are_questions_of_the_format(block):
    whole = published("instrument")
    one = {"$id": whole["$id"], "$ref": "#/$defs/item", "$defs": whole["$defs"]}
    for item in parse_yaml(block, "docs"):
        assert [error.message for error in Draft202012Validator(one).iter_errors(item)] == []
