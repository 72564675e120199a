"""One story in a real browser, through the whole product: an AI system from an idea to a published decision, and the proof of it.

Officer, a partner agency, the vendor, committee, councillor's paper, another officer, the public, the auditor; in English on a desktop
and in Swedish on a phone, and in part the other two ways. Every page that somebody looks at is checked by `Walker.look`.
"""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python")

FACTS = {
    "role": "deployer", "public_body": "yes", "private_public_service": "no", "area": "school", "purpose": ["teaching"],
    "touches_children": "yes", "age_bands": ["6-8", "9-12"], "setting": "school", "child_contact": "direct",
    "near_child_protection": "no", "companion_features": "no", "generative": "yes", "generates_content": "yes",
    "interacts_with_people": "yes", "emotion_or_biometric": "no", "annex_iii": "yes", "annex_iii_point": "3", "annex_iii_sub": "3b",
    "high_risk": "yes", "personal_data": "yes", "special_category": "no", "can_say_no": "same_goal",
}  # fmt: skip
GAIN = {"benefit_named": "named_measured", "alternative_compared": "compared_written", "effect_followed": "measured_internal", "learning_effect": "followed"}
SAFE = {
    "danger_told": "human_at_once", "human_contact": "named_open", "child_harms_reviewed": "reviewed_measures", "worst_harm": "setback",
    "worst_harm_measure": "works_checked", "acts_human": "says_machine", "keeps_longer": ["none_of_these"], "reporting_duty": "trained_only",
}  # fmt: skip
VENDOR = {
    "v_group_tests": "tested_shared", "v_training_data": "never_used", "v_abuse_safeguards": "blocked_tested",
    "v_danger_tests": "tested_fixed", "v_age_limits": "built_by_age", "v_attention_money": "nobody_earns",
}  # fmt: skip
PUBLIC = {
    "headline": ("Ordstigen helps children practise reading", "Ordstigen hjälper barn att öva läsning"),
    "summary": (
        "The child reads aloud, and Ordstigen suggests the next text. The teacher always decides.",
        "Barnet läser högt, och Ordstigen föreslår nästa text. Läraren bestämmer alltid.",
    ),
    "say_no": ("Yes. Whoever says no reads with an adult instead.", "Ja. Den som säger nej läser med en vuxen i stället."),
    "data": ("The voice is erased after a day. Nobody else gets it.", "Rösten raderas efter ett dygn. Ingen annan får den."),
    "human": ("Call the school office.", "Ring skolans expedition."),
    "child_headline": ("Ordstigen is a program that hears you read", "Ordstigen är ett program som hör när du läser"),
    "child_summary": (
        "You read aloud. The program hears which words are hard. Then you get a new text.",
        "Du läser högt. Programmet hör vilka ord som är svåra. Sedan får du en ny text.",
    ),
    "child_decides": ("Your teacher decides.", "Din lärare bestämmer."),
    "child_say_no": ("No. You may say no. Then you read with a grown-up.", "Nej. Du får säga nej. Då läser du med en vuxen."),
    "child_data": ("Your voice is taken away after one day.", "Din röst tas bort efter en dag."),
}
MEMBERS = {"ungdom1": "children", "rut": "parents", "ines": "safeguarding", "fredrik": "researchers"}


@pytest.fixture(scope="module")
def demo(chromium):
    """The demo, served by the program itself."""
    from tests.browser.site import site

    return site()


class Story:
    """What the people of one telling have in common: where they are, and what they have made so far."""

    def __init__(self, browser, demo, language: str, width: int):
        self.browser, self.demo, self.language, self.width = browser, demo, language, width
        self.mark = uuid4().hex[:5]
        self.school = f"{'Elm School' if language == 'en' else 'Björkskolan'} {self.mark}"
        self.title = self.say(f"Reading tutor at {self.school}", f"Läshjälp på {self.school}")
        self.people = {}
        self.key = self.matter = ""

    def say(self, en: str, sv: str) -> str:
        return en if self.language == "en" else sv

    def person(self, who: str, *, script: bool = True):
        """A walker who is signed in as `who` ("" is nobody), in her own browser from then on."""
        from tests.browser.walk import Walker

        if (who, script) not in self.people:
            walker = Walker(self.browser, self.demo.base, who, self.language, self.width, script=script)
            self.people[who, script] = walker.sign_in() if who else walker
        return self.people[who, script]

    def membership(self, who: str) -> int:
        from tests.browser.walk import ADDRESSES

        return self.demo.sql(
            "SELECT m.id FROM people_membership m JOIN people_person p ON p.id = m.person_id WHERE p.email = ?", ADDRESSES[who]
        )[0][0]  # fmt: skip

    @property
    def faults(self) -> list[str]:
        """What was wrong with the pages that somebody looked at."""
        return [fault for walker in self.people.values() for fault in walker.faults]

    def close(self) -> None:
        for walker in self.people.values():
            walker.close()


@pytest.fixture
def story(chromium, demo, request):
    told = Story(chromium, demo, *request.param)
    yield told
    print(*told.faults, sep="\n")
    told.close()


def answer(walker, given: dict) -> None:
    """Answer the questions of a section, also those that an answer opens."""
    for item, value in given.items():
        walker.page.locator(f"#q-{item}").wait_for()
        walker.tick(f"a-{item}", *([value] if isinstance(value, str) else value))


# The story, part by part -------------------------------------------------------------------------------------------


def the_officer_opens_a_matter(story: Story) -> None:
    leila = story.person("leila")
    leila.page.goto(f"{story.demo.base}/accounts/logout/")
    leila.look("sign-out")
    leila.go("/home/").sees("Ordstigen").look("home-officer")
    leila.go("/matters/").look("matters")
    leila.follow("/matters/new/").look("new-matter")
    leila.send().look("new-matter-refused")
    leila.tick("kind", "deployment").fill(
        title=story.title, summary=story.say("Children practise reading aloud.", "Barn övar högläsning."), diary_number="UBN 2026/0777"
    ).choose("system", "Ordstigen").send().told().look("facts")
    story.matter = leila.path.removesuffix("facts/")
    story.key = story.matter.split("/")[2]
    for _round in range(4):
        names = leila.page.locator("main form input").evaluate_all("all => [...new Set(all.map(one => one.name))]")
        for name in names:
            if name in FACTS:
                value = FACTS[name]
                leila.tick(name, *([value] if isinstance(value, str) else value))
        leila.send().told()
        assert leila.path == story.matter
        if _round == 0:
            leila.look("case-new")
        leila.go(story.matter + "facts/")
    leila.go(story.matter + "edit/").fill(
        children_where=story.school, children_say_no=story.say("Yes, one may.", "Ja, det får man."), deciding_body="Utbildningsnämnden"
    ).choose("accountable", "Amina Holm").choose("overseer", "Jonas Berglund")
    leila.choose("deciding_organisation", "utbildningsnämnden").look("edit-matter").send().told()
    leila.sees("Amina Holm", "Jonas Berglund", leila.words("Which rules apply, and why"))
    # Each rule that applies says why, and from where.
    assert leila.page.locator("#rules ~ *").count() >= 3
    leila.sees("2024/1689").look("case-rules")


def sections_are_answered_by_three(story: Story) -> None:
    leila = story.person("leila")
    leila.go(f"/assessments/start/{story.key}/").look("start").send().told().look("assessment")
    story.assessment = leila.path
    sections = dict(zip(
        ["gain", "heard", "safe", "fair", "data", "answer", "vendor"],
        leila.page.locator("tbody th a").evaluate_all("all => all.map(one => one.getAttribute('href'))"), strict=True,
    ))  # fmt: skip
    story.sections = sections
    leila.go(sections["gain"]).look("section")
    saved = leila.page.locator("[data-save-status=section-form] [data-save-text]")
    for item, value in list(GAIN.items()):
        if leila.page.locator(f"#q-{item}").count():
            answer(leila, {item: value})
    sync_api.expect(saved).to_contain_text(leila.words("Saved %(time)s").split("%")[0])
    leila.look("section-saved").send(do="done").told()
    assert leila.path == sections["heard"]
    for name, who in (("safe", "Mikael Strand"), ("vendor", "Ordverket AB")):
        leila.go(sections[name] + "assign/")
        if name == "safe":
            leila.look("assign")
        leila.tick_named("who", who).date("due_on", timezone.localdate() + timedelta(days=9)).send().told()

    for who, name, given in (("mikael", "safe", SAFE), ("vera", "vendor", VENDOR)):
        walker = story.person(who)
        walker.go("/home/").look(f"home-{who}")
        walker.follow(sections[name]).look(f"section-{who}")
        answer(walker, {item: value for item, value in given.items() if walker.page.locator(f"#q-{item}").count()})
        if name == "vendor" and walker.page.locator("#q-v_supply_shown").count():
            answer(walker, {"v_supply_shown": ["datasets_screened"]})
            walker.page.locator("#q-v_supply_shown summary").last.click()
        walker.send(do="done").told()
        assert walker.path == story.assessment, f"{who} is led to {walker.path}"
        # Nothing else of the matter.
        walker.go(story.matter, status=404).look(f"not-for-{who}")
        for other in ("gain", "vendor" if name == "safe" else "safe"):
            walker.go(sections[other], status=404)
        walker.go(f"/matters/{story.key}/facts/", status=404)
    leila.go(sections["vendor"]).sees("Vera Lund").look("section-answered-by-the-vendor")


def a_document_changes_a_claim(story: Story) -> None:
    leila = story.person("leila")
    leila.go(story.matter + "?claims=all").look("case")
    (claim,) = story.demo.sql(
        "SELECT claim.id FROM assurance_claim claim JOIN assurance_case kase ON kase.id = claim.case_id JOIN matters_matter matter"
        " ON matter.id = kase.matter_id WHERE matter.key = ? AND requirement_id = 'alternatives-weighed'", story.key
    )[0]  # fmt: skip
    claim = f"/case/claims/{claim}/"
    leila.follow(claim)
    assert leila.path == claim
    leila.look("claim-missing")
    before = leila.page.locator(".t-status__kind").inner_text()
    leila.main_deed().look("add-document")
    leila.fill(title=story.say("Children's best interests", "Prövning av barnets bästa"))
    if leila.page.locator("input[type=radio][name=document]").count():
        leila.page.locator("input[type=radio][name=document]").first.check()
    leila.page.set_input_files("input[name=file]", {"name": "prov.txt", "mimeType": "text/plain", "buffer": b"What was found.\n"})
    leila.send().told().sees("prov.txt")
    after = leila.page.locator(".t-status__kind").inner_text()
    assert after != before, f"the status stays {before}"
    leila.look("claim-supported")


def the_committee_advises(story: Story) -> None:
    hanna, words = story.person("hanna"), story.say
    name = words(f"Council of {story.school}", f"Rådet för {story.school}")
    hanna.go("/home/").look("home-secretary")
    hanna.go("/committees/").look("committees")
    hanna.go("/committees/new/").look("new-committee")
    hanna.fill(name=name, slug=f"council-{story.mark}", answer_days="14").tick("rule", "simple")
    hanna.page.select_option("select[name=quorum_share]", "1/2")
    hanna.send().told()
    committee = hanna.path
    for who, group in MEMBERS.items():
        hanna.go(committee + "seats/").tick("stakeholder_group", group)
        hanna.page.select_option("select[name=membership]", str(story.membership(who)))  # young people are listed without names
        hanna.send().told()
    hanna.go(committee).look("committee")
    hanna.main_deed()
    tomorrow = timezone.localdate() + timedelta(days=1)  # whatever the hour of the run: a seat counts only when it is older than the meeting
    hanna.date("day", tomorrow).fill(time="16:30", place=words("Room 2", "Rum 2")).look("plan-meeting").send().told().look("meeting")
    meeting = hanna.path
    hanna.main_deed().look("call-item")
    hanna.choose("matter", story.title).fill(title=words(f"May {story.school} use it?", f"Får {story.school} använda den?")).send().told().look("item-called")
    story.item = item = hanna.path
    hanna.go(item + "snapshot/").sees(story.title).look("snapshot")

    ines = story.person("ines")
    ines.go(item).look("item-member").go(item + "interest/").look("interest")
    ines.fill(text=words("My sister works there.", "Min syster arbetar där.")).send().told()
    ines.go(item + "snapshot/").look("snapshot-member")
    hanna.go(item).send("/ask/").told().look("item-asked")

    opinions = {"ungdom1": "support_with_conditions", "rut": "support", "ines": "support_with_conditions", "fredrik": "advise_against"}
    secret = words("Only if we may switch the voice off.", "Bara om vi får stänga av rösten.")
    for number, (who, opinion) in enumerate(opinions.items()):
        member = story.person(who)
        member.go(item)
        if number == 0:
            member.look("opinion")
        if number == 1:  # Rut sees that Elsa has answered, and not what.
            assert secret not in member.page.content()
            assert member.page.locator("[class*=sealed]").count() > 0
            member.look("opinion-others-sealed")
        member.tick("opinion", opinion).fill(reason=secret if number == 0 else words("So I think.", "Så tänker jag."))
        member.send("/opinion/").told()
        if number == 0:
            member.look("opinion-sealed")
            hanna.go(item)
            assert secret not in hanna.page.content()
            hanna.look("item-secretary-sealed")
    story.person("rut").go(item).sees(secret).look("opinions-open")

    hanna.go(meeting).send("/open/").told()
    hanna.go(meeting + "attendance/").look("attendance")
    for box in hanna.page.locator("input[name=present]").all():
        box.check()
    hanna.send().told().look("meeting-open")
    hanna.go(item + "propose/").look("propose")
    story.condition = words(f"The gap is measured every term at {story.school}.", f"Skillnaden mäts varje termin på {story.school}.")
    hanna.tick("kind", "support_with_conditions").fill(
        **{"proposal": words("It is used until June, on one condition.", "Den används till juni, på ett villkor."), "conditions-0-text": story.condition}
    )
    hanna.choose("conditions-0-owner", "Anna Falk").date("conditions-0-due_on", timezone.localdate() + timedelta(days=40))
    hanna.send().told().look("item-voting")
    for number, who in enumerate(MEMBERS):
        member = story.person(who, script=who != "ines").go(item)  # Ines votes without script
        if number == 0:
            member.look("vote")
        member.tick("ballot", "no" if who == "fredrik" else "yes").send("/vote/").told()
    hanna.go(item).send("/close/").told().look("item-counted")

    fredrik = story.person("fredrik").go(item)
    story.dissent = words("The gap is known and nobody has closed it.", "Skillnaden är känd och ingen har åtgärdat den.")
    fredrik.fill(text=story.dissent).look("dissent").send("/dissent/").told()
    hanna.go(item + "advice/").look("advise")
    story.reasons = words("The use is plain and can be followed.", "Nyttan är tydlig och kan följas.")
    hanna.fill(reasons=story.reasons).fill(**{"ways-0-name": words("Follow it", "Följ rådet"), "ways-0-pros": "+", "ways-0-cons": "–"})
    hanna.send().told().look("item-advised")


def the_body_decides(story: Story) -> None:
    leila, item = story.person("leila"), story.item
    leila.go(item + "decision/").look("decide")
    leila.tick("answer", "follows").fill(reasons=story.say("The board agrees.", "Nämnden instämmer."), minute_reference="§ 77")
    leila.page.locator("input[name=taken]").check()
    leila.date("decided_on", timezone.localdate()).send().told().look("item-answered")
    leila.go(story.matter + "?claims=all").sees(story.condition).look("case-with-condition")


def the_councillor_reads_two_pages(story: Story) -> None:
    from docx import Document
    from pypdf import PdfReader

    leila = story.person("leila")
    answer = leila.fetch(f"{story.item}paper.pdf")
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.body()))
    root = pdf.trailer["/Root"]
    assert len(pdf.pages) == 2
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith(story.language)
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert story.dissent[:20] in text
    assert story.condition[:20] in text
    answer = leila.fetch(f"{story.item}paper.docx")
    assert answer.ok
    assert zipfile.is_zipfile(io.BytesIO(answer.body()))
    word = Document(io.BytesIO(answer.body()))
    whole = " ".join([p.text for p in word.paragraphs] + [c.text for t in word.tables for r in t.rows for c in r.cells])
    assert story.condition in whole


def it_is_published(story: Story) -> None:
    leila, index = story.person("leila"), 0 if story.language == "en" else 1
    leila.go(f"/publication/{story.key}/").look("publication").main_deed()
    leila.look("draft")
    leila.fill(**{f"{name}_{story.language}": texts[index] for name, texts in PUBLIC.items()})
    leila.send().told().look("preview")
    version = leila.path
    leila.main_deed()
    leila.look("ask").choose("approver", "Lotta Frisk").send().told().look("publication-waiting")
    lotta = story.person("lotta")
    lotta.go("/home/").look("home-approver").go(version).look("preview-approver").send("/approve/").told()
    leila.go(version).look("preview-approved").send("/publish/").told().look("publication-published")


def the_public_reads_it(story: Story) -> None:
    reader = story.person("")
    reader.go("/register/").look("register")
    reader.page.fill("input[name=q]", story.school)
    reader.page.keyboard.press("Enter")
    link = reader.page.locator(".t-tasks a")
    sync_api.expect(link).to_have_count(1)
    reader.look("register-found")
    link.click()
    story.entry = reader.path.partition("?")[0]
    reader.sees(PUBLIC["headline"][story.language == "sv"], story.dissent, story.reasons, story.condition)
    reader.sees(reader.words("Are you not well, or is someone mean to you?"))
    sync_api.expect(reader.page.locator("#help a[href^='tel:']").first).to_be_visible()
    reader.look("entry-parent")
    reader.go(f"{story.entry}?reading=child").sees(PUBLIC["child_summary"][story.language == "sv"]).look("entry-child")
    reader.go(f"{story.entry}?reading=details").look("entry-details")
    data = reader.fetch(f"{story.entry.rstrip('/')}.json")
    assert story.school in json.dumps(data.json(), ensure_ascii=False)
    assert reader.context.cookies() == [], "a reader of public pages is given no cookie"
    reader.go(f"{story.entry}?reading=child")
    reader.context.route("**/*", lambda route: route.continue_() if route.request.url.startswith(story.demo.base) else route.fulfill(
        content_type="text/html", body="<title>Weather</title>"))  # fmt: skip
    reader.page.locator("a[data-leave]").first.click()
    reader.page.wait_for_url(lambda url: not url.startswith(story.demo.base))


def the_auditor_proves_it(story: Story, folder) -> None:
    oskar = story.person("oskar")
    oskar.go("/home/").look("home-auditor").go(story.matter).sees(story.title).look("case-auditor")
    oskar.go("/about/log/").look("log")
    key = folder / "ledger.pub"
    file = folder / "ledger.jsonl"
    key.write_text(story.demo.trygg("ledger", "key").stdout)
    made = story.demo.trygg("ledger", "export", str(file))
    assert made.returncode == 0, made.stderr
    command = ("ledger", "verify", "--file", str(file), "--key", str(key))
    found = story.demo.trygg(*command)
    assert found.returncode == 0, found.stdout + found.stderr
    file.write_bytes(with_one_byte_changed(file.read_bytes()))
    found = story.demo.trygg(*command)
    assert found.returncode == 1, found.stdout + found.stderr


def with_one_byte_changed(export: bytes) -> bytes:
    """One character of one entry in the middle of the file."""
    lines = export.splitlines(keepends=True)
    number = len(lines) // 2
    at = lines[number].index(b"matters.") if b"matters." in lines[number] else len(lines[number]) // 2
    line = bytearray(lines[number])
    line[at] = line[at] + 1 if line[at] != ord("z") else ord("a")
    return b"".join([*lines[:number], bytes(line), *lines[number + 1 :]])


@pytest.mark.parametrize("story", [("sv", 1280), ("en", 390)], indirect=True, ids=["Swedish-desktop", "English-phone"])
def test_the_same_on_the_other_screen(story):
    """The shorter telling: an idea becomes a public page, and the committee's pages are looked at."""
    the_officer_opens_a_matter(story)
    sections_are_answered_by_three(story)
    it_is_published(story)
    reader = story.person("")
    reader.go("/register/?q=Tall%C3%A5sskolan").look("register-found")
    reader.page.locator(".t-tasks a").first.click()
    reader.look("entry-parent")


@pytest.mark.parametrize("story", [("en", 1280), ("sv", 390)], indirect=True, ids=["English-desktop", "Swedish-phone"])
def test_from_an_idea_to_a_published_decision(story, tmp_path):
    the_officer_opens_a_matter(story)
    sections_are_answered_by_three(story)
    a_document_changes_a_claim(story)
    the_committee_advises(story)
    the_body_decides(story)
    the_councillor_reads_two_pages(story)
    it_is_published(story)
    the_public_reads_it(story)
    the_auditor_proves_it(story, tmp_path)
    assert story.faults == []
