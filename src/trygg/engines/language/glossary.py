"""Words that are explained, and where they stand in a text.

A text is read once: it is split into words, and each word is looked up. So a term is never found inside another word, and
what a glossary holds makes no difference to the time. Swedish joins words (riskanalys, AI-modell): those are other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Text = Mapping[str, str]

# A word with its hyphens: AI-modell is one, and so is the "risk-" of "risk- och sårbarhet".
WORD = re.compile(r"\w+(?:[-\u2010\u2011]\w+)*[-\u2010\u2011]?")
BETWEEN = re.compile(r"[ \t\n\r\u00a0]+")


@dataclass(frozen=True, slots=True)
class Usage:
    """What the same word means to somebody else: a profession, a country, a law."""

    who: Text
    means: Text


@dataclass(frozen=True, slots=True)
class Term:
    """`aliases`: other words and other forms, by language. `marked`: whether it is explained in running text, too; a word that
    means too many things there is not."""

    id: str
    term: Text
    definition: Text
    plain: Text
    used_by: tuple[Usage, ...]
    see_also: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]
    source: str
    verified: str
    marked: bool = True

    def forms(self, language: str) -> tuple[str, ...]:
        """What it is called in a text. A term with something in brackets goes by its aliases alone."""
        own = self.term.get(language, "")
        return (*([own] if own and "(" not in own else []), *self.aliases.get(language, ()))


@dataclass(frozen=True)
class Glossary:
    id: str
    version: str
    title: Text
    terms: tuple[Term, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Term]:
        return {term.id: term for term in self.terms}


def load_glossary(data: Mapping[str, Any]) -> Glossary:
    """The glossary from the data of its file. Raises KeyError or TypeError on data that the check would have refused."""
    return Glossary(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        terms=tuple(
            Term(
                id=row["id"],
                term=row["term"],
                definition=row["definition"],
                plain=row["plain"],
                used_by=tuple(Usage(each["who"], each["means"]) for each in row.get("used_by") or ()),
                see_also=tuple(row.get("see_also") or ()),
                aliases={language: tuple(names) for language, names in (row.get("aliases") or {}).items()},
                source=row["source"],
                verified=row["verified"],
                marked=row.get("marked", True),
            )
            for row in data["terms"]
        ),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A term in a text: from `start` up to `end`."""

    start: int
    end: int
    term: Term


def key(form: str) -> tuple[str, ...]:
    """The words of a form as they are compared: an abbreviation keeps its capitals, anything else may begin with one."""
    return tuple(_word(word) for word in WORD.findall(form))


def _word(word: str) -> str:
    return word if len(word) > 1 and word.isupper() else word.replace("\u2010", "-").replace("\u2011", "-").casefold()


class Finder:
    """Where the terms of a glossary stand in texts of one language. Made once; it may be asked by several threads."""

    def __init__(self, terms: Iterable[Term], language: str) -> None:
        self._forms: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
        for term in terms:
            for form in term.forms(language) if term.marked else ():
                words = key(form)
                if words:
                    self._forms.setdefault(words[0], []).append((words, term))
        for found in self._forms.values():
            found.sort(key=lambda each: -len(each[0]))

    def places(self, text: str) -> Iterator[Place]:
        """Every term in the text, in order; of two that begin at the same word the longer, and none inside another."""
        words = list(WORD.finditer(text))
        index = 0
        while index < len(words):
            for form, term in self._forms.get(_word(words[index][0]), ()):
                if self._stands(text, words, index, form):
                    last = index + len(form) - 1
                    yield Place(words[index].start(), words[last].end(), term)
                    index = last
                    break
            index += 1

    @staticmethod
    def _stands(text: str, words: list[re.Match[str]], index: int, form: tuple[str, ...]) -> bool:
        if index + len(form) > len(words):
            return False
        return all(
            _word(words[index + step][0]) == word
            and (step == 0 or BETWEEN.fullmatch(text, words[index + step - 1].end(), words[index + step].start()))
            for step, word in enumerate(form)
        )
