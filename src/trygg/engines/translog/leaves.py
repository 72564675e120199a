"""What a log entry says: canonical JSON leaves (RFC 8785) and salted commitments of details that may be erased later."""

import datetime
import decimal
import enum
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import rfc8785

LEAF_VERSION = 1
SALT_SIZE = 32
COMMITMENT_PREFIX = b"trygg detail v1\n"
ERASURE = "ledger.detail_erased"  # the action whose public part {"entry": index, "detail": name} accounts for a missing detail

_DECODER = json.JSONDecoder()


class NotJson(TypeError):
    """A value that has no canonical JSON form."""


class NotALeaf(ValueError):
    """Bytes that are no leaf: not a JSON object."""


def plain(value: Any) -> Any:
    """`value` in JSON's own types: dates as ISO text, decimals and UUIDs as text, enumerations as their values."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, datetime.datetime):
        return time_text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    raise NotJson(f"{type(value).__name__} has no JSON form: write it as text, number, list or dictionary")


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value. NotJson for a value outside its domain (NaN, integers beyond 2**53, lone surrogates)."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotJson(str(error)) from error


def time_text(at: datetime.datetime) -> str:
    """UTC with microseconds, as in 2026-09-01T08:30:00.000000Z. ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("a time without a time zone does not say when")
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Secret:
    """A detail outside the leaf: its salt and its value as canonical JSON text."""

    salt: bytes
    value: str


def conceal(value: Any) -> Secret:
    """A fresh salt for a detail."""
    return Secret(secrets.token_bytes(SALT_SIZE), canonical(plain(value)).decode())


def commitment(name: str, salt: bytes, value: str) -> str:
    """Hex SHA-256 that binds a detail's name and value. Without the 256-bit salt it tells nothing of the value, not even by guessing."""
    return sha256(COMMITMENT_PREFIX + salt + name.encode() + b"\x00" + value.encode()).hexdigest()


def make_leaf(
    *,
    index: int,
    action: str,
    actor_kind: str,
    actor_id: str,
    organisation_id: int | None,
    at: datetime.datetime,
    subject_type: str,
    subject_id: str,
    public: Mapping[str, Any],
    commitments: Mapping[str, str],
) -> bytes:
    """The bytes of one entry, hashed and kept as they are."""
    return canonical(
        {
            "v": LEAF_VERSION,
            "index": index,
            "action": action,
            "actor": {"kind": actor_kind, "id": actor_id},
            "organisation": organisation_id,
            "at": time_text(at),
            "subject": {"type": subject_type, "id": subject_id},
            "public": public,
            "details": commitments,
        }
    )


def read_leaf(leaf: bytes) -> dict[str, Any]:
    """The content of a leaf. NotALeaf if it is not one JSON object, without a byte before or after it."""
    try:
        text = leaf.decode()
        content, end = _DECODER.raw_decode(text)  # half the time of json.loads, which looks for encodings and blanks
    except (ValueError, RecursionError) as error:
        raise NotALeaf(str(error)) from error
    if not isinstance(content, dict) or end != len(text):
        raise NotALeaf("a leaf is one JSON object and nothing else")
    return content
