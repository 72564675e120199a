"""Reading an upload: size, type by content and hash, before anything is stored."""

import hashlib
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

# What evidence is made of. By content, never by the name alone; nothing that a browser would run.
ALLOWED = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/plain": (".txt", ".md"),
    "text/csv": (".csv",),
    "application/json": (".json",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
}
TEXT_TYPES = {"text/plain", "text/csv", "application/json"}
INSIDE_ZIP = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class UploadRefused(Exception):
    """The upload is not taken. `code` names why, the message says it and what to do, in the person's language."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class CheckedUpload:
    """A file that was read whole into the store under its hash; nothing refers to it until `store_file`."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str


def read_upload(upload: UploadedFile, *, allowed: dict[str, tuple[str, ...]] | None = None) -> CheckedUpload:
    """Read, check and keep an upload outside the transaction. Raises UploadRefused; then nothing is kept."""
    allowed = allowed or ALLOWED
    name = get_valid_filename(Path(upload.name or "").name)[:255] or "file"
    if upload.size is not None and upload.size > settings.TRYGG_MAX_UPLOAD:
        raise UploadRefused(
            "too_large",
            _("«%(name)s» is larger than %(limit)d MB. Take out pictures, or split the document, and upload it again.")
            % {"name": name, "limit": settings.TRYGG_MAX_UPLOAD // 1024 // 1024},
        )
    folder = Path(settings.TRYGG_FILES)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / f".{os.getpid()}-{id(upload)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
            for chunk in upload.chunks():
                size += len(chunk)
                if size > settings.TRYGG_MAX_UPLOAD:
                    raise UploadRefused("too_large", _("«%(name)s» is too large.") % {"name": name})
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if size == 0:
            raise UploadRefused("empty", _("«%(name)s» is empty. Choose the file again.") % {"name": name})
        media_type = media_type_of(partial, name)
        if media_type not in allowed or Path(name).suffix.lower() not in allowed[media_type]:
            raise UploadRefused(
                "type",
                _("«%(name)s» is not a kind of file that can be kept here, or its content is not what its name says. "
                  "Save it as PDF, Word, Excel, text or picture and upload it again.") % {"name": name},
            )  # fmt: skip
        sha256 = digest.hexdigest()
        target = folder / sha256[:2] / sha256
        target.parent.mkdir(exist_ok=True, mode=0o700)
        os.replace(partial, target)
    except OSError as error:
        raise UploadRefused("disk", _("The file could not be stored: the disk is full or not writable. Nothing was kept.")) from error
    finally:
        partial.unlink(missing_ok=True)
    return CheckedUpload(name, media_type, size, sha256, f"{sha256[:2]}/{sha256}")


def media_type_of(path: Path, name: str) -> str:
    """The type by content: signatures first, then whether it is text. Empty when it is none of the known ones."""
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):  # and not `is_zipfile`: an archive may hang behind anything
        try:
            with zipfile.ZipFile(path) as archive:
                names = set(archive.namelist())  # only the list: nothing is unpacked, whatever size it says it has
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                    return archive.read("mimetype").decode("ascii", "replace").strip()
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError):
            return ""
        return next((kind for inside, kind in INSIDE_ZIP.items() if inside in names), "")
    found = [match.mime_type for match in _magic(path)]
    for kind in ("application/pdf", "image/png", "image/jpeg"):
        if kind in found[:3]:
            return kind
    if b"\x00" in head:
        return ""
    try:
        head.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4 and not all(byte >= 0x20 or byte in b"\t\r\n" for byte in head):
            return ""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":  # HTML and SVG run in a browser
        return ""
    suffix = Path(name).suffix.lower()
    return {".csv": "text/csv", ".json": "application/json"}.get(suffix, "text/plain")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(65536)


def _magic(path: Path) -> list:
    try:
        return puremagic.magic_file(str(path))
    except (puremagic.PureError, ValueError):
        return []
