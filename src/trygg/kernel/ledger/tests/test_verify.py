"""What a person with the database in hand could do to the record, and that each is found."""

import json
import stat

import pytest
from django.conf import settings
from django.db import connection

from trygg.engines.translog import leaves, merkle, notes, verify_export
from trygg.engines.translog.findings import Kind
from trygg.kernel.access import Denied
from trygg.kernel.ledger import keys, selectors
from trygg.kernel.ledger.checkpoints import LedgerInconsistent, add_cosignature, make_checkpoint
from trygg.kernel.ledger.models import Checkpoint, Detail, Entry, Tile
from trygg.kernel.ledger.services import NothingToErase, erase_detail
from trygg.kernel.ledger.tests.conftest import ADMINISTRATOR, NOW, OUTSIDER
from trygg.kernel.ledger.uow import NestedUnitOfWork, unit_of_work
from trygg.kernel.ledger.verify import export, verify_database

pytestmark = pytest.mark.django_db

QUIET = {Kind.CANNOT_EXCLUDE_TRUNCATION, Kind.NOT_YET_SIGNED}


@pytest.fixture
def record(act):
    act(10)


@pytest.fixture
def kept(record):
    """A checkpoint of ten entries, as a witness keeps it."""
    return make_checkpoint(now=NOW).note


def rehash(index, leaf, sql):
    """What a careful forger does: the row's hash and the tile's agree with the forged leaf."""
    hashed = merkle.leaf_hash(leaf)
    data = bytearray(Tile.objects.get(level=0, position=0).data)
    data[index * 32 : index * 32 + 32] = hashed
    sql(
        "UPDATE ledger_entry SET leaf = %s, leaf_hash = %s WHERE index = %s".replace("index", '"index"'),
        [leaf, hashed, index],
    )
    sql("UPDATE ledger_tile SET data = %s WHERE level = 0 AND position = 0", [bytes(data)])


def found(findings):
    return {(finding.kind, finding.index) for finding in findings if finding.problem}


def test_an_untouched_record_is_fine(kept):
    assert verify_database(kept).kinds() == set()


def test_without_a_kept_checkpoint_truncation_cannot_be_excluded(record):
    findings = verify_database()
    assert findings.ok
    assert findings.kinds() == QUIET


def test_a_record_over_many_tiles_is_fine(act):
    with unit_of_work(actor=ADMINISTRATOR, now=NOW) as work:
        for number in range(700):
            work.record("test.thing_done", number=number)
    make_checkpoint(now=NOW)
    act(3)
    findings = verify_database(make_checkpoint(now=NOW).note)
    assert (findings.kinds(), findings.entries, findings.root) == (set(), 703, selectors.tree().root())


@pytest.mark.parametrize(
    "change",
    [
        "action = 'test.other_done'",
        "actor_kind = 'system'",
        "actor_id = '99'",
        "organisation_id = 5",
        "organisation_id = NULL",
        "at = '2026-09-01 08:30:01+00:00'",
        "subject_type = 'x'",
        "subject_id = 'x'",
    ],
)
def test_a_column_that_does_not_say_what_the_leaf_says_is_an_edit(kept, tamper, change):
    with tamper() as sql:
        sql(f'UPDATE ledger_entry SET {change} WHERE "index" = 3')
    assert found(verify_database(kept)) == {(Kind.EDITED, 3)}


def test_an_edited_leaf_is_located_by_its_hash(kept, tamper):
    leaf = bytes(Entry.objects.get(index=3).leaf).replace(b'"number":3', b'"number":4')
    with tamper() as sql:
        sql('UPDATE ledger_entry SET leaf = %s WHERE "index" = 3', [leaf])
    assert found(verify_database(kept)) == {(Kind.EDITED, 3), (Kind.NOT_AS_SIGNED, None)}


def test_an_edited_leaf_with_its_hash_is_located_by_the_tree(kept, tamper):
    leaf = bytes(Entry.objects.get(index=3).leaf).replace(b'"number":3', b'"number":4')
    with tamper() as sql:
        sql('UPDATE ledger_entry SET leaf = %s, leaf_hash = %s WHERE "index" = 3', [leaf, merkle.leaf_hash(leaf)])
    assert (Kind.EDITED, 3) in found(verify_database(kept))


def test_an_edit_with_every_hash_recomputed_is_found_by_the_checkpoint(kept, tamper):
    leaf = bytes(Entry.objects.get(index=3).leaf).replace(b'"number":3', b'"number":4')
    with tamper() as sql:
        rehash(3, leaf, sql)
    assert found(verify_database(kept)) == {(Kind.NOT_AS_SIGNED, None)}


def test_a_deleted_entry_is_named(kept, tamper):
    with tamper() as sql:
        sql("DELETE FROM ledger_detail WHERE entry_id IN (4, 5)")
        sql('DELETE FROM ledger_entry WHERE "index" IN (4, 5)')
    findings = verify_database(kept)
    assert findings.kinds() == {Kind.DELETED}
    assert "entries 4 to 5" in findings.statements()[0]


def test_swapped_entries_are_named(kept, tamper):
    first, second = (bytes(leaf) for leaf in Entry.objects.filter(index__in=(2, 6)).values_list("leaf", flat=True))
    with tamper() as sql:
        for index, leaf in ((2, second), (6, first)):
            sql(
                'UPDATE ledger_entry SET leaf = %s, leaf_hash = %s WHERE "index" = %s',
                [leaf, merkle.leaf_hash(leaf), index],
            )
    findings = verify_database(kept)
    assert {(f.data["index"], f.data["place"]) for f in findings if f.kind is Kind.REORDERED} == {(6, 2), (2, 6)}


def cut(sql, keep):
    """Cut the record to `keep` entries, tiles and all, without a trace."""
    sql("DELETE FROM ledger_detail WHERE entry_id >= %s", [keep])
    sql('DELETE FROM ledger_entry WHERE "index" >= %s', [keep])
    data = bytes(Tile.objects.get(level=0, position=0).data)[: keep * 32]
    sql("UPDATE ledger_tile SET data = %s WHERE level = 0 AND position = 0", [data])


def test_entries_cut_from_the_end_are_found_by_the_tree(record, tamper):
    with tamper() as sql:
        sql("DELETE FROM ledger_detail WHERE entry_id >= 8")
        sql('DELETE FROM ledger_entry WHERE "index" >= 8')
    assert verify_database().kinds() >= {Kind.TRUNCATED}


def test_truncation_without_a_trace_is_found_against_a_kept_checkpoint_only(kept, tamper):
    with tamper() as sql:
        cut(sql, 8)
        sql("DELETE FROM ledger_checkpoint")
    assert verify_database().kinds() == QUIET
    findings = verify_database(kept)
    assert findings.kinds() == {Kind.TRUNCATED}
    assert "there were 10 entries" in findings.statements()[0]


def test_a_fork_is_found_against_a_kept_checkpoint(kept, tamper, act):
    with tamper() as sql:
        cut(sql, 8)
        sql("DELETE FROM ledger_checkpoint")
    act(5, told="another story")
    make_checkpoint(now=NOW)
    assert verify_database().kinds() == {Kind.CANNOT_EXCLUDE_TRUNCATION}
    assert verify_database(kept).kinds() == {Kind.FORKED}


def test_a_damaged_tree_is_found(kept, tamper):
    with tamper() as sql:
        sql("UPDATE ledger_tile SET data = %s WHERE level = 0", [bytes(320)])
    assert (Kind.EDITED, 0) in found(verify_database(kept))
    with tamper() as sql:
        sql("DELETE FROM ledger_tile")
    findings = verify_database(kept)
    assert (findings.entries, Kind.TREE_DAMAGED in findings.kinds(), Kind.TRUNCATED in findings.kinds()) == (
        10,
        True,
        False,
    )


def test_a_row_that_was_put_in_beside_the_tree_is_found(kept, tamper):
    row = Entry.objects.get(index=9)
    row.index = 900
    row.save(force_insert=True)
    assert Kind.TREE_DAMAGED in verify_database(kept).kinds()


def test_a_checkpoint_row_that_differs_from_its_note_is_found(kept, tamper):
    with tamper() as sql:
        sql("UPDATE ledger_checkpoint SET root = %s", [bytes(32)])
    assert verify_database(kept).kinds() == {Kind.BAD_CHECKPOINT}


def test_a_forged_checkpoint_is_found(kept, tamper):
    with tamper() as sql:
        sql("UPDATE ledger_checkpoint SET note = %s", [kept.replace("\n10\n", "\n9\n")])
    assert Kind.BAD_CHECKPOINT in verify_database(kept).kinds()


def test_a_detail_that_went_missing_is_tampering(kept, tamper):
    with tamper() as sql:
        sql("DELETE FROM ledger_detail WHERE entry_id = 2")
    assert found(verify_database(kept)) == {(Kind.DETAIL_MISSING, 2)}


def test_a_detail_that_was_blanked_without_an_entry_is_tampering(kept):
    Detail.objects.filter(entry=2).update(salt=b"", value="", erased_by=5)
    assert found(verify_database(kept)) == {(Kind.DETAIL_MISSING, 2)}


def test_an_edited_detail_is_found(kept):
    Detail.objects.filter(entry=2).update(value='"Något annat"')
    assert found(verify_database(kept)) == {(Kind.DETAIL_MISMATCH, 2)}


def test_an_erased_detail_is_gone_and_the_record_fine(kept):
    erased = erase_detail(actor=ADMINISTRATOR, now=NOW, entry=2, name="title", reason="asked for by the person")
    detail = Detail.objects.get(entry=2)
    assert (bytes(detail.salt), detail.value, detail.erased_by_id, erased.index) == (b"", "", 10, 10)
    assert verify_database(kept).ok
    assert Entry.objects.get(index=10).public == {"entry": 2, "detail": "title"}


@pytest.fixture
def erased_meanwhile():
    """Someone erases a detail just before the details are read."""

    def erase(execute, sql, params, many, context):
        if "ledger_detail" in sql and not done:
            done.append(True)
            erase_detail(actor=ADMINISTRATOR, now=NOW, entry=2, name="title", reason="asked for")
        return execute(sql, params, many, context)

    done = []
    return connection.execute_wrapper(erase)


def test_an_erasure_while_the_record_is_verified_is_no_tampering(kept, erased_meanwhile):
    with erased_meanwhile:
        findings = verify_database(kept)
    assert findings.kinds() == set()
    assert not Detail.objects.get(entry=2).value


def test_an_erasure_while_the_record_is_exported_is_in_the_export(kept, erased_meanwhile, tmp_path):
    with erased_meanwhile:
        assert export(tmp_path / "ledger.jsonl", now=NOW) == 11
    assert verify_export(tmp_path / "ledger.jsonl", str(keys.public_key()), kept).ok


def test_an_erasure_that_left_the_value_is_found(kept, tamper):
    before = Detail.objects.get(entry=2)
    erase_detail(actor=ADMINISTRATOR, now=NOW, entry=2, name="title", reason="asked for")
    Detail.objects.filter(entry=2).update(salt=before.salt, value=before.value)
    assert found(verify_database(kept)) == {(Kind.DETAIL_NOT_ERASED, 2)}


@pytest.mark.parametrize(("entry", "name"), [(2, "nothing"), (2, "title")])
def test_what_is_not_there_cannot_be_erased(kept, entry, name):
    if name == "title":
        erase_detail(actor=ADMINISTRATOR, now=NOW, entry=entry, name=name, reason="asked for")
    with pytest.raises(NothingToErase):
        erase_detail(actor=ADMINISTRATOR, now=NOW, entry=entry, name=name, reason="asked for")


def test_only_the_owning_organisation_erases_and_says_why(kept):
    with pytest.raises(Denied):
        erase_detail(actor=OUTSIDER, now=NOW, entry=2, name="title", reason="curious")
    with pytest.raises(ValueError, match="why"):
        erase_detail(actor=ADMINISTRATOR, now=NOW, entry=2, name="title", reason=" ")
    assert Detail.objects.get(entry=2).value


def test_entries_are_seen_by_those_who_may(record):
    assert selectors.entries_for(ADMINISTRATOR).count() == 10
    assert selectors.entries_for(OUTSIDER).count() == 0


def test_an_export_verifies_without_the_database(kept, tmp_path):
    erase_detail(actor=ADMINISTRATOR, now=NOW, entry=2, name="title", reason="asked for")
    path = tmp_path / "ledger.jsonl"
    assert export(path, now=NOW) == 11
    findings = verify_export(path, str(keys.public_key()), kept)
    assert (findings.kinds(), findings.entries) == ({Kind.NOT_YET_SIGNED}, 11)
    assert [child.name for child in tmp_path.iterdir() if child.name.startswith(".")] == []


def test_an_export_shows_what_was_done_to_the_database(kept, tmp_path, tamper):
    with tamper() as sql:
        sql("DELETE FROM ledger_detail WHERE entry_id = 4")
        sql('DELETE FROM ledger_entry WHERE "index" = 4')
    path = tmp_path / "ledger.jsonl"
    export(path, now=NOW)
    assert verify_export(path, str(keys.public_key()), kept).kinds() >= {Kind.DELETED}


def test_every_entry_has_an_inclusion_proof(kept):
    checkpoint = notes.open_checkpoint(kept, keys.public_key())
    for entry in Entry.objects.all():
        proof = selectors.inclusion_proof(entry.index, checkpoint.size)
        assert merkle.verify_inclusion(bytes(entry.leaf_hash), entry.index, checkpoint.size, proof, checkpoint.root)


def test_a_witness_gets_a_consistency_proof_and_its_cosignature_is_kept(kept, act):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    act(5)
    old = notes.open_checkpoint(kept, keys.public_key())
    newer = make_checkpoint(now=NOW)
    new = notes.open_checkpoint(newer.note, keys.public_key())
    assert merkle.verify_consistency(
        old.size, new.size, selectors.consistency_proof(old.size, new.size), old.root, new.root
    )
    witness = notes.Signer("police.example/witness", Ed25519PrivateKey.generate(), notes.COSIGNATURE)
    note = notes.Note.parse(newer.note)
    cosigned = str(note.cosigned(notes.cosign(note, witness, 1_790_000_000)))
    for _ in range(2):
        assert add_cosignature(note=cosigned, witness=witness.public).note == cosigned
    assert verify_database(cosigned).kinds() == set()
    with pytest.raises(notes.NoteError):
        add_cosignature(note=newer.note, witness=witness.public)


def test_a_checkpoint_is_made_once_for_a_size(kept):
    assert make_checkpoint(now=NOW).note == kept
    assert Checkpoint.objects.count() == 1


def test_a_record_that_does_not_continue_what_was_signed_is_not_signed(kept, tamper, act):
    with tamper() as sql:
        cut(sql, 8)
    with pytest.raises(LedgerInconsistent):
        make_checkpoint(now=NOW)
    act(5, told="another story")
    with pytest.raises(LedgerInconsistent):
        make_checkpoint(now=NOW)


def test_a_checkpoint_inside_a_unit_of_work_is_refused(record):
    with pytest.raises(NestedUnitOfWork), unit_of_work(actor=ADMINISTRATOR, now=NOW):
        make_checkpoint(now=NOW)


def test_the_key_is_made_once_and_read_by_its_owner_only():
    before = str(keys.public_key())
    assert not keys.make_key()
    assert str(keys.public_key()) == before
    assert stat.S_IMODE(settings.TRYGG_LEDGER_KEY.stat().st_mode) == 0o600
    assert [path.name for path in settings.TRYGG_LEDGER_KEY.parent.iterdir()] == ["ledger.key"]


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\n"])
def test_without_a_key_it_says_what_to_do(kept, content):
    settings.TRYGG_LEDGER_KEY.unlink()
    if content is not None:
        settings.TRYGG_LEDGER_KEY.write_bytes(content)
    with pytest.raises(keys.LedgerKeyMissing):
        verify_database()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the trigger is PostgreSQL's")
def test_postgresql_refuses_to_change_an_entry(record):
    from django.db import DatabaseError, transaction

    for change in (
        "UPDATE ledger_entry SET action = 'x' WHERE \"index\" = 1",
        'DELETE FROM ledger_entry WHERE "index" = 1',
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_leaves_are_kept_as_they_were_hashed(record):
    for entry in Entry.objects.all():
        leaf = bytes(entry.leaf)
        assert leaves.canonical(json.loads(leaf)) == leaf
