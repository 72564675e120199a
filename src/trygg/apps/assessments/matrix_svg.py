"""The picture of rights and groups as SVG, drawn here: it works without script, on paper, and without colours. How bad a place is shows
in the size, the form and the fill of its mark, and in the word under it."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import count
from math import ceil

from django.utils.translation import gettext as _

from trygg.apps.assessments.matrix import SHORT, STEPS, Cell, Line, MatrixPicture
from trygg.kernel.ui import charts

WIDTH, LABEL = 760, 196  # on paper 170 mm: 13 of these are 8 points
MOST_COLUMNS = 7  # beside each other; more stand below
TEXT, STEP = 13, 16
LETTER = 0.54  # mean width of a letter, in its size
AREA, CELL, KEY = 30, 62, 30
INK, QUIET, LINE, MARK, WORST = charts.INK, charts.QUIET, charts.LINE, charts.MARK, charts.CONTESTED
_numbers = count(1)


def drawn(picture: MatrixPicture, *, page: bool = True) -> str:
    """The picture as an SVG element: for a page, in the page's own colours, or for paper. Only what somebody has looked at stands in it."""
    shown = picture.shown
    parts: list[str] = []
    y = 0.0
    places = list(range(len(shown.groups)))
    for first in range(0, len(places), MOST_COLUMNS):
        y = _block(parts, picture, shown, places[first : first + MOST_COLUMNS], y)
    y = _key(parts, y + 8)
    number = next(_numbers)
    title = f'<title id="rights{number}t">{escape(picture.headline)}</title>'
    desc = f'<desc id="rights{number}d">{escape(_described(shown))}</desc>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:.0f}" width="{WIDTH}" height="{y:.0f}" role="img" '
        f'aria-labelledby="rights{number}t" aria-describedby="rights{number}d" class="t-rights-picture" font-family="{charts.FONT}">'
        f"{title}{desc}{''.join(parts)}</svg>"
    )
    return charts.in_page(svg) if page else svg


def _described(shown: MatrixPicture) -> str:
    """The places in words, the gravest first, for those who cannot see the picture; all of them stand in the table."""
    named = [f"{line.name}, {cell.group}: {cell.word}" for line, cell in shown.gravest_first[:5]]
    return _("The gravest first: %(places)s. All of them stand in the table.") % {"places": "; ".join(named)} if named else ""


def _block(parts: list[str], picture: MatrixPicture, shown: MatrixPicture, places: Sequence[int], y: float) -> float:
    """The rights, under their headings, for some of the groups; returns where it ends."""
    width = (WIDTH - LABEL) / max(len(places), 4)
    heads = [_wrapped(shown.groups[place], width - 8, TEXT) for place in places]
    height = max(map(len, heads)) * STEP + 12
    for column, lines in enumerate(heads):
        parts.append(_text(lines, LABEL + (column + 0.5) * width, y + height - 8 - (len(lines) - 1) * STEP, bold=True, middle=True))
    y += height
    for area, lines in shown.areas:
        parts.append(_text([area], 0, y + 20, bold=True))
        parts.append(f'<line x1="0" y1="{y + AREA - 3:.1f}" x2="{LABEL + len(places) * width:.1f}" y2="{y + AREA - 3:.1f}" stroke="{INK}" stroke-width="1"/>')
        y += AREA
        for line in lines:
            y = _row(parts, picture, line, places, width, y)
    return y + 10


def _row(parts: list[str], picture: MatrixPicture, line: Line, places: Sequence[int], width: float, y: float) -> float:
    name = _wrapped(line.name, LABEL - 12, TEXT)
    words = [_wrapped(line.cells[place].short, width - 10, TEXT - 1) for place in places]
    height = max(CELL, len(name) * STEP + (STEP if line.gains else 0) + 14, 46 + max(map(len, words)) * (STEP - 2) + 12)
    parts.append(_text(name, 0, y + 20))
    if line.gains:
        parts.append(_text([_("+ also strengthened")], 0, y + 20 + len(name) * STEP, quiet=True))
    worst = [id(cell) for _line, cell in picture.worst]
    for column, place in enumerate(places):
        cell = line.cells[place]
        parts.append(_cell(cell, words[column], LABEL + column * width, y, width, height, framed=id(cell) in worst))
    return y + height + 4


def _cell(cell: Cell, words: Sequence[str], x: float, y: float, width: float, height: float, *, framed: bool) -> str:
    middle = x + width / 2
    frame = f'x="{x + 2:.1f}" y="{y + 1:.1f}" width="{width - 4:.1f}" height="{height - 2:.1f}" rx="6"'
    if not cell.seen:
        box = f'<rect {frame} fill="none" stroke="{QUIET}" stroke-width="1" stroke-dasharray="4 4"/>'
        return box + _text(["?"], middle, y + 30, middle=True, quiet=True) + _text(words, middle, y + 50, size=TEXT - 1, middle=True, quiet=True)
    line = f'stroke="{INK}" stroke-width="3"' if framed else f'stroke="{LINE}" stroke-width="1.5"'
    found = f'<rect {frame} fill="none" {line}/>' + mark(cell.step, middle, y + 24)
    found += _text(words, middle, y + 56, size=TEXT - 1, middle=True, bold=cell.step >= STEPS - 2)
    if cell.lasting and cell.step > 0:
        found += _lasting(middle, y + height - 9, min(width, 64) / 2 - 8)
    return found


def _lasting(x: float, y: float, half: float) -> str:
    """Two lines: what can hardly be undone."""
    return "".join(
        f'<line x1="{x - half:.1f}" y1="{y + gap:.1f}" x2="{x + half:.1f}" y2="{y + gap:.1f}" stroke="{INK}" stroke-width="1.6"/>'
        for gap in (-2.0, 2.0)
    )


def mark(step: int, x: float, y: float) -> str:
    """The mark for how bad it is: another form, size and fill for each, so that it is read without colours."""
    at = f'cx="{x:.1f}" cy="{y:.1f}"'
    match step:
        case 0:
            return f'<path d="M{x - 7:.1f} {y:.1f}l5 6l9 -11" fill="none" stroke="{MARK}" stroke-width="3"/>'
        case 1:
            return f'<circle {at} r="5.5" fill="none" stroke="{MARK}" stroke-width="2.5"/>'
        case 2:
            half = f"M{x:.1f} {y - 8:.1f}a8 8 0 0 1 0 16z"
            return f'<circle {at} r="8" fill="none" stroke="{MARK}" stroke-width="2.5"/><path d="{half}" fill="{MARK}"/>'
        case 3:
            return f'<circle {at} r="12" fill="{MARK}" stroke="{MARK}" stroke-width="2"/>'
    corners = f"M{x:.1f} {y - 18:.1f}l18 18l-18 18l-18 -18z"
    bar = f'<path d="M{x:.1f} {y - 9:.1f}v10" stroke="#ffffff" stroke-width="3.5" fill="none"/><circle cx="{x:.1f}" cy="{y + 7:.1f}" r="2.2" fill="#ffffff"/>'
    return f'<path d="{corners}" fill="{WORST}" stroke="{INK}" stroke-width="2"/>{bar}'


def _key(parts: list[str], y: float) -> float:
    """What each mark means, in as many rows as it takes."""
    x, top = 0.0, y + 8
    entries: list[tuple[str, int | None]] = [(str(words), step) for step, words in enumerate(SHORT)]
    entries += [(_("Not looked at"), None), (_("Two lines: can hardly be undone"), -1)]
    for words, step in entries:
        room = 44 + len(words) * TEXT * LETTER + 18
        if x + room > WIDTH:
            x, top = 0.0, top + KEY + 10
        if step is None:
            parts.append(f'<rect x="{x + 4:.1f}" y="{top - 11:.1f}" width="30" height="22" rx="5" fill="none" stroke="{QUIET}" stroke-dasharray="4 4"/>')
            parts.append(_text(["?"], x + 19, top + 5, middle=True, quiet=True))
        elif step < 0:
            parts.append(_lasting(x + 19, top, 15))
        else:
            parts.append(mark(step, x + 19, top))
        parts.append(_text([words], x + 44, top + 5))
        x += room
    return top + KEY


def _text(
    lines: Iterable[str], x: float, y: float, *, size: int = TEXT, bold: bool = False, middle: bool = False, quiet: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    anchor = ' text-anchor="middle"' if middle else ""
    step = STEP if size == TEXT else STEP - 2
    return "".join(
        f'<text x="{x:.1f}" y="{y + row * step:.1f}" font-size="{size}" fill="{QUIET if quiet else INK}"{weight}{anchor}>{escape(words)}</text>'
        for row, words in enumerate(lines)
    )


def _wrapped(text: str, width: float, size: int) -> list[str]:
    """The text in lines that fit; a word that is too long is cut with a hyphen."""
    most = max(4, int(width / (size * LETTER)))
    lines: list[str] = []
    for word in text.split():
        pieces = [word] if len(word) <= most else _cut(word, most)
        for piece in pieces:
            if lines and not lines[-1].endswith("-") and len(lines[-1]) + 1 + len(piece) <= most:
                lines[-1] += f" {piece}"
            else:
                lines.append(piece)
    return lines or [""]


def _cut(word: str, most: int) -> list[str]:
    """In as many parts as it takes, of about the same length."""
    size = ceil(len(word) / ceil(len(word) / (most - 1)))
    parts = [word[place : place + size] for place in range(0, len(word), size)]
    return [f"{part}-" for part in parts[:-1]] + [parts[-1]]
