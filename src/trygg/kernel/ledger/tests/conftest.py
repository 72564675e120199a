from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection

from trygg.kernel.access import Actor, Role
from trygg.kernel.ledger import keys, uow
from trygg.kernel.ledger.actions import ACTIONS, register_action

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
ADMINISTRATOR = Actor(kind="person", id="7", person_id=7, organisation_id=1, role=Role.ADMINISTRATOR)
OUTSIDER = replace(ADMINISTRATOR, id="8", person_id=8, organisation_id=2)


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path, monkeypatch):
    """A key of its own, two actions, and no listeners of other rooms."""
    settings.TRYGG_LEDGER_KEY = tmp_path / "keys" / "ledger.key"
    settings.TRYGG_LEDGER_ORIGIN = "log.example/ledger"
    keys.make_key()
    monkeypatch.setattr(uow, "_listeners", [])
    monkeypatch.setattr("trygg.kernel.ledger.actions.ACTIONS", known := dict(ACTIONS))
    register_action("test.thing_done", "Thing {number} done", "Sak {number} gjord")
    register_action("test.other_done", "Other", "Annat")
    return known


@pytest.fixture
def act():
    """Record acts: `act(3)` makes three, each with a detail."""

    def act(count=1, actor=ADMINISTRATOR, **public):
        for number in range(count):
            with uow.unit_of_work(actor=actor, now=NOW) as work:
                work.record(
                    "test.thing_done",
                    ("test.thing", number),
                    details={"title": f"Titel {number}"},
                    number=number,
                    **public,
                )

    return act


@pytest.fixture
def tamper():
    """`with tamper() as sql:` runs SQL as someone would who owns the database: no trigger, no foreign key stops it."""

    @contextmanager
    def tamper():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
                yield cursor.execute
                cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
            else:
                yield cursor.execute

    return tamper
