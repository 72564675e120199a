"""When something is missing: the script, the mouse, the session, the connection; and the same form sent twice. Nothing typed is lost."""

import re
from uuid import uuid4

import pytest

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python")
expect = sync_api.expect

TYPED = "Children practise reading aloud, and a teacher listens."


@pytest.fixture(scope="module")
def demo(chromium):
    """The demo, served by the program itself."""
    from tests.browser.site import site

    return site()


@pytest.fixture
def walker(chromium, demo):
    """`walker(who, script=...)`: someone's browser."""
    from tests.browser.walk import Walker

    made = []

    def walker(who: str, language: str = "en", width: int = 390, *, script: bool = True) -> Walker:
        made.append(Walker(chromium, demo.base, who, language, width, script=script))
        return made[-1]

    yield walker
    for one in made:
        one.close()
    assert [fault for one in made for fault in one.faults] == []


def open_section(walker, demo) -> str:
    """The address of a section that Erik may answer, in a matter of its own."""
    title = f"Matter {uuid4().hex[:6]}"
    walker.go("/matters/new/").tick("kind", "deployment").fill(title=title, system_name="Made-up tutor").send()
    key = walker.path.split("/")[2]
    walker.page.goto(f"{demo.base}/assessments/start/{key}/")
    walker.send()
    return walker.page.locator("tbody th a").first.get_attribute("href")


def test_the_forms_work_without_script(walker, demo):
    erik = walker("erik", script=False).sign_in()
    erik.look("without-script-home")
    section = open_section(erik, demo)
    erik.go(section).look("without-script-section")
    erik.tick("a-benefit_named", "named_only")
    erik.page.locator("#q-benefit_named summary").nth(2).click()
    erik.fill(**{"n-benefit_named": TYPED}).send(do="done").told()
    erik.go(section)
    expect(erik.page.locator('input[name="a-benefit_named"][value="named_only"]')).to_be_checked()
    expect(erik.page.locator('[name="n-benefit_named"]')).to_have_value(TYPED)

    # A first opinion in the demo's coming meeting. (A vote without script is cast in test_journeys.)
    tova = walker("tova", "sv", script=False).sign_in()
    tova.page.locator("main a[href*='/committees/items/']").first.click()
    item = tova.number
    tova.tick("opinion", "come_back").send("/opinion/").told()
    tova.look("without-script-opinion")
    assert demo.sql(
        "SELECT o.opinion FROM committees_sealedopinion o JOIN committees_seat s ON s.id = o.seat_id JOIN people_membership m ON m.id = s.membership_id"
        " JOIN people_person p ON p.id = m.person_id WHERE o.item_id = ? AND p.email LIKE 'tova@%'", item
    ) == [("come_back",)]  # fmt: skip


def test_a_section_is_saved_by_keyboard_alone(walker, demo):
    maja = walker("erik", width=1280)
    page = maja.page
    maja.go("/accounts/login/")
    maja.tab_to("input[name=login]")
    page.keyboard.type("erik@sandhamra-barn.example")
    maja.tab_to("input[name=password]")
    page.keyboard.type("trygg-demo-lindvika")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    section = open_section(maja, demo)
    maja.go(section)
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    maja.tab_to('input[name="a-benefit_named"]')
    page.keyboard.press("Space")
    expect(page.locator('input[name="a-benefit_named"]').first).to_be_checked()
    maja.tab_to('main button[name=do][value="done"]:visible')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    maja.told().go(section)
    expect(page.locator('input[name="a-benefit_named"]').first).to_be_checked()


def test_a_session_that_ends_while_one_types_keeps_the_text(walker, demo):
    nils = walker("nils").sign_in()
    nils.go("/matters/new/").tick("kind", "plan").fill(title="Playground by the river", summary=TYPED)
    cookie = next(cookie for cookie in nils.context.cookies() if cookie["name"] == "sessionid")
    demo.sql("DELETE FROM django_session WHERE session_key = ?", cookie["value"])
    nils.send()
    nils.sees(TYPED).look("signed-out-with-text")
    with nils.context.expect_page() as opened:
        nils.page.locator("main a[href*='/accounts/login/']").first.click(modifiers=["Control"])
    other = opened.value
    other.fill("input[name=login]", "nils@norrberga-plan.example")
    other.fill("input[name=password]", "trygg-demo-lindvika")
    with other.expect_navigation():
        other.locator("main form .t-act button").click()
    nils.send_again()
    for _step in range(2):  # a new token may be asked for first: the text stays on that page too
        if TYPED in nils.page.content() and "/new/" in nils.path:
            nils.sees(TYPED).send_again()
    assert demo.sql("SELECT COUNT(*) FROM matters_matter WHERE title = 'Playground by the river' AND summary = ?", TYPED) == [(1,)]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_lost_connection_keeps_the_text_and_says_that_it_is_not_saved(walker, demo, language):
    erik = walker("erik", language).sign_in()
    section = open_section(erik, demo)
    erik.go(section)
    erik.page.locator("#q-benefit_named summary").nth(2).click()
    erik.context.set_offline(True)
    erik.fill(**{"n-benefit_named": TYPED})
    status = erik.page.locator("[data-save-status=section-form] [data-save-text]")
    expect(status).to_have_text(erik.words("No connection. Your text is kept on this page; we try again."))
    expect(erik.page.locator('[name="n-benefit_named"]')).to_have_value(TYPED)
    erik.console.clear()  # the browser notes that it has no connection
    erik.look("offline")
    erik.context.set_offline(False)
    expect(status).to_have_text(re.compile(erik.words("Saved %(time)s").split("%")[0]))
    erik.console.clear()
    erik.go(section)
    expect(erik.page.locator('[name="n-benefit_named"]')).to_have_value(TYPED)


@pytest.mark.parametrize("script", [True, False])
def test_a_form_that_is_sent_twice_makes_one_matter(walker, demo, script):
    erik = walker("erik", script=script).sign_in()
    title = f"Sent twice {uuid4().hex[:6]}"
    erik.go("/matters/new/").tick("kind", "plan").fill(title=title)
    button = erik.page.locator("main form[method=post]:not([action]) .t-act button")
    with erik.page.expect_navigation():
        button.dblclick()
    erik.page.wait_for_load_state("networkidle")
    assert demo.sql("SELECT COUNT(*) FROM matters_matter WHERE title = ?", title) == [(1,)]
