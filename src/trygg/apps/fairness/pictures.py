"""Differences as dots with their intervals, between the lines that were called too large beforehand; calibration and thresholds."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from trygg.engines.fairness.wording import group_name, metric_name, number, percent, points, reference_name
from trygg.kernel.ui import charts
from trygg.kernel.ui.parts import Picture

ROW, WIDTH, MOST = 56, 420, 24
SHAPES = {
    "disparity_shown": "diamond",
    "shown_below_material": "triangle-up",
    "no_material_disparity": "circle",
    "not_enough_data": "square",
}


def verdict_word(verdict: str, reason: str | None = None) -> str:
    """The four states, as short as they can be said."""
    if reason == "suppressed":
        return _("too few to publish")
    return {
        "disparity_shown": _("difference shown"),
        "shown_below_material": _("shown, but small"),
        "no_material_disparity": _("no large difference"),
        "not_enough_data": _("can't tell"),
    }[verdict]


def state_of(verdict: str) -> str:
    """The state of a claim that the verdict looks like: its icon and colour are known already."""
    return {"disparity_shown": "contested", "no_material_disparity": "supported", "shown_below_material": "stale"}.get(
        verdict, "missing"
    )


def table_rows(rows: Sequence[Mapping[str, Any]], document: Mapping[str, Any], language: str) -> list[list[str]]:
    """Comparisons as a table: measure, group, against whom, difference, interval, limit, what it shows."""
    return [
        [
            metric_name(row["metric"], document, language),
            group_name(row["group"], language),
            reference_name(row, language),
            "–" if row["difference"] is None else points(row["difference"], language),
            "–"
            if row["low"] is None
            else _("%(low)s to %(high)s")
            % {"low": points(row["low"], language), "high": points(row["high"], language)},
            points(row["material"], language),
            verdict_word(row["verdict"], row["reason"]),
        ]
        for row in rows
    ]


def head() -> list[str]:
    return [
        _("Measure"),
        _("Group"),
        _("Compared with"),
        _("Difference, points"),
        _("Sure to lie between"),
        _("Too large from"),
        _("What it shows"),
    ]


def difference_picture(rows: Sequence[Mapping[str, Any]], document: Mapping[str, Any], language: str) -> Picture | None:
    """Each comparison that can be told, as a dot with its interval; None where there is none."""
    told = _told(rows)
    if not told:
        return None
    title = _("Differences between groups, with what is sure and the limit that was set beforehand")
    desc = "; ".join(f"{_line(row, document, language)}, {number(100 * row['difference'], language)}" for row in told)
    drawn, table = _drawn(told, document, language), table_rows(told, document, language)
    return charts.svg(drawn, title=title, desc=desc, head=head(), rows=table, numeric="3 5")


def paper_picture(rows: Sequence[Mapping[str, Any]], document: Mapping[str, Any], language: str) -> str:
    """The same with colours of its own, for a document; "" where there is none."""
    told = _told(rows)
    return charts.paper_svg(_drawn(told, document, language)) if told else ""


def _told(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["difference"] is not None][:MOST]


def _line(row: Mapping[str, Any], document: Mapping[str, Any], language: str) -> str:
    """What stands above the dot: group, measure and what it shows."""
    label = f"{group_name(row['group'], language)} · {metric_name(row['metric'], document, language)}"
    return f"{label}: {verdict_word(row['verdict'], row['reason'])}"


def _drawn(told: Sequence[Mapping[str, Any]], document: Mapping[str, Any], language: str):
    import altair  # heavy: only who opens the page waits for it

    values, marks = [], []
    for place, row in enumerate(told):
        values.append(
            {"row": f"{place:02d}", "line": _line(row, document, language), "value": 100 * row["difference"], "low": 100 * row["low"],
             "high": 100 * row["high"], "shape": SHAPES[row["verdict"]]}
        )  # fmt: skip
        marks += [{"row": f"{place:02d}", "at": sign * 100 * row["material"]} for sign in (-1, 1)]
    far = max(max(abs(one["low"]), abs(one["high"])) for one in values)
    far = max(far, max(abs(one["at"]) for one in marks)) * 1.1
    axis = altair.Axis(title=_("percentage points fewer or more"), tickCount=7, grid=False)
    x = altair.X("value:Q", scale=altair.Scale(domain=[-far, far]), axis=axis)
    y = altair.Y("row:N", axis=None, sort=None)
    base = altair.Chart(altair.Data(values=values))
    zero = altair.Chart(altair.Data(values=[{"at": 0}])).mark_rule(color=charts.INK, strokeWidth=1.5).encode(x="at:Q")
    limits = (
        altair.Chart(altair.Data(values=marks))
        .mark_tick(color=charts.CONTESTED, thickness=2, size=18)
        .encode(x="at:Q", y=y)
    )
    lines = base.mark_rule(color=charts.MARK, strokeWidth=3).encode(x=altair.X("low:Q", axis=axis), x2="high:Q", y=y)
    dots = base.mark_point(filled=True, size=150, color=charts.MARK, opacity=1).encode(
        x=x, y=y, shape=altair.Shape("shape:N", scale=None, legend=None)
    )
    above = base.mark_text(align="left", baseline="bottom", dy=-13, fontSize=13, color=charts.INK).encode(
        x=altair.value(0), y=y, text=altair.Text("line:N")
    )
    return (limits + zero + lines + dots + above).properties(width=WIDTH, height=ROW * len(values) + 20)


def calibration_picture(document: Mapping[str, Any], language: str) -> Picture | None:
    """Of children with this score, how many had the outcome: one line for each group of a single attribute, and the diagonal."""
    import altair

    values, rows = [], []
    for one in document.get("calibration", ()):
        if len(one["attributes"]) > 1:
            continue
        name = group_name(one["attributes"], language)
        for part in one["curve"]:
            if part["observed"] is not None and part["expected"] is not None:
                values.append(
                    {
                        "group": name,
                        "expected": part["expected"],
                        "observed": part["observed"],
                        "low": part["low"],
                        "high": part["high"],
                    }
                )
                rows.append(
                    [
                        name,
                        percent(part["expected"], language),
                        percent(part["observed"], language),
                        f"{percent(part['low'], language)} – {percent(part['high'], language)}",
                    ]
                )
    names = list(dict.fromkeys(one["group"] for one in values))
    if not values or len(names) > 12:
        return None
    diagonal = (
        altair.Chart(altair.Data(values=[{"at": 0, "to": 0}, {"at": 1, "to": 1}]))
        .mark_line(color=charts.QUIET, strokeDash=[4, 4])
        .encode(
            x=altair.X("at:Q", axis=altair.Axis(title=_("what the score says"), format="%", tickCount=5)),
            y=altair.Y("to:Q", axis=altair.Axis(title=_("what turned out to be true"), format="%", tickCount=5)),
        )
    )
    lines = altair.Chart(altair.Data(values=values)).mark_line(point=altair.OverlayMarkDef(size=60)).encode(
        x="expected:Q", y="observed:Q", color=altair.Color("group:N", sort=names, legend=altair.Legend(title=None, orient="bottom", columns=2)),
        strokeDash=altair.StrokeDash("group:N", sort=names, legend=None), shape=altair.Shape("group:N", sort=names, legend=None),
    )  # fmt: skip
    chart = (diagonal + lines).properties(width=WIDTH, height=300)
    title = _("Does the same score mean the same for all groups?")
    desc = _(
        "On the dashed line the score says what turns out to be true. Above it the score says too little, below it too much."
    )
    return charts.svg(
        chart,
        title=title,
        desc=desc,
        head=[_("Group"), _("Score"), _("Turned out true"), _("Sure to lie between")],
        rows=rows,
    )


def threshold_rows(document: Mapping[str, Any], language: str) -> list[list[str]]:
    """At which threshold how many of each group are flagged wrongly or missed: single attributes, ten steps."""
    found = []
    for one in document.get("thresholds", ()):
        if len(one["attributes"]) > 1 or not one["thresholds"]:
            continue
        step = max(1, len(one["thresholds"]) // 10)
        for row in one["thresholds"][::step]:
            found.append(
                [
                    group_name(one["attributes"], language),
                    *(percent(row.get(name), language) for name in ("threshold", "fpr", "fnr", "selection_rate")),
                ]
            )
    return found
