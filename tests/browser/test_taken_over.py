"""Another municipality's answers in a browser: a tick is stored by itself, and what says "theirs" goes; an older paper, attached by keyboard."""

import pytest

from tests.browser.conftest import NARROWEST, sideways

pytestmark = pytest.mark.browser


def test_a_tick_is_stored_by_itself(site, visit, axe_clean):
    made = visit(site.world.people.actor("officer", site.world.now))
    made.open(f"/assessments/{site.world.arguments['assessments:theirs assessment_id']}/theirs/")
    page = made.page
    assert axe_clean(page) == []
    page.locator("td, th").locator("a[href*='#q-']").first.click()
    box = page.locator("[data-theirs] input[type=checkbox]").first
    with page.expect_response(lambda answer: "/autosave/" in answer.url) as stored:
        box.check()
    assert stored.value.status == 200 and stored.value.json()["theirs"] is False
    page.reload()
    assert page.locator("[data-theirs]").count() == 0
    assert axe_clean(page) == []
    assert made.faults == []


def test_an_older_paper_is_attached(site, visit, axe_clean):
    made = visit(site.world.people.actor("officer", site.world.now))
    made.open(f"/case/documents/{site.world.arguments['document_id']}/")
    page = made.page
    assert axe_clean(page) == []
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert sideways(page) == 0
    for name, value in (("day", "2"), ("month", "5"), ("year", "2023")):
        page.fill(f"input[name=dated_on_{name}]", value)
    page.locator("input[type=checkbox][name^=claim-]").first.check()
    page.locator("input[name^=pages-]").first.fill("fem")
    page.get_by_role("button", name="Attach to all that are ticked").click()
    assert page.locator(".govuk-error-summary").count() == 1 and page.title().startswith("Error:")
    page.locator("input[name^=pages-]").first.fill("5-7")
    page.get_by_role("button", name="Attach to all that are ticked").click()
    assert page.get_by_text("Attached to one claim.").count() == 1
    assert [fault for fault in made.faults if "422" not in fault] == []
