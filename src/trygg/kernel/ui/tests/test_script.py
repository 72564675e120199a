"""The few lines of script, in a browser: no server, the pages and files are handed to it."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.utils import translation

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")
SITE = "https://trygg.test"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
# The content policy of config/settings.py: what breaks it is an error on the console.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
PAGE = """{% extends 'ui/base_child.html' %}{% load trygg %}{% block heading %}Tell us{% endblock %}
{% block main %}<form id="f" method="post" action="/send/" data-autosave="/save/"><label for="t">Text</label>
<textarea class="govuk-textarea" id="t" name="t"></textarea>{% saved form='f' %}<button class="govuk-button">Send</button></form>{% endblock %}"""


@pytest.fixture
def browser(chromium):
    return chromium


class Server:
    """Answers the page, its files, and what the page sends."""

    def __init__(self, html: str):
        self.html = html
        self.sent: list[tuple[str, str]] = []
        self.status = 204
        self.body = ""

    def __call__(self, route):
        address = route.request.url.removeprefix(SITE)
        if not route.request.url.startswith(SITE):
            route.fulfill(status=200, content_type="text/html", body="<title>Weather</title>")
        elif route.request.method == "POST":
            self.sent.append((address, route.request.post_data or ""))
            if address == "/save/":
                route.fulfill(status=self.status, content_type="application/json", body=self.body)
            # /send/ is never answered: the moment in which people press twice
        elif address.startswith("/static/"):
            path = Path(finders.find(address.removeprefix("/static/")))
            route.fulfill(status=200, content_type=TYPES[path.suffix], body=path.read_bytes())
        else:
            route.fulfill(
                status=200, content_type="text/html", headers={"Content-Security-Policy": POLICY}, body=self.html
            )


@pytest.fixture
def opened(browser, ask):
    with translation.override("sv"):
        server = Server(engines["django"].from_string(PAGE).render({}, ask()))
    context = browser.new_context(locale="sv")
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.route("**/*", server)
    page.goto(f"{SITE}/before/")
    page.goto(f"{SITE}/page/")
    page.wait_for_selector("body.js-enabled")
    yield page, server
    context.close()


def test_the_page_breaks_no_content_policy(opened):
    page, _ = opened
    assert page.faults == []
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Atkinson Hyperlegible"')


def test_what_is_typed_is_saved_and_said(opened):
    page, server = opened
    page.fill("#t", "Jag vill välja")
    sync_api.expect(page.locator("[data-save-text]")).to_contain_text("Sparat ")
    assert "Jag vill v" in server.sent[0][1]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (422, '{"message": "Svaret nämner ett barn vid namn."}', "Svaret nämner ett barn vid namn."),
        (403, "", "Du är utloggad."),
        (500, "", "Inte sparat."),
    ],
)
def test_what_is_not_saved_says_so_and_stays(opened, status, body, said):
    page, server = opened
    server.status, server.body = status, body
    page.fill("#t", "text")
    sync_api.expect(page.locator("[data-save-text]")).to_contain_text(said)
    assert page.input_value("#t") == "text"
    assert page.locator(".t-saved--not").count() == 1


def test_a_form_is_sent_once(opened):
    page, server = opened
    page.evaluate("() => { const b = document.querySelector('#f button'); b.click(); b.click(); b.click(); }")
    page.wait_for_timeout(300)
    assert [address for address, _ in server.sent].count("/send/") == 1


def test_leave_leaves_no_way_back_to_the_page(opened):
    page, _ = opened
    page.click(".t-exit")
    sync_api.expect(page).to_have_title("Weather")
    page.go_back()
    assert page.url == f"{SITE}/before/"


def test_three_escapes_leave(opened):
    page, _ = opened
    page.fill("#t", "halv mening")
    for _press in range(3):
        page.keyboard.press("Escape")
    sync_api.expect(page).to_have_title("Weather")


def test_two_escapes_do_not(opened):
    page, _ = opened
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.url == f"{SITE}/page/"
