"""A server with the world of the tests, a browser, and what every page is asked: axe, one heading, nothing sideways, no errors."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.world import World, make_world, sign_in
from trygg.kernel.access import Actor

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, NARROW, NARROWEST = 1280, 390, 320


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_loop() -> None:
    """Playwright's loop runs in this thread; Django would refuse its database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@dataclass
class Site:
    """The running server and what it shows."""

    url: str
    world: World


@pytest.fixture(scope="module")
def site(chromium, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    """The world of the tests, committed, behind a server of its own, at the world's time. Everything is deleted afterwards."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: World.now)
        patch.setattr(settings, "TRYGG_FILES", tmp_path_factory.mktemp("files"))
        world = make_world()
        server = LiveServer("127.0.0.1")
        try:
            yield Site(server.url, world)
        finally:
            server.stop()
            call_command("flush", interactive=False, verbosity=0)


@dataclass
class Visit:
    """A page in a browser, and what went wrong on it."""

    page: object
    url: str
    faults: list[str] = field(default_factory=list)
    status: int = 0  # what the last page answered

    def open(self, path: str) -> "Visit":
        """Go to a path of the site, and wait until it is quiet."""
        self.faults.clear()
        self.status = self.page.goto(self.url + path, wait_until="load").status
        return self


@pytest.fixture
def visit(chromium, site) -> Iterator[Callable[..., Visit]]:
    """`visit(actor, language, width)`: someone's browser. What the console, the policy and the server complain of is gathered."""
    contexts = []

    def visit(actor: Actor | None = None, language: str = "en", width: int = WIDE, scheme: str = "light") -> Visit:
        made = open_browser(chromium, site, actor, language, width, scheme)
        contexts.append(made.page.context)
        return made

    yield visit
    for context in contexts:
        context.close()


def open_browser(chromium, site: Site, actor: Actor | None, language: str, width: int, scheme: str = "light", *, script: bool = True) -> Visit:
    """A browser of its own: no cookies but those of `actor` and of the language."""
    from django.conf import settings
    from django.test import Client

    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language, reduced_motion="reduce", device_scale_factor=1,
        java_script_enabled=script,
    )  # fmt: skip
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if actor is not None:
        cookies[settings.SESSION_COOKIE_NAME] = sign_in(Client(), actor).cookies[settings.SESSION_COOKIE_NAME].value
    host = urlsplit(site.url).hostname
    context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"} for name, value in cookies.items()])
    page = context.new_page()
    made = Visit(page, site.url)
    page.on("console", lambda said: made.faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: made.faults.append(f"script: {error}"))
    page.on("response", lambda got: made.faults.append(f"{got.status}: {got.url}") if got.status >= 500 else None)
    return made


@pytest.fixture(scope="session")
def axe_clean() -> Callable:
    """`axe_clean(page)`: what axe finds against WCAG 2.2 AA, in words; an empty list is what one wants."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def axe_clean(page) -> list[str]:
        found = axe.run(page, options={"runOnly": {"type": "tag", "values": AXE_RULES}}).response["violations"]
        return [f"{fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"][:5]]

    return axe_clean


def sideways(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def keep_picture(page, name: str) -> None:
    """A screenshot, where TRYGG_SCREENSHOTS names a folder."""
    folder = os.environ.get("TRYGG_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
