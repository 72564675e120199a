"""Packs that are in force here, parsed once per content hash."""

from functools import lru_cache

from django.utils.translation import get_language

from trygg.engines.assurance import FactDeclaration, Framework, RulesPack
from trygg.engines.instruments import Instrument
from trygg.packs.catalogue import typed
from trygg.packs.loader import Pack, pack_from_data
from trygg.spine.frameworks.models import PackVersion


@lru_cache(maxsize=256)
def _stored(content_hash: str) -> tuple[Pack, RulesPack | Framework | Instrument]:
    content = PackVersion.objects.values_list("content", flat=True).get(content_hash=content_hash)
    pack = pack_from_data(content)
    return pack, typed(pack)


def engine_pack(version: PackVersion) -> RulesPack | Framework | Instrument:
    """The pack as the engines take it. A version never changes, so it is read and parsed once per process."""
    return _stored(version.content_hash)[1]


def pack(version: PackVersion) -> Pack:
    """The pack's data with its head."""
    return _stored(version.content_hash)[0]


def current(kind: str | None = None) -> list[PackVersion]:
    """Current versions of all packs, or of one kind; without their content, which `engine_pack` has."""
    rows = PackVersion.objects.filter(current=True).defer("content").order_by("kind", "pack_id")
    return list(rows.filter(kind=kind) if kind else rows)


def current_facts(versions: list[PackVersion] | None = None) -> list[FactDeclaration]:
    """Every declared fact of the current rules packs, in the order of the packs."""
    versions = current("rules") if versions is None else [version for version in versions if version.kind == "rules"]
    return [fact for version in versions for fact in engine_pack(version).facts]


def words(text: dict | None, language: str | None = None) -> str:
    """A text of a pack in a language: the reader's by default, English when it is missing there."""
    if not text:
        return ""
    return text.get((language or get_language() or "en").split("-")[0]) or text.get("en") or next(iter(text.values()), "")
