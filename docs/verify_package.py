#!/usr/bin/env python3
"""Verify a decision package from Trygg, offline, with Python alone (3.9 or newer).

    python verify_package.py PACKAGE.zip [--key KEY]

Hashes and Merkle proofs (RFC 6962) need nothing but Python. The Ed25519 signatures are checked by the package `cryptography` or the
program `openssl`, whichever is there; the last lines say which, or that nobody did. KEY is the log's public key as the municipality
publishes it elsewhere (name+hash+base64). Without it the key inside the package is used, which proves only that the package fits together.

Ends with 0 when everything that was checked is right, 1 when something was altered or could not be checked, 2 for wrong use.
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

MANIFEST, SIGNED = "MANIFEST.json", "MANIFEST.sig"
CHECKPOINT, ENTRIES, KEY = "record/checkpoint.txt", "record/entries.jsonl", "record/key.txt"
COMMITMENT = b"trygg detail v1\n"
CHUNK = 1 << 20


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify a decision package from Trygg, offline.")
    parser.add_argument("package")
    parser.add_argument("--key", default="", help="the log's public key, from elsewhere than this package")
    given = parser.parse_args()
    wrong, right = verify(given.package, given.key)
    for line in right:
        print(f"right: {line}")
    for line in wrong:
        print(f"WRONG: {line}")
    print("The package was altered, or is not whole." if wrong else "Nothing in the package was altered.")
    return 1 if wrong else 0


def verify(package: str, trusted: str = "") -> "tuple[list[str], list[str]]":
    """(what is wrong, what is right), in words."""
    wrong: list[str] = []
    right: list[str] = []
    try:
        with zipfile.ZipFile(package) as archive:
            names = [info.filename for info in archive.infolist()]
            wrong += unsafe(archive)
            if wrong:
                return wrong, right
            if MANIFEST not in names:
                return [f"{MANIFEST} is missing: this is no decision package, or it was taken out"], right
            content = archive.read(MANIFEST)
            manifest = json.loads(content)
            if manifest.get("format") != "trygg-decision-package" or manifest.get("version") != 1:
                return [f"{MANIFEST} is of another format than this script reads"], right
            check_files(archive, names, manifest, wrong, right)
            check_record(archive, names, manifest, content, trusted, wrong, right)
    except zipfile.BadZipFile as error:
        wrong.append(f"the ZIP is damaged: {error}")
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.zlib.error) as error:
        wrong.append(f"the package cannot be read: {type(error).__name__}: {error}")
    return wrong, right


def unsafe(archive: zipfile.ZipFile) -> "list[str]":
    """Names that would lead out of a folder, stand twice, or are links."""
    found, seen = [], set()
    for info in archive.infolist():
        name, path = info.filename, PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or name != path.as_posix():
            found.append(f"a file has a name that leads elsewhere: {name!r}")
        if name.lower() in seen:
            found.append(f"{name} stands in it twice")
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            found.append(f"{name} is a link, not a file")
        seen.add(name.lower())
    return found


def check_files(archive: zipfile.ZipFile, names: "list[str]", manifest: dict, wrong: "list[str]", right: "list[str]") -> None:
    """Every file against its SHA-256; nothing missing, nothing added."""
    listed = {entry["path"]: entry for entry in manifest["files"]}
    before = len(wrong)
    wrong += [f"{path} is missing" for path in sorted(set(listed) - set(names))]
    wrong += [f"{path} was added: the manifest does not list it" for path in sorted(set(names) - set(listed) - {MANIFEST, SIGNED})]
    for path in sorted(set(listed) & set(names)):
        digest, size = hashlib.sha256(), 0
        try:
            with archive.open(path) as member:
                while chunk := member.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except (zipfile.BadZipFile, zipfile.zlib.error, EOFError) as error:
            wrong.append(f"{path} is damaged: {error}")
            continue
        if size != listed[path]["size"] or digest.hexdigest() != listed[path]["sha256"]:
            wrong.append(f"{path} was altered: its SHA-256 is not what the manifest says")
    if len(wrong) == before:
        right.append(f"all {len(listed)} files are there, and each is what the manifest says")


def check_record(archive, names, manifest, content: bytes, trusted: str, wrong: "list[str]", right: "list[str]") -> None:
    """The signed log: the manifest's signature, the checkpoint's, and that each entry stands in the log."""
    for path in (SIGNED, CHECKPOINT, ENTRIES, KEY):
        if path not in names:
            wrong.append(f"{path} is missing")
            return
    inside = archive.read(KEY).decode().strip()
    key = trusted.strip() or inside
    if trusted and trusted.strip() != inside:
        wrong.append("the key inside the package is not the key that you gave: somebody else signed it")
    note, signed = archive.read(CHECKPOINT).decode(), archive.read(SIGNED).decode()
    origin, size_text, root_text = note.split("\n\n")[0].split("\n")[:3]
    size, root = int(size_text), base64.b64decode(root_text, validate=True)
    record = manifest["record"]
    if (record["origin"], record["size"], record["root"]) != (origin, size, root.hex()):
        wrong.append("the manifest names another state of the log than the checkpoint")
    expected = f"trygg-decision-package 1\n{origin}\n{hashlib.sha256(content).hexdigest()}\n"
    if signed.rpartition("\n\n")[0] + "\n" != expected:
        wrong.append("MANIFEST.json was altered: it is not what was signed")
    used = check_signature(signed, key, "the manifest", wrong, right)
    used = check_signature(note, key, "the checkpoint of the log", wrong, right) or used
    check_entries(archive, size, root, wrong, right)
    if used:
        right.append(f"signatures were checked with {used}, against {'the key that you gave' if trusted else 'the key inside the package'}")
    if not trusted:
        right.append(f"the key inside is {inside}: compare it with the one that is published elsewhere, or give that one with --key")


def check_entries(archive: zipfile.ZipFile, size: int, root: bytes, wrong: "list[str]", right: "list[str]") -> None:
    """Each entry's place in the log, and what was said beside it."""
    count = opened = 0
    before = len(wrong)
    last = -1
    with archive.open(ENTRIES) as lines:
        for line in lines:
            entry = json.loads(line)
            leaf, index = entry["leaf"].encode(), entry["index"]
            said = json.loads(entry["leaf"])
            hashed = hashlib.sha256(b"\x00" + leaf).digest()
            if said.get("index") != index or index <= last:
                wrong.append(f"entry {index} of the record is out of its place")
            if not included(hashed, index, size, [bytes.fromhex(node) for node in entry["proof"]], root):
                wrong.append(f"entry {index} of the record was altered: it does not stand in the signed log")
            for detail in entry["details"]:
                value = COMMITMENT + bytes.fromhex(detail["salt"]) + detail["name"].encode() + b"\x00" + detail["value"].encode()
                if hashlib.sha256(value).hexdigest() != said["details"].get(detail["name"]):
                    wrong.append(f"what is said beside entry {index} was altered: {detail['name']}")
                opened += 1
            count, last = count + 1, index
    if len(wrong) == before:
        right.append(f"all {count} entries of the record stand in the signed log of {size}; {opened} texts beside them are unaltered")


def included(node: bytes, index: int, size: int, proof: "list[bytes]", root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    last = size - 1
    for sibling in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        index >>= 1
        last >>= 1
    return last == 0 and node == root


def check_signature(note: str, key: str, what: str, wrong: "list[str]", right: "list[str]") -> str:
    """The C2SP signature of a note by `key`; what checked it, "" when nothing could."""
    text, _separator, tail = note.rpartition("\n\n")
    message = (text + "\n").encode()
    if not tail.endswith("\n") or any(ord(sign) < 32 and sign != "\n" for sign in note):
        wrong.append(f"the signature of {what} was altered")
        return ""
    name, key_hash, encoded = key.split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_hash or raw[:1] != b"\x01" or len(raw) != 33:
        wrong.append("the key is damaged")
        return ""
    for line in tail[:-1].split("\n"):
        signer, _space, blob = line.removeprefix("\u2014 ").partition(" ")
        signature = base64.b64decode(blob, validate=True)
        if base64.b64encode(signature).decode() != blob:
            wrong.append(f"the signature of {what} was altered")
        if signer == name and signature[:4].hex() == key_hash:
            good, used = ed25519(raw[1:], signature[4:], message)
            if good is None:
                wrong.append(f"the signature of {what} was NOT checked: neither the package cryptography nor openssl is there")
            elif good:
                right.append(f"{what} is signed by {name}")
            else:
                wrong.append(f"the signature of {what} does not fit: it or the text was altered")
            return used
    wrong.append(f"{what} is not signed by {name}")
    return ""


def ed25519(key: bytes, signature: bytes, message: bytes) -> "tuple[bool | None, str]":
    """(whether the signature fits, what said so); (None, "") when nothing here can tell."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return with_openssl(key, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False, "the package cryptography"
    return True, "the package cryptography"


def with_openssl(key: bytes, signature: bytes, message: bytes) -> "tuple[bool | None, str]":
    """The same by the program openssl, version 3 or newer."""
    prefix = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: this is an Ed25519 public key
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("key.der", "signature", "message")]
        for path, data in zip(paths, (prefix + key, signature, message), strict=False):
            path.write_bytes(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(paths[0]), "-rawin"]
        try:
            done = subprocess.run([*command, "-sigfile", str(paths[1]), "-in", str(paths[2])], capture_output=True, text=True)
        except OSError:
            return None, ""
    said = done.stdout + done.stderr
    if "Verified Successfully" in said:
        return True, "openssl"
    return (False, "openssl") if "Verification Failure" in said else (None, "")


if __name__ == "__main__":
    sys.exit(main())
