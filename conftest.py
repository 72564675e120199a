"""What every test may use. Nothing here imports Django at the top: the engines' tests run without it."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

# No deadline: CI shares two cores, and a slow second there is no fault. The same examples on each run of CI.
settings.register_profile("trygg", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("trygg"), derandomize=True)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    import os

    settings.load_profile("ci" if os.environ.get("CI") else "trygg")


@pytest.fixture
def now() -> datetime:
    """The time at which tests act."""
    return NOW


@pytest.fixture
def clock(monkeypatch):
    """Sets what the edges read: `clock(moment)`; at first NOW."""
    from django.utils import timezone

    def at(moment: datetime) -> datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    at(NOW)
    return at


@pytest.fixture
def people(db):
    """A municipality, its board, a partner agency, a vendor, a stranger, and an actor for each role preset."""
    from tests.world import People

    return People.make()


@pytest.fixture
def signed_in(client):
    """`signed_in(actor)`: the test client as that person, in that role."""
    from tests.world import sign_in

    return lambda actor: sign_in(client, actor)
