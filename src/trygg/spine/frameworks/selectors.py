"""Packs that are in force here, parsed once per content hash."""

from functools import lru_cache

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import get_language

from trygg.engines.assurance import FactDeclaration, Framework, RulesPack
from trygg.engines.instruments import Instrument
from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Organisation
from trygg.packs.catalogue import typed
from trygg.packs.loader import Pack, pack_from_data
from trygg.packs.schema import languages_of
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import usable_by


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


def current(kind: str | None = None, owner: Organisation | None = None) -> list[PackVersion]:
    """Current versions of the packs that come with Trygg, and of those that the matters of `owner` may use besides; of all
    kinds, or of one. Without their content, which `engine_pack` has."""
    rows = PackVersion.objects.filter(usable_by(owner) if owner else Q(organisation=None), current=True)
    rows = rows.defer("content").order_by("kind", "pack_id")
    return list(rows.filter(kind=kind) if kind else rows)


def instruments_seen(actor: Actor) -> list[PackVersion]:
    """The newest version of each set of questions that the actor sees: in force, or withdrawn by the own organisation."""
    rows = restrict(actor, "frameworks.view_pack").filter(kind="instrument").select_related("organisation").defer("content")
    newest: dict[str, PackVersion] = {}
    for version in rows.order_by("-current", "-published_at", "-pk"):
        newest.setdefault(version.pack_id, version)
    return sorted(newest.values(), key=lambda version: (version.organisation_id is not None, words(version.title).casefold()))


def versions_of(actor: Actor, version: PackVersion) -> list[PackVersion]:
    """All versions of the same questions, newest first."""
    rows = restrict(actor, "frameworks.view_pack").filter(pack_id=version.pack_id).defer("content")
    return list(rows.order_by("-published_at", "-pk"))


def current_facts(versions: list[PackVersion] | None = None) -> list[FactDeclaration]:
    """Every declared fact of the current rules packs, in the order of the packs."""
    versions = current("rules") if versions is None else [version for version in versions if version.kind == "rules"]
    return [fact for version in versions for fact in engine_pack(version).facts]


def language_of(text: dict | None, language: str | None = None) -> str:
    """The language in which `words` gives a text: the reader's, or another when it is missing there."""
    wanted = (language or get_language() or "en").split("-")[0]
    return wanted if not text or text.get(wanted) else "en" if text.get("en") else next(iter(text))


def shown_in(version: PackVersion) -> str:
    """The language in which the reader gets a pack's texts, when that is not the reader's; "" when it is."""
    languages = languages_of(pack(version).data)
    wanted = (get_language() or "en").split("-")[0]
    return "" if wanted in languages else "en" if "en" in languages else languages[0]


def marked(text: dict | None) -> str:
    """`words`, in a span with its language when that is not the reader's: for pages."""
    shown, language = words(text), language_of(text)
    if not shown or language == (get_language() or "en").split("-")[0]:
        return shown
    return format_html('<span lang="{}">{}</span>', language, shown)


def words(text: dict | None, language: str | None = None) -> str:
    """A text of a pack in a language: the reader's by default, English when it is missing there."""
    if not text:
        return ""
    return text.get((language or get_language() or "en").split("-")[0]) or text.get("en") or next(iter(text.values()), "")
