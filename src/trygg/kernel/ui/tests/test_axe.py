"""Every component, in both languages, both schemes, wide and narrow: axe finds nothing, and nothing scrolls sideways."""

import pytest
from django.utils import translation

from trygg.kernel.ui import views
from trygg.kernel.ui.tests.test_script import SITE, Server, browser  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("language", ["en", "sv", "ar"])
def test_components_are_accessible(browser, ask, settings, language, width, scheme):  # noqa: F811
    settings.DEBUG = True
    with translation.override(language):
        server = Server(views.components(ask("/components/")).content.decode())
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.route("**/*", server)
    page.goto(f"{SITE}/components/")
    page.wait_for_selector("body.js-enabled")
    found = axe.Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    context.close()
