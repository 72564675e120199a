import pytest
from django.utils import translation

from trygg.apps.assessments.tests import scene as scenes
from trygg.kernel.people.models import Person


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """Files of its own."""
    settings.TRYGG_FILES = tmp_path / "files"


@pytest.fixture
def world(db):
    return scenes.scene()


@pytest.fixture
def sign_in(client):
    """`sign_in(actor)` gives a client that acts as that person."""

    def sign_in(actor):
        client.force_login(Person.objects.get(pk=actor.person_id), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(autouse=True)
def english():
    """A page in Swedish leaves its language on in the thread: tests begin in English."""
    with translation.override("en"):
        yield
