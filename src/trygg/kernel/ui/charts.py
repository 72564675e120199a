"""Charts as SVG made on the server: they work without script, print, and have a table beside them."""

import re
from collections.abc import Sequence
from html import escape
from itertools import count
from typing import TYPE_CHECKING

from trygg.kernel.ui.parts import Picture

if TYPE_CHECKING:
    import altair  # heavy, as is what draws it: only who makes a chart waits for them, once

FONT = "Atkinson Hyperlegible, Noto Sans, system-ui, sans-serif"
# Colours of assets/css/tokens.css (light). A picture in a page takes the page's ink by CSS: see `in_page`.
INK, QUIET, LINE, MARK = "#1c2630", "#46525e", "#d9d1c3", "#17495a"
AGREE, DISAGREE, CONTESTED, SUPPORTED, STALE = "#1b5c8a", "#713a78", "#8f1546", "#5fb89a", "#f2b544"
THEME = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": QUIET,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelLimit": 260,
    },
    "legend": {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 14, "titleFontSize": 14},
    "text": {"color": INK, "fontSize": 14},
    "bar": {"color": MARK},
    "point": {"color": MARK},
    "line": {"color": MARK},
    "range": {"category": [MARK, STALE, DISAGREE, SUPPORTED, CONTESTED, AGREE]},
}
# The page's own colours instead of fixed ones, so that a chart follows the dark scheme.
VARIABLES = {INK: "t-ink", QUIET: "t-ink2", LINE: "t-line", MARK: "t-mark", AGREE: "t-agree", DISAGREE: "t-disagree"}
_numbers = count(1)


def in_page(svg: str) -> str:
    """Colours as classes of trygg.css (`t-fill-ink`, `t-stroke-line`): an attribute cannot name a custom property, and `style` is forbidden."""
    for colour, name in VARIABLES.items():
        short = name.removeprefix("t-")
        svg = re.sub(rf'<([a-z]+)\b([^>]*?) (fill|stroke)="{colour}"', lambda m, short=short: add_class(m, short), svg)
        svg = re.sub(rf'<([a-z]+)\b([^>]*?) (fill|stroke)="{colour}"', lambda m, short=short: add_class(m, short), svg)
    return svg


def add_class(match: re.Match, colour: str) -> str:
    element, before, kind = match.groups()
    name = f"t-{kind}-{colour}"
    if 'class="' in before:
        return f"<{element}" + before.replace('class="', f'class="{name} ', 1)
    return f'<{element} class="{name}"{before}'


def svg(
    chart: "altair.TopLevelMixin",
    *,
    title: str,
    desc: str = "",
    head: Sequence[str] = (),
    rows: Sequence[Sequence] = (),
    numeric: str = "",
) -> Picture:
    """A chart with its title and description inside the SVG, and the same figures as a table for `{% chart picture %}`.

    `title` is a sentence that says what the chart shows; `desc` what a reader who cannot see it needs to know.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(chart.to_dict(), config=THEME)
    number = next(_numbers)
    inner = f'<title id="chart{number}t">{escape(title)}</title>'
    inner += f'<desc id="chart{number}d">{escape(desc)}</desc>' if desc else ""
    described = f' aria-describedby="chart{number}d"' if desc else ""
    drawn = re.sub(
        r"<svg\b([^>]*?)>",
        rf'<svg\1 role="img" aria-labelledby="chart{number}t"{described}>{escape_backslashes(inner)}',
        drawn,
        count=1,
    )
    # Vega marks each part with a role of its own: the picture is one thing, the table beside it has the parts.
    head_part, _, body = drawn.partition(">")
    body = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", body)
    return Picture(in_page(f"{head_part}>{body}"), title, head, rows, numeric)


def escape_backslashes(text: str) -> str:
    return text.replace("\\", r"\\")


def paper_svg(chart: "altair.TopLevelMixin") -> str:
    """The same chart with fixed colours, for documents."""
    import vl_convert

    return vl_convert.vegalite_to_svg(chart.to_dict(), config={**THEME, "background": "white"})
