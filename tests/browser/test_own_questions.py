"""Questions of one's own, from a SurveyJS file to the arithmetic of the level: uploaded by the administrator, answered by two agencies,
moved half-way to a newer version, read on the score page. In English on a desktop and in Swedish on a phone."""

import copy
import json

import pytest

from tests.browser.conftest import NARROW, WIDE, Visit, keep_picture, sideways
from trygg.kernel.access import Role

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")


def text(en: str, sv: str) -> dict:
    return {"default": en, "sv": sv}


def question(name: str, title: dict, yes: int) -> dict:
    """Yes or no, as Canada's assessment writes it: the points stand behind the last hyphen."""
    choices = [{"value": "item1-0", "text": text("No", "Nej")}, {"value": f"item2-{yes}", "text": text("Yes", "Ja")}]
    return {"type": "radiogroup", "name": name, "isRequired": True, "title": title, "choices": choices}


def survey(mark: str) -> dict:
    return {
        "title": text(f"Impact on children {mark}", f"Påverkan på barn {mark}"),
        "pages": [
            {
                "name": "reach",
                "title": text("Reach", "Räckvidd"),
                "elements": [
                    question("children-RS", text("Are children affected?", "Berörs barn?"), 3),
                    question("decides-RS", text("Does it decide by itself?", "Beslutar det själv?"), 4),
                ],
            },
            {
                "name": "police",
                "title": text("Cooperation", "Samarbete"),
                "elements": [question("shared-RS", text("Are data shared with others?", "Delas uppgifter med andra?"), 2)],
            },
        ],
    }


def newer(mark: str) -> dict:
    """The first question in other words, one more question, and a yes to the last that is worth more."""
    data = copy.deepcopy(survey(mark))
    first, second = data["pages"]
    first["elements"][0]["title"] = text("Are children affected by it?", "Berörs barn av det?")
    first["elements"].append(question("appeal-RS", text("Is it hard to complain?", "Är det svårt att klaga?"), 1))
    second["elements"][0]["choices"][1]["value"] = "item2-5"
    return data


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
        keep_picture(self.page, f"own-{name}-{self.language}-{self.width}")
        assert self.axe(self.page) == [], name
        assert sideways(self.page) == 0, name
        assert self.page.locator("h1").count() == 1, name
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert self.made.faults == [], name
        return self

    def send(self, name: str = "") -> "Reader":
        """The filled button of the page's form."""
        with self.page.expect_navigation():
            self.page.locator("main form[method=post]:not([action]) .t-act button[type=submit]:visible").first.click()
        return self.look(name) if name else self

    def upload(self, data: dict, name: str, status: int = 200) -> "Reader":
        self.open("/instruments/upload/")
        raw = {"name": "impact.json", "mimeType": "application/json", "buffer": json.dumps(data).encode()}
        self.page.set_input_files("input[name=file]", raw)
        self.page.fill("input[name=pack_id]", f"impact-{self.language}")
        if status == 200:
            return self.send(name)
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            self.send()
        assert answered.value.status == status
        self.made.faults.clear()  # the browser itself notes an answer of 422
        return self.look(name)

    def sees(self, *texts: str) -> "Reader":
        for each in texts:
            sync_api.expect(self.page.locator("main")).to_contain_text(each)
        return self

    def answer(self, asked: str, yes: bool) -> "Reader":
        card = self.page.locator("[data-item]").filter(has_text=asked).first
        card.get_by_label(self.say("Yes", "Ja") if yes else self.say("No", "Nej"), exact=True).check()
        return self

    def save(self) -> "Reader":
        with self.page.expect_navigation():
            self.page.locator(".t-act button[name=do][value=done]:visible").first.click()
        return self

    def section(self, title: str) -> str:
        return self.page.locator("main tbody th a", has_text=title).first.get_attribute("href")


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("sv", NARROW)])
def test_from_a_surveyjs_file_to_the_arithmetic(site, visit, axe_clean, language, width):
    people, now = site.world.people, site.world.now
    administrator, officer, partner = (
        Reader(visit(people.actor(who, now), language, width), axe_clean, language, width)
        for who in (Role.ADMINISTRATOR, Role.OFFICER, "partner")
    )
    say, mark = administrator.say, f"{language} {width}"

    # The administrator uploads it: first what stands in it, then publishing.
    administrator.open("/instruments/", "list")
    twice = survey(mark)
    twice["pages"][1]["elements"] = twice["pages"][0]["elements"]
    administrator.upload(twice, "refused", status=422).sees(say("wrong with the file", "fel med filen"))
    administrator.upload(survey(mark), "preview").sees("impact.json", "1.0.0", say("Are children affected?", "Berörs barn?"))
    administrator.send("version").sees(say("in force", "i kraft"))

    # The officer begins it in a matter of her own, and gives one section to the police.
    officer.open("/matters/new/")
    officer.page.locator("input[name=kind][value=plan]").check()
    officer.page.fill("input[name=title]", f"{say('A plan', 'En plan')} {mark}")
    officer.send()
    matter = officer.page.url.removeprefix(site.url).split("/")[2]
    officer.open(f"/assessments/start/{matter}/")
    officer.page.get_by_label(say(f"Impact on children {mark}", f"Påverkan på barn {mark}")).first.check()
    officer.send("overview")
    first = officer.page.url.removeprefix(site.url)
    reach, police = officer.section(say("Reach", "Räckvidd")), officer.section(say("Cooperation", "Samarbete"))
    officer.open(f"{police}assign/")
    officer.page.locator("div.govuk-radios__item", has_text=people.agency.name).locator("input").first.check()
    officer.send()
    partner.open(police).answer(say("Are data shared", "Delas uppgifter"), yes=True).save()
    officer.open(reach).answer(say("Are children affected", "Berörs barn"), yes=True).save()

    # A newer version is published: what is open stays on the old one.
    administrator.upload(newer(mark), "newer")
    administrator.sees("1.1.0", say("Are children affected by it?", "Berörs barn av det?"), say("Is it hard to complain?", "Är det svårt att klaga?"))
    administrator.send()
    officer.open(first, "notice").sees(say("There is a newer version of the questions", "Det finns en nyare version av frågorna"))

    # Half-way through, the officer sees what becomes of each answer, and moves.
    officer.open(f"{first}upgrade/", "upgrade").sees(
        say("Are children affected?", "Berörs barn?"), say("Are children affected by it?", "Berörs barn av det?")
    )
    officer.send("moved")
    second = officer.page.url.removeprefix(site.url)
    assert second != first
    officer.open(first, "superseded").sees(say("goes on in a newer revision", "fortsätter i en nyare version"))
    gone = say("the choice is gone", "svarsalternativet borta")  # a yes is worth something else: the police answer anew
    officer.open(f"{second}carried/", "carried").sees(gone, say("Are data shared with others?", "Delas uppgifter med andra?"))
    officer.open(second)
    reach, police = officer.section(say("Reach", "Räckvidd")), officer.section(say("Cooperation", "Samarbete"))
    officer.open(reach, "look-again").sees(say("Look again.", "Se över igen."))
    officer.answer(say("decide by itself", "Beslutar det själv"), yes=False).answer(say("hard to complain", "svårt att klaga"), yes=True).save()
    partner.open(second, "partner").sees(say("What became of each answer", "Vad det blev av varje svar"))
    partner.open(police).answer(say("Are data shared", "Delas uppgifter"), yes=True).save()

    # Children 3, decides 0, complaint 1, shared 5: of 3 + 4 + 1 + 5.
    officer.open(f"{second}score/", "score")
    whole = " ".join(officer.page.locator("main").inner_text().split())
    assert say("9 of 13 points", "9 av 13 poäng") in whole, whole
    rows = officer.page.locator("table.t-arithmetic").first.locator("tbody tr").all_inner_texts()
    assert sorted(int(row.split()[-2]) for row in rows) == [0, 1, 3, 5]
