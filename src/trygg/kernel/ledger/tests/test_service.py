"""Public services: registered, keyword-only, never inside one another."""

import pytest

from trygg.kernel.ledger import registry as services
from trygg.kernel.ledger.registry import Example, example, service
from trygg.kernel.ledger.tests.conftest import ADMINISTRATOR, NOW
from trygg.kernel.ledger.uow import NestedUnitOfWork, unit_of_work


@pytest.fixture(autouse=True)
def registries(monkeypatch):
    monkeypatch.setattr(services, "SERVICES", dict(services.SERVICES))
    monkeypatch.setattr(services, "EXAMPLES", dict(services.EXAMPLES))


def do(*, actor, now, number):
    return number


def test_a_service_is_registered_and_works():
    assert service("test.do")(do)(actor=ADMINISTRATOR, now=NOW, number=3) == 3
    assert services.SERVICES["test.do"].name == "test.do"


def test_a_name_is_given_once():
    service("test.do")(do)
    with pytest.raises(ValueError, match="two services"):
        service("test.do")(do)


@pytest.mark.parametrize(
    "function",
    [
        lambda actor, now: None,
        lambda *, actor: None,
        lambda *, now: None,
        lambda *, actor, now, **rest: None,
        lambda number, *, actor, now: None,
    ],
)
def test_a_service_takes_keywords_only_and_actor_and_now(function):
    with pytest.raises(TypeError):
        service("test.do")(function)


def test_a_service_must_be_called_by_keyword():
    with pytest.raises(TypeError):
        service("test.do")(do)(ADMINISTRATOR, NOW, 3)


@pytest.mark.django_db
def test_a_service_inside_a_unit_of_work_is_refused():
    with pytest.raises(NestedUnitOfWork, match=r"test\.do"), unit_of_work(actor=ADMINISTRATOR, now=NOW):
        service("test.do")(do)(actor=ADMINISTRATOR, now=NOW, number=1)


def test_an_example_is_registered_once():
    @example("test.do")
    def scene():
        return Example(call={"actor": ADMINISTRATOR, "now": NOW, "number": 1})

    assert services.EXAMPLES["test.do"] is scene
    with pytest.raises(ValueError, match="two examples"):
        example("test.do")(scene)
