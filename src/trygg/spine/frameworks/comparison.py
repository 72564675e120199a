"""Two versions of the same questions, side by side: which are new, gone, worded otherwise, or worth other points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trygg.engines.instruments import Change, Do, Instrument, Item

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
class Comparison:
    """`added`, `removed`: questions. `renamed`: pairs of questions that the migration map joins."""

    added: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    renamed: tuple[tuple[Item, Item], ...] = ()
    reworded: tuple[Reworded, ...] = ()
    repointed: tuple[Repointed, ...] = ()
    scales: tuple[str, ...] = field(default=())  # ids of scales whose rule, bands or adjustments differ

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.renamed, self.reworded, self.repointed, self.scales))


def compare(old: Instrument, new: Instrument, changes: Sequence[Change] = ()) -> Comparison:
    """What `new` changes of `old`. `changes`: the migration map from the old version."""
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
            scale.id for scale in new.scales if scale not in old.scales and any(scale.id == each.id for each in old.scales)
        )
        + tuple(scale.id for scale in new.scales if all(scale.id != each.id for each in old.scales)),
    )


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
