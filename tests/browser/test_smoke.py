"""A few pages in a browser, on each run: the site stands up, signs in, speaks both languages."""

import pytest

from tests.browser.conftest import NARROW, NARROWEST, sideways
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/register/", "/accounts/login/"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_public_pages_are_accessible_on_a_phone(visit, axe_clean, path, language):
    made = visit(None, language, NARROW).open(path)
    assert axe_clean(made.page) == []
    assert made.page.locator("h1").count() == 1
    made.page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert sideways(made.page) == 0
    assert made.faults == []


def test_an_officer_signs_in_with_a_password_and_sees_a_case(site, visit, axe_clean):
    made = visit()
    page = made.open("/home/").page
    page.fill("input[name=login]", site.world.people.person("officer").email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/home/")
    made.open(f"/matters/{site.world.arguments['matter_key']}/")
    assert "Ordstigen" in page.locator("h1").inner_text()
    assert axe_clean(page) == []
    assert made.faults == []


def test_a_page_that_is_not_shared_is_not_there(site, visit):
    made = visit(site.world.people.actor("outsider", site.world.now))
    answer = made.page.goto(f"{site.url}/matters/{site.world.arguments['matter_key']}/")
    assert answer.status == 404
    assert made.page.locator("h1").count() == 1
