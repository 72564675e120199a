"""One system, asked about once, with the questions that Trygg ships: a Swedish officer takes over what the vendor says, answers the child-rights
impact assessment light and then in full together with the social services, reuses the answers in the assessments of data protection and of
fundamental rights, and opens the two-page paper; an English officer answers the Children's Code for the same system."""

import io
from uuid import uuid4

import pytest

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python")
pypdf = pytest.importorskip("pypdf")

LIGHT = {
    "role": "deployer", "public_body": "yes", "private_public_service": "no", "area": "school", "purpose": ["teaching"], "touches_children": "yes",
    "age_bands": ["6-8", "9-12"], "setting": "school", "child_contact": "about", "near_child_protection": "no", "emotion_or_biometric": "no",
    "personal_data": "no", "generative": "no", "affects_individual_decision": "no", "companion_features": "no", "annex_iii": "no", "high_risk": "no",
    "generates_content": "no", "interacts_with_people": "no", "special_category": "no", "can_say_no": "same_goal",
}  # fmt: skip
# Every question of the page that has no answer gets one: the first choice, a sentence, a number, a day.
FILL = """() => {
  const empty = (one, words) => { if (!one.value) { one.value = words; one.dispatchEvent(new Event('input', {bubbles: true})); } };
  const groups = kind => {
    const found = {};
    document.querySelectorAll(`main [data-item] input[type=${kind}]`).forEach(one => { (found[one.name] ||= []).push(one); });
    return Object.values(found).filter(ones => !ones.some(one => one.checked));
  };
  [...groups('radio'), ...groups('checkbox')].forEach(ones => ones[0].click());
  document.querySelectorAll('main [data-item] select').forEach(one => {
    if (!one.value && one.options.length > 1) { one.selectedIndex = 1; one.dispatchEvent(new Event('change', {bubbles: true})); }
  });
  document.querySelectorAll('main [data-item] textarea').forEach(one => { if (!one.closest('details')) empty(one, 'Barnen läser högt för varandra först.'); });
  const parts = {day: '2', month: '11', year: '2026'};
  document.querySelectorAll('main [data-item] input[type=text], main [data-item] input[type=number]').forEach(one => {
    if (one.closest('details')) return;
    const part = one.name.split('_').pop();
    empty(one, parts[part] || (['numeric', 'decimal'].includes(one.inputMode) ? '3' : 'Läraren i klassen'));
  });
}"""


@pytest.fixture(scope="module")
def demo(chromium):
    """The demo, served by the program itself."""
    from tests.browser.site import site

    return site()


@pytest.fixture
def walker(chromium, demo):
    """`walker(who, language, width)`: somebody of the demo, signed in; afterwards every page that was looked at is clean."""
    from tests.browser.walk import Walker

    made = []

    def walker(who: str, language: str, width: int) -> Walker:
        made.append(Walker(chromium, demo.base, who, language, width).sign_in())
        return made[-1]

    yield walker
    faults = [fault for one in made for fault in one.faults]
    for one in made:
        one.close()
    assert not faults, "\n".join(faults)


def open_matter(walker, title: str, system: str = "", facts: dict | None = None) -> str:
    """A matter about a system in use, its facts answered; its key."""
    walker.go("/matters/new/").tick("kind", "deployment").fill(title=title)
    if system:
        walker.choose("system", system)
    else:
        walker.fill(system_name="Ordstigen", vendor_name="Ordverket AB").choose("vendor", "Ordverket AB")
        walker.look("once-new-matter")
    walker.send().told()
    key = walker.path.split("/")[2]
    if facts:
        walker.go(f"/matters/{key}/facts/?show=all")
        names = walker.page.locator("main form input[type=radio], main form input[type=checkbox]").evaluate_all(
            "all => [...new Set(all.map(one => one.name))]"
        )
        for name in names:
            value = facts.get(name, "no")
            for one in [value] if isinstance(value, str) else value:
                box = walker.page.locator(f'input[name="{name}"][value="{one}"]')
                if box.count():
                    box.check()
        walker.send().told()
    return key


def begin(walker, key: str, title: str) -> str:
    """Begin these questions; the path of the assessment."""
    walker.go(f"/assessments/start/{key}/")
    label = walker.page.locator("main label", has_text=title).first
    walker.page.evaluate("label => label.closest('details')?.setAttribute('open', '')", label.element_handle())
    label.click()
    return walker.send().told().path


def sections(walker, assessment: str) -> list[str]:
    walker.go(assessment)
    return walker.page.locator("main tbody th a").evaluate_all("all => all.map(one => one.getAttribute('href'))")


def answer(walker, *paths: str) -> None:
    """Everything that is asked in these sections; twice, since answers open further questions."""
    for path in paths:
        for _round in range(2):
            walker.go(path).page.evaluate(FILL)
            walker.send(do="done")


def take_over(walker, assessment: str, name: str) -> int:
    """Look at what is offered, and take over what is ticked; how many answers."""
    walker.go(f"{assessment}reuse/").look(name)
    # What does not mean quite the same is looked through afterwards.
    walker.page.locator("input[name=take]:not(:checked)").evaluate_all("all => all.forEach(one => one.click())")
    ticked = walker.page.locator("input[name=take]:checked").count()
    walker.send().told()
    return ticked


def test_asked_once_and_used_everywhere(walker, demo):
    mark = uuid4().hex[:5]
    leila, sara = walker("leila", "sv", 1280), walker("sara", "sv", 390)
    title = f"Ordstigen på fritids {mark}"
    key = open_matter(leila, title, system="Ordstigen", facts=LIGHT)
    leila.go(f"/matters/{key}/").sees("Leverantörens uppgifter").look("once-case")

    # Light, with the vendor's answers first.
    impact = begin(leila, key, "Barnkonsekvensanalys")
    leila.sees("lätt").look("once-light")
    assert take_over(leila, impact, "once-offers") > 0
    light = sections(leila, impact)
    answer(leila, *light)
    leila.go(impact).look("once-light-answered")

    # In full, with the social services.
    leila.go(f"{impact}depth/").tick("depth", "full").look("once-depth").send().told()
    impact = leila.path
    whole = sections(leila, impact)
    assert len(whole) >= len(light)
    leila.go(f"{whole[-1]}assign/").tick_named("who", "socialnämnden").send().told()
    answer(leila, *whole[:-1])
    sara.go(whole[-1]).look("once-social-services")
    answer(sara, whole[-1])
    sara.go(whole[-1]).look("once-social-services-answered")
    leila.go(impact).look("once-full")
    leila.go(f"{impact}score/").look("once-score")

    # The same answers in two other assessments.
    for other, name in (("konsekvensbedömning avseende dataskydd", "once-dpia"), ("AI-förordningen", "once-fria")):
        path = begin(leila, key, other)
        assert take_over(leila, path, name) > 0, name

    # Two pages for the board.
    file = leila.fetch(f"/papers/{key}/report-sv.pdf")
    assert file.ok, file.status
    pages = pypdf.PdfReader(io.BytesIO(file.body())).pages
    assert len(pages) <= 2
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert title in words
    assert "barn" in words.lower()


def test_an_english_council_answers_the_childrens_code_for_the_same_system(walker):
    priya = walker("priya", "en", 390)
    key = open_matter(priya, f"Ordstigen in after-school clubs {uuid4().hex[:5]}")
    priya.go(f"/matters/{key}/").sees("What the vendor says").look("once-code-case")
    code = begin(priya, key, "Children's Code")
    assert take_over(priya, code, "once-code-offers") > 0
    answer(priya, *sections(priya, code))
    priya.go(f"{code}score/").look("once-code-score")
    file = priya.fetch(f"/papers/{key}/report-en.pdf")
    assert file.ok
    assert len(pypdf.PdfReader(io.BytesIO(file.body())).pages) <= 2
