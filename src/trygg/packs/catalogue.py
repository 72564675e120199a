"""A set of packs that fit together, and the one that is shipped with Trygg."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib.resources import as_file, files

from trygg.engines.assurance import FactDeclaration, Framework, RulesPack, load_framework, load_rules
from trygg.engines.instruments import Instrument, load_instrument, load_mapping
from trygg.engines.instruments import Mapping as PackMapping
from trygg.engines.language.glossary import Glossary, load_glossary

from .loader import Kind, Pack, read_pack


class Catalogue:
    """Packs by kind and id, in the order given. Meant for packs that `check` has passed."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        """Raises ValueError when two packs have the same id, whatever their kinds."""
        self.packs = tuple(packs)
        self._by_id = {pack.id: pack for pack in self.packs}
        if len(self._by_id) != len(self.packs):
            raise ValueError("two packs have the same id")

    def by_kind(self, kind: Kind | str) -> tuple[Pack, ...]:
        return tuple(pack for pack in self.packs if pack.kind == kind)

    def get(self, kind: Kind | str, pack_id: str) -> Pack:
        """That pack. Raises KeyError."""
        pack = self._by_id[pack_id]
        if pack.kind != kind:
            raise KeyError(f"{kind}/{pack_id}")
        return pack

    @cached_property
    def rules(self) -> Mapping[str, RulesPack]:
        return {pack.id: load_rules(pack.data) for pack in self.by_kind(Kind.RULES)}

    @cached_property
    def frameworks(self) -> Mapping[str, Framework]:
        return {pack.id: load_framework(pack.data) for pack in self.by_kind(Kind.FRAMEWORK)}

    @cached_property
    def instruments(self) -> Mapping[str, Instrument]:
        return {pack.id: load_instrument(pack.data) for pack in self.by_kind(Kind.INSTRUMENT)}

    @cached_property
    def mappings(self) -> Mapping[str, PackMapping]:
        return {pack.id: load_mapping(pack.data) for pack in self.by_kind(Kind.MAPPING)}

    @cached_property
    def glossaries(self) -> Mapping[str, Glossary]:
        return {pack.id: load_glossary(pack.data) for pack in self.by_kind(Kind.GLOSSARY)}

    @cached_property
    def facts(self) -> Mapping[str, FactDeclaration]:
        """Every declared fact by name, in the order of the packs."""
        return {fact.id: fact for pack in self.rules.values() for fact in pack.facts}


def typed(pack: Pack) -> RulesPack | Framework | Instrument | PackMapping | Glossary:
    """The pack as what the engines take. Raises what they raise when `check` would have refused it."""
    match pack.kind:
        case Kind.RULES:
            return load_rules(pack.data)
        case Kind.FRAMEWORK:
            return load_framework(pack.data)
        case Kind.INSTRUMENT:
            return load_instrument(pack.data)
        case Kind.MAPPING:
            return load_mapping(pack.data)
        case Kind.GLOSSARY:
            return load_glossary(pack.data)
        case _:
            raise ValueError(f"{pack.file or pack.id}: {pack.kind!r} is no kind of pack")


def read_builtin() -> list[Pack]:
    """The packs shipped with Trygg, by kind and then by name, unchecked. Raises PackUnreadable."""
    found = []
    for kind in Kind:
        folder = files("trygg.packs") / kind.value
        if not folder.is_dir():
            continue
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".yaml"):
                with as_file(entry) as path:
                    found.append(read_pack(path, f"{kind.value}/{entry.name}"))
    return found


@lru_cache(maxsize=1)
def builtin() -> Catalogue:
    """The catalogue shipped with Trygg; a test holds it fault-free. Raises PackUnreadable or ValueError."""
    return Catalogue(read_builtin())
