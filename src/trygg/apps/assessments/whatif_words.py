"""What would change the result, in words; and trying other answers without storing any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from trygg.apps.assessments.questions import Reading, said
from trygg.apps.assessments.score import ScoreWords, question_words, score_words
from trygg.engines.conditions import ONE_CHOICE, ValueType, as_data
from trygg.engines.instruments import Item, Kind, Step, Threshold, WhatIf, what_if
from trygg.spine.frameworks.answer_words import answer_words, exact_words


@dataclass(frozen=True)
class StepWords:
    """One other answer and what it leads to."""

    item: str
    section: str
    question: str
    now: str
    answer: str
    effect: str
    kind: str
    higher: bool


@dataclass(frozen=True)
class WhatIfWords:
    """`mitigations` and `others`: single answers that lower the level or lift a stop; `higher`: that raise it; `way`: taken together."""

    level: int | None
    mitigations: list[StepWords]
    others: list[StepWords]
    higher: list[StepWords]
    way: list[StepWords]
    way_title: str


@dataclass(frozen=True)
class Tried:
    """Before and after: (what, before, after), rows that differ first are not moved: they are marked."""

    rows: list[tuple[str, str, str, bool]]
    answers: list[tuple[str, str, str]]  # (question, now, tried)
    opened: list[str]
    closed: list[str]


def what_if_words(reading: Reading, score: ScoreWords) -> WhatIfWords:
    """The answers worth another look."""
    found = what_if(reading.instrument, reading.values, reading.depth, reading.phase)
    steps = [_step(reading, found, step, score) for step in found.steps]
    way_title = ""
    if found.way and score.headline is not None and found.way_level is not None:
        way_title = score.headline.bands[found.way_level - 1].title
    return WhatIfWords(
        level=found.level,
        mitigations=[step for step in steps if step.kind == Kind.MITIGATION and not step.higher],
        others=[step for step in steps if step.kind != Kind.MITIGATION and not step.higher],
        higher=[step for step in steps if step.higher],
        way=[_step(reading, found, step, score) for step in found.way],
        way_title=_("Level %(level)d of %(count)d: %(title)s")
        % {"level": found.way_level, "count": len(score.headline.bands), "title": way_title}
        if way_title and score.headline
        else "",
    )


def _step(reading: Reading, found: WhatIf, step: Step, score: ScoreWords) -> StepWords:
    item = reading.instrument.items[step.item]
    effects = []
    if step.level is not None and step.level != found.level and score.headline is not None:
        title = score.headline.bands[step.level - 1].title
        effects.append(_("Level %(level)d: %(title)s") % {"level": step.level, "title": title})
    for name in step.lifts:
        question = said(reading.instrument.items[name].text)
        effects.append(_("The stop at “%(question)s” is lifted.") % {"question": question})
    if step.kind is Kind.MITIGATION and step.gain:
        effects.append(_("%(points)s points more of measures") % {"points": exact_words(step.gain)})
    return StepWords(
        item=step.item,
        section=item.section,
        question=question_words(reading.instrument, item),
        now=answer_words(item, as_data(reading.asked.answers.get(step.item))) or _("no answer"),
        answer=answer_words(item, list(step.answer) if isinstance(step.answer, tuple) else step.answer) or _("no answer"),
        effect=". ".join(effects),
        kind=str(step.kind),
        higher=not step.lifts and step.level is not None and found.level is not None and step.level > found.level,
    )


# Trying ------------------------------------------------------------------------------------------------


def triable(reading: Reading) -> tuple[list[Item], list[Item]]:
    """Questions that can be tried: (mitigations and those with flags, all others that give points)."""
    instrument = reading.instrument
    headline = instrument.headline
    adjustments = headline.adjustments if headline else ()
    scales = {each.when.scale for each in adjustments if isinstance(each.when, Threshold)}
    first, rest = [], []
    for name in reading.asked.visible:
        item = instrument.items[name]
        if item.type not in ONE_CHOICE and item.type is not ValueType.CHOICES:
            continue
        if any(scales & choice.points.keys() or choice.flag for choice in item.choices):
            first.append(item)
        elif any(choice.points for choice in item.choices):
            rest.append(item)
    return first, rest


class TryForm(forms.Form):
    """Other answers to try. Nothing of it is stored."""

    mark_optional = False

    def __init__(self, reading: Reading, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reading = reading
        self.first, self.rest = triable(reading)
        for item in (*self.first, *self.rest):
            present = as_data(reading.asked.answers.get(item.id))
            self.fields[f"a-{item.id}"] = self._field(item, question_words(reading.instrument, item))
            self.initial[f"a-{item.id}"] = present if isinstance(present, str | list) else None

    @staticmethod
    def _field(item: Item, label: str) -> forms.Field:
        choices = [(choice.id, said(choice.label)) for choice in item.choices]
        common = {"label": label, "required": False}
        if item.type in ONE_CHOICE:
            return forms.ChoiceField(choices=[("", _("No answer")), *choices], widget=forms.Select, **common)
        widget = forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes__input"})
        return forms.MultipleChoiceField(choices=choices, widget=widget, **common)

    def groups(self) -> list[tuple[str, list]]:
        """(heading, bound fields)."""
        named = [
            (_("Measures, and answers that stop"), self.first),
            (_("All other questions that give points"), self.rest),
        ]
        return [(heading, [self[f"a-{item.id}"] for item in items]) for heading, items in named if items]

    def values(self) -> dict[str, Any]:
        """All answers with what was tried in their place."""
        values = dict(self.reading.values)
        for item in (*self.first, *self.rest):
            sent = self.cleaned_data.get(f"a-{item.id}") or None
            if sent is None:
                values.pop(item.id, None)
            else:
                values[item.id] = sent
        return values


def tried(reading: Reading, values: Mapping[str, Any], before: ScoreWords) -> Tried:
    """What the tried answers lead to, beside what stands."""
    then = Reading(reading.instrument, reading.depth, values, reading.evidence, reading.phase)
    after = score_words(then)
    rows: list[tuple[str, str, str, bool]] = []

    def row(what: str, old: str, new: str) -> None:
        rows.append((what, old, new, old != new))

    row(_("Result"), before.title, after.title)
    for old, new in zip(before.scales, after.scales, strict=True):
        row(_("%(scale)s, before adjustments") % {"scale": old.title}, _points(old.points, old.out_of), _points(new.points, new.out_of))
        if old.adjustments:
            row(_("%(scale)s, after adjustments") % {"scale": old.title}, old.current, new.current)
    row(_("Answers that stop"), str(len(before.stops)), str(len(after.stops)))
    changed = [
        item
        for item in reading.instrument.items.values()
        if item.id in values.keys() | reading.values.keys() and values.get(item.id) != reading.values.get(item.id)
    ]
    names = {name: question_words(reading.instrument, item) for name, item in reading.instrument.items.items()}
    was, now = set(reading.asked.visible), set(then.asked.visible)
    return Tried(
        rows=rows,
        answers=[
            (
                names[item.id],
                answer_words(item, reading.values.get(item.id)) or _("no answer"),
                answer_words(item, values.get(item.id)) or _("no answer"),
            )
            for item in changed
        ],
        opened=[names[name] for name in names if name in now - was],
        closed=[names[name] for name in names if name in was - now],
    )


def _points(points: str, out_of: str) -> str:
    return _("%(points)s of %(maximum)s") % {"points": points, "maximum": out_of}


