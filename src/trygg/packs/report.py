"""The content report: every text of the packs beside its source, for those who proof-read. As HTML, CSV or a workbook.

It is written for people who edit content, in English; the texts stand in every language that they have.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import xlsxwriter

from .loader import Pack
from .statements import FEWEST, PLAIN, WORK, Statement, is_wording, statements

COLUMNS = (
    "pack", "kind", "version", "pack date", "place", "part", "statement", "english", "swedish", "other languages",
    "source", "source title", "checked", "verified", "source verified", "reader", "english words", "english longest sentence",
    "english Flesch", "swedish words", "swedish longest sentence", "swedish LIX", "too hard in", "who should review",
    "fingerprint",
)  # fmt: skip
ANSWERS = ("new english", "new swedish", "remark", "read by", "read on")
"""Columns of the workbook that a reviewer fills in."""


@dataclass(frozen=True)
class Totals:
    """What stands at the top. `statements`: parts with a source of their own, by flag; `hard`: texts above the limit, by reader."""

    packs: int
    texts: int
    wording: int
    statements: int
    flags: Mapping[str, int]
    hard: Mapping[str, int]
    one_language: int


def totals(found: Sequence[Statement]) -> Totals:
    owners = {(each.pack.id, each.owner): each.verified for each in found if each.owner}
    return Totals(
        packs=len({each.pack.id for each in found}),
        texts=len(found),
        wording=sum(is_wording(each) for each in found),
        statements=len(owners),
        flags=Counter(owners.values()),
        hard=Counter(each.reader for each in found if each.hard),
        one_language=sum(not ({"en", "sv"} <= each.texts.keys()) for each in found),
    )


def chosen(
    packs: Iterable[Pack], only: str = "", earlier: Mapping[tuple[str, str], str] | None = None
) -> list[Statement]:
    """The texts that are reported. `only`: "unverified" (flag partly or no, or the source is), or "changed" against `earlier`."""
    found = statements(packs)
    if only == "unverified":
        return [
            each for each in found if each.owner and (each.verified != "yes" or each.about.get("verified") != "yes")
        ]
    if only == "changed":
        return [each for each in found if (earlier or {}).get((each.pack.id, each.path)) != each.fingerprint]
    return found


class NoReport(ValueError):
    """The file is no content report."""


def read_earlier(text: str) -> dict[tuple[str, str], str]:
    """(pack, place) -> fingerprint, from a report that was written as CSV. Raises NoReport."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if not {"pack", "place", "fingerprint"} <= set(rows.fieldnames or ()):
        raise NoReport("the columns pack, place and fingerprint are not there")
    return {(row["pack"], row["place"]): row["fingerprint"] for row in rows}


def row_of(each: Statement) -> tuple[str | int | float, ...]:
    """The cells of COLUMNS."""
    english, swedish = each.measured.get("en"), each.measured.get("sv")
    rest = "; ".join(f"{language}: {text}" for language, text in each.texts.items() if language not in ("en", "sv"))
    return (
        each.pack.id, each.pack.kind, each.pack.version, each.pack.date, each.path, each.part, each.owner,
        each.texts.get("en", ""), each.texts.get("sv", ""), rest, each.source, str(each.about.get("title", "")),
        str(each.about.get("checked", "")), each.verified, str(each.about.get("verified", "")), each.reader,
        english.words if english else 0, english.longest if english else 0, english.value if english else "",
        swedish.words if swedish else 0, swedish.longest if swedish else 0, swedish.value if swedish else "",
        ", ".join(each.hard), each.reviewer, each.fingerprint,
    )  # fmt: skip


def as_csv(found: Sequence[Statement]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read å, ä and ö. A cell that would be a formula is text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in found:
        writer.writerow([_harmless(cell) for cell in row_of(each)])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str | int | float) -> str | int | float:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def as_workbook(found: Sequence[Statement]) -> bytes:
    """Totals on the first sheet, the texts on the second with empty columns for whoever reads them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = (
        book.add_format({"bold": True, "text_wrap": True}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    first = book.add_worksheet("Totals")
    first.set_column(0, 0, 60)
    for number, (label, value) in enumerate(_summary(totals(found))):
        first.write_string(number, 0, label, bold)
        first.write_number(number, 1, value)
    sheet = book.add_worksheet("Texts")
    for column, name in enumerate((*COLUMNS, *ANSWERS)):
        sheet.write_string(0, column, name, bold)
        wide = name in ("english", "swedish", "new english", "new swedish", "remark")
        sheet.set_column(column, column, 50 if wide else 14, wrapped)
    for number, each in enumerate(found, 1):
        for column, cell in enumerate(row_of(each)):
            (sheet.write_string if isinstance(cell, str) else sheet.write_number)(number, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(found)), len(COLUMNS) + len(ANSWERS) - 1)
    book.close()
    return out.getvalue()


def _summary(total: Totals) -> list[tuple[str, int]]:
    return [
        ("Packs", total.packs),
        ("Texts, each in every language that it has", total.texts),
        ("of them wording, which rests on no source (titles, sections, scales, facts)", total.wording),
        ("Statements, each with a source and a flag", total.statements),
        ("of them verified", total.flags.get("yes", 0)),
        ("of them partly verified", total.flags.get("partly", 0)),
        ("of them not verified", total.flags.get("no", 0)),
        ("Texts for children that are too hard", total.hard.get("child", 0)),
        ("Texts in plain words that are too hard", total.hard.get("plain", 0)),
        ("Other texts that are too hard", total.hard.get("work", 0)),
        ("Texts that lack English or Swedish", total.one_language),
    ]


# HTML -------------------------------------------------------------------------------------------------------------------

STYLE = """
:root { color-scheme: light dark; --line: #6b7680; --quiet: #f2ede3; --hard: #7a2048; }
@media (prefers-color-scheme: dark) { :root { --quiet: #232f37; --hard: #ffb3cf; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 100rem; padding: 1rem; }
h1 { line-height: 1.2; } a { text-underline-offset: .15em; }
fieldset { border: 1px solid var(--line); position: sticky; inset-block-start: 0; background: Canvas; z-index: 1; }
fieldset label { display: inline-block; margin-inline-end: 1.5rem; min-block-size: 1.75rem; }
.scroll { overflow-x: auto; } .scroll:focus { outline: 3px solid Highlight; }
table { border-collapse: collapse; inline-size: 100%; }
caption { text-align: start; font-weight: 700; padding-block: .5rem; }
th, td { border-block-start: 1px solid var(--line); padding: .4rem .6rem; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: var(--quiet); } tbody th { font-weight: 400; max-inline-size: 14rem; }
td.words { min-inline-size: 16rem; } .hard { color: var(--hard); font-weight: 700; } .quiet { font-size: .875rem; }
section { content-visibility: auto; contain-intrinsic-size: auto 60rem; }
body:has(#f-unverified:checked) tr.ok, body:has(#f-hard:checked) tr.easy, body:has(#f-wording:checked) tr.wording { display: none; }
body:has(#f-child:checked) tr.for-work, body:has(#f-child:checked) tr.for-plain { display: none; }
@media print { fieldset, nav { display: none; } body { font-size: 9pt; max-width: none; } .scroll { overflow: visible; }
  section { content-visibility: visible; break-before: page; } tr { break-inside: avoid; } }
"""

FILTERS = (
    ("f-unverified", "Only what is not fully verified"),
    ("f-hard", "Only what is too hard to read"),
    ("f-child", "Only what children read"),
    ("f-wording", "Without titles and other wording"),
)


def as_html(found: Sequence[Statement], day: str, about: str = "") -> str:
    """One file that needs nothing else and no script. Boxes at its top choose what is shown; it prints pack by pack."""
    packs: dict[str, list[Statement]] = {}
    for each in found:
        packs.setdefault(each.pack.id, []).append(each)
    total = totals(found)
    head = f"{total.statements} statements in {total.packs} packs, {total.flags.get('yes', 0)} of them verified"
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(head)} – content report</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body><main>',
        f"<h1>{escape(head)}</h1><p>Content report of {escape(day)}{escape(about)}. Who should read what, how, and how corrections come"
        " back: docs/content-review.md.</p>",
        _table("Totals", ("What", "How many"), [(escape(label), str(value)) for label, value in _summary(total)]),
        _limits(),
        "<fieldset><legend>Show</legend>",
        *(f'<label><input type="checkbox" id="{name}"> {escape(words)}</label>' for name, words in FILTERS),
        "</fieldset>",
        "<nav aria-label='Packs'><h2>Packs</h2><ul>",
        *(f'<li><a href="#{name}">{escape(name)}</a> ({_counted(rows)})</li>' for name, rows in packs.items()),
        "</ul></nav>",
    ]
    for name, rows in packs.items():
        parts += _section(name, rows)
    parts.append("</main></body></html>")
    return "\n".join(parts)


def _counted(rows: Sequence[Statement]) -> str:
    one = totals(rows)
    return f"{one.statements} statements, {one.flags.get('yes', 0)} verified; {sum(one.hard.values())} texts too hard"


def _limits() -> str:
    return (
        f"<p class='quiet'>Readability: LIX for Swedish (higher is harder), Flesch's reading ease for English (higher is easier); limits "
        f"for children LIX 25, Flesch 80 and 15 words a sentence; in plain words {PLAIN.lix:g}, {PLAIN.flesch:g} and {PLAIN.longest}; at work "
        f"{WORK.lix:g}, {WORK.flesch:g} and {WORK.longest}. Below {FEWEST} words only the length of a sentence counts. A good figure is no proof that a "
        "text is understood.</p>"
    )


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{each}</td>" for each in row[1:])}</tr>' for row in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _section(name: str, rows: Sequence[Statement]) -> list[str]:
    pack = rows[0].pack
    title = pack.title.get("en") or next(iter(pack.title.values()), name)
    swedish = pack.title.get("sv", "")
    label = f"Texts of {name}"
    return [
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(title)} <span class="quiet">({escape(name)} {escape(pack.version)})</span></h2>',
        f'<p><span lang="sv">{escape(swedish)}</span>. {escape(pack.kind.capitalize())}, gone through {escape(pack.date)}: {_counted(rows)}.</p>',
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(label)}"><table><caption>{escape(label)}</caption><thead><tr>',
        "".join(
            f'<th scope="col">{each}</th>'
            for each in ("Place", "English", "Svenska", "Source and flag", "Who should review")
        ),
        "</tr></thead><tbody>",
        *(_row(each) for each in rows),
        "</tbody></table></div></section>",
    ]


def _row(each: Statement) -> str:
    sure = not each.owner or (each.verified == "yes" and each.about.get("verified") == "yes")
    classes = [
        f"for-{each.reader}",
        *(["ok"] if sure else []),
        *([] if each.hard else ["easy"]),
        *(["wording"] if not each.owner else []),
    ]
    if each.owner:
        source = f"{escape(each.source)}: {escape(str(each.about.get('title', '')))}<br>checked {escape(str(each.about.get('checked', '')))}"
        source += f", source verified: {escape(str(each.about.get('verified', '')))}<br><b>verified: {escape(each.verified)}</b>"
    else:
        source = "wording"
    return (
        f'<tr class="{" ".join(classes)}"><th scope="row">{escape(each.path)}</th>{_words(each, "en")}{_words(each, "sv")}'
        f"<td>{source}</td><td>{escape(each.reviewer)}</td></tr>"
    )


def _words(each: Statement, language: str) -> str:
    text, found = each.texts.get(language), each.measured.get(language)
    if not text:
        return "<td class='words'><span class='hard'>missing</span></td>"
    note = ""
    if found:
        scale = "LIX" if found.scale == "lix" else "Flesch"
        note = f"{found.words} words, longest sentence {found.longest}" + (
            f", {scale} {found.value:g}" if found.words >= FEWEST else ""
        )
        if language in each.hard:
            note = f"<span class='hard'>Too hard: {note}</span>"
    return f"<td class='words' lang='{language}'>{escape(text)}<br><span class='quiet' lang='en'>{note}</span></td>"
