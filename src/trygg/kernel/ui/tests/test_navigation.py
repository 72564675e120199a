import pytest

from trygg.kernel.access.actor import ANONYMOUS
from trygg.kernel.ui import navigation


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    monkeypatch.setattr(navigation, "ENTRIES", {})


def test_words_come_in_order_and_only_to_those_who_may(ask):
    navigation.register(2, "Second", "ui:language")
    navigation.register(1, "First", "ui:components", count=lambda actor: 5)
    navigation.register(3, "Third", "ui:scheme", may=lambda actor: False)
    assert [(item.label, item.count) for item in navigation.items(ask())] == [("First", 5), ("Second", None)]


def test_a_room_that_is_not_installed_is_left_out(ask):
    navigation.register(1, "Gone", "nowhere:list")
    assert navigation.items(ask()) == []


def test_there_are_at_most_five(ask, monkeypatch):
    monkeypatch.setattr(navigation, "url_or_none", lambda name: f"/{name}/")
    for number in range(7):
        navigation.register(number, str(number), f"room{number}:list")
    assert len(navigation.items(ask())) == 5


def test_nobody_without_an_actor_is_asked_for_a_count(ask):
    request = ask()
    request.actor = ANONYMOUS
    navigation.register(1, "First", "ui:components", may=lambda actor: actor.signed_in, count=lambda actor: 1 / 0)
    assert navigation.items(request) == []
