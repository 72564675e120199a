import pytest
from django.test import Client

from tests.world import sign_in
from trygg.apps.committees.tests.scene import MEETS, make_scene


@pytest.fixture
def scene(db, monkeypatch):
    """The committee, at the time of its meeting: pages read the clock, so it stands still there."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: MEETS)
    return make_scene()


@pytest.fixture
def page(scene):
    """`page(who)` gives a client that is signed in as that member or role preset."""
    return lambda who: sign_in(Client(), scene.actor(who))
