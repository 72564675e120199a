from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.base import BaseStorage
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from trygg.kernel.access.actor import Actor, Role

LEILA = Actor(
    kind="person",
    id="1",
    name="Leila Nordin",
    person_id=1,
    organisation_id=1,
    organisation_name="Lindvika kommun",
    role=Role.OFFICER,
)


class NoMessages(BaseStorage):
    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


@pytest.fixture
def ask():
    """A request of a signed-in officer."""

    def make(path: str = "/", **data):
        request = RequestFactory().post(path, data) if data else RequestFactory().get(path)
        request.actor = LEILA
        request.user = SimpleNamespace(is_authenticated=True, is_active=True)
        request.resolver_match = None
        request._messages = NoMessages(request)
        return request

    return make


@pytest.fixture
def render(ask):
    """Renders template source in a language, as a page would be."""

    def draw(source: str, language: str = "en", **context) -> str:
        with translation.override(language):
            return engines["django"].from_string("{% load i18n trygg %}" + source).render(context, ask())

    return draw
