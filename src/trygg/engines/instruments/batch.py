"""Scores of many answer sets. Gives what `assess` gives, without the explanation, at many thousands a second.

An instrument is compiled once: points become whole numbers over a common denominator, questions are grouped by what decides
whether they are asked, and each such condition is a pair of functions, "certainly holds" and "certainly does not", over the
few questions that decide anything. What follows from the totals of all scales is worked out once per set of totals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from ..conditions import (
    NOT_APPLICABLE,
    ONE_CHOICE,
    UNANSWERED,
    All,
    Any_,
    Compare,
    FactValue,
    Node,
    Not,
    Op,
    State,
    Subject,
    Withheld,
    evaluate,
    names,
    normalise,
    parse_date,
    walk,
)
from ..depth import Depth
from .foreign import aia_points
from .model import Basis, Convention, Instrument, Item, Rule, Scale, Threshold
from .points import Conclusion, Total, combine_maxima, conclude, counts_on, item_maximum
from .scoring import Mode, assess

Test = Callable[[Mapping[str, Any]], bool]
_MEMORY = 65_536
_CASES, _READ = 4_096, 4
_REMEMBERED = frozenset({str, tuple, type(None), State})


@dataclass(frozen=True, slots=True)
class Result:
    """Totals before adjustments, what they lead to, and the points of each question, by scale."""

    totals: Mapping[str, Total]
    conclusions: Mapping[str, Conclusion]
    points: Mapping[str, Mapping[str, Fraction | int]]


Row = tuple[int, str, dict[str, int]]
"""Number of the scale, item, points by choice."""


@dataclass(slots=True)
class _Group:
    """Questions that are asked under the same condition. `gate`: number of its first part, which other groups share and
    which is asked once; `asked`: the rest of it. `deciders`: those of its questions that decide about others."""

    gate: int | None
    asked: Test | None
    ruled_out: Test | None
    deciders: list[tuple[str, Item, frozenset[str]]]
    single: list[Row]
    several: list[Row]
    maxima: dict[int, int]
    never: bool = False

    @property
    def is_leaf(self) -> bool:
        """Asked on a condition, deciding nothing, and no part of a maximum: can wait until all that decides is known."""
        return self.ruled_out is not None and not (self.deciders or self.maxima or self.never)


class Scorer:
    """`Scorer(instrument)(answers)` is the Result of one answer set; `score_many` of many."""

    def __init__(
        self, instrument: Instrument, mode: Mode = Mode.COMPLETED, depth: Depth = Depth.FULL, phase: str = ""
    ) -> None:
        self.instrument, self.mode, self.depth, self.phase = instrument, mode, depth, phase
        self._aia = instrument.convention is Convention.AIA
        self._scales = instrument.scales
        self._units = [_denominator(instrument, scale) for scale in self._scales]
        self._maxima = [_maximum(instrument, scale) for scale in self._scales]
        self._asked = [number for number, scale in enumerate(self._scales) if scale.basis is Basis.ASKED]
        self._zero = [
            {item.id: 0 for item in instrument.items.values() if counts_on(item, scale.id)} for scale in self._scales
        ]
        plain = not any(item.matrix for item in instrument.items.values())
        for scale in self._scales:
            plain = plain and scale.rule is Rule.SUM and (scale.basis is Basis.ALL or mode is Mode.COMPLETED)
            plain = plain and all(isinstance(each.when, Threshold) for each in scale.adjustments)
        self._gates: list[Test] = []
        self._monotone = False
        self._groups = self._compile() if plain else []
        live = mode is Mode.LIVE
        leaves = [] if live else [each for each in self._groups if each.is_leaf]
        self._rows = [
            (
                each,
                each.never,
                each.gate,
                each.asked,
                each.deciders,
                each.single,
                each.several,
                tuple(each.maxima.items()),
            )
            for each in self._groups
            if live or not each.is_leaf
        ]
        self._leaves = [
            (gate, [(each.asked, each.single, each.several) for each in leaves if each.gate == gate])
            for gate in dict.fromkeys(each.gate for each in leaves)
        ]
        self._memory: dict[tuple[int, ...], tuple[dict[str, Total], dict[str, Conclusion]]] = {}

    def __call__(self, answers: Mapping[str, Any]) -> Result:
        """The result of one answer set: item id -> value. Never raises for any values."""
        if not self._groups:
            return self._explained(answers)
        state: dict[str, FactValue] = {}
        sums = [0] * len(self._scales)
        maxima = [0] * len(self._scales)
        points: list[dict[str, int]] = [zero.copy() for zero in self._zero]
        gates: list[bool | None] = [None] * len(self._gates)
        live, get, tests, aia = self.mode is Mode.LIVE, answers.get, self._gates, self._aia
        veils = not self._monotone
        one: list[Row] = []
        more: list[Row] = []
        # The conditions of a group stand in this loop and not in a function of their own: it runs for each of some eighty
        # groups of each record.
        for group, never, gate, asked, deciders, single, several, most in self._rows:
            if not live:
                held: bool | None = not never
                if held and gate is not None:
                    held = gates[gate]
                    if held is None:
                        held = gates[gate] = tests[gate](state)
                if held and asked is not None:
                    held = asked(state)
                if not held:
                    if veils and deciders:
                        self._veil(group, state)
                    continue
                for name, item, ids in deciders:
                    value = get(name)
                    if type(value) is str and (value in ids or (aia and value)):
                        state[name] = value
                    elif aia and type(value) is list:
                        state[name] = tuple(map(str, value)) or UNANSWERED
                    elif value is not None:
                        state[name] = self._deciding(item, value)
                for scale, most_of_it in most:
                    maxima[scale] += most_of_it
            one += single
            more += several
        for gate, groups in self._leaves:
            if gate is not None:
                held = gates[gate]
                if held is None:
                    held = gates[gate] = tests[gate](state)
                if not held:
                    continue
            for asked, single, several in groups:
                if asked is None or asked(state):
                    one += single
                    more += several
        for scale, name, table in one:
            value = get(name)
            if value is None:
                continue
            try:
                worth = table[value]
            except (KeyError, TypeError):
                worth = self._odd(scale, table, value)
                if value is NOT_APPLICABLE:
                    maxima[scale] -= self._most(name, scale)
            if worth:
                points[scale][name] = worth
                sums[scale] += worth
        for scale, name, table in more:
            value = get(name)
            if not value:
                continue
            worth = self._members(scale, table, value)
            if value is NOT_APPLICABLE:
                maxima[scale] -= self._most(name, scale)
            if worth:
                points[scale][name] = worth
                sums[scale] += worth
        return self._result(sums, maxima, points)

    @staticmethod
    def _veil(group: _Group, state: dict[str, FactValue]) -> None:
        """Notes that the group's questions are not asked, as the explained way does."""
        out = not group.never and group.ruled_out is not None and group.ruled_out(state)
        for name, _, _ in group.deciders:
            state[name] = NOT_APPLICABLE if out else UNANSWERED

    # What one answer is worth, where it is not simply one of the choices

    def _odd(self, scale: int, table: Mapping[str, int], value: Any) -> int:
        """A single answer that is no text of the choices: a state, a list, a number, or a value outside."""
        if self.mode is Mode.COMPLETED:
            plain = normalise(value)
            return table.get(plain, 0) if isinstance(plain, str) else 0
        if not self._aia:
            plain = normalise(value)
            members = plain if isinstance(plain, tuple) else (plain,)
            return sum(table.get(each, 0) for each in dict.fromkeys(members) if isinstance(each, str))
        if isinstance(value, list | tuple):
            return self._members(scale, table, value)
        return self._foreign(scale, value)

    def _members(self, scale: int, table: Mapping[str, int], value: Any) -> int:
        """Several choices. By Canada's convention one that stands twice counts twice."""
        if self._aia and type(value) is list:
            try:
                return sum([table[each] for each in value])
            except (KeyError, TypeError):
                pass  # something else than choices: see below
        members = value if isinstance(value, list | tuple) else (value,)
        if self._aia:
            if self.mode is Mode.COMPLETED:
                return sum([table.get(str(each), 0) for each in members if not isinstance(each, State | Withheld)])
            return sum(
                [
                    table[each] if isinstance(each, str) and each in table else self._foreign(scale, each)
                    for each in members
                ]
            )
        plain = normalise(value)
        members = plain if isinstance(plain, tuple) else (plain,)
        return sum([table.get(each, 0) for each in dict.fromkeys(members) if isinstance(each, str)])

    def _most(self, name: str, scale: int) -> int:
        return int(item_maximum(self.instrument.items[name], self._scales[scale].id) * self._units[scale])

    def _foreign(self, scale: int, value: Any) -> int:
        worth = aia_points(value) * self._units[scale]
        return worth.numerator if worth.denominator == 1 else worth  # type: ignore[return-value]

    # Which questions are asked

    def _deciding(self, item: Item, value: Any) -> FactValue:
        """What an answer that is no text of the choices says to conditions."""
        plain = normalise(value)
        if self._aia or not item.choices:
            return plain
        if item.type in ONE_CHOICE:
            return plain if not isinstance(plain, str | tuple | int | float) else UNANSWERED
        members = plain if isinstance(plain, tuple) else (plain,)
        if isinstance(plain, State | Withheld):
            return plain
        return tuple(str(each) for each in members if each in item.choice_ids) or UNANSWERED

    def _compile(self) -> list[_Group]:
        instrument = self.instrument
        conditions = [item.visible_when for item in instrument.items.values() if item.visible_when]
        deciders = {name for node in conditions for name in names(node, Subject.ITEM)}
        self._monotone = all(_monotone(node) for node in conditions)
        shared = Counter(parts[0] for node in conditions if (parts := _conjuncts(node)))
        numbers: dict[Node, int] = {}
        groups: dict[Any, _Group] = {}
        for name in instrument.order:
            item = instrument.items[name]
            counted = [number for number, scale in enumerate(self._scales) if counts_on(item, scale.id)]
            if name not in deciders and not counted:
                continue
            never = item.depth > self.depth or bool(self.phase and item.phases and self.phase not in item.phases)
            # Groups stand in the order of their first question; one that decides, and waits for others, stands alone.
            key = (never, item.visible_when, name if name in deciders and item.visible_when else None)
            if key not in groups:
                groups[key] = self._group(item, shared, numbers, never)
            group = groups[key]
            if name in deciders:
                group.deciders.append((name, item, frozenset(item.choice_ids if item.type in ONE_CHOICE else ())))
            for scale in counted:
                scale_id, unit = self._scales[scale].id, self._units[scale]
                table = {choice.id: int(choice.points.get(scale_id, 0) * unit) for choice in item.choices}
                (group.single if item.type in ONE_CHOICE else group.several).append((scale, name, table))
                if scale in self._asked:
                    group.maxima[scale] = group.maxima.get(scale, 0) + self._most(name, scale)
        return sorted(groups.values(), key=lambda group: group.ruled_out is not None and not group.deciders)

    def _group(self, item: Item, shared: Mapping[Node, int], numbers: dict[Node, int], never: bool) -> _Group:
        if item.visible_when is None:
            return _Group(None, None, None, [], [], [], {}, never)
        first, *rest = _conjuncts(item.visible_when)
        ruled_out = _remembered(item.visible_when, False)
        if shared[first] < 2:
            return _Group(None, _remembered(item.visible_when, True), ruled_out, [], [], [], {}, never)
        if first not in numbers:
            numbers[first] = len(self._gates)
            self._gates.append(_tests(first)[0])
        asked = _remembered(All(tuple(rest)), True) if rest else None
        return _Group(numbers[first], asked, ruled_out, [], [], [], {}, never)

    # From points to levels

    def _result(self, sums: list[int], maxima: list[int], points: list[dict[str, int]]) -> Result:
        key = (*sums, *(maxima[number] for number in self._asked))
        found = self._memory.get(key)
        if found is None:
            totals = {
                scale.id: Total(
                    Fraction(sums[number]) / self._units[number],
                    Fraction(maxima[number], self._units[number]) if number in self._asked else self._maxima[number],
                )
                for number, scale in enumerate(self._scales)
            }
            found = totals, {scale.id: conclude(scale, totals, {}) for scale in self._scales}
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[key] = found
        exact: dict[str, Mapping[str, Fraction | int]] = {}
        for scale, unit, rows in zip(self._scales, self._units, points, strict=True):
            exact[scale.id] = rows if unit == 1 else {name: Fraction(value) / unit for name, value in rows.items()}
        return Result(*found, exact)

    def _explained(self, answers: Mapping[str, Any]) -> Result:
        """Instruments with rules that need more than sums go the long way."""
        found = assess(self.instrument, answers, self.depth, self.phase, self.mode)
        totals = {score.scale: Total(score.points, score.out_of) for score in found.scores}
        conclusions = {
            scale.id: Conclusion(score.current, scale.band(score.band), score.level, score.applied)
            for scale, score in zip(self._scales, found.scores, strict=True)
        }
        return Result(
            totals,
            conclusions,
            {score.scale: {line.item: line.points for line in score.lines} for score in found.scores},
        )


def score_many(
    instrument: Instrument,
    records: Iterable[Mapping[str, Any]],
    mode: Mode = Mode.COMPLETED,
    depth: Depth = Depth.FULL,
    phase: str = "",
) -> Iterator[Result]:
    """Results in the order of the records, one at a time: any number of records takes the memory of one."""
    scorer = Scorer(instrument, mode, depth, phase)
    return map(scorer, records)


def _denominator(instrument: Instrument, scale: Scale) -> int:
    return lcm(
        *(
            choice.points[scale.id].denominator
            for item in instrument.items.values()
            for choice in item.choices
            if scale.id in choice.points
        ),
        1,
    )


def _maximum(instrument: Instrument, scale: Scale) -> Fraction:
    """Over all questions. Of use where the scale's maximum is taken over all."""
    return combine_maxima(
        scale.rule, [item_maximum(item, scale.id) for item in instrument.items.values() if counts_on(item, scale.id)]
    )


def _conjuncts(node: Node) -> list[Node]:
    return [part for child in node.children for part in _conjuncts(child)] if isinstance(node, All) else [node]


def _monotone(node: Node) -> bool:
    """Whether nothing in it holds because an answer is missing: then why one is missing does not matter."""
    return not any(
        isinstance(each, Not) or (isinstance(each, Compare) and each.op is Op.KNOWN) for _, each, _ in walk(node)
    )


def _remembered(node: Node, truth: bool) -> Test:
    """Whether the condition certainly holds, or certainly does not, worked out once for each set of texts and lists of texts
    that it reads. Numbers and the like are not remembered by: to Python 1 is True."""
    test = _tests(node)[0 if truth else 1]
    read = tuple(sorted(names(node, Subject.ITEM)))
    known: dict[Any, bool] = {}
    if not read or len(read) > _READ:
        return test

    def one(state: Mapping[str, Any]) -> bool:
        value = state.get(name)
        held = known.get(value)
        if held is None:
            held = test(state)
            if type(value) in _REMEMBERED and len(known) < _CASES:
                known[value] = held
        return held

    def some_of_them(state: Mapping[str, Any]) -> bool:
        values = tuple([state.get(each) for each in read])
        held = known.get(values)
        if held is None:
            held = test(state)
            if len(known) < _CASES and all(type(value) in _REMEMBERED for value in values):
                known[values] = held
        return held

    name = read[0]
    return one if len(read) == 1 else some_of_them


def _tests(node: Node) -> tuple[Test, Test]:
    """(certainly holds, certainly does not): Kleene's logic as two ordinary functions."""
    match node:
        case All(children):
            held, failed = zip(*map(_tests, children), strict=True)
            return _every(held), _some(failed)
        case Any_(children):
            held, failed = zip(*map(_tests, children), strict=True)
            return _some(held), _every(failed)
        case Not(child):
            holds, fails = _tests(child)
            return fails, holds
        case Compare(_, name, Op.IS, operand) if isinstance(operand, str) and parse_date(operand) is None:
            return (
                lambda state: state.get(name) == operand,
                lambda state: _settled(state, name) and state[name] != operand,
            )
        case Compare(_, name, Op.CONTAINS | Op.INCLUDES as op, operand) if isinstance(operand, str):
            holds = _part_of(name, operand, op is Op.CONTAINS)
            return holds, lambda state: _settled(state, name) and not holds(state)
        case _:
            return (
                lambda state: evaluate(node, state).truth is True,
                lambda state: evaluate(node, state).truth is False,
            )


def _part_of(name: str, operand: str, within: bool) -> Test:
    """Whether a list holds it; of a text, whether it is the text, or with `within` a part of it."""

    def holds(state: Mapping[str, Any]) -> bool:
        value = state.get(name)
        if type(value) is tuple:
            return operand in value
        if value is None or isinstance(value, State | Withheld):
            return False
        return operand in str(value) if within else operand == str(value)

    return holds


def _settled(state: Mapping[str, Any], name: str) -> bool:
    value = state.get(name, UNANSWERED)
    return value is NOT_APPLICABLE or not isinstance(value, State | Withheld)


def _every(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda state: first(state) and second(state)
    return lambda state: all(test(state) for test in tests)


def _some(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda state: first(state) or second(state)
    return lambda state: any(test(state) for test in tests)
