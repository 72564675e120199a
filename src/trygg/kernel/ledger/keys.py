"""The key that signs checkpoints: one file beside the database, in neither the database nor the backups."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from trygg.engines.translog.notes import PublicKey, Signer


class LedgerKeyMissing(RuntimeError):
    """There is no key, or the file holds none."""


def make_key(path: Path | None = None) -> bool:
    """Make the key (PKCS #8, readable by the owner only) unless there is one. True if it was made."""
    path = Path(path or settings.TRYGG_LEDGER_KEY)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Written beside and linked into place: another process never sees half a key, and never loses the one it made first.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def signer() -> Signer:
    """The ledger's signer, named by its origin. LedgerKeyMissing with what to do if there is none."""
    path = Path(settings.TRYGG_LEDGER_KEY)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise LedgerKeyMissing(f"there is no ledger key at {path}: run `trygg setup`, or put the key back") from None
    except ValueError as error:
        raise LedgerKeyMissing(f"{path} holds no key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerKeyMissing(f"{path} holds another kind of key than Ed25519")
    return Signer(settings.TRYGG_LEDGER_ORIGIN, key)


def public_key() -> PublicKey:
    """The public key; `str()` of it is the C2SP vkey to publish elsewhere."""
    return signer().public
