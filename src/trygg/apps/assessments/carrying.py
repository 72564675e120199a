"""What becomes of answers when an assessment goes on as another revision: on a newer version of the questions, in the next
phase, or as it was. Nothing is written here: a plan is shown first, and carried out by `services/continuing.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from trygg.apps.assessments.content import Whole
from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.apps.assessments.questions import content_hash, instrument_of
from trygg.engines.conditions import UNKNOWN, ValueType, as_data, value_from_data
from trygg.engines.instruments import REPEATED, Change, Do, Fate, Instrument, migrate, migration_map
from trygg.spine.frameworks.comparison import compare
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import engine_pack
from trygg.spine.frameworks.selectors import pack as pack_of

OTHER_PHASE = "other_phase"  # why an answer stays behind: the question is not asked in the phase that begins
Contents = Mapping[str, Mapping[str, Any]]  # question -> {"value", "note", "files"}


@dataclass(frozen=True)
class Move:
    """One old answer: where it goes (None: it stays behind) and why. `look`: somebody must look at it in its new place."""

    source: str
    target: str | None
    fate: Fate
    why: str = ""
    look: bool = False

    def as_data(self) -> dict[str, Any]:
        return {"source": self.source, "target": self.target, "fate": str(self.fate), "why": self.why, "look": self.look}


@dataclass(frozen=True)
class Plan:
    """How an assessment goes on with another pack, in a phase. `typed`: what stands in the new revision; `saved`: what counts
    of it until somebody saves: what was saved before, without what somebody must confirm."""

    old: Whole
    pack: PackVersion
    phase: str
    new: Instrument
    entries: Mapping[str, list]
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    typed: Contents
    saved: Contents

    @property
    def same_version(self) -> bool:
        return self.pack.pk == self.old.assessment.pack_id

    @cached_property
    def look(self) -> frozenset[str]:
        """Questions of the new revision whose answer somebody must look at."""
        return frozenset(move.target for move in self.moves if move.look and move.target)

    @cached_property
    def fingerprint(self) -> str:
        """Of everything that the preview shows: another answer, or another version, gives another."""
        return content_hash(
            {
                "pack": self.pack.content_hash,
                "phase": self.phase,
                "answers": everything_in(self.old),
                "moves": [move.as_data() for move in self.moves],
            }
        )

    def of(self, *fates: Fate) -> list[Move]:
        return [move for move in self.moves if move.fate in fates]


def plan_for(whole: Whole, pack: PackVersion | None = None, phase: str | None = None) -> Plan:
    """The plan for going on with `pack` (the same version, unless given) in `phase` (the same, as far as there is one)."""
    old = whole.assessment
    pack = pack or old.pack
    base = engine_pack(pack)
    known = [each.id for each in base.phases]
    began = phase if phase is not None else old.phase
    began = began if began in known else next(iter(known), "")
    entries = {section.id: old.entries[section.id] for section in base.sections if section.repeat and section.id in old.entries}
    new = instrument_of(Assessment(pack=pack, entries=entries, phase=began))
    before = instrument_of(old)
    same = pack.pk == old.pack_id
    changes = () if same else migration_map(pack_of(pack).data, old.pack.version)
    next_phase = began != old.phase and same
    reworded = frozenset() if same else _reworded(before, new, changes)
    held = everything_in(whole)
    typed, moves = carried(before, new, held, changes)
    moves = [_settled(move, new, began, next_phase, reworded) for move in moves]
    stay = {move.target for move in moves if move.target}
    counted = {name: content for section in whole.sections for name, content in (section.saved_answers or {}).items()}
    saved, _moves = carried(before, new, counted, changes)
    unsure = {move.target for move in moves if move.fate is Fate.CONFIRM and not next_phase}
    return Plan(
        old=whole, pack=pack, phase=began, new=new, entries=entries, changes=changes, moves=tuple(moves),
        typed={name: content for name, content in typed.items() if name in stay},
        saved={name: content for name, content in saved.items() if name in stay and name not in unsure},
    )  # fmt: skip


def everything_in(whole: Whole) -> dict[str, dict[str, Any]]:
    """All that stands in an assessment, also what was taken over and not confirmed: it goes along, still unconfirmed."""
    held = {name: dict(content) for section in whole.contents.values() for name, content in section.items()}
    for answers in whole.taken_over.values():
        for name, answer in answers.items():
            files = held.get(name, {}).get("files", [])
            if answer.value is not None or answer.note:
                held[name] = {"value": answer.value, "note": answer.note, "files": files}
    return held


def _reworded(old: Instrument, new: Instrument, changes: Sequence[Change]) -> frozenset[str]:
    """Questions that now say something else, but for those of which the map says that the answer stands."""
    stands = {name for change in changes if change.do is Do.KEEP and not change.confirm for name in change.source}
    return frozenset(each.item for each in compare(old, new, changes).reworded) - stands


def _settled(move: Move, new: Instrument, phase: str, next_phase: bool, reworded: frozenset[str]) -> Move:
    if move.target is None:
        return move
    item = new.items[move.target]
    if next_phase:
        if item.phases and phase not in item.phases:
            return Move(move.source, None, Fate.DROPPED, OTHER_PHASE)
        return Move(move.source, move.target, Fate.CONFIRM, look=True)
    base = item.base_id
    return Move(move.source, move.target, move.fate, move.why, move.fate is Fate.CONFIRM or base in reworded or item.id in reworded)


def carried(old: Instrument, new: Instrument, held: Contents, changes: Sequence[Change]) -> tuple[dict[str, dict], list[Move]]:
    """Contents in their new places, and the move of each. A value may be missing: a note or a file is an answer, too."""
    values = {name: _engine_value(old, name, content) for name, content in held.items()}
    found = migrate(old, new, {name: value for name, value in values.items() if value is not None}, changes)
    placed: dict[str, dict] = {}
    moves = []
    for each in found.carried:
        moves.append(Move(each.source, each.target, each.fate, str(each.why or "")))
        if each.target is not None:
            raw = held[each.source]["value"]
            value = raw if each.fate is Fate.KEPT or raw is None else as_data(each.value)
            _put(placed, each.target, value, held[each.source])
    for name, value in values.items():
        if value is None:  # only a note, or only files
            targets = _targets(name, changes)
            for target in targets:
                there = target in new.items
                fate = Fate.DROPPED if not there else Fate.KEPT if target == name else Fate.MOVED
                moves.append(Move(name, target if there else None, fate, "" if there else "said" if not target else "gone"))
                if there:
                    _put(placed, target, None, held[name])
    order = {name: place for place, name in enumerate([*old.items, *held])}
    return placed, sorted(moves, key=lambda move: order[move.source])


def _engine_value(instrument: Instrument, name: str, content: Mapping[str, Any]) -> Any:
    """The value as the engine takes it; None when only a note or a file is there."""
    item = instrument.items.get(name)
    if item is not None and item.type is ValueType.FILE:
        return ", ".join(content["files"]) or None
    if content["value"] in (None, "", []):
        return None
    try:
        return value_from_data(content["value"])
    except ValueError:
        return UNKNOWN


def _targets(name: str, changes: Sequence[Change]) -> list[str]:
    base, at, entry = name.partition(REPEATED)
    change = next((each for each in changes if base in each.source), None)
    if change is None or change.do is Do.KEEP:
        return [name]
    return [f"{target}{at}{entry}" for target in change.target[:1]] or [""]


def _put(placed: dict[str, dict], target: str, value: Any, held: Mapping[str, Any]) -> None:
    """Where two answers meet in one place, notes and files of both stay."""
    there = placed.get(target)
    if there is None:
        placed[target] = {"value": value, "note": held["note"], "files": sorted(held["files"])}
        return
    there["value"] = there["value"] if there["value"] is not None else value
    there["note"] = "\n\n".join(dict.fromkeys(text for text in (there["note"], held["note"]) if text))
    there["files"] = sorted({*there["files"], *held["files"]})


def to_look_at(section: SectionAssignment) -> frozenset[str]:
    """Questions of a section whose answer came along from another version or phase, and that nobody has saved since."""
    assessment = section.assessment
    if not assessment.carried or (section.saved_at is not None and section.saved_at > assessment.started_at):
        return frozenset()
    return frozenset(move["target"] for move in assessment.carried["moves"] if move["look"] and move["target"])
