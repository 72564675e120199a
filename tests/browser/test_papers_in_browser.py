"""The papers of a matter, as an officer meets them: the proposed decision, two pages to download, the package and its verifier."""

import io
import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
pytest.importorskip("playwright.sync_api")
pypdf = pytest.importorskip("pypdf")

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "trygg-demo-lindvika"
OFFICER = "leila@lindvika-utbildning.example"


@pytest.fixture(scope="module")
def demo(chromium):
    from tests.browser.site import site

    return site()


def test_from_the_proposed_decision_to_a_package_that_verifies(chromium, demo, tmp_path):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.base}/accounts/login/")
    page.fill("input[name=login]", OFFICER)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    [[key]] = demo.sql("SELECT key FROM matters_matter WHERE diary_number LIKE 'UBN 2026/0417' LIMIT 1")
    case = f"{demo.base}/matters/{key}/"
    page.goto(f"{demo.base}/papers/{key}/proposal/")
    page.fill("textarea[name=text_en]", "The board decides to go on for a term.")
    page.click("main form button[type=submit]")
    assert page.url == case
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Committee report (PDF)", exact=True).click()
    pdf = pypdf.PdfReader(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert len(pdf.pages) <= 2
    assert "The board decides to go on for a term." in " ".join(pdf.pages[0].extract_text().split())
    page.get_by_text("In another language, and a package to keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the decision package").click()
    target = tmp_path / "package.zip"
    waiting.value.save_as(target)
    wrong, right = runpy.run_path(str(ROOT / "docs" / "verify_package.py"))["verify"](str(target), demo.trygg("ledger", "key").stdout.strip())
    assert wrong == []
    assert any("stand in the signed log" in line for line in right)
    context.close()
