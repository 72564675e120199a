"""A report as Markdown or as one HTML file: nothing is fetched, no script; what people named their groups is escaped."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

TYPST = Path(__file__).with_name("audit.typ")  # the paper's template; data goes in as data (kernel/ui/documents.py)
COLOURS = {
    "disparity_shown": "#961a4a",
    "look_into": "#754700",
    "shown_below_material": "#754700",
    "no_material_disparity": "#0b604c",
    "not_enough_data": "#46525e",
}

STYLE = """
body{font:18px/1.5 system-ui,sans-serif;color:#1c2630;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:2rem;line-height:1.2}h2{margin-top:2.5rem}table{border-collapse:collapse;width:100%}.wide{overflow-x:auto}
th,td{text-align:start;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #d9d1c3;vertical-align:top}thead th{color:#46525e}
svg{width:100%;min-width:44rem;height:auto}figure{margin:0}li{margin:.5rem 0}.quiet{color:#46525e}
"""


def markdown(report: Mapping[str, Any]) -> str:
    """The report as Markdown."""
    parts = [f"# {_md(report['headline'])}", _md(report["title"]), _md(report["summary"])]
    parts += [f"## {_md(report['findings_heading'])}", _items(report["findings"]), _md(report["limits"])]
    for table in report["tables"]:
        parts.append(f"## {_md(table['heading'])}")
        parts += [_md(table["intro"])] if table["intro"] else []
        lines = ["| " + " | ".join(map(_md, row)) + " |" for row in (table["head"], *table["rows"])]
        parts.append("\n".join([lines[0], "|" + " --- |" * len(table["head"]), *lines[1:]]))
    parts += [f"## {_md(report['warnings_heading'])}", _items(report["warnings"])]
    parts += [f"## {_md(report['method_heading'])}", *map(_md, report["method"])]
    return "\n\n".join(parts) + "\n"


def _items(texts: list[str]) -> str:
    return "\n".join(f"- {_md(one)}" for one in texts)


def _md(text: str) -> str:
    """A text that stays text in Markdown, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", " ".join(text.split()).replace("&", "&amp;"))


def html(report: Mapping[str, Any]) -> str:
    """The report as one HTML file."""
    body = [
        f"<p class='quiet'>{escape(report['title'])}</p>",
        f"<h1>{escape(report['headline'])}</h1>",
        f"<p>{escape(report['summary'])}</p>",
    ]
    if report["chart"]["rows"]:
        caption = f"<figcaption class='quiet'>{escape(report['chart']['title'])}</figcaption>"
        label = escape(report["chart"]["title"], quote=True)
        drawn = chart_svg(report["chart"], report["headline"])
        body.append(
            f"<figure><div class='wide' tabindex='0' role='region' aria-label='{label}'>{drawn}</div>{caption}</figure>"
        )
    body += [
        f"<h2>{escape(report['findings_heading'])}</h2>",
        _list(report["findings"]),
        f"<p>{escape(report['limits'])}</p>",
    ]
    for table in report["tables"]:
        body.append(f"<h2>{escape(table['heading'])}</h2>")
        body += [f"<p>{escape(table['intro'])}</p>"] if table["intro"] else []
        head = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in table["head"])
        rows = "".join(
            f"<tr><th scope='row'>{escape(row[0])}</th>"
            + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in table["rows"]
        )
        label = escape(table["heading"], quote=True)
        body.append(
            f"<div class='wide' tabindex='0' role='region' aria-label='{label}'><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )
    body += [f"<h2>{escape(report['warnings_heading'])}</h2>", _list(report["warnings"])]
    body += [f"<h2>{escape(report['method_heading'])}</h2>", *(f"<p>{escape(one)}</p>" for one in report["method"])]
    return (
        f"<!doctype html>\n<html lang='{report['language']}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(report['title'])}: {escape(report['headline'])}</title><style>{STYLE}</style></head><body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def _list(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in items) + "</ul>"


WIDTH, LEFT, RIGHT, LINE = 900, 330, 190, 44


def chart_svg(chart: Mapping[str, Any], sentence: str) -> str:
    """Dots with intervals, the band of the agreed size behind them; the words beside say what the colours do."""
    rows, reach = chart["rows"], chart["reach"]
    height = LINE * len(rows) + 50
    span = WIDTH - LEFT - RIGHT

    def x(value: float) -> float:
        return round(LEFT + span * (max(-reach, min(reach, value)) + reach) / (2 * reach), 1)

    parts = [f"<title>{escape(sentence)}</title>"]
    for tick in chart["ticks"]:
        parts.append(f"<line x1='{x(tick['at'])}' x2='{x(tick['at'])}' y1='24' y2='{height - 18}' stroke='#d9d1c3'/>")
        parts.append(
            f"<text x='{x(tick['at'])}' y='{height - 2}' font-size='13' text-anchor='middle' fill='#46525e'>{escape(tick['text'])}</text>"
        )
    parts.append(
        f"<text x='{x(0) - 8}' y='16' font-size='13' text-anchor='end' fill='#46525e'>← {escape(chart['left'])}</text>"
    )
    parts.append(f"<text x='{x(0) + 8}' y='16' font-size='13' fill='#46525e'>{escape(chart['right'])} →</text>")
    for place, row in enumerate(rows):
        y, colour = 24 + LINE * place + LINE / 2, COLOURS[row["verdict"]]
        parts.append(
            f"<rect x='{x(-row['material'])}' y='{y - LINE / 2}' width='{round(x(row['material']) - x(-row['material']), 1)}' height='{LINE}' fill='#e4eef0'/>"
        )
        parts.append(f"<line x1='{x(0)}' x2='{x(0)}' y1='{y - LINE / 2}' y2='{y + LINE / 2}' stroke='#5c6873'/>")
        parts.append(
            f"<line x1='{x(row['low'])}' x2='{x(row['high'])}' y1='{y}' y2='{y}' stroke='{colour}' stroke-width='3'/>"
        )
        parts.append(f"<circle cx='{x(row['difference'])}' cy='{y}' r='6' fill='{colour}'/>")
        parts.append(f"<text x='0' y='{y - 3}' font-size='14'>{escape(_short(row['label']))}</text>")
        parts.append(f"<text x='0' y='{y + 14}' font-size='13' fill='#46525e'>{escape(row['metric'])}</text>")
        parts.append(
            f"<text x='{WIDTH - RIGHT + 12}' y='{y + 5}' font-size='13' fill='{colour}'>{escape(row['word'])}</text>"
        )
    return f"<svg viewBox='0 0 {WIDTH} {height}' role='img' xmlns='http://www.w3.org/2000/svg'>{''.join(parts)}</svg>"


def _short(label: str) -> str:
    return label if len(label) <= 44 else label[:43] + "…"
