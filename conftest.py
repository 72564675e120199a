"""What every test may use. Nothing here imports Django at the top: the engines' tests run without it."""

import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadline: CI shares two cores, and a slow second there is no fault. The same examples on each run of CI.
settings.register_profile("trygg", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("trygg"), derandomize=True)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


ROOT = Path(__file__).resolve().parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("ci" if os.environ.get("CI") else "trygg")


@pytest.fixture(autouse=True)
def _first_language():
    """Each test begins in the installation's first language, whatever the one before it left active."""
    from django.conf import settings as django_settings
    from django.utils import translation

    if django_settings.configured:
        translation.activate(django_settings.LANGUAGE_CODE)
    yield
    if django_settings.configured:
        translation.deactivate()


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


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings, request):
    """The database of this run. Always made, also for tests that bring their own transactions; on SQLite it is a copy of one that was
    migrated before, as long as no migration has changed."""
    from django.conf import settings as django_settings
    from django.test.utils import setup_databases, teardown_databases

    database = django_settings.DATABASES["default"]
    with django_db_blocker.unblock():
        if not database["ENGINE"].endswith("sqlite3"):
            made = setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set())
            yield
            teardown_databases(made, verbosity=0)
            return
        template, own = _template(), Path(database["TEST"]["NAME"])
        if template.exists():
            shutil.copy(template, own)
        setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set(), keepdb=True)
        if not template.exists():
            _keep(own, template)
        yield


def _template() -> Path:
    """Where a migrated, empty database is kept: named after all migrations and the version of Django."""
    import allauth
    import django

    digest = hashlib.sha256(f"{django.__version__} {allauth.__version__}".encode())
    for path in sorted((ROOT / "src").glob("**/migrations/*.py")):
        digest.update(path.read_bytes())
    return ROOT / "var" / "tests" / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def _keep(database: Path, template: Path) -> None:
    """Keep a copy of the database as it is now; another process may do the same at the same time."""
    from django.db import connection

    template.parent.mkdir(parents=True, exist_ok=True)
    copy = template.with_suffix(f".{os.getpid()}")
    copy.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    for old in template.parent.glob("migrated-*.sqlite3"):
        if old != template:
            old.unlink(missing_ok=True)
    os.replace(copy, template)


@pytest.fixture(scope="session")
def chromium():
    """One browser for the whole run: Playwright cannot be started twice in a process."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread; Django would refuse its database
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
