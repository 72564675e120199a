"""Signed notes, checkpoints and cosignatures as C2SP writes them."""

import contextlib
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.translog import notes

# The example of golang.org/x/mod/sumdb/note, which defined the format.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def signer(number=1, name="log.example/ledger", kind=notes.SIGNATURE):
    return notes.Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32), kind)


def checkpoint(size=3):
    return notes.Checkpoint("log.example/ledger", size, bytes(range(32)))


def test_the_note_of_the_reference_implementation_opens():
    assert notes.open_note(NOTE, notes.PublicKey.parse(NEUMANN)).text == TEXT


def test_we_sign_as_the_reference_implementation_does():
    key = notes.Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(NEUMANN_SEED))
    assert str(key.public) == NEUMANN
    assert str(notes.sign(TEXT, key)) == NOTE


def test_the_key_of_the_go_checksum_database_is_read():
    assert (
        notes.PublicKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").name
        == "sum.golang.org"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        NEUMANN.replace("c74f", "c74e"),
        NEUMANN[:-4],
        NEUMANN.replace("Peter", "Petra"),
        "a b+00000000+AQ==",
        "a+00000000+",
    ],
)
def test_a_damaged_key_is_refused(text):
    with pytest.raises(notes.NoteError):
        notes.PublicKey.parse(text)


def test_an_altered_note_is_refused():
    with pytest.raises(notes.SignatureError, match="altered"):
        notes.open_note(NOTE.replace("problem is", "solution is"), notes.PublicKey.parse(NEUMANN))


def test_another_key_of_the_same_name_is_not_trusted():
    with pytest.raises(notes.SignatureError, match="not signed by"):
        notes.open_note(str(checkpoint().signed(signer(2))), signer(1).public)


def test_a_checkpoint_comes_back_as_it_was_signed():
    assert notes.open_checkpoint(str(checkpoint(7).signed(signer())), signer().public) == checkpoint(7)


def test_a_checkpoint_of_another_log_is_refused():
    foreign = notes.Checkpoint("elsewhere.example", 3, bytes(32)).signed(signer())
    with pytest.raises(notes.NoteError, match="elsewhere"):
        notes.open_checkpoint(str(foreign), signer().public)


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        "origin\n01\nAAAA\n",
        "origin\n-1\nAAAA\n",
        "\n1\nAAAA\n",
        "origin\n1\nAAAA\n",
        "origin\n1\n%%%%\n",
        "o\n1\nAAAA",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(notes.NoteError):
        notes.Checkpoint.parse(text)


def test_a_witness_cosigns_with_the_time_at_which_it_saw_the_checkpoint():
    witness = signer(3, "police.example/witness", notes.COSIGNATURE)
    note = checkpoint().signed(signer())
    note = note.cosigned(notes.cosign(note, witness, 1_790_000_000))
    read = notes.Note.parse(str(note))
    assert notes.cosigned_at(read, witness.public) == 1_790_000_000
    assert notes.witnesses_of(read, [witness.public, signer(4, "health.example", notes.COSIGNATURE).public]) == [
        witness.public
    ]
    assert notes.open_checkpoint(str(note), signer().public) == checkpoint()


def test_a_cosignature_for_another_checkpoint_is_refused():
    witness = signer(3, "police.example/witness", notes.COSIGNATURE)
    line = notes.cosign(checkpoint(3).signed(signer()), witness, 5)
    with pytest.raises(notes.SignatureError):
        notes.cosigned_at(checkpoint(4).signed(signer()).cosigned(line), witness.public)


def test_the_cosignature_of_the_specification_is_laid_out_as_ours():
    spec = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 "
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    note = notes.Note.parse(spec)
    assert str(note) == spec
    assert notes.Checkpoint.parse(note.text).size == 20852163
    assert int.from_bytes(note.signatures[1].signature[:8], "big") == 1679315147
    assert len(note.signatures[1].signature) == 72


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    for read in (notes.Note.parse, notes.PublicKey.parse, notes.Checkpoint.parse):
        with contextlib.suppress(notes.NoteError):
            read(text)


@given(st.integers(0, len(NOTE) - 1), st.characters())
def test_one_changed_letter_never_passes(place, letter):
    changed = NOTE[:place] + letter + NOTE[place + 1 :]
    if changed == NOTE:
        return
    try:
        opened = notes.open_note(changed, notes.PublicKey.parse(NEUMANN))
    except notes.NoteError:
        return
    assert opened.text == TEXT  # a base64 letter whose last bits count for nothing
