"""Two versions of questions about a purchase: a clause that was changed never passes unseen, and no answer falls because of it."""

import copy

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from trygg.engines.instruments import load_instrument
from trygg.packs.catalogue import read_builtin
from trygg.spine.frameworks.comparison import compare
from trygg.spine.frameworks.faults import worded

OLD = next(pack.data for pack in read_builtin() if pack.id == "ai-procurement")


def changed(change):
    data = copy.deepcopy(OLD)
    items = {item["id"]: item for section in data["sections"] for item in section["items"]}
    change(items)
    return compare(load_instrument(OLD), load_instrument(data), (), (OLD, data))


def test_the_same_twice_has_no_difference():
    assert not changed(lambda items: None)


def test_another_wording_of_a_clause_stands_in_both_wordings_and_touches_no_question():
    found = changed(lambda items: items["oversight"]["clauses"][0]["text"].update(en="{buyer} may ask politely."))
    assert [text[0] for each in found.purchase for text in each.texts] == ["clause_text"]
    assert found.reworded == () and found
    with translation.override("en"):
        page = render_to_string("frameworks/difference.html", {"difference": worded(found)})
    assert "{buyer} may ask politely." in page and "and with immediate effect" in page and "Contract clause" in page


@pytest.mark.parametrize(
    ("change", "parts", "other"),
    [
        (lambda items: items["oversight"].pop("clauses"), ["clause_title", "clause_text"] * 2, ()),
        (lambda items: items["oversight"]["tender"][0].update(weight="should"), ["question_question"], ("weight",)),
        (lambda items: items["danger"]["clauses"][1].pop("when"), ["clause_title"], ("when",)),
        (lambda items: items["danger"]["clauses"][0].update(verified="no"), ["clause_title"], ("support",)),
    ],
)
def test_what_is_gone_or_counts_otherwise_is_told(change, parts, other):
    found = changed(change)
    assert [text[0] for each in found.purchase for text in each.texts] == parts
    assert {name for each in found.purchase for name in each.other} == set(other)
