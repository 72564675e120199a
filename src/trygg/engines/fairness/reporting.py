"""An audit as a report: sections of plain words and tables in one language, from which Markdown, HTML and PDF are made."""

from collections.abc import Mapping, Sequence
from typing import Any

from .planning import sorted_changes
from .wording import (
    findings,
    group_name,
    headline,
    metric_name,
    number,
    order,
    percent,
    points,
    reference_name,
    verdict_word,
    warning,
    whole,
    words,
)

CHART_ROWS, TABLE_ROWS, GROUP_ROWS = 16, 60, 60
Row = Sequence[str]


def report(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Everything that a report shows, as text: title, headline, findings, a chart's numbers, tables with their heads, warnings, method."""
    said = words(language)["report"]
    made = document["method"]
    return {
        "language": language,
        "title": said["title"],
        "headline": headline(document, language),
        "summary": said["summary"].format(
            rows=whole(document["rows"], language),
            attributes=", ".join(one["name"] for one in document["attributes"]),
            decision=f"{made['columns']['decision']} = {made['decision']['event']}",
            favourable=made["decision"]["favourable"],
        ),
        "limits": said["limits"],
        "findings_heading": said["findings"],
        "findings": findings(document, language),
        "chart": _chart(document, language),
        "tables": [table for table in _tables(document, language) if table["rows"]],
        "warnings_heading": said["warnings"],
        "warnings": [warning(row["code"], row["params"], language) for row in document["warnings"]],
        "method_heading": said["method"],
        "method": [
            said["intro"].format(**made["comparisons"]),
            said["reproduce"].format(
                version=made["versions"]["trygg"],
                seed=made["seed"],
                input=made["input_hash"] or made["input"],
                cube=made["cube_hash"],
            ),
        ],
    }


def _chart(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Dots and intervals of what should be read first, in percentage points, and how far the axis goes."""
    rows = [
        row
        for row in order(document["comparisons"])
        if row["difference"] is not None and (row["primary"] or row["verdict"] == "disparity_shown")
    ]
    said = words(language)
    shown = [
        {
            "label": f"{group_name(row['group'], language)} / {reference_name(row, language)}",
            "metric": metric_name(row["metric"], document, language),
            "difference": 100 * row["difference"],
            "low": 100 * row["low"],
            "high": 100 * row["high"],
            "material": 100 * row["material"],
            "verdict": "look_into" if row["verdict"] == "disparity_shown" and not row["primary"] else row["verdict"],
            "word": verdict_word(row, language),
            "text": points(row["difference"], language),
        }
        for row in rows[:CHART_ROWS]
    ]
    reach = max(
        [5.0, *(abs(one[side]) for one in shown for side in ("low", "high")), *(one["material"] for one in shown)]
    )
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100) if step * 4 >= reach)
    reach = step * -(-reach // step)
    ticks = [{"at": tick, "text": number(tick, language, 0)} for tick in _range(-reach, reach, step)]
    return {
        "title": said["report"]["chart"],
        "left": said["report"]["left"],
        "right": said["report"]["right"],
        "reach": reach,
        "ticks": ticks,
        "rows": shown,
    }


def _range(low: float, high: float, step: float) -> list[float]:
    return [low + step * place for place in range(round((high - low) / step) + 1)]


def _tables(document: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    said = words(language)
    text = said["report"]
    return [
        _table(
            text["attributes"],
            (text["attribute"], text["coverage"], text["state"]),
            [
                (one["name"], percent(one["coverage"], language), text["states"][one["state"]])
                for one in document["attributes"]
            ],
        ),
        _table(
            text["comparisons"],
            (text["comparison"], text["metric"], text["difference"], text["interval"], text["verdict"]),
            [_comparison(row, document, language) for row in _worth_telling(document)],
        ),
        _groups(document, language),
        _table(
            text["gaps"],
            (text["crossing"], text["metric"], text["gap"], text["chance"], "p"),
            [
                (
                    ", ".join(row["attributes"]),
                    metric_name(row["metric"], document, language),
                    percent(row["observed"], language),
                    percent(row["null_high"], language),
                    number(row["p"], language, 3),
                )
                for row in document["gaps"]
            ],
            text["gaps_intro"],
        ),
        *_further(document, language),
    ]


def _table(heading: str, head: Row, rows: Sequence[Row], intro: str = "") -> dict[str, Any]:
    return {"heading": heading, "intro": intro, "head": list(head), "rows": [list(row) for row in rows]}


def _worth_telling(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Declared comparisons, all single attributes of the main metrics, then what was shown in crossings."""
    rows = order(document["comparisons"])
    first = [row for row in rows if row["primary"] or len(row["group"]) == 1 or row["verdict"] == "disparity_shown"]
    return first[:TABLE_ROWS]


def _comparison(row: Mapping[str, Any], document: Mapping[str, Any], language: str) -> Row:
    said = words(language)
    name = f"{group_name(row['group'], language)} / {reference_name(row, language)}"
    metric = metric_name(row["metric"], document, language)
    if row["difference"] is None:
        reason = said["hidden"] if row["reason"] == "suppressed" else said["undefined"]
        return name, metric, said["none"], reason, verdict_word(row, language)
    between = f"{points(row['low'], language)} {said['to']} {points(row['high'], language)}"
    sign = "+" if row["difference"] > 0 else ""
    return name, metric, sign + points(row["difference"], language), between, verdict_word(row, language)


def _groups(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Single groups with both kinds of error among 1,000 children."""
    said = words(language)
    text = said["report"]
    names = [metric_name(metric, document, language) for metric in ("fpr", "fnr", "selection_rate")]
    rows = []
    for row in document["groups"][:GROUP_ROWS]:
        if len(row["attributes"]) > 1:
            continue
        errors = row["per_1000"] or {}
        cells = [_cell(errors.get(name), row, language) for name in ("false_positives", "false_negatives")]
        rate = row["metrics"]["selection_rate"]["value"]
        rows.append(
            [
                group_name(row["attributes"], language),
                whole(row["n"], language),
                *cells,
                _cell(None if rate is None else 1000 * rate, row, language),
            ]
        )
    head = [text["group"], text["n"], *(text["false_positives"].format(name=name) for name in names)]
    return _table(text["groups"], head, rows)


def _cell(value: float | None, row: Mapping[str, Any], language: str) -> str:
    said = words(language)
    return str(said["hidden"] if row["suppressed"] else said["none"]) if value is None else number(value, language)


def _further(document: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    said = words(language)
    text = said["report"]

    def decimals(value: float | None, places: int = 2) -> str:
        return str(said["none"]) if value is None else number(value, language, places)

    auc = {str(row["attributes"]): row for row in document["auc"]}
    scores = [
        (
            group_name(row["attributes"], language),
            decimals(row["observed_over_expected"]),
            decimals(row["slope"]),
            decimals(auc[str(row["attributes"])]["value"], 3),
            f"{decimals(auc[str(row['attributes'])]['low'], 3)} {said['to']} {decimals(auc[str(row['attributes'])]['high'], 3)}",
        )
        for row in document["calibration"]
    ]
    values = [
        (
            group_name(row["attributes"], language),
            whole(row["n"], language),
            decimals(row["mean"]),
            f"{decimals(row['low'])} {said['to']} {decimals(row['high'])}",
            decimals(row["difference"]["value"] if row["difference"] else None),
        )
        for row in document["values"]
    ]
    top = [
        (
            group_name(row["attributes"], language),
            percent(row["share_of_top"], language),
            percent(row["share_of_pool"], language),
        )
        for row in document["top_k"]
    ]
    within = [
        (
            f"{group_name(row['group'], language)} / {reference_name(row, language)}",
            metric_name(row["metric"], document, language),
            decimals(None if row["crude"] is None else 100 * row["crude"], 1),
            decimals(None if row["difference"] is None else 100 * row["difference"], 1),
            f"{decimals(None if row['low'] is None else 100 * row['low'], 1)} {said['to']} {decimals(None if row['high'] is None else 100 * row['high'], 1)}",
        )
        for row in document["within"]
    ]
    column = document["method"]["columns"]["within"]
    return [
        _table(
            text["calibration"], (text["group"], text["over"], text["slope"], text["auc"], text["interval"]), scores
        ),
        _table(text["values"], (text["group"], text["n"], text["mean"], text["interval"], text["difference"]), values),
        _table(text["top_k"], (text["group"], text["share_of_top"], text["share_of_pool"]), top),
        _table(
            text["within"].format(column=column),
            (text["comparison"], text["metric"], text["crude"], text["difference"], text["interval"]),
            within,
        ),
    ]


def compared_text(found: Mapping[str, Any], document: Mapping[str, Any], language: str, most: int = 30) -> str:
    """What `planning.compare` found, in lines: verdicts that changed first."""
    said = words(language)
    text = said["compared"]
    lines = [text["changed"].format(count=found["verdicts_changed"], all=len(found["changes"]))]
    for row in found["differences_in_method"]:
        lines.append(text["method"].format(what=text["parts"].get(row["what"], row["what"])))
    for row in sorted_changes(found["changes"])[:most]:
        name = f"{group_name(row['group'], language)} / {reference_name(row, language)} ({metric_name(row['metric'], document, language)})"
        before, after = (said["verdicts"][row[side]] if row[side] else text["absent"] for side in ("before", "after"))
        line = f"{name}: {before} → {after}" if row["before"] != row["after"] else f"{name}: {after}"
        if row["change"] is not None:
            line += "; " + text["change"].format(
                change=points(row["change"], language),
                low=points(row["low"], language),
                high=points(row["high"], language),
            )
        lines.append(line)
    return "\n".join(lines) + "\n"
