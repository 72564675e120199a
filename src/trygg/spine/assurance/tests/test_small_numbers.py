"""On a public page no count is told that is so small that the children behind it may be known."""

import pytest
from django.utils import translation

from trygg.packs.catalogue import builtin
from trygg.spine.assurance.wording import FactWords, reason_text, said_of

QUESTIONS = {"children_count": "About how many children?", "setting": "Where?"}
CHOICES = {"setting": {"school": "School"}}
PUBLIC, INSIDE = FactWords(QUESTIONS, CHOICES, public=True), FactWords(QUESTIONS, CHOICES)


@pytest.mark.parametrize(("count", "told"), [(0, "fewer than 10"), (1, "fewer than 10"), (9.5, "fewer than 10"), (10, "10"), (1200, "1200")])
def test_a_count_under_ten_is_not_told_in_public(count, told):
    assert said_of("children_count", count, PUBLIC) == told
    assert said_of("children_count", count, INSIDE) == str(count)


@pytest.mark.parametrize(("language", "told"), [("en", "fewer than 10"), ("sv", "färre än 10")])
def test_not_in_a_reason_either(language, told):
    reason = {"code": "does_not_apply", "params": {"because": [{"name": "children_count", "value": 4}, {"name": "setting", "value": "school"}]}}
    with translation.override(language):
        text = reason_text(reason, {}, PUBLIC)
    assert f"About how many children? {told}; Where? School" in text
    assert "4" not in text


def test_yes_and_no_are_no_counts():
    assert [said_of("x", value, PUBLIC) for value in (True, False)] == [said_of("x", value, INSIDE) for value in (True, False)]


def test_every_number_that_is_asked_is_known_here():
    """A new number fact: is it a count of children? Then the limit above is for it."""
    numbers = {fact.id for pack in builtin().rules.values() for fact in pack.facts if str(fact.type) == "number"}
    assert numbers == {"children_count", "uk_consent_age"}
