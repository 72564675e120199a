"""Matters for many systems, in a browser: choose, look at what will happen, open, take back; phone and desktop, both languages."""

import pytest

from tests.browser.conftest import NARROW, NARROWEST, WIDE, keep_picture, sideways

pytestmark = pytest.mark.browser
pytest.importorskip("axe_playwright_python")


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("sv", NARROW)])
def test_from_the_systems_to_the_matters_and_back(site, visit, axe_clean, language, width):
    people = site.world.people
    officer = people.actors(site.world.now)["officer"]
    browser = visit(officer, language, width)
    page = browser.page

    def look(name: str) -> None:
        keep_picture(page, f"many-{name}-{language}-{width}")
        assert axe_clean(page) == [], name
        assert page.locator("h1").count() == 1
        page.set_viewport_size({"width": NARROWEST, "height": 900})
        assert sideways(page) == 0, name
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".govuk-button:not(.govuk-button--secondary)").count() <= 1, "one filled button a page"

    browser.open("/matters/systems/")
    page.locator('a[href="/matters/openings/new/"]').click()
    look("choose")
    main = page.locator("main form[method=post]")
    main.locator("button").first.click()  # nothing is chosen
    look("nothing")
    assert page.locator(".govuk-error-summary a").get_attribute("href") == "#systems"
    browser.faults.clear()  # a 422 is said on the console
    page.locator('a[href*="all=1"]').click()
    boxes = page.locator('input[name="system"]')
    assert boxes.count() == page.locator('input[name="system"]:checked').count() > 0
    page.locator("main form[method=post] button").first.click()
    look("preview")
    page.locator("main form[method=post] button").click()
    look("asked")
    browser.faults.clear()
    page.locator('input[name="kind"]').first.check()
    page.locator('select[name="accountable"]').select_option(index=1)
    page.locator("main form[method=post] button").click()
    look("opened")
    assert "/matters/openings/" in page.url
    page.locator("aside form button, form[action$='/undo/'] button").first.click()
    look("undone")
    assert browser.faults == []
