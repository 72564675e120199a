"""A person with a browser: signs in, fills in, sends; and every page she looks at is checked."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect

from trygg.front.demo.cast import PARTS, PASSWORD

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
HEIGHTS = {1280: 900, 390: 844}
SHOTS = os.environ.get("TRYGG_SCREENSHOTS")
VIOLATIONS = "window.__refused = []; document.addEventListener('securitypolicyviolation', e => window.__refused.push(e.violatedDirective + ' ' + e.blockedURI))"
ADDRESSES = {part.key: part.email for part in PARTS}
WAIT = 15_000


class Walker:
    """One person's browser: an address of the demo (or nobody), a language, a width."""

    def __init__(self, browser: Browser, base: str, who: str, language: str, width: int, *, script: bool = True):
        self.base, self.who, self.language, self.width = base, who, language, width
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]}, locale="sv-SE" if language == "sv" else "en-GB",
            java_script_enabled=script, reduced_motion="reduce",
        )  # fmt: skip
        self.context.set_default_timeout(WAIT)
        self.script = script
        if script:
            self.context.add_init_script(VIOLATIONS)
        self.page: Page = self.context.new_page()
        self.console: list[str] = []
        self.faults: list[str] = []  # what `look` found, for the end of the test
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.console.append(str(error)))

    def _heard(self, message) -> None:
        # The browser itself notes every page that was answered with 4xx; the tests say which answer they expect.
        if message.type == "error" and not message.text.startswith("Failed to load resource: the server responded with a status of 4"):
            self.console.append(message.text)

    def close(self) -> None:
        self.context.close()

    # Going about

    def go(self, path: str, status: int = 200) -> "Walker":
        answer = self.page.goto(path if path.startswith("http") else self.base + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self

    def sign_in(self) -> "Walker":
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", ADDRESSES[self.who])
        self.page.fill("input[name=password]", PASSWORD)
        self.send()
        expect(self.page.locator("header .t-whoami")).to_be_visible()
        return self

    def fetch(self, path: str):
        """What a link to a file gives, with her cookies and her language."""
        return self.context.request.get(self.base + path, headers={"Accept-Language": self.language})

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    @property
    def number(self) -> int:
        """The number in the page's address."""
        return int(re.findall(r"/(\d+)/", self.path)[-1])

    def words(self, text: str) -> str:
        """An English text of the program in the walker's language."""
        with translation.override(self.language):
            return gettext(text)

    def follow(self, href: str) -> "Walker":
        """Follow the first link of the page whose address ends so."""
        self.page.locator(f'main a[href$="{href}"]').first.click()
        return self

    def main_deed(self) -> "Walker":
        """The page's one main action."""
        self.page.locator("main a.govuk-button:not(.govuk-button--secondary)").first.click()
        return self

    # Forms

    def send(self, action: str = "", do: str = "") -> "Walker":
        """The button of the form whose action ends so; without one, of the form that sends to its own page."""
        form = f'main form[action$="{action}"]' if action else "main form[method=post]:not([action])"
        button = f'button[name=do][value="{do}"]:visible' if do else ".t-act button[type=submit]"
        with self.page.expect_navigation():
            self.page.locator(f"{form} {button}").last.click()
        return self

    def send_again(self) -> "Walker":
        """The button that sends what was kept."""
        with self.page.expect_navigation():
            self.page.locator("main form[method=post] button.govuk-button").last.click()
        return self

    def tab_to(self, selector: str, most: int = 80) -> "Walker":
        """Press Tab until the focus is there."""
        for _press in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => !!document.activeElement?.matches(selector)", selector.removesuffix(":visible")):
                return self
        raise AssertionError(f"{selector} is not reached by Tab")

    def fill(self, **fields: str) -> "Walker":
        for name, value in fields.items():
            self.page.locator(f'[name="{name}"]').first.fill(value)
        return self

    def tick(self, name: str, *values: str) -> "Walker":
        for value in values:
            self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        return self

    def tick_named(self, name: str, text: str) -> "Walker":
        """The radio or box whose label begins so."""
        self.page.locator(f'div:has(> input[name="{name}"])').filter(has_text=text).first.locator("input").check()
        return self

    def choose(self, name: str, text: str) -> "Walker":
        """The choice of a list that holds the text."""
        option = self.page.locator(f'select[name="{name}"] option').filter(has_text=text).first
        self.page.select_option(f'select[name="{name}"]', value=option.get_attribute("value"))
        return self

    def date(self, name: str, day) -> "Walker":
        for part in ("day", "month", "year"):
            self.page.fill(f'input[name="{name}_{part}"]', str(getattr(day, part)))
        return self

    # Seeing

    def sees(self, *texts: str) -> "Walker":
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def told(self) -> "Walker":
        """A message says that something was done."""
        expect(self.page.locator(".govuk-notification-banner").first).to_be_visible()
        return self

    def look(self, name: str) -> "Walker":
        """What holds on every page: one h1, its language, nothing sideways, nothing refused, nothing that axe finds."""
        page = self.page
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(SHOTS) / f"{name}-{self.language}-{self.width}.png", full_page=True)
        where = f"{name} ({self.path}, {self.language}, {self.width})"
        found = self._found()
        self.console.clear()
        self.faults += [f"{where}: {fault}" for fault in found]
        return self

    def _found(self) -> list[str]:
        page, found = self.page, []
        page.wait_for_load_state("load")  # a busy machine may still be on its way here
        headings = page.locator("h1").all_inner_texts()
        if len(headings) != 1 or not headings[0].strip():
            found.append(f"h1: {headings}")
        if page.locator("html").get_attribute("lang") != self.language:
            found.append("is in another language")
        if not self.script:
            return found
        page.wait_for_selector("body.js-enabled")
        if wide := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
            found.append(f"scrolls {wide} px sideways")
        found += [f"the policy refused {refused}" for refused in page.evaluate("window.__refused")]
        found += [f"console: {said}" for said in self.console]
        violations = Axe().run(page, options=RULES).response["violations"]
        return found + [f"{fault['id']}: {fault['nodes'][0]['html'][:300]}" for fault in violations]
