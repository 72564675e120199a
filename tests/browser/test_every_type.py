"""Every type of question, the score and what-if in a browser: axe, keyboard, without script, and the autosave of a matrix."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, NARROWEST, WIDE, keep_picture, open_browser, sideways
from trygg.apps.assessments.models import Answer, Assessment
from trygg.kernel.access import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def assessment(site) -> Assessment:
    return Assessment.objects.get(instrument_id="every-type")


@pytest.fixture
def page_of(site, chromium):
    opened = []

    def page_of(role, language="en", width=WIDE, **more):
        visit = open_browser(chromium, site, site.world.people.actor(role), language, width, **more)
        opened.append(visit)
        return visit

    yield page_of
    for visit in opened:
        visit.page.context.close()


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR], ids=["answering", "reading"])
def test_each_section_and_the_score(role, width, language, assessment, page_of, axe_clean):
    visit = page_of(role, language, width)
    paths = {row.section_id: reverse("assessments:section", args=[row.pk]) for row in assessment.sections.all()}
    paths |= {name: reverse(f"assessments:{name}", args=[assessment.pk]) for name in ("overview", "score", "what_if")}
    wrong = []
    for name, path in paths.items():
        page = visit.open(path).page
        keep_picture(page, f"every-type-{name}-{role.value}-{language}-{width}")
        for details in page.locator("details").all():
            details.evaluate("element => element.open = true")
        wrong += [f"{path}: {fault}" for fault in axe_clean(page)]
        if width == NARROW:
            page.set_viewport_size({"width": NARROWEST, "height": 900})
        if sideways(page):
            wrong.append(f"{path}: {sideways(page)} px sideways")
        page.set_viewport_size({"width": width, "height": 900})
    assert wrong + visit.faults == []


def test_a_matrix_by_keyboard_alone(assessment, page_of):
    """Tab to a right, open it with Enter, choose a level with a letter: it is stored while one works."""
    section = assessment.sections.get(section_id="rights")
    page = page_of(Role.OFFICER).open(reverse("assessments:section", args=[section.pk])).page
    right = page.locator(".t-rights__right", has_text="Privacy")
    right.locator("summary").focus()
    if right.get_attribute("open") is None:
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_response(lambda answer: "autosave" in answer.url and answer.ok):
        page.keyboard.press("N")  # No impact, then Noticeable
        page.keyboard.press("N")
        page.keyboard.press("Tab")
    stored = Answer.objects.get(section=section, item_id="harm").value
    assert any(mark.startswith("privacy/all/severity=") for mark in stored)
    expect(page.locator("[data-save-status] [data-save-text]")).to_contain_text("Saved ")


def test_without_script_a_use_is_added_and_what_if_is_tried(assessment, page_of):
    section = assessment.sections.get(section_id="uses")
    page = page_of(Role.OFFICER, script=False).open(reverse("assessments:section", args=[section.pk])).page
    page.get_by_role("button", name="Add one more: Use").click()
    page.get_by_label("What is it called?").fill("Meals")
    page.get_by_role("button", name="Add it").click()
    assert "Meals" in page.locator("main").inner_text()
    page.goto(page.url.split("/assessments/")[0] + reverse("assessments:what_if", args=[assessment.pk]))
    page.get_by_label("Can a person overrule it? (Use 1)").select_option(label="Always")
    page.get_by_role("button", name="See what they lead to").click()
    assert "Nothing is saved." in page.locator("main").inner_text()
    assert not Answer.objects.filter(section=section, item_id__startswith="overrule").exists()
