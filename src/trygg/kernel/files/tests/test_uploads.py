"""What is taken as evidence: by content, never by the name alone; nothing that a browser would run."""

import io
import os
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from trygg.kernel.files.uploads import UploadRefused, read_upload

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


DOCX = archive(**{"word__document.xml": b"<w:document/>", "[Content_Types].xml": b"<Types/>"})
ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<x/>"})


def read(name: str, content: bytes):
    return read_upload(SimpleUploadedFile(name, content))


def kept(settings) -> list:
    return [path for path in settings.TRYGG_FILES.rglob("*") if path.is_file()] if settings.TRYGG_FILES.exists() else []


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("bild.png", PNG, "image/png"),
        ("beslut.pdf", PDF, "application/pdf"),
        ("rapport.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("rapport.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("anteckning.txt", "Åäö, räksmörgås".encode(), "text/plain"),
        ("gammal.txt", "Åäö, räksmörgås".encode("latin-1"), "text/plain"),
        ("rader.csv", b"a;b\n1;2\n", "text/csv"),
        ("svar.json", b'{"a": 1}', "application/json"),
        ("README.MD", b"# x", "text/plain"),
    ],
)
def test_it_is_taken_with_its_type_and_kept_under_its_hash(settings, name, content, media_type):
    taken = read(name, content)
    assert (taken.name, taken.media_type, taken.size) == (name, media_type, len(content))
    assert (settings.TRYGG_FILES / taken.stored_as).read_bytes() == content
    assert len(kept(settings)) == 1


HTML, SVG = b"<html><script>alert(1)</script>", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sida.html", HTML),
        ("sida.txt", HTML),
        ("sida.txt", b"\xef\xbb\xbf  " + HTML),
        ("bild.svg", SVG),
        ("bild.png", SVG),
        ("program.pdf", b"MZ\x90\x00" + b"\x00" * 100),
        ("bild.pdf", PNG),
        ("beslut.png", PDF),
        ("rapport.pdf", DOCX),
        ("rapport.xlsx", DOCX),
        ("paket.zip", archive(a=b"1")),
        ("paket.docx", archive(a=b"1")),
        ("sida.docx", HTML + DOCX),  # a page with an archive behind it
        ("bok.odt", archive(mimetype=b"application/epub+zip")),
        ("trasig.docx", b"PK\x03\x04" + b"\x00" * 50),
        ("trasig.docx", DOCX[:-30]),
        ("binar.txt", b"abc\x00def"),
        ("skript.sh", b"#!/bin/sh\n"),
        ("utan", b"text"),
    ],
)
def test_it_is_refused_by_its_content_and_nothing_is_kept(settings, name, content):
    with pytest.raises(UploadRefused) as refusal:
        read(name, content)
    assert (refusal.value.code, kept(settings)) == ("type", [])


def test_an_archive_is_not_unpacked(settings):
    """A document that says it holds 4 GB is judged by its list of contents; it takes neither memory nor disk."""
    bomb = archive(**{"word__document.xml": b"<w:document/>", "word__media__x.bin": b"\x00" * 200_000_000})
    assert len(bomb) < 1_000_000
    taken = read("bomb.docx", bomb)
    assert (taken.size, sum(path.stat().st_size for path in kept(settings))) == (len(bomb), len(bomb))


def test_an_archive_that_lies_about_its_type_entry_is_refused(settings):
    """The entry "mimetype" is the only one that is read: one whose size is a lie does not open."""
    content = bytearray(archive(mimetype=b"x" * 100_000))
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(sign) + place
        content[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(UploadRefused):
        read("ljuger.odt", bytes(content))


def test_an_empty_file_is_refused(settings):
    with pytest.raises(UploadRefused) as refusal:
        read("tom.txt", b"")
    assert (refusal.value.code, kept(settings)) == ("empty", [])


def test_one_that_is_too_large_is_refused_also_when_it_lies_about_its_size(settings):
    settings.TRYGG_MAX_UPLOAD = 1000
    assert read("jamnt.txt", b"x" * 1000).size == 1000
    honest, lying = SimpleUploadedFile("stor.txt", b"x" * 1001), SimpleUploadedFile("stor.txt", b"x" * 1001)
    lying.size = 10
    for upload in (honest, lying):
        with pytest.raises(UploadRefused) as refusal:
            read_upload(upload)
        assert refusal.value.code == "too_large"
    assert len(kept(settings)) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "a/b\\c.txt", "\x00.txt", "x" * 400 + ".txt"])
def test_a_name_is_only_a_name(settings, name):
    upload = SimpleUploadedFile("x.txt", b"text")
    upload._name = name
    try:
        taken = read_upload(upload)
    except UploadRefused:
        return
    assert "/" not in taken.name and len(taken.name) <= 255
    assert all(path.resolve().is_relative_to(settings.TRYGG_FILES.resolve()) for path in kept(settings))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_said_and_nothing_is_kept(settings, monkeypatch):
    from pathlib import Path

    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, mode="r", *a, **k: real(Path("/dev/full") if mode == "wb" else self, mode, *a, **k))
    with pytest.raises(UploadRefused) as refusal:
        read("full.txt", b"x" * 100_000)
    assert (refusal.value.code, kept(settings)) == ("disk", [])
