"""Archives that were altered, made up or cut off: refused with a sentence that names the place, with nothing written."""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world import NOW
from trygg.kernel.access import Actor
from trygg.kernel.archive.checking import check_archive
from trygg.kernel.archive.leaving import SUMS, write_archive
from trygg.kernel.archive.models import Arrival
from trygg.kernel.archive.opening import LIMITS, Archive, Limits, NoArchive
from trygg.kernel.archive.services import arriving
from trygg.kernel.people.models import Membership, Organisation, Person

pytestmark = [pytest.mark.django_db, pytest.mark.full]
SYSTEM = Actor.system("tests")


@pytest.fixture(scope="module")
def sound(frozen_world, django_db_blocker, tmp_path_factory):
    """The archive of the board, as it should be."""
    path = tmp_path_factory.mktemp("sound") / "board.zip"
    with django_db_blocker.unblock():
        write_archive(frozen_world.people.board, path, now=frozen_world.now)
    return path


def altered(sound: Path, target: Path, name: str, change: Callable[[bytes], bytes], *, sums: bool = True) -> Path:
    """A copy of the archive with one member changed, and its sum as well: by somebody who knows what they do."""
    with zipfile.ZipFile(sound) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        content = {each: before.read(each) for each in before.namelist()}
        content[name] = change(content.get(name, b""))
        if sums:
            listed = [each for each in sorted(content) if each != SUMS]
            content[SUMS] = "".join(f"{hashlib.sha256(content[each]).hexdigest()}  {each}\n" for each in listed).encode()
        for each, data in content.items():
            after.writestr(each, data)
    return target


def rows(change: Callable[[list[dict]], object]) -> Callable[[bytes], bytes]:
    """A change of the rows of a table."""

    def of(content: bytes) -> bytes:
        found = [json.loads(line) for line in content.decode().splitlines()]
        change(found)
        return "".join(json.dumps(row) + "\n" for row in found).encode()

    return of


def counted(sound: Path, target: Path, label: str, change: Callable[[list[dict]], object]) -> Path:
    """The same, and about.json tells of as many rows as there are."""
    step = altered(sound, target.with_suffix(".step"), f"data/{label}.jsonl", rows(change))
    with zipfile.ZipFile(step) as opened:
        number = len(opened.read(f"data/{label}.jsonl").splitlines())

    def say(content: bytes) -> bytes:
        about = json.loads(content)
        about["rows"][label] = number
        return json.dumps(about).encode()

    return altered(step, target, "about.json", say)


def refused(path: Path, words: str, limits: Limits = LIMITS) -> None:
    with pytest.raises(NoArchive, match=words) as found:
        check_archive(path, limits=limits)
    assert str(found.value)[0] != " " and len(str(found.value)) > 20


def test_the_sound_one_passes(sound):
    found = check_archive(sound)
    assert found.rows["people.organisation"] == 1 and sum(found.rows.values()) > 100
    assert found.record.entries > 20


# The ZIP --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "files/../about.json", "data/matters.fact.jsonl/x", "C:\\x", "files/ABC"])
def test_a_name_that_leads_elsewhere(sound, tmp_path, name):
    refused(altered(sound, tmp_path / "a.zip", name, lambda content: b"x"), "is no name that an archive of Trygg holds")


def test_a_link_to_elsewhere_is_no_member_either(sound, tmp_path):
    with zipfile.ZipFile(altered(sound, tmp_path / "a.zip", "README.txt", lambda content: content), "a") as opened:
        info = zipfile.ZipInfo("files/link")
        info.external_attr = 0o120777 << 16
        opened.writestr(info, "/etc/passwd")
    refused(tmp_path / "a.zip", "is no name that an archive of Trygg holds")


def test_a_bomb(sound, tmp_path):
    path = altered(sound, tmp_path / "a.zip", "data/matters.fact.jsonl", lambda content: content + b" " * 40_000_000)
    refused(path, r"data/matters.fact.jsonl would unpack to \d+ bytes from \d+: that is how an attack looks")


def test_too_much_in_all_and_too_many(sound):
    refused(sound, "would unpack to", Limits(total=1000))
    refused(sound, r"holds \d+ files; at most 3", Limits(members=3))


def test_a_huge_line(sound):
    refused(sound, r"\.jsonl, line \d+: it is longer than 300 bytes", Limits(line=300))


def test_cut_off(sound, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(sound.read_bytes()[:-5000])
    refused(path, "is no archive, or is cut off")


def test_damaged_in_the_middle(sound, tmp_path):
    data = bytearray(sound.read_bytes())
    with zipfile.ZipFile(sound) as opened:
        info = opened.getinfo("data/matters.fact.jsonl")
    middle = info.header_offset + 200
    data[middle : middle + 20] = bytes(byte ^ 0x55 for byte in data[middle : middle + 20])
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    refused(path, r"data/matters.fact.jsonl is damaged|data/matters.fact.jsonl: its content is not what its sum says")


def test_no_zip_and_no_file(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"Not a ZIP")
    refused(path, "is no archive")
    refused(tmp_path / "b.zip", "there is no such file")


def test_a_sum_that_is_wrong(sound, tmp_path):
    path = altered(sound, tmp_path / "a.zip", "data/matters.fact.jsonl", lambda content: content.replace(b"Leila", b"Lajla"), sums=False)
    refused(path, "data/matters.fact.jsonl: its content is not what its sum says")


def test_a_file_that_no_sum_is_of(sound, tmp_path):
    refused(altered(sound, tmp_path / "a.zip", f"files/{'ab' * 32}", lambda content: b"x", sums=False), "is listed and missing, or there and not listed")


# The form -------------------------------------------------------------------------------------------------------------


def test_another_form(sound, tmp_path):
    change = lambda content: content.replace(b'"version": 1', b'"version": 9')  # noqa: E731
    refused(altered(sound, tmp_path / "a.zip", "about.json", change), "the archive has form 9; this version of Trygg reads form 1")


def test_a_table_that_is_not_known(sound, tmp_path):
    path = altered(sound, tmp_path / "a.zip", "data/matters.secret.jsonl", lambda content: b'{"id": "1"}\n')
    refused(path, "data/matters.secret.jsonl: this version of Trygg has no such table")


def set_first(**values: object) -> Callable[[list[dict]], None]:
    return lambda found: found[0].update(values)


ROWS = {
    "superuser": ("people.person", set_first(is_superuser=True), r"people.person.jsonl, line 1: .* no column «is_superuser»"),
    "password": ("people.person", set_first(password="pbkdf2_sha256$1$a$b"), r"people.person.jsonl, line 1: .* no column «password»"),
    "second factor": ("people.person", set_first(mfa="x"), r"line 1: .* no column «mfa»"),
    "administrator elsewhere": (
        "people.membership", set_first(organisation="norra-vik", role="administrator"),
        r"people.membership.jsonl, line 1: organisation: «norra-vik» is not the organisation's own",
    ),
    "another's matter": ("matters.matter", set_first(owner="norra-vik"), r"matters.matter.jsonl, line 1: owner: «norra-vik» is not"),
    "no such role": ("people.membership", set_first(role="superuser"), r"role: «superuser» is not one of its choices"),
    "missing row": ("matters.fact", set_first(matter="nowhere"), r"matters.fact.jsonl, line 1: matter: it leads to .*«nowhere»"),
    "number for an id": ("matters.fact", set_first(matter=7), r"line 1: matter: it leads to"),
    "type": ("matters.fact", set_first(name=["a"]), r"line 1: name: .* is of another type"),
    "truth": ("people.person", set_first(youth="yes"), r"line 1: youth: .* is of another type"),
    "time": ("matters.fact", set_first(said_at="yesterday"), r"line 1: said_at: it is no time with a time zone"),
    "time without zone": ("matters.fact", set_first(said_at="2026-01-01T10:00:00"), r"line 1: said_at: it is no time with a time zone"),
    "length": ("matters.fact", set_first(name="x" * 61), r"line 1: name: .*61"),
    "address": ("people.person", set_first(email="not an address"), r"line 1: email: "),
    "nul": ("matters.matter", set_first(title="a\x00b"), r"line 1: title: it has a character that no database keeps"),
    "nul in json": ("assurance.evidence", set_first(params={"a": ["b\x00"]}), r"line 1: params: it has a character"),
    "null": ("matters.matter", set_first(title=None), r"line 1: title: it must not be null"),
    "id twice": ("matters.fact", lambda found: found[1].update(id=found[0]["id"]), r"line 2: the id .* stands twice"),
    "no id": ("matters.fact", lambda found: found[0].pop("id"), r"line 1: it has no id"),
    "missing column": ("matters.matter", lambda found: found[0].pop("title"), r"line 1: title: it is missing"),
    "script": ("work.task", set_first(path="javascript:alert(1)"), r"line 1: path: it names no page"),
    "elsewhere": ("work.task", set_first(path="//evil.example/"), r"line 1: path: it names no page"),
    "no page": ("work.task", set_first(path={"page": "matters:nothing", "arguments": {}, "tail": ""}), r"path: .* is no page"),
    "page's tail": ("work.task", set_first(path={"page": "home", "arguments": {}, "tail": "@evil.example"}), r"path: it names no page"),
    "subject": ("work.task", set_first(subject_type="people.person", subject_id="nobody"), r"subject_id: it leads to people.person"),
    "pack": ("frameworks.packversion", set_first(content={"kind": "instrument"}), r"packversion.jsonl, line 1: content: "),
}  # fmt: skip


@pytest.mark.parametrize("label, change, words", ROWS.values(), ids=ROWS)
def test_a_row(sound, tmp_path, label, change, words):
    refused(altered(sound, tmp_path / "a.zip", f"data/{label}.jsonl", rows(change)), words)


def test_a_file_in_a_place_of_its_own(sound, tmp_path):
    row = {
        "id": "x", "was": "1", "subject_type": "", "subject_id": "", "organisation": "lindvika-bun", "name": "a.txt", "media_type": "text/plain",
        "size": 1, "sha256": "ab" * 32, "stored_as": "../../keys/ledger.key", "uploaded_by": "x", "uploaded_at": "2026-01-01T00:00:00+00:00",
        "quarantined_at": None, "quarantine_reason": "", "removed_at": None,
    }  # fmt: skip
    refused(counted(sound, tmp_path / "a.zip", "files.storedfile", lambda found: found.append(row)), "stored_as: it is not the place")
    row |= {"stored_as": f"ab/{'ab' * 32}", "media_type": "text/html"}
    refused(counted(sound, tmp_path / "b.zip", "files.storedfile", lambda found: found.append(row)), "«text/html» is no kind of file")
    row |= {"media_type": "text/plain"}
    refused(counted(sound, tmp_path / "c.zip", "files.storedfile", lambda found: found.append(row)), "is named by a row and missing")


def test_more_rows_than_it_says(sound, tmp_path):
    path = altered(sound, tmp_path / "a.zip", "data/matters.fact.jsonl", lambda content: content.splitlines(keepends=True)[0])
    refused(path, r"data/matters.fact.jsonl: about.json says that it has \d+ rows, and it has 1")


def test_two_organisations(sound, tmp_path):
    def twice(found):
        found.append(found[0] | {"id": "norra-vik-2", "slug": "norra-vik-2", "name": "Another"})

    refused(counted(sound, tmp_path / "a.zip", "people.organisation", twice), "must hold the organisation of about.json, and no other")


@pytest.mark.parametrize(
    "line, words",
    [
        (b"not json\n", "it is no JSON"),
        (b'{"id": "1", "id": "2"}\n', "it is no JSON"),
        (b'{"id": NaN}\n', "it is no JSON"),
        (b"[1]\n", "it is no row"),
        (b'{"id": "x"}', "it is cut off"),
        (b'{"id": ' + b"[" * 100 + b"]" * 100 + b"}\n", "lists stand within lists"),
        (b"\xff\xfe\n", "it is no JSON"),
    ],
)
def test_a_line_that_is_none(sound, tmp_path, line, words):
    path = altered(sound, tmp_path / "a.zip", "data/matters.fact.jsonl", lambda content: line + content if line.endswith(b"\n") else content + line)
    refused(path, r"data/matters.fact.jsonl, line \d+: " + re.escape(words))


# What is only named ---------------------------------------------------------------------------------------------------


def test_a_role_in_the_organisation_itself_is_no_name(sound, tmp_path):
    def change(content: bytes) -> bytes:
        found = [json.loads(line) for line in content.decode().splitlines()]
        one = next(row for row in found if row["model"] == "people.membership")
        one["organisation"], one["role"] = "lindvika-bun", "administrator"
        return "".join(json.dumps(row) + "\n" for row in found).encode()

    refused(altered(sound, tmp_path / "a.zip", "references.jsonl", change), "a role in the organisation itself")


@pytest.mark.parametrize("more", [{"email": "x@y.example"}, {"is_active": True}, {"password": "x"}])
def test_a_name_with_more_than_a_name(sound, tmp_path, more):
    def change(content: bytes) -> bytes:
        found = [json.loads(line) for line in content.decode().splitlines()]
        next(row for row in found if row["model"] == "people.person").update(more)
        return "".join(json.dumps(row) + "\n" for row in found).encode()

    refused(altered(sound, tmp_path / "a.zip", "references.jsonl", change), "no column")


def test_a_model_that_is_never_only_named(sound, tmp_path):
    path = altered(sound, tmp_path / "a.zip", "references.jsonl", lambda content: content + b'{"model": "matters.fact", "id": "x"}\n')
    refused(path, "is nothing that is only named")


# The record -----------------------------------------------------------------------------------------------------------

RECORD = {
    "altered": (lambda found: found[3].update(leaf=found[3]["leaf"].replace("2026", "2025", 1)), "is not what was signed"),
    "left out of the count": (lambda found: found.pop(3), "says that there are"),
    "cut off": (lambda found: found.pop(), "it is cut off"),
    "reordered": (lambda found: found.__setitem__(slice(2, 4), [found[3], found[2]]), "stands behind entry"),
    "another root": (lambda found: found[0].update(root="00" * 32), "not those that were signed"),
    "another checkpoint": (lambda found: found[0].update(checkpoint=found[0]["checkpoint"].replace("\n", "\n1", 1)), "its checkpoint is not valid"),
    "a detail added": (
        lambda found: found[1]["details"].append({"name": "made up", "salt": "00" * 32, "value": "1"}), "has a detail that was never recorded",
    ),
}  # fmt: skip


@pytest.mark.parametrize("change, words", RECORD.values(), ids=RECORD)
def test_the_record(sound, tmp_path, change, words):
    refused(altered(sound, tmp_path / "a.zip", "record/entries.jsonl", rows(change)), r"record/entries.jsonl, line \d+: .*" + words)


def test_a_detail_taken_away_or_altered(sound, tmp_path):
    def first_with(found):
        return next(line for line in found if line.get("details"))

    gone = rows(lambda found: first_with(found).update(details=[]))
    refused(altered(sound, tmp_path / "a.zip", "record/entries.jsonl", gone), "is gone, and no entry says that it was erased")
    other = rows(lambda found: first_with(found)["details"][0].update(value='"another"'))
    refused(altered(sound, tmp_path / "b.zip", "record/entries.jsonl", other), "was altered")


def test_the_key_from_elsewhere_decides(sound):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from trygg.engines.translog.notes import Signer
    from trygg.kernel.ledger.keys import public_key

    assert check_archive(sound, key=public_key()).record.ok
    stranger = Signer("trygg.local/ledger", Ed25519PrivateKey.generate()).public
    with pytest.raises(NoArchive, match="its checkpoint is not valid"):
        check_archive(sound, key=stranger)


# Nothing is written ---------------------------------------------------------------------------------------------------


def test_what_the_database_refuses_takes_everything_back(sound, tmp_path):
    """Two rows that no check of the archive alone finds wrong: the same seat twice."""

    def twice(found):
        found.append(found[0] | {"id": "again"})

    path = counted(sound, tmp_path / "a.zip", "matters.fact", twice)
    check_archive(path)
    before = Organisation.objects.count(), Person.objects.count(), Membership.objects.count()
    with Archive(path) as archive, pytest.raises(NoArchive, match="two rows of the archive cannot stand beside one another"):
        arriving.import_organisation(
            actor=SYSTEM, now=NOW, archive=archive, sha256="ab" * 32, as_name="Annan nämnd",
            match_people=True, take_packs=True,
        )  # fmt: skip
    assert (Organisation.objects.count(), Person.objects.count(), Membership.objects.count()) == before
    assert Arrival.objects.get().state == Arrival.State.TAKEN_BACK
