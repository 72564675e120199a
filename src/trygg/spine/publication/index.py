"""The flat table of what is published now: made from a version's content, written by the services only."""

import unicodedata

from django.utils.text import Truncator

from trygg.spine.publication.models import Audience, EntryVersion, PublishedEntry
from trygg.spine.publication.rich import plain
from trygg.spine.publication.texts import Text

SUMMARY = 220


def folded(text: str) -> str:
    """Lower-cased, composed, one space between words: the same on both sides of a search, whatever the database thinks of Å."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def row_of(version: EntryVersion) -> PublishedEntry:
    """The unsaved row of a published version. Its entry and matter should be at hand (select_related)."""
    content = version.content
    title, where = content["title"], _one(content["children"]["where"])
    system = content["system"] or {}
    searched = [
        *title.values(), *content["headline"].values(), *content["summary"].values(), where, content["owner"]["name"],
        content["owner"]["host"], system.get("name", ""), system.get("vendor", ""), *system.get("parts", []),
    ]  # fmt: skip
    return PublishedEntry(
        entry=version.entry,
        version=version,
        number=version.number,
        slug=version.entry.slug,
        title={language: plain(text) for language, text in (content["headline"] or title).items()},
        summary={language: Truncator(plain(text)).chars(SUMMARY) for language, text in content["summary"].items()},
        where=plain(where),
        kind=content["kind"],
        stage=content["stage"],
        owner=version.entry.matter.owner,
        owner_name=content["owner"]["name"],
        ages=_marked(content["audience"]["ages"]),
        setting=_marked(content["audience"]["settings"]),
        counts=content["case"]["counts"],
        prohibited=content["case"]["prohibited"],
        search=folded(" ".join(plain(text) for text in searched)),
        published_at=version.published_at,
    )


def audiences_of(version: EntryVersion) -> list[Audience]:
    """The unsaved choices of the filter that a version adds."""
    named = version.content["audience"]
    rows = [(Audience.Kind.AGE, choice) for choice in named["ages"]] + [
        (Audience.Kind.SETTING, choice) for choice in named["settings"]
    ]
    return [
        Audience(kind=kind, value=choice["value"], label=choice["label"], order=choice["order"])
        for kind, choice in rows
    ]


def _one(text: Text) -> str:
    return next(iter(text.values()), "")


def _marked(choices: list[dict]) -> str:
    return "|" + "|".join(choice["value"] for choice in choices) + "|" if choices else ""
