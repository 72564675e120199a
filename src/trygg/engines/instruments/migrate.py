"""Answers of one version of an instrument, carried to another. Nothing is thrown away: what has no place is `dropped`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..conditions import UNANSWERED, State, Withheld, normalise
from .answers import answer_problems
from .model import REPEATED, Instrument, Item


class Do(StrEnum):
    """What happens to a question between two versions."""

    KEEP = "keep"
    RENAME = "rename"
    SPLIT = "split"  # one question becomes several
    MERGE = "merge"  # several become one
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a migration map. `choices`: old choice -> new choice. `confirm`: somebody must look at the answer."""

    do: Do
    source: tuple[str, ...]
    target: tuple[str, ...]
    choices: Mapping[str, str]
    confirm: bool


class Fate(StrEnum):
    """What became of one answer."""

    KEPT = "kept"
    MOVED = "moved"
    CONFIRM = "confirm"  # carried, and somebody must look at it
    DROPPED = "dropped"


class Why(StrEnum):
    """Why an answer was dropped."""

    GONE = "gone"  # the question is not there any more
    SAID = "said"  # the map says so
    DOES_NOT_FIT = "does_not_fit"  # the question takes another sort of answer, or the choice is gone
    TWO_ANSWERS = "two_answers"  # another answer has the place


@dataclass(frozen=True, slots=True)
class Carried:
    """One old answer: where it went (or None), and as what."""

    source: str
    target: str | None
    fate: Fate
    value: Any
    old_value: Any
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """`answers`: what the new version begins with. `carried`: every old answer and its fate, in the order of the old
    version. `added`, `removed`, `reworded`: questions of the two versions compared."""

    answers: Mapping[str, Any]
    carried: tuple[Carried, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]

    @property
    def dropped(self) -> tuple[Carried, ...]:
        return tuple(each for each in self.carried if each.fate is Fate.DROPPED)

    @property
    def to_confirm(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e.target for e in self.carried if e.fate is Fate.CONFIRM and e.target is not None))


def migration_map(data: Mapping[str, Any], version: str) -> tuple[Change, ...]:
    """The map from `version` that a pack brings; empty when it brings none: then equal ids are kept."""
    for row in data.get("migrations") or ():
        if row["from"] == version:
            return tuple(
                Change(
                    Do(change["do"]), _ids(change.get("from")), _ids(change.get("to")), change.get("choices") or {},
                    change.get("confirm", False),
                )
                for change in row["changes"]
            )  # fmt: skip
    return ()


def migrate(old: Instrument, new: Instrument, answers: Mapping[str, Any], changes: Sequence[Change] = ()) -> Migration:
    """Answers to `old`, carried to `new`. A question that no change names keeps its answer under its id, where it fits.
    What is empty is no answer, and takes no place from one.

    Both instruments as they are answered: repeated sections expanded with the same entries.
    """
    found: dict[str, Any] = {}
    carried: list[Carried] = []
    for name in [*old.items, *(name for name in answers if name not in old.items)]:
        if name in answers and normalise(answers[name]) is not UNANSWERED:
            carried += _carry(name, answers[name], new, changes, found)
    renamed = {one for change in changes for one in change.target}
    return Migration(
        answers=found,
        carried=tuple(carried),
        added=tuple(name for name in new.items if name not in old.items and _base(name) not in renamed),
        removed=tuple(name for name in old.items if name not in new.items),
        reworded=tuple(
            name for name, item in new.items.items() if name in old.items and _differs(old.items[name], item)
        ),
    )


def _carry(name: str, value: Any, new: Instrument, changes: Sequence[Change], found: dict[str, Any]) -> list[Carried]:
    base, at, entry = name.partition(REPEATED)
    change = next((each for each in changes if base in each.source), None)
    if change is not None and change.do is Do.DROP:
        return [Carried(name, None, Fate.DROPPED, None, value, Why.SAID)]
    targets = change.target if change is not None and change.do is not Do.KEEP else (base,)
    said = _mapped(value, change.choices) if change else value
    result = []
    for target in targets:
        place = f"{target}{at}{entry}"
        item = new.items.get(place)
        mapped = said if item is None else _what_fits(item, said)
        partly = mapped is not said
        if item is None:
            result.append(Carried(name, None, Fate.DROPPED, None, value, Why.GONE))
        elif answer_problems(item, mapped):
            result.append(Carried(name, None, Fate.DROPPED, None, value, Why.DOES_NOT_FIT))
        elif place in found and found[place] != mapped:
            result.append(Carried(name, None, Fate.DROPPED, None, value, Why.TWO_ANSWERS))
        else:
            found[place] = mapped
            confirm = change is not None and (change.confirm or change.do in (Do.SPLIT, Do.MERGE))
            same = place == name and mapped == value
            fate = Fate.CONFIRM if confirm or partly else Fate.KEPT if same else Fate.MOVED
            result.append(Carried(name, place, fate, mapped, value, Why.DOES_NOT_FIT if partly else None))
    return result


def _what_fits(item: Item, value: Any) -> Any:
    """Of several choices those that there still are; anything else, and a list of which nothing is left, as it is."""
    if not isinstance(value, list | tuple) or not answer_problems(item, value):
        return value
    left = [each for each in value if each in item.choice_ids]
    return type(value)(left) if left and not answer_problems(item, left) else value


def _mapped(value: Any, choices: Mapping[str, str]) -> Any:
    if isinstance(value, State | Withheld) or not choices:
        return value
    if isinstance(value, list | tuple):
        members = [choices.get(str(each), each) for each in value]
        return type(value)(dict.fromkeys(members))
    return choices.get(value, value) if isinstance(value, str) else value


def _differs(old: Item, new: Item) -> bool:
    """Whether somebody who answered the old question must read the new one."""
    said = ("type", "text", "help", "plain", "required", "evidence", "visible_when", "minimum", "maximum")
    return any(getattr(old, name) != getattr(new, name) for name in said) or _offered(old) != _offered(new)


def _offered(item: Item) -> list[tuple[str, Mapping[str, str]]]:
    """What one can choose among, as it is read; points are no part of it."""
    matrix = item.matrix
    levels = [choice for dimension in matrix.dimensions for choice in dimension.levels] if matrix else ()
    rows = (*matrix.rights, *matrix.groups, *matrix.dimensions) if matrix else ()
    return [(each.id, each.label) for each in (*item.choices, *rows, *levels)]


def _ids(raw: Any) -> tuple[str, ...]:
    return () if raw is None else (raw,) if isinstance(raw, str) else tuple(raw)


def _base(name: str) -> str:
    return name.partition(REPEATED)[0]
