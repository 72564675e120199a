"""Everything that is wrong with packs, at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from trygg.engines.instruments import Instrument

from .catalogue import read_builtin, typed
from .consistency import consistency_problems
from .index import Index
from .loader import Kind, Pack, PackUnreadable, Problem, read_pack
from .schema import schema_problems
from .selftest import test_problems


def check_packs(packs: Sequence[Pack], beside: Iterable[Pack] = ()) -> list[Problem]:
    """Everything that is wrong with `packs`; empty when they may be published.

    They may refer to one another and to the packs `beside` them, which are not checked; one of `packs` replaces the one
    beside it that has its id. A pack's own tests run once everything else about it is right.
    """
    replaced = {pack.id for pack in packs}
    around = [*packs, *(pack for pack in beside if pack.id not in replaced)]
    index = Index.of(around)
    instruments = _instruments(around)
    found: list[Problem] = []
    seen: dict[str, str] = {}
    for pack in packs:
        wrong = [*schema_problems(pack), *consistency_problems(pack, index)]
        if pack.id in seen:
            wrong.append(Problem(pack.file, "id", "duplicate_pack", f"'{pack.id}' is the id of {seen[pack.id]} too"))
        seen.setdefault(pack.id, pack.file)
        found += list(dict.fromkeys(wrong)) or _own_tests(pack, instruments)
    return found


def check_paths(paths: Iterable[Path | str], beside: Iterable[Pack] | None = None) -> list[Problem]:
    """Everything that is wrong with these files (a folder: all `.yaml` files below it), as `check_packs` says.

    `beside` is what is shipped with Trygg unless something else is given.
    """
    packs, found = [], []
    for path in _files(paths):
        try:
            packs.append(read_pack(path))
        except PackUnreadable as unreadable:
            found.append(unreadable.problem)
    return found + check_packs(packs, read_builtin() if beside is None else beside)


def _own_tests(pack: Pack, instruments: dict[str, Instrument]) -> list[Problem]:
    missing = [name for name in pack.requires if name not in instruments and pack.kind == Kind.FRAMEWORK]
    used = {name for test in pack.data["tests"] for name in test.get("answers", {})} if missing else set()
    if pack.kind == Kind.FRAMEWORK and used & set(missing):
        return [
            Problem(
                pack.file, "tests", "test_failed", f"cannot run: {', '.join(sorted(used & set(missing)))} is faulty"
            )
        ]
    ends = {pack.data[word]["pack"] for word in ("from", "to")} if pack.kind == Kind.MAPPING else set()
    if pack.kind == Kind.MAPPING and any("offers" in test["expect"] for test in pack.data["tests"]):
        faulty = sorted(ends - instruments.keys())
        if faulty:
            return [Problem(pack.file, "tests", "test_failed", f"cannot run: {', '.join(faulty)} is faulty")]
    return test_problems(pack, typed(pack), instruments)


def _instruments(packs: Iterable[Pack]) -> dict[str, Instrument]:
    """The instruments that can be loaded; what is wrong with the others is found where they are checked."""
    found: dict[str, Instrument] = {}
    for pack in packs:
        if pack.kind == Kind.INSTRUMENT:
            try:
                found.setdefault(pack.id, typed(pack))  # type: ignore[arg-type]
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
    return found


def _files(paths: Iterable[Path | str]) -> list[Path]:
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))
