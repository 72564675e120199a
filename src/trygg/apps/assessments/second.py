"""Two who answered the same questions alone, beside each other: where they agree, where they differ, what was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from trygg.apps.assessments.content import effective_depth, load_whole
from trygg.apps.assessments.merging import Content, mark
from trygg.apps.assessments.models import AnswerVersion, SecondAnswer, SecondReading
from trygg.apps.assessments.questions import Reading, instrument_of, said
from trygg.apps.assessments.selectors import Card, openings
from trygg.engines.conditions import ValueType, as_data
from trygg.engines.depth import Depth
from trygg.engines.instruments import Instrument, Item
from trygg.spine.frameworks.answer_words import answer_words

NOT_READ = (ValueType.FILE, ValueType.SIGN)  # a file is evidence, a confirmation is an act: neither is a judgement
ENOUGH = 10  # answers to compare before a per cent says anything


def readable(instrument: Instrument) -> list[Item]:
    """The questions that a second reader is asked."""
    return [item for item in instrument.items.values() if item.type not in NOT_READ]


def own_reading(reading: SecondReading) -> Reading:
    """The instrument with the second reader's own answers: they alone decide which follow-ups are asked. Evidence is not asked for."""
    instrument = instrument_of(reading.assessment)
    values = {answer.item_id: answer.value for answer in reading.answers.all() if answer.value is not None}
    depth = Depth(effective_depth(reading.assessment))
    return Reading(instrument, depth, values, frozenset(instrument.items), reading.assessment.phase)


def second_mark(answer: SecondAnswer | None) -> str:
    """The mark that a page carries beside the inputs of an item."""
    return mark(Content(answer.value, answer.note), answer.revision) if answer else mark(Content(), 0)


def second_cards(
    reading: SecondReading, found: Reading, section_id: str, also: frozenset[str] = frozenset()
) -> list[Card]:
    """The cards of a section for the second reader: no comments, no files, nothing of the first."""
    answers = {answer.item_id: answer for answer in reading.answers.all()}
    sources = reading.assessment.pack.content.get("sources") or {}
    section = found.section(section_id)
    asked = {item.id for item in found.visible(section_id)} | also
    items = [item for item in section.items if item.id in asked and item.type not in NOT_READ] if section else []
    cards, above = [], ()
    for number, item in enumerate(items, start=1):
        answer = answers.get(item.id)
        opens = openings(section, item, above)
        cards.append(Card(item, number, answer, second_mark(answer), opens, source=sources.get(item.source)))
        above = item.headings
    return cards


@dataclass(frozen=True)
class Pair:
    """One question and both answers. `compared`: it counts for how far the two agree, which words written by hand do not."""

    item: Item
    first: str
    first_note: str
    second: str
    second_note: str
    same: bool
    compared: bool
    settled: str = ""
    settled_by: str = ""
    settled_at: Any = None
    first_asked: bool = True
    second_asked: bool = True

    @property
    def question(self) -> str:
        return said(self.item.text)

    @property
    def open(self) -> bool:
        return not self.same and not self.settled


@dataclass(frozen=True)
class Comparison:
    pairs: list[Pair]

    @property
    def compared(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.compared]

    @property
    def agreed(self) -> list[Pair]:
        return [pair for pair in self.compared if pair.same]

    @property
    def differing(self) -> list[Pair]:
        return [pair for pair in self.pairs if not pair.same]

    @property
    def open(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.open]

    @property
    def share(self) -> float | None:
        """How many of the compared answers agree; None where there are too few for a per cent."""
        return len(self.agreed) / len(self.compared) if len(self.compared) >= ENOUGH else None

    @cached_property
    def by_item(self) -> Mapping[str, Pair]:
        return {pair.item.id: pair for pair in self.pairs}


def compare(reading: SecondReading) -> Comparison:
    """Both answers to each question that either was asked. A difference that was settled stays one, also when the texts are now the same."""
    whole = load_whole(reading.assessment)
    first, second = whole.reading, own_reading(reading)
    held = {item: content for section in whole.contents.values() for item, content in section.items()}
    answers = {answer.item_id: answer for answer in reading.answers.all()}
    before = _before(reading)
    pairs = []
    for item in readable(first.instrument):
        one, two = first.asked.answers.get(item.id), second.asked.answers.get(item.id)
        note = held.get(item.id, {}).get("note", "")
        row = answers.get(item.id)
        settled = row.settled if row else ""
        if one is None and two is None and not settled:
            continue
        value = as_data(one) if one is not None else None
        if settled == SecondAnswer.Settled.SECOND and item.id in before:
            value, note = before[item.id]
        pairs.append(
            Pair(
                item=item,
                first=answer_words(item, value),
                first_note=note,
                second=answer_words(item, as_data(two) if two is not None else None),
                second_note=row.note if row else "",
                same=not settled and _same(item, one, two),
                compared=item.type is not ValueType.TEXT and ((one is not None and two is not None) or bool(settled)),
                settled=settled,
                settled_by=row.settled_by if row else "",
                settled_at=row.settled_at if row else None,
                first_asked=item.id not in first.asked.hidden,
                second_asked=item.id not in second.asked.hidden,
            )
        )
    return Comparison(pairs)


def to_settle(reading: SecondReading) -> set[str]:
    """Ids of the questions where the two differ and nobody has chosen."""
    return {pair.item.id for pair in compare(reading).open}


def _same(item: Item, one: Any, two: Any) -> bool:
    if isinstance(one, str) and isinstance(two, str) and item.type in (ValueType.TEXT, ValueType.PARTY):
        return " ".join(one.split()).casefold() == " ".join(two.split()).casefold()
    if isinstance(one, tuple) and isinstance(two, tuple):
        return set(one) == set(two)
    return one == two


def _before(reading: SecondReading) -> dict[str, tuple[Any, str]]:
    """What the first had written where the second answer was taken over."""
    rows = AnswerVersion.objects.filter(answer__section__assessment=reading.assessment_id, choice="second")
    return {row.answer.item_id: (row.value, row.note) for row in rows.select_related("answer").order_by("settled_at")}
