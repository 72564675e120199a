"""The pages of the import, as people meet them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.world import NOW
from trygg.spine.matters.imports import services
from trygg.spine.matters.models import ImportRun, System
from trygg.spine.matters.tests import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(people, signed_in, django_capture_on_commit_callbacks):
    return signed_in(people.actor("officer"))


def upload(browser, content, name="register.csv", **more):
    return browser.post(reverse("matters:imports"), {"file": SimpleUploadedFile(name, content), **more})


def at(name, run, **more):
    return reverse(f"matters:{name}", kwargs={"run_id": run.pk, **more})


def test_upload_choose_columns_look_apply_undo(browser):
    assert browser.get(reverse("matters:imports")).status_code == 200
    response = upload(browser, scene.table())
    run = ImportRun.objects.get()
    assert response.url == at("import_columns", run)
    page = browser.get(response.url)
    form = page.context["form"]
    assert form["to_summary"].initial == "description"
    given = {name: form[name].initial or "" for name in form.fields if name != "html"} | {"source": "Lindvikas register", "to_unit": "note"}
    response = browser.post(response.url, given)
    assert response.url == at("import_run", run)
    page = browser.get(response.url)
    assert "3 new systems can come in" in page.content.decode()
    run.refresh_from_db()
    assert (run.mapping["source"], run.mapping["fields"]["unit"]["from"]) == ("Lindvikas register", "note")
    browser.post(at("import_apply", run))
    page = browser.get(at("import_run", run)).content.decode()
    assert "3 new systems came in" in page
    assert System.objects.count() == 3
    browser.post(at("import_undo", run))
    assert "3 systems were taken out" in browser.get(at("import_run", run)).content.decode()
    assert not System.objects.exists()


def test_a_known_standard_is_recognised_and_read_at_once(browser):
    content = b'[{"name": "A", "description_short": "x", "publication_category": "Overige algoritmes", "goal": "<p>Hi<script>x</script></p>"}]'
    response = upload(browser, content, "register.json")
    run = ImportRun.objects.get()
    assert response.url == at("import_run", run)
    page = browser.get(response.url).content.decode()
    assert "Dutch publication standard 1.0" in page
    assert "The file is JSON." in page
    row = browser.get(at("import_row", run, number=1)).content.decode()
    assert "<p>Hi</p>" in row
    assert "<script>x" not in row


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"%PDF-1.7 x", "is a PDF"), (b"name,name\n1,2\n", "two columns are called"), (b"name\n1\n", "only one column")],
)
def test_a_file_that_cannot_be_read_is_answered_with_why(browser, content, said):
    response = upload(browser, content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not ImportRun.objects.exists()


def test_how_the_file_is_read_can_be_corrected(browser):
    response = upload(browser, "name;id\nSkolväg;1\n".encode("utf-16"), encoding="utf-16", delimiter=";")
    assert response.status_code == 302
    run = ImportRun.objects.get()
    assert run.detected["options"] == {"encoding": "utf-16", "delimiter": ";"}
    response = upload(browser, scene.table(), delimiter="|")
    assert response.status_code == 422
    assert response.context["form"].corrected


def test_a_file_that_goes_wrong_below_its_head_fails_and_says_where(browser, people):
    upload(browser, scene.table(), "good.csv")
    run = scene.staged(people, scene.table() + b"x,y\n")
    page = browser.get(at("import_run", run)).content.decode()
    assert "The file could not be read" in page
    assert "row 5" in page


def test_rows_are_filtered_searched_and_paged(browser, people):
    rows = [(f"S{n}", f"System {n:03}", "L", "", "no address" if n % 10 == 0 else "", "") for n in range(60)]
    run = scene.staged(people, scene.table([*rows, ("S1", "Twice", "L", "", "", "")]))
    seen = lambda query: [row.number for row in browser.get(at("import_run", run) + query).context["page_obj"]]  # noqa: E731
    assert len(seen("")) == 25
    assert seen("?page=3") == list(range(52, 63))
    assert seen("?show=ambiguous") == [3, 62]
    assert seen("?show=remarks") == [2, 12, 22, 32, 42, 52]
    assert seen("?q=twice") == [62]
    assert seen("?show=nonsense&page=x")[0] == 2


def test_a_row_that_waits_is_settled_by_a_person(browser, people):
    run = scene.staged(people, scene.table([scene.CHATBOT, scene.CHATBOT, scene.ABSENCE]))
    page = browser.get(at("import_row", run, number=2))
    assert "It is not clear which system this is" in page.content.decode()
    assert browser.post(at("import_row", run, number=2), {"choice": "7"}).status_code == 422
    assert browser.post(at("import_row", run, number=2), {"choice": "new"}).url == at("import_row", run, number=3)
    assert browser.post(at("import_row", run, number=3), {"choice": "skip"}).url == at("import_run", run)
    browser.post(at("import_apply", run))
    assert System.objects.count() == 2
    assert "Left out by choice" in browser.get(at("import_run", run)).content.decode()


def test_what_changed_meanwhile_is_looked_through_again(browser, people):
    first, second = scene.staged(people), scene.staged(people)
    browser.post(at("import_apply", first))
    page = browser.post(at("import_apply", second), follow=True).content.decode()
    assert "nothing came in" in page
    assert "The file holds nothing new" in page


def test_a_double_submit_applies_once(browser, people):
    run = scene.staged(people)
    for _ in range(2):
        browser.post(at("import_apply", run))
    assert System.objects.count() == 3


def test_discard_and_go_on(browser, people):
    run = scene.begun(people)
    page = browser.get(at("import_run", run))
    assert "The file is being read" in page.content.decode()
    assert page.context["job"].refresh
    browser.post(at("import_again", run))
    run.refresh_from_db()
    assert run.state == "ready"
    browser.post(at("import_discard", run))
    assert "Nothing of it came" in browser.get(at("import_run", run)).content.decode()


def test_an_auditor_looks_and_changes_nothing(people, signed_in):
    run = scene.staged(people)
    browser = signed_in(people.actor("auditor"))
    assert browser.get(at("import_run", run)).status_code == 200
    assert "Import the systems" not in browser.get(at("import_run", run)).content.decode()
    assert browser.post(at("import_apply", run)).status_code == 404
    assert upload(browser, scene.table()).status_code == 403


@pytest.mark.parametrize("who", ["outsider", "partner", "vendor", "contributor"])
def test_others_do_not_learn_that_it_exists(people, signed_in, who):
    run = scene.staged(people)
    browser = signed_in(people.actor(who))
    for name in ("import_run", "import_columns"):
        assert browser.get(at(name, run)).status_code == 404


def test_export_says_what_does_not_fit_and_gives_files(browser, people):
    run = scene.staged(people, scene.table([("A1", "N" * 101, "L", "", "", ""), scene.ABSENCE]))
    services.apply_import(actor=people.actor("officer"), now=NOW, run=run)
    page = browser.get(reverse("matters:export") + "?standard=nl-1.0").content.decode()
    assert "allows 100" in page
    for standard, form in (("json", "json"), ("csv", "csv"), ("nl-1.0", "json"), ("nl-1.0", "csv")):
        response = browser.get(reverse("matters:export_file", kwargs={"standard": standard, "form": form}))
        assert b"N" * 101 in b"".join(response.streaming_content)
    assert browser.get(reverse("matters:export_file", kwargs={"standard": "xml", "form": "json"})).status_code == 404


def test_a_system_shows_its_record_with_html_made_harmless(browser, people):
    run = scene.applied(people)
    system = System.objects.get(source_id="A1")
    system.record |= {"purpose": "<b>Help</b><script>x</script>", "html_fields": ["purpose"]}
    system.save()
    page = browser.get(reverse("matters:system", kwargs={"system_id": system.pk})).content.decode()
    assert "<b>Help</b>" in page
    assert "<script>x" not in page
    assert run.state == "applied"
