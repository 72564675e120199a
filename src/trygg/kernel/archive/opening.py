"""A ZIP that nobody vouched for. Nothing of it is unpacked before its names, sizes and sums are known to be right."""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from trygg.kernel.archive.leaving import ABOUT, FORMAT, RECORD, REFERENCES, SUMS, VERSION

BLOCK = 1024 * 1024
NAME = re.compile(r"about\.json|SHA256SUMS|README\.txt|references\.jsonl|record/entries\.jsonl|data/[a-z_]{1,40}\.[a-z_]{1,60}\.jsonl|files/[0-9a-f]{64}")
SUM = re.compile(r"([0-9a-f]{64})  (\S{1,200})")


@dataclass(frozen=True)
class Limits:
    """What an archive may be at most."""

    members: int = 500_000
    total: int = 64 * 1024**3
    small: int = 16 * 1024**2  # about.json, README.txt; SHA256SUMS has a line a file
    line: int = 16 * 1024**2
    ratio: int = 250  # unpacked against packed, for members beyond `unratioed`
    unratioed: int = 8 * 1024**2
    deep: int = 60  # lists within lists


LIMITS = Limits()


class NoArchive(Exception):
    """The file cannot be taken. The message is a sentence that names the place: file, and line where there is one."""


@dataclass(frozen=True)
class Line:
    """A line of a member: where it stands, and what it says."""

    member: str
    number: int
    content: dict[str, Any]

    def wrong(self, words: str) -> NoArchive:
        return NoArchive(f"{self.member}, line {self.number}: {words}")


class Archive:
    """An opened archive: `about`, the names of its members, their lines. NoArchive for what is not as it must be."""

    def __init__(self, path: Path, limits: Limits = LIMITS):
        self.path, self.limits = path, limits
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise NoArchive(f"{path.name}: there is no such file.") from None
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, zlib.error) as error:
            raise NoArchive(f"{path.name} is no archive, or is cut off ({error}). Fetch it again.") from error
        try:
            self._check_members()
            self.sums = self._sums()
            self.about = self._about()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return self._zip.namelist()

    def size_of(self, name: str) -> int:
        return self._zip.getinfo(name).file_size

    def _check_members(self) -> None:
        infos, seen, total = self._zip.infolist(), set(), 0
        if len(infos) > self.limits.members:
            raise NoArchive(f"{self.path.name} holds {len(infos)} files; at most {self.limits.members} are read.")
        for info in infos:
            name = info.filename[:120]
            if info.orig_filename != info.filename or not NAME.fullmatch(info.filename):
                raise NoArchive(f"{self.path.name}: «{name}» is no name that an archive of Trygg holds.")
            if info.filename in seen:
                raise NoArchive(f"{self.path.name}: «{name}» stands in it twice.")
            seen.add(info.filename)
            if info.flag_bits & 1:
                raise NoArchive(f"{name} has a password; an archive of Trygg has none.")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise NoArchive(f"{name} is packed in a way that is not read here.")
            total += info.file_size
            if info.file_size > self.limits.unratioed and info.file_size > self.limits.ratio * max(info.compress_size, 1):
                raise NoArchive(f"{name} would unpack to {info.file_size} bytes from {info.compress_size}: that is how an attack looks.")
        if total > self.limits.total:
            raise NoArchive(f"{self.path.name} would unpack to {total} bytes; at most {self.limits.total} are read.")
        for name in (ABOUT, SUMS, REFERENCES, RECORD):
            if name not in seen:
                raise NoArchive(f"{self.path.name} is no archive of Trygg: {name} is missing.")

    def _sums(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, text in enumerate(self._small(SUMS, 100 * self.limits.small).decode("ascii", "replace").splitlines(), start=1):
            match = SUM.fullmatch(text)
            if match is None or match[2] in found:
                raise NoArchive(f"{SUMS}, line {number}: it is no sum and name, or names a file twice.")
            found[match[2]] = match[1]
        names = set(self.names) - {SUMS}
        if found.keys() != names:
            odd = sorted(found.keys() ^ names)[0]
            raise NoArchive(f"{SUMS}: «{odd[:120]}» is listed and missing, or there and not listed.")
        return found

    def _about(self) -> dict[str, Any]:
        about = _json(self._small(ABOUT, self.limits.small), ABOUT, 1, self.limits.deep)
        if not isinstance(about, dict) or about.get("format") != FORMAT:
            raise NoArchive(f"{ABOUT}: it does not say that this is an archive of Trygg.")
        if about.get("version") != VERSION:
            raise NoArchive(
                f"{ABOUT}: the archive has form {about.get('version')!r}; this version of Trygg reads form {VERSION}. "
                f"It was written by Trygg {str(about.get('trygg'))[:20]}."
            )
        place = about.get("organisation")
        if not isinstance(place, dict) or not all(isinstance(place.get(key), str) and place[key] for key in ("id", "name", "slug")):
            raise NoArchive(f"{ABOUT}: it does not say whose archive it is.")
        for name in ("rows", "named", "held_back", "outside"):
            counts = about.get(name, {} if name != "rows" else None)
            if not isinstance(counts, dict) or not all(type(count) is int and count >= 0 for count in counts.values()):
                raise NoArchive(f"{ABOUT}: {name} does not say how many rows there are.")
        return about

    def _small(self, name: str, most: int) -> bytes:
        if self.size_of(name) > most:
            raise NoArchive(f"{name} is {self.size_of(name)} bytes; at most {most} are read.")
        with self.open(name) as stream:
            return stream.read()

    def open(self, name: str) -> IO[bytes]:
        """A member to read. What is damaged shows while it is read, as NoArchive."""
        try:
            return _Told(self._zip.open(name), name)  # type: ignore[return-value]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
            raise NoArchive(f"{name} is damaged ({error}). Fetch the archive again.") from error

    def check_sum(self, name: str) -> None:
        """NoArchive unless the member is what SHA256SUMS says."""
        digest, size = hashlib.sha256(), 0
        with self.open(name) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
                size += len(block)
        if digest.hexdigest() != self.sums[name] or (name.startswith("files/") and digest.hexdigest() != name[6:]):
            raise NoArchive(f"{name}: its content is not what its sum says: it was altered or damaged.")

    def lines(self, name: str) -> Iterator[Line]:
        """The lines of a member, one at a time."""
        if name not in self.sums:
            return
        with self.open(name) as stream:
            number = 0
            while text := stream.readline(self.limits.line + 1):
                number += 1
                if len(text) > self.limits.line:
                    raise NoArchive(f"{name}, line {number}: it is longer than {self.limits.line} bytes.")
                if not text.endswith(b"\n"):
                    raise NoArchive(f"{name}, line {number}: it is cut off.")
                content = _json(text, name, number, self.limits.deep)
                if not isinstance(content, dict):
                    raise NoArchive(f"{name}, line {number}: it is no row.")
                yield Line(name, number, content)


class _Told:
    """A member while it is read: faults of the ZIP are said in words."""

    def __init__(self, stream: IO[bytes], name: str):
        self._stream, self._name = stream, name

    def __enter__(self) -> "_Told":
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        return self._do(self._stream.read, size)

    def readline(self, size: int) -> bytes:
        return self._do(self._stream.readline, size)

    def _do(self, read: Any, size: int) -> bytes:
        try:
            return read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise NoArchive(f"{self._name} is damaged ({error}). Fetch the archive again.") from error


def _json(text: bytes, name: str, number: int, deep: int) -> Any:
    depth = most = 0
    if text.count(b"[") + text.count(b"{") > deep:  # brackets inside texts count too; only then is it worth looking
        for byte in re.findall(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
            if byte in (b"[", b"{"):
                depth += 1
                most = max(most, depth)
            elif byte in (b"]", b"}"):
                depth -= 1
    if most > deep:
        raise NoArchive(f"{name}, line {number}: lists stand within lists more than {deep} deep.")
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NoArchive(f"{name}, line {number}: it is no JSON ({error}).") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands in it twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")
