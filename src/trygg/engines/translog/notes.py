"""Signed notes (C2SP signed-note), log checkpoints (tlog-checkpoint) and witnesses' cosignatures (tlog-cosignature), Ed25519."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from trygg.engines.translog.merkle import HASH_SIZE

SIGNATURE = 0x01  # a log's own Ed25519 signature over the note's text
COSIGNATURE = 0x04  # a witness's, with the time at which it saw the checkpoint
HEADER = "cosignature/v1\ntime {}\n"
DASH = "\u2014 "
MAX_LENGTH = 1 << 20
NAME = re.compile(r"[^\s+]+")
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note, checkpoint or key that is not written as the specification says."""


class SignatureError(NoteError):
    """A note that the given key did not sign, or not this text."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A named Ed25519 key of one kind (SIGNATURE or COSIGNATURE); `str()` is its C2SP vkey: name+hash+base64."""

    name: str
    raw: bytes
    kind: int = SIGNATURE

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise NoteError(f"«{self.name}» cannot name a key: no spaces, no plus sign")
        if len(self.raw) != 32 or self.kind not in (SIGNATURE, COSIGNATURE):
            raise NoteError("only Ed25519 keys (32 bytes; kinds 0x01 and 0x04) are known")

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.raw).decode()}"

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Read a vkey. NoteError if it is damaged: the key hash must fit the name and the key."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise NoteError("a key is written name+hash+base64")
        name, key_hash, encoded = parts
        material = _base64(encoded)
        if not material:
            raise NoteError("the key is empty")
        key = cls(name, material[1:], material[0])
        if key.id.hex() != key_hash:
            raise NoteError(f"the key of {name} is damaged: its hash is {key.id.hex()}, not {key_hash}")
        return key

    def check(self, signature: bytes, message: bytes) -> bool:
        """True when `signature` is this key's over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A named private key of one kind."""

    name: str
    key: Ed25519PrivateKey = field(repr=False)
    kind: int = SIGNATURE

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self.key.public_key().public_bytes_raw(), self.kind)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, and its signature lines."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, note: str) -> "Note":
        """Read a signed note. NoteError where it breaks the format."""
        if len(note) > MAX_LENGTH:
            raise NoteError("the note is too long")
        if any(ord(letter) < 0x20 and letter != "\n" for letter in note):
            raise NoteError("the note has control characters")
        text, separator, tail = note.rpartition("\n\n")
        if not separator or not text or not tail.endswith("\n"):
            raise NoteError("the note has no signature: text, empty line, signature lines")
        return cls(text + "\n", tuple(_signature_line(line) for line in tail[:-1].split("\n")))

    def lines_of(self, key: PublicKey) -> list[SignatureLine]:
        return [line for line in self.signatures if line.name == key.name and line.key_id == key.id]

    def cosigned(self, line: SignatureLine) -> "Note":
        """The note with one more signature line."""
        return Note(self.text, (*self.signatures, line))


def sign(text: str, signer: Signer) -> Note:
    """`text` (ending in a newline) signed as a note."""
    if not text.endswith("\n") or any(ord(letter) < 0x20 and letter != "\n" for letter in text):
        raise NoteError("a note's text ends in a newline and has no control characters")
    return Note(text, (SignatureLine(signer.name, signer.public.id, signer.key.sign(text.encode())),))


def open_note(note: str, key: PublicKey) -> Note:
    """The note, once `key` is known to have signed it. SignatureError otherwise."""
    parsed = Note.parse(note)
    lines = parsed.lines_of(key)
    if not lines:
        names = ", ".join(line.name for line in parsed.signatures)
        raise SignatureError(f"not signed by {key.name} with key {key.id.hex()} (signed by {names})")
    if not all(key.check(line.signature, parsed.text.encode()) for line in lines):
        raise SignatureError(f"the signature of {key.name} does not fit the text: one of them was altered")
    return parsed


def cosign(note: Note, witness: Signer, time: int) -> SignatureLine:
    """A witness's line for a checkpoint that it found consistent with what it saw before; `time` in POSIX seconds."""
    if witness.kind != COSIGNATURE:
        raise NoteError("a witness signs with a key of kind 0x04")
    message = HEADER.format(time) + note.text
    return SignatureLine(witness.name, witness.public.id, time.to_bytes(8, "big") + witness.key.sign(message.encode()))


def cosigned_at(note: Note, witness: PublicKey) -> int | None:
    """When `witness` cosigned the note (POSIX seconds), None if it did not. SignatureError for a line that does not verify."""
    times = []
    for line in note.lines_of(witness):
        time = int.from_bytes(line.signature[:8], "big")
        message = HEADER.format(time) + note.text
        if len(line.signature) != 72 or not witness.check(line.signature[8:], message.encode()):
            raise SignatureError(f"the cosignature of {witness.name} does not fit the text")
        times.append(time)
    return max(times, default=None)


def witnesses_of(note: Note, witnesses: Iterable[PublicKey]) -> list[PublicKey]:
    """Those of `witnesses` that cosigned the note."""
    return [witness for witness in witnesses if cosigned_at(note, witness) is not None]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's size and root at one time: what is signed, witnessed and printed in reports."""

    origin: str
    size: int
    root: bytes
    extensions: Sequence[str] = ()

    @property
    def text(self) -> str:
        lines = [self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions]
        if any(not line or "\n" in line for line in lines):
            raise NoteError("every line of a checkpoint says something")
        return "\n".join(lines) + "\n"

    def signed(self, signer: Signer) -> Note:
        return sign(self.text, signer)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text. NoteError where it is no checkpoint."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise NoteError("a checkpoint has an origin, a size and a root, each on its line")
        origin, size, root, *extensions = lines[:-1]
        if not SIZE.fullmatch(size):
            raise NoteError(f"«{size}» is no tree size")
        checkpoint = cls(origin, int(size), _base64(root), tuple(extensions))
        if len(checkpoint.root) != HASH_SIZE:
            raise NoteError("the root of a checkpoint has 32 bytes")
        return checkpoint


def open_checkpoint(note: str, key: PublicKey) -> Checkpoint:
    """The checkpoint in a note that `key` signed. NoteError or SignatureError otherwise; the origin must be the key's name."""
    checkpoint = Checkpoint.parse(open_note(note, key).text)
    if checkpoint.origin != key.name:
        raise NoteError(f"the checkpoint is of {checkpoint.origin}, the key of {key.name}")
    return checkpoint


def _signature_line(line: str) -> SignatureLine:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not NAME.fullmatch(name):
        raise NoteError(f"«{line}» is no signature line")
    signature = _base64(encoded)
    if len(signature) < 5:
        raise NoteError(f"the signature of {name} is too short")
    return SignatureLine(name, signature[:4], signature[4:])


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"«{text[:20]}» is not base64") from error
