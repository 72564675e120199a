"""What a file is, by its content: kind, text encoding, delimiter. The name of a file proves nothing."""

import codecs
import csv
import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import ReadError, shown

BLOCK = 1024 * 1024
SAMPLE = 256 * 1024
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1")
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "utf-16": "UTF-16 with BOM",
    "utf-16-le": "UTF-16 (little-endian, no BOM)",
    "utf-16-be": "UTF-16 (big-endian, no BOM)",
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1",
}
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"7z\xbc\xaf": "7z", b"\xfd7zXZ": "xz", b"Rar!": "rar"}
_CP1252_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_ESCAPED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text file is encoded.

    `mixed` is true where some lines are in another encoding than `encoding`; `other_lines` are the first of them
    (counted from 1, physical lines) and `other_count` how many there are.
    """

    encoding: str
    mixed: bool = False
    other_lines: tuple[int, ...] = ()
    other_count: int = 0
    final_newline: bool = True

    @property
    def label(self) -> str:
        """The encoding as people call it."""
        return ENCODING_NAMES.get(self.encoding, self.encoding)


def file_format(path: Path, name: str) -> str:
    """`xlsx`, `json` or `csv`, by the first bytes; raises `ReadError` for kinds that cannot be read at all."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\x00 \t\r\n"):
        raise ReadError("empty", {"file": name})
    if head.startswith(b"PK"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError("old_excel", {"file": name})
    if head.startswith(b"%PDF"):
        raise ReadError("pdf", {"file": name})
    for magic, kind in _PACKED.items():
        if head.startswith(magic):
            raise ReadError("compressed", {"file": name, "kind": kind})
    start = head.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    start = start.replace(b"\x00", b"").lstrip()
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise ReadError("html", {"file": name})
    suffix = Path(name).suffix.lower()
    if suffix == ".json" or (start[:1] in (b"{", b"[") and suffix not in (".csv", ".tsv", ".txt")):
        return "json"
    return "csv"


def digest(path: Path) -> str:
    """SHA-256 of the file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def text_form(path: Path, name: str, encoding: str | None = None) -> TextForm:
    """The encoding of the whole file, read once through in blocks.

    With `encoding` the person's choice is taken; UTF-8 still reports lines that do not fit. Raises `ReadError` for
    binary content, for text cut off inside a character, and where the choice does not fit at all.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(-1, io.SEEK_END)
        final_newline = stream.read(1) in b"\r\n\x00"
    wide = _utf16(head)
    if encoding is not None:
        encoding = encoding.lower()
        if encoding not in (*ENCODINGS, *ENCODING_NAMES):
            raise ReadError("unknown_encoding", {"encoding": encoding, "choices": ", ".join(ENCODINGS)})
        if encoding == "utf-8" and head.startswith(codecs.BOM_UTF8):
            encoding = "utf-8-sig"
    chosen = encoding or wide
    if chosen and chosen not in ("utf-8", "utf-8-sig"):
        _check_decodes(path, name, chosen)
        return TextForm(chosen, final_newline=final_newline)
    utf8 = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    error = _utf8_error(path, name)
    if error is None:
        return TextForm(utf8, final_newline=final_newline)
    count_utf8, other, count_other, undefined = _lines_by_encoding(path)
    if count_utf8 and count_other == 1 and error == "unexpected end of data":
        detail = "the file ends in the middle of a character"
        raise ReadError("truncated", {"file": name, "row": "?", "detail": detail})
    if count_utf8 == 0 and chosen is None:
        return TextForm("latin-1" if undefined else "cp1252", final_newline=final_newline)
    if chosen or utf8 == "utf-8-sig" or count_utf8 >= count_other:
        return TextForm(utf8, True, tuple(other), count_other, final_newline)
    return TextForm("cp1252", True, (), count_utf8, final_newline)


def _utf16(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and not even:
        return "utf-16-le"
    if even > 0.4 * len(head) / 2 and not odd:
        return "utf-16-be"
    return None


def _check_decodes(path: Path, name: str, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    position = 0
    with path.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                if "\x00" in decoder.decode(block):
                    raise ReadError("binary", {"file": name, "position": position})
                position += len(block)
            decoder.decode(b"", True)
        except UnicodeDecodeError as error:
            at_end = position >= path.stat().st_size
            if at_end and encoding.startswith("utf"):
                detail = "the file ends in the middle of a character"
                raise ReadError("truncated", {"file": name, "row": "?", "detail": detail}) from error
            label = ENCODING_NAMES.get(encoding, encoding)
            place = position + error.start
            raise ReadError("cannot_decode", {"file": name, "position": place, "encoding": label}) from error


def _utf8_error(path: Path, name: str) -> str | None:
    """Why the file is not UTF-8, or None; a NUL byte raises, for no table or JSON has one."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    problem = None
    position = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            if (nul := block.find(b"\x00")) >= 0:
                raise ReadError("binary", {"file": name, "position": position + nul})
            position += len(block)
            if problem is None:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError as error:
                    problem = error.reason
        if problem is None:
            try:
                decoder.decode(b"", True)
            except UnicodeDecodeError as error:
                problem = error.reason
    return problem


def _lines_by_encoding(path: Path) -> tuple[int, list[int], int, bool]:
    """Lines with non-ASCII text that are UTF-8: how many; those that are not: the first ten, how many; whether bytes
    stand there that Windows-1252 does not define."""
    utf8 = count_other = 0
    other: list[int] = []
    undefined = False
    number = 1
    with path.open("rb") as stream:
        while line := stream.readline(BLOCK):
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    utf8 += 1
                except UnicodeDecodeError:
                    count_other += 1
                    undefined = undefined or bool(_CP1252_UNDEFINED.search(line))
                    if len(other) < 10:
                        other.append(number)
            number += line.endswith(b"\n")
    return utf8, other, count_other, undefined


def open_text(path: Path, form: TextForm) -> io.TextIOWrapper:
    """The file as text, newlines untouched; in a mixed file what is not UTF-8 comes as escaped bytes: see `recode`."""
    encoding, errors = form.encoding, "strict"
    if form.mixed:
        encoding = "utf-8" if form.encoding == "cp1252" else form.encoding
        errors = "surrogateescape"
    return io.TextIOWrapper(path.open("rb"), encoding=encoding, errors=errors, newline="")


def recode(text: str, form: TextForm) -> tuple[str, str | None]:
    """One value of a mixed file: (text, None), or (readable form, the encoding it is in) where it does not fit."""
    if text.isascii():
        return text, None
    escaped = bool(_ESCAPED.search(text))
    if form.encoding == "cp1252":
        if not escaped:
            return text, "UTF-8"
        return _single_byte(text), None
    return (_single_byte(text), "Windows-1252 or similar") if escaped else (text, None)


def _single_byte(text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def find_delimiter(path: Path, form: TextForm, name: str, chosen: str | None = None) -> str:
    """The character between columns: the one that cuts most rows into as many columns as the first row has.

    Raises `ReadError("one_column")` where nothing, or the chosen one, gives more than one column.
    """
    if chosen is not None and chosen not in DELIMITERS:
        choices = ", ".join(DELIMITERS.values())
        raise ReadError("unknown_delimiter", {"delimiter": chosen, "choices": choices})
    with open_text(path, form) as stream:
        sample = stream.read(SAMPLE)
        cut = bool(stream.read(1))
    best, best_score, first = None, (0.0, 0), ""
    for delimiter in DELIMITERS:
        rows = _sample_rows(sample, delimiter, cut)
        width = len(rows[0]) if rows else 0
        if delimiter == (chosen or ","):
            first = shown(delimiter.join(rows[0])) if rows else ""
        if width < 2:
            continue
        same = sum(len(row) == width for row in rows) / len(rows)
        if (score := (round(same, 2), width)) > best_score:
            best, best_score = delimiter, score
    if chosen is not None and len((_sample_rows(sample, chosen, cut) or [[]])[0]) > 1:
        return chosen
    if best is None or chosen is not None:
        hint = f" (it looks like {DELIMITERS[best]})" if best else ""
        label = DELIMITERS[chosen] if chosen else "comma, semicolon, tab or pipe"
        raise ReadError("one_column", {"file": name, "delimiter": label, "column": first, "hint": hint})
    return best


def sep_line(sample: str) -> str | None:
    """The delimiter that Excel's own first line `sep=;` names, if there is one."""
    match = re.match(r"sep=([,;|\t])\r?\n", sample)
    return match.group(1) if match else None


def _sample_rows(sample: str, delimiter: str, cut: bool) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == 400:
                cut = False
                break
    except csv.Error:
        cut = False
    if cut and len(rows) > 1:
        rows.pop()
    return [row for row in rows if any(row)]
