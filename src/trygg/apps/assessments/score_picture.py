"""The level as a picture: one bar for each band, wider and longer the graver, and where the points lie."""

from functools import lru_cache

from django.utils.translation import gettext as _

from trygg.apps.assessments.score import ScaleWords
from trygg.kernel.ui.parts import Picture

WIDTH, ROW, THIN, THICK = 300, 58, 8, 22


def level_picture(scale: ScaleWords) -> Picture | None:
    """The bands of a scale with the points before and after adjustments; None where there are no bands."""
    if not scale.bands:
        return None
    score = scale.score
    bounds = [float(band.high) for band in scale.bands if band.high is not None]
    top = max(
        [float(score.out_of), float(score.points), float(score.current), *(bound * 1.25 for bound in bounds), 1.0]
    )
    bottom = min(0.0, float(score.points), float(score.current))
    rows = []
    for band in scale.bands:
        low = bottom if band.low is None else float(band.low)
        high = top if band.high is None else float(band.high)
        words = _("Level %(level)d: %(title)s") % {"level": band.level, "title": band.title}
        rows.append((band.level, words, min(low, top), min(high, top), band.current))
    marks = [(scale.raw_level or 1, float(score.points), _("before: %(points)s") % {"points": scale.points}, "before")]
    if scale.adjusted:
        after = _("after adjustments: %(points)s") % {"points": scale.current}
        marks.append((score.level or 1, float(score.current), after, "after"))
    else:
        marks = [(score.level or 1, float(score.current), _("%(points)s points") % {"points": scale.current}, "after")]
    drawn = _drawn(tuple(rows), tuple(marks), bottom, top)
    table = [
        [band.level, band.title, band.bounds, _place(band.raw, band.current, adjusted=scale.adjusted)]
        for band in scale.bands
    ]
    title = _("Where the points lie among the levels")
    desc = "; ".join(words for _level, _x, words, _kind in marks)
    from trygg.kernel.ui import charts

    return charts.svg(
        drawn, title=title, desc=desc, head=[_("Level"), _("Name"), _("Points"), _("Where the points lie")], rows=table
    )


def _place(raw: bool, current: bool, *, adjusted: bool) -> str:
    if raw and current:
        return _("here")
    if current:
        return _("here, after adjustments")
    return _("before adjustments") if raw and adjusted else ""


@lru_cache(maxsize=256)
def _drawn(rows: tuple, marks: tuple, bottom: float, top: float):
    import altair  # heavy: only who opens the page waits for it, once

    from trygg.kernel.ui.charts import INK, LINE, MARK

    count = len(rows)
    order = [level for level, *_rest in reversed(rows)]
    scale = altair.Scale(domain=[bottom, top], nice=False)
    y = altair.Y("level:O", sort=order, axis=None)
    data = [
        {"level": level, "words": words, "low": low, "high": high, "here": here, "start": bottom}
        for level, words, low, high, here in rows
    ]
    base = altair.Chart({"values": data})
    layers = []
    for level, _words, _low, _high, here in rows:
        size = THIN + (THICK - THIN) * (level - 1) / max(1, count - 1)
        layers.append(
            base.transform_filter(f"datum.level == {level}")
            .mark_bar(size=size, color=MARK if here else LINE)
            .encode(
                x=altair.X("low:Q", scale=scale, title=None, axis=altair.Axis(grid=False, tickCount=5)),
                x2="high:Q",
                y=y,
            )
        )
    for bold in (False, True):
        layers.append(
            base.transform_filter(f"datum.here == {'true' if bold else 'false'}")
            .mark_text(
                limit=WIDTH,
                align="left",
                baseline="bottom",
                dy=-14,
                fontSize=14,
                fontWeight="bold" if bold else "normal",
                color=INK,
            )
            .encode(x=altair.X("start:Q", scale=scale), y=y, text="words:N")
        )
    points = [{"level": level, "points": x, "words": words, "kind": kind} for level, x, words, kind in marks]
    dots = altair.Chart({"values": points})
    for kind, shape, fill in (("before", "circle", "white"), ("after", "diamond", "white")):
        mine = dots.transform_filter(f"datum.kind == '{kind}'")
        x = altair.X("points:Q", scale=scale)
        layers.append(
            mine.mark_point(shape=shape, size=150, filled=True, fill=fill, stroke=INK, strokeWidth=3).encode(x=x, y=y)
        )
        right = any(k == kind and x_ > (top + bottom) / 2 for _l, x_, _w, k in marks)
        layers.append(
            mine.mark_text(align="right" if right else "left", baseline="top", dy=13, fontSize=14, color=INK).encode(
                x=x, y=y, text="words:N"
            )
        )
    return altair.layer(*layers).properties(width=WIDTH, height=ROW * count)
