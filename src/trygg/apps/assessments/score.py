"""The score of an assessment in words and figures: level, picture, and every step of the arithmetic. Numbers are exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments.questions import Reading, said
from trygg.engines.conditions import UNKNOWN, Withheld, as_data, evaluate
from trygg.engines.instruments import (
    Adjustment,
    Applied,
    Assessment,
    Band,
    Flag,
    Hidden,
    HiddenWhy,
    Instrument,
    Item,
    Line,
    LineState,
    Measure,
    Rounding,
    Rule,
    Scale,
    ScaleScore,
    Threshold,
    Total,
    assess,
    band_bound,
    band_of,
    conclude,
)
from trygg.engines.instruments.points import rounded
from trygg.spine.assurance.models import Depth
from trygg.spine.frameworks.answer_words import answer_words, exact_words, matrix_lines

SLIVER = Fraction(1, 10**9)
MOST_COMBINATIONS = 256


@dataclass(frozen=True)
class RaisedWords:
    """An answer that no score makes up for."""

    flag: str
    item: str
    question: str
    answer: str
    unverified: bool = False

    @property
    def stops(self) -> bool:
        return self.flag == Flag.STOP

    @property
    def reason(self) -> str:
        """Why it is only to be taken further, where the questions themselves say stop."""
        if not self.unverified:
            return ""
        return _("It rests on a statement that is not verified: it warns, and does not block.")


@dataclass(frozen=True)
class LineWords:
    """One question of a scale. `answers`: (what was chosen, its points); `why`: the reason when it does not count."""

    item: str
    section: str
    question: str
    points: str
    maximum: str
    answers: list[tuple[str, str]]
    state: str
    why: str
    dropped: list[str]
    waiting: bool = False  # not asked yet: other answers decide it


@dataclass(frozen=True)
class AdjustmentWords:
    reason: str
    held: bool
    condition: str
    effect: str


@dataclass(frozen=True)
class BandWords:
    level: int
    title: str
    bounds: str
    low: Fraction | None
    high: Fraction | None
    raw: bool  # the points before any adjustment lie here
    current: bool


@dataclass(frozen=True)
class ScaleWords:
    """One scale, told whole."""

    id: str
    title: str
    rule: str
    points: str
    out_of: str
    current: str
    score: ScaleScore
    raw_level: int | None
    lines: list[LineWords]
    adjustments: list[AdjustmentWords]
    rounding: str
    bands: list[BandWords]
    level_low: int | None = None
    level_high: int | None = None

    @property
    def complete(self) -> bool:
        return self.score.complete

    @property
    def adjusted(self) -> bool:
        return self.score.current != self.score.points

    @property
    def open_count(self) -> int:
        return len(self.score.open_items)

    @property
    def level(self) -> str:
        return level_words(self.bands, self.score.level)

    @property
    def raw(self) -> str:
        return level_words(self.bands, self.raw_level)

    @property
    def lowest(self) -> str:
        return exact_words(self.score.minimum)

    @property
    def highest(self) -> str:
        return exact_words(self.score.maximum)

    @property
    def counted(self) -> list[LineWords]:
        return [line for line in self.lines if line.state == LineState.COUNTED]

    @property
    def waiting(self) -> list[LineWords]:
        """Questions of which it is not known yet whether they are asked."""
        return [line for line in self.lines if line.waiting]

    @property
    def settled(self) -> bool:
        """Whether no answer that is still to come can change it."""
        return self.complete and not self.waiting

    @property
    def begun(self) -> bool:
        """Whether there is anything to tell a level from: nobody's answers are no reason to call something harmless."""
        return self.settled or bool(self.counted)

    @property
    def not_counted(self) -> list[LineWords]:
        return [line for line in self.lines if line.state != LineState.COUNTED]


@dataclass(frozen=True)
class ScoreWords:
    """What the answers give. `headline`: the scale whose level is the result, None when no scale has levels."""

    scales: list[ScaleWords]
    headline: ScaleWords | None
    flags: list[RaisedWords]
    ignored: list[tuple[str, str]] = field(
        default_factory=list
    )  # (question, why) of answers that are kept and do not count

    @property
    def stops(self) -> list[RaisedWords]:
        return [raised for raised in self.flags if raised.stops]

    @property
    def warnings(self) -> list[RaisedWords]:
        """Answers that the questions call a stop, on a statement that is not verified."""
        return [raised for raised in self.flags if raised.unverified]

    @property
    def title(self) -> str:
        """The result in a line."""
        if self.headline is not None and self.headline.score.level is not None:
            words = self.headline.level
            if not self.headline.begun:
                return _("No level yet: nothing that gives points is answered")
            return words if self.headline.settled else _("So far: %(level)s") % {"level": words}
        if self.scales:
            first = self.scales[0]
            return _("%(points)s of %(maximum)s points") % {"points": first.current, "maximum": first.out_of}
        return _("These questions give no points")

    @property
    def sentence(self) -> str:
        """Whether it may still change, and between what."""
        scale = self.headline or (self.scales[0] if self.scales else None)
        if scale is None:
            return ""
        if scale.settled:
            return _("All questions that give points are answered.")
        if scale.complete:
            return ngettext(
                "One question that gives points waits for other answers. The level can still change.",
                "%(count)d questions that give points wait for other answers. The level can still change.",
                len(scale.waiting),
            ) % {"count": len(scale.waiting)}
        text = ngettext(
            "One question that gives points is open.",
            "%(count)d questions that give points are open.",
            scale.open_count,
        ) % {"count": scale.open_count}
        if scale.level_low is None:
            return (
                text
                + " "
                + _("The points can still become anything between %(low)s and %(high)s.")
                % {
                    "low": scale.lowest,
                    "high": scale.highest,
                }
            )
        if scale.level_low == scale.level_high:
            return text + " " + _("By the questions asked now, the level stays the same whatever they are answered.")
        return (
            text
            + " "
            + _("By the questions asked now, the level can still become anything from %(low)d to %(high)d.")
            % {
                "low": scale.level_low,
                "high": scale.level_high,
            }
        )


def level_words(bands: Sequence[BandWords], level: int | None) -> str:
    """ "Level 2 of 4: Moderate impact"; empty where there is no level."""
    if level is None:
        return ""
    return _("Level %(level)d of %(count)d: %(title)s") % {
        "level": level,
        "count": len(bands),
        "title": bands[level - 1].title,
    }


def score_of(reading: Reading) -> Assessment:
    """The score of what is written now, as decisions take it: hidden answers dropped."""
    return assess(reading.instrument, reading.values, reading.depth, reading.phase)


def score_words(reading: Reading) -> ScoreWords:
    """Everything that the score page says."""
    found = score_of(reading)
    instrument = reading.instrument
    totals = {score.scale: Total(score.points, score.out_of) for score in found.scores}
    scales = [
        _scale_words(instrument, instrument.scale(score.scale), score, found, totals, reading) for score in found.scores
    ]
    headline = instrument.headline
    return ScoreWords(
        scales=scales,
        headline=next((scale for scale in scales if headline is not None and scale.id == headline.id), None),
        flags=flags_words(instrument, found),
        ignored=[
            (question_words(instrument, instrument.items[name]), why_hidden(instrument, hidden, instrument.items[name]))
            for name, hidden in found.not_counted.items()
        ],
    )


def flags_words(instrument: Instrument, found: Assessment) -> list[RaisedWords]:
    return [
        RaisedWords(
            str(raised.flag),
            raised.item,
            question_words(instrument, instrument.items[raised.item]),
            chosen_words(instrument.items[raised.item], raised.choice),
            raised.unverified,
        )
        for raised in found.flags
    ]


def chosen_words(item: Item, choice: str) -> str:
    """One chosen answer: the label of a choice, or of a mark in a matrix."""
    if item.matrix is not None:
        return next(iter(matrix_lines(item.matrix, [choice])), choice)
    known = item.choice(choice)
    return said(known.label) if known else choice


def _scale_words(
    instrument: Instrument,
    scale: Scale,
    score: ScaleScore,
    found: Assessment,
    totals: Mapping[str, Total],
    reading: Reading,
) -> ScaleWords:
    raw_band = band_of(scale, rounded(score.points, scale.rounding), score.out_of)
    raw_level = scale.bands.index(raw_band) + 1 if raw_band else None
    low, high = level_range(scale, score, found, totals, reading)
    return ScaleWords(
        id=scale.id,
        title=said(scale.title),
        rule=_rule_words(scale),
        points=exact_words(score.points),
        out_of=exact_words(score.out_of),
        current=exact_words(score.current),
        score=score,
        raw_level=raw_level,
        lines=[_line_words(instrument, line, found) for line in score.lines],
        adjustments=[
            _adjustment_words(instrument, adjustment, applied)
            for adjustment, applied in zip(scale.adjustments, score.applied, strict=True)
        ],
        rounding=_rounding_words(scale.rounding),
        bands=_bands_words(scale, score, raw_level),
        level_low=low,
        level_high=high,
    )


def _rule_words(scale: Scale) -> str:
    match scale.rule:
        case Rule.SUM:
            return _("The points of all questions are added.")
        case Rule.MAX:
            return _("The question with the most points counts, and no other.")
        case Rule.MEAN:
            return _("The mean over the questions that were answered.")
        case Rule.ANY:
            return _("1 as soon as one question has points, otherwise 0.")


def _rounding_words(how: Rounding) -> str:
    match how:
        case Rounding.HALF_UP:
            return _("rounded to a whole number, halves upwards")
        case Rounding.HALF_EVEN:
            return _("rounded to a whole number, halves to the even one")
        case Rounding.UP:
            return _("rounded up to a whole number")
        case Rounding.DOWN:
            return _("rounded down to a whole number")
        case _:
            return ""


# Lines ------------------------------------------------------------------------------------------------


def _line_words(instrument: Instrument, line: Line, found: Assessment) -> LineWords:
    item = instrument.items[line.item]
    why = ""
    if line.state is LineState.HIDDEN:
        why = why_hidden(instrument, found.visibility.hidden[line.item], item)
    elif line.state is LineState.NOT_APPLICABLE:
        why = _("Answered with “does not apply”.")
    elif line.state is LineState.OPEN:
        why = _why_open(found.visibility.answers.get(line.item))
    elif item.matrix is not None and len(found.visibility.answers.get(line.item) or ()) > len(line.parts):
        why = _("Only the place with the most points counts.")
    return LineWords(
        item=line.item,
        section=item.section,
        question=question_words(instrument, item),
        points=exact_words(line.points),
        maximum=exact_words(line.maximum),
        answers=[(chosen_words(item, part.choice), exact_words(part.points)) for part in line.parts],
        state=str(line.state),
        why=why,
        dropped=list(line.outside),
        waiting=line.state is LineState.HIDDEN and found.visibility.hidden[line.item].why is HiddenWhy.NOT_YET,
    )


def question_words(instrument: Instrument, item: Item) -> str:
    """The question, and of a repeated one which use or group it is about."""
    if not item.entry:
        return said(item.text)
    section = next(section for section in instrument.sections if section.id == item.section)
    heading = next((each for each in section.headings if each.id == item.headings[0]), None)
    return f"{said(item.text)} ({said(heading.title)})" if heading else said(item.text)


def _why_open(value: Any) -> str:
    if value is UNKNOWN:
        return _("Answered with “we do not know”: it is open.")
    if isinstance(value, Withheld):
        return _("The answer is withheld: it is open.")
    return _("No answer yet.")


def why_hidden(instrument: Instrument, hidden: Hidden, item: Item) -> str:
    """Why a question is not asked: the depth, the phase, or the answer that decided."""
    match hidden.why:
        case HiddenWhy.DEPTH:
            return _("Not asked: it belongs to a %(depth)s.") % {"depth": str(Depth(item.depth.value).label).lower()}
        case HiddenWhy.PHASE:
            return _("Not asked: it belongs to another phase.")
        case HiddenWhy.NOT_YET:
            named = [said(instrument.items[name].text) for name in hidden.needs if name in instrument.items]
            return _("Not asked yet: it waits for the answer to “%(question)s”.") % {"question": "”, “".join(named)}
    for ground in hidden.because:
        decider = instrument.items.get(ground.name)
        if decider is not None:
            answer = answer_words(decider, as_data(ground.value)) or _("no answer")
            return _("Not asked, because “%(question)s” is answered with: %(answer)s.") % {
                "question": said(decider.text),
                "answer": answer,
            }
    return _("Not asked: other answers rule it out.")


# Adjustments and bands -----------------------------------------------------------------------------------


def _adjustment_words(instrument: Instrument, adjustment: Adjustment, applied: Applied) -> AdjustmentWords:
    condition = _("It depends on answers.")
    if isinstance(adjustment.when, Threshold) and applied.reached is not None and applied.needed is not None:
        condition = _("Needed: %(needed)s points of “%(scale)s”. Reached: %(reached)s.") % {
            "needed": exact_words(applied.needed),
            "reached": exact_words(applied.reached),
            "scale": said(instrument.scale(adjustment.when.scale).title),
        }
        if adjustment.when.share:
            condition += " " + _("What is needed is %(share)s of the most that the questions asked can give.") % {
                "share": _percent(adjustment.when.at_least * adjustment.when.times)
            }
    if not applied.held:
        effect = _("It does not hold, so the points stay %(points)s.") % {"points": exact_words(applied.before)}
    else:
        steps = exact_words(applied.before)
        exact = applied.before * adjustment.multiply + adjustment.add
        if adjustment.multiply != 1:
            steps += f" × {exact_words(adjustment.multiply)}"
        if adjustment.add:
            sign = "+" if adjustment.add > 0 else "\u2212"
            steps += f" {sign} {exact_words(abs(adjustment.add))}"
        effect = f"{steps} = {exact_words(exact)}"
        if exact != applied.after or adjustment.rounding is not Rounding.NONE:
            effect += f", {_rounding_words(adjustment.rounding)}: {exact_words(applied.after)}"
        effect += "."
    return AdjustmentWords(said(adjustment.reason), applied.held, condition, effect)


def _percent(share: Fraction) -> str:
    return f"{exact_words(share * 100)}\u00a0%"


def _bands_words(scale: Scale, score: ScaleScore, raw_level: int | None) -> list[BandWords]:
    found: list[BandWords] = []
    below: Band | None = None
    low: Fraction | None = None
    for level, band in enumerate(scale.bands, start=1):
        high = band_bound(scale, band, score.out_of)
        found.append(
            BandWords(
                level,
                said(band.title),
                _bounds(scale, below, low, band, high),
                low,
                high,
                raw=level == raw_level,
                current=level == score.level,
            )
        )
        below, low = band, high
    return found


def _bounds(scale: Scale, below: Band | None, low: Fraction | None, band: Band, high: Fraction | None) -> str:
    """From where to where, in points, and which side the bound itself is on."""
    parts = []
    if low is not None and below is not None:
        text = _("over %(points)s") if below.inclusive else _("from %(points)s")
        parts.append(text % {"points": exact_words(low)})
    if high is not None:
        text = _("up to and including %(points)s") if band.inclusive else _("under %(points)s")
        parts.append(text % {"points": exact_words(high)})
        if scale.measure is Measure.SHARE and band.upto is not None:
            parts.append(_("(%(share)s of the maximum)") % {"share": _percent(band.upto)})
    return " ".join(parts) or _("all points")


def level_range(
    scale: Scale, score: ScaleScore, found: Assessment, totals: Mapping[str, Total], reading: Reading
) -> tuple[int | None, int | None]:
    """The lowest and the highest level that the answers to the questions asked now can still lead to."""
    if not scale.bands or score.level is None:
        return None, None
    if score.complete and all(found.score(name).complete for name in _looked_at(scale)):
        unsure = [each for each in scale.adjustments if _truth(each, found) is None]
        if not unsure:
            return score.level, score.level
    ends = {name: _ends(scale, name, found) for name in {scale.id, *_looked_at(scale)}}
    conditions = [each for each in scale.adjustments if not isinstance(each.when, Threshold)]
    truths = [[truth] if (truth := _truth(each, found)) is not None else [False, True] for each in conditions]
    levels = {score.level}
    for number, chosen in enumerate(product(*ends.values(), *truths)):
        if number >= MOST_COMBINATIONS:
            return 1, len(scale.bands)  # too many ways to tell them all apart: say the widest
        points, held = chosen[: len(ends)], chosen[len(ends) :]
        then = dict(totals) | {
            name: Total(value, totals[name].out_of) for name, value in zip(ends, points, strict=True)
        }
        level = conclude(scale, then, {each.id: bool(t) for each, t in zip(conditions, held, strict=True)}).level
        if level is not None:
            levels.add(level)
    return min(levels), max(levels)


def _looked_at(scale: Scale) -> set[str]:
    """The other scales that its adjustments look at."""
    return {each.when.scale for each in scale.adjustments if isinstance(each.when, Threshold)} - {scale.id}


def _truth(adjustment: Adjustment, found: Assessment) -> bool | None:
    if isinstance(adjustment.when, Threshold):
        return True
    return evaluate(adjustment.when, found.visibility.answers).truth


def _ends(scale: Scale, name: str, found: Assessment) -> list[Fraction]:
    """The points between which a scale can end, and those just at and below where an adjustment of its own begins."""
    score = found.score(name)
    low, high = min(score.minimum, score.points), max(score.maximum, score.points)
    ends = {low, high}
    for applied, each in zip(found.score(scale.id).applied, scale.adjustments, strict=True):
        own = isinstance(each.when, Threshold) and each.when.scale == name
        if own and applied.needed is not None and low < applied.needed <= high:
            ends |= {applied.needed, applied.needed - SLIVER}
    return sorted(ends)
