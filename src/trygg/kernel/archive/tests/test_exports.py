"""Asking for an archive, following it, fetching it; and what goes when its time is over."""

import hashlib
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.world import NOW
from trygg.kernel.access import Actor, Role
from trygg.kernel.archive import jobs, keeping
from trygg.kernel.archive.checking import check_archive
from trygg.kernel.archive.models import Export
from trygg.kernel.archive.services import exporting
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.tests.examples import stored_file
from trygg.kernel.ledger import keys
from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.models import Organisation

SYSTEM = Actor.system("tests")
GIVEN = {"purpose": "Moving to another host", "understood": "on"}


@pytest.fixture(autouse=True)
def home(db):
    """A key to sign with, and no archives of other tests: rows are taken back after a test, files are not."""
    keys.make_key()
    for path in keeping.folder().iterdir():
        path.unlink()


@pytest.fixture
def administrator(people, signed_in, clock):
    return signed_in(people.actor(Role.ADMINISTRATOR))


def test_an_administrator_asks_sees_and_fetches(administrator, people):
    page = administrator.get(reverse("archive:ask"))
    assert page.status_code == 200
    assert "names and e-mail addresses of 9 people" in page.content.decode()

    answer = administrator.post(reverse("archive:ask"), GIVEN, follow=True)
    export = Export.objects.get()
    assert export.state == Export.State.READY, export.fault  # the tests' tasks run at once
    assert "ready to fetch" in answer.content.decode() and export.sha256 in answer.content.decode()
    assert keeping.path_of(export.pk).stat().st_mode & 0o777 == 0o600

    fetched = administrator.post(reverse("archive:fetch", args=[export.pk]))
    assert fetched["Content-Type"] == "application/zip" and "lindvika-bun" in fetched["Content-Disposition"]
    path = Path(settings.TRYGG_HOME) / "fetched.zip"
    path.write_bytes(b"".join(fetched.streaming_content))
    assert check_archive(path).rows["people.person"] == 9
    acts = list(Entry.objects.filter(action__startswith="archive.").order_by("index").values_list("action", flat=True))
    assert acts == ["archive.export_asked", "archive.export_written", "archive.export_fetched"]
    export.refresh_from_db()
    assert export.fetched == 1
    path.unlink()


def test_it_is_not_fetched_by_a_link(administrator, people):
    export = exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    assert administrator.get(reverse("archive:fetch", args=[export.pk])).status_code == 405


@pytest.mark.parametrize("given", [{"purpose": "x"}, {"purpose": " ", "understood": "on"}, {"understood": "on"}])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(administrator, given):
    answer = administrator.post(reverse("archive:ask"), given)
    assert answer.status_code == 422 and not Export.objects.exists()
    if given.get("purpose") == "x":
        assert 'value="x"' in answer.content.decode()


def test_one_at_a_time(administrator, people):
    exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    answer = administrator.post(reverse("archive:ask"), GIVEN)
    assert answer.status_code == 422 and "already" in answer.content.decode()
    assert Export.objects.count() == 1


@pytest.mark.parametrize("who", [Role.OFFICER, Role.DATA_STEWARD, Role.VENDOR, "partner", "outsider"])
def test_others_do_not_even_see_it(people, signed_in, clock, who):
    export = exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    client = signed_in(people.actor(who))
    assert client.get(reverse("archive:export", args=[export.pk])).status_code == 404
    assert client.post(reverse("archive:fetch", args=[export.pk])).status_code == 404
    assert client.get(reverse("archive:ask")).status_code == 403


def test_cancelled_before_it_is_written(people, administrator):
    export = exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    assert administrator.post(reverse("archive:cancel", args=[export.pk])).status_code == 302
    jobs.write_in_background.enqueue(export.pk)
    export.refresh_from_db()
    assert export.state == Export.State.CANCELLED and not keeping.path_of(export.pk).exists()


def test_cancelled_while_it_is_written(people, monkeypatch):
    export = exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    monkeypatch.setattr(jobs, "EVERY", -1.0)

    def cancel_first(organisation, path, *, now, progress):
        exporting.cancel_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, export=export)
        progress(1, 2)
        raise AssertionError("it went on")

    monkeypatch.setattr(jobs, "write_archive", cancel_first)
    assert jobs.write(export).state == Export.State.CANCELLED
    assert not keeping.path_of(export.pk).exists()


def test_a_full_disk_is_said(administrator, people, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jobs, "write_archive", full)
    answer = administrator.post(reverse("archive:ask"), GIVEN, follow=True)
    assert Export.objects.get().state == Export.State.FAILED
    assert "The disk is full" in answer.content.decode()
    assert not list(keeping.folder().glob("*.part"))


def test_it_goes_when_its_time_is_over(people, administrator, signed_in, clock):
    administrator.post(reverse("archive:ask"), GIVEN)
    export = Export.objects.get()
    assert exporting.delete_expired(actor=SYSTEM, now=NOW + timedelta(days=6)) == 0
    clock(NOW + timedelta(days=8))
    signed_in(people.actor(Role.ADMINISTRATOR))
    answer = administrator.post(reverse("archive:fetch", args=[export.pk]), follow=True)
    assert "not kept any more" in answer.content.decode()
    with pytest.raises(ValidationError):
        exporting.fetch_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW + timedelta(days=8), export=export)


def test_the_nightly_job_deletes_the_file(people, django_capture_on_commit_callbacks):
    export = exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    jobs.write(export)
    export.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        assert exporting.delete_expired(actor=SYSTEM, now=export.expires_at) == 1
    export.refresh_from_db()
    assert export.state == Export.State.DELETED and not keeping.path_of(export.pk).exists()


def test_strays_of_a_killed_worker_go(people):
    stray, kept = keeping.folder() / ".export-9.zip.123.part", keeping.path_of(exporting_ready(people).pk)
    stray.write_bytes(b"half")
    keeping.forget_strays(before=NOW + timedelta(days=40_000))
    assert not stray.exists() and kept.exists()


def exporting_ready(people) -> Export:
    from trygg.kernel.archive.tests.examples import ready

    return ready(people)


def test_what_is_in_quarantine_is_named_and_its_content_is_not_in_it(people):
    folder = Path(settings.TRYGG_FILES)
    for content, quarantined in ((b"open", None), (b"never to be seen", NOW)):
        sha256 = hashlib.sha256(content).hexdigest()
        (folder / sha256[:2]).mkdir(parents=True, exist_ok=True)
        (folder / sha256[:2] / sha256).write_bytes(content)
        stored_file(people, sha256=sha256, stored_as=f"{sha256[:2]}/{sha256}", quarantined_at=quarantined, subject_type="", subject_id="")
    export = exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    export = jobs.write(export)
    assert (export.report["files"], export.report["shut"]) == (1, 1)
    path = keeping.path_of(export.pk)
    with zipfile.ZipFile(path) as opened:
        held = [opened.read(name) for name in opened.namelist() if name.startswith("files/")]
        assert held == [b"open"] and b"never to be seen" not in b"".join(opened.read(name) for name in opened.namelist() if not name.startswith("record"))
    assert check_archive(path).rows["files.storedfile"] == 2


def test_a_file_that_is_gone_from_the_disk_is_told(people):
    stored_file(people, sha256="cd" * 32, stored_as=f"cd/{'cd' * 32}", subject_type="", subject_id="")
    export = exporting.ask_for_export(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, purpose="x")
    export = jobs.write(export)
    assert export.report["lost"] == 1
    assert check_archive(keeping.path_of(export.pk)).missing == ["cd" * 32]
    assert StoredFile.objects.count() == 1


def test_another_organisation_s_rows_are_not_in_it(people):
    other = Organisation.objects.get(slug="thornbury")
    export = jobs.write(exporting.ask_for_export(actor=SYSTEM, now=NOW, organisation=other, purpose="x"))
    found = check_archive(keeping.path_of(export.pk))
    assert found.rows["people.person"] == 1 and found.named.get("people.organisation", 0) == 0
    with zipfile.ZipFile(keeping.path_of(export.pk)) as opened:
        assert b"lindvika" not in b"".join(opened.read(name) for name in opened.namelist())
