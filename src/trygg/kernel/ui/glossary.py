"""Words that are explained: which there are, how they are found and shown, and which of them this page has marked already.

They come with Trygg and change with it: read from the packs beside the code, no table is asked.
"""

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.engines.language.glossary import Finder, Place, Term
from trygg.packs.catalogue import builtin

_marked: ContextVar[set[str] | None] = ContextVar("terms_marked", default=None)
"""Ids of the terms that the page has explained; None outside of a page, where each text is one of its own."""

# Å, Ä and Ö come after Z, in that order; other marks are left out of account.
_ORDER = str.maketrans({"å": "z\u0001", "ä": "z\u0002", "ö": "z\u0003", "é": "e", "ü": "y"})


class GlossaryMiddleware:
    """A page explains each word once, where it stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _marked.set(set())
        try:
            return self.get_response(request)
        finally:
            _marked.reset(token)


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Every term that comes with Trygg."""
    return tuple(term for glossary in builtin().glossaries.values() for term in glossary.terms)


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Mapping[str, Any]]:
    """Id of a term -> the source of what is said about it."""
    return {
        row["id"]: pack.data["sources"][row["source"]]
        for pack in builtin().by_kind("glossary")
        for row in pack.data["terms"]
    }


@lru_cache(maxsize=16)
def finder(language: str) -> Finder:
    return Finder(terms(), language)


def language_now() -> str:
    return (get_language() or "en").split("-")[0]


def said(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or text.get("en", "")


def marked_up(text: str) -> SafeString | str:
    """The text with each term explained where it stands first on the page. What is HTML already is left as it is."""
    if isinstance(text, SafeData) or not text:
        return text
    language = language_now()
    pieces: list[str] = []
    last = 0
    for place in _new_places(text, language):
        pieces += [escape(text[last : place.start]), explained(place.term, text[place.start : place.end], language)]
        last = place.end
    return mark_safe("".join((*pieces, escape(text[last:]))))


def _new_places(text: str, language: str, done: set[str] | None = None) -> Iterator[Place]:
    """The places to be marked: each term once a page, or once in `done` (a text of its own) where there is no page."""
    on_page = _marked.get()
    done = on_page if on_page is not None else set() if done is None else done
    for place in finder(language).places(text):
        if place.term.id not in done:
            done.add(place.term.id)
            yield place


def new_terms(*texts: str) -> list[tuple[Term, str]]:
    """Terms of these texts that the page has not explained, with the words that stand there; they count as explained then."""
    done: set[str] = set()
    return [
        (place.term, text[place.start : place.end])
        for text in texts
        for place in _new_places(text, language_now(), done)
    ]


def explained(term: Term, words: str, language: str) -> SafeString:
    """The words as a link to the glossary, with the explanation that is shown on hover, focus and tap."""
    others = ", ".join(said(usage.who, language) for usage in term.used_by)
    other = format_html(" <b>{}</b> {}.", _("Means something else to:"), others) if others else ""
    return format_html(
        '<dfn class="t-term"><a class="t-term__word" href="{}#{}" aria-describedby="term-{}">{}</a>'
        '<span class="t-term__box" role="tooltip" id="term-{}">{}{}</span></dfn>',
        reverse("ui:glossary"), term.id, term.id, words, term.id, said(term.plain, language), other,
    )  # fmt: skip


# The page ---------------------------------------------------------------------------------------------------------------


def order(term: Term, language: str) -> str:
    return said(term.term, language).casefold().translate(_ORDER)


def search(words: str, language: str) -> list[Term]:
    """Terms in which all these words stand, in either language: those named so first, then in alphabetical order of the
    reader's language. All of them without words."""
    wanted = words.casefold().split()
    found = [term for term in terms() if all(word in _everything()[term.id] for word in wanted)]
    return sorted(found, key=lambda term: (bool(wanted) and not _is_named(term, wanted), order(term, language)))


def _is_named(term: Term, wanted: list[str]) -> bool:
    names = [*term.term.values(), *(name for each in term.aliases.values() for name in each)]
    return any(all(word in name.casefold() for word in wanted) for name in names)


@lru_cache(maxsize=1)
def _everything() -> Mapping[str, str]:
    """Id of a term -> all words that it is found by."""
    found = {}
    for term in terms():
        texts = [
            term.term,
            term.definition,
            term.plain,
            *(text for each in term.used_by for text in (each.who, each.means)),
        ]
        words = [word for text in texts for word in text.values()]
        found[term.id] = "\n".join([*words, *(name for names in term.aliases.values() for name in names)]).casefold()
    return found
