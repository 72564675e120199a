"""Reading a page one's own way: large text, a narrow window, dark or light, read aloud."""

import pytest

from tests.browser.conftest import NARROW, NARROWEST, WIDE, keep_picture, sideways
from trygg.kernel.access import Role

pytestmark = pytest.mark.browser

PAGES = {  # view name: who looks; None: anyone
    "home": Role.OFFICER, "matters:list": Role.OFFICER, "matters:case": Role.OFFICER, "matters:facts": Role.OFFICER,
    "matters:edit": Role.OFFICER, "case:claim": Role.OFFICER, "matters:systems": Role.OFFICER, "assessments:overview": Role.OFFICER,
    "assessments:section": Role.OFFICER, "committees:committee": Role.COMMITTEE_SECRETARY, "committees:item": Role.COMMITTEE_SECRETARY,
    "committees:meeting": Role.COMMITTEE_SECRETARY, "publication:draft": Role.OFFICER, "people:people": Role.ADMINISTRATOR,
    "public:register": None, "public:entry": None, "account_login": None,
}  # fmt: skip
READINGS = ("", "?reading=child", "?reading=details")
DOUBLE = "document.documentElement.style.fontSize = '200%'"
# Text that stands outside its own box where that box hides it, or outside the window. What is hidden from sight on purpose is not cut.
CUT = """() => {
  const found = [], wide = document.documentElement.clientWidth;
  const inScroller = (element) => {
    for (let e = element.parentElement; e; e = e.parentElement) if (/auto|scroll/.test(getComputedStyle(e).overflowX)) return true;
    return false;
  };
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (!box.width || !box.height || style.visibility === "hidden" || element.closest("svg, .govuk-visually-hidden, option, .govuk-skip-link")) continue;
    if (style.clipPath !== "none" || style.clip !== "auto" || style.opacity === "0") continue;
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const hides = /hidden|clip/.test(style.overflowX + style.overflowY);
    if (hides && element.innerText?.trim() && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
      found.push(`cut: ${element.outerHTML.slice(0, 120)}`);
    const leaf = own || !element.children.length || element.localName === "select";
    if (leaf && !inScroller(element) && (box.left < -1 || box.right > wide + 1))
      found.push(`outside by ${Math.round(box.right - wide)}: ${element.outerHTML.slice(0, 120)}`);
  }
  const range = document.createRange(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || inScroller(element)) continue;
    if (element.closest("svg, .govuk-visually-hidden, select, .govuk-skip-link, script")) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width && box.right > wide + 1) found.push(`text outside by ${Math.round(box.right - wide)}: ${element.outerHTML.slice(0, 120)}`);
  }
  return found.slice(0, 4);
}"""


def path_of(site, name: str) -> str:
    from django.urls import reverse

    from tests.invariants.urls import addresses

    arguments = next(address.arguments for address in addresses() if address.name == name)
    return reverse(name, kwargs=site.world.kwargs(name, list(arguments)))


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_in_large_text_or_a_narrow_window(name, language, site, visit):
    actor = PAGES[name] and site.world.people.actor(PAGES[name], site.world.now)
    seen = visit(actor, language)
    wrong = []
    for reading in READINGS if name == "public:entry" else ("",):
        assert seen.open(path_of(site, name) + reading).status == 200
        for width, double in ((NARROWEST, False), (WIDE, True), (NARROW, True), (NARROWEST, True)):
            seen.page.set_viewport_size({"width": width, "height": 900})
            seen.page.evaluate(DOUBLE if double else "document.documentElement.style.fontSize = ''")
            told = f"{language} {width}{' 200 %' if double else ''} {reading}"
            if by := sideways(seen.page):
                wrong.append(f"{told}: {by} px sideways")
            wrong += [f"{told}: {fault}" for fault in seen.page.evaluate(CUT)]
            if double:
                keep_picture(seen.page, f"large-{name.replace(':', '-')}{reading[9:]}-{language}-{width}")
    assert wrong == []


VOICES = """(() => {
  const said = window.__said = [];
  const voices = %s.map((lang) => ({ lang, name: lang, localService: true }));
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const stub = { getVoices: () => voices, addEventListener() {}, cancel() { said.push("(stop)"); },
    speak(one) { said.push(`${one.lang} ${one.text}`); if (!window.__slow) setTimeout(() => one.onend(), 0); } };
  Object.defineProperty(window, "speechSynthesis", { value: stub, configurable: true });
})()"""


@pytest.mark.parametrize(("language", "word", "stop"), [("en", "Listen to the page", "Stop"), ("sv", "Lyssna på sidan", "Sluta")])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_child_can_listen_to_the_page(language, word, stop, width, site, visit, axe_clean):
    seen = visit(None, language, width)
    seen.page.add_init_script(VOICES % '["en-GB", "sv-SE"]')
    seen.open(path_of(site, "public:entry") + "?reading=child")
    button = seen.page.get_by_role("button", name=word)
    assert button.is_visible() and button.bounding_box()["height"] >= 44
    assert axe_clean(seen.page) == [] and seen.faults == []
    keep_picture(seen.page, f"listen-{language}-{width}")
    button.click()
    for _moment in range(100):  # not wait_for_function: the policy of the page forbids what it does
        said = seen.page.evaluate("__said")
        if len(said) > 4 and said[-1] == "(stop)":
            break
        seen.page.wait_for_timeout(50)
    assert len(said) > 4 and said[-1] == "(stop)"
    heading = seen.page.locator("h1").inner_text()
    assert any(heading in piece for piece in said)
    assert {piece[:2] for piece in said if piece != "(stop)"} <= {"en", "sv"}
    assert button.is_visible()
    seen.page.evaluate("window.__slow = true")
    button.click()
    again = seen.page.get_by_role("button", name=stop)
    assert again.is_visible()
    again.click()
    assert seen.page.get_by_role("button", name=word).is_visible()
    assert seen.faults == []


@pytest.mark.parametrize("voices", ['[]', '["fi-FI"]'])
def test_without_a_voice_in_the_language_there_is_no_button(voices, site, visit):
    seen = visit(None, "sv")
    seen.page.add_init_script(VOICES % voices)
    seen.open(path_of(site, "public:entry") + "?reading=child")
    assert seen.page.locator("[data-listen]").count() == 1 and not seen.page.locator("[data-listen]").is_visible()
    seen.open(path_of(site, "public:entry"))
    assert seen.page.locator("[data-listen]").count() == 0


@pytest.mark.parametrize(("language", "dark"), [("en", "Dark"), ("sv", "Mörkt")])
def test_the_colours_are_chosen_in_the_footer_without_script(language, dark, site, chromium):
    from urllib.parse import urlsplit

    from django.conf import settings

    context = chromium.new_context(java_script_enabled=False, viewport={"width": NARROW, "height": 900})
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "domain": urlsplit(site.url).hostname, "path": "/"}])
    page = context.new_page()
    try:
        there = site.url + path_of(site, "public:entry") + "?reading=child"
        page.goto(there)
        assert page.locator("html").get_attribute("data-scheme") is None
        page.get_by_role("button", name=dark).click()
        assert page.url == there
        assert page.locator("html").get_attribute("data-scheme") == "dark"
        assert page.get_by_role("button", name=dark).get_attribute("aria-pressed") == "true"
        assert not page.locator("[data-listen]").is_visible()
        keep_picture(page, f"dark-{language}")
        page.locator("button[name=scheme][value='']").click()
        assert page.locator("html").get_attribute("data-scheme") is None
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_choice_of_colours_is_accessible(scheme, site, visit, axe_clean):
    seen = visit(None, "sv", NARROW)
    seen.page.context.add_cookies([{"name": "scheme", "value": scheme, "url": site.url}])
    seen.open(path_of(site, "public:register"))
    assert axe_clean(seen.page) == []
