"""Ids made from names: the name itself where it fits, otherwise what is readable of it and a hash. Never from a place."""

from __future__ import annotations

import hashlib
import re
import unicodedata

ITEM = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}\Z")
SECTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}\Z")
CHOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}\Z")
PACK = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def named(name: str, form: re.Pattern[str]) -> str:
    """The id for a name, in that form. The same name always gives the same id."""
    return name if form.match(name) else hashed(name)


def hashed(name: str) -> str:
    """What is readable of the name, at most 40 characters, and eight of its SHA-256."""
    return f"{slug(name, 'q')}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def pack_id(name: str) -> str:
    """An id for a pack from the name of a file."""
    return slug(name, "survey").lower()[:80].strip("-")


def slug(name: str, otherwise: str) -> str:
    """Letters and digits of the name, with hyphens between; begins with a letter."""
    simple = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", simple).strip("-")[:40].strip("-")
    if not words:
        return otherwise
    return words if words[0].isalpha() else f"{otherwise}-{words}"
