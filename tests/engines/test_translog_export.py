"""The offline verifier against everything that a person with write access could do to the record."""

import copy
import datetime
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trygg.engines.translog import leaves, merkle, notes, verify_export
from trygg.engines.translog.audit import Detail
from trygg.engines.translog.export import ExportedEntry, Header, write_export
from trygg.engines.translog.findings import STATEMENTS, Kind

NOW = datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC)
SIGNER = notes.Signer("log.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEY = str(SIGNER.public)
NO_NEWS = {Kind.CANNOT_EXCLUDE_TRUNCATION, Kind.NOT_YET_SIGNED}


def entry(index, action="room.thing_done", details=None, **public):
    secrets = {name: leaves.conceal(value) for name, value in (details or {}).items()}
    leaf = leaves.make_leaf(
        index=index,
        action=action,
        actor_kind="person",
        actor_id="7",
        organisation_id=1,
        at=NOW,
        subject_type="matters.matter",
        subject_id="4",
        public=public,
        commitments={name: leaves.commitment(name, secret.salt, secret.value) for name, secret in secrets.items()},
    )
    there = [Detail(name, secret.salt, secret.value) for name, secret in secrets.items()]
    return ExportedEntry(index, leaf, merkle.leaf_hash(leaf), there)


def signed(entries, size=None):
    size = len(entries) if size is None else size
    root = merkle.root_of([merkle.leaf_hash(there.leaf) for there in entries[:size]])
    return str(notes.Checkpoint(SIGNER.name, size, root).signed(SIGNER))


@pytest.fixture
def record():
    """Ten entries; entry 4 has two details, one of them erased by entry 8."""
    entries = [entry(index, number=index) for index in range(10)]
    entries[4] = entry(4, details={"title": "Läshjälpen", "note": "hej"})
    entries[4] = ExportedEntry(4, entries[4].leaf, entries[4].leaf_hash, [entries[4].details[0], Detail("note")])
    entries[8] = entry(8, action=leaves.ERASURE, entry=4, detail="note")
    return entries


@pytest.fixture
def write(tmp_path):
    def write(entries, checkpoints=(), size=None):
        path = tmp_path / "export.jsonl"
        with open(path, "w", encoding="utf-8") as file:
            write_export(file, Header(SIGNER.public, len(entries) if size is None else size, NOW), checkpoints, entries)
        return path

    return write


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def put(path, changed):
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in changed), encoding="utf-8")


def edit(there, **public):
    """An entry whose content was changed by someone who also recomputed its hash."""
    leaf = leaves.canonical(leaves.read_leaf(there.leaf) | {"public": public})
    return ExportedEntry(there.index, leaf, merkle.leaf_hash(leaf), there.details)


def test_an_untouched_export_with_an_outside_checkpoint_is_fine(record, write):
    findings = verify_export(write(record, [signed(record, 5), signed(record)]), KEY, signed(record))
    assert (findings.kinds(), findings.entries, findings.signed_size) == (set(), 10, 10)
    assert findings.root == merkle.root_of([there.leaf_hash for there in record])


def test_without_a_checkpoint_truncation_cannot_be_excluded(record, write):
    findings = verify_export(write(record), KEY)
    assert findings.ok
    assert findings.kinds() == NO_NEWS
    assert findings.statements()[0].startswith("Cannot exclude truncation")


def test_an_empty_record_is_fine(write):
    assert verify_export(write([]), KEY).ok


def test_a_careless_edit_is_located_by_its_hash(record, write):
    path = write(record)
    changed = lines(path)
    changed[3]["leaf"] = changed[3]["leaf"].replace('"number":2', '"number":9')
    put(path, changed)
    findings = verify_export(path, KEY)
    assert [(found.kind, found.index) for found in findings if found.problem] == [(Kind.EDITED, 2)]


def test_a_careful_edit_is_found_between_two_checkpoints(record, write):
    checkpoints = [signed(record, 3), signed(record, 6), signed(record)]
    record[4] = edit(record[4], changed=True)
    findings = verify_export(write(record, checkpoints), KEY)
    found = next(finding for finding in findings if finding.kind is Kind.NOT_AS_SIGNED)
    assert (found.data["first"], found.data["last"]) == (3, 5)


def test_a_deleted_entry_is_named(record, write):
    findings = verify_export(write(record[:5] + record[6:], [signed(record)]), KEY)
    assert "Deleted: 1 entry from the middle of the record, entries 5 to 5." in findings.statements()
    assert not findings.ok


def test_a_deleted_entry_whose_followers_were_renumbered_is_found_by_the_checkpoint(record, write):
    checkpoint = signed(record)
    renumbered = [entry(index, number=index) for index in range(9)]
    assert Kind.NOT_AS_SIGNED in verify_export(write(renumbered, [signed(record, 6)]), KEY).kinds()
    assert Kind.TRUNCATED in verify_export(write(renumbered), KEY, checkpoint).kinds()


def test_reordered_lines_are_named(record, write):
    record[3], record[5] = record[5], record[3]
    findings = verify_export(write(record, [signed(record)]), KEY)
    assert findings.kinds() >= {Kind.REORDERED}
    assert Kind.DELETED not in findings.kinds()


def test_swapped_contents_are_named(record, write):
    first, second = record[2], record[3]
    record[2] = ExportedEntry(2, second.leaf, second.leaf_hash)
    record[3] = ExportedEntry(3, first.leaf, first.leaf_hash)
    findings = verify_export(write(record), KEY)
    assert [(found.data["index"], found.data["place"]) for found in findings if found.kind is Kind.REORDERED] == [
        (3, 2),
        (2, 3),
    ]


def test_a_repeated_entry_is_named(record, write):
    record.insert(4, record[2])
    assert Kind.REPEATED in verify_export(write(record), KEY).kinds()


def test_truncation_is_found_against_an_outside_checkpoint_only(record, write):
    path = write(record[:7])
    # The erasure of entry 4's note was cut off too.
    assert verify_export(path, KEY).kinds() == {Kind.CANNOT_EXCLUDE_TRUNCATION, Kind.DETAIL_MISSING}
    findings = verify_export(path, KEY, signed(record))
    found = next(finding for finding in findings if finding.kind is Kind.TRUNCATED)
    assert (found.data["expected"], found.data["found"], found.data["count"]) == (10, 7, 3)


def test_truncation_below_a_kept_checkpoint_or_the_header_is_found(record, write):
    assert Kind.TRUNCATED in verify_export(write(record[:9], [signed(record)]), KEY).kinds()
    assert Kind.TRUNCATED in verify_export(write(record[:9], size=10), KEY).kinds()


def test_a_file_cut_in_the_middle_of_a_line_is_damaged(record, write):
    path = write(record)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert verify_export(path, KEY).kinds() >= {Kind.BROKEN_FILE, Kind.TRUNCATED}


def test_a_file_without_its_end_line_is_damaged(record, write):
    path = write(record, [signed(record)])
    put(path, lines(path)[:-1])
    assert verify_export(path, KEY).kinds() >= {Kind.BROKEN_FILE}


def test_a_fork_is_told_from_an_edit(record, write):
    other = list(record)
    other[2] = edit(record[2], told="another story")
    findings = verify_export(write(other, [signed(other)]), KEY, signed(record, 6))
    assert findings.kinds() == {Kind.FORKED}
    assert "two different histories" in findings.statements()[0]


def test_two_signatures_for_one_size_are_a_fork(record, write):
    other = list(record)
    other[2] = edit(record[2], told="another story")
    assert Kind.FORKED in verify_export(write(record, [signed(other)]), KEY, signed(record)).kinds()


def test_a_checkpoint_of_another_key_is_refused(record, write):
    stranger = notes.Signer(SIGNER.name, Ed25519PrivateKey.generate())
    assert verify_export(write(record, [signed(record)]), str(stranger.public)).kinds() >= {Kind.BAD_CHECKPOINT}


def test_the_key_in_the_header_is_not_trusted(record, write):
    path = write(record, [signed(record)])
    changed = lines(path)
    changed[0]["key"] = "anything"
    put(path, changed)
    assert verify_export(path, KEY).ok


def test_a_missing_detail_without_an_erasure_is_tampering(record, write):
    record[4] = ExportedEntry(4, record[4].leaf, record[4].leaf_hash, [Detail("note")])
    findings = verify_export(write(record), KEY)
    assert [(found.kind, found.data["name"]) for found in findings if found.problem] == [(Kind.DETAIL_MISSING, "title")]


def test_an_edited_detail_is_found(record, write):
    title, note = record[4].details
    forged = Detail(title.name, title.salt, '"Något annat"')
    record[4] = ExportedEntry(4, record[4].leaf, record[4].leaf_hash, [forged, note])
    findings = verify_export(write(record), KEY)
    assert [(found.kind, found.index) for found in findings if found.problem] == [(Kind.DETAIL_MISMATCH, 4)]


def test_a_detail_that_was_said_to_be_erased_must_be_gone(record, write):
    record[4] = entry(4, details={"title": "a", "note": "b"})
    assert Kind.DETAIL_NOT_ERASED in verify_export(write(record), KEY).kinds()


def test_an_invented_detail_is_found(record, write):
    record[1] = ExportedEntry(1, record[1].leaf, record[1].leaf_hash, [Detail("extra", bytes(32), "1")])
    assert Kind.DETAIL_UNEXPECTED in verify_export(write(record), KEY).kinds()


def test_an_erased_detail_cannot_be_guessed_from_its_commitment():
    first, second = leaves.conceal("yes"), leaves.conceal("yes")
    assert leaves.commitment("answer", first.salt, first.value) != leaves.commitment(
        "answer", second.salt, second.value
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"[]\n", b"{}\n", b"\xff\xfe\n", b'{"type":"header"}\n', b"[" * 100_000, b'{"type":"entry"}\n' * 200],
)
def test_a_file_that_is_no_export_is_said_to_be_damaged(content, tmp_path):
    path = tmp_path / "bad"
    path.write_bytes(content)
    assert Kind.BROKEN_FILE in verify_export(path, KEY).kinds()


def test_hostile_text_cannot_reach_the_terminal(record, write):
    path = write(record)
    changed = lines(path)
    changed.insert(2, {"type": "detail", "entry": 0, "name": "\x1b[2J\n" + "x" * 9999, "salt": "", "value": "1"})
    put(path, changed)
    said = next(found for found in verify_export(path, KEY) if found.kind is Kind.DETAIL_UNEXPECTED).statement()
    assert said.isprintable()
    assert len(said) < 500


def test_many_findings_of_a_kind_are_counted(record, write):
    record[0] = ExportedEntry(0, record[0].leaf, record[0].leaf_hash, [Detail(str(i), b"s", "1") for i in range(80)])
    findings = verify_export(write(record), KEY)
    assert [found.data["count"] for found in findings if found.kind is Kind.MORE] == [30]


def test_every_kind_is_worded_in_both_languages():
    assert set(STATEMENTS) == set(Kind)
    for english, swedish in STATEMENTS.values():
        assert english != swedish
        assert {part.split("}")[0] for part in english.split("{")[1:]} == {
            part.split("}")[0] for part in swedish.split("{")[1:]
        }


BASE = [entry(index, number=index) for index in range(10)]
BASE[4] = entry(4, details={"title": "Läshjälpen"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.data())
def test_no_change_of_the_entries_passes_unseen(data, write):
    """Whatever is done to lines of entries and details, a checkpoint of the true record finds it."""
    path = write(BASE, [])
    original = lines(path)
    changed = copy.deepcopy(original)
    place = data.draw(st.integers(1, len(changed) - 2))
    match data.draw(st.sampled_from(["delete", "double", "swap", "field"])):
        case "delete":
            del changed[place]
        case "double":
            changed.insert(data.draw(st.integers(1, len(changed) - 1)), changed[place])
        case "swap":
            other = data.draw(st.integers(1, len(changed) - 2))
            changed[place], changed[other] = changed[other], changed[place]
        case "field":
            name = data.draw(st.sampled_from(sorted(changed[place])))
            changed[place][name] = data.draw(
                st.one_of(
                    st.none(), st.integers(), st.text(), st.binary(max_size=40).map(bytes.hex), st.lists(st.integers())
                )
            )
    if changed == original:
        return
    put(path, changed)
    assert not verify_export(path, KEY, signed(BASE)).ok


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.data())
def test_no_flipped_byte_breaks_the_verifier(data, write):
    path = write(BASE, [signed(BASE, 5)])
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    for statement in verify_export(path, KEY, signed(BASE)).statements("sv"):
        assert statement.isprintable()
