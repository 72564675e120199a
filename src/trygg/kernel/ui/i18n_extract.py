"""Catalogues without GNU gettext: `python -m trygg.kernel.ui.i18n_extract [--check] [kernel/ui ...]`.

One catalogue an app folder (src/trygg/<layer>/<app>/locale/sv/LC_MESSAGES/django.po). English is the msgid. Without an option it
brings the catalogues up to date (new messages come untranslated, unused ones go) and compiles them; with --check it changes nothing
and exits 1 with a list of what is missing, untranslated, fuzzy, unused or wrong.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

from trygg.kernel.ui.i18n_compile import compile_catalogues

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("kernel", "spine", "apps", "front")
LANGUAGES = ("sv",)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
TEMPLATES = (".html", ".txt", ".md")
# Written by tools at the time of writing: they would change on each run and say nothing.
NOISE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Project-Id-Version|Report-Msgid-Bugs-To|Generated-By):.*\n',
    re.MULTILINE,
)


def app_folders(root: Path = ROOT) -> list[Path]:
    """The folders that have a catalogue each."""
    return [app for layer in LAYERS for app in sorted((root / layer).glob("*")) if (app / "__init__.py").exists()]


def python_messages(source: str) -> Iterator[tuple[int, str, object, list[str]]]:
    yield from extract_python(io.BytesIO(source.encode()), KEYWORDS.keys(), ["Translators:"], {"encoding": "utf-8"})


def template_messages(source: str, origin: str) -> Iterator[tuple[int, str, object, list[str]]]:
    """What Django's own templatize makes of a template is nearly Python: only its indentation means nothing."""
    from django.utils.translation.template import templatize

    made = templatize(source, origin=origin)
    yield from python_messages("\n".join(line.lstrip() for line in made.split("\n")))


def file_messages(path: Path) -> Iterator[tuple[int, str, object, list[str]]]:
    source = path.read_text("utf-8")
    yield from python_messages(source) if path.suffix == ".py" else template_messages(source, str(path))


def source_files(app: Path) -> Iterator[Path]:
    for path in sorted(app.rglob("*")):
        parts = path.relative_to(app).parts
        if (
            "tests" in parts
            or "migrations" in parts
            or "static" in parts
            or "locale" in parts
            or path.name == "samples.py"
        ):
            continue
        if path.suffix == ".py" or ("templates" in parts and path.suffix in TEMPLATES):
            yield path


def split(function: str, arguments: object) -> tuple[str | tuple[str, str], str | None] | None:
    """(msgid or (singular, plural), context) of a call; None when it is no plain text."""
    values = arguments if isinstance(arguments, tuple) else (arguments,)
    context = None
    if "pgettext" in function:
        context, values = values[0], values[1:]
    wanted = 2 if function.removesuffix("_lazy") in ("ngettext", "npgettext") else 1
    texts = values[:wanted]
    if (
        len(texts) < wanted
        or any(not isinstance(text, str) or not text for text in texts)
        or ("pgettext" in function and not context)
    ):
        return None
    return (texts if wanted == 2 else texts[0]), context


def extract_app(app: Path) -> Catalog:
    """All messages of one app folder."""
    catalogue = Catalog()
    for path in source_files(app):
        for _line, function, arguments, comments in file_messages(path):
            found = split(function, arguments)
            if found:
                text, context = found
                catalogue.add(
                    text, context=context, locations=[(path.relative_to(app).as_posix(), 1)], auto_comments=comments
                )
    return catalogue


def extract(root: Path = ROOT) -> dict[Path, Catalog]:
    """App folder -> its messages; folders without any are left out."""
    found = {app: extract_app(app) for app in app_folders(root)}
    return {app: catalogue for app, catalogue in found.items() if len(catalogue)}


def catalogue_path(app: Path, language: str) -> Path:
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def as_text(catalogue: Catalog) -> str:
    """The catalogue as a file that is the same for the same messages."""
    for message in catalogue:
        message.locations = sorted({(name, 1) for name, _line in message.locations})
    buffer = io.BytesIO()
    catalogue.fuzzy = False
    catalogue.header_comment = "# Trygg: translations. English is the msgid."
    write_po(buffer, catalogue, width=118, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return NOISE.sub("", buffer.getvalue().decode("utf-8"))


def update(root: Path = ROOT, only: tuple[str, ...] = ()) -> list[Path]:
    """Bring the catalogues up to date and compile them; returns the changed .po files."""
    changed = []
    for app, template in extract(root).items():
        if only and app.relative_to(root).as_posix() not in only:
            continue
        for language in LANGUAGES:
            path = catalogue_path(app, language)
            catalogue = read(path, language)
            catalogue.update(template, no_fuzzy_matching=True)
            text = as_text(catalogue)
            if not path.exists() or path.read_text("utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
                changed.append(path)
    compile_catalogues(root)
    return changed


def key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context


def problems_of(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with one catalogue, in words."""
    known = {key(message): message for message in catalogue if message.id}
    for message in template:
        if not message.id:
            continue
        there = known.pop(key(message), None)
        texts = () if there is None else there.string if isinstance(there.string, (list, tuple)) else (there.string,)
        if there is None:
            yield f"missing: {key(message)[0]!r}"
        elif there.fuzzy:
            yield f"fuzzy: {key(message)[0]!r}"
        elif not texts or not all(texts):
            yield f"untranslated: {key(message)[0]!r}"
    yield from (f"unused: {text!r}" for text, _context in known)
    yield from (f"wrong: {key(message)[0]!r}: {fault}" for message, faults in catalogue.check() for fault in faults)


def check(root: Path = ROOT, only: tuple[str, ...] = ()) -> list[str]:
    """What hinders the catalogues from being whole; empty when nothing does. Two translations of one message clash: Django has one table."""
    found, seen = [], {}
    for app, template in extract(root).items():
        name = app.relative_to(root).as_posix()
        for language in LANGUAGES:
            catalogue = read(catalogue_path(app, language), language)
            if not only or name in only:
                found += [f"{name} {language}: {problem}" for problem in problems_of(template, catalogue)]
            for message in catalogue:
                if not message.id or not message.string or isinstance(message.string, (list, tuple)):
                    continue
                other, text = seen.setdefault((language, *key(message)), (name, message.string))
                if text != message.string and (not only or name in only or other in only):
                    found.append(
                        f"{name} {language}: two translations of {message.id!r}: {message.string!r}, and {text!r} in {other}"
                    )
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a catalogue is not whole")
    parser.add_argument("apps", nargs="*", help="only these folders, for example kernel/ui")
    options = parser.parse_args(arguments)
    only = tuple(name.strip("/").removeprefix("src/trygg/") for name in options.apps)
    if not options.check:
        for path in update(ROOT, only):
            print(f"changed {path.relative_to(ROOT)}")
    faults = check(ROOT, only)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} to do" if faults else "The catalogues are whole.")
    return 1 if faults and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
