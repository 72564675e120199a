"""Every table is in an organisation's archive, or left out for a reason; what must never leave does not."""

import re

import pytest
from django.apps import apps

from trygg.kernel.archive import registry
from trygg.kernel.archive.describing import format_page
from trygg.kernel.archive.order import in_order, target_of, trygg_models
from trygg.kernel.archive.registry import REGISTRY, not_covered, registered

MODELS = sorted(registered())
SECRET = re.compile(r"password|secret|token|salt|otp|code_hash|seal|private")
# Words that look like secrets and are none: the mark of a form that was sent; the salt of hashes over votes that were counted, which
# those who check the hashes need.
NO_SECRETS = {"assessments.comment.token", "committees.item.seal"}


def test_every_model_travels_or_is_left_out_with_a_reason():
    assert not_covered() == [], "register it in the room's archiving.py, or leave it out there and say why"
    assert all(len(why) > 20 for why in (*REGISTRY.left_out.values(), *REGISTRY.left_out_apps.values()))


@pytest.mark.parametrize("label", ["matters.fact", "work.task", "people.person"])
def test_it_fails_for_a_model_that_nobody_registered(label, monkeypatch):
    before = not_covered()
    monkeypatch.setattr(REGISTRY, "models", {name: one for name, one in REGISTRY.models.items() if name != label})
    assert not_covered() == sorted([*before, label])


def test_nothing_of_trygg_is_left_out_by_its_app():
    labels = {label.partition(".")[0] for label in trygg_models()}
    assert not labels & REGISTRY.left_out_apps.keys()


@pytest.mark.parametrize("label", MODELS)
def test_every_column_travels_or_never_does(label):
    one = registered()[label]
    travels = {each.name for each in (*one.fields, *one.many)}
    own = {each.name for each in one.model._meta.concrete_fields if each.primary_key and not each.is_relation}
    every = {each.name for each in (*one.model._meta.concrete_fields, *one.model._meta.many_to_many)}
    assert travels | one.never.keys() | own == every
    assert not travels & one.never.keys()


@pytest.mark.parametrize("label", MODELS)
def test_no_secret_travels(label):
    names = {each.name for each in registered()[label].fields}
    looks = {name for name in names if SECRET.search(name) and f"{label}.{name}" not in NO_SECRETS}
    assert not looks, "give it to `never`"


@pytest.mark.parametrize("label", MODELS)
def test_every_key_leads_somewhere_that_travels_or_is_named(label):
    """A foreign key to a table that never travels would be empty wherever it arrives."""
    for each in registered()[label].fields:
        if each.is_relation:
            assert target_of(each) in registered(), f"{each.name} leads to {target_of(each)}, which does not travel"


@pytest.mark.parametrize("label", MODELS)
def test_what_holds_keys_in_another_way_says_so(label):
    """Text and JSON that keep database keys: an id beside a type, a page's path, an actor's id."""
    one = registered()[label]
    names = {each.name for each in one.fields if not each.is_relation}
    for name in names:
        beside = name.removesuffix("_id") + "_type"
        if (name.endswith("_id") and beside in names) or name in ("path", "answered_by_id", "written_by_id"):
            assert name in one.links, f"{label}.{name} holds a database key: give it a link"


def test_a_table_stands_behind_what_it_needs():
    place = {table.label: number for number, table in enumerate(in_order())}
    assert place.keys() == registered().keys()
    for table in in_order():
        for name, target in table.foreign.items():
            assert name in table.late or place[target] < place[table.label], f"{table.label}.{name}"


def test_the_order_does_not_hang_on_who_registered_first(monkeypatch):
    before = [(table.label, table.late) for table in in_order()]
    monkeypatch.setattr(REGISTRY, "models", dict(reversed(REGISTRY.models.items())))
    assert [(table.label, table.late) for table in in_order()] == before


def test_a_model_is_registered_once():
    with pytest.raises(ValueError, match="already"):
        registry.register(apps.get_model("matters.fact"), owner="matter__owner")


def test_the_format_is_documented():
    from pathlib import Path

    page = Path(__file__).resolve().parents[2] / "docs" / "archive-format.md"
    import os

    if os.environ.get("TRYGG_UPDATE") == "1":
        page.write_text(format_page(), "utf-8")
    assert page.read_text("utf-8") == format_page(), "run: make docs"
