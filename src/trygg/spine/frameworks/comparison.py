"""Two versions of the same questions, side by side: which are new, gone, worded otherwise, or worth other points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trygg.engines.instruments import Change, Do, Instrument, Item
from trygg.engines.instruments.tender import Clause, TenderQuestion, parts_of

Text = Mapping[str, str]


@dataclass(frozen=True)
class Reworded:
    """A question in both wordings. `texts`: (what it is, before, after) of each text that differs; what it is: text, help, choice."""

    item: str
    section: Text
    texts: tuple[tuple[str, Text | None, Text | None], ...] = ()
    other: tuple[str, ...] = ()  # type, required, evidence, visible_when, depth: what else differs

    @property
    def first(self) -> tuple[str, Text | None, Text | None] | None:
        return self.texts[0] if self.texts else None


@dataclass(frozen=True)
class Repointed:
    """A choice that is worth something else. `before` and `after`: points by scale, as they are written."""

    item: str
    question: Text
    choice: Text
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True)
class Redrafted:
    """A tender question or a clause that differs. `texts`: (part, before, after); None where it is new or gone. `other`: weight, when,
    support: what else differs."""

    texts: tuple[tuple[str, Text | None, Text | None], ...] = ()
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """`added`, `removed`: questions. `renamed`: pairs of questions that the migration map joins. `purchase`: what the questions carry for a
    tender and a contract; it is no part of the questions, so answers stand whatever differs there."""

    added: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    renamed: tuple[tuple[Item, Item], ...] = ()
    reworded: tuple[Reworded, ...] = ()
    repointed: tuple[Repointed, ...] = ()
    scales: tuple[str, ...] = field(default=())  # ids of scales whose rule, bands or adjustments differ
    purchase: tuple[Redrafted, ...] = ()

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.renamed, self.reworded, self.repointed, self.scales, self.purchase))


def compare(
    old: Instrument,
    new: Instrument,
    changes: Sequence[Change] = (),
    data: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None,
) -> Comparison:
    """What `new` changes of `old`. `changes`: the migration map from the old version. `data`: of both packs, to compare also what they
    carry for a purchase."""
    pairs = [
        (old.items[source], new.items[target])
        for change in changes
        if change.do not in (Do.DROP, Do.KEEP)
        for source in change.source
        for target in change.target
        if source in old.items and target in new.items and source != target
    ]
    gone, come = {one.id for one, _ in pairs}, {other.id for _, other in pairs}
    both = [(old.items[name], item) for name, item in new.items.items() if name in old.items] + pairs
    return Comparison(
        added=tuple(item for name, item in new.items.items() if name not in old.items and name not in come),
        removed=tuple(item for name, item in old.items.items() if name not in new.items and name not in gone),
        renamed=tuple(pairs),
        reworded=tuple(found for one, other in both if (found := _reworded(old, one, other)) is not None),
        repointed=tuple(found for one, other in both for found in _repointed(one, other)),
        scales=tuple(
            scale.id
            for scale in new.scales
            if scale not in old.scales and any(scale.id == each.id for each in old.scales)
        )
        + tuple(scale.id for scale in new.scales if all(scale.id != each.id for each in old.scales)),
        purchase=_purchase(*data) if data else (),
    )


PURCHASE = {"question": ("question", "evidence"), "clause": ("title", "text")}


def _purchase(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Redrafted, ...]:
    found = []
    for kind, before, after in zip(PURCHASE, parts_of(old), parts_of(new), strict=True):
        was, now = {each.id: each for each in before}, {each.id: each for each in after}
        found += [_redrafted(kind, was.get(name), now.get(name)) for name in dict.fromkeys([*was, *now])]
    return tuple(each for each in found if each.texts or each.other)


def _redrafted(kind: str, old: TenderQuestion | Clause | None, new: TenderQuestion | Clause | None) -> Redrafted:
    parts = [(part, getattr(old, part, None), getattr(new, part, None)) for part in PURCHASE[kind]]
    texts = tuple((f"{kind}_{part}", before, after) for part, before, after in parts if before != after)
    both = old is not None and new is not None
    names = ("weight", "when", "support") if both else ()
    other = tuple(name for name in names if getattr(old, name, None) != getattr(new, name, None))
    return Redrafted(texts or ((f"{kind}_{parts[0][0]}", *parts[0][1:]),) if texts or other else (), other)


def _reworded(instrument: Instrument, old: Item, new: Item) -> Reworded | None:
    texts: list[tuple[str, Text | None, Text | None]] = []
    for name in ("text", "help", "plain"):
        if getattr(old, name) != getattr(new, name):
            texts.append((name, getattr(old, name), getattr(new, name)))
    before, after = {each.id: each.label for each in old.choices}, {each.id: each.label for each in new.choices}
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            texts.append(("choice", before.get(name), after.get(name)))
    other = tuple(
        name
        for name in ("type", "required", "evidence", "visible_when", "depth", "phases", "matrix")
        if getattr(old, name) != getattr(new, name)
    )
    if not texts and not other:
        return None
    section = next((each.title for each in instrument.sections if each.id == old.section), {})
    if not texts or texts[0][0] != "text":
        texts.insert(0, ("text", old.text, new.text))
    return Reworded(new.id, section, tuple(texts), other)


def _repointed(old: Item, new: Item) -> list[Repointed]:
    before = {each.id: each for each in old.choices}
    return [
        Repointed(
            new.id, new.text, choice.label,
            {scale: str(points) for scale, points in before[choice.id].points.items()},
            {scale: str(points) for scale, points in choice.points.items()},
        )
        for choice in new.choices
        if choice.id in before and dict(before[choice.id].points) != dict(choice.points)
    ]  # fmt: skip
