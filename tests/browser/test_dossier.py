"""Do it once, in a browser: a vendor publishes what it says of its product, a board takes it over after a look, the vendor changes an
answer, and the board chooses. In English on a desktop and in Swedish on a phone; and the taking over without script."""

import pytest

from tests.browser.conftest import NARROW, WIDE, Visit, keep_picture, open_browser, sideways
from trygg.apps.assessments.models import Answer, Assessment, Dossier
from trygg.apps.assessments.tests import dossiers as make
from trygg.kernel.access import Role
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.services import add_system, create_matter

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")


class Reader:
    """Somebody's browser, and what is asked of each page that is looked at."""

    def __init__(self, made: Visit, axe_clean, language: str, width: int):
        self.made, self.page, self.axe, self.language, self.width = made, made.page, axe_clean, language, width

    def say(self, en: str, sv: str) -> str:
        return en if self.language == "en" else sv

    def open(self, path: str, name: str = "") -> "Reader":
        self.made.open(path)
        assert self.made.status == 200, f"{path}: {self.made.status}"
        return self.look(name) if name else self

    def look(self, name: str) -> "Reader":
        keep_picture(self.page, f"dossier-{name}-{self.language}-{self.width}")
        assert self.axe(self.page) == [], name
        assert sideways(self.page) == 0, name
        assert self.page.locator("h1").count() == 1, name
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert self.made.faults == [], name
        return self

    def send(self, name: str = "") -> "Reader":
        """The filled button of the page's form."""
        self.made.faults.clear()
        with self.page.expect_navigation():
            self.page.locator("main form[method=post]:not([action]) .t-act button[type=submit]:visible").last.click()
        # The browser itself notes an answer of 422: that is what a refusal is.
        self.made.faults[:] = [fault for fault in self.made.faults if "422" not in fault]
        return self.look(name) if name else self

    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())


@pytest.fixture
def product(site):
    """A product of the vendor with a draft that can be published, and a matter of the board about it. One for each visit."""

    def product(name: str) -> tuple[Dossier, Assessment]:
        people, now = site.world.people, site.world.now
        officer, vendor = people.actor(Role.OFFICER, now), people.actor(Role.VENDOR, now)
        system = add_system(actor=officer, now=now, owner=people.board, name=name, vendor=people.vendor, version="4.0")
        matter = create_matter(actor=officer, now=now, owner=people.board, kind="deployment", title=f"{name} i årskurs 3", system=system)
        dossier = make.dossier(people.vendor, vendor, name)
        make.write(dossier, vendor, now, does="Lyssnar när barn läser", checked="by_others", limits="Buller i klassrummet")
        pack = PackVersion.objects.get(pack_id="impact", current=True)
        from trygg.apps.assessments.services import start_assessment

        return dossier, start_assessment(actor=officer, now=now, matter=matter, pack=pack)

    return product


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("sv", NARROW)])
def test_answers_are_given_once(visit, site, axe_clean, product, language, width):
    dossier, assessment = product(f"Ordlek {language}")
    people, now = site.world.people, site.world.now
    vendor = Reader(visit(people.actor(Role.VENDOR, now), language, width), axe_clean, language, width)
    officer = Reader(visit(people.actor(Role.OFFICER, now), language, width), axe_clean, language, width)

    vendor.open("/assessments/dossiers/", "list").open(f"/assessments/dossiers/{dossier.pk}/", "draft")
    vendor.open(f"/assessments/dossiers/{dossier.pk}/sections/about/", "section")
    vendor.page.fill("textarea[name=a-does]", "Lyssnar när barn läser, och rättar")
    saved = vendor.say("Saved", "Sparat")
    vendor.page.locator("[data-save-text]", has_text=saved).wait_for()
    vendor.open(f"/assessments/dossiers/{dossier.pk}/publish/", "publish")
    vendor.page.fill("input[name=system_version]", "")
    vendor.send("publish-refused")
    vendor.page.fill("input[name=system_version]", "4.0")
    vendor.send("version")
    assert "rättar" in vendor.page.locator("main").inner_text()

    officer.open(f"/matters/{assessment.matter.key}/", "case")
    assert dossier.title in officer.page.locator("main").inner_text()
    officer.open(f"/assessments/{assessment.pk}/", "begun")
    officer.page.get_by_role("link", name=officer.say("Look at them and take them over", "Titta på svaren och ta över dem")).click()
    officer.look("offers")
    assert officer.page.locator("input[name=take]:checked").count() == 2
    officer.page.locator("input[name=take]:not(:checked)").first.check()
    officer.send("taken")
    officer.open(f"/assessments/sections/{assessment.sections.get().pk}/", "answered")
    assert Answer.objects.filter(section__assessment=assessment, unconfirmed=True).count() == 1
    officer.send()

    vendor.open(f"/assessments/dossiers/{dossier.pk}/sections/about/")
    vendor.page.locator("input[name=a-checked][value=by_us]").check()
    vendor.send()
    vendor.open(f"/assessments/dossiers/{dossier.pk}/publish/", "publish-again")
    vendor.page.fill("textarea[name=changes]", "Vi testar själva numera.")
    vendor.send("second-version")

    officer.open(f"/matters/{assessment.matter.key}/", "case-changed")
    officer.open(f"/assessments/sections/{assessment.sections.get().pk}/", "question-changed")
    officer.page.get_by_role("link", name=officer.say("See both and choose", "Se båda och välj")).click()
    officer.look("review").send("review-refused")
    assert officer.page.locator(".govuk-error-summary").count() == 1
    officer.page.locator("input[value=take]").check()
    officer.send()
    assert Answer.objects.get(section__assessment=assessment, item_id="proved").value == "partly"
    vendor.open(f"/assessments/dossiers/versions/{dossier.versions.get(number=1).pk}/withdraw/", "withdraw")


def test_taking_over_and_back_without_script(chromium, site, product):
    dossier, assessment = product("Ordlek utan skript")
    people, now = site.world.people, site.world.now
    make.services.publish_dossier(actor=people.actor(Role.VENDOR, now), now=now, dossier=dossier, system_version="4.0")
    made = open_browser(chromium, site, people.actor(Role.OFFICER, now), "sv", NARROW, script=False)
    made.open(f"/assessments/{assessment.pk}/reuse/")
    made.page.locator("main .t-act button").click()
    assert Answer.objects.get(section__assessment=assessment, item_id="proved").value == "fully"
    made.open(f"/assessments/{assessment.pk}/reuse/")
    made.page.get_by_role("button", name="Ta tillbaka").click()
    assert Answer.objects.get(section__assessment=assessment, item_id="proved").value is None
    made.page.context.close()
