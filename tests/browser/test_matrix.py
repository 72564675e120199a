"""Every page, in two languages, at two widths: axe finds nothing, one heading, nothing sideways, no error on the console."""

import pytest

from tests.browser.conftest import NARROW, NARROWEST, WIDE, keep_picture, open_browser, sideways
from tests.invariants.urls import Address, addresses
from trygg.kernel.access import ANONYMOUS
from trygg.kernel.access.pages import guard_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Answers that are no pages, with the reason.
NO_PAGE = {
    "papers:paper": "a file", "papers:workbook": "a file", "papers:standard": "a file", "papers:preview": "a file",
    "files:read": "a PDF", "fairness:report_pdf": "a file", "fairness:audit_json": "data", "public:case_json": "data",
    "public:version_case_json": "data",
    "files:download": "a file", "matters:export_file": "a file", "committees:paper_pdf": "a file", "committees:paper_word": "a file",
    "frameworks:file": "a file", "committees:calendar": "a file",
    "assessments:score_json": "data", "assessments:tender_word": "a file", "public:register_json": "data", "public:register_csv": "data",
    "public:entry_json": "data", "public:version_json": "data",
    "public:checkpoint": "text", "ui:components": "only in debug; kernel/ui tests it",
    "account_logout": "signs out", "mfa_download_recovery_codes": "a file", "openid_connect_login": "leads elsewhere",
    "openid_connect_callback": "comes from elsewhere", "socialaccount_signup": "only on the way from elsewhere",
}  # fmt: skip
# Who opens a page when several may: whoever sees most of it.
ANSWERS = {"socialaccount_login_error": 401}  # a page that is about a failure
FIRST = ("officer", "committee_secretary", "committee_member", "administrator", "safeguarding_lead", "vendor")


def pages() -> list[Address]:
    found = []
    for address in addresses():
        guard = guard_of(address.view)
        if guard is not None and "GET" in guard.methods and address.name not in NO_PAGE and not address.name.startswith("api-1:"):
            found.append(address)
    return found


def visitor_for(address: Address, site):
    """The first who is admitted; nobody in particular on public pages and on sign-in pages."""
    guard, world = guard_of(address.view), site.world
    signed_in_only = ("account_change", "account_set", "account_re", "mfa_", "socialaccount_connections")
    if guard.public and guard.action is None and not address.name.startswith(signed_in_only):
        return None
    actors = world.people.actors(world.now)
    if address.name.startswith("mfa_"):
        return actors["administrator"]
    kwargs = world.kwargs(address.name, list(address.arguments))
    for who in (*FIRST, *actors):
        if guard.admits(actors[who], kwargs):
            return actors[who]
    return ANONYMOUS


@pytest.fixture(scope="module")
def browsers(chromium, site):
    """One browser a visitor, language and width, kept for the module: making one costs more than a page."""
    made = {}

    def browser(actor, language: str, width: int):
        key = (actor and actor.membership_id, language, width)
        if key not in made:
            made[key] = open_browser(chromium, site, actor, language, width)
        return made[key]

    yield browser
    for visit in made.values():
        visit.page.context.close()


@pytest.mark.parametrize("address", pages(), ids=str)
def test_a_page_is_accessible(address: Address, site, browsers, axe_clean):
    world = site.world
    path = address.path(world.kwargs(address.name, list(address.arguments))) + world.queries.get(address.name, "")
    actor = visitor_for(address, site)
    wrong = []
    for language in ("en", "sv"):
        for width in (WIDE, NARROW):
            visit = browsers(actor, language, width).open(path)
            page = visit.page
            told = f"{language} {width} {path}"
            keep_picture(page, f"{address.name.replace(':', '-')}-{language}-{width}")
            wrong += [f"{told}: axe: {fault}" for fault in axe_clean(page)]
            if page.locator("h1").count() != 1:
                wrong.append(f"{told}: {page.locator('h1').count()} h1")
            if page.locator("html").get_attribute("lang") != language:
                wrong.append(f"{told}: lang={page.locator('html').get_attribute('lang')}")
            if width == NARROW:
                page.set_viewport_size({"width": NARROWEST, "height": 900})
                if sideways(page):
                    wrong.append(f"{told}: {sideways(page)} px sideways at {NARROWEST}")
                page.set_viewport_size({"width": width, "height": 900})
            elif sideways(page):
                wrong.append(f"{told}: {sideways(page)} px sideways")
            if visit.status != ANSWERS.get(address.name, 200):
                wrong.append(f"{told}: answered {visit.status}")
            wrong += [f"{told}: {fault}" for fault in visit.faults if not (visit.status >= 400 and "Failed to load resource" in fault)]
    assert wrong == []
