"""A stored file: downloaded through an access check only, shut away unseen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import NOW
from trygg.kernel.access import Role
from trygg.kernel.files import services
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.selectors import files_of
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger import unit_of_work
from trygg.kernel.ledger.models import Entry


@pytest.fixture
def store(people):
    """`store(name, content)`: an upload, kept for the subject "tests.thing" 1 of the board."""

    def store(name="protokoll.txt", content=b"text", organisation=None):
        upload = read_upload(SimpleUploadedFile(name, content))
        with unit_of_work(actor=people.actor(Role.OFFICER), now=NOW) as work:
            return services.store_file(
                work, upload=upload, subject_type="tests.thing", subject_id="1", organisation=organisation or people.board, now=NOW
            )

    return store


def test_whoever_sees_the_subject_may_download(people, clock, store, signed_in):
    stored = store()
    answer = signed_in(people.actor(Role.OFFICER)).get(f"/files/{stored.pk}/")
    assert b"".join(answer.streaming_content) == b"text"
    assert answer["Content-Disposition"] == 'attachment; filename="protokoll.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("who", ["partner", "outsider", "vendor"])
def test_nobody_else_may(people, clock, store, signed_in, who):
    assert signed_in(people.actor(who)).get(f"/files/{store().pk}/").status_code == 404


def test_a_name_in_another_script_survives(people, clock, store, signed_in):
    stored = store(name="Bedömning – åk 3.txt")
    answer = signed_in(people.actor(Role.OFFICER)).get(f"/files/{stored.pk}/")
    assert "%C3%B6" in answer["Content-Disposition"]


def test_the_store_is_not_on_the_web(clock, store, client):
    stored = store()
    for path in (f"/files/{stored.stored_as}", f"/static/{stored.stored_as}", f"/media/{stored.stored_as}"):
        assert client.get(path).status_code in (302, 404)


def test_it_is_recorded_by_hash_not_by_name(store):
    stored = store()
    entry = Entry.objects.get(action="files.file_stored")
    assert stored.sha256.encode() in bytes(entry.leaf) and b"protokoll" not in bytes(entry.leaf)


def quarantine(people, stored, reason="May show abuse"):
    services.quarantine_file(actor=people.actor(Role.SAFEGUARDING_LEAD), now=NOW, stored=stored, reason=reason)


def test_quarantine_hides_it_from_everyone(people, clock, store, signed_in):
    stored = store()
    officer = people.actor(Role.OFFICER)
    assert files_of(officer, "tests.thing", ["1"]) == {"1": [stored]}
    quarantine(people, stored)
    assert files_of(officer, "tests.thing", ["1"]) == {}
    for who in (Role.OFFICER, Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR):
        assert signed_in(people.actor(who)).get(f"/files/{stored.pk}/").status_code == 404


def test_quarantine_holds_for_every_copy_old_and_new(people, store):
    first, same = store(), store(name="annat namn.txt", organisation=people.agency)
    quarantine(people, first)
    later = store(name="igen.txt")
    assert StoredFile.objects.filter(pk__in=[first.pk, same.pk, later.pk], quarantined_at=None).count() == 0


def test_quarantine_twice_keeps_the_first_reason(people, store):
    stored = store()
    quarantine(people, stored, "First")
    quarantine(people, StoredFile.objects.get(), "Second")
    assert StoredFile.objects.get().quarantine_reason == "First"
    assert Entry.objects.filter(action="files.file_quarantined").count() == 1


def test_the_page_of_quarantine_does_not_show_the_file(people, clock, store, signed_in):
    stored = store(content=b"what nobody should read")
    client = signed_in(people.actor(Role.SAFEGUARDING_LEAD))
    page = client.get(f"/files/{stored.pk}/quarantine/")
    assert page.status_code == 200 and b"what nobody" not in page.content and f"/files/{stored.pk}/\"".encode() not in page.content
    assert client.post(f"/files/{stored.pk}/quarantine/", {"reason": ""}).status_code == 422
    assert client.post(f"/files/{stored.pk}/quarantine/", {"reason": "x"}).status_code == 302


def test_a_file_whose_content_is_gone_is_a_404(people, clock, store, signed_in, settings):
    stored = store()
    (settings.TRYGG_FILES / stored.stored_as).unlink()
    assert signed_in(people.actor(Role.OFFICER)).get(f"/files/{stored.pk}/").status_code == 404


def test_a_removed_file_is_gone_and_its_row_stays(people, store):
    stored = store()
    with unit_of_work(actor=people.actor(Role.OFFICER), now=NOW) as work:
        services.remove_file(work, stored=stored, now=NOW)
    assert files_of(people.actor(Role.OFFICER), "tests.thing", ["1"]) == {}
    assert StoredFile.objects.get().removed_at == NOW
