"""What a schema can't see in a glossary: terms that stand twice, words that two terms claim, references that lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trygg.engines.language.glossary import key

from .checks import Found, mapping, source, texts, twice
from .index import Index, rows
from .loader import Pack
from .schema import languages_of


def glossary_problems(pack: Pack, index: Index) -> Found:
    """Everything inconsistent in a glossary."""
    terms = list(rows(pack.data, "terms"))
    known = [row.get("id") for _, row in terms]
    yield from twice(((f"{path}.id", row.get("id")) for path, row in terms), "term")
    for path, row in terms:
        yield from source(pack, row, path)
        for number, other in enumerate(texts(row.get("see_also"))):
            if other == row.get("id"):
                yield f"{path}.see_also[{number}]", "refers_to_itself", "a term does not refer to itself"
            elif other not in known:
                yield f"{path}.see_also[{number}]", "unknown_term", f"there is no term '{other}'"
    for path, row in terms:
        for language in mapping(row, "aliases"):
            if language not in mapping(row, "term"):
                reason = f"the term is not written in '{language}'"
                yield f"{path}.aliases.{language}", "unknown_language", reason
    languages = languages_of(pack.data)
    for language in languages:
        yield from _claimed(terms, language)
    for path, test in rows(pack.data, "tests"):
        if test.get("language") not in list(languages):
            yield f"{path}.language", "unknown_language", f"the glossary is not written in '{test.get('language')}'"
        for number, name in enumerate(texts(test.get("expect"))):
            if name not in known:
                yield f"{path}.expect[{number}]", "unknown_term", f"there is no term '{name}'"


def _claimed(terms: list[tuple[str, Mapping[str, Any]]], language: str) -> Found:
    """Words that would be explained in two ways, or twice in the same."""
    owner: dict[tuple[str, ...], Any] = {}
    for path, row in terms:
        own = mapping(row, "term").get(language)
        forms = [(f"{path}.term.{language}", own)] if isinstance(own, str) and "(" not in own else []
        names = texts(mapping(row, "aliases").get(language))
        forms += [(f"{path}.aliases.{language}[{number}]", name) for number, name in enumerate(names)]
        for place, form in forms:
            words = key(form)
            if not words:
                yield place, "empty", "there is no word in it"
            elif words in owner:
                yield place, "duplicate", f"'{form}' is a word for '{owner[words]}' already"
            else:
                owner[words] = row.get("id")
