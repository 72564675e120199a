"""One world for a whole module: made once, within a transaction that is taken back at the end."""

import pytest


@pytest.fixture(scope="module")
def frozen_world(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world of the tests, and the clock at its time. A test that takes it is marked `django_db`, and what it writes is taken
    back after it."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from tests.world import World, make_world

    before = settings.TRYGG_FILES
    settings.TRYGG_FILES = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: World.now)
        outer = transaction.atomic()
        outer._from_testcase = True  # as in Django's TestCase: a durable transaction may begin inside
        outer.__enter__()
        try:
            yield make_world()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            settings.TRYGG_FILES = before


@pytest.fixture
def undone(db):
    """`with undone():` what is written there is taken back at once, for a test that does one thing many times."""
    from contextlib import contextmanager

    from django.db import transaction

    @contextmanager
    def undone():
        inner = transaction.atomic()
        inner._from_testcase = True
        with inner:
            yield
            transaction.set_rollback(True)

    return undone
