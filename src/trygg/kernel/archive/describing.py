"""Words beside an archive: the README inside it, and the page that lists each file and column (docs/archive-format.md)."""

from datetime import datetime
from typing import Any

from trygg.kernel.archive.order import Table, in_order
from trygg.kernel.archive.registry import REGISTRY

README = """\
{name}
An organisation's whole content from Trygg, {day}.

IN ENGLISH

about.json            what this is: form, date, how many rows of each kind, and what stayed behind
data/*.jsonl          one table a file, one row a line (JSON). "id" names the row, "was" is its key where it came from; other
                      columns hold values, or the id of another row
references.jsonl      people, organisations, systems and cases that others keep: only named, so that the rows make sense
files/                evidence files, each named by the SHA-256 of its content
record/entries.jsonl  the organisation's entries of the tamper-evident record, each with a proof against the signed checkpoint
SHA256SUMS            the sum of every file:  sha256sum -c SHA256SUMS

It holds names, e-mail addresses and everything that was written, also what is secret. It holds no passwords and no keys.
Check it, offline:          trygg archive check FILE
Take it into another Trygg: trygg archive import FILE --dry-run

PÅ SVENSKA

about.json            vad det här är: format, datum, antal rader av varje slag och vad som inte följde med
data/*.jsonl          en tabell per fil, en rad per post (JSON). "id" är postens namn, "was" den nyckel den hade där den kom ifrån;
                      övriga kolumner är värden, eller id för en annan post
references.jsonl      personer, organisationer, system och ärenden som andra har hand om: bara namngivna, så att posterna går att förstå
files/                underlag, varje fil namngiven efter innehållets SHA-256
record/entries.jsonl  organisationens poster i loggen, var och en med bevis mot den signerade kontrollpunkten
SHA256SUMS            varje fils kontrollsumma:  sha256sum -c SHA256SUMS

Här finns namn, e-postadresser och allt som har skrivits, även det som är hemligt. Här finns inga lösenord och inga nycklar.
Kontrollera den, utan nät:  trygg archive check FIL
För in den i ett annat Trygg: trygg archive import FIL --dry-run
"""


def readme(organisation: Any, now: datetime) -> str:
    """README.txt of an archive."""
    return README.format(name=organisation.name, day=f"{now:%Y-%m-%d}")


def format_page() -> str:
    """docs/archive-format.md: every file and column, out of the registration itself."""
    lines = [
        "# The archive: files and columns", "",
        "Made by `make docs` out of what the rooms register; do not edit. What an archive is for and how to use it: [archive.md](archive.md).", "",
        "Every line has `id` (the row's name in the archive) and `was` (its key on the installation that wrote it). `→` names the table whose",
        "ids a column holds; `=` marks keys inside a value that are written as ids; times are UTC.", "",
    ]  # fmt: skip
    for table in in_order():
        lines += _table(table)
    lines += ["## What does not travel", ""]
    lines += [f"- `{label}`: {why}" for label, why in sorted({**REGISTRY.left_out, **REGISTRY.left_out_apps}.items())]
    return "\n".join(lines) + "\n"


def _table(table: Table) -> list[str]:
    one = table.what
    lines = [f"## `{one.file}`", ""]
    lines.append("| column | holds |")
    lines.append("|---|---|")
    for each in one.fields:
        kind = each.get_internal_type().removesuffix("Field")
        if each.is_relation:
            words = f"→ `{table.foreign[each.name]}`"
        elif each.name in one.links:
            targets = one.links[each.name].targets
            words = f"{kind} = {', '.join(f'`{target}`' for target in targets)}" if targets else f"{kind} = a page, by its name"
        else:
            words = kind
        lines.append(f"| `{each.name}` | {words}{' or null' if each.null else ''} |")
    lines += [f"| `{name}` | list → `{target}` |" for name, target in table.many.items()]
    lines.append("")
    if one.never:
        lines += [f"Never: {', '.join(f'`{name}`' for name in sorted(one.never))}.", ""]
    if one.reference:
        lines += [f"When another organisation keeps it, only named: {', '.join(f'`{name}`' for name in one.reference.fields)}.", ""]
    for held in one.held_back:
        lines += [f"Stays behind: {held.why}", ""]
    return lines
