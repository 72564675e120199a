"""Mappings as pages show them: which question of one pack corresponds to which of another one, and in what way."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from trygg.engines.assurance import Framework
from trygg.engines.instruments import Choice, Instrument, MappingLine, Relation
from trygg.kernel.access import Actor, restrict
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import engine_pack, pack

RELATIONS = {
    Relation.EQUAL: gettext_lazy("They ask the same. An answer can be taken over whole."),
    Relation.SUPERSET: gettext_lazy("The first asks more. What it answers of the second can be taken over whole."),
    Relation.SUBSET: gettext_lazy("The first asks less. Its answer is a beginning, which somebody must look at."),
    Relation.INTERSECTS: gettext_lazy("They ask partly the same. The answer is a beginning, which somebody must look at."),
}


@dataclass(frozen=True)
class Pair:
    """Two questions beside each other. `choices`: (label, label or "" where it has no counterpart)."""

    source: Mapping[str, str]
    target: Mapping[str, str]
    section: Mapping[str, str]
    relation: str
    whole: bool
    note: Mapping[str, str] | None
    choices: tuple[tuple[Mapping[str, str], Mapping[str, str] | None], ...]
    verified: str


def mappings_with(actor: Actor, version: PackVersion) -> list[PackVersion]:
    """Mappings in force that begin or end at this pack, by their titles."""
    rows = restrict(actor, "frameworks.view_pack").filter(kind="mapping", current=True).defer("content").order_by("pack_id")
    return [row for row in rows if version.pack_id in _ends(row)]


def _ends(version: PackVersion) -> tuple[str, str]:
    found = engine_pack(version)
    return found.source.pack, found.target.pack


def ends(actor: Actor, version: PackVersion) -> tuple[PackVersion | None, PackVersion | None]:
    """The two packs, in the version that is in force here; None where there is none that the actor sees."""
    names = _ends(version)
    rows = restrict(actor, "frameworks.view_pack").filter(pack_id__in=names, current=True).defer("content")
    by_id = {row.pack_id: row for row in rows}
    return by_id.get(names[0]), by_id.get(names[1])


def pairs(mapping: PackVersion, source: PackVersion, target: PackVersion) -> list[Pair]:
    """Each line with the words of both questions, as they read in the versions in force; what is gone there is said to be."""
    one, other = engine_pack(source), engine_pack(target)
    return [_pair(line, one, other) for line in engine_pack(mapping).lines]


def _pair(line: MappingLine, one: Instrument | Framework, other: Instrument | Framework) -> Pair:
    choices = []
    if isinstance(one, Instrument) and isinstance(other, Instrument):
        first, second = one.items.get(line.source), other.items.get(line.target)
        if first is not None and second is not None and first.choices and second.choices:
            choices = [(each.label, _counterpart(line, each, second.choices)) for each in first.choices]
    return Pair(
        source=_words(one, line.source), target=_words(other, line.target), section=_section(one, line.source),
        relation=str(RELATIONS[line.relation]), whole=line.relation.whole, note=line.note, choices=tuple(choices),
        verified=line.verified,
    )  # fmt: skip


def _counterpart(line: MappingLine, choice: Choice, choices: tuple[Choice, ...]) -> Mapping[str, str] | None:
    wanted = line.choices.get(choice.id, choice.id)
    return next((each.label for each in choices if each.id == wanted), None)


def _words(found: Instrument | Framework, name: str) -> Mapping[str, str]:
    if isinstance(found, Instrument):
        item = found.items.get(name)
        return item.text if item else {"en": name, "sv": name}
    requirement = next((each for each in found.requirements if each.id == name), None)
    return requirement.claim if requirement else {"en": name, "sv": name}


def _section(found: Instrument | Framework, name: str) -> Mapping[str, str]:
    if not isinstance(found, Instrument) or name not in found.items:
        return {}
    return next(section.title for section in found.sections if section.id == found.items[name].section)


def source_notes(mapping: PackVersion) -> list[Mapping[str, str]]:
    """The sources that the mapping rests on."""
    return list(pack(mapping).data["sources"].values())

