"""The decision package: what is in it, that it is the same each time, and that the script in docs finds whatever was changed."""

import hashlib
import io
import json
import os
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from tests.world import NOW
from trygg.kernel.files.models import StoredFile
from trygg.kernel.ledger import keys
from trygg.spine.assurance.models import Claim
from trygg.spine.assurance.services import add_document
from trygg.spine.papers import package
from trygg.spine.papers.tests.scene import matter_with_case, uploaded

pytestmark = pytest.mark.full
ROOT = Path(__file__).parents[5]
SCRIPT = ROOT / "docs" / "verify_package.py"
verify = runpy.run_path(str(SCRIPT))["verify"]
EVIDENCE = b"What the vendor told us about the voices of children.\n" * 40


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker, tmp_path_factory):
    """(bytes of a package, key), made once."""
    from django.db import transaction

    from tests.world import People

    before = settings.TRYGG_FILES
    settings.TRYGG_FILES = tmp_path_factory.mktemp("files")
    keys.make_key()
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True
        outer.__enter__()
        try:
            people = People.make()
            matter = with_evidence(people)
            yield written(matter, people.actor("officer")), str(keys.public_key()), people, matter
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            settings.TRYGG_FILES = before


def with_evidence(people):
    matter = matter_with_case(people)
    claim = Claim.objects.filter(case__matter=matter, origin="requirement").first()
    add_document(
        actor=people.actor("officer"), now=NOW, claim=claim, document="dpia", title="What the vendor says", note="",
        upload=uploaded(EVIDENCE, "../../etc/pass wd å.txt"),
    )  # fmt: skip
    return matter


def written(matter, actor, now=NOW) -> bytes:
    target = io.BytesIO()
    package.write_package(target, matter, actor, now)
    return target.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(content: dict[str, bytes], *more: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in (*content.items(), *more):
            archive.writestr(name, data)
    return target.getvalue()


def checked(tmp_path, content: bytes, key: str = "") -> list[str]:
    path = tmp_path / "package.zip"
    path.write_bytes(content)
    return verify(str(path), key)[0]


def test_it_holds_the_papers_the_case_the_evidence_and_the_record(whole):
    found = members(whole[0])
    digest = hashlib.sha256(EVIDENCE).hexdigest()
    assert sorted(found) == sorted([
        "README.txt", "case.json", f"evidence/{digest[:16]}-pass_wd_.txt", "papers/full-en.pdf", "papers/full-sv.pdf", "papers/report-en.pdf",
        "papers/report-sv.pdf", "record/checkpoint.txt", "record/entries.jsonl", "record/key.txt", "MANIFEST.json", "MANIFEST.sig",
    ])  # fmt: skip
    case = json.loads(found["case.json"])
    assert case["matter"]["title"] == "Ordstigen"
    assert {claim["status"] for claim in case["case"]["claims"]} <= {"missing", "supported", "stale", "contested", "not_required"}
    assert {"assessments", "advice", "snapshots", "packs", "facts", "evidence"} <= set(case)
    assert all(len(pack["sha256"]) == 64 for pack in case["packs"])
    actions = [json.loads(json.loads(line)["leaf"])["action"] for line in found["record/entries.jsonl"].splitlines()]
    assert {"matters.matter_created", "matters.facts_answered", "assurance.evidence_added", "files.file_stored"} <= set(actions)


@pytest.mark.parametrize("paper", ["report-sv", "report-en", "full-sv", "full-en"])
def test_its_papers_are_pdf_a_and_accessible(whole, paper):
    said = PdfReader(io.BytesIO(members(whole[0])[f"papers/{paper}.pdf"])).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in said
    assert "pdfuaid:part" in said


def test_the_same_state_gives_the_same_bytes_whoever_reads_which_language(whole):
    from django.utils import translation

    _content, _key, people, matter = whole
    with translation.override("sv"):
        again = written(matter, people.actor("officer"))
    assert again == whole[0]


def test_it_verifies(whole, tmp_path):
    content, key, *_rest = whole
    path = tmp_path / "package.zip"
    path.write_bytes(content)
    wrong, right = verify(str(path), key)
    assert wrong == []
    for words in ("each is what the manifest says", "the manifest is signed by", "stand in the signed log", "against the key that you gave"):
        assert any(words in line for line in right), words


def test_the_script_runs_alone_and_says_how_the_signature_was_checked(whole, tmp_path):
    path = tmp_path / "package.zip"
    path.write_bytes(whole[0])
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(path), "--key", whole[1]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "signatures were checked with" in done.stdout
    path.write_bytes(whole[0].replace(b"MANIFEST.sig", b"MANIFEST.sih"))
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "WRONG" in done.stdout


def test_without_the_package_cryptography_openssl_checks_the_signature_or_it_is_said_that_nobody_did(whole, tmp_path):
    path = tmp_path / "package.zip"
    path.write_bytes(whole[0])
    (tmp_path / "cryptography.py").write_text("raise ImportError")
    for search, codes in ((os.environ["PATH"], (0, 1)), (str(tmp_path / "nothing"), (1,))):
        done = subprocess.run(
            [sys.executable, str(SCRIPT), str(path), "--key", whole[1]], capture_output=True, text=True, check=False,
            env={"PYTHONPATH": str(tmp_path), "PATH": search},
        )  # fmt: skip
        assert done.returncode in codes, done.stdout + done.stderr
        assert ("checked with openssl" in done.stdout) == (done.returncode == 0)
        assert ("NOT checked" in done.stdout) == (done.returncode == 1)
        assert "each is what the manifest says" in done.stdout


def test_one_byte_changed_in_any_member_is_found(whole, tmp_path):
    found = members(whole[0])
    for name, data in found.items():
        for place in (0, len(data) // 2, len(data) - 3, len(data) - 1):
            changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            assert checked(tmp_path, rebuilt(found | {name: changed})), f"{name} at {place}"


def test_one_byte_changed_in_the_file_itself_is_found(whole, tmp_path):
    content = whole[0]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        places = [info.header_offset + 30 + len(info.filename) + info.compress_size // 2 for info in archive.infolist()]
    for place in places:
        assert checked(tmp_path, content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]), place


def test_a_member_taken_out_or_put_in_is_found_by_name(whole, tmp_path):
    found = members(whole[0])
    for name in found:
        wrong = checked(tmp_path, rebuilt({kept: data for kept, data in found.items() if kept != name}))
        assert any(name in line for line in wrong), name
    assert checked(tmp_path, rebuilt(found, ("evidence/more.txt", b"x"))) == ["evidence/more.txt was added: the manifest does not list it"]


def test_who_changes_the_manifest_too_is_found_by_the_signature(whole, tmp_path):
    found = members(whole[0])
    altered = found["case.json"].replace(b"Ordstigen", b"Ordstugan")
    manifest = json.loads(found["MANIFEST.json"])
    for entry in manifest["files"]:
        if entry["path"] == "case.json":
            entry["sha256"], entry["size"] = hashlib.sha256(altered).hexdigest(), len(altered)
    wrong = checked(tmp_path, rebuilt(found | {"case.json": altered, "MANIFEST.json": json.dumps(manifest).encode()}))
    assert "MANIFEST.json was altered: it is not what was signed" in wrong


def test_who_signs_with_a_key_of_his_own_is_found_by_the_key_from_elsewhere(whole, tmp_path):
    other = "trygg.example/other+00000000+AQ=="
    assert any("not the key that you gave" in line for line in checked(tmp_path, whole[0], other))


def test_an_entry_that_is_left_out_of_its_place_is_found(whole, tmp_path):
    found = members(whole[0])
    lines = found["record/entries.jsonl"].splitlines(keepends=True)
    swapped = b"".join([lines[1], lines[0], *lines[2:]])
    wrong = checked(tmp_path, rebuilt(found | {"record/entries.jsonl": swapped}))
    assert any("out of its place" in line for line in wrong)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "a/../../b", "C:\\x.txt", "evidence\\x", "evidence//x", "./x"])
def test_names_that_lead_elsewhere_are_refused_before_anything_is_read(whole, tmp_path, name):
    wrong = checked(tmp_path, rebuilt(members(whole[0]), (name, b"x")))
    assert wrong
    assert all("leads elsewhere" in line for line in wrong)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..", "con.txt", "a\\b\\c.pdf", "å ä ö.pdf", ".htaccess", "x" * 300 + ".docx", "\u202egpj.exe", "/"]
)
def test_no_name_of_a_file_leads_elsewhere(name):
    made = package.safe_name(StoredFile(name=name, sha256="ab" * 32))
    assert made.startswith("abababababababab-")
    assert len(made) < 100
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert ".." not in made


def test_a_file_that_was_altered_in_the_store_is_told_and_nothing_is_sent(people, signed_in, clock, settings, tmp_path):
    settings.TRYGG_FILES = tmp_path / "files"
    keys.make_key()
    matter = with_evidence(people)
    client = signed_in(people.actor("officer"))
    url = reverse("papers:package", args=[matter.key])
    answer = client.post(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert checked(tmp_path, b"".join(answer.streaming_content)) == []
    stored = StoredFile.objects.get()
    (settings.TRYGG_FILES / stored.stored_as).write_bytes(EVIDENCE[:-1] + b"!")
    answer = client.post(url, follow=True)
    assert "is not what it was when it was stored" in answer.content.decode()


def test_who_does_not_see_the_matter_gets_no_package_and_it_takes_a_post(people, signed_in, clock):
    matter = matter_with_case(people)
    url = reverse("papers:package", args=[matter.key])
    assert signed_in(people.actor("outsider")).post(url).status_code == 404
    assert signed_in(people.actor("officer")).get(url).status_code == 405


def test_details_beside_the_record_are_only_for_those_who_may_read_the_record(whole):
    _content, _key, people, matter = whole
    for who, sees in (("officer", False), ("auditor", True)):
        entries = [json.loads(line) for line in members(written(matter, people.actor(who)))["record/entries.jsonl"].splitlines()]
        assert any(entry["details"] for entry in entries) == sees, who
