"""Catalogues as .mo files, by Babel, without GNU gettext. Also used by hatch_build.py: nothing but Babel may be imported here."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(root: Path) -> list[Path]:
    """Write every django.po under `root` as a .mo beside it where it is newer; returns what was written. Fuzzy entries are left out."""
    written = []
    for po in sorted(root.glob("**/locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        with po.open("rb") as file:
            catalogue = read_po(file, locale=po.parent.parent.name)
        fresh = mo.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(mo)
        written.append(mo)
    return written
